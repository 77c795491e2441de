"""The rows of the benchmark: what is run, on which stage of the books, and what it is held to."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import NamedTuple

from environment import CHECKOUT

from benchmark.stages import REAL_SIZE
from benchmark.stages import WITHOUT_PLUGIN
from benchmark.stages import Stages

PROGRAMS = CHECKOUT / "scripts" / "benchmark"
# So many people are far more than a county has: a target is this many times as large for them.
LARGE, MORE = 100_000, 1.2

# From the books of this run to a command line.
Command = Callable[[Stages, Path], Sequence[str | Path]]


class Limits(NamedTuple):
    """``times`` the floor and ``per_person`` more is the most processor time, ``seconds`` the most
    from start to exit, ``megabytes`` the most memory; None where nothing is set.
    """

    times: float | None = None
    per_person: float = 0.0
    seconds: float | None = None
    megabytes: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``target`` is the most that ours may cost as a multiple of the floor, and ``per_person`` what
    it may cost beyond that, in seconds of processor time a person, both ``MORE`` where people are
    ``LARGE`` in number; None where nothing is set. ``before`` are commands that are run on the
    books first, and not measured. ``limits`` hold for so many people, in place of the target.
    """

    name: str
    stage: str
    ours: Command
    floor: Command
    peer: Command | None = None
    target: float | None = None
    per_person: float = 0.0
    before: tuple[Command, ...] = ()
    limits: Mapping[int, Limits] = field(default_factory=dict)

    def limits_for(self, payees: int) -> Limits:
        """The most that ours may cost."""
        more = MORE if payees >= LARGE else 1
        target = Limits(self.target and self.target * more, self.per_person * more)
        return self.limits.get(payees, target)


def ours(*arguments: str | Callable[[Stages], Sequence[Path]]) -> Command:
    def command(stages: Stages, books: Path) -> list[str | Path]:
        words: list[str | Path] = [stages.command, "-C", books]
        for argument in arguments:
            words += [argument] if isinstance(argument, str) else argument(stages)
        return words

    return command


def program(
    script: str, name: str, files: Callable[[Stages], Sequence[Path]] = lambda stages: ()
) -> Command:
    def command(stages: Stages, books: Path) -> list[str | Path]:
        # The peer keeps no books: its files go into a folder of its own.
        target = books if script != "peers.py" else stages.folder / "peer"
        return [stages.python, PROGRAMS / script, name, target, *files(stages)]

    return command


def import_click(stages: Stages, _books: Path) -> list[str | Path]:
    return [stages.python, "-c", "import click"]


def bean_check(stages: Stages, books: Path) -> list[str | Path]:
    return [stages.python, "-m", "beancount.scripts.check", "--no-cache", books / WITHOUT_PLUGIN]


def last_statement(stages: Stages) -> list[Path]:
    return stages.statements()[-1:]


def prepared(stages: Stages, _books: Path) -> list[str | Path]:
    """The floor of ``disburse`` loads the books with the batch: bean-check of what was written."""
    books = stages.fresh("prepared")
    return [stages.python, PROGRAMS / "floors.py", "disburse", books]


def asked(name: str, limits: Mapping[int, Limits], *arguments: str) -> tuple[Row, ...]:
    """A question beside bean-check of the same books: answered by what was kept of them, asked
    first, and asked after an event that came since.
    """
    ask = ours(*arguments)
    # A month's report is of an earlier day, which is kept second.
    before = (ask, ask)
    return (
        Row(f"{name}-again", "stated", ask, bean_check, before=before, limits=limits),
        Row(f"{name}-first", "stated", ask, bean_check),
        Row(
            f"{name}-after",
            "answered",
            ask,
            bean_check,
            before=(*before, ours("import", last_statement)),
        ),
    )


SHOWN = {REAL_SIZE: Limits(0.35, seconds=0.25), LARGE: Limits(0.1)}

ROWS = (
    Row("help", "new", lambda stages, _books: [stages.command, "--help"], import_click),
    Row(
        "import",
        "new",
        ours("import", "--date", "2020-10-16", Stages.rosters),
        program("floors.py", "read", Stages.rosters),
        program("peers.py", "import", Stages.rosters),
        target=1.0,
        per_person=60e-6,
    ),
    Row(
        "disburse",
        "registered",
        ours(*Stages.DISBURSE),
        prepared,
        program("peers.py", "disburse"),
        target=1.0,
    ),
    Row(
        "result",
        "submitted",
        ours("import", "--date", "2020-11-12", Stages.results),
        program("floors.py", "read", Stages.results),
        program("peers.py", "answers", Stages.results),
    ),
    Row(
        "statement",
        "answered",
        ours("import", last_statement),
        program("floors.py", "read", last_statement),
        program("peers.py", "answers", last_statement),
    ),
    # Signatures are verified at every load, and the registry's log is told again.
    Row("check", "stated", ours("check", "--no-artefacts"), bean_check, target=1.4),
    Row("status", "stated", ours("status", "--date", "2020-12-31"), program("floors.py", "check")),
    *asked(
        "status",
        {
            REAL_SIZE: Limits(0.35, seconds=0.25),
            LARGE: Limits(0.1, seconds=0.8, megabytes=200),
        },
        "status",
        "--date",
        "2020-12-31",
    ),
    *asked("payee", SHOWN, "payees", "show", "P000123"),
    *asked("batch", SHOWN, "batch", "show", "B2020-001"),
    *asked(
        "month",
        {REAL_SIZE: Limits(0.35, seconds=0.5), LARGE: Limits(0.1)},
        "report",
        "month",
        "2020-11",
    ),
    Row(
        "month",
        "stated",
        ours("report", "month", "2020-11"),
        program("floors.py", "month"),
        target=1.4,
    ),
    Row("page", "stated", program("pages.py", "ours"), program("pages.py", "floor")),
)
