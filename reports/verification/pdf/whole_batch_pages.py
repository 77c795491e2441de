"""Summary and batch statement against the books: every cell of their few rows."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.base.records import Record
from reports.batch_statement.sheet import StatementSheet
from reports.batch_statement.tables import OUTCOMES
from reports.batch_statement.tables import REASON_COLUMNS
from reports.batch_statement.tables import VOIDED
from reports.batch_statement.tables import OutcomeTable
from reports.batch_statement.tables import added
from reports.batch_statement.tables import count_texts
from reports.batch_statement.tables import counts_of
from reports.batch_statement.tables import reason_texts
from reports.payout.batch_summary import Share
from reports.payout.summary_sheet import TOTAL_SPAN
from reports.payout.summary_sheet import SummarySheet
from reports.verification.comparison.verdict import Difference
from reports.verification.pdf.alignment import align
from reports.verification.pdf.printed_page import PrintedPage

FUND_TITLES = ("经费来源", "人数", "金额")
FILE_TITLES = ("银行文件", "笔数", "金额")
REASON_TITLES = tuple(column.title for column in REASON_COLUMNS)
TOTAL = "合计"


class Cell(Record):
    """What one cell should say: in which row (0 for totals), whose, and below which heading."""

    row: int
    label: str
    column: str
    text: str


def _row(row: int, label: str, columns: Sequence[str], texts: Sequence[str]) -> Iterator[Cell]:
    for column, text in zip(columns, texts, strict=True):
        if text:
            yield Cell(row, label, column, "".join(text.split()))


def summary_titles(summary: SummarySheet) -> list[str]:
    """The headings of the table of towns."""
    return [*(column.title for column in summary.columns), *summary.amount_titles]


def summary_cells(summary: SummarySheet) -> list[Cell]:
    """Everything below the headings, in the order in which it is printed."""
    titles = summary_titles(summary)
    cells: list[Cell] = []
    for number, texts in enumerate(summary.town_texts(), 1):
        cells += _row(number, texts[2], titles, texts)
    cells += _row(0, TOTAL, titles[TOTAL_SPAN - 1 :], [TOTAL, *summary.total_texts().values()])
    cells.append(Cell(0, TOTAL, "金额大写", "".join(summary.words.split())))
    cells += _share_cells(FUND_TITLES, list(summary.fund_shares.values()))
    cells += _share_cells(FILE_TITLES, summary.bank_files)
    return cells


def _share_cells(titles: Sequence[str], shares: Sequence[Share]) -> Iterator[Cell]:
    rows = [(share.name, share.people, share.amount_fen) for share in shares]
    rows.append((TOTAL, sum(row[1] for row in rows), sum(row[2] for row in rows)))
    for name, people, amount_fen in rows:
        yield from _row(
            0, f"{titles[0]} {name}", titles, (name, f"{people:,}", grouped(amount_fen))
        )


def statement_titles(table: OutcomeTable) -> list[str]:
    """The headings of the table of towns, the groups first."""
    return [*table.outcomes, *(column.title for column in table.table.columns)]


def statement_cells(statement: StatementSheet, table: OutcomeTable) -> list[Cell]:
    """Everything below the headings, in the order in which it is printed."""
    columns = table.table.columns
    titles = [column.title for column in columns if not column.group]
    figures = [f"{column.group} {column.title}" for column in columns if column.group]
    cells: list[Cell] = []
    for number, row in enumerate(statement.rows, 1):
        texts = [str(number), row.town_code, row.town_name, row.fund_name]
        texts += count_texts(counts_of(row))
        cells += _row(number, f"{row.town_name} {row.fund_name}", [*titles, *figures], texts)
    for label, counts in table.totals:
        cells += _row(0, label, [label, *figures], [label, *count_texts(counts)])
    for words in table.words:
        cells.append(Cell(0, words.partition("：")[0], "大写", "".join(words.split())))
    shares = [share for share in statement.reasons if share.count.people]
    for share in shares:
        texts = list(reason_texts(share))
        cells += _row(0, texts[0], REASON_TITLES, texts)
    if shares:
        total = count_texts([added(share.count for share in shares)])
        cells += _row(0, "退回合计", REASON_TITLES[:3], ["退回合计", *total])
    return cells


def cell_differences(
    pages: Sequence[PrintedPage], titles: Sequence[str], cells: Sequence[Cell]
) -> list[Difference]:
    """The words of the pages, below their headings, against the cells of the books."""
    words: list[str] = []
    numbers: list[int] = []
    found: list[Difference] = []
    for page in pages:
        begin, difference = _below_titles(page, titles)
        found += difference
        taken = _without_titles(page.words[begin:])
        words += taken
        numbers += [page.number] * len(taken)
    expected = [cell.text for cell in cells]
    alignment = align(words, expected)
    last = numbers[0] if numbers else 0
    for cell, span in zip(cells, alignment.cells, strict=True):
        here = "".join(words[span[0] : span[1]]) if span else ""
        last = numbers[span[0]] if span else last
        if here != cell.text:
            kind = "changed" if span else "missing"
            found.append(
                Difference(cell.row, cell.column, here, cell.text, kind=kind, page=last,
                           name=cell.label)
            )  # fmt: skip
    if alignment.extra:
        by_page: dict[int, list[str]] = {}
        for place in alignment.extra:
            by_page.setdefault(numbers[place], []).append(words[place])
        found += [
            Difference(
                0, _("other text"), mask_numbers(" ".join(extra)), "", kind="extra", page=number
            )
            for number, extra in by_page.items()
        ]
    return found


def _below_titles(page: PrintedPage, titles: Sequence[str]) -> tuple[int, list[Difference]]:
    """How many of the page's first words are headings; a difference when they are not those.

    A page that only goes on with what stands below the table of towns has none.
    """
    known = set(titles)
    begin = 0
    while begin < len(page.words) and page.words[begin] in known:
        begin += 1
    here = page.words[:begin]
    # In which order a heading of two lines is drawn is a matter of looks.
    groups = (*OUTCOMES, VOIDED)
    order = [word for word in here if word in groups]
    same = sorted(here) == sorted(titles) and order == [t for t in titles if t in groups]
    if begin and not same and here not in (FUND_TITLES[:1], ()):
        shown = " ".join(here)
        return begin, [Difference(0, _("headings"), shown, " ".join(titles), page=page.number)]
    return begin, []


def _without_titles(words: Sequence[str]) -> list[str]:
    """Without the headings of the smaller tables, which stand again on every page."""
    kept: list[str] = []
    place = 0
    while place < len(words):
        for titles in (FUND_TITLES, FILE_TITLES, REASON_TITLES):
            if tuple(words[place : place + len(titles)]) == titles:
                place += len(titles)
                break
        else:
            kept.append(words[place])
            place += 1
    return kept
