"""Columns that say which way the money of each line went: 借 or 贷, 往账 or 来账."""

from __future__ import annotations

from importers.statements.body import Body
from importers.statements.cell_memory import distinct
from importers.statements.layouts import FixedLayout
from importers.statements.refusals import UnreadableCell
from importers.statements.words import flag_named
from importers.tables.cell_text import plain_text
from importers.tables.spelling import spoken
from ledger.base.language import gettext as _
from ledger.base.records import Record

_USUAL_WORDS = {"in": "收", "out": "付", "credit": "贷", "debit": "借"}


class Flags(Record):
    """``sides`` has in, out, credit or debit for each line, ``words`` what stands for them."""

    column: int
    sides: list[str]
    words: dict[str, str]

    unshown = ("sides",)

    @property
    def says_no_more_than_debit(self) -> bool:
        """Whether only 借 and 贷 stand there, which an office means the other way round."""
        return not {"in", "out"} & set(self.sides)

    def word(self, side: str) -> str:
        return self.words.get(side, _USUAL_WORDS[side])


def read_flags(body: Body, fixed: FixedLayout | None) -> Flags | None:
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
                return Flags(column, sides, named)
            if sure and any(known.values()):
                index = next(place for place, cell in enumerate(cells) if not known[cell])
                raise UnreadableCell(body.place(index, column), _("this does not say in or out"))
    return None


def _split(words: str) -> list[str]:
    return [word for word in words.replace("、", "/").split("/") if word]
