"""Why a statement that can be read is not one for these books, one class for each reason."""

from __future__ import annotations

import datetime

from importers.statements.refusals import place_text
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.refusals import Refusal
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import Statement

SHOWN_DIGITS = 4


class OtherAccount(Refusal):
    """A statement of another account than the office's."""

    def __init__(self, file: str, found: str, expected: str) -> None:
        message = _(
            "{file} is of the account that ends in {found}; the office's ends in {expected}"
            " ({settings}, statement.number)"
        )
        super().__init__(
            message.format(
                file=file,
                found=found[-SHOWN_DIGITS:],
                expected=expected[-SHOWN_DIGITS:],
                settings=SETTINGS_FILE,
            )
        )


class AnotherAccount(Refusal):
    """A statement of another account than those before it; nobody has said which is ours."""

    def __init__(self, file: str, found: str, before: str) -> None:
        message = _(
            "{file} is of the account that ends in {found}; the statements imported before are of"
            " the one that ends in {before}. Nothing was taken. If this is the office's account"
            " all the same, write its number into {settings} (statement.number)"
        )
        super().__init__(
            message.format(file=file, found=found, before=before, settings=SETTINGS_FILE)
        )


class LineAhead(Refusal):
    """A line of a day that has not come yet; once entered it could never be taken out."""

    def __init__(self, statement: Statement, line: BankLine) -> None:
        message = _(
            "{place}: {day} has not come yet. Nothing was taken: look at the clock of this"
            " computer, or ask the bank for the statement again"
        )
        place = place_text(statement.file, line.sheet or statement.sheet, line.row)
        super().__init__(
            message.format(place=place, day=line.date), row=line.row, day=line.date.isoformat()
        )


class BeforeTheBooks(Refusal):
    """The statement begins before the bank account of the books does."""

    def __init__(
        self, statement: Statement, line: BankLine, account: str, opened: datetime.date
    ) -> None:
        message = _(
            "{place}: this line is of {day}, and the books begin on {opened} (accounts.beancount,"
            " {account}). Nothing was taken: ask the bank for a statement from that day on, and"
            " enter what was in the bank before it in journal/hand.beancount"
        )
        place = place_text(statement.file, line.sheet or statement.sheet, line.row)
        super().__init__(
            message.format(place=place, day=line.date, opened=opened, account=account),
            row=line.row,
            day=line.date.isoformat(),
            opened=opened.isoformat(),
        )


class OpeningDiffers(Refusal):
    """The bank had another balance than the books when the statement begins."""

    def __init__(
        self, statement: Statement, day: datetime.date, bank_fen: int, books_fen: int
    ) -> None:
        message = _(
            "{file}: at the beginning of {day} the bank had {bank}, and by the books it had"
            " {books}. Nothing was taken: import the earlier statements first, or enter the"
            " opening balance in journal/hand.beancount"
        )
        super().__init__(
            message.format(
                file=statement.file, day=day, bank=grouped(bank_fen), books=grouped(books_fen)
            ),
            day=day.isoformat(),
            bank=plain(bank_fen),
            books=plain(books_fen),
        )


class RuleAccountUnknown(Refusal):
    """A rule of the settings names an account that the books do not have on that day."""

    def __init__(self, account: str, day: datetime.date) -> None:
        message = _(
            "{settings}, statement.rule: {account} is no open account on {day}; correct the rule"
            " or open the account in accounts.beancount"
        )
        super().__init__(
            message.format(settings=SETTINGS_FILE, account=account, day=day),
            account=account,
            day=day.isoformat(),
        )


class RuleAccountBarred(Refusal):
    """A rule of the settings names an account that only batches and results may move."""

    def __init__(self, account: str) -> None:
        message = _(
            "{settings}, statement.rule: no rule books to {account}; name an account of income or"
            " expense, the money of batches needs no rule"
        )
        super().__init__(message.format(settings=SETTINGS_FILE, account=account), account=account)
