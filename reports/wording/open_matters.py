"""What needs a decision (需要决策的事项), in sentences for leaders."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from ledger.base.money import grouped
from ledger.figures.batch_outcomes import Count
from ledger.figures.budget_execution import LineStatus
from ledger.figures.open_matters import Held
from ledger.figures.open_matters import OpenMatters
from ledger.figures.status import BatchStatus
from ledger.figures.status import Status
from ledger.figures.waiting import Waiting
from ledger.model.ids import FundCode
from ledger.model.return_reasons import return_reason
from reports.pdf.signed_document import chinese_date
from reports.wording.skip_reasons import skip_reason

# A bank answers within some days; before that its silence is nobody's business.
PATIENCE_DAYS = 5
# Of lines and reasons that are named one by one.
NAMED = 5
NOTHING = "没有需要决策的事项。"


class Item(NamedTuple):
    """A matter: what it is, and what leaders have to know to decide it."""

    title: str
    detail: str


def open_matter_items(found: OpenMatters, status: Status) -> list[Item]:
    """Everything that needs a decision on the day of ``status``, the most pressing first."""
    on = status.as_of
    return [
        *_shortfall(found),
        *_missing(found, status),
        *_payable(found),
        *_to_approve(status.batches),
        *_returned(found.returned, on),
        *_unknown(found.unknown, on),
        *_awaited(found.awaited, on),
        *_blocked(found.blocked),
        *_tax(status),
        *_suspense(found, on),
        *_transit(found),
        *_exceeded(found.exceeded, {fund.code: fund.name for fund in status.funds}),
    ]


def _shortfall(found: OpenMatters) -> Iterator[Item]:
    if found.short.people:
        detail = "现有资金不足以支付，须等资金到位、追加或调剂预算。"
        if found.payable.people:
            detail = f"现有资金还可支付 {people_and_yuan(found.payable)}；其余{detail[4:]}"
        yield Item(f"补助资金缺口：{people_and_yuan(found.short)}", detail)


def _missing(found: OpenMatters, status: Status) -> Iterator[Item]:
    """What has not arrived is to be asked for when somebody waits for it."""
    if found.missing_fen and found.short.people:
        funds = {fund.name: fund for fund in status.funds}
        parts = [
            f"{name} {grouped(fen)} 元（预算 {grouped(funds[name].budget_fen)} 元，"
            f"已到位 {grouped(funds[name].received_fen)} 元）"
            for name, fen in found.missing_fen
        ]
        total_fen = sum(fen for _name, fen in found.missing_fen)
        yield Item(f"预算资金未到位：{grouped(total_fen)} 元", f"{'；'.join(parts)}。")


def _payable(found: OpenMatters) -> Iterator[Item]:
    if found.payable.people and not found.short.people:
        yield Item(
            f"可以发放：{people_and_yuan(found.payable)}", "资金已经到位，可编制下一批次发放。"
        )


def _to_approve(batches: Sequence[BatchStatus]) -> Iterator[Item]:
    waiting = [batch for batch in batches if batch.state == "prepared" and batch.approvals]
    if waiting:
        parts = [
            f"{batch.id}（{batch.payees:,} 人、{grouped(batch.amount_fen)} 元）待"
            + "、".join(one.role for one in batch.approvals if one.operator is None)
            for batch in waiting[:NAMED]
        ]
        more = f"等 {len(waiting)} 个批次" if len(waiting) > NAMED else ""
        yield Item(f"待审批的批次：{len(waiting)} 个", f"{'；'.join(parts)}{more}。")


def _returned(returned: Held, on: datetime.date) -> Iterator[Item]:
    if returned.count.people:
        reasons = [
            f"{return_reason(code).meaning_text(chinese=True)} {people} 人"
            for code, people in returned.reasons[:NAMED]
        ]
        others = sum(people for _code, people in returned.reasons[NAMED:])
        reasons += [f"其他原因 {others} 人"] * bool(others)
        yield Item(
            f"银行退回待重发：{people_and_yuan(returned.count)}",
            f"{since(returned, on)}。退回原因：{'、'.join(reasons)}。",
        )


def _unknown(unknown: Held, on: datetime.date) -> Iterator[Item]:
    if unknown.count.people:
        yield Item(
            f"银行答复不明（待查）：{people_and_yuan(unknown.count)}",
            f"{since(unknown, on)}。查明之前不得重发，请督促银行书面答复。",
        )


def _awaited(awaited: Held, on: datetime.date) -> Iterator[Item]:
    if awaited.since is not None and (on - awaited.since).days > PATIENCE_DAYS:
        yield Item(
            f"代发尚无结果：{people_and_yuan(awaited.count)}",
            f"{since(awaited, on)}，请向银行催要回盘文件。",
        )


def _blocked(blocked: tuple[Waiting, ...]) -> Iterator[Item]:
    if blocked:
        people = sum(len(group.payees) for group in blocked)
        parts = [
            f"{skip_reason(group.reason, chinese=True)}（{len(group.payees)} 人）"
            for group in blocked
        ]
        yield Item(f"暂缓发放：{people:,} 人", f"{'；'.join(parts)}。")


def _tax(status: Status) -> Iterator[Item]:
    if status.tax:
        parts = [
            f"{one.month.chinese} {grouped(one.due_fen)} 元，{chinese_date(one.until)}前申报缴纳"
            for one in status.tax
        ]
        total_fen = sum(one.due_fen for one in status.tax)
        yield Item(f"应缴个人所得税：{grouped(total_fen)} 元", f"{'；'.join(parts)}。")


def _suspense(found: OpenMatters, on: datetime.date) -> Iterator[Item]:
    suspense = found.suspense
    if suspense.since is not None:
        direction = "支出" if suspense.amount_fen >= 0 else "收入"
        yield Item(
            f"待核款项：{suspense.lines} 笔，净{direction} {grouped(abs(suspense.amount_fen))} 元",
            f"最早一笔为{chinese_date(suspense.since)}，已 {(on - suspense.since).days} 天，"
            "须查明用途后入账。",
        )


def _transit(found: OpenMatters) -> Iterator[Item]:
    if found.transit_fen:
        text = "银行已扣款而未支付也未退回" if found.transit_fen > 0 else "银行已支付而未扣款"
        yield Item(
            f"代发在途不平：{grouped(abs(found.transit_fen))} 元",
            f"各批次均已有结果，{text}，须与银行核对。",
        )


def _exceeded(exceeded: Sequence[LineStatus], funds: Mapping[FundCode, str]) -> Iterator[Item]:
    if exceeded:
        worst = sorted(exceeded, key=lambda line: (line.remaining_fen, line.fund, line.code))
        parts = [
            f"{funds[line.fund]}{line.name}超 {grouped(-line.remaining_fen)} 元"
            for line in worst[:NAMED]
        ]
        more = f"等 {len(worst)} 个科目" if len(worst) > NAMED else ""
        yield Item(f"科目超预算：{len(worst)} 个", f"{'、'.join(parts)}{more}，须调剂或追加预算。")


def people_and_yuan(count: Count) -> str:
    return f"{count.people:,} 人、{grouped(count.amount_fen)} 元"


def since(held: Held, on: datetime.date) -> str:
    """Since when the first of them waits."""
    assert held.since is not None, "whoever is counted stands there since a day"
    return f"最早自{chinese_date(held.since)}起，已 {(on - held.since).days} 天"
