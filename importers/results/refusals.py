"""Why a bank's result is not taken: one class for each reason, and what is wrong in a row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import mark
from ledger.base.language import ngettext
from ledger.base.masks import mask_account
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.refusals import Refusal
from ledger.model.history import batch_state_word
from ledger.model.ids import BatchId

FINDINGS_SHOWN = 10

_FINDINGS = {
    "incomplete": mark("account, name or amount is missing"),
    "account_rounded": mark(
        "the account was stored as a number and digits of it are lost; ask the bank for a file "
        "with the accounts as text"
    ),
    "account_form": mark("this is no account number"),
    "name_masked": mark("too little is shown of account and name to tell whose they are"),
    "amount_unreadable": mark("the amount cannot be read"),
    "handled_unreadable": mark("the amount that the bank has handled cannot be read"),
    "other_handled": mark(
        "the bank has handled another amount (sent {sent}, handled {handled}); ask the bank"
    ),
    "amounts_differ": mark("two amounts of the row differ ({sent} and {other}); ask the bank"),
    "no_match": mark("nobody was sent this payment"),
    "other_batch": mark("belongs to batch {batch}"),
    "void_batch": mark(
        "belongs to batch {batch}, which was taken back; do not pay this person again before the "
        "bank has said what happened"
    ),
    "other_amount": mark("another amount (sent {sent}, here {here})"),
    "other_name": mark("the account is in the batch under another name"),
    "twice": mark("stands twice ({other})"),
    "ambiguous": mark(
        "several people of the batch fit; ask the bank for a file with whole account numbers"
    ),
}


class RowFault(Record):
    """What is wrong with a row of a result. ``account`` is never shown but for its last digits."""

    sheet: str
    row: int
    code: str
    account: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    unshown = ("account",)

    def message(self) -> str:
        """``****1234, stands twice (row 12)``."""
        what = gettext(_FINDINGS[self.code]).format(**self.parameters)
        digits = re.sub("[^0-9]", "", self.account)
        return listed([mask_account(digits), what]) if digits else what

    def line(self) -> str:
        """The message after its place."""
        message = _("{place}: {finding}")
        return message.format(place=place_text(self.sheet, self.row), finding=self.message())


def place_text(sheet: str, row: int) -> str:
    """``row 12, Sheet1``; in a text file ``row 12``."""
    place = _("row {row}").format(row=row)
    return listed([place, sheet]) if sheet else place


class AnswerWordTwice(Refusal):
    """A word of the bank that would mean two of paid, failed and pending."""

    def __init__(self, word: str) -> None:
        message = _(
            "the bank's word {word} stands for two of paid, returned and pending; choose one"
        )
        super().__init__(message.format(word=word))


class NoResultHeader(Refusal):
    """No sheet has the headings of a result."""

    def __init__(self, file: str) -> None:
        message = _(
            "{file}: this is not a bank's result: no row of headings names account (账号), name "
            "(户名), amount (金额) and what became of it (处理标志 or 交易状态)"
        )
        super().__init__(message.format(file=file))


class NoResultRows(Refusal):
    """Headings, and nobody below them."""

    def __init__(self, file: str) -> None:
        message = _("{file}: no payment is listed below the headings; ask the bank for the result")
        super().__init__(message.format(file=file))


class StatedTotalsDiffer(Refusal):
    """The bank states another count or sum than the rows have: some may be cut off."""

    def __init__(self, file: str, place: str, label: str, stated: str, read: str) -> None:
        message = _(
            "{file}: nothing was taken: {place} states {label} {stated}, the rows read have "
            "{read}; rows may be missing, ask the bank for the whole file"
        )
        super().__init__(
            message.format(file=file, place=place, label=label, stated=stated, read=read),
            stated=stated,
            read=read,
        )


class NotAnswered(Refusal):
    """Our own upload as it was sent, or a result that the bank has not filled in yet."""

    def __init__(self, file: str, column: str) -> None:
        message = _(
            "{file}: the bank has not filled in {column}, this is the file as it was sent; take "
            "the result file that the bank gives back"
        )
        super().__init__(message.format(file=file, column=column), column=column)


class BatchUndecided(Refusal):
    """The same people were sent the same amounts in several batches."""

    def __init__(self, file: str, candidates: Iterable[tuple[BatchId, str]]) -> None:
        """``candidates`` are ids with their states."""
        self.candidates = dict(candidates)
        message = _(
            "{file}: the rows fit several batches: {batches}; say which one the bank answers for"
        )
        batches = listed(
            f"{batch} ({batch_state_word(state)})" for batch, state in self.candidates.items()
        )
        super().__init__(
            message.format(file=file, batches=batches), candidates=list(self.candidates)
        )


class BatchIsVoid(Refusal):
    """The bank has done something with a batch that the books have taken back."""

    def __init__(self, file: str, batch: BatchId) -> None:
        self.batch = batch
        message = _(
            "{file}: the bank answers for batch {batch}, which was taken back; nothing was "
            "entered. Money may have been paid: do not pay these people again before the bank "
            "has said what happened"
        )
        super().__init__(message.format(file=file, batch=batch), batch=batch)


class ResultRefused(Refusal):
    """A result is taken whole or not at all: rows that agree with no payment that was sent."""

    def __init__(self, file: str, batch: BatchId, findings: Sequence[RowFault]) -> None:
        """``batch`` is empty where no batch has any of the rows."""
        self.findings = tuple(findings)
        count = len(self.findings)
        if batch:
            message = ngettext(
                "{file}: nothing was taken, {count} row does not agree with batch {batch}: {lines}",
                "{file}: nothing was taken, {count} rows do not agree with batch {batch}: {lines}",
                count,
            )
        else:
            message = ngettext(
                "{file}: nothing was taken, {count} row agrees with no batch: {lines}",
                "{file}: nothing was taken, {count} rows agree with no batch: {lines}",
                count,
            )
        lines = [finding.line() for finding in self.findings[:FINDINGS_SHOWN]]
        if count > FINDINGS_SHOWN:
            lines.append(_("and {count} more").format(count=count - FINDINGS_SHOWN))
        text = _("; ").join(lines)
        super().__init__(message.format(file=file, count=count, batch=batch, lines=text))

    def facts(self) -> dict[str, Any]:
        return {
            "findings": [
                {
                    "sheet": finding.sheet,
                    "row": finding.row,
                    "code": finding.code,
                    "message": finding.message(),
                }
                for finding in self.findings
            ]
        }
