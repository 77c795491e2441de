"""The peer: the script that an office's IT would write, with pandas, openpyxl and platypus.

    python scripts/benchmark/peers.py NAME OUT FILE...

It keeps no books, checks no ceiling, remembers nobody and proves nothing: it reads the rosters,
writes a list for the bank and a sheet to sign for every town, and reads what the bank answers.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmark.floors import encoding_of

FONT = Path(__file__).resolve().parents[2] / "reports/pdf/font_files/NotoSansSC-Regular.ttf"
# The words by which a heading is found, for each column that the list needs.
HEADINGS = {
    "name": ("姓名", "户名"),
    "identity": ("身份证", "公民身份"),
    "role": ("岗位", "人员类别", "职务", "身份类别"),
    "area": ("普查区", "村", "社区"),
    "account": ("账号", "卡号", "账户"),
    "bank": ("开户行", "开户银行"),
}
LIST = "名单.xlsx"
# Those of our own sheets: it is the same paper.
COLUMNS = (
    "序号",
    "姓名",
    "身份证号",
    "岗位",
    "普查区",
    "开户行",
    "银行账号",
    "应发金额",
    "代扣",
    "实发金额",
    "签名",
)
# In points: together the width of A4 between the margins.
WIDTHS = (28, 60, 105, 58, 100, 100, 105, 50, 34, 50, 60)


def read_rosters(out: Path, files: Sequence[Path]) -> None:
    """All rosters into one list."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet: Any = workbook.active
    seen = set()
    for path in files:
        for row in rows_of(path):
            identity = row.get("identity", "")
            if len(identity) != 18 or identity in seen:
                continue
            seen.add(identity)
            fields = ("name", "identity", "role", "area", "bank", "account")
            sheet.append([path.stem, *(row.get(name, "") for name in fields)])
    workbook.save(out / LIST)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Every row with an identity number, by the headings above it."""
    import pandas

    if path.suffix == ".csv":
        frames = [
            pandas.read_csv(
                path, header=None, names=range(20), dtype=str, encoding=encoding_of(path)
            )
        ]
    else:
        engine = "openpyxl" if path.suffix == ".xlsx" else "calamine"
        options: dict[str, Any] = {"header": None, "dtype": str, "engine": engine}
        sheets = pandas.read_excel(path, sheet_name=None, **options)
        frames = list(sheets.values())
    rows: list[dict[str, str]] = []
    for frame in frames:
        columns: dict[str, int] = {}
        for _number, line in frame.fillna("").iterrows():
            cells = [clean(cell) for cell in line]
            if any(len(cell) == 18 and cell[:17].isdigit() for cell in cells):
                rows.append({name: cells[place] for name, place in columns.items()})
            else:
                # Headings may stand on two lines.
                columns |= headings_of(cells)
    return rows


def clean(cell: object) -> str:
    """Without blanks and quotes, full-width digits as usual ones."""
    text = unicodedata.normalize("NFKC", str(cell)).upper()
    return "".join(text.split()).strip("'")


def headings_of(cells: Sequence[str]) -> dict[str, int]:
    """The columns that a line names."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for name, words in HEADINGS.items():
            if any(word in cell for word in words):
                found.setdefault(name, place)
    return found


def make_sheets(out: Path, _files: Sequence[Path]) -> None:
    """The list for the bank, a workbook, and a sheet to sign for every town."""
    import pandas
    from openpyxl import Workbook
    from openpyxl.styles import Border
    from openpyxl.styles import Side
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.pagesizes import landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table

    pdfmetrics.registerFont(TTFont("song", str(FONT)))
    people = pandas.read_excel(out / LIST, header=None, dtype=str, engine="openpyxl").fillna("")
    upload, whole = Workbook(), Workbook()
    # Without lines of their own, long villages and banks push the table off the page.
    wrapping = ParagraphStyle("wrapping", fontName="song", fontSize=9, wordWrap="CJK")
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for_bank: Any = upload.active
    style = [
        ("FONTNAME", (0, 0), (-1, -1), "song"),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ]
    for number, (town, rows) in enumerate(people.groupby(0)):
        table: list[Any] = [list(COLUMNS)]
        sheet: Any = whole.create_sheet(f"镇{number}")
        sheet.append(list(COLUMNS))
        for place, (_index, row) in enumerate(rows.iterrows(), 1):
            area, bank = Paragraph(row[4], wrapping), Paragraph(row[5], wrapping)
            figures = ["800.00", "0.00", "800.00", ""]
            table.append([place, *row[1:4], area, bank, row[6], *figures])
            sheet.append([place, *row[1:], 800, 0, 800, ""])
            for cell in sheet[sheet.max_row]:
                cell.border = border
            for_bank.append([row[6], row[1], 800, row[5]])
        document = SimpleDocTemplate(
            str(out / f"{town}.pdf"), pagesize=landscape(A4), leftMargin=40, rightMargin=40
        )
        document.build([Table(table, repeatRows=1, style=style, colWidths=WIDTHS)])
    whole.save(out / "发放表.xlsx")
    upload.save(out / "代发.xlsx")


def read_answers(out: Path, files: Sequence[Path]) -> None:
    """Who was not paid, or what moved: every row of the bank's files that is not a success."""
    import pandas
    from openpyxl import Workbook

    workbook = Workbook()
    sheet: Any = workbook.active
    for path in files:
        if path.suffix == ".csv":
            frame = pandas.read_csv(
                path, header=None, names=range(20), dtype=str, encoding=encoding_of(path)
            )
        else:
            frame = pandas.read_excel(path, header=None, dtype=str, engine="openpyxl")
        for _number, row in frame.fillna("").iterrows():
            cells = [str(cell) for cell in row]
            if not any("成功" in cell for cell in cells):
                sheet.append(cells)
    workbook.save(out / "未成功.xlsx")


PEERS: dict[str, Callable[[Path, Sequence[Path]], None]] = {
    "import": read_rosters,
    "disburse": make_sheets,
    "answers": read_answers,
}

if __name__ == "__main__":
    PEERS[sys.argv[1]](Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
