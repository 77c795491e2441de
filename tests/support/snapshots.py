"""Books as they were kept, beside the same books as they are loaded whole."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books import snapshot as snapshots
from ledger.books.books import Books
from ledger.books.kept_ledger import KeptLedger
from ledger.books.snapshot import Snapshots
from ledger.books.snapshot import load_kept
from ledger.budget.ceilings import Change
from ledger.budget.ceilings import Flows
from ledger.events.read_ledger import ReadLedger
from ledger.keys.default_operator import read_default_operator
from ledger.keys.places import default_operator_path
from ledger.keys.places import snapshot_path
from ledger.model.history import SUBSIDY_TAG
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.history import entries_of
from ledger.model.history import payee_links
from ledger.model.ids import NO_STAGE
from ledger.model.operators import FIRST_OPERATOR
from tests.support.acting import actor_of
from tests.support.office import Office

OF_THE_LEDGER = ("rules", "opened", "entered", "newest", "newest_to_cut", "printed_outside")


def keep(office: Office) -> None:
    """What the books of an office have come to, signed by whoever works there: where these are
    sound books.
    """
    with suppress(Refusal):
        operator = read_default_operator(default_operator_path(office.key)) or FIRST_OPERATOR
        signer = actor_of(office.folder, office.key, operator).signer
        kept = Snapshots(office.folder, snapshot_path(office.key), signer)
        kept.load()
        kept.keep()


def forget(office: Office) -> None:
    """Nothing was ever kept of the books."""
    for path in snapshots_of(office):
        if path.is_symlink() or not path.is_dir():  # A folder in its place keeps nothing.
            path.unlink()


def loads_counted(patched: pytest.MonkeyPatch) -> list[str]:
    """A line for each time that a command loads the books whole."""
    seen: list[str] = []

    def counted(of: Callable[..., object]) -> Callable[..., object]:
        def load(*arguments: object) -> object:
            seen.append("whole")
            return of(*arguments)

        return load

    for name in ("load_books", "load_with_texts"):
        patched.setattr(snapshots, name, counted(getattr(snapshots, name)))
    return seen


def plant(office: Office, other: Books, day: datetime.date | None = None) -> None:
    """Beside the keys lies what other books are, as if these were so, or were so on a day."""
    path = snapshot_path(office.key)
    forged = Snapshots(office.folder, path)
    forged.load()
    assert forged.bound is not None
    place = path if day is None else path.with_name(f"{path.name}-day")
    place.unlink(missing_ok=True)
    assert forged.write(place, replace(forged.bound, day=day), other.ledger) is not None


def snapshots_of(office: Office) -> list[Path]:
    """What was kept of the books, and beside it of an earlier day, each with its entries."""
    return [path for path in office.key.parent.iterdir() if is_snapshot(path)]


def is_snapshot(path: Path) -> bool:
    return ".snapshot" in path.name


def require_kept_as_loaded(books: Books, snapshot: Path) -> Books:
    """What was kept answers what the whole books answer: now, as it was just written, and again as
    it is read. Books with errors are not kept.
    """
    written, read = load_kept(books.folder, snapshot), load_kept(books.folder, snapshot)
    for kept in (written, read):
        if books.errors:
            assert not isinstance(kept.ledger, KeptLedger)
        else:
            assert isinstance(kept.ledger, KeptLedger)
            assert said_of(kept) == said_of(books)
    return read


def require_day_kept_as_loaded(books: Books, snapshot: Path, day: datetime.date) -> None:
    """The same of an earlier day, of books that are kept: loaded, as that is written, and read."""
    expected = books.as_of(day)
    for kind in (ReadLedger, KeptLedger):
        kept = load_kept(books.folder, snapshot).as_of(day)
        assert isinstance(kept.ledger, kind)
        assert said_of(kept) == said_of(expected)
        assert [entry.date for entry in kept.entries] == [entry.date for entry in expected.entries]


def said_of(books: Books) -> dict[str, Any]:
    """Everything that commands read of a ledger, entries of Beancount's and ours alike."""
    ledger = books.ledger
    return {
        **{name: _plain(getattr(ledger, name)) for name in OF_THE_LEDGER},
        "marked": list(books.marked),
        "components": books.components,
        "history": _history(books.history),
        "flows": _flows(books.flows),
        "ceilings": books.ceilings(ledger.newest),
    }


def _plain(value: Any) -> Any:
    return list(map(tuple, value)) if isinstance(value, list) else value


def _history(history: History) -> dict[str, Any]:
    others = set(History.__struct_fields__) - {"events", "batches", "lines", "closed"}
    return {
        **{name: getattr(history, name) for name in others},
        "events": [_event(event) for event in history.events],
        "batches": {
            name: {
                # Who was paid for other work counts where all is checked, and there alone.
                field: _directive(getattr(batch, field))
                for field in batch.__struct_fields__
                if field != "unlisted"
            }
            for name, batch in history.batches.items()
        },
        "orders": [list(batch.amounts_fen) for batch in history.batches.values()],
        "lines": {name: list(map(_directive, line)) for name, line in history.lines.items()},
        "closed": [_fields(closing) for closing in history.closed],
        "of stages": (dict(history.standings[NO_STAGE]), dict(history.releases[NO_STAGE])),
    }


def _event(event: Event) -> dict[str, Any]:
    some = [event.entries[place] for place in {0, len(event.entries) // 2} if event.entries]
    people = {payee for entry in some for payee in sorted(payee_links(entry))[:3]}
    return {
        **_fields(event),
        "entries": list(map(_directive, event.entries)),
        "of people": {payee: list(map(_directive, entries_of(event, payee))) for payee in people},
    }


def _fields(record: Record) -> dict[str, Any]:
    names = set(record.__struct_fields__) - {"entries"}
    return {name: _directive(getattr(record, name)) for name in names}


def _flows(flows: Flows) -> dict[str, Any]:
    """What moves on each day by each file; of other entries than people's also every change."""
    said: dict[str, Any] = {"owed": flows.owed_fen, "held": flows.held_fen}
    for name in ("budget", "spent", "undrawn", "received", "payable"):
        for key, changes in getattr(flows, name).items():
            said[f"{name} {key}"] = _changes(changes)
    for name in ("bank", "transit", "suspense", "tax"):
        said[name] = _changes(getattr(flows, name))
    return said


def _changes(changes: list[Change]) -> tuple[Counter[Any], list[Any], list[Any]]:
    sums: Counter[Any] = Counter()
    for date, amount_fen, entry in changes:
        sums[date, entry and entry.meta["filename"]] += amount_fen
    others = [
        (date, amount_fen, _directive(entry))
        for date, amount_fen, entry in changes
        if entry is None or SUBSIDY_TAG not in entry.tags
    ]
    before = [
        (date, amount_fen)
        for date, amount_fen, entry in changes
        if entry is not None and entry.meta["filename"].endswith("-paid-before.beancount")
    ]
    return sums, others, before


def _directive(value: Any) -> Any:
    """A directive as plain values; anything else as it is."""
    if hasattr(value, "postings"):
        return (
            _meta(value.meta), value.date, value.flag, value.payee, value.narration,
            set(value.tags), set(value.links), list(map(_posting, value.postings)),
        )  # fmt: skip
    if hasattr(value, "meta"):
        return _meta(value.meta), value.date, value.type
    return value


def _posting(posting: Any) -> Any:
    units = posting.units
    amount = None if units is None else (units.number, units.currency)
    below = _meta(posting.meta or {})
    below.pop("lineno", None)
    return posting.account, amount, below


def _meta(meta: dict[str, Any]) -> dict[str, Any]:
    """Where a posting stands is where its entry does."""
    return {
        key: str(value) if type(value).__name__.endswith("Amount") else value
        for key, value in meta.items()
        if not key.startswith("__") and (key != "filename" or "signature" in meta)
    }
