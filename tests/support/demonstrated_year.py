"""The demonstration's year in this process, for few people or all, by three operators.

``scripts/demo.py`` tells it; here each of its steps is done by commands, or at the desk
(``year_at_desk.py``). The advance and the county's line are less as people are fewer, so that the
money of the year is short, and suffices, where it is and does with everybody.
"""

from __future__ import annotations

import datetime
import io
import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import redirect_stderr
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import demo
import sample_answers
import sample_data
from demo_account import FUND
from demo_account import RULE
from demo_account import SETTINGS
from demo_account import SPENDING
from demonstration import Demonstration

from ledger.cli import execute
from ledger.keys.registry_key import read_key
from ledger.model.payees import Payee
from ledger.registry.registry import Registry

EVERYBODY = 8350
RATE = 800
ADVANCE, OWN_LINE = 1_220_000, 3_400_000
SUBSIDIES = "30226劳务费"
PASSPHRASE = "正确的口令"
MAKER, CHECKER, APPROVER = "O01", "O02", "O03"
# The third approves, and is the cashier as well.
COLLEAGUES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    CHECKER: ("李审核", ("审核",)),
    APPROVER: ("王主任", ("审批", "出纳")),
}
APPROVALS = '\n2020-01-10 custom "census-approval" 0.00 CNY "审核" "审批"\n'
FIRST_DAY = "2020-01-10"
# Of few people a larger share comes back, so that somebody does.
RETURNED = "0.04"
_BUDGET = re.compile(r'(\S+) custom "census-budget" (\S+) (\S+) CNY')


class Stopped(Exception):
    """A step of the year was not done."""


@dataclass(frozen=True)
class Asked:
    """A command of the demonstration: its words, its options, and the files that it takes."""

    words: tuple[str, ...]
    options: Mapping[str, str]
    files: tuple[Path, ...]

    @classmethod
    def of(cls, arguments: Sequence[str], files: Sequence[Path]) -> Asked:
        words: list[str] = []
        options: dict[str, str] = {}
        given = list(arguments)
        while given:
            word = given.pop(0)
            if not word.startswith("--"):
                words.append(word)
            elif given and not given[0].startswith("--") and word not in ("--yes", "--all"):
                options[word] = given.pop(0)
            else:
                options[word] = ""
        return cls(tuple(words), options, tuple(files))

    def name(self, steps: Mapping[str, object]) -> str:
        """Which of some steps it is: the first word of the command, or the first two."""
        both = " ".join(self.words[:2])
        return both if both in steps else self.words[0]


class Year(Demonstration):
    """The year in a folder; whoever does it says how each step is done."""

    def __init__(self, folder: Path, people: int) -> None:
        super().__init__(Path(), folder)
        self.people = people
        self.said = ""
        # What the office knows of its spending, by words, until a line of the bank's says so.
        self.spending: dict[str, str] = {}

    def tell(self) -> Year:
        demo.whole_story(self)
        return self

    def say(self, text: str) -> None:
        pass

    @property
    def books(self) -> Path:
        return self.folder / "books"

    @property
    def key(self) -> Path:
        return self.folder / "registry.key"

    def payees(self) -> list[Payee]:
        with Registry(self.books / "registry.db", read_key(self.key)) as registry:
            return registry.payees()

    def typed(self, *arguments: str | Path, by: str = MAKER) -> tuple[int, str]:
        """Run a command on the books: its exit status and what it said."""
        whole = ["-C", self.books, "--key", self.key, "--operator", by, *arguments]
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()) as told:
            status = execute([str(word) for word in whole])
        self.said = said.getvalue() + told.getvalue() * bool(status)
        return status, self.said

    def do(self, *arguments: str | Path, by: str = MAKER) -> str:
        """Run a command that has to succeed."""
        status, said = self.typed(*arguments, by=by)
        if status:
            raise Stopped(f"{arguments}: {said}")
        return said

    def ask(self, *arguments: str) -> Any:
        return json.loads(self.do(*arguments, "--json"))

    def script(self, name: str, *arguments: str) -> str:
        """What the towns and the bank do, in this process."""
        if name == "sample_data.py":
            enumerators, supervisors = sample_data.split_people(self.people)
            sample_data.make(
                self.folder / "inputs", enumerators=enumerators, supervisors=supervisors
            )
            return ""
        if "bank" in arguments and "--returned" not in arguments and self.people < EVERYBODY:
            arguments = (*arguments, "--returned", RETURNED)
        if "statement" in arguments:
            arguments = (*arguments, "--advance", f"{self.share(ADVANCE)}.00")
        places = ("inputs", "books")
        whole = [
            str(self.folder / word) if word.split("/")[0] in places else word for word in arguments
        ]
        parsed = sample_answers.parsed(whole)
        with redirect_stdout(io.StringIO()) as said:
            parsed.answer(parsed)
        if "statement" in arguments:
            self.stated(parsed.periods[-1][1])
        return said.getvalue()

    def share(self, yuan: int) -> int:
        """What an amount for everybody is for the people of this year."""
        return round(yuan / RATE * self.people / EVERYBODY) * RATE

    def stated(self, until: datetime.date) -> None:
        """The bank has made a statement up to a day."""

    def new_books(self, *options: str) -> None:
        self.do("init", self.books, "--name", "张经办", *options)
        self.begin()
        self.add_colleagues()
        with (self.books / "rules.beancount").open("a", encoding="utf-8", newline="\n") as rules:
            rules.write(APPROVALS)
        if self.people != EVERYBODY:
            less = OWN_LINE - self.share(OWN_LINE)
            self.add_budget(f"{FUND}:{SUBSIDIES}", f"-{less}.00", FIRST_DAY)

    def enter(self, file: str, text: str, *, shown: str = "") -> None:
        """Rules of spending are told where the bank has a line of that kind; the rest is budget."""
        if file == SETTINGS:
            self.spending = {word: f"{FUND}:{line}" for words, line in SPENDING for word in words}
        else:
            (day, account, amount) = _BUDGET.findall(text)[0]
            self.add_budget(account, amount, day)

    def run(self, *arguments: str, files: Sequence[Path] = (), shown: str = "") -> int:
        steps = self.steps()
        asked = Asked.of(arguments, files)
        return int(steps[asked.name(steps)](asked) or 0)

    def must(self, *arguments: str, files: Sequence[Path] = (), shown: str = "") -> None:
        if self.run(*arguments, files=files):
            raise Stopped(f"{arguments}: {self.said}")

    def steps(self) -> Mapping[str, Callable[[Asked], Any]]:
        """How each command of the demonstration is done."""
        raise NotImplementedError

    def begin(self) -> None:
        """The books are there."""

    def add_colleagues(self) -> None:
        raise NotImplementedError

    def add_budget(self, account: str, yuan: str, day: str) -> None:
        raise NotImplementedError

    def word_in(self, text: str) -> str:
        """By which word the office knows what a line of the bank's is; empty when it does not."""
        return next((word for word in self.spending if word in text), "")

    def unexplained(self) -> list[Any]:
        """The lines that nobody has explained, the oldest first."""
        lines: list[Any] = self.ask("status", "--date", "2020-12-31")["suspense"]["unexplained"]
        return lines


class ByCommands(Year):
    """Each step as the demonstration has it, with the approvals that its rules ask for."""

    def steps(self) -> Mapping[str, Callable[[Asked], Any]]:
        return {
            "import": self._import,
            "disburse": self._same,
            "batch submit": self._submit,
            "payees list": self._same,
            "payees release": self._same,
            "explain": self._same,
            "status": self._same,
            "report": self._same,
            "month close": self._same,
            "check": self._same,
        }

    def add_colleagues(self) -> None:
        for name, roles in COLLEAGUES.values():
            wanted = [word for role in roles for word in ("--role", role)]
            self.do("operator", "add", name, *wanted, "--date", FIRST_DAY)

    def add_budget(self, account: str, yuan: str, day: str) -> None:
        with (self.books / "rules.beancount").open("a", encoding="utf-8", newline="\n") as rules:
            rules.write(f'{day} custom "census-budget" {account} {yuan} CNY "supplement"\n')

    def _same(self, asked: Asked, *, by: str = MAKER) -> int:
        options = [word for pair in asked.options.items() for word in pair if word]
        return self.typed(*asked.words, *options, *asked.files, by=by)[0]

    def _submit(self, asked: Asked) -> int:
        batch, on = asked.words[-1], asked.options["--date"]
        for by in (CHECKER, APPROVER):
            self.do("batch", "approve", batch, "--yes", "--date", on, by=by)
        return self._same(asked, by=APPROVER)

    def _import(self, asked: Asked) -> int:
        is_result = all("results" in path.parts for path in asked.files)
        status = self._same(asked, by=APPROVER if is_result else MAKER)
        told: set[str] = set()
        for line in self.unexplained():
            word = self.word_in(line["text"])
            if word:
                self.do("explain", "--yes", line["line"], self.spending[word])
                if word not in told:
                    self._add_rule(word, self.spending[word])
                told.add(word)
        return status

    def _add_rule(self, word: str, account: str) -> None:
        with (self.books / SETTINGS).open("a", encoding="utf-8", newline="\n") as settings:
            settings.write(RULE.format(words=f'"{word}"', account=account))
