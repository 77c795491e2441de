"""A roster that was a mistake is taken back: the registry is as if it had not come.

Who came by it and is in no batch is withdrawn, and her record waits for the corrected roster. What
it has changed is put back to what the rest of the log says. What something was built upon stays,
and is listed; so does somebody about whom a person has decided since: that she has left, or how her
bank spells her.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.figures.imports import ImportState
from ledger.figures.imports import TakenFile
from ledger.model.history import History
from ledger.model.ids import ImportId
from ledger.model.ids import PayeeId
from ledger.model.months import require_open
from ledger.model.payees import Payee
from ledger.model.payees import payee_id
from ledger.model.payees import same_account
from ledger.model.transitions import State
from ledger.registry.change_log import ADDED
from ledger.registry.change_log import WITHDRAWN
from ledger.registry.change_log import HeldChange
from ledger.registry.change_log import Source
from ledger.registry.change_log import active_text
from ledger.registry.change_log import record_of_text
from ledger.registry.imports import TAKING_BACK
from ledger.registry.imports import RosterImport
from ledger.registry.registry import Registry
from ledger.services.payee_records import kept_reason
from ledger.services.unit_of_work import Work


class ImportTakenBack(Refusal):
    """What came by the file counts no more already."""

    def __init__(self, name: ImportId) -> None:
        super().__init__(_("{id} was taken back already").format(id=name), id=name)


class ImportIsEvent(Refusal):
    """The file is in the books as an event, which is reversed."""

    def __init__(self, taken: TakenFile) -> None:
        message = _("{id} is in the books as event {event}, and is taken back by reversing that")
        super().__init__(
            message.format(id=taken.id, event=taken.event), id=taken.id, event=taken.event
        )


class BeforeTheImport(Refusal):
    """A day before that of the import."""

    def __init__(self, taken: RosterImport, on: datetime.date) -> None:
        message = _("{day} is before {import_day}, the day of {id}")
        super().__init__(
            message.format(day=on, import_day=taken.day, id=taken.id),
            day=on.isoformat(),
            import_day=taken.day.isoformat(),
            id=taken.id,
        )


class PutBack(NamedTuple):
    """A field that a roster has changed, with its value now and the one that it gets again."""

    payee: Payee
    field: str
    old: str
    new: str


class Kept(NamedTuple):
    """What stays, and why: ``in_batch`` (a whole person), ``changed_since`` (a field, or a whole
    person, then without a field) or ``taken`` (the number is somebody else's by now).
    """

    payee: PayeeId
    field: str
    why: str


class TakingBack(Record):
    """What taking a roster back does. ``held`` are the changes that are held no more, ``reopened``
    those that it had closed, and that wait again.
    """

    taken: RosterImport
    withdrawn: tuple[Payee, ...]
    put_back: tuple[PutBack, ...]
    held: tuple[HeldChange, ...]
    reopened: tuple[HeldChange, ...]
    kept: tuple[Kept, ...]


def roster_to_take_back(taken: TakenFile) -> RosterImport:
    """The roster, if it is one and stands. Raises ImportTakenBack or ImportIsEvent."""
    if taken.state is ImportState.TAKEN_BACK:
        raise ImportTakenBack(taken.id)
    if taken.roster is None:
        raise ImportIsEvent(taken)
    return taken.roster


def judge(registry: Registry, history: History, taken: RosterImport) -> TakingBack:
    """What taking a roster back would do."""
    brought = _Brought(registry, taken)
    payees = {payee.serial: payee for payee in registry.payees()}
    came = [payees[serial] for serial in sorted(brought.people & payees.keys())]
    decided = brought.decided_since()
    staying_for = {payee.serial: _why_kept(payee, history, decided) for payee in came}
    withdrawn = tuple(payee for payee in came if not staying_for[payee.serial])
    gone = {payee.serial for payee in withdrawn}
    kept = [Kept(payee_id(serial), "", why) for serial, why in staying_for.items() if why]
    put_back = []
    for (serial, field), value in brought.values_before().items():
        if serial in brought.people or serial not in payees:
            continue
        now = getattr(payees[serial], field)
        if value is None:  # guard: changed-since-stays
            kept.append(Kept(payee_id(serial), field, "changed_since"))
        elif value != now:
            put_back.append(PutBack(payees[serial], field, now, value))
    others = [payee for payee in payees.values() if payee.serial not in gone]
    for change in list(_of_others(others, put_back)):  # guard: put-back-its-own-number
        put_back.remove(change)
        kept.append(Kept(change.payee.payee_id, change.field, "taken"))
    held = [
        one
        for one in registry.held.open()
        if one.serial in gone or taken.brought(one.source.sha256, one.entry)
    ]
    staying = {payee.serial: payee for payee in others}
    reopened = _waiting_again(registry, taken, staying, put_back, held)
    return TakingBack(
        taken, withdrawn, tuple(put_back), tuple(held), tuple(reopened), tuple(kept)
    )  # fmt: skip


def take_back(
    work: Work, judged: TakingBack, reason: str, on: datetime.date, *, dry_run: bool
) -> None:
    """Do what was judged, as one entry of the log.

    Raises ReasonMissing, DateAhead, BeforeTheImport or MonthClosed, and, where it is no dry run,
    MayNotChangeRecords.
    """
    reason = kept_reason(work, reason, on)
    if on < judged.taken.day:
        raise BeforeTheImport(judged.taken, on)
    require_open(work.books.history.closed, on)
    if dry_run:
        return
    stamp = work.acting.stamp()
    text = {
        "command": "imports take-back",
        "import": judged.taken.id,
        "payees": [payee.payee_id for payee in judged.withdrawn],
        "reason": reason,
        "by": stamp.by,
        "at": stamp.at,
    }
    content = json.dumps(text, ensure_ascii=False, sort_keys=True).encode("utf-8")
    with work.changing_records(stamp) as registry:
        source = Source(registry.keep_original("imports take-back", TAKING_BACK, content), "", 0)
        registry.imports.take_back(judged.taken, source, on=on, reason=reason)
        registry.held.withdraw(judged.held, reason)
        for payee in judged.withdrawn:
            change = {"active": (active_text(payee), WITHDRAWN)}
            registry.change(payee, change, source, on=on, reason=reason)
        for payee, field, old, new in judged.put_back:
            registry.change(payee, {field: (old, new)}, source, on=on, reason=reason)
        registry.held.open_again(judged.reopened)


def _why_kept(payee: Payee, history: History, decided: Collection[int]) -> str:
    """What was built upon somebody: a batch that is not void or a word about her money, or a
    decision about her record. Empty for nothing.
    """
    standings = history.standings_of(payee.payee_id).values()
    # guard: withdrawn-in-no-batch
    if any(one.state is not State.DUE or one.cancelled for one in standings):
        return "in_batch"
    if payee.serial in decided:  # guard: decided-since-stays
        return "changed_since"
    # guard: released-stays
    if any(payee.payee_id in released for released in history.releases.values()):
        return "changed_since"
    return ""


class _Brought:
    """What came by a roster, read from the log."""

    def __init__(self, registry: Registry, taken: RosterImport) -> None:
        self._registry = registry
        self._gone = [taken, *registry.imports.taken_back()]
        rows = registry.log.by(taken.sha256)
        own = [row for row in rows if taken.brought(row.source, row.entry)]
        self.people = {
            row.serial
            for row in own
            if row.field == ADDED or (row.field == "active" and row.old == WITHDRAWN)
        }
        self._last = {
            (row.serial, row.field): row.number for row in own if row.serial not in self.people
        }

    def decided_since(self) -> set[int]:
        """About whom of them somebody has decided something since they came.

        What a file changes is in the entry with which the file came: a change in another entry was
        typed, or confirmed. What was confirmed or declined of a file that was taken back is none.
        """
        came_with = {one.entry for one in self._registry.imports.all()}
        takings = self._registry.taking_backs()
        places = [
            (row.serial, row.source, row.entry)
            for row in self._registry.log.of_people(self.people)
            if row.entry not in came_with and row.source not in takings
        ]
        places += [
            (one.serial, one.source.sha256, one.entry)
            for one in self._registry.held.declined()
            if one.serial in self.people
        ]
        return {
            serial
            for serial, source, entry in places
            if not any(one.brought(source, entry) for one in self._gone)
        }

    def values_before(self) -> Mapping[tuple[int, str], str | None]:
        """Of every field that the roster has changed, what the rest of the log says it is; None
        where that has changed it since.
        """
        found: dict[tuple[int, str], str | None] = {}
        fields: dict[int, list[str]] = {}
        for serial, field in self._last:
            fields.setdefault(serial, []).append(field)
        takings = self._registry.taking_backs()
        for row in self._registry.log.of_people(fields):
            place = (row.serial, row.field)
            if row.field == ADDED:
                record = record_of_text(row.new)
                found |= {(row.serial, field): record[field] for field in fields[row.serial]}
            elif place not in self._last or row.source in takings:
                continue
            elif not any(one.brought(row.source, row.entry) for one in self._gone):
                is_later = row.number > self._last[place]
                found[place] = None if is_later else row.new
        return found


def _of_others(others: Sequence[Payee], put_back: Sequence[PutBack]) -> Iterator[PutBack]:
    """The numbers that would be two people's, if all of them were put back."""
    values: dict[int, dict[str, Any]] = {}
    for change in put_back:
        values.setdefault(change.payee.serial, {})[change.field] = change.new
    after = [replace(payee, **values.get(payee.serial, {})) for payee in others]
    for field in ("identity", "account"):
        same: Callable[[str], str] = same_account if field == "account" else str
        # An identity number is nobody else's now either: two of them do not change places.
        now = others if field == "identity" else ()
        bearers: dict[str, set[int]] = {}
        for payee in (*after, *now):
            bearers.setdefault(same(getattr(payee, field)), set()).add(payee.serial)
        for change in put_back:
            if change.field == field and bearers[same(change.new)] != {change.payee.serial}:
                yield change


def _waiting_again(
    registry: Registry,
    taken: RosterImport,
    payees: Mapping[int, Payee],
    put_back: Sequence[PutBack],
    held: Sequence[HeldChange],
) -> Iterator[HeldChange]:
    """The held changes of other files that this one has closed, or that putting back would close:
    they wait from the value that there is then.
    """
    after = {(one.payee.serial, one.field): one.new for one in put_back}
    gone = [taken, *registry.imports.taken_back()]
    going = {one.number for one in held}
    still_open = [one for one in registry.held.open() if one.number not in going]
    taken_places = {(one.serial, one.field) for one in still_open}
    under_way = [one for one in still_open if (one.serial, one.field) in after]
    closed = [
        one
        for one in registry.held.closed_in(taken.entry)
        if (one.serial, one.field) not in taken_places
        and not any(other.brought(one.source.sha256, one.entry) for other in gone)
    ]
    for one in (*under_way, *closed):
        if one.serial in payees:
            now = after.get((one.serial, one.field), getattr(payees[one.serial], one.field))
            if now != one.new:
                yield replace(one, old=now)
