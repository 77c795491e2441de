"""What a province has to decide, in sentences for its leaders: an item for each subject."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import groupby

from ledger.base.money import grouped
from ledger.province.matters import Matter
from ledger.province.matters import Subject
from reports.pdf.signed_document import chinese_date
from reports.wording.open_matters import Item

# Counties that are named in one item; the tables have them all.
NAMED = 6
LONGEST_WORDS = 30
TITLES: Mapping[Subject, str] = {
    Subject.FAILED: "未通过核验，未计入汇总：{count} 个",
    Subject.DOUBLE: "两县重复支付：{count} 处，涉及 {yuan} 元",
    Subject.FACT: "银行实际收支违反规则：{count} 项",
    Subject.RATE: "补助标准超出省定限额：{count} 项",
    Subject.REOPENED: "上次汇总后又打开或改动的已结账月份：{count} 个",
    Subject.MISSING: "上次汇总有、本次未上报：{count} 个县",
    Subject.NEW: "首次上报：{count} 个县",
    Subject.UNVERIFIED: "只报汇总数、未报账套：{count} 个县",
    Subject.NOT_CLOSED: "本月尚未结账：{count} 个县",
    Subject.TAX: "个人所得税逾期未缴：{count} 个县，{yuan} 元",
    Subject.RETURNED: "银行退回 30 天以上未重发：{count} 个县，{yuan} 元",
    Subject.UNKNOWN: "银行答复不明 30 天以上：{count} 个县，{yuan} 元",
    Subject.SUSPENSE: "待核款项：{count} 个县，{yuan} 元",
}
WHAT_TO_DO: Mapping[Subject, str] = {
    Subject.FAILED: "请县里按提示改正后重新上报。",
    Subject.DOUBLE: "请有关县核实是否同一人，多付的追回。",
    Subject.FACT: "已计入汇总，请县里说明。",
    Subject.RATE: "请县里说明文件依据。",
    Subject.REOPENED: "请县里说明原因。",
    Subject.MISSING: "请县里上报。",
    Subject.NEW: "请与县里保险柜纸面上的账套指纹核对。",
    Subject.UNVERIFIED: "这些数字未经核验，只有经办人签名。",
    Subject.NOT_CLOSED: "数字可能还会变动。",
    Subject.TAX: "请督促申报缴纳。",
    Subject.RETURNED: "请督促核实账户后重发。",
    Subject.UNKNOWN: "查明之前不得重发，请督促银行书面答复。",
    Subject.SUSPENSE: "请县里查明后入账。",
}
FIELDS = {"identity": "同一身份证号", "account": "同一银行账号"}


def province_items(found: Sequence[Matter]) -> list[Item]:
    """An item for each subject that there is something about."""
    return [
        _item(Subject(subject), list(some))
        for subject, some in groupby(found, key=lambda one: one.subject)
    ]


def _item(subject: Subject, some: Sequence[Matter]) -> Item:
    amount_fen = sum(one.amount_fen for one in some)
    title = TITLES[subject].format(count=f"{len(some):,}", yuan=grouped(amount_fen))
    named = "；".join(_said(one) for one in some[:NAMED])
    more = f"等 {len(some):,} 个" if len(some) > NAMED else ""
    return Item(title, f"{named}{more}。{WHAT_TO_DO[subject]}")


def _said(one: Matter) -> str:
    """A county, and what of it."""
    return "".join([one.county, *_more(one)])


def _more(one: Matter) -> Iterator[str]:
    match one.subject:
        case Subject.FAILED:
            yield f"（{one.number} 项：{_short(one.words)}）"
        case Subject.DOUBLE:
            yield f"（{FIELDS[one.words]}，{grouped(one.amount_fen)} 元）"
        case Subject.FACT:
            yield f"（{_short(one.words)}）"
        case Subject.RATE:
            stage, role, least, most, *batch = one.words.split(" ")
            limits = f"{grouped(int(least))} 至 {grouped(int(most))}"
            where = f"批次 {batch[0]}" if batch else f"{one.since} 起"
            yield f"（{role} {stage} {grouped(one.amount_fen)} 元，限额 {limits}，{where}）"
        case Subject.REOPENED:
            yield f"（{one.words}）"
        case Subject.NOT_CLOSED:
            yield f"（已结账至 {one.words}）" if one.words else "（从未结账）"
        case Subject.NEW:
            yield f"（{one.words}）"
        case Subject.RETURNED | Subject.UNKNOWN:
            since = chinese_date(datetime.date.fromisoformat(one.since))
            yield f"（{one.number:,} 人，{grouped(one.amount_fen)} 元，{since}起）"
        case Subject.TAX:
            yield f"（{one.since} 起 {one.number} 个月，{grouped(one.amount_fen)} 元）"
        case Subject.SUSPENSE:
            yield f"（{one.number} 笔，{grouped(one.amount_fen)} 元）"


def _short(words: str) -> str:
    words = words.rstrip(".。")
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"
