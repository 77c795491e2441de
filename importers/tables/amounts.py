"""Amounts of money in cells: text or numbers, in yuan, as banks write them."""

from __future__ import annotations

import re
from decimal import Decimal

from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from ledger.base.money import fen

_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,12})?")
_SIGN = re.compile("^[+−﹣–-]|[-−]$")
_PLUS = re.compile(r"\+(?=[0-9¥￥CR人])")
_IN_BRACKETS = re.compile(r"\((.*)\)")
_CURRENCY_BEFORE = re.compile("^(?:CNY|RMB|人民币|[¥￥])", re.IGNORECASE)
_CURRENCY_AFTER = re.compile("(?:元整|元|CNY|RMB)$", re.IGNORECASE)
_NOTHING = re.compile("[-—–−/]*")


class UnreadableAmount(ValueError):
    """A cell that should hold an amount and holds something else."""


def amount_fen(cell: Cell) -> int | None:
    """The amount in fen, None for an empty cell or a dash; ``+800.00`` is 800.00.

    Raises UnreadableAmount, for an amount below zero too.
    """
    text = _amount_text(cell)
    plus = _PLUS.match(text)
    return _fen(_without_currency(text[plus.end() :])) if plus else _fen(text)


def signed_amount_fen(cell: Cell) -> int | None:
    """The amount in fen with its sign: ``+10.00``, ``-1,234.50``, ``(1,234.50)``, a number.

    None for an empty cell or a dash. Raises UnreadableAmount.
    """
    text = _amount_text(cell)
    bracketed = _IN_BRACKETS.fullmatch(text)
    if bracketed:
        amount = _fen(bracketed.group(1))
        return -amount if amount else amount
    sign = _SIGN.search(text)
    if sign is None or _NOTHING.fullmatch(text):
        return _fen(text)
    # ¥-5.00 and -¥5.00.
    amount = _fen(_without_currency(text[: sign.start()] + text[sign.end() :]))
    if amount is None:
        raise UnreadableAmount
    return amount if sign.group() == "+" else -amount


def _amount_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return _without_currency(plain_text(cell).replace(" ", ""))
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        raise UnreadableAmount
    if isinstance(cell, int):
        return str(cell)
    # The fifteen digits that a workbook keeps: a float is never calculated with.
    return format(Decimal(f"{cell:.15g}"), "f")


def _without_currency(text: str) -> str:
    return _CURRENCY_AFTER.sub("", _CURRENCY_BEFORE.sub("", text))


def _fen(text: str) -> int | None:
    if _NOTHING.fullmatch(text):
        return None
    if not _AMOUNT.fullmatch(text):
        raise UnreadableAmount
    try:
        return fen(Decimal(text.replace(",", "")))
    except ValueError as error:
        raise UnreadableAmount from error
