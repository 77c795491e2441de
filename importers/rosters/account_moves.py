"""Accounts that go from one registered person to another within one file: two that were entered
the wrong way round, or a card that its holder has given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importers.rosters.known_people import KnownPeople
from importers.rosters.roster import RosterRow


@dataclass(frozen=True, slots=True)
class AccountMoves:
    """``leaving`` are the rows, by id, of registered people who get another account by the file."""

    leaving: Mapping[str, RosterRow]
    people: KnownPeople

    def givers(self, row: RosterRow) -> list[str] | None:
        """Who has to leave an account for this row to have its own: the ids of its holder, of the
        holder of hers, and so on; None when one of them stays where she is.
        """
        givers: list[str] = []
        while True:
            holder = self.people.of_account(row.account)
            if holder is None or holder.payee.identity == row.identity:
                return givers
            payee = holder.payee.payee_id
            if payee in givers:
                return givers
            if payee not in self.leaving:
                return None
            givers.append(payee)
            row = self.leaving[payee]
