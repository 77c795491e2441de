"""The first sheet of a batch's workbook: towns, funds and bank files in figures."""

from __future__ import annotations

from collections.abc import Sequence

from reports.payout.batch_summary import Share
from reports.payout.batch_summary import TownShare
from reports.payout.summary_sheet import TOTAL_SPAN
from reports.payout.summary_sheet import SummarySheet
from reports.payout.workbook_page import FIRST_ROW
from reports.payout.workbook_page import WorkbookPage

# In characters of the normal font, as spreadsheets count.
TOWN_WIDTHS = (6, 13, 18)
PEOPLE_WIDTH = 11
FUND_WIDTH = 18
COUNT = 3
AMOUNT = 4


def summary_widths(summary: SummarySheet) -> list[float]:
    """The widths of the columns: of a town, of each fund, of the total."""
    roles = (max(PEOPLE_WIDTH, 2 * len(role) + 5) for role in summary.all_roles)
    return [*TOWN_WIDTHS, *roles, PEOPLE_WIDTH, *[FUND_WIDTH] * len(summary.amount_titles)]


def write_summary(page: WorkbookPage, summary: SummarySheet, boxes: Sequence[str]) -> None:
    """The same tables as on the printed summary, below one another."""
    titles = [column.title for column in summary.columns]
    page.set_up(summary.heading, [*titles, *summary.amount_titles])
    row = FIRST_ROW
    for number, town in enumerate(summary.towns, 1):
        _write_town(page, row, number, town, summary)
        row += 1
    _write_total(page, row, summary)
    page.text(row + 1, 0, summary.words, page.styles.total_text, until=page.last_column)
    row = _write_shares(page, row + 3, ("经费来源", "人数"), list(summary.fund_shares.values()))
    row = _write_shares(page, row + 1, ("银行文件", "笔数"), summary.bank_files)
    page.sign(row + 1, boxes)
    page.draw_qr(row + 3, summary.heading)


def _write_town(
    page: WorkbookPage, row: int, number: int, town: TownShare, summary: SummarySheet
) -> None:
    styles = page.styles
    page.count(row, 0, number, styles.number)
    page.text(row, 1, town.code, styles.centre)
    page.text(row, 2, town.name, styles.centre)
    roles = [town.roles[role] for role in summary.all_roles]
    for column, count in enumerate([*roles, town.people], COUNT):
        page.count(row, column, count, styles.count)
    amounts_fen = summary.town_amounts_fen(town)
    for column, amount_fen in enumerate(amounts_fen, len(summary.columns)):
        page.money(row, column, amount_fen, styles.money)


def _write_total(page: WorkbookPage, row: int, summary: SummarySheet) -> None:
    styles = page.styles
    page.text(row, 0, "合计", styles.total_word, until=TOTAL_SPAN - 1)
    counts = (
        *(sum(town.roles[role] for town in summary.towns) for role in summary.all_roles),
        len(summary.rows),
    )
    for column, count in enumerate(counts, COUNT):
        page.count(row, column, count, styles.total_count)
    for column, amount_fen in enumerate(summary.amounts_fen, len(summary.columns)):
        page.money(row, column, amount_fen, styles.total_money)


def _write_shares(
    page: WorkbookPage, row: int, titles: tuple[str, str], shares: Sequence[Share]
) -> int:
    """A table of shares with its total; returns the row after it."""
    styles = page.styles
    page.text(row, 0, titles[0], styles.header, until=COUNT - 1)
    page.text(row, COUNT, titles[1], styles.header)
    page.text(row, AMOUNT, "金额", styles.header)
    for share in shares:
        row += 1
        page.text(row, 0, share.name, styles.left, until=COUNT - 1)
        page.count(row, COUNT, share.people, styles.count)
        page.money(row, AMOUNT, share.amount_fen, styles.money)
    row += 1
    page.text(row, 0, "合计", styles.total_word, until=COUNT - 1)
    page.count(row, COUNT, sum(share.people for share in shares), styles.total_count)
    page.money(row, AMOUNT, sum(share.amount_fen for share in shares), styles.total_money)
    return row + 1
