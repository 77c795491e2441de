"""Reading ``programme.toml`` strictly: what is wrong with it is refused, with the key's name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.language import gettext as _
from ledger.base.toml_table import TomlTable
from ledger.base.toml_table import read_toml
from ledger.model.ids import TownCode
from ledger.model.programme import POST_KINDS
from ledger.model.programme import POSTS
from ledger.model.programme import Documents
from ledger.model.programme import OwnBank
from ledger.model.programme import PostKind
from ledger.model.programme import Posts
from ledger.model.programme import Programme
from ledger.model.programme import Role
from ledger.model.programme import Words
from ledger.model.towns import Former
from ledger.model.towns import Town

# A component of an account's name, and a word that an event's metadata may have.
NAME = r"[^\W_]+"
TOWN_CODE = "[0-9]{9}"
COUNTY_CODE = "[0-9]{6}"
# What Windows takes in no name of a file.
NOT_IN_FILE_NAMES = frozenset('<>:"/\\|?*')
LONGEST_TOWN = 30
FORMER = re.compile(rf"(?P<code>{TOWN_CODE})?\s*(?P<name>\D.*)?")


def read_programme(books: Path) -> Programme:
    """The programme of the books. Raises MalformedToml, which names the key."""
    return programme_of(read_toml(books / PROGRAMME_FILE))


def programme_of(document: TomlTable) -> Programme:
    """The programme that a file describes. Raises MalformedToml."""
    county, posts, words = map(document.table, ("county", "posts", "words"))
    county_code = county.matching("code", COUNTY_CODE, form=_("must be the county's six digits"))
    bank, documents = document.table("bank"), document.table("documents")
    programme = Programme(
        name=document.line("name"),
        payment=document.matching("payment", NAME, form=_of_a_name()),
        reference_day=document.take("reference_day", datetime.date),
        county_code=county_code,
        county_name=county.line("name"),
        posts=cast(Posts, posts.one_of("codes", POSTS, "optional")),
        towns=_towns(document.tables("town"), document, county_code),
        roles=_roles(document.tables("role"), document),
        words=Words(
            area=words.line("area"),
            block=words.line("block"),
            people=words.line("people"),
            office=words.line("office"),
        ),
        bank=OwnBank(
            account=bank.matching("account", NAME, form=_of_a_name()),
            words=bank.lines("words"),
            remark=bank.take("remark", str),
        ),
        documents=Documents(
            title=documents.line("title"),
            period=documents.line("period"),
            boxes=documents.lines("boxes", most=8),
            mask_identities=documents.take("mask_identities", bool),
        ),
    )
    for table in (county, posts, words, bank, documents, document):
        table.end()
    return programme


def _towns(tables: Iterable[TomlTable], document: TomlTable, county: str) -> tuple[Town, ...]:
    """The towns in the order of their codes, which is the order in which rosters are paid."""
    towns: dict[str, Town] = {}
    taken: dict[str, str] = {}
    listed = list(tables)
    if not listed:  # guard: programme-has-towns
        raise document.refusal("town", _("is missing"))
    for table in listed:
        town = Town(
            TownCode(
                table.matching(
                    "code",
                    f"{county}[0-9]{{3}}",
                    form=_("must be the county's six digits, and three more"),
                )
            ),
            _town_name(table),
            tuple(_former(table)),
        )
        table.end()
        towns[town.code] = town
        for key, said in (("code", town.code), ("name", town.name)):
            _take(table, key, said, taken)
    # What a town has now counts before what another had, and may not stand for both.
    for table, town in zip(listed, towns.values(), strict=True):
        for word in filter(None, (word for one in town.former for word in one)):
            if word != town.name:
                _take(table, "former", word, taken)
    return tuple(sorted(towns.values(), key=lambda town: town.code))


def _town_name(table: TomlTable) -> str:
    """The name of a town, which is a part of the names of accounts and files too."""
    name = table.line("name").strip()
    # guard: town-names-files
    if len(name) > LONGEST_TOWN or set(name) & NOT_IN_FILE_NAMES or name.endswith("."):
        message = _("names files too: at most {most} characters, and none of {signs}")
        signs = " ".join(sorted(NOT_IN_FILE_NAMES))
        raise table.refusal("name", message.format(most=LONGEST_TOWN, signs=signs))
    return name


def _take(table: TomlTable, key: str, said: str, taken: dict[str, str]) -> None:
    # guard: towns-apart
    if said in taken:
        message = _('"{text}" is that of {key} already')
        raise table.refusal(key, message.format(text=said, key=taken[said]))
    taken[said] = table.path.rstrip(".")


def _former(table: TomlTable) -> Iterator[Former]:
    for text in table.lines("former", least=0):
        found = FORMER.fullmatch(text.strip())
        if found is None:
            raise table.refusal("former", _('must be a code of nine digits, a name, or both: "…"'))
        yield Former(TownCode(found["code"] or ""), (found["name"] or "").strip())


def _of_a_name() -> str:
    return _("must be letters, Chinese characters and digits, without blanks and signs")


def _roles(tables: Iterable[TomlTable], document: TomlTable) -> tuple[Role, ...]:
    roles = []
    taken: dict[str, str] = {}
    for table in tables:
        name = table.matching("name", NAME, form=_of_a_name())
        words = tuple(dict.fromkeys((name, *table.lines("words", least=0))))
        roles.append(Role(name, words, cast(PostKind, table.one_of("post", POST_KINDS))))
        table.end()
        for word in words:
            # guard: words-of-one-role
            if word in taken:
                message = _('"{text}" is that of {key} already')
                raise table.refusal("words", message.format(text=word, key=taken[word]))
        taken |= dict.fromkeys(words, table.path.rstrip("."))
    if not roles:  # guard: programme-has-roles
        raise document.refusal("role", _("is missing"))
    return tuple(roles)
