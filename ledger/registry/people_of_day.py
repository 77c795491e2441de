"""Who was registered on a day, and the records of that day.

Where people stand, and in which town, is asked of everybody, and needs a few columns. A record is
read of whom somebody asks for.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from functools import cached_property
from functools import partial
from operator import attrgetter
from typing import Any
from typing import NamedTuple

from ledger.base.records import replace
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.payees import Payee
from ledger.model.payees import serial_of
from ledger.registry.change_log import ADDED
from ledger.registry.change_log import DISTINCT
from ledger.registry.change_log import WITHDRAWN
from ledger.registry.change_log import YES
from ledger.registry.registry_file import RegistryFile

COLUMNS = Payee.__struct_fields__[:-1]
RECORDS = f"select {', '.join(COLUMNS)} from payees"
# As ``Payee.place`` has it.
PLACE = "iif(block <> '', block, area)"
_THESE = "serial in (select value from json_each(?))"
# As ``payee_id`` writes an id.
_REGISTERED = f"""
    select printf('P%06d', serial), town, active, {PLACE}
        from payees where active <> {int(WITHDRAWN)} order by serial
"""
_CHANGES = "select entry, serial, field, old, day from changes order by id desc"


class Registered(NamedTuple):
    """Somebody who is registered. ``place`` is her block, or else her area, empty for none."""

    payee_id: PayeeId
    town: TownCode
    active: bool
    place: str

    @property
    def serial(self) -> int:
        return serial_of(self.payee_id)


# As ``_make``, without a call of Python's for each of a hundred thousand people.
_registered = partial(tuple.__new__, Registered)


class PeopleOfDay:
    """Everyone who was registered on a day. Who was withdrawn by then was not.

    ``prepared`` is the number of the last event that prepared a batch by then, below zero for
    none: a batch was made from the registry as it stood, whatever days its changes were given.
    """

    def __init__(self, file: RegistryFile, day: datetime.date, prepared: int) -> None:
        self._file = file
        # Who came later, and what others were before they were changed later.
        self._strangers: set[int] = set()
        self._before: dict[int, dict[str, str | bool]] = {}
        self._find_later(day.isoformat(), prepared)

    @cached_property
    def everyone(self) -> list[Registered]:
        """By serial."""
        now = list(map(_registered, self._file.stream(_REGISTERED)))
        if not (self._strangers or self._before):
            return now
        not_so = self._strangers | self._before.keys()
        then = [one for one in now if one.serial not in not_so]
        then += [
            Registered(one.payee_id, one.town, one.active, one.place)
            for one in self.records_of(self._before)
        ]
        return sorted(then, key=attrgetter("serial"))

    def registered_later(self) -> int:
        """How many are registered by now and were not on the day."""
        if not (self._strangers or self._before):
            return 0
        query = f"select serial from payees where active <> {int(WITHDRAWN)}"
        now = {serial for (serial,) in self._file.read(query)}
        return len(now - {one.serial for one in self.everyone})

    def records(self) -> list[Payee]:
        """Of everyone, by serial."""
        return self._of_day(self._file.read(f"{RECORDS} order by serial"))

    def records_of(self, serials: Collection[int]) -> list[Payee]:
        """Of those of them who were registered, by serial."""
        these = json.dumps(list(serials))
        return self._of_day(self._file.read(f"{RECORDS} where {_THESE} order by serial", (these,)))

    def _of_day(self, rows: list[Any]) -> list[Payee]:
        strangers, before = self._strangers, self._before
        payees = [
            replace(payee, **before[payee.serial]) if payee.serial in before else payee  # type: ignore[arg-type]
            for payee in map(payee_of, rows)
            if payee.serial not in strangers
        ]
        return [payee for payee in payees if not payee.withdrawn]

    def _find_later(self, day: str, prepared: int) -> None:
        """Read the log back to the first entry after the batch: nothing before it came later."""
        query = "select number from log_entries where known_event >= ?"
        later = {number for (number,) in self._file.read(query, (prepared,))}
        first = min(later, default=0)
        settled = set()
        for entry, serial, field, old, of_day in self._file.stream(_CHANGES) if later else ():
            if entry < first:
                break
            if serial is None or field == DISTINCT:
                continue
            is_later = of_day > day and entry in later
            if field == ADDED:
                if is_later:
                    self._strangers.add(serial)
            elif not is_later:
                settled.add((serial, field))
            elif (serial, field) not in settled:
                before = self._before.setdefault(serial, {})
                if field == "active":
                    before |= {"active": old == YES, "withdrawn": old == WITHDRAWN}
                else:
                    before[field] = old


def payee_of(row: tuple[Any, ...]) -> Payee:
    """The record in a row of the registry's columns."""
    active = str(int(row[-1]))
    values = [*row[:-1], active == YES, active == WITHDRAWN]
    return Payee(*values)
