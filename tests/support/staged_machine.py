"""An office of three stages with lists of work and tax: the real commands against a model.

As :mod:`.state_machine` does for one stage, anything may happen next, and after every step the
books on the disk and ``status`` have to be where :mod:`.staged_model` is. Nobody has more than the
limit in all, and nobody is paid twice in a stage.
"""

from __future__ import annotations

import datetime
import shutil
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import rule
from samples.bank_upload import read_uploads

from importers.tables.cells import Cell
from ledger.base.money import plain
from ledger.books.held_books import brought_to_date
from ledger.books.held_books import load_held
from ledger.events.reversals import REVERSIBLE
from ledger.keys.places import snapshot_path
from ledger.model.accounts import INCOME_TAX
from tests.support.auditor import audit
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID as SUCCESS
from tests.support.bank_results import PENDING
from tests.support.bank_results import SENT_BACK
from tests.support.bank_results import correct
from tests.support.bank_results import result_file
from tests.support.held_books import require_like
from tests.support.model import DUE
from tests.support.model import IN_BANK
from tests.support.model import NEWS
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import UNKNOWN
from tests.support.model import first_of_next
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.office import with_luhn_digit
from tests.support.office_and_model import KEPT_EVERY
from tests.support.office_and_model import TOWNS
from tests.support.snapshots import require_kept_as_loaded
from tests.support.staged_comparison import assert_as_the_model_says
from tests.support.staged_model import S2
from tests.support.staged_model import S3
from tests.support.staged_model import STAGES
from tests.support.staged_model import Line
from tests.support.staged_model import StagedModel
from tests.support.state_machine import BANK_REFUSED
from tests.support.state_machine import CHOICE_BYTES
from tests.support.state_machine import Impossible
from tests.support.state_machine import possible
from tests.support.work_lists import ITEM
from tests.support.work_lists import work_list

RULES = f"""
2020-10-01 custom "census-stage" "S1" "清查摸底" "fixed"
2020-10-01 custom "census-stage" "S2" "入户登记" "per-unit" "天"
2020-10-01 custom "census-stage" "S3" "验收补差" "listed"
2020-10-01 custom "census-rate" "普查员" "S2" 50.01 CNY "{ITEM}"
  minimum: 200.00 CNY
  maximum: 1500.00 CNY
2020-10-01 custom "census-rate" "普查员" "S3" 500.00 CNY "{ITEM}"
2020-10-01 custom "census-limit" "普查员" 2400.00 CNY
2020-10-01 custom "census-tax" "普查员" """
DAYS = tuple(map(Decimal, ("0", "2.5", "8.5", "20", "31")))
AMOUNTS = tuple(map(Decimal, ("0", "120", "333.33", "500")))
COLUMNS = {S2: "天数", S3: "金额"}
ANSWERS = {PAID: SUCCESS, RETURNED: CLOSED, UNKNOWN: PENDING}

HAPPENINGS = (
    *["a_list_is_imported"] * 5,
    *["somebody_is_paid"] * 6,
    *["the_bank_answers"] * 8,
    *["an_account_is_corrected"] * 3,
    *["somebody_is_released"] * 2,
    *["a_mistake_is_reversed"] * 2,
    *["a_batch_is_submitted"] * 2,
    "a_batch_is_voided",
    "a_list_comes_again",
    "a_list_is_taken_back",
    "a_payment_is_cancelled",
    "somebody_is_registered",
    "days_pass",
    "the_month_ends",
    "the_tax_office_is_paid",
)  # fmt: skip


def prepare_stages(office: Office, tax_class: str) -> None:
    """Three stages, of a role that is so to the income tax, and enough money."""
    office.rule(f'{RULES}"{tax_class}"')
    office.receive(1_000_000)


class StagedOffice(RuleBasedStateMachine):
    """``said`` counts what has happened in all histories together."""

    taxed = True

    def __init__(self, template: Office, folder: Path, said: Counter[str]) -> None:
        super().__init__()
        self.said = said
        self.sound = True
        self.steps = 0
        self.remitted = 0
        self.office = template.copied(folder)
        self.model = StagedModel(self.taxed)
        self.before_newest: StagedModel | None = None
        self.events_seen: list[Path] = []
        # As a server holds the books, which never ends.
        self.held = load_held(self.office.folder)
        self.today = datetime.date(2020, 11, 10)
        self.chance = Random(0)
        self.fresh = count(1)
        self.files: list[tuple[str, Path, dict[str, Line]]] = []
        self.results: set[bytes] = set()
        for town in TOWNS:
            self.register(2, town)
        for stage in (S2, S3):
            self.new_list(stage, sorted(self.model.payments))

    @rule(choice=st.binary(min_size=CHOICE_BYTES, max_size=CHOICE_BYTES))
    def something_happens(self, choice: bytes) -> None:
        """What happens and every choice in it: leaving out one step changes no other."""
        self.sound = False
        self.chance.seed(int.from_bytes(choice))
        what = self.chance.choice(HAPPENINGS)
        note(f"{self.today} {what}:")
        try:
            getattr(self, what)()
        except Impossible:
            note("impossible")
        else:
            self.steps += 1
            self.said[what] += 1
            self.said["steps"] += 1
            self.check()
        self.sound = True

    def teardown(self) -> None:
        try:
            if self.sound and self.steps:
                assert self.office.check() == []
                report = audit(self.office.folder)
                assert (report.status, report.findings) == (0, []), report.text
        finally:
            shutil.rmtree(self.office.folder.parent)

    def run(self, *arguments: str | Path, effect: Callable[[StagedModel], bool]) -> None:
        """Run a command: it is refused when the model refuses, and then there is no new event."""
        was, events = deepcopy(self.model), len(self.office.events())
        answer = self.office.run(*arguments, "--date", str(self.today))
        note(f"census-ledger {' '.join(map(str, arguments))}: {answer.status} {answer.err}")
        done = effect(self.model)
        assert answer.status == (0 if done else 1), answer
        new = len(self.office.events()) - events
        assert done or not new, answer
        self.before_newest = was if new == 1 else None
        self.said["done" if done else "refused"] += 1

    # Lists.

    def a_list_is_imported(self) -> None:
        """Of some people: who is not on it keeps what an earlier one says."""
        payees = self.chance.sample(sorted(self.model.payments), self.chance.randint(1, 4))
        self.new_list(self.chance.choice([S2, S2, S3]), payees)

    def new_list(self, stage: str, payees: list[str]) -> None:
        says = DAYS if stage == S2 else AMOUNTS
        said = {}
        for payee in payees:
            amount = self.chance.choice(says)
            said[payee] = Line(amount, self.chance.choice([0, 0, 20, 50]) if amount else 0)
        number = next(self.fresh)
        with self.office.registry() as registry:
            known = {str(one.payee_id): one for one in registry.payees()}
        rows: list[list[Cell]] = [
            [
                *(known[payee].legal_name, known[payee].identity, float(line.says)),
                *((line.off, "漏登") if line.off else ("", "")),
            ]
            for payee, line in said.items()
        ]
        path = work_list(
            self.office.folder.with_name(f"工作量{number}.xlsx"),
            *rows,
            headings=("姓名", "身份证号", COLUMNS[stage], "扣减金额", "扣减原因"),
            title=f"工作量表{number}",
        )
        self.files.append((stage, path, said))
        self.take_list(stage, path, said)

    def a_list_comes_again(self) -> None:
        possible(len(self.files))
        self.take_list(*self.chance.choice(self.files))

    def take_list(self, stage: str, path: Path, said: dict[str, Line]) -> None:
        event = len(self.office.events())

        def effect(model: StagedModel) -> bool:
            new = model.takes(event, stage, path.name, said)
            assert len(self.office.events()) == event + new
            return True

        self.run("import", path, "--as", "workload", "--stage", stage, "--yes", effect=effect)

    def a_list_is_taken_back(self) -> None:
        """Any of them, also one by which a batch has paid."""
        taken = [number for number, one in enumerate(self.model.lists) if not one.gone]
        possible(len(taken))
        number = self.chance.choice(taken)
        self.run(
            "reverse", str(self.model.lists[number].event), "--reason", "导错了", "--yes",
            effect=lambda model: model.loses(model.lists[number]),
        )  # fmt: skip

    # Batches.

    def somebody_is_paid(self) -> None:
        """Whom the model takes, and the bank's files carry to each what it reckons."""
        stage, on = self.chance.choice(STAGES), self.today
        year = f"B{on.year}-"
        name = f"{year}{1 + sum(one.startswith(year) for one in self.model.batches):03d}"
        self.said.update(filter(None, self.model.waiting(stage, on).values()))
        self.run(
            "disburse", "--stage", stage, "--yes",
            effect=lambda model: model.prepare(name, stage, on),
        )  # fmt: skip
        if name in self.model.batches:
            rows = read_uploads(self.office.folder / "payouts" / name)
            batch = self.model.batches[name]
            assert sorted((row.account, row.fen) for row in rows) == sorted(batch.sent.values())
            self.said["taxed"] += bool(batch.tax)
            self.said["paid again"] += len(batch.new) < len(batch.sent)

    def a_batch_is_submitted(self) -> None:
        name = self.some_batch()
        self.run(
            "batch", "submit", name, "--yes",
            effect=lambda model: model.submit(name, self.today),
        )  # fmt: skip

    def a_batch_is_voided(self) -> None:
        name = self.some_batch()
        refused = BANK_REFUSED if self.model.batches[name].submitted else ()
        self.run(
            "batch", "void", name, "--yes", *refused, effect=lambda model: model.take_back(name)
        )

    def the_bank_answers(self) -> None:
        """For some people of a batch, mostly one that waits for it. What fits several batches and
        names none is asked for.
        """
        live = [
            name
            for name, batch in self.model.batches.items()
            if not batch.void and {NEWS.get(state) for state in batch.outcomes.values()} != {None}
        ]
        possible(len(live))
        open_ = [name for name in live if self.model.batches[name].state != "settled"]
        name = self.chance.choice(open_ if open_ and self.chance.random() < 0.8 else live)
        batch = self.model.batches[name]
        everybody = self.chance.random() < 0.6
        words = {
            payee: self.chance.choice(NEWS[state])
            for payee, state in batch.outcomes.items()
            if state in NEWS
            and (state != PAID or self.chance.random() < 0.2)
            and (everybody or self.chance.random() < 0.5)
        }
        possible(len(words))
        answers = {
            payee: SENT_BACK if batch.outcomes[payee] == PAID else ANSWERS[word]
            for payee, word in words.items()
        }
        path = result_file(self.office, answers, batch=name, name=f"回盘{next(self.fresh)}.csv")
        content = path.read_bytes()
        # Of a file that came before it is known what it was of.
        named = ("--batch", name) if content in self.results or self.chance.random() < 0.7 else ()
        self.results.add(content)
        fits = [name] if named else self.model.with_payments_of(name, [*words])
        self.said["result of several batches"] += len(fits) > 1
        self.run(
            "import", path, *named, "--yes",
            effect=lambda model: fits == [name] and model.answers(name, words),
        )  # fmt: skip

    # People.

    def register(self, people: int, town: str) -> None:
        for payee in self.office.register(people, town=town):
            self.model.register(payee.payee_id, payee.account)

    def somebody_is_registered(self) -> None:
        possible(len(self.model.payments) < 8)
        self.register(1, self.chance.choice(TOWNS))

    def an_account_is_corrected(self) -> None:
        """Mostly of somebody whose money came back; now and then the old one is back."""
        back = [payee for payee, _stage, at in self.model.every() if at.state == RETURNED]
        payee = self.chance.choice(back) if back else self.somebody()
        account = with_luhn_digit(f"621521{500_000_000 + next(self.fresh)}")
        old = [at.came_back for at in self.model.payments[payee].values() if at.came_back]
        if old and self.chance.random() < 0.2:
            account = self.chance.choice(old)
        possible(account != self.model.accounts[payee])
        correct(self.office, payee, account=account)
        self.model.accounts[payee] = account

    def somebody_is_released(self) -> None:
        """Mostly who waits for it."""
        stage, on = self.chance.choice(STAGES), self.today
        waiting = [payee for payee, why in self.model.waiting(stage, on).items() if why]
        payee = self.chance.choice(waiting) if waiting else self.somebody()
        self.run(
            "payees", "release", payee, "--stage", stage, "--reason", "已核实", "--yes",
            effect=lambda model: model.release(payee, stage, on),
        )  # fmt: skip

    def a_payment_is_cancelled(self) -> None:
        back = [(payee, stage) for payee, stage, at in self.model.every() if at.state == RETURNED]
        anybody = (self.somebody(), self.chance.choice(STAGES))
        payee, stage = self.chance.choice(back) if back else anybody
        self.run(
            "payees", "cancel", payee, "--stage", stage, "--reason", "离职", "--yes",
            effect=lambda model: model.cancel(payee, stage),
        )  # fmt: skip

    def a_mistake_is_reversed(self) -> None:
        """Right after it was made: then nothing can be built upon it."""
        before = self.before_newest
        if before is None:
            raise Impossible
        newest = self.office.books().history.events[-1]
        possible(newest.kind in REVERSIBLE)
        before.accounts = self.model.accounts
        before.payments |= {
            payee: stages
            for payee, stages in self.model.payments.items()
            if payee not in before.payments
        }

        def effect(model: StagedModel) -> bool:
            vars(model).update(vars(before))
            return True

        self.run("reverse", str(newest.seq), "--reason", "导错了", "--yes", effect=effect)
        self.before_newest = None
        self.said[f"reversed {newest.kind}"] += 1

    def days_pass(self) -> None:
        self.today += datetime.timedelta(self.chance.randint(1, 5))

    def the_month_ends(self) -> None:
        self.today = first_of_next(str(self.today)[:7])

    def the_tax_office_is_paid(self) -> None:
        """All that is due, by hand; what is taken back afterwards it owes."""
        due = self.withheld() - self.remitted
        possible(due > 0)
        postings = f"  {INCOME_TAX}  {plain(due)} CNY\n  {BANK}"
        self.office.hand(f'{self.today} * "税务局" "缴税"\n{postings}')
        self.remitted += due

    def withheld(self) -> int:
        return sum(at.tax for _payee, _stage, at in self.model.every())

    def somebody(self) -> str:
        return self.chance.choice(sorted(self.model.payments))

    def some_batch(self) -> str:
        possible(len(self.model.batches))
        return self.chance.choice(sorted(self.model.batches)[-4:])

    # What holds.

    def check(self) -> None:
        """The books and ``status`` say what the model says, and nobody has too much."""
        events = self.office.events()
        if events != self.events_seen:
            self.events_seen = events
            books = self.office.books()
            assert_as_the_model_says(books, self.model)
            self.held = brought_to_date(self.held, self.office.folder)
            require_like(self.held, books)
            if len(events) % KEPT_EVERY == 0:
                require_kept_as_loaded(books, snapshot_path(self.office.key))
        self.status_is_right()

    def status_is_right(self) -> None:
        """People of each stage, what was charged for them, and the tax that is due."""
        said = self.office.status(str(self.today))
        expected = {}
        for stage in STAGES:
            waiting = self.model.waiting(stage, self.today)
            states = Counter(
                stages[stage].state
                for payee, stages in self.model.payments.items()
                if waiting.get(payee) != "not_listed"
            )
            blocked = [reason for reason in waiting.values() if reason not in ("", "not_listed")]
            charged = sum(at.fen for _payee, where, at in self.model.every() if where == stage)
            expected[stage] = {
                "registered": states.total(),
                "blocked": len(blocked),
                **{one: states[one] for one in (DUE, IN_BANK, PAID, RETURNED, UNKNOWN)},
                "amount": plain(charged),
            }
        found = {one.pop("code"): one for one in said["stages"] if one.pop("name")}
        assert found == expected
        # Of whom the tax office was paid for and who was cancelled, it owes the county.
        due = plain(max(0, self.withheld() - self.remitted))
        assert said["cash"]["tax_due"] == due


class UntaxedOffice(StagedOffice):
    """The same three stages, of a role that is paid wages."""

    taxed = False


# How the role stands to the income tax, and the office of it.
STAGED = {"劳务报酬": StagedOffice, "工资薪金": UntaxedOffice}
