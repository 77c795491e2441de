"""Makes sample rosters at the size of a real office: 21 towns, each with its own bad habits.

    python scripts/sample_data.py DIR [--people N] [--seed S]

Nobody in them is real. ``DIR/rosters`` holds a workbook a town, ``DIR/corrected`` what the towns
send back when they are asked to correct rows, ``DIR/planted_defects.csv`` the list of what is
wrong: import the first folder, then the second, and everyone is registered.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples.files import write_roster
from samples.layouts import Layout
from samples.office import Worker
from samples.office import short_name
from samples.office import staff_office
from samples.people import People
from samples.planting import plant
from samples.sheets import Place
from samples.sheets import Row
from samples.sheets import lay_out
from samples.town_layouts import LAYOUTS

ENUMERATORS = 7100
SUPERVISORS = 1250
TOWNS = 21
FORMER_WORKERS = 12
DEFECT_COLUMNS = ("file", "sheet", "row", "column", "code", "what")


def make(
    folder: Path,
    *,
    enumerators: int = ENUMERATORS,
    supervisors: int = SUPERVISORS,
    seed: int = 2020,
) -> None:
    """Write the samples into ``folder``, which need not exist; files of the same names go.

    The same arguments give the same cells everywhere. Raises ValueError for fewer than two
    enumerators and one supervisor a town.
    """
    people = People(seed)
    office = staff_office(people, enumerators=enumerators, supervisors=supervisors, seed=seed)
    for name in ("rosters", "corrected"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    planted = []
    for town, rows in plant(office, seed=seed).items():
        layout = LAYOUTS[town.name]
        random = Random(f"{seed}:typing:{town.code}")
        former = _former(office[town], people) if layout.hidden_sheet else []
        places = _write_roster(folder / "rosters", layout, rows, random, former)
        broken = [place for place in places if place.row.defect]
        planted += [_described(layout, place) for place in broken]
        corrected = [place.row.corrected for place in broken if place.row.corrected]
        if corrected:
            _write_corrected(folder / "corrected", layout, corrected, random)
    with (folder / "planted_defects.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([DEFECT_COLUMNS, *planted])


def _former(workers: Sequence[Worker], people: People) -> list[Worker]:
    """People of an earlier list, on posts that others hold now."""
    posts = [worker.post for worker in workers[:FORMER_WORKERS]]
    return [Worker(people.person(short_name(post.town)), post) for post in posts]


def _write_roster(
    folder: Path, layout: Layout, rows: Sequence[Row], random: Random, former: Sequence[Worker]
) -> list[Place]:
    sheets, places = lay_out(layout, rows, random, former=former)
    path = folder / (layout.stem + layout.suffix)
    write_roster(path, sheets, encoding=layout.encoding)
    return places


def _write_corrected(
    folder: Path, layout: Layout, workers: Sequence[Worker], random: Random
) -> None:
    """The corrected rows alone, under the town's own title and headings, on a sheet of an .xlsx."""
    answer = replace(
        layout,
        stem=f"{layout.stem}（更正）",
        suffix=".xlsx",
        encoding="",
        sheets=("Sheet1",),
        empty_sheets=(),
        hidden_sheet="",
        blank_every=0,
        total=False,
        footer=(),
        habits=frozenset(),
    )
    _write_roster(folder, answer, [Row(worker) for worker in workers], random, ())


def _described(layout: Layout, place: Place) -> tuple[str | int, ...]:
    sheet = "" if layout.suffix == ".csv" else place.sheet
    column = layout.heading_of(place.row.defect_field)
    row = place.row
    return (layout.stem + layout.suffix, sheet, place.line, column, row.defect, row.what)


def split_people(people: int) -> tuple[int, int]:
    """Enumerators and supervisors among so many people, in the real office's proportion."""
    supervisors = max(TOWNS, round(people * SUPERVISORS / (ENUMERATORS + SUPERVISORS)))
    return people - supervisors, supervisors


def main() -> None:
    parser = argparse.ArgumentParser(description="Make sample rosters of invented people.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--people", type=int, default=ENUMERATORS + SUPERVISORS, metavar="N")
    parser.add_argument("--seed", type=int, default=2020, metavar="S")
    arguments = parser.parse_args()
    enumerators, supervisors = split_people(arguments.people)
    if enumerators < 2 * TOWNS:
        parser.error(f"--people: {3 * TOWNS} at least, three for each of {TOWNS} towns")
    make(arguments.folder, enumerators=enumerators, supervisors=supervisors, seed=arguments.seed)


if __name__ == "__main__":
    main()
