"""Identity and account numbers that money went to, sealed to the province, and opened there.

With the books go the rows of batches as they were sealed on paper: their digests stand in signed
events, so that no number in them can be another. With figures alone go the numbers by payee id,
which are the county's word. What was opened is in memory and goes nowhere else.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.events.event_file import Head
from ledger.model.history import PAYEE_LINK
from ledger.model.ids import PayeeId
from ledger.model.instructions import thaw
from ledger.model.payees import bare_number
from ledger.model.payees import same_account
from ledger.payments.eligibility import MONEY_OUT
from ledger.province.figures_text import MOST_FEN
from ledger.province.sent_money import Sent

_NUMBER = re.compile("[0-9A-Z]{0,40}")
_STATES = frozenset(state.value for state in MONEY_OUT)


class NumbersStrange(Refusal):
    """The numbers in a bundle are not those of the books in it."""

    def __init__(self) -> None:
        message = _(
            "the sealed numbers are not those by which these books have paid: somebody has left out"
            " or changed some"
        )
        super().__init__(message)


class Bearer(NamedTuple):
    """Somebody to whom money went, by which numbers, in one spelling."""

    payee: PayeeId
    identity: str
    account: str
    state: str
    amount_fen: int


def purpose_of(head: Head) -> bytes:
    """What numbers are sealed for: they open beside this HEAD alone."""
    return f"census-ledger numbers of {head.seq} {head.sha256}".encode("ascii")


def rows_text(rows: Sequence[bytes]) -> bytes:
    """The rows of batches, each as it was sealed."""
    return _text(["rows", *(content.decode("utf-8") for content in rows)])


def bearers_text(bearers: Iterable[Bearer]) -> bytes:
    """Numbers by payee id."""
    return _text(["numbers", *bearers])


def _text(facts: list[Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_rows(content: bytes, sent: Sequence[Sent]) -> list[Bearer]:
    """Who was paid by which numbers, by rows that are proven. Raises NumbersStrange."""
    texts = _parsed(content, "rows")
    if not all(type(text) is str for text in texts):
        raise NumbersStrange
    rows = {digest(raw): raw for raw in (text.encode("utf-8", "replace") for text in texts)}
    # guard: numbers-of-the-books
    if rows.keys() != {one.rows for one in sent}:
        raise NumbersStrange
    try:
        by_rows = {
            name: {row.payee_id: (row.identity, row.account) for row in thaw(raw)}
            for name, raw in rows.items()
        }
        return merged(
            Bearer(
                one.payee,
                bare_number(by_rows[one.rows][one.payee][0]),
                same_account(bare_number(by_rows[one.rows][one.payee][1])),
                one.state,
                one.amount_fen,
            )
            for one in sent
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NumbersStrange from None


def read_bearers(content: bytes) -> list[Bearer]:
    """Who was paid by which numbers, as the county says. Raises NumbersStrange."""
    found = []
    for fact in _parsed(content, "numbers"):
        # guard: numbers-are-numbers
        if type(fact) is not list or [type(one) for one in fact] != [str, str, str, str, int]:
            raise NumbersStrange
        one = Bearer(*fact)
        if (
            not PAYEE_LINK.fullmatch(one.payee)
            or not _NUMBER.fullmatch(one.identity)
            or not _NUMBER.fullmatch(one.account)
            or one.state not in _STATES
            or not 0 <= one.amount_fen <= MOST_FEN
        ):
            raise NumbersStrange
        found.append(one)
    return found


def _parsed(content: bytes, kind: str) -> list[Any]:
    try:
        facts = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NumbersStrange from None
    if type(facts) is not list or facts[:1] != [kind]:
        raise NumbersStrange
    return list(facts[1:])


def merged(bearers: Iterable[Bearer]) -> list[Bearer]:
    """One for everybody and each of her numbers, with the sum of what went to it."""
    sums: Counter[tuple[str, ...]] = Counter()
    for one in bearers:
        sums[one[:4]] += one.amount_fen
    return [
        Bearer(PayeeId(payee), identity, account, state, amount_fen)
        for (payee, identity, account, state), amount_fen in sorted(sums.items())
    ]
