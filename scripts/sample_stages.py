"""Makes rosters and lists of work of a small county, whose workers are paid in three stages.

    python scripts/sample_stages.py DIR --county NAME [--people N] [--seed S]

Nobody in them is real. In DIR, ``rosters`` holds a workbook a town, with names of blocks and no
codes; ``work/S2`` the households that each enumerator has visited, some rows of them wrong,
``work/S2-更正`` those rows put right; ``work/S3`` amounts for what went beyond,
``work/S3-更正`` those that went beyond a limit, lowered.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples.staged_county import staff
from samples.staged_work import write_rosters
from samples.staged_work import write_work

PEOPLE = 1400
FEWEST = 70


def make(folder: Path, county: str, *, people: int = PEOPLE, seed: int = 2026) -> int:
    """Write the samples; how many people there are. Raises NoSuchCounty."""
    office = staff(county, people=max(people, FEWEST), seed=seed)
    write_rosters(folder / "rosters", office)
    write_work(folder / "work", office)
    return sum(map(len, office.values()))


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make rosters and lists of work.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--county", required=True, metavar="NAME")
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
    parser.add_argument("--seed", type=int, default=2026, metavar="S")
    return parser.parse_args(arguments)


def main() -> None:
    asked = parsed(sys.argv[1:])
    count = make(asked.folder, asked.county, people=asked.people, seed=asked.seed)
    print(
        f"{count:,} people in {asked.folder.name}/rosters, their work in {asked.folder.name}/work"
    )


if __name__ == "__main__":
    main()
