"""The rows that are measured on books of three stages, beside the same floors."""

from __future__ import annotations

from pathlib import Path

from benchmark.rows import ROWS
from benchmark.rows import Command
from benchmark.rows import Row
from benchmark.rows import bean_check
from benchmark.rows import ours
from benchmark.rows import prepared
from benchmark.rows import program
from benchmark.staged_books import StagedBooks
from benchmark.stages import Stages

TARGETS = {row.name: row.target for row in ROWS}


def _lists(stages: Stages) -> list[Path]:
    assert isinstance(stages, StagedBooks)
    return stages.work()


def _row(name: str, stage: str, command: Command, floor: Command, per_person: float = 0) -> Row:
    """With the target of the row of that name."""
    return Row(name, stage, command, floor, target=TARGETS.get(name), per_person=per_person)


STAGED_ROWS = (
    _row(
        "import",
        "new",
        ours("import", "--date", "2026-09-07", Stages.rosters),
        program("floors.py", "read", Stages.rosters),
        per_person=60e-6,
    ),
    _row(
        "work",
        "first",
        ours("import", "--stage", "S2", "--date", "2026-10-09", _lists),
        program("floors.py", "read", _lists),
    ),
    _row("disburse", "registered", ours(*StagedBooks.DISBURSE), prepared),
    _row("check", "stated", ours("check", "--no-artefacts"), bean_check),
    _row("status", "stated", ours("status", "--date", "2026-10-31"), program("floors.py", "check")),
    _row("month", "stated", ours("report", "month", "2026-10"), program("floors.py", "month")),
    _row("tax", "stated", ours("report", "tax", "2026-10"), program("floors.py", "month")),
)
