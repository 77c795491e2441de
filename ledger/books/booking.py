"""Booking: what Beancount fills in of entries, asked only where something was left out.

Beancount groups amounts by their currencies, matches lots held at a cost and computes the amount
that an entry may leave out. An entry that states all its amounts, in our currency and none at a
cost or a price, comes out as it went in, with the tolerance by which it is judged. Those of events
are all of this kind, and a batch has thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.interpolate import AUTOMATIC_TOLERANCES
from beancount.core.interpolate import infer_tolerances
from beancount.core.number import MISSING
from beancount.parser import booking

from ledger.base.money import CURRENCY

Booked = tuple[list[data.Directive], list[Any]]


def book(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> Booked:
    """The entries with nothing left out, and what is wrong with them, as Beancount books them."""
    if not all(map(_needs_no_balance, entries)):
        return booking.book(entries, options)  # type: ignore[no-untyped-call, no-any-return]
    booked: list[data.Directive] = []
    errors: list[Any] = []
    # What Beancount makes of how many decimals the amounts of an entry have: most are alike, and
    # nobody changes it.
    tolerances: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    for entry in entries:
        if isinstance(entry, data.Transaction):
            if _leaves_an_amount_out(entry.postings):
                made, wrong = booking.book([entry], options)  # type: ignore[no-untyped-call]
                booked += made
                errors += wrong
                continue
            decimals = _decimals(entry.postings)
            tolerance = tolerances.get(decimals)
            if tolerance is None:
                tolerance = tolerances[decimals] = infer_tolerances(entry.postings, options)  # type: ignore[no-untyped-call]
            entry.meta[AUTOMATIC_TOLERANCES] = tolerance
        booked.append(entry)
    return booked, errors


def is_even(entry: data.Directive) -> bool:
    """Whether an entry's amounts are all in our currency, none at a cost or a price, and come to
    nothing: no tolerance can find it unbalanced.
    """
    if not isinstance(entry, data.Transaction):
        return True
    total = Decimal(0)
    for _account, units, cost, price, _flag, _meta in entry.postings:
        if cost is not None or price is not None or units is None or units.number is None:
            return False
        if units.currency != CURRENCY:
            return False
        total += units.number
    return not total


def _needs_no_balance(entry: data.Directive) -> bool:
    """Whether an entry can be booked without what its accounts hold by then."""
    if not isinstance(entry, data.Transaction):
        return True
    units: Any  # MISSING where the whole amount was left out.
    for _account, units, cost, price, _flag, _meta in entry.postings:
        if cost is not None or price is not None:
            return False
        if units is not MISSING and (units.number is MISSING or units.currency != CURRENCY):
            return False
    return True


def _decimals(postings: Iterable[Any]) -> tuple[Any, ...]:
    return tuple([posting.units.number.as_tuple().exponent for posting in postings])


def _leaves_an_amount_out(postings: Iterable[Any]) -> bool:
    return any(posting.units is MISSING for posting in postings)
