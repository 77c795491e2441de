"""The fields of a payee's record in the user's language."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.base.language import gettext as _
from ledger.base.language import listed

# In this order they are named, whatever the order of what has changed.
ORDER = (
    "added", "legal_name", "bank_name", "identity", "role", "town", "area", "area_name", "block",
    "phone", "bank", "account", "active", "distinct",
)  # fmt: skip


def field_name(field: str) -> str:
    """What the registry's log calls ``field``: a column of the registry, or ``added``."""
    names = {
        "added": _("added"),
        "legal_name": _("name"),
        "bank_name": _("name at the bank"),
        "identity": _("identity number"),
        "role": _("role"),
        "town": _("town"),
        "area": _("census area"),
        "area_name": _("name of the census area"),
        "block": _("census block"),
        "phone": _("phone"),
        "bank": _("bank"),
        "account": _("account"),
        "active": _("active"),
        "distinct": _("another person than"),
    }
    return names[field]


def field_names(fields: Iterable[str]) -> str:
    """Several of them, each once."""
    return listed(field_name(field) for field in sorted(set(fields), key=ORDER.index))
