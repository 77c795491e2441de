"""What stands beside the amounts and may change them: a fee, or what was paid in truth.

Balances show what left the account. Without them nothing says whether the amount has the fee in
it, or which of two amounts counts.
"""

from __future__ import annotations

import re

from importers.statements.body import Body
from importers.statements.column_values import UNREADABLE
from importers.statements.layouts import FixedLayout
from importers.statements.readings import Reading
from importers.statements.refusals import AmountInDoubt
from importers.tables.cell_text import plain_text
from importers.tables.spelling import spoken
from ledger.base.language import gettext as _

_NUMBER = re.compile("[1-9壹贰叁肆伍陆柒捌玖]")
_OUT = re.compile("[支付扣出借]")
_IN = re.compile("[收入存贷]")


def check_fees(body: Body) -> None:
    """Raises AmountInDoubt for a fee in a column of its own. No balances prove the lines."""
    for column in body.header.all_of("fee"):
        for place, found in enumerate(body.amounts(column)):
            # 免收 is none.
            unread = found is UNREADABLE and _NUMBER.search(plain_text(body.columns[column][place]))
            if unread or (found and found is not UNREADABLE):  # guard: fee-beside-amount
                what = _(
                    "there is a fee beside the amount, and no balance shows whether it is in it"
                )
                raise AmountInDoubt(body.place(place, column), what)


def check_other_amounts(body: Body, reading: Reading, fixed: FixedLayout | None) -> None:
    """Raises AmountInDoubt where a second column of amounts differs from the one that is read.

    Where the settings name the column, they say which one counts. No balances prove the lines.
    """
    if fixed:
        return
    read = {title for _key, title in reading.keys}
    header = body.header
    others = [*header.all_of("in"), *header.all_of("out")]
    for column in (
        *header.all_of("actual"),
        *(at for at in others if header.titles[at] not in read),
    ):
        side = _side(header.titles[column])
        amounts = zip(body.amounts(column), reading.amounts_fen, strict=True)
        for place, (found, amount_fen) in enumerate(amounts):
            if found is None:
                continue
            if found is UNREADABLE:
                differs = bool(_NUMBER.search(plain_text(body.columns[column][place])))
            else:
                differs = _differs(abs(found), side, amount_fen)  # type: ignore[arg-type]
            if differs:  # guard: other-amount
                what = _(
                    "this is another amount than the one that is read, and no balance proves it"
                )
                raise AmountInDoubt(body.place(place, column), what)


def _side(heading: str) -> int:
    """-1 for 实际支出, 1 for 实收金额, 0 for what may be either way."""
    text = spoken(heading).replace("到账", "").replace("入账", "").replace("收付", "")
    came, went = bool(_IN.search(text)), bool(_OUT.search(text))
    return came - went


def _differs(found_fen: int, side: int, amount_fen: int) -> bool:
    """Whether an amount is another; a nought is one only where the heading is of that side."""
    of_side = side * amount_fen > 0
    if not found_fen:
        return of_side
    return found_fen != abs(amount_fen) or (bool(side) and not of_side)
