"""What may be wrong with one row of a list of payments that were made before these books."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.base.language import gettext
from ledger.base.language import in_chinese
from ledger.base.language import mark
from ledger.base.records import Record
from ledger.base.records import field as record_field

_MESSAGES = {
    "row_hidden": mark("the row is hidden: show it, or take it out"),
    "row_struck": mark("the row is struck out: take it out, or the line through it"),
    "columns_differ": mark("two columns say different things: leave the one that is right"),
    "who_missing": mark("nobody is named: write the identity number or the id (人员编号)"),
    "identity_rounded": mark(
        "the number was stored as a number, and its last digits are lost: make the column text and"
        " type it again"
    ),
    "name_missing": mark("the name is missing"),
    "day_unreadable": mark("this is no day: write it as 2020-08-15"),
    "amount_unreadable": mark("this is no amount above zero, in yuan and fen"),
    "paper_missing": mark("the number of the paper is missing by which the money was paid"),
    "not_registered": mark("nobody is registered under this number: import the roster first"),
    "other_person": mark("the identity number and the id are of two people"),
    "other_name": mark("the registry has another name for this number: look which is right"),
    "twice": mark("the same person stands in another row too: one payment each"),
    "paid_already": mark("these books have paid {payee}, or tried to, since {since}"),
    "later_event": mark("these books say something of {payee} from {since} on, a later day"),
    "town_unknown": mark("the town of {payee} is none of the programme's any more"),
    "day_ahead": mark("the day is still to come"),
    "books_at_work": mark(
        "the first batch is of {day}: who is paid from then on is paid by a batch"
    ),
    "month_closed": mark("the month is closed: nothing more is entered in it"),
    "before_fund": mark("on this day no fund had begun that pays the subsidies"),
    "no_rate": mark("the rules have no rate for {role} on this day"),
    "no_bound": mark(
        "the stage owes by units of work, and the rate for {role} has no upper bound: nobody can"
        " tell whether this is right"
    ),
    "above_limit": mark("over all stages this is more than the limit of {limit} for {role}"),
    "above_rate": mark("this is more than the rate of {rate} for {role}"),
    "below_rate": mark(
        "this is less than the rate of {rate} for {role}, and the rest would never be paid: what is"
        " paid in parts takes a stage for each part"
    ),
    "other_work": mark(
        "by the list of work {rate} are owed, and this is another amount: look which is right"
    ),
}


class PaymentProblem(Record):
    """One thing wrong with one row. ``column`` is the heading as it stands in the file, ``field``
    the field's own name; nothing of the ``parameters`` is personal.
    """

    sheet: str
    row: int
    column: str
    field: str
    code: str
    parameters: Mapping[str, str] = record_field(default_factory=dict)

    def message(self, *, chinese: bool = False) -> str:
        """What is wrong and what to do, in the user's language, or in Chinese for the town."""
        text = _MESSAGES[self.code]
        translated = in_chinese(text) if chinese else gettext(text)
        return translated.format(**self.parameters)
