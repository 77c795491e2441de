"""Whatever a file says of accounts that people have: nobody ends with somebody else's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.registration.known_people import KnownPeople
from importers.registration.registration import Registration
from importers.registration.registration import register
from importers.registration.registration import take
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from importers.rosters.roster import read_roster
from importers.rosters.words import Vocabulary
from importers.rosters.words import reading_by
from ledger.base.records import replace
from ledger.model.ids import NO_PAYEE
from ledger.model.payees import Payee
from ledger.model.payees import payee_id
from tests.support.office import made_up
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.tengzhou import PROGRAMME

PEOPLE = 4
with reading_by(Vocabulary(PROGRAMME)):
    ROSTER = read_roster("荆河街道.xlsx", roster(*map(person, range(1, 6))))
MADE_UP = {number: made_up(number) for number in range(1, PEOPLE + 3)}


def registered(number: int) -> Payee:
    payee = MADE_UP[number]
    return replace(payee, serial=number, area=payee.block[:12])


@dataclass(frozen=True)
class Line:
    """A row: whose name and post, whose identity number, whose account, and whose id if any."""

    who: int
    identity: int
    account: int
    payee: int = 0

    def row(self, number: int) -> RosterRow:
        return replace(
            ROSTER.rows[0],
            row=number,
            name=MADE_UP[self.who].legal_name,
            block=MADE_UP[self.who].block,
            area=MADE_UP[self.who].block[:12],
            identity=MADE_UP[self.identity].identity,
            account=MADE_UP[self.account].account,
            payee_id=payee_id(self.payee) if self.payee else NO_PAYEE,
        )


anybody = st.integers(1, PEOPLE + 2)
lines = st.builds(Line, anybody, anybody, anybody, st.sampled_from([0, 0, 0, 1, 2, 3, 4]))
# Of a file that is registered no number stands on two rows.
files = st.lists(
    lines, min_size=1, max_size=4, unique_by=(lambda line: line.identity, lambda line: line.account)
)


def roster_of(file: list[Line]) -> Roster:
    rows = tuple(line.row(number) for number, line in enumerate(file, 3))
    return replace(ROSTER, rows=rows, problems=())


def after(people: dict[int, Payee], result: Registration) -> list[Payee]:
    """Store what a file makes, and return who is new."""
    added = [
        replace(addition.payee, serial=len(people) + n)
        for n, addition in enumerate(result.added, 1)
    ]
    people.update({payee.serial: payee for payee in added})
    for change in result.changed:
        assert people[change.payee.serial] == change.payee, "one change of a person, on its record"
        people[change.payee.serial] = change.updated
    return added


@settings(max_examples=400)
@given(
    said=st.lists(files, min_size=1, max_size=3),
    consent=st.booleans(),
    with_reason=st.booleans(),
    out=st.sets(st.integers(1, PEOPLE)),
)
def test_no_account_and_no_identity_number_becomes_that_of_two(
    said: list[list[Line]], consent: bool, with_reason: bool, out: set[int]
) -> None:
    people = {number: registered(number) for number in range(1, PEOPLE + 1)}
    known = KnownPeople(people.values())
    for file in said:
        result = register(
            roster_of(file), known, consent=consent, with_reason=with_reason,
            money_out=set(map(payee_id, out)),
        )  # fmt: skip
        told = [
            *(addition.source.row for addition in result.added),
            *{change.source.row for change in (*result.changed, *result.held)},
            *(row.row for row in result.quarantined),
        ]
        assert len(told) + result.unchanged == len(file)
        for change in result.changed:
            paid = change.payee.serial in out and {"account", "identity"} & change.changes.keys()
            assert consent or not {"account", "identity"} & change.changes.keys()
            assert with_reason or not paid
        take(known, roster_of(file), result, after(people, result))
        for field in ("account", "identity"):
            counts = Counter(getattr(payee, field) for payee in people.values())
            assert max(counts.values()) == 1
