"""The ways in which the amounts of a statement can be meant, the usual one first.

On the bank's paper 贷 is money in, on the enterprise's own it is money out; some banks write
what went out with a sign, some beside a flag. Which way it is shows the running balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from operator import sub

from importers.statements.body import Body
from importers.statements.cell_memory import said
from importers.statements.column_values import UNREADABLE
from importers.statements.flags import Flags
from importers.statements.flags import read_flags
from importers.statements.layouts import FixedLayout
from importers.statements.refusals import DirectionsUnknown
from importers.statements.refusals import UnreadableCell
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import replace

Amounts = Sequence[int]


class Reading(Record):
    """``amounts_fen`` are what each line brought in, in fen; ``says`` tells people how it is meant.

    ``keys`` are the lines of a layout in census-ledger.toml that mean the same. ``sides_fen`` are
    the columns of what came in and what went out, with what was reversed below zero in them.
    ``debit_is_in`` when 借 is money in, as on the enterprise's own paper.
    """

    amounts_fen: Amounts
    says: str
    keys: tuple[tuple[str, str], ...]
    sides_fen: tuple[Amounts, Amounts] | None = None
    debit_is_in: bool = False

    unshown = ("amounts_fen", "sides_fen")

    def in_order(self, places: Sequence[int]) -> Reading:
        """The reading of the lines in another order."""

        def ordered(amounts_fen: Amounts) -> Amounts:
            return list(map(amounts_fen.__getitem__, places))

        sides = self.sides_fen and (ordered(self.sides_fen[0]), ordered(self.sides_fen[1]))
        return replace(self, amounts_fen=ordered(self.amounts_fen), sides_fen=sides)


def readings(body: Body, fixed: FixedLayout | None) -> list[Reading]:
    """Every way that differs from those before it. Raises UnreadableCell."""
    found: list[Reading] = []
    for reading in _all_readings(body, fixed):
        if all(reading.amounts_fen != other.amounts_fen for other in found):
            found.append(reading)
    return found


def _all_readings(body: Body, fixed: FixedLayout | None) -> Iterator[Reading]:
    pair = _pair(body)
    if pair:
        yield from _of_two_columns(body, *pair, fixed)
        return
    column = body.header.all_of("amount")[0]
    amounts_fen = amounts_in(body, column)
    flags = read_flags(body, fixed)
    if flags:
        yield from _of_flags(body, column, amounts_fen, flags, fixed=fixed is not None)
    else:
        says = _("{column} with its sign").format(column=body.header.titles[column])
        yield Reading(amounts_fen, says, (("amount", body.header.titles[column]),))


def amounts_in(body: Body, column: int) -> list[int]:
    """The amounts of a column in fen, 0 for an empty cell. Raises UnreadableCell."""
    found = body.amounts(column)
    if UNREADABLE in found:
        place = body.place(found.index(UNREADABLE), column)
        raise UnreadableCell(place, _("this is no amount"))
    return [amount or 0 for amount in found]  # type: ignore[misc]


def balances_in(body: Body) -> tuple[int, list[int]] | None:
    """The column of balances and what stands in it, in fen; None when all cells are empty.

    Raises UnreadableCell when only some hold a balance, or when none can be read: what would
    prove the lines is no reason to go without a proof.
    """
    for column in body.header.all_of("balance"):
        found = body.amounts(column)
        if found.count(None) == len(found):
            continue
        if found.count(None) or UNREADABLE in found:  # guard: balances-read
            index = next(place for place, one in enumerate(found) if not isinstance(one, int))
            place = body.place(index, column)
            some = any(isinstance(one, int) for one in found)
            what = _("this is no balance, though other rows have one")
            raise UnreadableCell(place, what if some else _("this is no balance"))
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
    came_fen = amounts_in(body, column_in)
    went_fen = amounts_in(body, column_out)
    name_in, name_out = body.header.titles[column_in], body.header.titles[column_out]
    if not fixed or not fixed.out_has_minus:
        yield _pair_reading(came_fen, went_fen, name_in, name_out)
    if fixed.out_has_minus if fixed else any(went_fen) and max(went_fen) <= 0:
        says = _("{in_} = money in, {out} = money out with a minus sign")
        keys = (("in", name_in), ("out", f"-{name_out}"))
        amounts_fen = [a + b for a, b in zip(came_fen, went_fen, strict=True)]
        yield Reading(amounts_fen, says.format(in_=name_in, out=name_out), keys)
    if bare and not fixed:
        yield _pair_reading(went_fen, came_fen, name_out, name_in, debit_is_in=True)


def _pair_reading(
    came_fen: Amounts, went_fen: Amounts, name_in: str, name_out: str, *, debit_is_in: bool = False
) -> Reading:
    says = _("{in_} = money in, {out} = money out").format(in_=name_in, out=name_out)
    keys = (("in", name_in), ("out", name_out))
    return Reading(
        list(map(sub, came_fen, went_fen)), says, keys, (came_fen, went_fen), debit_is_in
    )


def _of_flags(
    body: Body,
    column: int,
    amounts_fen: list[int],
    flags: Flags,
    *,
    fixed: bool,
) -> Iterator[Reading]:
    name, flag = body.header.titles[column], body.header.titles[flags.column]
    signs = [1 if side in ("in", "credit") else -1 for side in flags.sides]
    by_bank_fen = [sign * fen for sign, fen in zip(signs, amounts_fen, strict=True)]
    bare = flags.says_no_more_than_debit
    words = [flags.word(side) for side in (("credit", "debit") if bare else ("in", "out"))]
    usual = _flag_reading(by_bank_fen, name, flag, *words)
    if min(amounts_fen) < 0:
        says = _("{column} with its sign").format(column=name)
        signed = Reading(amounts_fen, says, (("amount", name),))
        if all(one * other >= 0 for one, other in zip(amounts_fen, signs, strict=True)):
            yield signed
            return
        came_fen = [max(sign, 0) * fen for sign, fen in zip(signs, amounts_fen, strict=True)]
        went_fen = [max(-sign, 0) * fen for sign, fen in zip(signs, amounts_fen, strict=True)]
        yield replace(usual, sides_fen=(came_fen, went_fen))
        if not fixed:
            yield signed
    else:
        yield usual
    if bare and not fixed:
        other = _flag_reading([-fen for fen in by_bank_fen], name, flag, *reversed(words))
        yield replace(other, debit_is_in=True)


def _flag_reading(amounts_fen: Amounts, name: str, flag: str, came: str, went: str) -> Reading:
    says = _("{flag}: {in_} = money in, {out} = money out")
    keys = (("amount", name), ("flag", flag), ("in", came), ("out", went))
    return Reading(amounts_fen, says.format(flag=flag, in_=came, out=went), keys)


def check_signs(file: str, body: Body, found: Sequence[Reading]) -> None:
    """Without balances, amounts of one column must say themselves which way they went, and no line
    may have gone both ways.

    Raises DirectionsUnknown or UnreadableCell.
    """
    pair = _pair(body)
    if pair:
        both = zip(body.amounts(pair[0]), body.amounts(pair[1]), strict=True)
        place = next((at for at, (came, went) in enumerate(both) if came and went), None)
        if place is not None:  # guard: one-side
            what = _("the line has an amount on either side, and no balance shows which counts")
            raise UnreadableCell(body.place(place, pair[0]), what)
    if dict(found[0].keys).keys() != {"amount"}:
        return
    column = body.header.all_of("amount")[0]
    if not any(said(cell).startswith(("+", "-", "−", "(")) for cell in body.columns[column]):
        raise DirectionsUnknown(file, body.header.titles[column])
