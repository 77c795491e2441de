"""What needs a decision (需要决策的事项), in sentences for leaders.

Papers are in Chinese; pages hand in the words of their own language.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from ledger.base.language import in_chinese
from ledger.base.money import grouped
from ledger.figures.batch_outcomes import Count
from ledger.figures.budget_execution import LineStatus
from ledger.figures.open_matters import Held
from ledger.figures.open_matters import OpenMatters
from ledger.figures.status import BatchStatus
from ledger.figures.status import Status
from ledger.figures.waiting import Waiting
from ledger.model.ids import FundCode
from ledger.model.operators import Role
from ledger.model.return_reasons import return_reason
from reports.pdf.signed_document import chinese_date
from reports.wording.skip_reasons import SKIP_REASONS

Translate = Callable[[str], str]
# A bank answers within some days; before that its silence is nobody's business.
PATIENCE_DAYS = 5
# Of lines and reasons that are named one by one.
NAMED = 5
NOTHING = "没有需要决策的事项。"


class Matter(enum.Enum):
    """What a matter is about."""

    SHORT = "short"
    MISSING = "missing"
    PAYABLE = "payable"
    TO_APPROVE = "to_approve"
    RETURNED = "returned"
    UNKNOWN = "unknown"
    AWAITED = "awaited"
    BLOCKED = "blocked"
    TAX = "tax"
    SUSPENSE = "suspense"
    TRANSIT = "transit"
    EXCEEDED = "exceeded"


class Item(NamedTuple):
    """A matter: what it is, and what leaders have to know to decide it."""

    title: str
    detail: str
    about: Matter | None = None


def open_matter_items(
    found: OpenMatters, status: Status, translate: Translate = in_chinese
) -> list[Item]:
    """Everything that needs a decision on the day of ``status``, the most pressing first."""
    on, _ = status.as_of, translate
    return [
        *_shortfall(found, _),
        *_missing(found, status, _),
        *_payable(found, _),
        *_to_approve(status.batches, _),
        *_returned(found.returned, on, _),
        *_unknown(found.unknown, on, _),
        *_awaited(found.awaited, on, _),
        *_blocked(found.blocked, _),
        *_tax(status, _),
        *_suspense(found, on, _),
        *_transit(found, _),
        *_exceeded(found.exceeded, {fund.code: fund.name for fund in status.funds}, _),
    ]


def _shortfall(found: OpenMatters, _: Translate) -> Iterator[Item]:
    if found.short.people:
        title = _("Not enough money for {people}").format(people=people_and_yuan(found.short, _))
        if found.payable.people:
            detail = _(
                "The money there is pays {people}; the rest waits until money arrives or the budget"
                " is supplemented or transferred."
            ).format(people=people_and_yuan(found.payable, _))
        else:
            detail = _(
                "The money there is does not suffice: it has to arrive, or the budget has to be"
                " supplemented or transferred."
            )
        yield Item(title, detail, Matter.SHORT)


def _missing(found: OpenMatters, status: Status, _: Translate) -> Iterator[Item]:
    """What has not arrived is to be asked for when somebody waits for it."""
    if found.missing_fen and found.short.people:
        funds = {fund.name: fund for fund in status.funds}
        parts = [
            _("{fund} {yuan} yuan (budget {budget} yuan, received {received} yuan)").format(
                fund=name,
                yuan=grouped(fen),
                budget=grouped(funds[name].budget_fen),
                received=grouped(funds[name].received_fen),
            )
            for name, fen in found.missing_fen
        ]
        total_fen = sum(fen for _name, fen in found.missing_fen)
        title = _("Budgeted money that has not arrived: {yuan} yuan")
        yield Item(title.format(yuan=grouped(total_fen)), _ended(parts, _), Matter.MISSING)


def _payable(found: OpenMatters, _: Translate) -> Iterator[Item]:
    if found.payable.people and not found.short.people:
        yield Item(
            _("Can be paid: {people}").format(people=people_and_yuan(found.payable, _)),
            _("The money has arrived: the next batch can be prepared."),
            Matter.PAYABLE,
        )


def _to_approve(batches: Sequence[BatchStatus], _: Translate) -> Iterator[Item]:
    waiting = [batch for batch in batches if batch.state == "prepared" and batch.approvals]
    if waiting:
        parts = [
            _("{batch} ({people}, {yuan} yuan) waits for {roles}").format(
                batch=batch.id,
                people=headcount(batch.payees, _),
                yuan=grouped(batch.amount_fen),
                roles=_(", ").join(
                    _(Role(one.role).message) for one in batch.approvals if one.operator is None
                ),
            )
            for batch in waiting[:NAMED]
        ]
        if len(waiting) > NAMED:
            parts[-1] += _(", {count} batches in all").format(count=len(waiting))
        title = _("Batches that wait for approval: {count}").format(count=len(waiting))
        yield Item(title, _ended(parts, _), Matter.TO_APPROVE)


def _returned(returned: Held, on: datetime.date, _: Translate) -> Iterator[Item]:
    if returned.count.people:
        reasons = [
            _("{reason} {people}").format(
                reason=_(return_reason(code).meaning), people=headcount(people, _)
            )
            for code, people in returned.reasons[:NAMED]
        ]
        others = sum(people for _code, people in returned.reasons[NAMED:])
        if others:
            reasons.append(_("other reasons {people}").format(people=headcount(others, _)))
        yield Item(
            _("Returned by the bank, to be paid anew: {people}").format(
                people=people_and_yuan(returned.count, _)
            ),
            _("{since}. Why they came back: {reasons}.").format(
                since=since(returned, on, _), reasons=_(", ").join(reasons)
            ),
            Matter.RETURNED,
        )


def _unknown(unknown: Held, on: datetime.date, _: Translate) -> Iterator[Item]:
    if unknown.count.people:
        yield Item(
            _("The bank's answer is not clear (unknown): {people}").format(
                people=people_and_yuan(unknown.count, _)
            ),
            _("{since}. Not to be paid again before it is known: ask the bank in writing.").format(
                since=since(unknown, on, _)
            ),
            Matter.UNKNOWN,
        )


def _awaited(awaited: Held, on: datetime.date, _: Translate) -> Iterator[Item]:
    if awaited.since is not None and (on - awaited.since).days > PATIENCE_DAYS:
        yield Item(
            _("No result of the bank yet: {people}").format(
                people=people_and_yuan(awaited.count, _)
            ),
            _("{since}; ask the bank for its result file.").format(since=since(awaited, on, _)),
            Matter.AWAITED,
        )


def _blocked(blocked: tuple[Waiting, ...], _: Translate) -> Iterator[Item]:
    if blocked:
        people = sum(len(group.payees) for group in blocked)
        parts = [
            _("{reason} ({people})").format(
                reason=_(SKIP_REASONS[group.reason]), people=headcount(len(group.payees), _)
            )
            for group in blocked
        ]
        title = _("Payment is held back: {people}").format(people=headcount(people, _))
        yield Item(title, _ended(parts, _), Matter.BLOCKED)


def _tax(status: Status, _: Translate) -> Iterator[Item]:
    if status.tax:
        parts = [
            _("{month} {yuan} yuan, to be declared and paid by {day}").format(
                month=one.month.chinese if _in_chinese(_) else str(one.month),
                yuan=grouped(one.due_fen),
                day=_day(one.until, _),
            )
            for one in status.tax
        ]
        total_fen = sum(one.due_fen for one in status.tax)
        title = _("Income tax due: {yuan} yuan").format(yuan=grouped(total_fen))
        yield Item(title, _ended(parts, _), Matter.TAX)


def _suspense(found: OpenMatters, on: datetime.date, _: Translate) -> Iterator[Item]:
    suspense = found.suspense
    if suspense.since is not None:
        if suspense.amount_fen >= 0:
            title = _("Lines not explained: {lines}; {yuan} yuan went out")
        else:
            title = _("Lines not explained: {lines}; {yuan} yuan came in")
        yield Item(
            title.format(lines=suspense.lines, yuan=grouped(abs(suspense.amount_fen))),
            _("The first is of {day}, {days} ago; find out what it is, then enter it.").format(
                day=_day(suspense.since, _), days=_days((on - suspense.since).days, _)
            ),
            Matter.SUSPENSE,
        )


def _transit(found: OpenMatters, _: Translate) -> Iterator[Item]:
    if found.transit_fen:
        if found.transit_fen > 0:
            detail = _(
                "Every batch has its result; the bank took money that it neither paid nor sent"
                " back: ask it."
            )
        else:
            detail = _("Every batch has its result; the bank paid what it did not take: ask it.")
        title = _("Money on the way does not come out even: {yuan} yuan")
        yield Item(title.format(yuan=grouped(abs(found.transit_fen))), detail, Matter.TRANSIT)


def _exceeded(
    exceeded: Sequence[LineStatus], funds: Mapping[FundCode, str], _: Translate
) -> Iterator[Item]:
    if exceeded:
        worst = sorted(exceeded, key=lambda line: (line.remaining_fen, line.fund, line.code))
        parts = [
            _("{fund} {line} by {yuan} yuan").format(
                fund=funds[line.fund], line=line.name, yuan=grouped(-line.remaining_fen)
            )
            for line in worst[:NAMED]
        ]
        if len(worst) > NAMED:
            parts[-1] += _(", {count} lines in all").format(count=len(worst))
        yield Item(
            _("Lines above their budget: {count}").format(count=len(worst)),
            _("{lines}; the budget has to be transferred or supplemented.").format(
                lines=_(", ").join(parts)
            ),
            Matter.EXCEEDED,
        )


def people_and_yuan(count: Count, _: Translate) -> str:
    return _("{people}, {yuan} yuan").format(
        people=headcount(count.people, _), yuan=grouped(count.amount_fen)
    )


def headcount(count: int, _: Translate) -> str:
    """So many people."""
    message = _("{count} person") if count == 1 else _("{count} people")
    return message.format(count=f"{count:,}")


def since(held: Held, on: datetime.date, _: Translate) -> str:
    """Since when the first of them waits."""
    assert held.since is not None, "whoever is counted stands there since a day"
    return _("Since {day} at the earliest, {days}").format(
        day=_day(held.since, _), days=_days((on - held.since).days, _)
    )


def _days(count: int, _: Translate) -> str:
    return (_("{count} day") if count == 1 else _("{count} days")).format(count=count)


def _day(day: datetime.date, _: Translate) -> str:
    return chinese_date(day) if _in_chinese(_) else day.isoformat()


def _in_chinese(translate: Translate) -> bool:
    return translate("; ") == in_chinese("; ")


def _ended(parts: Sequence[str], _: Translate) -> str:
    return _("{parts}.").format(parts=_("; ").join(parts))
