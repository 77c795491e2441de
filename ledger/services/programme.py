"""Towns and roles come, are called otherwise, merge and go: shown line by line, proven, then kept.

They stand in a file that people may edit too. What people, payments or rules are of is never taken
out: a town goes into another one, which keeps its code. A new town has its accounts before it is in
the programme, and a new role is there before its rate, so that a killed work has left nothing wrong
and is done by doing it again.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from ledger.base import durable
from ledger.base.books_folder import ACCOUNTS_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import RULES_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_table import content_of
from ledger.base.toml_table import parse_toml
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.model.accounts import code_of
from ledger.model.operators import Operator
from ledger.model.programme import Programme
from ledger.model.programme_file import programme_of
from ledger.model.towns import Town
from ledger.registry.registry import Registry
from ledger.services.programme_text import ProgrammeChange
from ledger.services.programme_text import RoleAdded
from ledger.services.programme_text import TownAdded
from ledger.services.programme_text import edited
from ledger.services.programme_text import opened_for
from ledger.services.rules import AddedRules
from ledger.services.rules import first_new_error
from ledger.services.rules import plan_rules
from ledger.services.rules import signed_lines
from ledger.services.rules import with_lines
from ledger.services.settings import NothingChanged
from ledger.services.settings import SettingsChanged
from ledger.services.settings import changed_lines
from ledger.services.settings import require_may_change
from ledger.services.settings import require_printable
from ledger.services.unit_of_work import Work


class TownInUse(Refusal):
    """People are of a town, or money went through its accounts."""

    def __init__(self, town: Town, people: int) -> None:
        message = _(
            "{town} has {people} people, or payments: its code has to be known. Where it became"
            " part of another town, or has another code now, add that town and let this one go"
            " into it"
        )
        super().__init__(message.format(town=town.name, people=people), people=people)


class RoleInUse(Refusal):
    """People have a role, or rules speak of it."""

    def __init__(self, role: str, people: int) -> None:
        message = _(
            "{people} people are {role}, or the rules say what one is paid: the role stays. What"
            " rosters call it can be changed"
        )
        super().__init__(message.format(role=role, people=people), people=people)


class ProgrammeRefused(Refusal):
    """With the programme changed the books would be wrong. Nothing was written."""

    def __init__(self, first: str) -> None:
        message = _("with this change the books would be wrong, and nothing was written: {first}")
        super().__init__(message.format(first=first))


class PlannedProgramme(Record):
    """``files`` as they would be, in the order in which they are written; ``lines`` are those of
    each that go, after a minus, and come. ``books`` are the books with them.
    """

    files: Mapping[str, bytes]
    lines: Mapping[str, Sequence[str]]
    books: Books

    @property
    def digest(self) -> Digest:
        """Of all the files: what was shown is what is written."""
        return digest(b"\0".join(self.files.values()))


def plan_programme(
    books: Books,
    registry: Registry,
    operator: Operator | None,
    change: ProgrammeChange,
    today: datetime.date,
) -> PlannedProgramme:
    """The files with the change made, proven. Nothing is written.

    Raises MayNotChangeSettings, NothingChanged, NoSuchTown, IntoItself, NoSuchRole, NameTaken,
    TownInUse, RoleInUse, ProgrammeRefused, MalformedToml with the key that is wrong, or what
    :func:`ledger.services.rules.plan_rules` raises.
    """
    operator = require_may_change(operator)
    folder, before = books.folder, content_of(books.folder / PROGRAMME_FILE)
    text = edited(books.programme, before, change)
    programme = programme_of(parse_toml(PROGRAMME_FILE, text))
    _require_printable(books.programme, programme)
    _require_kept(books, registry, programme)
    files = {}
    if isinstance(change, TownAdded) and (lines := list(opened_for(books, change))):
        accounts = read_plain(folder / ACCOUNTS_FILE)
        files[ACCOUNTS_FILE] = with_lines(accounts, signed_lines(operator, today, lines))
    if text != before:
        files[PROGRAMME_FILE] = text.encode("utf-8")
    after = None
    if isinstance(change, RoleAdded) and change.rate and change.rate not in books.rules.rates:
        added = AddedRules([change.rate], change.document)
        rules = plan_rules(books, operator, added, today, files)
        files[RULES_FILE], after = rules.content, rules.books
    if not files:
        raise NothingChanged
    after = after or load_books(folder, files)
    # guard: changed-programme-sound
    if error := first_new_error(books, after):
        raise ProgrammeRefused(error)
    lines_of = {name: _lines(folder / name, content) for name, content in files.items()}
    return PlannedProgramme(files, lines_of, after)


def change_programme(work: Work, change: ProgrammeChange, expected: Digest) -> PlannedProgramme:
    """Write the change that was shown, one file after the other.

    Raises SettingsChanged, or what :func:`plan_programme` raises.
    """
    books = work.books
    by = books.history.operators.get(work.acting.actor.operator)
    planned = plan_programme(books, work.registry, by, change, work.today)
    # guard: programme-as-shown
    if planned.digest != expected:
        raise SettingsChanged(PROGRAMME_FILE)
    for name, content in planned.files.items():
        durable.replace_file(books.folder / name, content)
    work.books = planned.books
    return planned


def _require_printable(before: Programme, after: Programme) -> None:
    """Raises MalformedToml for a new name that paper could not hold."""
    for town in set(after.towns) - set(before.towns):
        require_printable(PROGRAMME_FILE, "town.name", [town.name])
    for role in set(after.roles) - set(before.roles):
        require_printable(PROGRAMME_FILE, "role.words", role.words)


def _require_kept(books: Books, registry: Registry, after: Programme) -> None:
    """Raises TownInUse or RoleInUse where something is of what the programme does not know then."""
    before = books.programme
    gone = before.by_code.keys() - after.by_code.keys()
    roles = set(before.role_names) - set(after.role_names)
    if not gone and not roles:
        return
    everybody = [*registry.payees(), *registry.withdrawn()]
    people = Counter(payee.town for payee in everybody)
    moved = {code_of(account.rpartition(":")[2]) for account in _moved(books)}
    for code in sorted(gone):
        # guard: town-in-use-stays
        if people[code] or code in moved:
            raise TownInUse(before.by_code[code], people[code])
    of_roles = Counter(payee.role for payee in everybody)
    rules = books.rules
    ruled = {rate.role for rate in rules.rates} | {limit.role for limit in rules.limits}
    ruled |= {rule.role for rule in rules.taxes}
    for role in sorted(roles):
        # guard: role-in-use-stays
        if of_roles[role] or role in ruled:
            raise RoleInUse(role, of_roles[role])


def _moved(books: Books) -> set[str]:
    """The accounts through which money went."""
    return {
        posting.account
        for entry in books.entries
        if isinstance(entry, data.Transaction)
        for posting in entry.postings
    }


def _lines(path: Path, content: bytes) -> Sequence[str]:
    before = read_plain(path).decode("utf-8-sig")
    return changed_lines(before, content.decode("utf-8-sig"))
