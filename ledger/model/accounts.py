"""The accounts of the books: how their names are made and read.

Every component begins with its code, because Beancount wants an upper-case letter or a digit
there and a Chinese character is neither. Codes are those of the government accounting system
(政府会计制度) and of the economic classification of budget expenditure.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import NamedTuple
from typing import overload

from ledger.base.language import gettext as _
from ledger.model.ids import NO_LINE
from ledger.model.ids import FundCode
from ledger.model.ids import FundComponent
from ledger.model.ids import LineCode
from ledger.model.ids import LineComponent
from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent

BANK = "Assets:1002银行存款"
TRANSIT = "Assets:1021其他货币资金:01代发在途"
SUSPENSE = "Assets:1218其他应收款:99待核"
SUSPENSE_COMPONENT = "99待核"
INCOME = "Income"
INTEREST = "Income:4604利息收入"
EXPENSES = "Expenses"
PAYABLES = "Liabilities:2307其他应付款"
# Withheld from people, and owed to the tax office.
INCOME_TAX = "Liabilities:2102其他应交税费:01个人所得税"

COMPONENT_WITH_CODE = re.compile(r"[0-9]+")


class Place(enum.Enum):
    """Where a subsidy can stand; the words are those of the table of transitions."""

    EXPENSE = "expense"
    AWAITED = "01待发"
    RETURNED = "02退回"
    QUERIED = "03待查"
    TRANSIT = "transit"
    INCOME = "income"

    # There is one of each. Enum's own is written in Python, and asked for every person.
    __hash__ = object.__hash__

    @property
    def word(self) -> str:
        """The place in the user's language; the 2307 accounts have Chinese names."""
        words = {
            Place.EXPENSE: _("the expense"),
            Place.TRANSIT: _("money in transit"),
            Place.INCOME: _("the income"),
        }
        return words.get(self, self.value)


class SubsidyAccount(NamedTuple):
    """An account through which a subsidy passes: ``fund`` and ``town`` are account components."""

    place: Place
    fund: FundComponent
    town: TownComponent
    line: LineComponent


IN_TRANSIT = SubsidyAccount(Place.TRANSIT, FundComponent(""), TownComponent(""), NO_LINE)
# Somebody else has paid, and the fund has received so much.
OF_INCOME = IN_TRANSIT._replace(place=Place.INCOME)
_PAYABLE_PLACES = {place.value: place for place in (Place.AWAITED, Place.RETURNED, Place.QUERIED)}

SUBSIDY_PAYABLES = tuple(f"{PAYABLES}:{place}" for place in _PAYABLE_PLACES)


def payable_account(place: Place, fund: FundComponent, town: TownComponent) -> str:
    """The 2307 leaf of the components of a fund and a town."""
    return f"{PAYABLES}:{place.value}:{fund}:{town}"


def subsidy_account(account: str, item_paths: dict[str, LineComponent]) -> SubsidyAccount | None:
    """What the account means for a subsidy, or None when no subsidy passes through it.

    ``item_paths`` maps the beginning of a subsidy's expense accounts (fund, line and item) to
    the budget line's component, as :func:`ledger.model.rules.Rules.subsidy_items` gives it.
    """
    if account == TRANSIT:
        return IN_TRANSIT
    if within(account, INCOME):
        return OF_INCOME
    if account.startswith(PAYABLES + ":"):
        parts = account.split(":")
        if len(parts) == 5 and parts[2] in _PAYABLE_PLACES:
            fund, town = FundComponent(parts[3]), TownComponent(parts[4])
            return SubsidyAccount(_PAYABLE_PLACES[parts[2]], fund, town, NO_LINE)
        return None
    path, _colon, of_town = account.rpartition(":")
    line = item_paths.get(path)
    if line is None:
        return None
    fund, town = FundComponent(path.split(":")[2]), TownComponent(of_town)
    return SubsidyAccount(Place.EXPENSE, fund, town, line)


@overload
def code_of(component: FundComponent) -> FundCode: ...
@overload
def code_of(component: TownComponent) -> TownCode: ...
@overload
def code_of(component: LineComponent) -> LineCode: ...
@overload
def code_of(component: str) -> str: ...
@lru_cache(maxsize=1 << 12)
def code_of(component: str) -> str:
    """The leading digits of an account's component: ``30226`` of ``30226劳务费``."""
    found = COMPONENT_WITH_CODE.match(component)
    return found.group() if found else ""


def name_of(component: str) -> str:
    """The component without its code: ``劳务费`` of ``30226劳务费``."""
    return component[len(code_of(component)) :]


def is_suspense(account: str) -> bool:
    """Whether the account is that of unexplained lines, stands below it, or is called like it."""
    return SUSPENSE_COMPONENT in account and SUSPENSE_COMPONENT in account.split(":")


def within(account: str, parent: str) -> bool:
    """Whether the account is ``parent`` or stands below it."""
    return account == parent or account.startswith(parent + ":")
