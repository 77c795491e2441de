"""A later roster of a town against the registry: who is new, gone, moved or changed. Pure.

It is shown, and nothing is done by it: people who are gone stay registered until somebody says
that they have left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from importers.registration.imported_before import ImportedBefore
from importers.registration.registration import Registration
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from ledger.base.records import Record
from ledger.base.records import field
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.payees import same_account

# Of those who are registered in a town for a role, the part that a whole roster has at least: less
# is a correction of a few, which says nothing about the others.
WHOLE_ROSTER = 0.5
# What a difference is called, by the fields of a record.
KINDS = {
    "legal_name": "name",
    "bank_name": "name",
    "identity": "identity",
    "bank": "account",
    "account": "account",
}
POST_TAKEN, ACCOUNT_TAKEN = "registered_elsewhere", "account_shared"


class Registered(Record):
    """Everyone in the registry when an import began: by id, and the active by town and role."""

    by_id: Mapping[PayeeId, Payee]
    by_group: Mapping[tuple[str, str], Sequence[Payee]]

    @classmethod
    def of(cls, payees: Sequence[Payee]) -> Registered:
        by_group: dict[tuple[str, str], list[Payee]] = {}
        for payee in payees:
            if payee.active:
                by_group.setdefault((payee.town, payee.role), []).append(payee)
        return cls({payee.payee_id: payee for payee in payees}, by_group)


class Listed(Record):
    """Who is on the rosters of an import, by what a row may still be known when it has errors."""

    identities: frozenset[str]
    accounts: frozenset[str]
    names_of_bad_rows: frozenset[tuple[str, str]]

    @classmethod
    def on(cls, rosters: Iterable[Roster]) -> Listed:
        rosters = list(rosters)
        bad = [row for roster in rosters for row in roster.quarantined]
        rows = [*(row for roster in rosters for row in roster.rows), *bad]
        return cls(
            identities=frozenset(row.identity for row in rows),
            accounts=frozenset(same_account(row.account) for row in rows),
            names_of_bad_rows=frozenset((row.town, row.name) for row in bad),
        )

    def has(self, payee: Payee) -> bool:
        """Whether some row is hers, or may be."""
        return (
            payee.identity in self.identities
            or same_account(payee.account) in self.accounts
            or (payee.town, payee.legal_name) in self.names_of_bad_rows
        )


class LaterRoster(Record):
    """A roster against those who were registered before it came.

    ``is_later`` where it lists a town's people of a role anew; only then there are others than
    those who differ. ``moved`` are registered for another role, town or post, with the row that
    says so; ``shared`` are rows with an account that is somebody else's. These rows have gone back.
    ``kinds`` counts the people who differ by kind: ``name``, ``identity``, ``account``.
    """

    is_later: bool = False
    new: tuple[RosterRow, ...] = ()
    gone: tuple[Payee, ...] = ()
    moved: tuple[tuple[Payee, RosterRow], ...] = ()
    shared: tuple[tuple[Problem, RosterRow], ...] = ()
    kinds: Counter[str] = field(default_factory=Counter)


def compare_with_registry(
    roster: Roster,
    registration: Registration,
    registered: Registered,
    listed: Listed,
    before: ImportedBefore,
) -> LaterRoster:
    """Compare a roster with those ``registered`` when its import began.

    Somebody whom another roster of the import lists is not gone. Whom the same file has registered
    ``before`` is new by it still, so that it says the same when it comes again. Takes time in
    proportion to the roster and to those who are registered in its towns.
    """
    own = set(before.added.values())
    on_roster = {row.identity for row in roster.rows if not row.payee_id}
    anew = {}
    for group in {(row.town, row.role) for row in roster.rows}:
        people = [p for p in registered.by_group.get(group, ()) if p.payee_id not in own]
        known = sum(payee.identity in on_roster for payee in people)
        if people and known >= WHOLE_ROSTER * len(people):
            anew[group] = people
    added = [addition.source for addition in registration.added]
    new = [*added, *(row for row in roster.rows if before.added_by(row))]
    return LaterRoster(
        is_later=bool(anew),
        new=tuple(row for row in new if (row.town, row.role) in anew),
        gone=tuple(payee for people in anew.values() for payee in people if not listed.has(payee)),
        moved=tuple(_moved(registration, registered)) if anew else (),
        shared=tuple(_of_code(registration, ACCOUNT_TAKEN)) if anew else (),
        kinds=_kinds(registration),
    )


def _moved(registration: Registration, registered: Registered) -> Iterable[tuple[Payee, RosterRow]]:
    for problem, row in _of_code(registration, POST_TAKEN):
        payee = registered.by_id.get(PayeeId(problem.parameters["payee"]))
        if payee is not None:
            yield payee, row


def _of_code(registration: Registration, code: str) -> Iterable[tuple[Problem, RosterRow]]:
    """The problems of a code with their rows."""
    rows = {(row.sheet, row.row): row for row in registration.quarantined}
    for problem in registration.problems:
        if problem.code == code:
            yield problem, rows[problem.sheet, problem.row]


def _kinds(registration: Registration) -> Counter[str]:
    """How many people differ in each kind, whether it was changed or is held."""
    people: set[tuple[str, str]] = set()
    for change in (*registration.changed, *registration.held):
        people |= {(KINDS[name], change.payee.payee_id) for name in change.changes if name in KINDS}
    return Counter(kind for kind, _payee in people)
