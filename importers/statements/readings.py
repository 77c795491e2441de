"""The ways in which the amounts of a statement can be meant, the usual one first.

On the bank's paper 贷 is money in, on the enterprise's own it is money out; some banks write
what went out with a sign, some beside a flag. Which way it is shows the running balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from operator import sub

from importers.statements.body import Body
from importers.statements.cell_memory import distinct
from importers.statements.cell_memory import said
from importers.statements.column_values import UNREADABLE
from importers.statements.layouts import FixedLayout
from importers.statements.refusals import DirectionsUnknown
from importers.statements.refusals import UnreadableCell
from importers.statements.words import flag_named
from importers.tables.cell_text import plain_text
from importers.tables.spelling import spoken
from ledger.language import gettext as _

Amounts = Sequence[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """``amounts`` are what each line brought in, in fen; ``says`` tells people how it is meant.

    ``keys`` are the lines of a layout in census-ledger.toml that mean the same. ``sides`` are
    the columns of what came in and what went out, with what was reversed below zero in them.
    ``debit_is_in`` when 借 is money in, as on the enterprise's own paper.
    """

    amounts: Amounts = field(repr=False)
    says: str
    keys: tuple[tuple[str, str], ...]
    sides: tuple[Amounts, Amounts] | None = field(default=None, repr=False)
    debit_is_in: bool = False


def readings(body: Body, fixed: FixedLayout | None) -> list[Reading]:
    """Every way that differs from those before it. Raises UnreadableCell."""
    found: list[Reading] = []
    for reading in _all_readings(body, fixed):
        if all(reading.amounts != other.amounts for other in found):
            found.append(reading)
    return found


def _all_readings(body: Body, fixed: FixedLayout | None) -> Iterator[Reading]:
    pair = _pair(body)
    if pair:
        yield from _of_two_columns(body, *pair, fixed)
        return
    column = body.header.all_of("amount")[0]
    amounts = amounts_in(body, column)
    flags = _flags(body, fixed)
    if flags:
        yield from _of_flags(body, column, amounts, flags, fixed=fixed is not None)
    else:
        says = _("{column} with its sign").format(column=body.header.headings[column])
        yield Reading(amounts, says, (("amount", body.header.headings[column]),))


def amounts_in(body: Body, column: int) -> list[int]:
    """The amounts of a column in fen, 0 for an empty cell. Raises UnreadableCell."""
    found = body.amounts(column)
    if UNREADABLE in found:
        place = body.place(found.index(UNREADABLE), column)
        raise UnreadableCell(place, _("this is no amount"))
    return [amount or 0 for amount in found]  # type: ignore[misc]


def balances_in(body: Body) -> tuple[int, list[int]] | None:
    """The column of balances and what stands in it, in fen; None when no cell holds an amount.

    Raises UnreadableCell when only some do.
    """
    for column in body.header.all_of("balance"):
        found = body.amounts(column)
        unknown = found.count(None) + found.count(UNREADABLE)
        if unknown == len(found):
            continue
        if unknown:
            index = next(place for place, one in enumerate(found) if not isinstance(one, int))
            place = body.place(index, column)
            raise UnreadableCell(place, _("this is no balance, though other rows have one"))
        return column, found  # type: ignore[return-value]
    return None


def _pair(body: Body) -> tuple[int, int, bool] | None:
    """The columns of money in and money out, and whether they say only 贷 and 借."""
    header = body.header
    for one, other, bare in (("in", "out", False), ("credit", "debit", True)):
        pairs = list(zip(header.all_of(one), header.all_of(other), strict=False))
        for column_in, column_out in pairs:
            both = (body.amounts(column_in), body.amounts(column_out))
            if len(pairs) == 1 or any(map(any, both)):
                return column_in, column_out, bare
    ins = [*header.all_of("in"), *header.all_of("credit")]
    outs = [*header.all_of("out"), *header.all_of("debit")]
    return (ins[0], outs[0], False) if ins and outs else None


def _of_two_columns(
    body: Body, column_in: int, column_out: int, bare: bool, fixed: FixedLayout | None
) -> Iterator[Reading]:
    came = amounts_in(body, column_in)
    went = amounts_in(body, column_out)
    name_in, name_out = body.header.headings[column_in], body.header.headings[column_out]
    if not fixed or not fixed.out_has_minus:
        yield _pair_reading(came, went, name_in, name_out)
    if fixed.out_has_minus if fixed else any(went) and max(went) <= 0:
        says = _("{in_} = money in, {out} = money out with a minus sign")
        keys = (("in", name_in), ("out", f"-{name_out}"))
        amounts = [a + b for a, b in zip(came, went, strict=True)]
        yield Reading(amounts, says.format(in_=name_in, out=name_out), keys)
    if bare and not fixed:
        yield _pair_reading(went, came, name_out, name_in, debit_is_in=True)


def _pair_reading(
    came: Amounts, went: Amounts, name_in: str, name_out: str, *, debit_is_in: bool = False
) -> Reading:
    says = _("{in_} = money in, {out} = money out").format(in_=name_in, out=name_out)
    keys = (("in", name_in), ("out", name_out))
    return Reading(list(map(sub, came, went)), says, keys, (came, went), debit_is_in)


@dataclass(frozen=True, slots=True)
class _Flags:
    """``sides`` has in, out, credit or debit for each line, ``words`` what stands for them."""

    column: int
    sides: list[str]
    words: dict[str, str]


def _flags(body: Body, fixed: FixedLayout | None) -> _Flags | None:
    """The first column of flags with any. Raises UnreadableCell for a word among them."""
    header = body.header
    own: dict[str, str] = {}
    if fixed and fixed.flag:
        own = {spoken(word): "in" for word in _split(fixed.money_in)}
        own |= {spoken(word): "out" for word in _split(fixed.money_out)}
    for sure, name in ((True, "flag"), (False, "perhaps_flag")):
        for column in header.all_of(name):
            cells = distinct(body.columns[column])
            words = {cell: plain_text(cell) for cell in set(cells)}
            known = {
                cell: own.get(spoken(text)) if own else flag_named(text)
                for cell, text in words.items()
            }
            if all(known.values()):
                sides = [str(known[cell]) for cell in cells]
                named = {str(side): words[cell] for cell, side in known.items()}
                return _Flags(column, sides, named)
            if sure and any(known.values()):
                index = next(place for place, cell in enumerate(cells) if not known[cell])
                raise UnreadableCell(body.place(index, column), _("this does not say in or out"))
    return None


def _split(words: str) -> list[str]:
    return [word for word in words.replace("、", "/").split("/") if word]


def _of_flags(
    body: Body,
    column: int,
    amounts: list[int],
    flags: _Flags,
    *,
    fixed: bool,
) -> Iterator[Reading]:
    name, flag = body.header.headings[column], body.header.headings[flags.column]
    signs = [1 if side in ("in", "credit") else -1 for side in flags.sides]
    by_bank = [sign * amount for sign, amount in zip(signs, amounts, strict=True)]
    inward, outward = ("in", "out") if {"in", "out"} & set(flags.sides) else ("credit", "debit")
    words = (_flag_word(flags, inward), _flag_word(flags, outward))
    usual = _flag_reading(by_bank, name, flag, *words)
    if min(amounts) < 0:
        says = _("{column} with its sign").format(column=name)
        signed = Reading(amounts, says, (("amount", name),))
        if all(one * other >= 0 for one, other in zip(amounts, signs, strict=True)):
            yield signed
            return
        came = [max(sign, 0) * amount for sign, amount in zip(signs, amounts, strict=True)]
        went = [max(-sign, 0) * amount for sign, amount in zip(signs, amounts, strict=True)]
        yield replace(usual, sides=(came, went))
        if not fixed:
            yield signed
    else:
        yield usual
    if inward == "credit" and not fixed:
        other = _flag_reading([-amount for amount in by_bank], name, flag, *reversed(words))
        yield replace(other, debit_is_in=True)


def _flag_word(flags: _Flags, side: str) -> str:
    usual = {"in": "收", "out": "付", "credit": "贷", "debit": "借"}
    return flags.words.get(side, usual[side])


def _flag_reading(amounts: Amounts, name: str, flag: str, came: str, went: str) -> Reading:
    says = _("{flag}: {in_} = money in, {out} = money out")
    keys = (("amount", name), ("flag", flag), ("in", came), ("out", went))
    return Reading(amounts, says.format(flag=flag, in_=came, out=went), keys)


def check_signs(file: str, body: Body, found: Sequence[Reading]) -> None:
    """Without balances, amounts of one column must say themselves which way they went.

    Raises DirectionsUnknown.
    """
    if dict(found[0].keys).keys() != {"amount"}:
        return
    column = body.header.all_of("amount")[0]
    if not any(said(cell).startswith(("+", "-", "−", "(")) for cell in body.columns[column]):
        raise DirectionsUnknown(file, body.header.headings[column])
