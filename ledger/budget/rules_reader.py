"""Reading the money rules from the directives ``custom "census-…"``.

What cannot be read becomes a :class:`~ledger.model.findings.Finding` at its line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount

from ledger.base.books_folder import HAND_FILE
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import CURRENCY
from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.accounts import within
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import LineComponent
from ledger.model.ids import StageCode
from ledger.model.operators import APPROVING
from ledger.model.rules import ApprovalRule
from ledger.model.rules import BudgetChange
from ledger.model.rules import Commitment
from ledger.model.rules import Fund
from ledger.model.rules import Limit
from ledger.model.rules import Rate
from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.model.rules import TaxClass
from ledger.model.rules import TaxRule

BUDGET_KINDS = ("initial", "transfer", "supplement")
STAGE_CODE = re.compile("S[1-9][0-9]?")
# What may stand below a rate. A word that nobody knows could be a misspelt bound.
BELOW_A_RATE = frozenset({"minimum", "maximum", "listed", "document"})


def read_rules(entries: Iterable[data.Directive]) -> tuple[Rules, list[Finding]]:
    """The rules among the directives, and a finding for each that cannot be followed."""
    reader = _Reader()
    opened = []
    for entry in entries:
        if isinstance(entry, data.Open):
            opened.append(entry.account)
        elif isinstance(entry, data.Custom) and entry.type.startswith("census-"):
            reader.read(entry)
    reader.finish(opened)
    return reader.rules(), reader.findings


class _Reader:
    """Reads custom directives one after another; funds first, whatever the order of dates."""

    def __init__(self) -> None:
        self.customs: dict[str, list[data.Custom]] = defaultdict(list)
        self.findings: list[Finding] = []
        self.funds: list[Fund] = []
        self.budget: list[tuple[data.Custom, BudgetChange]] = []
        self.stages: list[Stage] = []
        self.rates: list[Rate] = []
        self.limits: list[Limit] = []
        self.commitments: list[Commitment] = []
        self.approvals: list[tuple[data.Custom, ApprovalRule]] = []
        self.taxes: list[TaxRule] = []

    def read(self, entry: data.Custom) -> None:
        self.customs[entry.type].append(entry)

    def finish(self, opened: Sequence[str]) -> None:
        """Read what was collected; ``opened`` are the accounts that exist."""
        readers: dict[str, Callable[[data.Custom], None]] = {
            "census-fund": self._fund,
            "census-budget": self._budget,
            "census-stage": self._stage,
            "census-rate": self._rate,
            "census-limit": self._limit,
            "census-commitment": self._commitment,
            "census-approval": self._approval,
            "census-tax": self._tax,
        }
        for kind, reader in readers.items():
            for entry in sorted(self.customs.pop(kind, []), key=_place_in_file):
                try:
                    if Path(entry.meta["filename"]).name == Path(HAND_FILE).name:
                        raise _NotReadable(_("a rule stands in rules.beancount"))
                    reader(entry)
                except _NotReadable as problem:
                    self._refuse(entry, str(problem))
        for of_no_rule in ("census-event", "census-books"):
            self.customs.pop(of_no_rule, None)
        for kind, entries in self.customs.items():
            for entry in entries:
                self._refuse(entry, _('there is no rule "{kind}"').format(kind=kind))
        self._check_leaves(opened)
        self._check_transfers()
        self._check_approvals()

    def rules(self) -> Rules:
        return Rules(
            tuple(self.funds),
            tuple(change for _entry, change in self.budget),
            tuple(self.rates),
            tuple(self.commitments),
            tuple(rule for _entry, rule in self.approvals),
            named_stages=tuple(self.stages),
            limits=tuple(self.limits),
            taxes=tuple(self.taxes),
        )

    def _refuse(self, entry: data.Custom, message: str) -> None:
        self.findings.append(at(entry, "rule", message))

    def _fund(self, entry: data.Custom) -> None:
        code, name, income, expenses = _values(entry, str, str, str, str)
        if not code.isdecimal() or not name or code_of(name):
            raise _NotReadable(_("a fund has a code of digits, and a name that begins with none"))
        if any(fund.code == code for fund in self.funds):
            raise _NotReadable(_("fund {code} stands here a second time").format(code=code))
        component = code + name
        if not income.endswith(":" + component) or not expenses.endswith(":" + component):
            raise _NotReadable(
                _("both accounts of fund {code} must end in {component}").format(
                    code=code, component=component
                )
            )
        if any(within(income, fund.income) or within(fund.income, income) for fund in self.funds):
            raise _NotReadable(_("{account} is another fund's income").format(account=income))
        self.funds.append(Fund(entry.date, code, name, income, expenses))

    def _budget(self, entry: data.Custom) -> None:
        account, amount_fen, kind = _values(entry, str, Amount, str)
        if kind not in BUDGET_KINDS:
            raise _NotReadable(
                _("a budget is {kinds}, not {kind}").format(
                    kinds=" | ".join(BUDGET_KINDS), kind=kind
                )
            )
        fund, line = self._line(account)
        change = BudgetChange(entry.date, fund.code, line, amount_fen, kind)
        self.budget.append((entry, change))

    def _stage(self, entry: data.Custom) -> None:
        code, name, kind, *unit = _values(entry, *[str] * max(3, len(entry.values)))
        if not STAGE_CODE.fullmatch(code) or not name.strip():
            raise _NotReadable(_("a stage has a code such as S1, and a name"))
        if kind not in list(StageKind):
            message = _("a stage is {kinds}, not {kind}")
            raise _NotReadable(message.format(kinds=" | ".join(StageKind), kind=kind))
        # guard: unit-of-a-stage
        if len(unit) != (kind == StageKind.PER_UNIT) or not all(map(str.strip, unit)):
            raise _NotReadable(_("a stage that is per-unit says of what, and no other does"))
        if any(code == stage.code or name == stage.name for stage in self.stages):
            message = _("a stage {code} or of the name {name} stands here already")
            raise _NotReadable(message.format(code=code, name=name))
        self.stages.append(Stage(entry.date, StageCode(code), name, StageKind(kind), *unit))

    def _rate(self, entry: data.Custom) -> None:
        staged = len(entry.values) == 4
        role, *code, amount_fen, item = _values(entry, str, *[str] * staged, Amount, str)
        if amount_fen <= 0:
            raise _NotReadable(_("a rate must be above 0.00"))
        stage = self._stage_of(code[0] if code else FIRST_STAGE)
        stated = {(rate.role, rate.stage, rate.date) for rate in self.rates}
        if (role, stage.code, entry.date) in stated:
            raise _NotReadable(_("{role} has a rate of that day already").format(role=role))
        minimum_fen, maximum_fen, listed = _bounds(entry, stage.kind)
        self.rates.append(
            Rate(entry.date, role, amount_fen, item, stage.code, minimum_fen, maximum_fen, listed)
        )

    def _stage_of(self, code: str) -> Stage:
        """The stage of a rate. One without a stage is of the first."""
        stages = self.rules().stages
        for stage in stages:
            if stage.code == code:
                return stage
        message = _("there is no stage {code}: a rate names one of these: {known}")
        known = listed(stage.code for stage in stages)
        raise _NotReadable(message.format(code=code, known=known))

    def _limit(self, entry: data.Custom) -> None:
        role, amount_fen = _values(entry, str, Amount)
        if amount_fen <= 0:
            raise _NotReadable(_("a limit must be above 0.00"))
        if any((limit.role, limit.date) == (role, entry.date) for limit in self.limits):
            raise _NotReadable(_("{role} has a limit of that day already").format(role=role))
        self.limits.append(Limit(entry.date, role, amount_fen))

    def _commitment(self, entry: data.Custom) -> None:
        identifier, account, amount_fen = _values(entry, str, str, Amount)
        fund, line = self._line(account)
        if any(commitment.id == identifier for commitment in self.commitments):
            raise _NotReadable(_("commitment {id} stands here twice").format(id=identifier))
        self.commitments.append(Commitment(entry.date, identifier, fund.code, line, amount_fen))

    def _approval(self, entry: data.Custom) -> None:
        from_fen, *names = _values(entry, Amount, *[str] * (len(entry.values) - 1))
        roles = tuple(role for role in APPROVING if role in names)
        # guard: approval-roles
        if len(roles) != len(names):
            message = _("an approval is given by {roles}, and by each once")
            raise _NotReadable(message.format(roles=listed(APPROVING)))
        if from_fen < 0:
            raise _NotReadable(_("approvals are asked from an amount on that is not below zero"))
        stated = {(rule.date, rule.from_fen) for _entry, rule in self.approvals}
        if (entry.date, from_fen) in stated:
            message = _("approvals from {amount} on are ruled on that day already")
            raise _NotReadable(message.format(amount=grouped(from_fen)))
        self.approvals.append((entry, ApprovalRule(entry.date, from_fen, roles)))

    def _tax(self, entry: data.Custom) -> None:
        role, name = _values(entry, str, str)
        document = entry.meta.get("document", "")
        if name not in list(TaxClass):
            message = _("payments to a role are {classes} to the income tax, not {name}")
            classes = " | ".join(TaxClass)
            raise _NotReadable(message.format(classes=classes, name=name))
        # guard: untaxed-by-document
        if name == TaxClass.NONE and not (isinstance(document, str) and document.strip()):
            message = _(
                "that {role} is paid without income tax is what a paper says: name it in a line"
                ' document: "…" below'
            )
            raise _NotReadable(message.format(role=role))
        if any((rule.role, rule.date) == (role, entry.date) for rule in self.taxes):
            message = _("what {role} is to the income tax stands here already for that day")
            raise _NotReadable(message.format(role=role))
        self.taxes.append(TaxRule(entry.date, role, TaxClass(name), str(document)))

    def _line(self, account: str) -> tuple[Fund, LineComponent]:
        for fund in self.funds:
            if account.startswith(fund.expenses + ":"):
                line = LineComponent(account[len(fund.expenses) + 1 :])
                if ":" not in line and code_of(line) and name_of(line):
                    return fund, line
        raise _NotReadable(
            _("{account} is no budget line: it must stand directly below a fund's expenses").format(
                account=account
            )
        )

    def _check_leaves(self, opened: Sequence[str]) -> None:
        for entry, _change in self.budget:
            account = entry.values[0].value
            if not any(within(leaf, account) for leaf in opened):
                self._refuse(
                    entry, _("no account is open at or below {account}").format(account=account)
                )

    def _check_approvals(self) -> None:
        """Who asks for less of more money means something else: on no day is that in force."""
        rules = self.rules()
        for entry, rule in self.approvals:
            in_force = rules.approvals_on(rule.date)
            for lower, higher in pairwise(in_force):
                # guard: more-money-more-approvals
                if not set(lower.roles) <= set(higher.roles):
                    message = _(
                        "from {day} on a batch of {more} or more is asked less than one of {amount}"
                        " or more: state the approvals of both amounts again"
                    )
                    message = message.format(
                        day=rule.date,
                        more=grouped(higher.from_fen),
                        amount=grouped(lower.from_fen),
                    )
                    self._refuse(entry, message)

    def _check_transfers(self) -> None:
        transfers = [(entry, change) for entry, change in self.budget if change.kind == "transfer"]
        by_document: dict[str, list[tuple[data.Custom, BudgetChange]]] = defaultdict(list)
        for entry, change in transfers:
            document = entry.meta.get("document", "")
            by_document[document or f"{entry.date}"].append((entry, change))
        for document, pairs in by_document.items():
            total_fen = sum(change.amount_fen for _entry, change in pairs)
            if total_fen:
                self._refuse(
                    pairs[-1][0],
                    _("the transfers of {document} sum to {total}, not to zero").format(
                        document=document, total=grouped(total_fen)
                    ),
                )


class _NotReadable(Exception):
    """A directive that does not have the form of its rule."""


def _place_in_file(entry: data.Custom) -> tuple[str, int]:
    return entry.meta["filename"], entry.meta["lineno"]


def _values(entry: data.Custom, *kinds: type[Any]) -> list[Any]:
    """The directive's values: texts as they are, amounts in fen."""
    if len(entry.values) != len(kinds):
        raise _NotReadable(
            _("{type} takes {wanted} values and has {given}").format(
                type=entry.type, wanted=len(kinds), given=len(entry.values)
            )
        )
    values: list[Any] = []
    for place, (item, kind) in enumerate(zip(entry.values, kinds, strict=True), start=1):
        value: Any = item.value
        if not isinstance(value, kind):
            raise _NotReadable(
                _("value {place} of {type} is of the wrong kind").format(
                    place=place, type=entry.type
                )
            )
        values.append(_amount_fen(value) if kind is Amount else value)
    return values


def _bounds(entry: data.Custom, kind: StageKind) -> tuple[int, int | None, bool]:
    """What stands below a rate: the least and the most that units come to, and who is owed it."""
    written = {key: entry.meta[key] for key in entry.meta if not key.startswith("__")}
    unknown = written.keys() - BELOW_A_RATE - {"filename", "lineno"}
    if unknown:  # guard: known-words-of-a-rate
        message = _("below a rate stand minimum, maximum, listed and document, not {key}")
        raise _NotReadable(message.format(key=min(unknown)))
    bounds = {}
    for key in ("minimum", "maximum"):
        if key in written:
            if not isinstance(written[key], Amount) or kind != StageKind.PER_UNIT:
                message = _("{key} is an amount, below the rate of a stage that is per-unit")
                raise _NotReadable(message.format(key=key))
            bounds[key] = _amount_fen(written[key])
    only_listed = written.get("listed", False)
    # guard: listed-of-fixed
    if not isinstance(only_listed, bool) or (only_listed and kind != StageKind.FIXED):
        raise _NotReadable(_("listed is TRUE, below the rate of a stage that is fixed"))
    minimum_fen, maximum_fen = bounds.get("minimum", 0), bounds.get("maximum")
    if minimum_fen < 0 or (maximum_fen is not None and maximum_fen < max(1, minimum_fen)):
        raise _NotReadable(_("the minimum is not below zero, and the maximum not below it"))
    return minimum_fen, maximum_fen, only_listed


def _amount_fen(amount: Amount) -> int:
    if amount.currency != CURRENCY or amount.number is None:
        raise _NotReadable(_("amounts are in {currency}").format(currency=CURRENCY))
    try:
        return fen(Decimal(amount.number))
    except ValueError:
        raise _NotReadable(_("amounts are whole fen")) from None
