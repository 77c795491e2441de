"""Amounts in tables: one column, or what is due, withheld and sent where income tax is withheld."""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.base.money import grouped


def amount_headings(*, taxed: bool) -> list[str]:
    """The headings of the columns of an amount."""
    if taxed:
        return [_("before income tax (yuan)"), _("income tax"), _("sent (yuan)")]
    return [_("amount (yuan)")]


def amount_cells(net_fen: int, tax_fen: int, *, taxed: bool) -> list[str]:
    """The cells below them."""
    if taxed:
        return [grouped(net_fen + tax_fen), grouped(tax_fen), grouped(net_fen)]
    return [grouped(net_fen)]
