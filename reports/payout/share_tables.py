"""Two small tables side by side below a summary: what each fund pays, what each bank file holds."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.money import grouped
from reports.payout.batch_summary import Share
from reports.pdf.canvas import PageCanvas
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.pagination import paginate
from reports.pdf.table import Column
from reports.pdf.table import Table

ROW_HEIGHT = 6.4 * MM
BETWEEN = 6 * MM
PEOPLE = 14 * MM
AMOUNT = 32 * MM
# The bank files' names are longer than the funds'.
LEFT_SHARE = 0.42


class ShareTables:
    """The tables of a batch's funds and bank files, each with its own total."""

    def __init__(self, frame: Frame, funds: Sequence[Share], bank_files: Sequence[Share]) -> None:
        self.frame = frame
        self.shares = (tuple(funds), tuple(bank_files))
        middle = frame.left + LEFT_SHARE * (frame.right - frame.left)
        self.tables = (
            self._table("经费来源", "人数", frame.left, middle),
            self._table("银行文件", "笔数", middle + BETWEEN, frame.right),
        )

    @staticmethod
    def _table(name: str, count: str, left: float, right: float) -> Table:
        columns = (
            Column(name, right - left - PEOPLE - AMOUNT, "left"),
            Column(count, PEOPLE, "right"),
            Column("金额", AMOUNT, "right"),
        )
        return Table(columns, left=left, row_height=ROW_HEIGHT)

    def _heights(self) -> list[float]:
        """The height of each row: of the higher of the two cells that stand side by side."""
        count = max(map(len, self.shares))
        heights = [ROW_HEIGHT] * count
        for table, shares in zip(self.tables, self.shares, strict=True):
            for place, share in enumerate(shares):
                heights[place] = max(heights[place], table.measure(_texts(share)).height)
        return heights

    def paginate(self, left_over: float) -> list[range]:
        """The rows on the page where ``left_over`` points are left, then on further pages.

        The tables begin on a new page (the first range is empty) unless they fit whole.
        """
        heights = self._heights()
        used = self.tables[0].header_height + ROW_HEIGHT
        if sum(heights) + used <= left_over:
            return [range(len(heights))]
        room = self.frame.body_height - used
        return [range(0), *paginate(heights, room, room)]

    def draw(self, canvas: PageCanvas, top: float, page: range) -> float:
        """Draw these rows of both tables; returns the bottom of the longer one."""
        bottoms = []
        for table, shares in zip(self.tables, self.shares, strict=True):
            if page.start and page.start >= len(shares):
                continue
            rows = [table.measure(_texts(share)) for share in shares[page.start : page.stop]]
            bottom = table.draw_rows(canvas, table.draw_header(canvas, top), rows)
            table.draw_rules(canvas, top, bottom)
            if page.stop >= len(shares):
                bottom = table.draw_total(
                    canvas, bottom, "合计", _total(shares), span=1, align="centre"
                )
            table.draw_frame(canvas, top, bottom)
            bottoms.append(bottom)
        return min(bottoms)


def _texts(share: Share) -> tuple[str, str, str]:
    return share.name, f"{share.people:,}", grouped(share.amount_fen)


def _total(shares: Sequence[Share]) -> dict[int, str]:
    people = sum(share.people for share in shares)
    return {1: f"{people:,}", 2: grouped(sum(share.amount_fen for share in shares))}
