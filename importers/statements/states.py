"""Rows of which a column says that no money moved, or that the money came back.

A statement may list what failed, what waits and what was reversed beside what was booked. What
the balances do not prove is not guessed: such a row is refused by what its column says.
"""

from __future__ import annotations

from collections.abc import Sequence

from importers.statements.body import Body
from importers.statements.cell_memory import distinct
from importers.statements.cell_memory import said
from importers.statements.readings import Reading
from importers.statements.refusals import UnreadableCell
from importers.statements.words import AMOUNT_FIELDS
from importers.statements.words import says_no_reversal
from importers.statements.words import says_red
from importers.statements.words import state_named
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.records import Record
from ledger.base.records import replace

SHOWN_ROWS = 10


class Told(Record):
    """The places of the lines of which a column tells something, and that column."""

    column: int = -1
    places: Sequence[int] = ()

    unshown = ("places",)


def without_money(body: Body) -> Told:
    """The lines that failed or wait, by the first column of states that says so of any.

    What waits may have been booked: it is known to be none only by balances. Raises UnreadableCell
    for a state that is no clear answer where no balance proves the line.
    """
    balanced = _is_balanced(body)
    for column in body.header.all_of("state"):
        cells = distinct(body.columns[column])
        texts = {cell: said(cell) for cell in set(cells)}
        states = {cell: state_named(text) if text else "done" for cell, text in texts.items()}
        # A word that stands beside every line tells none of them apart.
        if set(states.values()) == {"done"} or (len(states) == 1 and "" in states.values()):
            continue
        if not balanced:
            for place, cell in enumerate(cells):
                if states[cell] not in ("done", "failed"):  # guard: state-is-clear
                    what = _("this does not say that the money moved, and no balance proves it")
                    raise UnreadableCell(body.place(place, column), what)
        places = [
            place for place, cell in enumerate(cells) if states[cell] in ("failed", "pending")
        ]
        if places:
            return Told(column, places)
    return Told()


def _is_balanced(body: Body) -> bool:
    columns = map(body.amounts, body.header.all_of("balance"))
    return any(isinstance(fen, int) for column in columns for fen in column)


def left_out(body: Body, told: Told) -> str:
    """What to tell of the lines that were left out for their state."""
    rows = [_("row {row}").format(row=body.rows[place]) for place in told.places[:SHOWN_ROWS]]
    more = ["…"] if len(told.places) > SHOWN_ROWS else []
    message = _(
        "{file}, column {column}: {count} lines are left out, for it says that no money moved: "
        "{rows}"
    )
    return message.format(
        file=body.file,
        column=body.header.titles[told.column],
        count=len(told.places),
        rows=listed([*rows, *more]),
    )


def money_moved(body: Body, told: Told, row: int) -> UnreadableCell:
    """Why the line in a row is neither left out nor taken: state and balance contradict."""
    place = body.place(body.rows.index(row), told.column)
    return UnreadableCell(place, _("this says that no money moved, and the balance that it did"))


def reversed_lines(body: Body) -> Told:
    """The lines that a column marks as reversed, or a summary as red."""
    for column in body.header.all_of("reversal"):
        cells = distinct(body.columns[column])
        flagged = {cell for cell in set(cells) if not says_no_reversal(said(cell))}
        if flagged:
            return Told(column, [at for at, cell in enumerate(cells) if cell in flagged])
    for column in body.header.all_of("text"):
        cells = body.columns[column]
        red = {cell for cell in set(cells) if isinstance(cell, str) and "红" in cell}
        if red := set(filter(says_red, red)):  # guard: red-in-a-text
            return Told(column, [at for at, cell in enumerate(cells) if cell in red])
    return Told()


def with_reversals(
    body: Body, found: Sequence[Reading], told: Told, *, balanced: bool
) -> list[Reading]:
    """The readings with the marked lines the other way round, for where none adds up as it is.

    Some banks mark what came back and repeat the direction and the amount of what went: the
    balances show it. Without balances the sign must say it. Raises UnreadableCell.
    """
    if not told.places:
        return []
    if not balanced:
        _check_signs(body, told)
        return []
    marked = set(told.places)
    return [
        replace(
            reading,
            amounts_fen=[
                -fen if at in marked else fen for at, fen in enumerate(reading.amounts_fen)
            ],
        )
        for reading in found
    ]


def _check_signs(body: Body, told: Told) -> None:
    columns = [column for name in AMOUNT_FIELDS for column in body.header.all_of(name)]
    for place in told.places:
        amounts = [body.amounts(column)[place] for column in columns]
        if not any(isinstance(fen, int) and fen < 0 for fen in amounts):  # guard: reversal-is-clear
            what = _("the line is reversed or reverses another, and no balance shows which way")
            raise UnreadableCell(body.place(place, told.column), what)
