"""The floors: the same libraries doing only the work that nothing can spare.

    python scripts/benchmark/floors.py NAME BOOKS [FILE...]

Each is a whole program of its own, as plain as the libraries' handbooks would have it.
"""

from __future__ import annotations

import csv
import marshal
import sys
from codecs import BOM_UTF8
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmark.recording import RECORDING
from benchmark.stages import WITHOUT_PLUGIN

FONTS = Path(__file__).resolve().parents[2] / "reports" / "pdf" / "font_files"
FONT_NAMES = ("NotoSansSC-Regular", "NotoSansSC-Bold")
QR_TEXT = "census-ledger:B2020-001:370481001:a1b2c3d4e5f60718"
QR_SIDE = 57


def load(books: Path) -> None:
    """Beancount's own loader, as bean-check calls it, without our plugin."""
    from beancount import loader

    loader.initialize(use_cache=False)
    _entries, errors, _options = loader.load_file(books / WITHOUT_PLUGIN)
    if errors:
        sys.exit(f"the books have errors: {errors[0]}")


def read_tables(books: Path, files: Sequence[Path]) -> None:
    """Every cell of the files, by calamine or csv, and the ledger."""
    for path in files:
        if path.suffix == ".csv":
            list(csv.reader(path.read_text(encoding=encoding_of(path)).splitlines()))
            continue
        from python_calamine import CalamineWorkbook

        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    load(books)


def encoding_of(path: Path) -> str:
    """Excel saves .csv in the one or in the other."""
    return "utf-8-sig" if path.read_bytes().startswith(BOM_UTF8) else "gb18030"


def check(books: Path, _files: Sequence[Path]) -> None:
    load(books)


def month(books: Path, _files: Sequence[Path]) -> None:
    """The ledger, and one page with a letter of each font."""
    load(books)
    canvas = new_canvas(books / "month.pdf", (595, 842))
    for name in FONT_NAMES:
        canvas.setFont(name, 9)
        canvas.drawString(100, 100, "月")
    canvas.showPage()
    canvas.save()


def disburse(books: Path, _files: Sequence[Path]) -> None:
    """The ledger with the batch in it, every string, rule and cell, a QR code a document."""
    load(books)
    drawn = marshal.loads((books.parent / RECORDING).read_bytes())
    for number, document in enumerate(drawn["documents"]):
        draw(books / f"{number}.pdf", document)
    for number, sheets in enumerate(drawn["workbooks"]):
        write_workbook(books / f"{number}.xlsx", sheets)


def new_canvas(path: Path, size: tuple[float, float]) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for name in FONT_NAMES:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    return Canvas(str(path), pagesize=size, pageCompression=1, initialFontName=FONT_NAMES[0])


def draw(path: Path, document: dict[str, Any]) -> None:
    canvas = new_canvas(path, document["size"])
    if document["code"]:
        define_qr(canvas)
    for strings, rules in document["pages"]:
        if document["code"]:
            canvas.doForm("qr")
        for x, y, words, size, *font in strings:
            canvas.setFont(font[0] if font else FONT_NAMES[0], size)
            canvas.drawString(x, y, words)
        canvas.lines(rules)
        canvas.showPage()
    canvas.save()


def define_qr(canvas: Any) -> None:
    from reportlab.graphics.barcode.qrencoder import QRCode
    from reportlab.graphics.barcode.qrencoder import QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR_TEXT)
    code.make()
    canvas.beginForm("qr", 0, 0, QR_SIDE, QR_SIDE)
    for row, modules in enumerate(code.modules):
        for column, dark in enumerate(modules):
            if dark:
                canvas.rect(column, row, 1, 1, stroke=0, fill=1)
    canvas.endForm()


def write_workbook(path: Path, sheets: Sequence[tuple[str, Sequence[tuple[Any, ...]]]]) -> None:
    import xlsxwriter

    formats: dict[int, Any] = {}
    with xlsxwriter.Workbook(path) as workbook:
        for name, cells in sheets:
            sheet = workbook.add_worksheet(name)
            for method, style, *values in cells:
                if style not in formats:
                    formats[style] = workbook.add_format({"border": 1})
                getattr(sheet, method)(*values, formats[style])


FLOORS: dict[str, Callable[[Path, Sequence[Path]], None]] = {
    "read": read_tables,
    "check": check,
    "month": month,
    "disburse": disburse,
}

if __name__ == "__main__":
    FLOORS[sys.argv[1]](Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
