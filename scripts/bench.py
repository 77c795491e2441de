"""What the commands cost, beside a floor and beside what an office's IT would write.

    python3 scripts/bench.py [--payees N] [--rows all|import,disburse,...] [--repeat K] [--json]
                             [--without-peer] [--stages] [--folder DIR]
    python3 scripts/bench.py --pages [--payees N] [--repeat K] [--folder DIR]
    python3 scripts/bench.py --province BUNDLES [--repeat K]

Makes its inputs and books of N people (8,350 by default) with the sample scripts and the real
commands, then runs ours, the floor and the peer in turn, K times, each in a fresh process.
docs/performance.md says what they are. ``--folder`` keeps the books for another run; a temporary
folder is used and removed otherwise. The peer takes many minutes for 100,000 people.
``--stages``: books whose people are paid in three stages by lists of work, and taxed; there is no
peer for them. ``--pages`` measures the pages of the desk instead, ``--province`` how fast counties
are judged: BUNDLES are those that scripts/province.py leaves.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmark.answers import figures
from benchmark.answers import table
from benchmark.costs import Cost
from benchmark.costs import RunFailed
from benchmark.costs import measure
from benchmark.rows import PROGRAMS
from benchmark.rows import ROWS
from benchmark.rows import Row
from benchmark.staged_books import StagedBooks
from benchmark.staged_rows import STAGED_ROWS
from benchmark.stages import Stages
from benchmark.written_rows import WRITTEN_ROWS
from environment import CHECKOUT
from environment import TESTS
from environment import prepare

OF_THE_YEAR = (*ROWS, *WRITTEN_ROWS)
NAMES = [row.name for row in OF_THE_YEAR]


def main(arguments: Sequence[str]) -> int:
    wanted = parsed(arguments)
    with redirect_stdout(sys.stderr):
        python = prepare(TESTS)
    if wanted.province:
        program = [str(python), str(PROGRAMS / "counties.py"), str(wanted.province.resolve())]
        paths = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "scripts")])
        return subprocess.run(
            [*program, str(wanted.repeat)], env={**os.environ, "PYTHONPATH": paths}, check=False
        ).returncode
    with tempfile.TemporaryDirectory(prefix="census-ledger-bench-") as scratch:
        kind, suffix = (StagedBooks, "-stages") if wanted.stages else (Stages, "")
        folder = (wanted.folder or Path(scratch)) / f"{wanted.payees}{suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        stages = kind(folder.resolve(), python, wanted.payees)
        tell(f"Books of {wanted.payees:,} people ...")
        stages.make()
        if wanted.pages:
            return page_times(stages, wanted.repeat)
        try:
            found = [
                measured(
                    replace(row, peer=None) if wanted.without_peer else row, stages, wanted.repeat
                )
                for row in rows_named(wanted.rows, STAGED_ROWS if wanted.stages else OF_THE_YEAR)
            ]
        except RunFailed as failure:
            print(failure, file=sys.stderr)
            return 1
    print(json.dumps(found, indent=1) if wanted.json else table(found))
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the commands against a floor and a peer.")
    parser.add_argument("--payees", type=int, default=8350, metavar="N")
    parser.add_argument("--rows", default="all", metavar="all|" + ",".join(NAMES))
    parser.add_argument("--repeat", type=int, default=3, metavar="K")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--folder", type=Path, metavar="DIR")
    parser.add_argument("--province", type=Path, metavar="BUNDLES")
    parser.add_argument("--pages", action="store_true")
    wanted = parser.parse_args(arguments)
    known = [row.name for row in (STAGED_ROWS if wanted.stages else OF_THE_YEAR)]
    unknown = [name for name in wanted.rows.split(",") if name not in ("all", *known)]
    if unknown:
        parser.error(f"no row {', '.join(unknown)}; there are {known}")
    return wanted


def rows_named(names: str, rows: Sequence[Row]) -> list[Row]:
    """The rows of ``import,disburse``."""
    return [row for row in rows if names == "all" or row.name in names.split(",")]


def measured(row: Row, stages: Stages, repeat: int) -> dict[str, Any]:
    """The figures of a row: ours, floor, peer, ours, floor, peer, ..."""
    sides = {"ours": row.ours, "floor": row.floor, "peer": row.peer}
    costs: dict[str, list[Cost]] = {side: [] for side, command in sides.items() if command}
    (stages.folder / "peer").mkdir(exist_ok=True)
    for round_number in range(repeat):
        for side, some in costs.items():
            tell(f"{row.name}: {side}, {round_number + 1} of {repeat}")
            make_command = sides[side]
            assert make_command is not None, side
            books = stages.fresh(row.stage)
            for one in (*row.before, make_command) if side == "ours" else (make_command,):
                command = [str(word) for word in one(stages, books)]
                cost = measure(command, folder=stages.folder, environment=stages.environment)
            some.append(cost)
    return figures(row, costs, stages.payees)


def page_times(stages: Stages, repeat: int) -> int:
    """The times of the desk's pages, said by a fresh process."""
    command: list[str | Path] = [
        stages.python,
        PROGRAMS / "page_times.py",
        stages.fresh("stated"),
        str(repeat),
    ]
    return subprocess.run(command, env=stages.environment, check=False).returncode


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
