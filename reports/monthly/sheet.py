"""The monthly budget statement (经费预算执行情况月报): its pages, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.base.digests import Digest
from ledger.books.provenance import Provenance
from ledger.figures.monthly_report import MonthlyReport
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from ledger.model.seal import grouped_seal
from reports.monthly.change_table import ChangeTable
from reports.monthly.cumulative_chart import CumulativeChart
from reports.monthly.details import Part
from reports.monthly.details import draw_details
from reports.monthly.details import laid_out
from reports.monthly.headline import Headline
from reports.monthly.line_table import LineTable
from reports.monthly.plain_table import stage_table
from reports.monthly.plain_table import tax_table
from reports.monthly.summary_page import FRAME
from reports.monthly.summary_page import SummaryPages
from reports.monthly.town_table import TownTable
from reports.monthly.trail_table import subjects
from reports.monthly.trail_table import trail_table
from reports.pdf.fonts import drawable
from reports.pdf.fonts import require_glyphs
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date
from reports.wording.open_matters import open_matter_items

TITLE = "经费预算执行情况月报"
# The parts of the statement, in their order: those of the first page, and the details.
COURSE = "预算、到位资金与支出的累计进度"
STAGES = "各阶段补助发放情况"
TOWNS = "各镇街补助发放情况"
TAX = "待缴的个人所得税"
LINES = "分经费来源、分科目执行情况"
CHANGES = "本月变动"
NUMERALS = "三四五六七八九十"
# Of the digest of the books, on every page: as many as of a seal.
DIGEST_DIGITS = 16


class MonthlyHeading(Heading, kw_only=True):
    """Of no batch; instead of a seal it has the digest of the books."""

    month: str
    digest: Digest

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"编制单位：{self.unit}", f"报告月份：{self.month}", "单位：元"),
            (f"项目：{self.period}", f"截至日期：{chinese_date(self.on)}", ""),
        )

    def summary(self) -> tuple[str, ...]:
        """The head lines of the first page, one below the other."""
        return (
            f"编制单位：{self.unit}",
            f"项目：{self.period}",
            f"报告月份：{self.month}（截至日期：{chinese_date(self.on)}）",
        )

    @property
    def document_title(self) -> str:
        return f"{self.month}{self.title}"

    @property
    def foot(self) -> str:
        """How the digest of the books begins; the last page has the whole."""
        return f"账套摘要 {grouped_seal(self.digest[:DIGEST_DIGITS])}"


def heading_of(statement: MonthlyReport, project: str, provenance: Provenance) -> MonthlyHeading:
    month = statement.month
    return MonthlyHeading(
        title=TITLE,
        unit=statement.unit,
        batch=NO_BATCH,
        on=month.last,
        period=project,
        seal=NO_SEAL,
        scope="",
        provenance=provenance,
        month=f"{month.year}年{month.number}月",
        digest=statement.digest,
    )


def write_monthly_sheet(
    path: Path,
    statement: MonthlyReport,
    *,
    project: str,
    boxes: Sequence[str],
    provenance: Provenance,
) -> int:
    """Write the statement as a PDF and return its number of pages; ``boxes`` are signed in.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a text of the settings that the fonts
    cannot draw; in the bank's words and in entries a mark stands for such a character.
    """
    heading = heading_of(statement, project, provenance)
    require_glyphs([*heading.texts(), *boxes])
    headline = Headline(FRAME, statement)
    items = open_matter_items(statement.open_matters, statement.status)
    summary = SummaryPages(headline, items, boxes, title=heading.title, head=heading.summary())
    details = laid_out(parts_of(statement, provenance))
    pages = summary.pages + len(details)
    document = SignedDocument(path, heading, frame=PORTRAIT, boxes=(), pages=pages)
    summary.draw(document)
    draw_details(document, details)
    document.save()
    return document.pages


def parts_of(statement: MonthlyReport, provenance: Provenance) -> list[Part]:
    """The details, numbered; the wide table lies across. What there is nothing of has no part."""
    numbers = iter(NUMERALS)

    def named(title: str) -> str:
        return f"{next(numbers)}、{title}"

    stages = statement.status.stages
    parts: list[Part] = [CumulativeChart(named(COURSE), PORTRAIT, statement)]
    towns = TOWNS
    if len(stages) > 1:
        parts.append(stage_table(named(STAGES), PORTRAIT, statement))
        counted = next(one.name for one in stages if one.code == statement.status.stage)
        towns = f"{TOWNS}（{statement.status.stage} {drawable(counted)}）"
    parts.append(TownTable(named(towns), PORTRAIT, statement))
    parts.append(LineTable(named(LINES), LANDSCAPE, statement))
    parts.append(ChangeTable(named(CHANGES), PORTRAIT, statement))
    if statement.status.tax:
        parts.append(tax_table(named(TAX), PORTRAIT, statement))
    parts.append(trail_table(named(subjects(statement)), PORTRAIT, statement, provenance))
    return parts
