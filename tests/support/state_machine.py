"""Thousands of steps of an office, its towns and its bank: the real commands against a model.

Anything may happen next: people are registered, money comes, batches are made, submitted, voided
and refused, the bank answers as badly as it can (:mod:`.adversarial_bank`), towns correct
records, people are released or cancelled, and the power fails in the middle of a command. After
every step the books on the disk have to be where the model is (:mod:`.model`), and what the
bank really did with the money is never more than one subsidy a person.

Hypothesis makes the histories up and reports a failure as a short one that shows it, with the
story in words. Every case takes its own share of the steps from its own seeds, and always the same
ones. For a longer run::

    pytest tests/whole/test_state_machine.py --machine-steps=100000 -n auto
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple
from typing import TypeVar

from hypothesis import Phase
from hypothesis import note
from hypothesis import seed
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test
from samples.bank import PAID as SUCCESS
from samples.bank import Decision
from samples.bank import Fate
from samples.bank import Outcome
from samples.bank import returned
from samples.bank_upload import read_uploads
from samples.bank_words import USUAL_REASONS
from samples.correction import correct as correct_sheet

from importers.tables.cells import Cell
from ledger.base import records
from ledger.events.event_file import digests_of_events
from ledger.events.reversals import REVERSIBLE
from ledger.keys.default_operator import write_default_operator
from ledger.keys.places import default_operator_path
from ledger.keys.places import witness_path
from ledger.keys.witness import NOTHING_LOGGED
from ledger.keys.witness import read_witness
from ledger.model.history import payee_links
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.payees import payee_id
from ledger.model.transitions import EventKind
from ledger.registry.change_log import ADDED
from tests.support.adversarial_bank import AdversarialBank
from tests.support.adversarial_bank import Money
from tests.support.adversarial_money import Key
from tests.support.adversarial_money import Movement
from tests.support.adversarial_results import ORDINARY_FORMS
from tests.support.adversarial_results import UNCLEAR_TEXTS
from tests.support.adversarial_results import ResultSent
from tests.support.adversarial_results import Verdict
from tests.support.adversarial_results import written
from tests.support.bank_results import correct
from tests.support.model import BEGAN
from tests.support.model import IN_BANK
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import SUBSIDY
from tests.support.model import UNDER_WAY
from tests.support.model import UNKNOWN
from tests.support.model import Model
from tests.support.model import first_of_next
from tests.support.model_comparison import sheet_records
from tests.support.office import Office
from tests.support.office import codes
from tests.support.office import with_check_digit
from tests.support.office import with_luhn_digit
from tests.support.office_and_model import APPROVALS
from tests.support.office_and_model import FUNDS
from tests.support.office_and_model import OPERATORS
from tests.support.office_and_model import TOWNS
from tests.support.office_and_model import OfficeAndModel
from tests.support.office_and_model import of_other_bank
from tests.support.office_and_model import person_of
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person as roster_row
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.tengzhou import PROGRAMME

CASES = 10
# Of what is tried nearly half is impossible at that moment, and is no step.
TRIED_IN_A_HISTORY = 100
STEPS_OF_A_HISTORY = 60
# Hypothesis also chooses constants of that length out of the modules that happen to be loaded, and
# no two runs would be the same. There are none of seven.
CHOICE_BYTES = 7
MOST_CHANGES_OF_A_COMMAND = 45
BANK_REFUSED = ("--bank-refused", "文件格式错")
WORDS = {Fate.PAID: PAID, Fate.LATER: PAID, Fate.PENDING: UNKNOWN, Fate.RETURNED: RETURNED}

Happening = TypeVar("Happening", bound=Callable[..., None])
HAPPENINGS: list[str] = []


def happens(often: int) -> Callable[[Happening], Happening]:
    """Something that can happen next, ``often`` times as likely as the rarest."""

    def remember(happening: Happening) -> Happening:
        HAPPENINGS.extend([happening.__name__] * often)
        return happening

    return remember


class Impossible(Exception):
    """It cannot happen now: nothing was changed, and it is no step."""


class Step(NamedTuple):
    """What happens, and the seed of every choice in it: leaving out one step changes no other."""

    what: str
    seed: int

    @classmethod
    def of(cls, choice: bytes) -> Step:
        """Of some bytes: numbers Hypothesis would choose small, and two draws cut short later."""
        what = int.from_bytes(choice[:2]) * len(HAPPENINGS) >> 16
        return cls(HAPPENINGS[what], int.from_bytes(choice[2:]))


class CensusOffice(RuleBasedStateMachine):
    """``bank`` knows the truth, ``desk.model`` what the books have to say.

    ``said`` counts what has happened in all histories together.
    """

    def __init__(self, template: Office, folder: Path, said: Counter[str]) -> None:
        super().__init__()
        self.said = said
        self.sound = True
        self.steps = 0
        self.desk = OfficeAndModel(template, folder, note, APPROVALS)
        self.office = self.desk.office
        self.older = folder / "older"
        self.chance = Random(0)
        self.bank = AdversarialBank(self.chance)
        self.at_bank: set[str] = set()
        self.payments: dict[Key, str] = {}
        self.lied_about: set[str] = set()
        self.files: list[ResultSent] = []
        self.new_files: list[ResultSent] = []
        self.lines: list[Movement] = []
        self.fresh = count(1)
        self.desk.receive("01", 4)
        self.desk.register(2, TOWNS[0])
        self.desk.register(2, TOWNS[1], of_other_bank)

    @property
    def model(self) -> Model:
        return self.desk.model

    def happen(self, step: Step) -> None:
        note(f"{step.what}:")
        self.chance.seed(step.seed)
        if step.what not in ("a_mistake_is_reversed", "the_power_will_fail"):
            self.desk.before_newest = None
        getattr(self, step.what)()
        self.steps += 1
        self.said[step.what] += 1
        self.said["steps"] += 1
        self.desk.check_books()
        self.nobody_has_received_more_than_one_subsidy()
        self.nothing_is_paid_that_lacks_an_approval()

    def nobody_has_received_more_than_one_subsidy(self) -> None:
        """Unless the bank has said of money that is with the payee that it came back."""
        moved = [self.payments[key] for key, m in self.bank.money.items() if m is Money.MOVED]
        assert {payee for payee in moved if moved.count(payee) > 1} <= self.lied_about

    def nothing_is_paid_that_lacks_an_approval(self) -> None:
        """Nor submitted, nor with papers that somebody could pay by; each is by somebody else."""
        payouts = self.office.folder / "payouts"
        for name, batch in self.model.batches.items():
            people = [batch.made_by, *batch.approvals.values()]
            assert len({*people}) == len(people)
            held = bool(batch.lacks)
            assert (payouts / ".held" / name).is_dir() is held
            assert (payouts / name).exists() is not held
            if held:
                assert not batch.submitted
                assert not batch.taken
                assert name not in self.at_bank

    def teardown(self) -> None:
        try:
            if self.sound and self.steps:
                self.desk.check_answers()
        finally:
            self.said.update(self.desk.said)
            shutil.rmtree(self.office.folder.parent)

    # Batches.

    @happens(often=4)
    def the_bank_gets_the_files(self) -> None:
        """It finds in them what the model has sent: every account once, and 800.00 for each."""
        live = {name for name, batch in self.model.batches.items() if batch.is_the_banks}
        batch = self.one_of(sorted(live - self.at_bank))
        rows = read_uploads(self.office.folder / "payouts" / batch)
        sent = self.model.batches[batch].sent
        assert sorted((row.name, row.account, row.fen) for row in rows) == sorted(
            (record["bank_name"], record["account"], SUBSIDY) for record in sent.values()
        )
        self.payments |= {row.key: self.payee_of(batch, row.account) for row in rows}
        self.bank.submit(batch, rows)
        self.at_bank.add(batch)

    @happens(often=2)
    def everybody_is_paid(self) -> None:
        self.desk.disburse()

    @happens(often=2)
    def some_are_paid(self) -> None:
        towns = self.chance.sample(TOWNS, self.chance.randint(0, 2))
        fund = self.chance.choice(["", *FUNDS])
        self.desk.disburse(towns, fund, limit=self.chance.random() < 0.7)

    @happens(often=3)
    def a_batch_is_submitted(self) -> None:
        ready = [name for name, one in self.model.batches.items() if one.state == "approved"]
        self.submit(self.chance.choice(ready) if ready else self.some_batch(), self.some_day())

    def submit(self, batch: str, on: datetime.date) -> None:
        self.desk.run(
            "batch", "submit", batch, "--yes", "--date", str(on),
            effect=lambda model: model.submit(batch, on),
        )  # fmt: skip

    @happens(often=3)
    def a_batch_is_approved(self) -> None:
        """Mostly one that waits for it; by anybody."""
        batch = self.a_waiting_batch() if self.chance.random() < 0.9 else self.some_batch()
        self.approve(batch, self.chance.choice(OPERATORS), self.some_day())

    @happens(often=8)
    def others_look_at_a_batch_and_it_is_submitted(self) -> None:
        """Who has not made it and not approved it yet does."""
        batch, on = self.a_waiting_batch(), self.desk.today
        known = self.model.batches[batch]
        busy = {known.made_by, *known.approvals.values()}
        others = [operator for operator in OPERATORS if operator not in busy]
        for operator in others[: len(known.lacks)]:
            self.approve(batch, operator, on)
        self.submit(batch, on)

    def approve(self, batch: str, by: str, on: datetime.date) -> None:
        self.desk.run(
            "--operator", by, "batch", "approve", batch, "--yes", "--date", str(on),
            effect=lambda model: model.approve(batch, on, by),
        )  # fmt: skip

    @happens(often=1)
    def a_batch_is_rejected(self) -> None:
        batch, by, on = self.some_batch(), self.chance.choice(OPERATORS), self.some_day()
        self.desk.run(
            "--operator", by, "batch", "reject", batch, "--reason", "金额不对", "--yes",
            "--date", str(on), effect=lambda model: model.reject(batch, on, by),
        )  # fmt: skip

    @happens(often=1)
    def a_batch_is_voided(self) -> None:
        """Nobody takes back what the bank is paying, or says in vain that it has refused."""
        batch, on = self.some_batch(), self.some_day()
        refused = self.chance.random() < 0.6 and self.bank_refuses(batch)
        if batch in self.at_bank and not refused and not self.model.batches[batch].submitted:
            raise Impossible
        self.desk.run(
            "batch", "void", batch, "--yes", "--date", str(on), *(BANK_REFUSED if refused else ()),
            effect=lambda model: model.take_back(batch, on, bank_refused=refused),
        )  # fmt: skip

    @happens(often=1)
    def one_file_is_refused(self) -> None:
        """The office believes the bank; where the books know better, it is refused."""
        file = self.one_of(sorted({file for file, _row in self.payments}))
        batch, on = file[: len("B2020-001")], self.desk.today
        payees = [payee for key, payee in self.payments.items() if key[0] == file]
        refused = self.bank_refuses(batch, file)
        if not refused and deepcopy(self.model).refuse_file(batch, payees, on):
            raise Impossible
        self.desk.run(
            "batch", "void", batch, "--yes", "--date", str(on), "--file", file, *BANK_REFUSED,
            effect=lambda model: model.refuse_file(batch, payees, on),
        )  # fmt: skip

    @happens(often=1)
    def a_signed_list_is_filed(self) -> None:
        """Now and then one that is filed already, or with a void batch."""
        batch, on = self.some_batch(), self.some_day()
        content = b"%PDF-" + bytes([self.chance.randint(0, 9)])
        path = self.office.folder.with_name("签字名单.pdf")
        path.write_bytes(content)
        self.desk.run(
            "batch", "attach", batch, path, "--date", str(on),
            effect=lambda model: model.attach(batch, content, on),
        )  # fmt: skip

    # Money and people.

    @happens(often=1)
    def some_were_paid_before_the_books(self) -> None:
        """Anybody is said to have been, on a day before the first batch or on one after it."""
        chosen = self.chance.sample(sorted(self.model.people), self.chance.randint(1, 2))
        # In the month in which the books begin: a month before it would be one to close.
        day = self.chance.choice([datetime.date(2020, 11, 2), self.some_day()])
        with self.office.registry() as registry:
            known = {one.payee_id: one for one in registry.payees()}
        rows = [
            [known[PayeeId(payee)].legal_name, payee, str(day), "800.00", f"记-{next(self.fresh)}"]
            for payee in chosen
        ]
        lines = [["姓名", "人员编号", "发放日期", "金额", "凭证号"], *rows]
        path = self.office.folder.with_name("建账前已付.csv")
        path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
        self.desk.run(
            "import", path, "--as", "paid-before", "--yes",
            effect=lambda model: model.pay_before(chosen, day, datetime.date.max),
        )  # fmt: skip
        self.said["paid before"] += any(self.model.people[one].since == day for one in chosen)

    @happens(often=3)
    def money_arrives(self) -> None:
        self.desk.receive(self.chance.choice(sorted(FUNDS)), self.chance.randint(1, 4))

    @happens(often=1)
    def money_is_spent(self) -> None:
        """Some of what is free goes elsewhere, so that less is left than people are owed."""
        free = min(self.model.cash, self.model.room("01")) // 100
        self.desk.spend(self.chance.randint(1, possible(free // 2)))

    @happens(often=2)
    def days_pass(self) -> None:
        self.desk.today += datetime.timedelta(self.chance.randint(1, 3))

    # Months.

    @happens(often=2)
    def the_month_ends(self) -> None:
        first = first_of_next(str(self.desk.today)[:7])
        self.desk.today = first + datetime.timedelta(self.chance.choice([0, 0, 1, 2]))

    @happens(often=3)
    def a_month_is_closed(self) -> None:
        """Mostly the one that is due; now and then one that is not over, or out of order."""
        this = self.desk.today.replace(day=1)
        due = str(self.model.open_from)[:7] if self.model.closed else BEGAN
        before = [str(this - datetime.timedelta(days))[:7] for days in (0, 1, 40)]
        on = self.desk.today
        month = due
        if first_of_next(due) > on or self.chance.random() < 0.3:
            possible(self.chance.random() < 0.3)
            month = self.chance.choice(before)
        closed = len(self.model.closed)
        self.desk.run(
            "month", "close", month, "--yes", "--date", str(on),
            effect=lambda model: model.close(month, on),
        )  # fmt: skip
        self.said["closed"] += len(self.model.closed) > closed

    @happens(often=1)
    def a_month_is_opened_again(self) -> None:
        month, on = self.one_of(self.model.closed), self.desk.today
        self.desk.run(
            "month", "reopen", month, "--reason", "漏记一笔", "--yes", "--date", str(on),
            effect=lambda model: model.reopen(month),
        )  # fmt: skip

    @happens(often=1)
    def people_are_registered(self) -> None:
        change = of_other_bank if self.chance.random() < 0.4 else None
        self.desk.register(self.chance.randint(1, 2), self.chance.choice(TOWNS), change)

    @happens(often=1)
    def a_second_person_is_registered_on_a_post(self) -> None:
        _role, block = self.model.people[self.somebody()].post.split(":")
        self.desk.register(1, block[:9], lambda new: records.replace(new, block=block))

    @happens(often=1)
    def a_roster_is_imported(self) -> None:
        self.office.people += 1
        path = self.office.folder.with_name(f"花名册{self.office.people}.xlsx")
        path.write_bytes(roster(roster_row(self.office.people)))
        self.import_roster(path)

    @happens(often=2)
    def a_roster_is_taken_back(self) -> None:
        """Who came by it, was in no batch and was decided nothing about is nobody. What was taken
        back may come again.
        """
        with self.office.registry() as registry:
            taken = [one for one in registry.imports.all() if one.name.startswith("花名册")]
            if not taken:
                raise Impossible
            one = self.chance.choice(taken)
            came = [payee_id(row.serial) for row in registry.log.by(one.sha256)
                    if row.field == ADDED]  # fmt: skip
        if one.taken_back:
            # Of who stayed and was corrected since, the old number would come as somebody else.
            possible(not set(came) & self.model.people.keys())
            self.import_roster(self.office.folder.with_name(one.name))
            return
        sent = [batch for batch in self.model.batches.values() if set(came) & batch.outcomes.keys()]
        if sent and all(batch.void for batch in sent):
            raise Impossible

        def effect(model: Model) -> bool:
            for payee in came:
                person = model.people.get(payee)
                stays = sent or (person and (person.released or person.decided))
                # Who was paid before the books is in no batch, and stays too.
                if person and person.state != PAID and not stays:
                    del model.people[payee]
            return True

        self.desk.run(
            "imports", "take-back", one.id, "--reason", "导错", "--yes", "--date",
            str(self.desk.today), effect=effect,
        )  # fmt: skip

    def import_roster(self, path: Path) -> None:
        def effect(model: Model) -> bool:
            with self.office.registry() as registry:
                new = [p for p in registry.payees() if p.payee_id not in model.people]
            model.people |= {payee.payee_id: person_of(payee) for payee in new}
            return True

        self.desk.run("import", path, "--date", str(self.desk.today), effect=effect)

    @happens(often=1)
    def the_power_will_fail(self) -> None:
        """The next command is killed before one of its changes to the disk."""
        if not hasattr(os, "fork"):
            raise Impossible
        self.desk.power_fails_at = self.chance.randint(1, MOST_CHANGES_OF_A_COMMAND)

    # Who works, and what is put back.

    @happens(often=1)
    def another_operator_takes_over(self) -> None:
        """Somebody who may do everything."""
        self.desk.by = self.one_of([*OPERATORS])
        write_default_operator(default_operator_path(self.office.key), self.desk.by)

    @happens(often=1)
    def a_copy_of_the_books_is_kept(self) -> None:
        shutil.rmtree(self.older, ignore_errors=True)
        shutil.copytree(self.office.folder, self.older)

    @happens(often=2)
    def an_older_copy_is_put_back(self) -> None:
        """Nobody is paid again by it, whatever command comes; then the right one is found."""
        if not self.older.exists() or self.is_all_that_was_seen(self.older):
            raise Impossible
        aside = self.office.folder.with_name("aside")
        self.office.folder.rename(aside)
        shutil.copytree(self.older, self.office.folder)
        events = self.office.events()
        for command in ("disburse --yes --limit-to-funds", "batch submit B2020-001 --yes"):
            answer = self.office.run(*command.split(), "--date", str(self.desk.today))
            assert answer.status == 1, answer
        assert self.office.events() == events
        assert "witness" in codes(self.office.check())
        shutil.rmtree(self.office.folder)
        aside.rename(self.office.folder)

    def is_all_that_was_seen(self, folder: Path) -> bool:
        """Whether a copy has everything that this machine has seen."""
        seen = read_witness(witness_path(self.office.key))
        with replace(self.office, folder=folder).registry() as registry:
            log = {NOTHING_LOGGED, *(entry.digest for entry in registry.log.entries())}
        events = tuple(digests_of_events(folder))
        return seen is None or (seen.events == events and seen.log_head in log)

    # What the bank does, and says.

    @happens(often=6)
    def the_bank_answers(self) -> None:
        """It decides some payments, and files come of it: in parts, again, bent."""
        batch = self.one_of(sorted(self.at_bank))
        self.bank.settle(batch, everything=self.chance.random() < 0.4)
        self.new_files += self.bank.result_files(batch)

    @happens(often=3)
    def paid_money_comes_back(self) -> None:
        batch = self.one_of(sorted(self.at_bank))
        late = self.bank.give_back(batch)
        if late is None:
            raise Impossible
        self.new_files.append(self.file_of(batch, late))

    @happens(often=3)
    def the_bank_contradicts_itself(self) -> None:
        """It says the opposite of the truth about a payment: who was paid, and is said to have
        been returned, may be paid twice. No office can know."""
        batch = self.one_of(sorted(self.at_bank))
        row = self.one_of(self.bank.answers(batch)).row
        lie = SUCCESS
        if self.bank.money[row.key] in (Money.MOVED, Money.UNDECIDED):
            lie = returned(self.chance.choice(USUAL_REASONS), self.chance)
            self.lied_about.add(self.payments[row.key])
        self.new_files.append(self.file_of(batch, Decision(row, lie)))

    @happens(often=2)
    def the_bank_speaks_in_words_that_nobody_knows(self) -> None:
        """Of a payment that it has answered for: nobody knows whether the money has moved again."""
        batch = self.one_of(sorted(self.at_bank))
        row = self.one_of(self.bank.answers(batch)).row
        unclear = Outcome(Fate.PENDING, self.chance.choice(UNCLEAR_TEXTS), "UNCLEAR")
        self.new_files.append(self.file_of(batch, Decision(row, unclear)))

    @happens(often=12)
    def a_result_is_imported(self) -> None:
        """The newest files come first, and any file may come again."""
        news = self.new_files and self.chance.random() < 0.8
        file = self.new_files.pop() if news else self.one_of(self.files)
        self.files.append(file)
        on = self.some_day()
        path = self.office.folder.with_name(file.name)
        path.write_bytes(file.content)
        said = {self.payee_of(file.batch, d.row.account): word_of(d) for d in file.decisions}
        note(f"{file.trick or 'honest'}: {said}")
        if file.verdict is Verdict.EITHER:
            self.doubtful_result_is_imported(file, path, said, on)
            return
        named = ("--batch", file.batch) if self.chance.random() < 0.5 else ()
        self.desk.run(
            "import", path, "--date", str(on), *named,
            effect=lambda model: (
                file.verdict is Verdict.TAKE
                and model.answers(file.batch, said, on, file=file.content)
            ),
        )  # fmt: skip

    def doubtful_result_is_imported(
        self, file: ResultSent, path: Path, said: dict[str, tuple[str, str]], on: datetime.date
    ) -> None:
        """It may be taken or not: then nobody has become what the bank did not say."""
        files = self.desk.files()
        answer = self.office.run("import", path, "--date", str(on), "--batch", file.batch, "--json")
        if answer.status:
            assert self.desk.files() == files
            return
        (outcome,) = answer.json["files"]
        batch = self.office.books().history.batches[BatchId(file.batch)]
        answers = {
            payee: (PAID, "") if said[payee][0] == PAID else (UNKNOWN, "UNCLEAR")
            for payee in outcome["disputed"]
        }
        for payee, known in self.model.batches[file.batch].outcomes.items():
            payee_id = PayeeId(payee)
            if batch.outcomes[payee_id] != known:
                answers[payee] = (batch.outcomes[payee_id].value, batch.reasons.get(payee_id, ""))
        for payee, (word, _reason) in answers.items():
            assert word == UNKNOWN or said[payee][0] == word, (payee, word)
        assert self.model.answers(file.batch, answers, on, file=file.content)

    @happens(often=4)
    def the_bank_sends_a_statement(self) -> None:
        lines = self.bank.statement()
        possible(len(lines))
        self.lines += lines

    @happens(often=8)
    def a_line_of_the_statement_is_entered(self) -> None:
        """The bank takes nothing that is not in the account: its line comes later."""
        line = self.one_of(
            [line for line in self.lines if line.refund or line.fen <= self.model.bank]
        )
        self.lines.remove(line)
        note(line.entry(str(self.desk.today)))
        self.office.hand(line.entry(str(self.desk.today)))
        for batch, fen in line.fen_by_batch.items():
            self.model.take(batch, -fen if line.refund else fen)

    # What towns and people decide.

    @happens(often=4)
    def a_record_is_corrected(self) -> None:
        """Or what came back is put back."""
        back = [p for p, person in self.model.people.items() if person.state == RETURNED]
        payee = self.chance.choice(back) if back else self.somebody()
        person, number = self.model.people[payee], next(self.fresh)
        account = {"account": with_luhn_digit(f"621521{500_000_000 + number}")}
        changes = self.chance.choice([
            account, account, account,
            {"bank_name": f"{person.record['bank_name'][:2]}{'甲乙丙丁'[number % 4]}"},
            {"identity": with_check_digit(f"37048119590202{number:03d}")},
            {"bank": f"滕州农商行第{number}支行"},
            person.came_back or account,
        ])  # fmt: skip
        note(f"{payee} is corrected: {changes}")
        on = max(datetime.date(2020, 1, 1), self.model.open_from)
        correct(self.office, payee, on=str(on), **changes)
        person.change(changes)
        person.decided = True

    @happens(often=1)
    def a_corrected_sheet_is_imported(self) -> None:
        """The town corrects what the bank objected to; an old sheet brings old records back, unless
        money is out by then and nobody has said why."""
        sheets = self.office.folder.with_name("退回更正").glob("B*.xlsx")
        sheet = self.one_of(sorted(sheets))
        corrected = self.office.folder.with_name(f"已改-{sheet.name}")
        correct_sheet(sheet, corrected, seed=self.chance.randrange(1000))
        content, rows = corrected.read_bytes(), sheet_records(corrected)
        reason = ("--reason", "镇街来函") if self.chance.random() < 0.2 else ()
        self.desk.run(
            "import", corrected, "--date", str(self.desk.today), "--yes", *reason,
            effect=lambda model: model.sheet_says(content, rows, reason=bool(reason)),
        )  # fmt: skip

    @happens(often=2)
    def a_roster_has_another_account(self) -> None:
        """Of somebody to whom money is out, mostly: then the change is held."""
        out = [p for p, one in self.model.people.items() if one.state in (IN_BANK, PAID, UNKNOWN)]
        payee = self.chance.choice(out) if out and self.chance.random() < 0.8 else self.somebody()
        account = with_luhn_digit(f"621521{500_000_000 + next(self.fresh)}")
        path = self.office.folder.with_name(f"变更{account}.xlsx")
        path.write_bytes(self.roster_of(payee, account))
        reason = ("--reason", "镇街来函") if self.chance.random() < 0.2 else ()
        self.desk.run(
            "import", path, "--date", str(self.desk.today), "--yes", *reason,
            effect=lambda model: model.roster_says(
                payee, {"account": account}, reason=bool(reason)
            ),
        )  # fmt: skip

    @happens(often=2)
    def a_held_change_is_decided(self) -> None:
        """Mostly of somebody of whom there is one."""
        waiting = [payee for payee, person in self.model.people.items() if person.held]
        payee = self.chance.choice(waiting) if waiting else self.somebody()
        verb = self.chance.choice(["confirm", "confirm", "decline"])
        self.desk.run(
            "payees", verb, payee, "--reason", "本人来函", "--date", str(self.desk.today), "--yes",
            effect=lambda model: model.decide(payee, confirmed=verb == "confirm"),
        )  # fmt: skip

    @happens(often=1)
    def the_bank_spells_a_name_in_its_way(self) -> None:
        payee, number = self.somebody(), next(self.fresh)
        name = f"王{'甲乙丙丁'[number % 4]}{'子丑寅卯'[number // 4 % 4]}"

        def effect(model: Model) -> bool:
            news = model.people[payee].record["bank_name"] != name
            model.people[payee].change({"bank_name": name} if news else {})
            model.people[payee].decided |= news
            return news

        self.desk.run(
            "payees", "set-bank-name", payee, name, "--reason", "银行写法",
            "--date", str(self.desk.today), "--yes", effect=effect,
        )  # fmt: skip

    @happens(often=2)
    def a_post_is_corrected(self) -> None:
        """To one that nobody holds, in any town, or to that of somebody else."""
        payee, number = self.somebody(), next(self.fresh)
        free = f"{self.model.people[self.somebody()].town}{number % 1_000_000:06d}"
        taken = self.model.people[self.somebody()].post.partition(":")[2]
        code = self.chance.choice([free, taken])
        self.desk.run(
            "payees", "set-post", payee, code, "--reason", "镇街来函",
            "--date", str(self.desk.today), "--yes",
            effect=lambda model: model.move(payee, code),
        )  # fmt: skip

    @happens(often=1)
    def somebody_leaves_or_comes_back(self) -> None:
        left = [payee for payee, person in self.model.people.items() if not person.active]
        back = bool(left) and self.chance.random() < 0.6
        payee = self.chance.choice(left) if back else self.somebody()
        self.desk.run(
            "payees", "activate" if back else "deactivate", payee, "--reason", "镇街来函",
            "--date", str(self.desk.today), "--yes",
            effect=lambda model: model.leave(payee, back=back),
        )  # fmt: skip

    @happens(often=3)
    def people_are_released(self) -> None:
        """One or two of them; mostly who waits for it."""
        waiting = [payee for payee, reason in self.model.waiting(self.desk.today).items() if reason]
        candidates = waiting if waiting and self.chance.random() < 0.8 else [*self.model.people]
        payees = self.chance.sample(candidates, min(len(candidates), self.chance.randint(1, 2)))
        on = self.some_day()
        self.desk.run(
            "payees", "release", *payees, "--reason", "已核实", "--date", str(on), "--yes",
            effect=lambda model: model.release(payees, on),
        )  # fmt: skip

    @happens(often=1)
    def a_class_of_returns_is_released(self) -> None:
        batch, on = self.some_batch(), self.desk.today
        reason = self.chance.choice([*self.model.batches[batch].reasons.values(), "FROZEN"])
        self.desk.run(
            "payees", "release", "--batch", batch, "--class", reason,
            "--reason", "已核实", "--date", str(on), "--yes",
            effect=lambda model: model.release(model.returned_of(batch, reason, on), on),
        )  # fmt: skip

    @happens(often=1)
    def a_payment_is_cancelled(self) -> None:
        back = [p for p, person in self.model.people.items() if person.state == RETURNED]
        payee = self.chance.choice(back) if back else self.somebody()
        on = self.some_day()
        self.desk.run(
            "payees", "cancel", payee, "--reason", "离职", "--date", str(on), "--yes",
            effect=lambda model: model.cancel(payee, on),
        )  # fmt: skip

    @happens(often=4)
    def a_mistake_is_reversed(self) -> None:
        """Right after it was made: then nothing can be built upon it."""
        before = self.desk.before_newest
        if before is None:
            raise Impossible
        newest = self.office.books().history.events[-1]
        possible(newest.kind in REVERSIBLE)
        moved = [payee for entry in newest.entries for payee in payee_links(entry)]
        if newest.kind is EventKind.PAID_BEFORE:
            moved = []  # On its own days: that she was paid then has never been.
        on = self.desk.today
        # A list that is taken back leaves the batch's own days alone.
        stays = NO_BATCH if newest.kind is EventKind.ATTACHED else newest.batch
        self.desk.run(
            "reverse", str(newest.seq), "--reason", "导错了文件", "--date", str(on), "--yes",
            effect=lambda model: model.be_again(before, stays, moved, on),
        )  # fmt: skip
        self.desk.before_newest = None
        self.said["reversed"] += 1

    # Choices.

    def one_of(self, candidates: list[Choice]) -> Choice:
        possible(len(candidates))
        return self.chance.choice(candidates)

    def a_waiting_batch(self) -> str:
        """One that lacks an approval."""
        batches = self.model.batches.items()
        return self.one_of(sorted(name for name, one in batches if one.lacks and not one.void))

    def some_batch(self) -> str:
        return self.one_of(sorted(self.model.batches))

    def somebody(self) -> str:
        return self.one_of(sorted(self.model.people))

    def some_day(self) -> datetime.date:
        """Mostly today; now and then somebody types an earlier day, also one in a closed month."""
        if self.model.closed and self.chance.random() < 0.1:
            return self.model.open_from - datetime.timedelta(1)
        return self.desk.today - datetime.timedelta(self.chance.choice([0, 0, 0, 0, 0, 0, 2]))

    def bank_refuses(self, batch: str, file: str = "") -> bool:
        """Whether the bank does turn it away: not when it has it not, or has begun to pay."""
        try:
            if batch in self.at_bank:
                self.bank.refuse(batch, file)
        except ValueError:
            return False
        return batch in self.at_bank

    def payee_of(self, batch: str, account: str) -> str:
        """Whose payment of a batch goes to an account."""
        sent = self.model.batches[batch].sent.items()
        return next(payee for payee, record in sent if record["account"] == account)

    def roster_of(self, payee: str, account: str) -> bytes:
        """A file with her row as it is registered, but for the account."""
        with self.office.registry() as registry:
            (known,) = [one for one in registry.payees() if one.payee_id == payee]
        cells = ["" if name == "name" else getattr(known, name) for name in HEADINGS.values()]
        row: dict[str, Cell] = dict(zip(HEADINGS, cells, strict=True))
        row |= {"姓名": known.legal_name, "银行卡号": account}
        title = f"{PROGRAMME.by_code[known.town].name}名册"
        lines: list[list[Cell]] = [[title], ["人员编号", *row], [payee, *row.values()]]
        return workbook({"变更": lines})

    def file_of(self, batch: str, decision: Decision) -> ResultSent:
        form = self.chance.choice(ORDINARY_FORMS)
        name, content = written(batch, [decision], form, self.chance)
        return ResultSent(batch, name, content, (decision,), Verdict.TAKE)

    @rule(choice=st.binary(min_size=CHOICE_BYTES, max_size=CHOICE_BYTES))
    def something_happens(self, choice: bytes) -> None:
        """One rule for all: of several, Hypothesis would turn some off and even out the rest."""
        self.sound = False
        try:
            self.happen(Step.of(choice))
        except Impossible:
            note("impossible")
        self.sound = True


Choice = TypeVar("Choice")


def possible(number: int) -> int:
    """The number, unless there is nothing."""
    if number < 1:
        raise Impossible
    return number


def word_of(decision: Decision) -> tuple[str, str]:
    """The bank's word as the model takes it, and the class of its reason."""
    word = WORDS[decision.outcome.fate]
    return word, decision.outcome.reason_class or (UNDER_WAY if word == UNKNOWN else "")


def run_histories(
    template: Office,
    folders: Iterator[Path],
    said: Counter[str],
    *,
    number: int,
    steps: int,
    machine: type[RuleBasedStateMachine] = CensusOffice,
) -> None:
    """Histories in new offices, of about so many steps; the same ones for the same number."""
    # Hypothesis's first history is the simplest that there is, in which nothing is possible; of
    # ten or more it would try further simple ones.
    histories = 1 + min(8, max(1, steps // STEPS_OF_A_HISTORY))

    @seed(number)
    class NewOffice(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__(template, next(folders), said)

    run_state_machine_as_test(
        NewOffice,
        settings=settings(
            database=None,
            deadline=None,
            max_examples=histories,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            print_blob=False,
            report_multiple_bugs=False,
            stateful_step_count=min(TRIED_IN_A_HISTORY, 2 * steps),
        ),
    )
