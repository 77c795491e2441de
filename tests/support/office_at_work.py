"""An office for tests that run the commands on sample inputs, with its bank and its towns."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from sample_answers import STATEMENTS
from sample_answers import correct_sheets
from samples.account import AccountLine
from samples.account import Movement
from samples.account import account_lines
from samples.account_export import export_statement
from samples.bank_days import RESULTS
from samples.bank_days import BankAnswer
from samples.bank_days import Plan
from samples.bank_days import answer_batch

from importers.corrections.correction_sheets import FOLDER as SHEETS
from ledger.base.money import yuan
from ledger.books.books import load_books
from ledger.cli import execute
from ledger.keys.registry_key import read_key
from ledger.model.accounts import TRANSIT
from ledger.model.history import PAYEE_LINK
from ledger.model.ids import BatchId
from ledger.model.payees import Payee
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry
from tests.support.adversarial_money import debit_entry
from tests.support.adversarial_money import refund_entry

SEED = 2020
STATES = ("due", "in_bank", "paid", "returned", "unknown")
ADVANCE = """
2020-05-08 * "滕州市财政局" "普查经费预拨款"
  Assets:1002银行存款:01滕州农商行                       {amount} CNY
  Income:4001财政拨款收入:01本级财政
"""


def installed(arguments: Sequence[str]) -> tuple[int, str]:
    """Run the installed command: its exit status and its standard output."""
    program = Path(sys.executable).with_name("census-ledger")
    done = subprocess.run([program, *arguments], capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout


def in_this_process(arguments: Sequence[str]) -> tuple[int, str]:
    """The same without a new interpreter, for a story of many commands."""
    with redirect_stdout(io.StringIO()) as said:
        status = execute(arguments)
    return status, said.getvalue()


@dataclass
class OfficeAtWork:
    """The command at work on ``folder/books``; what comes in lies in ``folder/inputs``.

    ``counts`` are what ``status`` has said after each step. ``answers`` are the bank's, by batch;
    ``movements`` what moves on the account at the bank besides.
    """

    folder: Path
    command: Callable[[Sequence[str]], tuple[int, str]] = installed
    counts: list[dict[str, int]] = field(default_factory=list)
    answers: dict[str, BankAnswer] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)

    @property
    def books(self) -> Path:
        return self.folder / "books"

    @property
    def inputs(self) -> Path:
        return self.folder / "inputs"

    @property
    def results(self) -> Path:
        return self.inputs / RESULTS

    def __call__(self, *arguments: str | Path) -> tuple[int, Any]:
        """Run a command: its exit status, and what it said to programs."""
        status, said = self.command(self._words(*arguments))
        return status, json.loads(said)

    def _words(self, *arguments: str | Path) -> list[str]:
        books = ("-C", self.books, "--key", self.folder / "registry.key")
        return [str(word) for word in (*books, *arguments, "--json")]

    def do(self, *arguments: str | Path) -> Any:
        """Run a command that has to succeed, and count everybody after it."""
        status, answer = self(*arguments)
        assert status == 0, answer
        self.count()
        return answer

    def count(self) -> dict[str, int]:
        """Where everybody is; kept in ``counts``."""
        _status, said = in_this_process(self._words("status", "--date", "2020-12-31"))
        self.counts.append(json.loads(said)["payees"])
        return self.counts[-1]

    def enter(self, file: str, text: str) -> None:
        """What the liaison types into a file of the books."""
        with (self.books / file).open("a", encoding="utf-8", newline="\n") as books:
            books.write(text)

    def registry(self) -> Registry:
        return Registry(self.books / "registry.db", read_key(self.folder / "registry.key"))

    def payees(self) -> list[Payee]:
        with self.registry() as registry:
            return registry.payees()

    def bank_gets(self, batch: str, plan: Plan, on: str) -> BankAnswer:
        """The bank answers a batch, and moves its money on the account."""
        answer = answer_batch(
            self.books / "payouts" / batch,
            self.inputs,
            plan,
            on=date.fromisoformat(on),
            seed=SEED,
        )
        self.answers[batch] = answer
        return answer

    def enter_statement(self, batch: str) -> None:
        """Type what has moved for a batch into the books, by hand."""
        for number, moved in enumerate(self.answers[batch].movements, 1):
            fen, on = moved.amount_fen, moved.day.isoformat()
            if fen < 0:
                entry = debit_entry(batch, -fen, on, number=number)
            else:
                entry = refund_entry({batch: fen}, on, number=number)
            self.enter("journal/hand.beancount", f"\n{entry}")

    def account(self, until: str) -> list[AccountLine]:
        """The bank's account up to a day, the batches included."""
        moved = [moved for answer in self.answers.values() for moved in answer.movements]
        return account_lines([*self.movements, *moved], until=date.fromisoformat(until))

    def import_statement(self, since: str, until: str, *, newest_first: bool = False) -> Any:
        """Get the statement of some days from the bank and import it: what is said of the file."""
        path = export_statement(
            self.inputs / STATEMENTS,
            self.account(until),
            date.fromisoformat(since),
            date.fromisoformat(until),
            newest_first=newest_first,
        )
        status, answer = self("import", path)
        assert status == 0, answer
        return answer["files"][0]

    def towns_correct(self) -> list[Path]:
        """What the towns send back of the correction sheets that they have got by now."""
        corrected, _people = correct_sheets(
            self.results / SHEETS, self.inputs / "corrected", seed=SEED
        )
        return corrected

    def paid_by_the_bank(self) -> Counter[str]:
        """How often the bank has really paid each payee, by its own account of every batch."""
        history = load_books(self.books).history
        paid: Counter[str] = Counter()
        with self.registry() as registry:
            for name, answer in self.answers.items():
                rows = rows_of_batch(registry, history.batches[BatchId(name)])
                payee = {(row.bank_file, row.bank_row): row.payee_id for row in rows}
                paid.update(payee[row.key] for row in answer.paid)
        return paid

    def kept_by_the_bank(self) -> Decimal:
        """Yuan that have left the account for good for the batches."""
        moved = [moved for answer in self.answers.values() for moved in answer.movements]
        return -yuan(sum(movement.amount_fen for movement in moved))


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def paid_in_the_books(books: Path) -> Counter[str]:
    """How often each payee was paid by the plain entries: payments less those that came back."""
    entries, errors, _options = loader.load_file(books / "main.beancount")
    assert errors == []
    paid: Counter[str] = Counter()
    for entry in data.filter_txns(entries):
        payees = filter(PAYEE_LINK.fullmatch, entry.links or ())
        paid.update(dict.fromkeys(payees, -_direction(entry.postings)))
    return paid


def _direction(postings: Sequence[data.Posting]) -> int:
    """Whether an entry takes money out of transit (-1), puts it there (1) or neither (0)."""
    amounts = [p.units.number for p in postings if p.account == TRANSIT and p.units]
    return sum((amount > 0) - (amount < 0) for amount in amounts if amount)


def sums_hold(counts: Iterable[dict[str, int]], people: int) -> bool:
    """Whether everybody was in exactly one state after every step."""
    return all(
        count["registered"] == people == sum(count[state] for state in STATES) for count in counts
    )
