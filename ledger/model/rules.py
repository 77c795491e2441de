"""The dated money rules: funds, budget, stages, rates, limits, commitments, approvals and taxes.

People write them into ``rules.beancount`` as ``custom "census-…"`` directives, which
:mod:`ledger.budget.rules_reader` reads into these frozen records.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable

from ledger.base.records import Record
from ledger.model.accounts import within
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import FundCode
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import StageCode
from ledger.model.operators import Role


class Fund(Record):
    """A source of money. ``component`` is its part of an account's name, ``01本级财政``."""

    date: datetime.date
    code: FundCode
    name: str
    income: str
    expenses: str

    @property
    def component(self) -> FundComponent:
        return FundComponent(self.expenses.rpartition(":")[2])


class BudgetChange(Record):
    """An appropriation, a transfer between lines or a supplement, from its date on."""

    date: datetime.date
    fund: FundCode
    line: LineComponent
    amount_fen: int
    kind: str


class StageKind(enum.StrEnum):
    """How a stage owes: the same to everybody, by units of work, or what a list says."""

    FIXED = "fixed"
    PER_UNIT = "per-unit"
    LISTED = "listed"


class Stage(Record):
    """A part of the work that is paid for by itself. ``unit`` is what is counted, ``户``, where
    the stage is per unit.
    """

    date: datetime.date
    code: StageCode
    name: str
    kind: StageKind
    unit: str = ""


# What books have that name no stage: one in which everybody of a role is owed the same.
ONLY_STAGE = Stage(datetime.date.min, FIRST_STAGE, "", StageKind.FIXED)


class Rate(Record):
    """What a role is owed in a stage from a date on; ``item`` is the account's path below the fund.

    ``amount_fen`` is for everybody where the stage is fixed, for each unit where it is per unit,
    and the most that a list may say where it is listed. What units come to is at least
    ``minimum_fen`` and at most ``maximum_fen``. ``listed``: of a fixed stage, only who stands on a
    list is owed it.
    """

    date: datetime.date
    role: str
    amount_fen: int
    item: str
    stage: StageCode = FIRST_STAGE
    minimum_fen: int = 0
    maximum_fen: int | None = None
    listed: bool = False

    @property
    def line(self) -> LineComponent:
        """The budget line's component that the subsidy is charged to."""
        return LineComponent(self.item.partition(":")[0])


class Limit(Record):
    """What somebody of a role is owed at most over all stages, from a date on."""

    date: datetime.date
    role: str
    amount_fen: int


class Commitment(Record):
    """A contract signed: its money is kept free; entries linked with its id draw it down."""

    date: datetime.date
    id: str
    fund: FundCode
    line: LineComponent
    amount_fen: int


class ApprovalRule(Record):
    """Who else looks at a batch of so much or more, from a date on; nobody where no role is named.

    ``roles`` are in the order in which they are given.
    """

    date: datetime.date
    from_fen: int
    roles: tuple[Role, ...]


class TaxClass(enum.StrEnum):
    """What a payment is to the income tax; the value is what the rules say."""

    LABOUR = "劳务报酬"
    WAGES = "工资薪金"
    NONE = "不征税"


class TaxRule(Record):
    """What payments to a role are to the income tax, from a date on.

    Of wages nothing is withheld here, the employer declares them; that nothing is taxed is what a
    ``document`` says.
    """

    date: datetime.date
    role: str
    tax_class: TaxClass
    document: str = ""


class Rules(Record):
    """Every rule of the books, in the order of the file. Fund codes order the charging."""

    funds: tuple[Fund, ...] = ()
    budget: tuple[BudgetChange, ...] = ()
    rates: tuple[Rate, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    taxes: tuple[TaxRule, ...] = ()
    named_stages: tuple[Stage, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in their order; books that name none have one."""
        return self.named_stages or (ONLY_STAGE,)

    def has_rate(self, role: str, stage: StageCode) -> bool:
        """Whether a role is paid in a stage at all; in books that name no stage everybody is."""
        return not self.named_stages or any(
            (rate.role, rate.stage) == (role, stage) for rate in self.rates
        )

    def begun(self, on: datetime.date) -> tuple[Stage, ...]:
        """The stages that have begun by a day, the last begun last; the first before all have."""
        begun = sorted(
            (stage for stage in self.stages if stage.date <= on), key=lambda stage: stage.date
        )
        return tuple(begun) or self.stages[:1]

    def stage(self, code: StageCode) -> Stage | None:
        return next((stage for stage in self.stages if stage.code == code), None)

    def fund(self, code: FundCode) -> Fund | None:
        return next((fund for fund in self.funds if fund.code == code), None)

    def fund_of(self, account: str) -> Fund | None:
        """The fund whose expenses the account belongs to."""
        return next((fund for fund in self.funds if within(account, fund.expenses)), None)

    def rate(self, role: str, on: datetime.date, stage: StageCode = FIRST_STAGE) -> Rate | None:
        """The role's rate of a stage in force on a day: the latest that has begun."""
        begun = [
            rate
            for rate in self.rates
            if rate.role == role and rate.stage == stage and rate.date <= on
        ]
        return max(begun, key=lambda rate: rate.date, default=None)

    def limit(self, role: str, on: datetime.date) -> Limit | None:
        """The role's limit in force on a day, over all stages: the latest that has begun."""
        begun = [limit for limit in self.limits if limit.role == role and limit.date <= on]
        return max(begun, key=lambda limit: limit.date, default=None)

    def tax_class(self, role: str, on: datetime.date) -> TaxClass | None:
        """What payments to the role are to the tax on a day; None where nobody has said it."""
        begun = [rule for rule in self.taxes if rule.role == role and rule.date <= on]
        rule = max(begun, key=lambda rule: rule.date, default=None)
        return rule.tax_class if rule else None

    def approvals_on(self, day: datetime.date) -> tuple[ApprovalRule, ...]:
        """The approval rules in force on a day: of each amount the latest that has begun."""
        by_amount: dict[int, ApprovalRule] = {}
        for rule in sorted(self.approvals, key=lambda rule: rule.date):
            if rule.date <= day:  # guard: approval-rule-in-force
                by_amount[rule.from_fen] = rule
        return tuple(by_amount[amount_fen] for amount_fen in sorted(by_amount))

    def subsidy_items(self) -> dict[str, LineComponent]:
        """From the path of each subsidy's expense account, without the town, to its line."""
        return self.paths_of(rate.item for rate in self.rates)

    def paths_of(self, items: Iterable[str]) -> dict[str, LineComponent]:
        """The same of the paths below a fund, whichever fund pays."""
        lines = {item: LineComponent(item.partition(":")[0]) for item in items}
        return {
            f"{fund.expenses}:{item}": line for fund in self.funds for item, line in lines.items()
        }

    def as_of(self, day: datetime.date) -> Rules:
        """The rules that have begun by the end of a day."""
        return Rules(
            tuple(fund for fund in self.funds if fund.date <= day),
            tuple(change for change in self.budget if change.date <= day),
            tuple(rate for rate in self.rates if rate.date <= day),
            tuple(commitment for commitment in self.commitments if commitment.date <= day),
            tuple(rule for rule in self.approvals if rule.date <= day),
            named_stages=tuple(stage for stage in self.named_stages if stage.date <= day),
            limits=tuple(limit for limit in self.limits if limit.date <= day),
            taxes=tuple(rule for rule in self.taxes if rule.date <= day),
        )


def split_line(account: str, fund: Fund) -> LineComponent:
    """The budget line's component of an expense account: what follows the fund."""
    return LineComponent(account[len(fund.expenses) + 1 :].partition(":")[0])
