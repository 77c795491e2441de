"""Records what ``disburse`` draws and writes, so that the floor can do the same and no more.

    python scripts/benchmark/recording.py DIR ARGUMENTS...

Runs the real command with these arguments on a copy of the books of the stage ``registered``, and
keeps every string with its place, every rule and every cell in ``DIR/drawn.marshal``.
"""

from __future__ import annotations

import marshal
import shutil
import sys
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledger.base.workbook_sheet import Cell
from ledger.base.workbook_sheet import Sheet
from ledger.cli import execute
from reports.payout import sheets_beside
from reports.pdf.canvas import PageCanvas
from reports.pdf.canvas import Placed
from reports.pdf.fonts import REGULAR
from reports.pdf.signed_document import SignedDocument

RECORDING = "drawn.marshal"

Document = dict[str, Any]


class Recorder:
    """Documents as (size, pages of strings and rules); workbooks as sheets of cells."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.workbooks: list[list[tuple[str, list[tuple[Any, ...]]]]] = []
        self.sheets: dict[int, list[tuple[Any, ...]]] = {}

    def watch(self) -> None:
        """From now on, for the rest of the process."""
        self._watch_documents()
        self._watch_workbooks()

    def _watch_documents(self) -> None:
        begin, texts, rule = SignedDocument.begin_page, PageCanvas.texts, PageCanvas.rule

        def recorded_page(document: SignedDocument) -> PageCanvas:
            if document.page_number == 0:
                size = (document.frame.width, document.frame.height)
                code = bool(document.heading.seal)
                self.documents.append({"size": size, "code": code, "pages": []})
            self.documents[-1]["pages"].append(([], []))
            return begin(document)

        def recorded_texts(
            canvas: PageCanvas, placed: Iterable[Placed], font: str = REGULAR, *rest: Any
        ) -> None:
            placed = list(placed)
            self.documents[-1]["pages"][-1][0].extend((*one, font) for one in placed)
            texts(canvas, placed, font, *rest)

        def recorded_rule(canvas: PageCanvas, *ends: float) -> None:
            self.documents[-1]["pages"][-1][1].append(ends)
            rule(canvas, *ends)

        SignedDocument.begin_page = recorded_page  # type: ignore[assignment, method-assign]
        PageCanvas.texts = recorded_texts  # type: ignore[assignment, method-assign]
        PageCanvas.rule = recorded_rule  # type: ignore[assignment, method-assign]

    def _watch_workbooks(self) -> None:
        add_worksheet = Workbook.add_worksheet
        begin = Workbook.__init__

        def recorded_workbook(workbook: Any, *arguments: Any, **options: Any) -> None:
            self.workbooks.append([])
            begin(workbook, *arguments, **options)

        def recorded_sheet(workbook: Any, *arguments: Any) -> Any:
            sheet = add_worksheet(workbook, *arguments)
            self.sheets[id(sheet)] = []
            self.workbooks[-1].append((sheet.name, self.sheets[id(sheet)]))
            return sheet

        Workbook.__init__ = recorded_workbook
        Workbook.add_worksheet = recorded_sheet
        for name in ("write_string", "write_number", "write_blank", "merge_range"):
            self._watch_cells(name)
        self._watch_rows()

    def _watch_cells(self, name: str) -> None:
        write = getattr(Worksheet, name)

        def recorded(sheet: Any, *arguments: Any) -> Any:
            cells = self.sheets.get(id(sheet))
            if cells is not None:
                plain = [v if isinstance(v, int | str | None) else float(v) for v in arguments[:-1]]
                cells.append((name, id(arguments[-1]), *plain))
            return write(sheet, *arguments)

        setattr(Worksheet, name, recorded)

    def _watch_rows(self) -> None:
        write = Sheet.write_cells

        def recorded(sheet: Sheet, row: int, cells: Iterable[Cell]) -> None:
            cells = list(cells)
            for column, value, style in cells:
                kind = _kind_of(value)
                plain = value if isinstance(value, str) else float(value)
                self.sheets[id(sheet)].append((kind, id(style), row, column, plain))
            write(sheet, row, cells)

        Sheet.write_cells = recorded  # type: ignore[assignment, method-assign]


def _kind_of(value: object) -> str:
    if not isinstance(value, str):
        return "write_number"
    return "write_string" if value else "write_blank"


def record(folder: Path, disburse: Sequence[str]) -> None:
    copy = folder / "run"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "stages" / "registered", copy)
    (folder / "registry.witness").unlink(missing_ok=True)
    recorder = Recorder()
    recorder.watch()
    # Another process would not be watched.
    sheets_beside.WORTH_A_PROCESS = sys.maxsize
    if execute(["-C", str(copy), *disburse]):
        sys.exit("disburse has failed")
    if len(recorder.documents) != len([*copy.glob("payouts/*/*.pdf")]):
        sys.exit("not all that was drawn has been recorded")
    drawn = {"documents": recorder.documents, "workbooks": recorder.workbooks}
    (folder / RECORDING).write_bytes(marshal.dumps(drawn))


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2:])
