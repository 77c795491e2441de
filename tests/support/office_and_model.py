"""An office and its model side by side: every command is run for real, and foretold."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.books.books import Books
from ledger.books.held_books import brought_to_date
from ledger.books.held_books import load_held
from ledger.figures.month_figures import month_figures
from ledger.keys.places import snapshot_path
from ledger.model.operators import Role
from ledger.model.payees import Payee
from tests.support.crash import run_and_die
from tests.support.held_books import require_like
from tests.support.model import SUBSIDY
from tests.support.model import Model
from tests.support.model import Person
from tests.support.model import may_have_been_paid
from tests.support.model_comparison import differences
from tests.support.model_comparison import differences_of_office
from tests.support.model_comparison import differences_of_registry
from tests.support.model_comparison import record_of
from tests.support.office import APPROPRIATION
from tests.support.office import BANK
from tests.support.office import GRANT
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.office import with_luhn_digit
from tests.support.snapshots import require_kept_as_loaded
from tests.support.writing_commands import Command
from tests.support.writing_commands import nothing

TOWNS = ("370481001", "370481101")
# Of the states of the books, every so-manieth is kept and compared with what is kept.
KEPT_EVERY = 4
FUNDS = {"01": APPROPRIATION, "02": GRANT}
BUDGET = {"01": 3_400_000_00, "02": 4 * SUBSIDY}
TOWN_OR_LINE = re.compile(r":(\d{5,9})")
KEPT = {*TOWNS, "30226", "30216"}
OPERATORS = ("O01", "O02", "O03")
# From how much on a batch asks for which roles, the most first.
APPROVALS = (
    (6 * SUBSIDY, ("审核", "审批")),
    (3 * SUBSIDY, ("审核",)),
)
LINE_OF_SECOND_FUND = "Expenses:5001业务活动费用:02上级补助:30226劳务费"

# What a command does to the model, which says whether it is done; it is refused if not.
Effect = Callable[[Model], bool]


def prepare_template(office: Office) -> None:
    """Books with a line for the second fund; of two towns and two lines, to be loaded often."""
    yuan = f"{BUDGET['02'] // 100}.00"
    office.rule(f'2020-08-01 custom "census-budget" {LINE_OF_SECOND_FUND} {yuan} CNY "supplement"')
    for name in ("accounts.beancount", "rules.beancount"):
        path = office.folder / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if set(TOWN_OR_LINE.findall(line)) <= KEPT]
        path.write_text("".join(kept), encoding="utf-8", newline="\n")
    path = office.folder / PROGRAMME_FILE
    head, *towns = path.read_text(encoding="utf-8").split("[[town]]\n")
    kept = [
        f"[[town]]\n{town}" for town in towns if any(f'code = "{one}"' in town for one in TOWNS)
    ]
    path.write_text(head + "".join(kept), encoding="utf-8", newline="\n")


def prepare_approvals(
    office: Office, rules: Sequence[tuple[int, tuple[str, ...]]] = APPROVALS
) -> None:
    """Three people who may do everything, and rules by which some batches ask the others."""
    for _person in OPERATORS[1:]:
        added = office.run("operator", "add", "某人", *(f"--role={role}" for role in Role))
        assert added.status == 0, added.err
    for fen, roles in rules:
        names = " ".join(f'"{role}"' for role in roles)
        office.rule(f'2020-01-10 custom "census-approval" {fen // 100}.00 CNY {names}')


class OfficeAndModel:
    """``said`` counts what was tried and what came of it; ``tell`` is told every command.

    Batches ask for approvals as ``asking`` says, and ``by`` is the operator who works.
    """

    def __init__(
        self,
        template: Office,
        folder: Path,
        tell: Callable[[str], object],
        asking: Sequence[tuple[int, tuple[str, ...]]] = (),
    ) -> None:
        self.office = template.copied(folder)
        self.model = Model(BUDGET, asking=asking)
        self.by = OPERATORS[0]
        self.today = datetime.date(2020, 11, 10)
        self.power_fails_at = 0
        # What the model was before the newest event, while nothing else has happened.
        self.before_newest: Model | None = None
        self.said: Counter[str] = Counter()
        self.tell = tell
        self._seen: object = None
        self.loaded = 0
        # As a server holds them, which never ends.
        self.held = load_held(self.office.folder)
        # Of each closed month its figures and the digest of its report, when it was closed.
        self.of_closed: dict[str, tuple[Any, str]] = {}

    # What nobody can refuse.

    def receive(self, fund: str, subsidies: int) -> None:
        """Half a subsidy more than these, which pays nobody."""
        yuan = subsidies * 800 + 400
        self.tell(f"fund {fund} receives {yuan}")
        self.office.receive(yuan, on=str(self.today), income=FUNDS[fund])
        self.model.receive(fund, yuan * 100)

    def spend(self, yuan: int) -> None:
        self.tell(f"{yuan} is spent on training")
        text = f'{self.today} * "培训费"\n  {TRAINING}  {yuan}.00 CNY\n  {BANK}\n'
        self.office.hand(text)
        self.model.spend("01", yuan * 100)

    def register(
        self, people: int, town: str, change: Callable[[Payee], Payee] | None = None
    ) -> None:
        on = max(datetime.date(2020, 1, 1), self.model.open_from)
        new = self.office.register(people, town=town, change=change, on=str(on))
        self.tell(f"registered: {[payee.payee_id for payee in new]}")
        self.model.people |= {payee.payee_id: person_of(payee) for payee in new}

    # Commands.

    def run(self, *arguments: str | Path, effect: Effect) -> None:
        """Run a command: it is refused when the model refuses, and then no file has changed."""
        if self.power_fails_at:
            self.run_without_power(*arguments, effect=effect)
            return
        before, was, events = self.files(), deepcopy(self.model), len(self.office.events())
        answer = self.office.run(*arguments)
        self.tell(f"census-ledger {' '.join(map(str, arguments))}: {answer.status} {answer.err}")
        done = effect(self.model)
        assert answer.status == (0 if done else 1), answer
        assert done or self.files() == before, answer
        self.before_newest = was if len(self.office.events()) == events + 1 else None
        self.said["done" if done else "refused"] += 1

    def run_without_power(self, *arguments: str | Path, effect: Effect) -> None:
        """The command dies, and the next one finds the books as before it or as after it."""
        moment, self.power_fails_at = self.power_fails_at, 0
        command = Command("", nothing, tuple(map(str, arguments)))
        answer = run_and_die(command, self.office, moment)
        status = answer and answer.status
        self.tell(
            f"killed at change {moment}: census-ledger {' '.join(command.arguments)}: {status}"
        )
        assert self.office.run("batch", "list").status == 0
        after = deepcopy(self.model)
        done = effect(after)
        assert status in (None, 0 if done else 1), (status, arguments)
        if status == 0 or not self.fits(self.model):
            self.model = after
        assert self.fits(self.model), arguments
        self.said["killed" if status is None else "not killed in time"] += 1

    def disburse(self, towns: Sequence[str] = (), fund: str = "", *, limit: bool = False) -> None:
        """Whom the model takes, and nobody to whom an earlier payment may have been made."""
        year = f"B{self.today.year}-"
        batch = f"{year}{1 + sum(name.startswith(year) for name in self.model.batches):03d}"
        on, by = self.today, self.by
        plan = self.model.plan(on, towns, fund, limit=limit)
        for payee in plan:
            for earlier, words in self.model.people[payee].heard.items():
                assert not may_have_been_paid(words), (payee, earlier, words)
        options = [f"--town={town}" for town in towns]
        options += [f"--fund={fund}"] * bool(fund) + ["--limit-to-funds"] * limit

        def effect(model: Model) -> bool:
            if plan:
                model.prepare(batch, plan, on, by)
            return bool(plan)

        self.run("disburse", "--yes", "--date", str(on), *options, effect=effect)

    # What holds.

    def check_books(self) -> None:
        """The books say what the model says, read from the disk when a file has changed."""
        files = self.files()
        if files != self._seen:
            self._seen = files
            books = self.office.books()
            found = differences(books, self.model)
            assert not found, found
            self.closed_months_stay(books)
            self.loaded += 1
            self.held = brought_to_date(self.held, self.office.folder)
            if self.loaded % KEPT_EVERY == 0:
                require_like(self.held, books)
                require_kept_as_loaded(books, snapshot_path(self.office.key))
        assert self.model.bank >= 0
        assert all(self.model.room(fund) >= 0 for fund in FUNDS)

    def check_answers(self) -> None:
        """So do ``check``, ``status`` and ``payees list``; each closed month has its report."""
        found = differences_of_office(self.office, self.model, self.today)
        assert not found, found
        for month in self.model.closed:
            answer = self.office.run("report", "month", month, "--json").json["months"][0]
            _figures, report = self.of_closed[month]
            assert digest((self.office.folder / answer["path"]).read_bytes()) == report

    def closed_months_stay(self, books: Books) -> None:
        """Figures and report of each are what they were when it was closed."""
        self.of_closed = {
            month: kept for month, kept in self.of_closed.items() if month in self.model.closed
        }
        if not books.history.closed:
            return
        with self.office.registry() as registry:
            for closing in books.history.closed:
                figures = month_figures(books, registry, closing.month)
                kept = digest(registry.closed.content(closing.month, closing.report))
                before = self.of_closed.setdefault(str(closing.month), (figures, kept))
                assert before == (figures, kept), closing.month

    def files(self) -> dict[str, tuple[int, int]]:
        """Every file of the books but the lock and the registry, which notes newest events."""
        return {
            entry.path: (entry.stat().st_mtime_ns, entry.stat().st_ino)
            for entry in _files_below(self.office.folder)
            if not entry.name.startswith((".lock", REGISTRY_FILE))
        }

    def fits(self, model: Model) -> bool:
        """Whether books and registry are where a model is."""
        with self.office.registry() as registry:
            agree = not differences_of_registry(registry, model)
        return agree and not differences(self.office.books(), model)


def _files_below(folder: str | Path) -> list[os.DirEntry[str]]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            found += _files_below(entry.path) if entry.is_dir() else [entry]
    return found


def person_of(payee: Payee) -> Person:
    return Person(payee.town, payee.post, record_of(payee))


def of_other_bank(payee: Payee) -> Payee:
    account = with_luhn_digit(f"622700{payee.phone:0>12}")
    return replace(payee, bank="中国建设银行滕州支行", account=account)
