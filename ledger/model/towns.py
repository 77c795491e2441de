"""A town of the programme's county: its code, its name and what it was called before."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from ledger.base.records import Record
from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent

# What towns are: clerks leave it out. Longer ones first.
KINDS = ("街道办事处", "民族乡", "街道", "苏木", "镇", "乡")
# 古镇 without its kind would be found in any text.
SHORTEST_NAME = 2


class Former(NamedTuple):
    """A code or a name, or both, that a town had before; what it had not is empty."""

    code: TownCode
    name: str


class Town(Record, dict=True):
    """A town-level division: ``code`` is its nine-digit code."""

    code: TownCode
    name: str
    former: tuple[Former, ...] = ()

    @cached_property
    def component(self) -> TownComponent:
        """The town as a component of an account's name, where no brackets may stand."""
        name = "".join(sign for sign in self.name if sign.isalnum() or sign == "-")
        return TownComponent(f"{self.code}{name}")

    @cached_property
    def kind(self) -> str:
        """街道, 镇 or 乡; empty where the name has none that may be left out."""
        kind = next(filter(self.name.endswith, KINDS), "")
        return kind if len(self.name) - len(kind) >= SHORTEST_NAME else ""

    @cached_property
    def short_name(self) -> str:
        """The name without its kind."""
        return self.name.removesuffix(self.kind)

    def is_called(self, text: str) -> bool:
        """Whether a text is its code or name, present or former, with or without its kind."""
        former = {word for one in self.former for word in one if word}
        return text in {self.code, self.name, self.component, self.short_name} | former
