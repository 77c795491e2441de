"""What somebody has filled in, and a refusal at the field that it speaks of."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.money import fen
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.services.releases import ReasonMissing
from ledger.web.day import read_day

Chosen = TypeVar("Chosen")

# The longest text that a field takes.
MOST = 400
# The field of which a refusal speaks, by its code; any other stands above the form.
FIELDS: Mapping[str, str] = {
    "before-the-batch": "on",
    "before-the-event": "on",
    "before-the-import": "on",
    "before-the-line": "on",
    "before-the-payee": "on",
    "cannot-pay": "towns",
    "cannot-pay-all": "limit",
    "date-ahead": "on",
    "file-not-to-refuse": "file",
    "month-closed": "on",
    "no-such-account": "target",
    "profile-exists": "name",
    "profile-name-unfit": "name",
    "unit-unprintable": "name",
    "no-such-batch": "target",
    "no-such-file": "file",
    "no-such-role": "role",
    "no-such-town": "town",
    "into-itself": "into",
    "no-such-fund": "fund",
    "no-such-stage": "stage",
    "stage-not-named": "stage",
    "not-a-day": "on",
    "not-to-explain-by": "target",
    "operator-key-missing": "operator",
    "reason-missing": "reason",
    "rule-misses-line": "words",
    "role-in-use": "role",
    "rule-of-that-day": "on",
    "rule-without-words": "words",
    "shares-differ": "split",
    "not-a-bank-name": "name",
    "not-a-post": "post",
    "role-unclear": "post",
    "town-in-use": "town",
    "untaxed-without-document": "document",
    "wrong-passphrase": "passphrase",
}


# What stands between several texts in one field.
_BETWEEN = re.compile("[、，,;；]")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


class FieldRefused(Refusal):
    """A field that is not filled in as it has to be."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class NotAnAmount(FieldRefused):
    """A text that is no amount in yuan."""

    def __init__(self, field: str, text: str) -> None:
        message = _("“{text}” is no amount: write 180000.00, with a minus sign for less.")
        super().__init__(field, message.format(text=text[:20]))


def _no_amount(field: str) -> FieldRefused:
    return FieldRefused(field, _("write an amount, as in 2000.00"))


def _not_offered(field: str) -> FieldRefused:
    return FieldRefused(field, _("choose one of those that are offered"))


def amount_in_fen(field: str, typed: str) -> int:
    """An amount as people type it, which may be below zero. Raises NotAnAmount."""
    amount_fen = _fen(typed)
    if not amount_fen:
        raise NotAnAmount(field, typed)  # guard: budget-amount-in-its-field
    return amount_fen


def _fen(typed: str) -> int | None:
    plain = typed.replace(",", "").replace("，", "").replace(" ", "").removesuffix("元")
    return fen(Decimal(plain)) if _AMOUNT.fullmatch(plain) else None


def words_of(typed: str) -> list[str]:
    """Several texts that stand in one field."""
    return [word.strip() for word in _BETWEEN.split(typed) if word.strip()]


class ShownAnew(Refusal):
    """The books are not as they were on the page that somebody has confirmed.

    ``meanwhile`` is what others have done, where that is known.
    """

    def __init__(self, meanwhile: str = "") -> None:
        sentence = _(
            "the books have changed since this page was made, and nothing was written: here is"
            " what it is now"
        )
        if meanwhile:
            sentence = _(
                "the books have changed since this page was made ({meanwhile}), and nothing was"
                " written: here is what it is now"
            ).format(meanwhile=meanwhile)
        super().__init__(sentence)


class Problem(Record):
    """Why a form was refused: which of the page's forms, which field of it, in a sentence."""

    form: str
    field: str
    sentence: str


class Form:
    """The fields of a form as they were sent."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self.sent = sent

    def text(self, name: str) -> str:
        """A text on one line, without what cannot be seen."""
        return cleaned(self.sent.get(name, "")[:MOST]).strip()

    def reason(self) -> str:
        """Why, without whole numbers of people. Raises ReasonMissing."""
        reason = mask_numbers(self.text("reason"))
        # guard: reason-typed
        if not reason:
            raise ReasonMissing
        return reason

    def secret(self, name: str) -> str:
        """A passphrase, just as it was typed."""
        return self.sent.get(name, "")[:MOST]

    def day(self, name: str = "on") -> datetime.date:
        """A day. Raises NotADay."""
        return read_day(self.text(name))

    def amount_fen(self, name: str, least_fen: int = 1) -> int:
        """An amount that is not below another. Raises FieldRefused."""
        amount_fen = _fen(self.text(name))
        # guard: amount-in-its-field
        if amount_fen is None or amount_fen < least_fen:
            raise _no_amount(name)
        return amount_fen

    def choice(self, name: str, offered: Mapping[str, Chosen]) -> Chosen:
        """What was chosen of those that are offered. Raises FieldRefused."""
        typed = self.text(name)
        if typed not in offered:
            raise _not_offered(name)
        return offered[typed]

    def all(self, name: str) -> list[str]:
        """What was chosen of several."""
        return [cleaned(text[:MOST]).strip() for text in self.sent.getlist(name)]

    def lines(self, name: str) -> list[str]:
        """The lines of a text, without what cannot be seen and those that are empty."""
        lines = self.sent.get(name, "")[: 10 * MOST].splitlines()
        return [line for one in lines if (line := cleaned(one).strip())]

    def is_on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.sent.get(name))

    @property
    def seen(self) -> str:
        """What the books were on the page that was confirmed."""
        return self.sent.get("seen", "")


def problem_of(form: str, refusal: Refusal, sentence: str) -> Problem:
    """A refusal of a form, at its field."""
    if isinstance(refusal, FieldRefused):
        return Problem(form, refusal.field, sentence)
    return Problem(form, FIELDS.get(refusal.code, ""), sentence)
