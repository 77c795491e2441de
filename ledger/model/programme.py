"""The programme: what is paid to whom in which county, as ``programme.toml`` of the books says it.

One set of books is one programme of one county. Nothing of a county or a census stands in code.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Literal
from typing import TypeAlias

from ledger.base.records import Record
from ledger.model.ids import TownCode
from ledger.model.towns import Town

# Whether a roster must have the codes of posts: else they are checked where they stand, or ignored.
Posts: TypeAlias = Literal["required", "optional", "none"]
POSTS: tuple[Posts, ...] = ("required", "optional", "none")

# What somebody of a role has: a block, a whole area, or no post of her own.
PostKind: TypeAlias = Literal["block", "area", "none"]
POST_KINDS: tuple[PostKind, ...] = ("block", "area", "none")


class Role(Record):
    """Who is paid alike: ``words`` are what rosters call it, its name among them."""

    name: str
    words: tuple[str, ...]
    post: PostKind


class Words(Record):
    """What the programme calls things: 普查区, 普查小区; all its people together; the office."""

    area: str
    block: str
    people: str
    office: str


class OwnBank(Record):
    """The office's own bank: the name of its account in the books, the words that name it in
    rosters, and the remark that payments bear.
    """

    account: str
    words: tuple[str, ...]
    remark: str


class Documents(Record):
    """What stands on every paper: title, period, boxes to sign in, whether numbers are masked."""

    title: str
    period: str
    boxes: tuple[str, ...]
    mask_identities: bool


class Programme(Record, dict=True, eq=False):
    """``reference_day`` is the day on which ages count; ``payment`` is what is paid, in words."""

    name: str
    payment: str
    reference_day: datetime.date
    county_code: str
    county_name: str
    posts: Posts
    towns: tuple[Town, ...]
    roles: tuple[Role, ...]
    words: Words
    bank: OwnBank
    documents: Documents

    @cached_property
    def by_code(self) -> Mapping[TownCode, Town]:
        """The towns by their codes, present and former."""
        former = {one.code: town for town in self.towns for one in town.former if one.code}
        return former | {town.code: town for town in self.towns}

    def town_name(self, code: TownCode) -> str:
        """What a town is called; of a code that is no town's any more, the code."""
        town = self.by_code.get(code)
        return town.name if town else code

    def find_town(self, text: str) -> Town | None:
        """The town whose code or name, present or former, with or without its kind, is a text."""
        wanted = text.strip()
        found = [town for town in self.towns if wanted and town.is_called(wanted)]
        exact = [town for town in found if wanted in (town.code, town.name)] or found
        return exact[0] if len(exact) == 1 else None

    @cached_property
    def role_names(self) -> tuple[str, ...]:
        return tuple(role.name for role in self.roles)

    @cached_property
    def by_role(self) -> Mapping[str, Role]:
        return {role.name: role for role in self.roles}

    def post_kind(self, role: str) -> PostKind:
        """What post somebody of a role has; of a role that is none any more, none."""
        return self.by_role[role].post if role in self.by_role else "none"
