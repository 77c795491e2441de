"""The tables of the report: counties, returns, people paid twice, what has failed, HEADs."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.model.return_reasons import return_reason
from ledger.model.seal import grouped_seal
from ledger.model.transitions import State
from ledger.province.consolidation import Consolidation
from ledger.province.consolidation import County
from ledger.province.consolidation import returns_by
from ledger.province.consolidation import sums_of
from reports.monthly.plain_table import PlainTable
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.page_formats import Frame
from reports.pdf.table import Column
from reports.province.region_bars import rate_text
from reports.wording.province_matters import FIELDS

AMOUNT, PEOPLE = 27 * MM, 15 * MM
# Banks and findings that are printed: the workbook has all.
MOST_BANKS = 40
MOST_FINDINGS = 5
NO_BANK = "（县未报开户行）"


def county_list(title: str, consolidation: Consolidation) -> PlainTable:
    """A row a county: money, and people by where they stand."""
    words = ("代发中", "已支付", "退回", "待查")
    shares = (16 * MM, 18 * MM, 18 * MM)
    money = ("预算", "已到位", "已列支", "已支付")
    columns = [
        Column("县（市、区）", _rest(LANDSCAPE, *shares, *[AMOUNT] * 4, *[PEOPLE] * 4), "left",
               wraps=True),
        Column("核验", shares[0]),
        *(Column(word, AMOUNT, "right", group="金额（元）") for word in money),
        Column("执行率", shares[1], "right"),
        *(Column(word, PEOPLE, "right", group="补助人员（人）") for word in words),
        Column("结账至", shares[2]),
    ]  # fmt: skip
    return PlainTable(title, LANDSCAPE, columns, [_county(one) for one in consolidation.counties])


def _county(county: County) -> list[str]:
    sums, figures = sums_of([county]), county.figures
    amounts_fen = (sums.budget_fen, sums.received_fen, sums.accrued_fen, sums.paid_fen)
    people = (sums.in_bank, sums.paid, sums.returned, sums.unknown)
    return [
        drawable(f"{figures.county} {figures.county_name}"),
        "账套" if county.is_verified else "县报数",
        *map(grouped, amounts_fen),
        rate_text(sums),
        *(f"{count:,}" for count in people),
        figures.closed[-1].month if figures.closed else "—",
    ]


def returns_by_reason(title: str, consolidation: Consolidation) -> PlainTable:
    """What came back, by the class of the bank's reason."""
    rows = [
        [return_reason(reason).meaning_text(chinese=True), f"{people:,}", grouped(amount_fen)]
        for (reason,), people, amount_fen in returns_by(
            consolidation.counties, lambda reason, _bank: (reason,)
        )
    ]
    return _counted(title, "退回原因", rows)


def returns_by_bank(title: str, consolidation: Consolidation) -> PlainTable:
    """What came back, by the bank of the account, its branches together."""
    found = returns_by(consolidation.counties, lambda _reason, bank: (bank_of(bank),))
    rows = [
        [drawable(bank) or NO_BANK, f"{people:,}", grouped(amount_fen)]
        for (bank,), people, amount_fen in found[:MOST_BANKS]
    ]
    if rest := found[MOST_BANKS:]:
        people, amount_fen = sum(row[1] for row in rest), sum(row[2] for row in rest)
        rows.append([f"其他 {len(rest)} 家", f"{people:,}", grouped(amount_fen)])
    return _counted(title, "开户银行", rows)


def bank_of(branch: str) -> str:
    """A branch's name up to its bank: ``中国工商银行`` of ``中国工商银行李沧区支行``."""
    bank, ending, _branch = branch.partition("银行")
    return bank + ending


def _counted(title: str, first: str, rows: Sequence[Sequence[str]]) -> PlainTable:
    widths = (25 * MM, 40 * MM)
    columns = [
        Column(first, _rest(PORTRAIT, *widths), "left", wraps=True),
        Column("人次", widths[0], "right"),
        Column("金额（元）", widths[1], "right"),
    ]
    return PlainTable(title, PORTRAIT, columns, rows)


def double_list(title: str, consolidation: Consolidation) -> PlainTable:
    """Whom several counties have paid by one number: ids, and never the number."""
    widths = (12 * MM, 28 * MM, 28 * MM, 22 * MM, 32 * MM)
    columns = [
        Column("序号", widths[0]),
        Column("重复项", widths[1]),
        Column("县（市、区）", _rest(PORTRAIT, *widths), "left", wraps=True),
        Column("人员编号", widths[2]),
        Column("状态", widths[3]),
        Column("金额（元）", widths[4], "right"),
    ]
    names = {one.books: one.figures.county_name for one in consolidation.counties}
    rows = [
        [
            str(number),
            FIELDS[double.field],
            drawable(f"{one.books.county} {names[one.books]}"),
            one.payee,
            State(one.state).chinese,
            grouped(one.amount_fen),
        ]
        for number, double in enumerate(consolidation.doubles, 1)
        for one in double.paid
    ]
    return PlainTable(title, PORTRAIT, columns, rows)


def failed_list(title: str, consolidation: Consolidation) -> PlainTable:
    """Bundles of which nothing counts, with their first findings."""
    widths = (42 * MM, 38 * MM)
    columns = [
        Column("县（市、区）", widths[0], "left", wraps=True),
        Column("上报文件", widths[1], "left", wraps=True),
        Column("原因", _rest(PORTRAIT, *widths), "left", wraps=True),
    ]
    rows = []
    for failed in consolidation.failed:
        for place, one in enumerate(failed.findings[:MOST_FINDINGS]):
            where = f"{one.file}:{one.line} " if one.file else ""
            left = len(failed.findings) + failed.more - place - 1
            more = f"（另有 {left} 项）" if left and place + 1 == MOST_FINDINGS else ""
            rows.append(
                [
                    drawable(failed.county or "—") if place == 0 else "",
                    drawable(failed.bundle) if place == 0 else "",
                    drawable(f"{where}{one.message}{more}"),
                ]
            )
    return PlainTable(title, PORTRAIT, columns, rows)


def head_list(title: str, consolidation: Consolidation) -> PlainTable:
    """Each county's newest event: whoever has a county's paper can compare."""
    widths = (20 * MM, 48 * MM, 48 * MM)
    columns = [
        Column("县（市、区）", _rest(PORTRAIT, *widths), "left", wraps=True),
        Column("事件号", widths[0], "right"),
        Column("链首摘要", widths[1]),
        Column("账套指纹", widths[2]),
    ]
    rows = [
        [
            drawable(f"{books.county} {known.name}"),
            str(known.seq),
            grouped_seal(known.head[:16]),
            grouped_seal(known.first[:16]),
        ]
        for books, known in sorted(consolidation.heads.books.items())
    ]
    digest = consolidation.heads.digest
    for title_of, start in (("全部链首的摘要", 0), ("（续）", 32)):
        parts = (digest[start : start + 16], digest[start + 16 : start + 32])
        rows.append([title_of, "", *map(grouped_seal, parts)])
    return PlainTable(title, PORTRAIT, columns, rows)


def _rest(frame: Frame, *widths: float) -> float:
    return frame.right - frame.left - sum(widths)
