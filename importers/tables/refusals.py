"""Why a file cannot be read as a table, one class for each reason."""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal


class EmptyFile(Refusal):
    """A file that holds nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(_("{file}: the file is empty; ask for it again").format(file=name))


class NotATable(Refusal):
    """The content is of another kind, whatever the name says."""

    def __init__(self, name: str, kind: str) -> None:
        message = _("{file}: this is {kind}, not a table; send an .xlsx, .xls or .csv file")
        super().__init__(message.format(file=name, kind=kind))


class XmlTable(Refusal):
    """Some programs export the XML of Excel 2003 under the name of a workbook."""

    def __init__(self, name: str) -> None:
        message = _("{file}: XML table; open it in WPS or Excel and save as .xlsx")
        super().__init__(message.format(file=name))


class EncryptedWorkbook(Refusal):
    """A workbook that opens with a password only."""

    def __init__(self, name: str) -> None:
        message = _("{file}: the workbook has a password; open it, remove the password and save")
        super().__init__(message.format(file=name))


class DamagedWorkbook(Refusal):
    """A workbook that its format's reader cannot read."""

    def __init__(self, name: str) -> None:
        message = _(
            "{file}: the file is damaged; open it in WPS or Excel, save it as .xlsx and try again"
        )
        super().__init__(message.format(file=name))


class UnknownCodePage(Refusal):
    """A workbook older than 1997 whose texts are in no encoding of Chinese."""

    def __init__(self, name: str) -> None:
        message = _(
            "{file}: a workbook of Excel 95 or older, with texts that are not Chinese; open it in "
            "WPS or Excel and save it as .xlsx"
        )
        super().__init__(message.format(file=name))


class UnclosedQuote(Refusal):
    """A quotation mark that is never closed would swallow the rows below it."""

    def __init__(self, name: str, row: int) -> None:
        message = _(
            "{file}: row {row} has a quotation mark that is not closed, the rows below it cannot "
            "be told apart; remove the mark, or save the file as .xlsx"
        )
        super().__init__(message.format(file=name, row=row), row=row)


class WiderThanHeadings(Refusal):
    """Cells beyond the headings: those before them may stand in the wrong column."""

    def __init__(self, name: str, row: int) -> None:
        message = _(
            "{file}: row {row} has more cells than there are headings: a separator stands within "
            "an amount (10,000.00) or a text; put that into quotation marks, or export the file "
            "as .xlsx"
        )
        super().__init__(message.format(file=name, row=row), row=row)


class RepeatedRow(Refusal):
    """Two rows of a sheet carry one number: a reader keeps one of them, and nobody knows which."""

    def __init__(self, name: str, row: int) -> None:
        message = _(
            "{file}: the file is damaged, row {row} is there twice; open it in WPS or Excel, look "
            "whether all rows are there, and save it as .xlsx"
        )
        super().__init__(message.format(file=name, row=row), row=row)


class TableTooLarge(Refusal):
    """Refused before it is unpacked: reading it could take all memory."""

    def __init__(self, name: str) -> None:
        message = _(
            "{file}: too large for a list of people or payments; delete the rows and columns far "
            "below and far to the right of the list, and save"
        )
        super().__init__(message.format(file=name))


class NoRowsInWorkbook(Refusal):
    """A workbook whose sheets are all empty."""

    def __init__(self, name: str) -> None:
        message = _("{file}: no visible sheet has any rows; check that it is the right file")
        super().__init__(message.format(file=name))


class AmountsInOtherUnit(Refusal):
    """Amounts in 分, in 万元 or in another currency: as yuan they would be wrong by a factor."""

    def __init__(self, name: str, sheet: str, row: int, unit: str) -> None:
        """``row`` is where the unit is named, 0 for the name of the file or of the sheet."""
        parts = [name, sheet, _("row {row}").format(row=row) if row else ""]
        message = _(
            "{place}: the amounts are in {unit}, and only amounts in yuan (元, renminbi) are read; "
            "ask for the file again with the amounts in yuan"
        )
        place = listed(part for part in parts if part)
        super().__init__(message.format(place=place, unit=unit), row=row, unit=unit)
