"""What a roster changes in the registry: who is new, what differs, what must not go in."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from typing import Any
from typing import TypeAlias

from importers.registration.account_moves import FREE
from importers.registration.account_moves import AccountMoves
from importers.registration.imported_before import ImportedBefore
from importers.registration.known_people import UNNUMBERED
from importers.registration.known_people import KnownPeople
from importers.registration.known_people import KnownPerson
from importers.rosters.problems import Problem
from importers.rosters.roster import Roster
from importers.rosters.roster import RosterRow
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.payees import same_account
from ledger.payments.paid_numbers import PaidNumbers

HARMLESS_FIELDS = ("phone", "area_name", "area", "block")
# Money goes by these: a change of one is made only with the user's consent.
CONSENT_FIELDS = ("legal_name", "bank_name", "identity", "bank", "account")

NEW_FILE = ImportedBefore()
NOTHING_PAID = PaidNumbers()

_Differences: TypeAlias = dict[str, tuple[str, str]]


class Addition(Record):
    """A new payee, whose serial is ``UNNUMBERED`` until the registry gives one.

    ``restores`` is the record of hers that was withdrawn with another roster: it is hers again.
    """

    payee: Payee
    source: RosterRow
    restores: Payee | None = None


class PersonChange(Record):
    """``changes`` maps a field of ``payee``, as she is registered, to (old, new).

    ``money_out`` where she was paid, or the bank has still to answer for her; ``with_other`` where
    that is so of the one whose account she gets.
    """

    payee: Payee
    changes: Mapping[str, tuple[str, str]]
    source: RosterRow
    money_out: bool = False
    with_other: bool = False

    @property
    def updated(self) -> Payee:
        """The payee with the new values."""
        values: dict[str, Any] = {field: new for field, (_old, new) in self.changes.items()}
        return replace(self.payee, **values)


class _Comparison(Record):
    """Of a row with her who is registered: what is made, what is held, whether she is newer."""

    made: PersonChange | None
    held: PersonChange | None
    superseded: bool


class Registration(Record):
    """What becomes of a roster's good rows: added, changed, held, unchanged or quarantined.

    A row with changes of both kinds is in ``changed`` with the harmless ones and in ``held``
    with those that wait for consent. ``superseded`` are those of the unchanged that differ from
    what was corrected since the file was imported before. ``problems`` are the reasons of the
    ``quarantined``, and warnings about others.
    """

    added: tuple[Addition, ...]
    changed: tuple[PersonChange, ...]
    held: tuple[PersonChange, ...]
    unchanged: int
    superseded: int
    quarantined: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]


def register(
    roster: Roster,
    people: KnownPeople | Sequence[Payee],
    *,
    consent: bool = False,
    money_out: Collection[PayeeId] = (),
    with_reason: bool = False,
    before: ImportedBefore = NEW_FILE,
    paid: PaidNumbers = NOTHING_PAID,
) -> Registration:
    """Compare a roster's good rows with the registry's payees: by the id where the row has one, as
    on the sheets that the office sends out for correction, else by identity number.

    With ``consent`` the changes that would be held are made; those of the people of ``money_out``
    (their ids) only ``with_reason``; one that takes over an account of another's is made when hers
    is. A warning names for whom else money was ``paid`` by a number. An empty cell changes nothing:
    a roster without a column of phones does not delete them. Nor is anything changed that the
    same file has changed ``before``, or that was changed since. Changes nothing itself: for the
    next roster of the same import see :func:`take`. Takes time in proportion to the rows, and to
    the payees where they are not given as KnownPeople.
    """
    known_people = people if isinstance(people, KnownPeople) else KnownPeople(people)
    added: list[Addition] = []
    compared: list[_Comparison] = []
    quarantined: list[RosterRow] = []
    problems: list[Problem] = []
    paid_posts = known_people.posts_of(money_out)
    rows = [(row, _known(row, known_people, before)) for row in roster.rows]
    twice = _of_one_payee(rows)
    # Of somebody who is unknown, in a row without an id, nothing is contradicted.
    conflicts = [
        _conflict(roster, row, known, known_people, before) or _twice(roster, row, known, twice)
        if known or row.payee_id
        else None
        for row, known in rows
    ]  # guard: one-person-two-rows
    moves = AccountMoves(
        {
            known.payee.payee_id: row
            for (row, known), conflict in zip(rows, conflicts, strict=True)
            if known and not conflict and _leaves_account(row, known.payee, before)
        },
        known_people,
        money_out,
    )
    for (row, known), found in zip(rows, conflicts, strict=True):
        rest = moves.rest_of(row) if row.account else FREE
        out = known is not None and known.payee.payee_id in money_out
        # guard: swap-whole, consent-not-for-money-out
        agreed = consent and (with_reason or not (out or rest.money_out))
        conflict = found
        if not rest.is_free or (rest.on_others and not known and not agreed):
            conflict = found or _account_conflict(roster, row, known, known_people, before)
        if conflict:
            quarantined.append(row)
            problems.append(conflict)
            continue
        problems += _warnings(roster, row, known, known_people, paid_posts)
        if paid.payees:
            problems += _paid_by_number(roster, row, known, paid)
        if known:
            change = partial(
                PersonChange, known.payee, source=row, money_out=out,
                with_other=rest.money_out and not out,
            )  # fmt: skip
            compared.append(_compare(row, known.payee, change, agreed=agreed, before=before))
        else:
            restores = known_people.withdrawn_of(row.identity)
            added.append(Addition(payee_of(row), row, restores))
    return Registration(
        added=tuple(added),
        changed=tuple(one.made for one in compared if one.made),
        held=tuple(one.held for one in compared if one.held),
        unchanged=sum(not (one.made or one.held) for one in compared),
        superseded=sum(one.superseded and not (one.made or one.held) for one in compared),
        quarantined=tuple(quarantined),
        problems=tuple(problems),
    )


def take(
    people: KnownPeople,
    roster: Roster,
    registration: Registration,
    numbered: Sequence[Payee] | None = None,
) -> None:
    """Put what a registration adds and changes among the people that the next is compared with.

    ``numbered`` are the additions as the registry stored them; None when nothing was stored.
    """
    if numbered is None:
        for addition in registration.added:
            people.put(addition.payee, place=f"{roster.file} {addition.source.place}")
    for payee in numbered or ():
        people.put(payee)
    for change in registration.changed:
        people.put(change.updated)


def payee_of(row: RosterRow) -> Payee:
    """The row as an unnumbered payee; the bank spells her name as the law does unless it says."""
    return Payee(
        serial=UNNUMBERED,
        legal_name=row.name,
        bank_name=row.bank_name or row.name,
        identity=row.identity,
        role=row.role,
        town=row.town,
        area=row.area,
        area_name=row.area_name,
        block=row.block,
        phone=row.phone,
        bank=row.bank,
        account=row.account,
    )


def _known(row: RosterRow, people: KnownPeople, before: ImportedBefore) -> KnownPerson | None:
    """Who of the registry the row is about: by her id, her identity number, or, where that was
    corrected, by her account with her name and post.
    """
    payee = row.payee_id or before.added_by(row)  # guard: registered-before
    if payee:
        return people.of_payee(payee)
    bearer = people.of_identity(row.identity)
    holder = None if bearer else people.of_account(row.account)
    if holder and holder.payee.serial != UNNUMBERED and holder.payee.legal_name == row.name:
        return None if _is_on_another_post(row, holder.payee) else holder
    return bearer


def _conflict(
    roster: Roster,
    row: RosterRow,
    known: KnownPerson | None,
    people: KnownPeople,
    before: ImportedBefore,
) -> Problem | None:
    """Why the row must not go in: the person is somewhere else already."""
    if before.added_by(row):  # guard: registering-row-again
        return None
    if row.payee_id and known is None:
        return roster.problem(row, "payee_id", "payee_unknown", {"payee": row.payee_id})
    same = known is not None and row.identity == known.payee.identity
    # guard: corrected-row-same-person
    if known and not same and row.name != known.payee.legal_name:
        return roster.problem(row, "payee_id", "payee_other", known.parameters)
    bearer = people.of_identity(row.identity)
    if known and bearer and bearer is not known:
        return _elsewhere(roster, row, bearer)
    if known and _is_on_another_post(row, known.payee):
        return _elsewhere(roster, row, known)
    return None


def _is_on_another_post(row: RosterRow, registered: Payee) -> bool:
    """Whether a row has somebody in another town, role or post; one without a code has no other."""
    if (row.town, row.role) != (registered.town, registered.role):
        return True
    return row.has_post and registered.has_post and row.post != registered.post


def _elsewhere(roster: Roster, row: RosterRow, known: KnownPerson) -> Problem:
    """Where the row and the registration differ is the cell to mend: the role, or the post."""
    fields = ["block", "area", "identity"]
    if row.role != known.payee.role:
        fields.insert(0, "role")
    columns = roster.table_of(row).columns
    field = next((field for field in fields if field in columns), "identity")
    parameters = {
        **known.parameters, "row_role": row.role, "row_post": row.block or row.area,
    }  # fmt: skip
    code = "registered_elsewhere"
    return roster.problem(row, field, code, parameters, variant=known.variant)


def _of_one_payee(
    rows: Sequence[tuple[RosterRow, KnownPerson | None]],
) -> Mapping[str, Sequence[RosterRow]]:
    """The rows of every registered person of whom there are several, by her id."""
    rows_of: dict[str, list[RosterRow]] = {}
    for row, known in rows:
        if known and known.payee.serial != UNNUMBERED:
            rows_of.setdefault(known.payee.payee_id, []).append(row)
    return {payee: several for payee, several in rows_of.items() if len(several) > 1}


def _twice(
    roster: Roster,
    row: RosterRow,
    known: KnownPerson | None,
    twice: Mapping[str, Sequence[RosterRow]],
) -> Problem | None:
    """Two rows are about one person, by her id or by her account: nobody knows which is right."""
    several = twice.get(known.payee.payee_id, ()) if known else ()
    if not several:
        return None
    others = ", ".join(other.place for other in several if other is not row)
    field = "payee_id" if row.payee_id else "identity"
    return roster.problem(row, field, "duplicate_in_file", {"others": others})


def _leaves_account(row: RosterRow, registered: Payee, before: ImportedBefore) -> bool:
    """Whether a registered person's account is another one from this row on."""
    if not row.account or registered.serial == UNNUMBERED:
        return False
    if same_account(row.account) == same_account(registered.account):
        return False
    return not before.is_newer(registered, "account")


def _account_conflict(
    roster: Roster,
    row: RosterRow,
    known: KnownPerson | None,
    people: KnownPeople,
    before: ImportedBefore,
) -> Problem | None:
    """The row's account is somebody else's, and stays so; unless it changes nothing, as the same
    file has done what it says before, or been declined.
    """
    newer = known is not None and before.is_newer(known.payee, "account")
    if newer or before.added_by(row) is not None:
        return None
    holder = people.of_account(row.account)
    # guard: account-of-one-person
    if holder and holder is not known and holder.payee.identity != row.identity:
        return _problem(roster, row, "account", "account_shared", holder)
    return None


def _warnings(
    roster: Roster,
    row: RosterRow,
    known: KnownPerson | None,
    people: KnownPeople,
    paid_posts: Mapping[str, KnownPerson],
) -> Iterator[Problem]:
    if known and not known.payee.active:
        yield roster.problem(row, "identity", "inactive", known.parameters)
    namesake = None if known else people.of_name(row.town, row.name)
    if namesake:
        yield _problem(roster, row, "name", "same_name", namesake)
    elsewhere = None if known else people.of_phone(row.name, row.phone, but_in=row.town)
    if elsewhere:
        yield _problem(roster, row, "name", "same_person_elsewhere", elsewhere)
    if not row.has_post:
        return
    field, post = "block" if row.block else "area", row.post
    paid = paid_posts.get(post)
    neighbour = paid or people.of_post(post)
    if not neighbour or neighbour is known or neighbour.payee.identity == row.identity:
        return
    if paid:
        yield roster.problem(row, field, "post_paid", paid.parameters)
    else:
        yield _problem(roster, row, field, "post_shared", neighbour)


def _paid_by_number(
    roster: Roster, row: RosterRow, known: KnownPerson | None, paid: PaidNumbers
) -> Iterator[Problem]:
    """Money for another went by a number of the row; whose it was has another one by now."""
    payee = known.payee.payee_id if known else NO_PAYEE
    for pair in paid.doubts_about(payee, row):
        yield roster.problem(row, pair.field, f"{pair.field}_paid", {"payee": pair.other})


def _problem(roster: Roster, row: RosterRow, field: str, code: str, known: KnownPerson) -> Problem:
    return roster.problem(row, field, code, known.parameters, variant=known.variant)


def _compare(
    row: RosterRow,
    registered: Payee,
    change: Callable[..., PersonChange],
    *,
    agreed: bool,
    before: ImportedBefore,
) -> _Comparison:
    """``change`` makes one of hers by this row of the fields given."""
    parts = differences(row, registered)
    harmless, delicate = (
        {field: change for field, change in part.items() if not before.is_newer(registered, field)}
        for part in parts
    )  # guard: changed-since
    superseded = (harmless, delicate) != parts
    if agreed:
        harmless, delicate = harmless | delicate, {}
    return _Comparison(
        made=change(harmless) if harmless else None,
        held=change(delicate) if delicate else None,
        superseded=superseded,
    )


def differences(row: RosterRow, registered: Payee) -> tuple[_Differences, _Differences]:
    """(harmless changes, changes that need consent), each field -> (old, new)."""
    spelt_alike = registered.bank_name == registered.legal_name
    values = {
        "legal_name": row.name,
        "identity": row.identity,
        "bank_name": row.bank_name or (row.name if spelt_alike else registered.bank_name),
        "bank": row.bank,
        "account": row.account,
        "phone": row.phone,
        "area_name": row.area_name,
        # Of somebody who has a post it is the same one: who is on another goes back.
        "area": row.area,
        "block": row.block,
    }
    changes = {
        field: (old, new)
        for field, new in values.items()
        if new and new != (old := getattr(registered, field))
    }
    # guard: consent-to-change
    delicate = {field: changes[field] for field in CONSENT_FIELDS if field in changes}
    return {field: changes[field] for field in HARMLESS_FIELDS if field in changes}, delicate
