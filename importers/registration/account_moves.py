"""Accounts that go from one registered person to another within one file.

Two were entered the wrong way round, or somebody has given a card back.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping

from importers.registration.known_people import KnownPeople
from importers.rosters.roster import RosterRow
from ledger.base.records import Record
from ledger.model.ids import PayeeId


class Rest(Record):
    """What the account of a row rests on: whether everybody who has to leave one does, whether
    there is such a person at all, and whether money is out to one of them.
    """

    is_free: bool
    on_others: bool = False
    money_out: bool = False


FREE = Rest(True)


class AccountMoves:
    """``leaving`` are the rows, by id, of registered people who get another account by the file;
    ``money_out`` the ids of those who were paid, or for whom the bank has still to answer.

    Takes time in proportion to the people, however long a chain is.
    """

    def __init__(
        self,
        leaving: Mapping[PayeeId, RosterRow],
        people: KnownPeople,
        money_out: Collection[PayeeId],
    ) -> None:
        self._leaving = leaving
        self._people = people
        self._money_out = money_out
        self._known: dict[PayeeId, Rest] = {}

    def rest_of(self, row: RosterRow) -> Rest:
        """What a row's account rests on: its holder, the holder of the one that she gets, and so
        on; in a circle all rest on each other.
        """
        holder = self._holder(row)
        if holder is None:
            return FREE
        if holder not in self._known:
            self._follow(holder)
        return self._known[holder]

    def _holder(self, row: RosterRow) -> PayeeId | None:
        """Who else has the row's account now."""
        holder = self._people.of_account(row.account)
        if holder is None or holder.payee.identity == row.identity:
            return None
        return holder.payee.payee_id

    def _follow(self, first: PayeeId) -> None:
        """Go from holder to holder, and note for each what leaving her account rests on."""
        path: dict[PayeeId, None] = {}
        payee: PayeeId | None = first
        while payee is not None and payee not in self._known and payee not in path:
            if payee not in self._leaving:
                self._known[payee] = Rest(False)
                break
            path[payee] = None
            payee = self._holder(self._leaving[payee])
        passed = list(path)
        if payee is None:
            rest = FREE
        elif payee in path:
            circle = passed[passed.index(payee) :]
            rest = Rest(True, True, any(one in self._money_out for one in circle))
            self._known |= dict.fromkeys(circle, rest)
            passed = passed[: -len(circle)]
        else:
            rest = self._known[payee]
        for one in reversed(passed):
            rest = Rest(rest.is_free, True, rest.money_out or one in self._money_out)
            self._known[one] = rest
