"""The batch statement (发放情况表): what has become of a batch by a day, to be signed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from ledger.base.records import Record
from ledger.figures.batch_outcomes import ReasonShare
from ledger.figures.batch_outcomes import TownOutcome
from reports.batch_statement.tables import OutcomeTable
from reports.batch_statement.tables import ReasonTable
from reports.batch_statement.tables import added
from reports.batch_statement.tables import reason_texts
from reports.pdf.flow import Part
from reports.pdf.flow import draw_parts
from reports.pdf.flow import pages_of
from reports.pdf.fonts import require_glyphs
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date

# Between the two tables.
GAP = 6 * MM


class DoesNotAddUp(ValueError):
    """The figures contradict one another: nobody may be asked to sign them."""


class StatementHeading(Heading, kw_only=True):
    """``on`` is the day as of which the statement speaks, ``prepared`` the batch's own.

    ``state_words`` are the batch's state in Chinese (已完结).
    """

    prepared: datetime.date
    state_words: str

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (
                f"编制单位：{self.unit}",
                f"镇（街道）：{self.scope}",
                f"批次状态：{self.state_words}　　单位：元",
            ),
            (
                f"发放批次：{self.batch}（{chinese_date(self.prepared)}编制）",
                f"补助期间：{self.period}",
                f"截至日期：{chinese_date(self.on)}",
            ),
        )

    @property
    def document_title(self) -> str:
        return f"{super().document_title} {chinese_date(self.on)}"

    def texts(self) -> list[str]:
        return [*super().texts(), self.state_words]


class StatementSheet(Record):
    """A whole batch as of the heading's day. A row is a town and fund, in the order given."""

    heading: StatementHeading
    rows: Sequence[TownOutcome]
    reasons: Sequence[ReasonShare]

    def texts(self) -> list[str]:
        """Every text that is drawn and not this sheet's own."""
        of_towns = [
            text for row in self.rows for text in (row.town_code, row.town_name, row.fund_name)
        ]
        of_reasons = [text for share in self.reasons for text in reason_texts(share)]
        return [*self.heading.texts(), *of_towns, *of_reasons]


def write_statement_sheet(path: Path, statement: StatementSheet, *, boxes: Sequence[str]) -> int:
    """Write the statement as a PDF and return its number of pages.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a text that the font cannot draw, and
    :class:`DoesNotAddUp` where parts are not the whole.
    """
    _require_sums(statement)
    require_glyphs([*statement.texts(), *boxes])
    frame = LANDSCAPE
    outcomes = OutcomeTable(frame, statement.rows)
    reasons = ReasonTable(frame, statement.reasons)
    pages = outcomes.paginate()
    reason_pages = reasons.paginate(outcomes.left_over(pages[-1]) - GAP)
    parts = (
        Part("各镇（街道）发放情况", pages, outcomes.draw),
        Part("退回原因", reason_pages, reasons.draw),
    )
    document = SignedDocument(
        path, statement.heading, frame=frame, boxes=boxes, pages=pages_of(parts)
    )
    draw_parts(document, parts, gap=GAP)
    return document.pages


def _require_sums(statement: StatementSheet) -> None:
    for row in statement.rows:
        if added([row.paid, row.returned, row.unknown, row.awaited, row.voided]) != row.due:
            raise DoesNotAddUp(f"{row.town_code}, fund {row.fund_code}: not what was due")
    returned = added(row.returned for row in statement.rows)
    if added(share.count for share in statement.reasons) != returned:
        raise DoesNotAddUp("the reasons are not those of everyone who was returned")
