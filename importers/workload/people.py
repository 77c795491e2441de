"""Whom a row of a list of work means: one registered person, or nobody, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from importers.rosters.checks import identity_problem
from importers.rosters.posts import Post
from importers.rosters.problems import is_error
from importers.rosters.words import vocabulary
from importers.tables.cells import Cell
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee


class Named(NamedTuple):
    """What a row says of who is meant; ``role`` and the post's codes are empty where it does not.

    ``identity_cell`` is as it stood.
    """

    name: str
    identity: str
    identity_cell: Cell
    payee_id: str
    role: str
    post: Post


class Fault(NamedTuple):
    """What is wrong, of which field; ``variant`` chooses the wording."""

    field: str
    code: str
    parameters: Mapping[str, str] = {}
    variant: str = ""


class RegisteredPeople:
    """Everybody in the registry, by what a list may name them by."""

    def __init__(self, payees: Iterable[Payee]) -> None:
        self._by_id: dict[PayeeId, Payee] = {}
        self._by_identity: dict[str, Payee] = {}
        self._called: dict[str, list[Payee]] = defaultdict(list)
        for payee in payees:
            self._by_id[payee.payee_id] = payee
            self._by_identity[payee.identity] = payee
            for name in {payee.legal_name, payee.bank_name}:
                self._called[name].append(payee)

    def find(self, row: Named) -> Payee | Fault:
        """The one person whom a row means, who is active and as the row says."""
        found = self._by_numbers(row)
        if found is None:
            found = self._by_name(row)
        if isinstance(found, Fault):
            return found
        return _contradiction(row, found) or found

    def _by_numbers(self, row: Named) -> Payee | Fault | None:
        """By 人员编号 and the identity number, which agree; None where the row has neither."""
        by_id = by_identity = None
        if row.payee_id:
            by_id = self._by_id.get(PayeeId(row.payee_id.upper()))
            if by_id is None:
                # Whatever stands there, only what looks like an id is repeated.
                shown = row.payee_id if len(row.payee_id) <= len("P000000000") else "?"
                return Fault("payee_id", "payee_unknown", {"payee": shown})
        if row.identity:
            code = identity_problem(row.identity_cell, row.identity)
            if is_error(code):
                return Fault("identity", code)
            by_identity = self._by_identity.get(row.identity)
            if by_identity is None and by_id is None:
                return Fault("identity", "person_unknown")
            if by_id is not None and by_identity != by_id:  # guard: numbers-of-one-person
                return Fault("payee_id", "payee_other", {"payee": by_id.payee_id})
        return by_id or by_identity

    def _by_name(self, row: Named) -> Payee | Fault:
        """By the name with the town or a post, if that is one person."""
        if not row.name:
            return Fault("name", "person_missing")
        town, post = row.post.town, row.post.block or row.post.area
        if town is None and not post:  # guard: name-with-a-place
            return Fault("identity", "place_missing")
        called = [
            payee
            for payee in self._called.get(row.name, ())
            if (town is None or payee.town == town.code) and _may_hold(payee, row.post)
        ]
        if len(called) > 1:  # guard: namesakes-asked
            return Fault("identity", "namesakes", {"people": str(len(called))})
        if not called:
            name = town.name if town else vocabulary().programme.county_name
            return Fault("name", "person_unknown", {"town": name}, "name")
        return called[0]


def _may_hold(payee: Payee, post: Post) -> bool:
    """Whether the codes of a row, if it has any, are those of a person's post."""
    if post.block and payee.block:
        return payee.block == post.block
    return not (post.area and payee.area) or payee.area == post.area


def _contradiction(row: Named, payee: Payee) -> Fault | None:
    """What else a row says of the person that is not so."""
    programme = vocabulary().programme
    if not payee.active:  # guard: work-of-the-active
        return Fault("name", "person_inactive", {"payee": payee.payee_id})
    # guard: work-name-agrees
    if row.name and row.name not in (payee.legal_name, payee.bank_name):
        return Fault("name", "name_other", {"payee": payee.payee_id})
    town = row.post.town
    if town is not None and town.code != payee.town:  # guard: work-town-agrees
        return Fault("town", "town_of_person", {"town": programme.town_name(payee.town)})
    if row.role and row.role != payee.role:  # guard: work-role-agrees
        return Fault("role", "role_other", {"payee": payee.payee_id, "role": payee.role})
    if not _may_hold(payee, row.post):
        field = "block" if row.post.block else "area"
        return Fault(field, "post_other", {"post": payee.block or payee.area})
    return None


def ids_of(texts: Sequence[str]) -> list[str]:
    """The ids of a table; one with plain numbers in their place numbers its people by itself."""
    if any(text and not text.isdigit() for text in texts):
        return list(texts)
    return [NO_PAYEE] * len(texts)
