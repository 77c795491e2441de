"""The fields of a payee's record in the user's language."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.base.language import gettext
from ledger.base.language import in_chinese
from ledger.base.language import listed
from ledger.base.language import mark

# In this order they are named, whatever the order of what has changed.
ORDER = (
    "added", "legal_name", "bank_name", "identity", "role", "town", "area", "area_name", "block",
    "phone", "bank", "account", "active", "distinct",
)  # fmt: skip


NAMES = {
    "added": mark("added"),
    "legal_name": mark("name"),
    "bank_name": mark("name at the bank"),
    "identity": mark("identity number"),
    "role": mark("role"),
    "town": mark("town"),
    "area": mark("census area"),
    "area_name": mark("name of the census area"),
    "block": mark("census block"),
    "phone": mark("phone"),
    "bank": mark("bank"),
    "account": mark("account"),
    "active": mark("active"),
    "distinct": mark("another person than"),
}


def field_name(field: str, *, chinese: bool = False) -> str:
    """What the registry's log calls ``field``: a column of the registry, or ``added``."""
    return (in_chinese if chinese else gettext)(NAMES[field])


def field_names(fields: Iterable[str]) -> str:
    """Several of them, each once."""
    return listed(field_name(field) for field in sorted(set(fields), key=ORDER.index))
