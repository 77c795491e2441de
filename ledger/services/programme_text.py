"""Changes of the towns and roles of a programme, as the texts of its files."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from beancount.core import data

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.language import gettext as _
from ledger.base.money import CURRENCY
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import Value
from ledger.base.toml_edit import with_table
from ledger.base.toml_edit import with_values
from ledger.base.toml_edit import without_table
from ledger.books.books import Books
from ledger.model.accounts import code_of
from ledger.model.ids import TownCode
from ledger.model.programme import Programme
from ledger.model.rules import Rate
from ledger.model.towns import Town

TOWN, ROLE = "town", "role"


class TownAdded(Record):
    """A town that is new in the county."""

    code: str
    name: str


class TownRenamed(Record):
    """A town that has another name from now on; rosters may still call it what they did."""

    code: str
    name: str


class TownRemoved(Record):
    """A town that is no more. What is of it is of the town ``into`` which it went, if any."""

    code: str
    into: str = ""


class RoleAdded(Record):
    """Somebody else who is paid: ``words`` are what rosters call it beside its name."""

    name: str
    words: Sequence[str]
    post: str
    rate: Rate | None = None
    document: str = ""

    @property
    def every_word(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.name, *self.words)))


class RoleCalled(Record):
    """A role that rosters call otherwise."""

    name: str
    words: Sequence[str]


class RoleRemoved(Record):
    """A role that nobody has."""

    name: str


ProgrammeChange = TownAdded | TownRenamed | TownRemoved | RoleAdded | RoleCalled | RoleRemoved


class NoSuchTown(Refusal):
    """The programme has no town of that code."""

    def __init__(self, code: str) -> None:
        message = _("the programme has no town {code}")
        super().__init__(message.format(code=code), town=code)


class IntoItself(Refusal):
    """A town cannot go into itself."""

    def __init__(self, code: str) -> None:
        message = _("{code} cannot go into itself: name the town that it is a part of now")
        super().__init__(message.format(code=code), town=code)


class NoSuchRole(Refusal):
    """The programme has no such role."""

    def __init__(self, role: str) -> None:
        message = _("the programme has no role {role}")
        super().__init__(message.format(role=role), role=role)


class NameTaken(Refusal):
    """Another town or role is called so, or was."""

    def __init__(self, text: str, other: str, key: str) -> None:
        self.key = key
        message = _('"{text}" means {other} already: a roster would not tell them apart')
        super().__init__(message.format(text=text, other=other), text=text)


def edited(programme: Programme, text: str, change: ProgrammeChange) -> str:
    """The text of the programme's file with a change made.

    Raises NoSuchTown, IntoItself, NoSuchRole, NameTaken, or MalformedToml where the text cannot be
    changed.
    """
    file = _ProgrammeText(programme, text)
    match change:
        case TownAdded():
            file.require_free_town("code", change.code)
            file.require_free_town("name", change.name)
            return with_table(
                PROGRAMME_FILE, text, TOWN, {"code": change.code, "name": change.name}
            )
        case TownRenamed():
            return file.town_renamed(change)
        case TownRemoved():
            return file.town_removed(change)
        case RoleAdded():
            return file.role_added(change)
        case RoleCalled():
            file.require_free_words(change.words, but=change.name)
            return file.with_values(file.role(change.name), {"words": list(change.words)})
        case RoleRemoved():
            return without_table(PROGRAMME_FILE, text, file.role(change.name))


class _ProgrammeText:
    """The file of a programme, whose tables are told by their numbers in it."""

    def __init__(self, programme: Programme, text: str) -> None:
        self.programme = programme
        self.text = text
        self.document = tomllib.loads(text)

    def with_values(self, table: str, values: dict[str, Value]) -> str:
        keys = {f"{table}.{key}": value for key, value in values.items()}
        return with_values(PROGRAMME_FILE, self.text, keys)

    def town(self, code: str) -> str:
        """The table of a town. Raises NoSuchTown."""
        codes = [town["code"] for town in self.document[TOWN]]
        if code not in codes:
            raise NoSuchTown(code)
        return f"{TOWN}[{codes.index(code) + 1}]"

    def role(self, name: str) -> str:
        """The table of a role. Raises NoSuchRole."""
        names = [role["name"] for role in self.document[ROLE]]
        if name not in names:
            raise NoSuchRole(name)
        return f"{ROLE}[{names.index(name) + 1}]"

    def former(self, code: str) -> list[str]:
        """What a town was, as the file says it."""
        found = (town.get("former", []) for town in self.document[TOWN] if town["code"] == code)
        return list(next(found, []))

    def town_renamed(self, change: TownRenamed) -> str:
        table = self.town(change.code)
        self.require_free_town("name", change.name, but=change.code)
        town = self.programme.by_code[TownCode(change.code)]
        values: dict[str, Value] = {"name": change.name}
        known = {word for one in town.former for word in one}
        if town.name not in {change.name, *known}:
            values["former"] = [*self.former(change.code), town.name]
        return self.with_values(table, values)

    def town_removed(self, change: TownRemoved) -> str:
        gone, text = self.town(change.code), self.text
        if change.into == change.code:
            raise IntoItself(change.code)
        if change.into:
            name = self.programme.by_code[TownCode(change.code)].name
            former = [
                *self.former(change.into), f"{change.code} {name}", *self.former(change.code),
            ]  # fmt: skip
            text = self.with_values(self.town(change.into), {"former": former})
        return without_table(PROGRAMME_FILE, text, gone)

    def role_added(self, change: RoleAdded) -> str:
        there = self.programme.by_role.get(change.name)
        if there is not None and (there.words, there.post) == (change.every_word, change.post):
            return self.text
        self.require_free_words(change.every_word)
        values: dict[str, Value] = {
            "name": change.name, "words": list(change.every_word), "post": change.post,
        }  # fmt: skip
        return with_table(PROGRAMME_FILE, self.text, ROLE, values)

    def require_free_town(self, key: str, text: str, but: str = "") -> None:
        """Raises NameTaken where another town has or had this code or name."""
        for town in self.programme.towns:
            words = {town.code, town.name, *(word for one in town.former for word in one)}
            # guard: town-named-once
            if town.code != but and text in words:
                raise NameTaken(text, town.name, key)

    def require_free_words(self, words: Iterable[str], but: str = "") -> None:
        """Raises NameTaken where rosters call another role so."""
        for role in self.programme.roles:
            taken = [word for word in words if word in role.words]
            # guard: role-called-once
            if role.name != but and taken:
                raise NameTaken(taken[0], role.name, "words")


def opened_for(books: Books, town: TownAdded) -> Iterator[str]:
    """The lines that open for a new town what the others have, from the same day on."""
    component = Town(TownCode(town.code), town.name).component
    known = set(books.components.values())
    opened = [entry for entry in books.entries if isinstance(entry, data.Open)]
    begun: dict[str, datetime.date] = {}
    there = set()
    for entry in opened:
        path, _colon, last = entry.account.rpartition(":")
        if last in known:
            begun[path] = min(entry.date, begun.get(path, entry.date))
        if code_of(last) == town.code:
            there.add(path)
    for path, day in begun.items():
        if path not in there:
            yield f"{day} open {path}:{component} {CURRENCY}"
