"""Which way to read a statement: the one that its running balance bears out."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from operator import add
from operator import gt
from operator import lt
from operator import ne
from typing import Any

from importers.statements.body import Body
from importers.statements.layouts import FixedLayout
from importers.statements.readings import Reading
from importers.statements.refusals import AmbiguousStatement
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import grouped
from ledger.base.records import Record


class Choice(Record):
    """A reading, and whether the newest line stands on top."""

    reading: Reading
    newest_first: bool
    balances_fen: Sequence[int] | None

    unshown = ("balances_fen",)

    def breaks(self) -> Iterator[bool]:
        """For every line but the oldest whether its balance is not the one before and its amount.

        Nothing without balances.
        """
        if self.balances_fen is None:
            return iter(())
        amounts_fen, balances_fen = self.reading.amounts_fen, self.balances_fen
        if self.newest_first:
            return map(ne, map(add, balances_fen[1:], amounts_fen[:-1]), balances_fen[:-1])
        return map(ne, map(add, balances_fen[:-1], amounts_fen[1:]), balances_fen[1:])

    def same_as(self, other: Choice) -> bool:
        """Whether both make the same lines in the same order."""
        one_line = len(self.reading.amounts_fen) == 1
        same_order = one_line or self.newest_first == other.newest_first
        return same_order and self.reading.amounts_fen == other.reading.amounts_fen


def choose(
    body: Body,
    found: Sequence[Reading],
    balances_fen: Sequence[int] | None,
    fixed: FixedLayout | None,
    *,
    known_layout: bool,
    agrees: Callable[[Choice], bool],
) -> Choice:
    """The one choice that adds up; where none does, the one that breaks least.

    ``found`` has the usual reading first; of a layout that is known it is the right one when it
    adds up. Of several the one that ``agrees`` with the totals that the bank states is taken.
    Raises AmbiguousStatement when several are left that say different things.
    """
    orders = _orders(body, fixed)
    choices = [
        Choice(reading, newest_first, balances_fen)
        for reading in (found if balances_fen is not None else found[:1])
        for newest_first in orders
    ]
    fitting = [choice for choice in choices if not any(choice.breaks())]
    if not fitting or balances_fen is None:
        return min(choices, key=lambda choice: sum(choice.breaks()))
    if known_layout and any(choice.reading is found[0] for choice in fitting):
        fitting = [choice for choice in fitting if choice.reading is found[0]]
    different: list[Choice] = []
    for choice in fitting:
        if not any(choice.same_as(other) for other in different):
            different.append(choice)
    if len(different) > 1:
        different = list(filter(agrees, different)) or different
    if len(different) > 1:
        readings = [
            (_says(choice, different, body), _toml(choice, different, body)) for choice in different
        ]
        raise AmbiguousStatement(body.file, readings)
    return different[0]


def _orders(body: Body, fixed: FixedLayout | None) -> list[bool]:
    """In which orders the lines may stand: days that never go back, or never forward, say it.

    Within a day the settings do, else times do. Where days go both ways, as they do when the
    bank has written some down late, the likelier order comes first.
    """
    by_day = _possible(body.days)
    if len(by_day) == 1:
        return by_day
    if fixed and fixed.order:
        return [fixed.order == "newest first"]
    # A time that some lines do not have orders none of them.
    if by_day and "" not in body.times and len(by_time := _possible(body.times)) == 1:
        return by_time
    return sorted((False, True), key=lambda newest: sum(_backwards(body.days, newest)))


def _possible(when: Sequence[Any]) -> list[bool]:
    """In which orders no line is before the one that happened before it."""
    return [newest for newest in (False, True) if not any(_backwards(when, newest))]


def _backwards(when: Sequence[Any], newest_first: bool) -> Iterator[bool]:
    return map(lt if newest_first else gt, when[:-1], when[1:])


def _says(choice: Choice, different: Sequence[Choice], body: Body) -> str:
    """``贷方 = money in, 借方 = money out; the first line is of 2020-11-12, -800.00; …``."""
    assert choice.balances_fen is not None
    first, last = (-1, 0) if choice.newest_first else (0, -1)
    amount_fen = choice.reading.amounts_fen[first]
    says = [choice.reading.says]
    if any(other.newest_first != choice.newest_first for other in different):
        says += [_("newest line on top") if choice.newest_first else _("oldest line on top")]
    message = _(
        "{reading}: the first line is of {date}, {amount}; balance before it {opening}, at the "
        "end {closing}"
    )
    return message.format(
        reading=listed(says),
        date=body.days[first],
        amount=grouped(amount_fen),
        opening=grouped(choice.balances_fen[first] - amount_fen),
        closing=grouped(choice.balances_fen[last]),
    )


def _toml(choice: Choice, different: Sequence[Choice], body: Body) -> str:
    """The layout for census-ledger.toml that means this choice."""
    header = body.header
    keys = [("date", header.titles[body.date_column]), *choice.reading.keys]
    if any(other.newest_first != choice.newest_first for other in different):
        keys.append(("order", "newest first" if choice.newest_first else "oldest first"))
    else:
        keys.append(("balance", header.titles[header.all_of("balance")[0]]))
    lines = (f'{key} = "{_quoted(value)}"' for key, value in keys)
    return "\n".join(["[[statement.layout]]", *lines])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
