"""The state machines of an office, after each step of which questions are asked.

Where every command is given twice (:mod:`.twice`), no answer may depend on what was kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from random import Random

from tests.support.model import BEGAN
from tests.support.office import Office
from tests.support.staged_machine import StagedOffice
from tests.support.state_machine import CensusOffice
from tests.support.state_machine import Step

QUESTIONS = (
    "status --json --date {today}",
    "status --date {today}",
    "status --json --date {earlier}",
    "payees list --json --date {today}",
    "payees list --waiting --date {earlier}",
    "payees show {payee} --json",
    "payees held --json",
    "batch list --json",
    "batch show {batch} --json",
    "report month {month} --json",
    "report reconciliation --json --date {today}",
    "report batch {batch} --json --date {today}",
    "disburse --dry-run --json --date {today}",
    "disburse --dry-run --json --date {today} --limit-to-funds",
    "disburse --dry-run --json --date {earlier}",
    "reverse {event} --reason 导错 --dry-run --json --date {today}",
    "explain L000000000000 01本级财政:30226 --json",
    "imports list --json",
    "operator log --json",
    "month list --json",
    "verify {batch} --json",
    "check --json",
)
OF_A_STAGE = (
    "status --json --date {today} --stage {stage}",
    "disburse --dry-run --json --date {today} --stage {stage}",
    "report tax {month} --json --date {today}",
)
QUESTIONS_OF_A_STEP = 2


def ask(
    office: Office,
    chance: Random,
    today: datetime.date,
    batches: Collection[str],
    payees: Collection[str],
    more: tuple[str, ...] = (),
) -> None:
    """Some questions, of somebody and of some batch; each may be refused."""
    earlier = today - datetime.timedelta(chance.randint(1, 40))
    names = {
        "today": str(today),
        "earlier": str(earlier),
        "month": chance.choice([BEGAN, str(earlier)[:7], str(today)[:7]]),
        "batch": chance.choice([*sorted(batches), "B2020-001"]),
        "payee": chance.choice([*sorted(payees), "P000001"]),
        "event": str(len(office.events()) - chance.randint(1, 3)),
        "stage": chance.choice(["S1", "S2", "S3"]),
    }
    for question in chance.sample([*QUESTIONS, *more], QUESTIONS_OF_A_STEP):
        answer = office.run(*question.format_map(names).split())
        assert answer.status in (0, 1, 2), answer


class AskedOffice(CensusOffice):
    """One stage."""

    def happen(self, step: Step) -> None:
        super().happen(step)
        ask(self.office, self.chance, self.desk.today, self.model.batches, self.model.people)


class AskedOfStages(StagedOffice):
    """Three stages, and income tax."""

    def check(self) -> None:
        super().check()
        payees = self.model.payments
        ask(self.office, self.chance, self.today, self.model.batches, payees, OF_A_STAGE)
