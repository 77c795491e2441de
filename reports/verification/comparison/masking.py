"""Two cells that differ, so that nobody's number shows and everybody sees where they differ."""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.language import ngettext
from ledger.base.masks import mask_accounts
from ledger.base.masks import mask_identities
from ledger.base.masks import mask_in_amount
from ledger.base.masks import mask_numbers

# What a column holds decides what of it shows.
ACCOUNT = "account"
IDENTITY = "identity"
AMOUNT = "amount"
# Codes of towns, counts, seals: they say nothing about a person.
PLAIN = "plain"
TEXT = "text"

# More places than these say less than how many there are.
PLACES_NAMED = 3


def masked(cell: str, kind: str) -> str:
    """A cell as it may be shown."""
    if kind == PLAIN:
        return cell
    if kind == AMOUNT:
        return mask_in_amount(cell)
    if kind == ACCOUNT:
        return mask_accounts(cell)
    if kind == IDENTITY:
        return mask_identities(cell)
    return mask_numbers(cell)


def masked_pair(here: str, books: str, kind: str) -> tuple[str, str]:
    """Both cells as they may be shown; where the mask hides the difference, its place in words."""
    shown_here, shown_books = masked(here, kind), masked(books, kind)
    if shown_here != shown_books or here == books:
        return shown_here, shown_books
    return f"{shown_here}{_where(here, books)}", shown_books


def _where(here: str, books: str) -> str:
    if len(here) != len(books):
        message = _(" ({here} characters, in the books {books})")
        return message.format(here=len(here), books=len(books))
    places = [
        place for place, (one, other) in enumerate(zip(here, books, strict=True), 1) if one != other
    ]
    if len(places) > PLACES_NAMED:
        message = ngettext(
            " ({count} character differs)", " ({count} characters differ)", len(places)
        )
        return message.format(count=len(places))
    return _(" (character {places} differs)").format(places=listed(map(str, places)))
