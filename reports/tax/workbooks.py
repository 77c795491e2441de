"""The two workbooks of the declaration, written, read back by another library and compared."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from python_calamine import CalamineError
from python_calamine import CalamineWorkbook

from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.base.money import yuan
from ledger.base.refusals import Refusal
from ledger.base.workbooks import print_as_list
from ledger.base.workbooks import workbook_file
from ledger.figures.month_tax import PersonTax
from ledger.model.payees import Payee
from reports.tax.columns import Layout

INCOME = "income"
IDENTITY = re.compile("[0-9]{17}[0-9X]")
MAN, WOMAN = "男", "女"
LEAST_WIDTH, IDENTITY_WIDTH = 10, 22


class DeclarationDiffers(Refusal):
    """A workbook is not what the books hold. The message shows no cell: they are personal."""

    def __init__(self, sheet: str, row: int, column: str) -> None:
        message = _(
            "{sheet} must not be declared: row {row}, column {column} is not what the books hold;"
            " nothing was written"
        )
        super().__init__(
            message.format(sheet=sheet, row=row, column=column), row=row, column=column
        )


class Declared(NamedTuple):
    """A person as the declaration has her: by her record as it is now."""

    person: PersonTax
    payee: Payee

    def texts(self) -> dict[str, str]:
        """What stands in the columns, by the names of the layouts; the amount too."""
        identity = self.payee.identity.upper()
        whole = bool(IDENTITY.fullmatch(identity))
        return {
            "payee": self.payee.payee_id,
            "name": self.payee.legal_name,
            "identity": identity,
            "sex": (MAN if int(identity[16]) % 2 else WOMAN) if whole else "",
            "born": f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}" if whole else "",
            "phone": self.payee.phone,
            INCOME: plain(self.person.income_fen),
        }


def workbook_bytes(layout: Layout, people: Sequence[Declared], *, title: str, unit: str) -> bytes:
    """The workbook: headings first, then a row for each person. All but amounts are texts, so that
    no identity number loses a digit.
    """
    content = io.BytesIO()
    with workbook_file(content, title=title, author=unit) as workbook:
        page = workbook.add_worksheet(layout.sheet)
        text, money = (workbook.add_format({"num_format": form}) for form in ("@", "0.00"))
        for place, heading in enumerate(layout.columns):
            page.write_string(0, place, heading, text)
            page.set_column(place, place, _width(layout, heading))
        for line, one in enumerate(people, 1):
            for place, (heading, cell) in enumerate(row_of(layout, one)):
                if layout.fields.get(heading) == INCOME:
                    page.write_number(line, place, float(yuan(one.person.income_fen)), money)
                elif cell:
                    page.write_string(line, place, cell, text)
        page.freeze_panes(1, 0)
        print_as_list(page, 0)
    written = content.getvalue()
    require_as_written(written, layout, people)
    return written


def _width(layout: Layout, heading: str) -> int:
    """In characters: as wide as the heading, or as an identity number."""
    wide = IDENTITY_WIDTH if layout.fields.get(heading) == "identity" else LEAST_WIDTH
    return max(wide, 2 * len(heading) + 2)


def row_of(layout: Layout, one: Declared) -> list[tuple[str, str]]:
    """A person's row: each heading, and what stands below it."""
    texts = one.texts()
    return [
        (heading, layout.values.get(heading, texts.get(layout.fields.get(heading, ""), "")))
        for heading in layout.columns
    ]


def require_as_written(written: bytes, layout: Layout, people: Sequence[Declared]) -> None:
    """Read a workbook back and compare it cell by cell. Raises DeclarationDiffers."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(written))
        (sheet,) = book.sheet_names
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError) as error:
        raise DeclarationDiffers(layout.sheet, 0, "") from error
    if sheet != layout.sheet or len(rows) != len(people) + 1:  # guard: declared-once
        raise DeclarationDiffers(layout.sheet, len(rows), "")
    expected = [[(heading, heading) for heading in layout.columns]]
    expected += [row_of(layout, one) for one in people]
    for number, (row, due) in enumerate(zip(rows, expected, strict=True), 1):
        # The last columns of a row may be empty, and then they are not there.
        cells = [*row, *[""] * (len(due) - len(row))]
        for cell, (heading, text) in zip(cells, due, strict=True):
            is_amount = number > 1 and layout.fields.get(heading) == INCOME
            # guard: declared-as-in-the-books
            if not (_is_amount(cell, text) if is_amount else cell == text):
                raise DeclarationDiffers(layout.sheet, number, heading)


def _is_amount(cell: object, text: str) -> bool:
    return isinstance(cell, float | int) and Decimal(repr(cell)) == Decimal(text)
