"""The monthly budget statement (经费预算执行情况月报): its pages, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.base.digests import Digest
from ledger.books.provenance import Provenance
from ledger.figures.monthly_report import MonthlyReport
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from reports.monthly.change_table import QUIET as NOTHING_CHANGED
from reports.monthly.change_table import ChangeTable
from reports.monthly.cumulative_chart import CumulativeChart
from reports.monthly.headline import HEIGHT as HEADLINE_HEIGHT
from reports.monthly.headline import draw_headline
from reports.monthly.line_table import LineTable
from reports.monthly.line_table import notes
from reports.monthly.open_matter_list import OpenMatterList
from reports.monthly.section import GAP
from reports.monthly.section import SECTION_HEIGHT
from reports.monthly.section import draw_title
from reports.monthly.town_table import TownTable
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import require_glyphs
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import filled
from reports.wording.open_matters import open_matter_items

TITLE = "经费预算执行情况月报"
BOXES = ("单位负责人", "财务负责人", "制表人")
# The parts of the statement, in their order.
HEADLINE = "一、总体情况"
DECISIONS = "二、需要决策的事项"
COURSE = "三、预算、到位资金与支出的累计进度"
LINES = "四、分经费来源、分科目执行情况"
TOWNS = "五、各镇街补助发放情况"
CHANGES = "六、本月主要变动"
NOBODY_REGISTERED = "截至月末尚无人员在册。"

FRAME = LANDSCAPE
WIDTH = FRAME.right - FRAME.left
# The lower half of the first page: what needs a decision, and the chart.
OPEN_MATTERS_WIDTH = 0.45 * WIDTH
# The last page: towns, and what changed.
TOWNS_WIDTH = 0.52 * WIDTH
NOTE_SIZE = 8.0
NOTE_LEADING = 1.4


@dataclass(frozen=True, kw_only=True)
class MonthlyHeading(Heading):
    """Of no batch; instead of a seal it has the digest of the books."""

    month: str
    digest: Digest
    foot_size = 7.0

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"编制单位：{self.unit}", f"报告月份：{self.month}", "单位：元"),
            (f"项目：{self.period}", f"截至日期：{chinese_date(self.on)}", ""),
        )

    @property
    def document_title(self) -> str:
        return f"{self.month}{self.title}"

    @property
    def foot(self) -> str:
        return f"账套摘要：{self.digest}"


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
    path: Path, statement: MonthlyReport, *, project: str, provenance: Provenance
) -> int:
    """Write the statement as a PDF and return its number of pages.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a text of the settings that the fonts
    cannot draw; in the bank's words and in entries a mark stands for such a character.
    """
    heading = heading_of(statement, project, provenance)
    require_glyphs(heading.texts())
    layout = _Layout(statement)
    document = SignedDocument(path, heading, frame=FRAME, boxes=BOXES, pages=layout.pages)
    layout.draw(document)
    document.save()
    return document.pages


class _Layout:
    """Everything measured before the first page is drawn, for it says how many there are."""

    def __init__(self, statement: MonthlyReport) -> None:
        self.statement = statement
        self.headline_top = FRAME.body_top
        self.half_top = self.headline_top - SECTION_HEIGHT - HEADLINE_HEIGHT - GAP
        height = self.half_top - SECTION_HEIGHT - FRAME.bottom
        items = open_matter_items(statement.open_matters, statement.status)
        self.open_matters = OpenMatterList(items, OPEN_MATTERS_WIDTH, height)
        room = FRAME.body_top - SECTION_HEIGHT - FRAME.bottom
        self.more_open_matters: list[OpenMatterList] = []
        rest = self.open_matters.rest
        while rest:
            page = OpenMatterList(rest, WIDTH, room, least=1)
            self.more_open_matters.append(page)
            rest = page.rest
        self.lines = LineTable(FRAME, statement)
        self.notes = [
            part for note in notes(statement.rows) for part in filled(note, WIDTH / NOTE_SIZE)
        ]
        self.line_pages = self.lines.paginate(room, room - self._notes_height)
        self.towns = TownTable(statement, FRAME.left, TOWNS_WIDTH)
        changes_left = FRAME.left + TOWNS_WIDTH + GAP
        self.changes = ChangeTable(
            statement,
            changes_left,
            FRAME.right - changes_left,
            FRAME.body_height - SECTION_HEIGHT,
        )

    @property
    def pages(self) -> int:
        return 1 + len(self.more_open_matters) + len(self.line_pages) + 1

    @property
    def _notes_height(self) -> float:
        return 2 * MM + len(self.notes) * NOTE_SIZE * NOTE_LEADING

    def draw(self, document: SignedDocument) -> None:
        self._draw_first_page(document)
        number = 1 + len(self.open_matters.items)
        for page in self.more_open_matters:
            canvas = document.begin_page()
            top = draw_title(document, canvas, FRAME.left, FRAME.body_top, DECISIONS, goes_on=True)
            page.draw(canvas, FRAME.left, top, number)
            number += len(page.items)
            document.end_page(FRAME.bottom, signed=False)
        for place, lines in enumerate(self.line_pages):
            self._draw_lines(document, lines, goes_on=place > 0)
        self._draw_last_page(document)

    def _draw_first_page(self, document: SignedDocument) -> None:
        canvas = document.begin_page()
        top = draw_title(document, canvas, FRAME.left, self.headline_top, HEADLINE)
        draw_headline(canvas, FRAME, top, self.statement)
        top = draw_title(document, canvas, FRAME.left, self.half_top, DECISIONS)
        self.open_matters.draw(canvas, FRAME.left, top)
        left = FRAME.left + OPEN_MATTERS_WIDTH + 2 * GAP
        top = draw_title(document, canvas, left, self.half_top, COURSE)
        CumulativeChart(self.statement, left, top, FRAME.right, FRAME.bottom + 2 * MM).draw(canvas)
        document.end_page(FRAME.bottom, signed=False)

    def _draw_lines(self, document: SignedDocument, page: range, *, goes_on: bool) -> None:
        canvas = document.begin_page()
        top = draw_title(document, canvas, FRAME.left, FRAME.body_top, LINES, goes_on=goes_on)
        bottom = self.lines.draw(canvas, top, page)
        if page.stop == len(self.lines.bands):
            self._draw_notes(canvas, bottom)
        document.end_page(FRAME.bottom, signed=False)

    def _draw_notes(self, canvas: PageCanvas, top: float) -> None:
        baseline = top - 2 * MM
        for line in self.notes:
            baseline -= NOTE_SIZE * NOTE_LEADING
            canvas.text(FRAME.left, baseline + 2, line, NOTE_SIZE)

    def _draw_last_page(self, document: SignedDocument) -> None:
        canvas = document.begin_page()
        top = draw_title(document, canvas, FRAME.left, FRAME.body_top, TOWNS)
        bottom = top - SECTION_HEIGHT
        if self.towns.towns:
            bottom = self.towns.draw(canvas, top)
        else:
            canvas.text(FRAME.left, top - BODY_SIZE - 2, NOBODY_REGISTERED, BODY_SIZE)
        left = self.changes.table.edges[0]
        top = draw_title(document, canvas, left, FRAME.body_top, CHANGES)
        if self.statement.is_quiet:
            canvas.text(left, top - BODY_SIZE - 2, NOTHING_CHANGED, BODY_SIZE)
        else:
            bottom = min(bottom, self.changes.draw(canvas, top))
        document.end_page(bottom)
