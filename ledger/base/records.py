"""Records: values by the names of their fields, nearly all of them frozen."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from typing import Any
from typing import ClassVar
from typing import dataclass_transform

from msgspec import Struct
from msgspec import field
from msgspec import to_builtins

if TYPE_CHECKING:
    # Of this one mypy knows which fields there are to replace, and of which types.
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["Mutable", "Record", "asdict", "field", "replace"]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record(Struct, frozen=True):
    """A frozen value, equal to another of its class whose fields are equal.

    Its class is made in a fiftieth of the time that a frozen dataclass takes, which a command
    pays for each that it loads. ``unshown`` are the fields that ``repr`` leaves out: much, or
    nobody's business. One with a ``cached_property`` is made with ``dict=True``.
    """

    unshown: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        names = [name for name in self.__struct_fields__ if name not in self.unshown]
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({shown})"


class Mutable(Struct):
    """A value that is filled bit by bit while something is read; its class is made as soon."""


def asdict(record: Record) -> dict[str, Any]:
    """Its fields by their names, and those of records in it likewise."""
    fields: dict[str, Any] = to_builtins(record, builtin_types=(datetime.date,))
    return fields
