"""The rows of commands that write an event, beside bean-check of the same books.

Each is measured warm, when its operator has written an event before, so that what the books have
come to is kept and signed; and first, when nothing is kept of the books.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmark.rows import Command
from benchmark.rows import Row
from benchmark.rows import bean_check
from benchmark.rows import last_statement
from benchmark.rows import ours
from benchmark.stages import BATCH
from benchmark.stages import Stages

ON = ("--yes", "--date", "2020-12-31")
# An entry of somebody whose money has come back.
RETURNED = re.compile(r"\^(P\d{6}).*\n(?:  .*\n)*?  Liabilities:2307其他应付款:02退回")


def returned(stages: Stages) -> list[str]:
    """Whose money has come back from the bank, in the order of the events."""
    events = sorted((stages.folder / "stages" / "answered" / "events").glob("*-result-*"))
    return [one for event in events for one in RETURNED.findall(event.read_text(encoding="utf-8"))]


def about(place: int, *words: str) -> Command:
    """A command about one of these."""

    def command(stages: Stages, books: Path) -> list[str | Path]:
        reason = ("--reason", "已到柜台办理")
        return [*ours(*words)(stages, books), returned(stages)[place], *reason, *ON]

    return command


def reverse(stages: Stages, books: Path) -> Sequence[str | Path]:
    """Of the newest event."""
    newest = len(list((books / "events").glob("*.beancount"))) - 1
    return ours("reverse", str(newest), "--reason", "错", *ON)(stages, books)


RELEASE = about(0, "payees", "release")
SUBMIT = ours("batch", "submit", BATCH, "--yes", "--date", "2020-11-11")
RESULTS = ours("import", "--date", "2020-11-12", Stages.results)
STATEMENT = ours("import", last_statement)
VOID = ours("batch", "void", BATCH, "--bank-refused", "文件格式不符", *ON)


def written(
    name: str, command: Command, before: tuple[str, Command], first: str
) -> tuple[Row, ...]:
    """A command after another, on the books of a stage, and the ``first`` on those of another."""
    stage, earlier = before
    return (
        Row(f"{name}-warm", stage, command, bean_check, before=(earlier,)),
        Row(f"{name}-first", first, command, bean_check),
    )


WRITTEN_ROWS = (
    *written("release", about(1, "payees", "release"), ("answered", RELEASE), "answered"),
    *written("cancel", about(1, "payees", "cancel"), ("answered", RELEASE), "answered"),
    *written("statement", STATEMENT, ("answered", RELEASE), "answered"),
    *written("result", RESULTS, ("prepared", SUBMIT), "submitted"),
    *written("void", VOID, ("prepared", SUBMIT), "submitted"),
    Row("reverse-warm", "answered", reverse, bean_check, before=(RELEASE,)),
)
