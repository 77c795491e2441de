"""Workbooks as files: one way to make every .xlsx that leaves the office."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from ledger.base.workbook_sheet import Workbook

# Where a workbook is written to: a file, or the memory of one who puts it on the disk himself.
Target = Path | io.BytesIO
# The same workbook gives the same bytes: XlsxWriter would write the time of day into it.
TIMELESS = datetime.date(2020, 11, 1)
# Excel's number of the paper.
A4 = 9


@contextmanager
def workbook_file(
    target: Target, *, created: datetime.date = TIMELESS, title: str = "", author: str = ""
) -> Iterator[Workbook]:
    """A new workbook to be filled, which is written to ``target`` at the end.

    It is made in memory, so that no account number is left in the computer's folder of
    temporary files and a full disk is an OSError. No text becomes a formula or a link, whatever
    it begins with.
    """
    # Loaded where a workbook is made: many commands know who may be paid and make none.
    from ledger.base.workbook_sheet import Workbook

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as workbook:
        moment = datetime.datetime.combine(created, datetime.time())
        workbook.set_properties({"title": title, "author": author, "created": moment})
        yield workbook
    # A workbook and its sheets hold each other, and nobody looks for garbage while a command runs:
    # the cells of a large one and the text of its files are half of the command's memory.
    for one in (*workbook.worksheets(), workbook):
        vars(one).clear()
    if isinstance(target, Path):
        target.write_bytes(content.getvalue())
    else:
        target.write(content.getvalue())


def print_as_list(page: Any, header_row: int) -> None:
    """On A4 across, all columns on one sheet, with title and headings on every one, and which of
    how many it is.
    """
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, header_row)
    page.set_footer("&C第 &P 页 共 &N 页")
