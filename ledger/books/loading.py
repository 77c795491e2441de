"""Loading the books from their texts, as they were read."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from operator import is_
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data
from beancount.parser.options import OPTIONS_DEFAULTS

from ledger.controls.books_text import BooksNotPlain
from ledger.controls.books_text import Texts
from ledger.controls.books_text import read_texts
from ledger.controls.books_text import while_loaded
from ledger.events.read_ledger import ReadLedger
from ledger.model.programme import Programme
from ledger.plugin import ledgers_read


class Loaded(NamedTuple):
    """What Beancount's own loader returns, with what the plugin has read of it, and the files
    whose byte order mark was passed over; ``texts`` are what was loaded.
    """

    ledger: ReadLedger
    errors: Sequence[Any]
    options: Mapping[str, Any]
    marked: Sequence[str] = ()
    texts: Texts | None = None


def load_ledger(
    main: Path, programme: Programme, instead: Mapping[str, bytes] | None = None
) -> Loaded:
    """The books as Beancount would load them, with some files read as they would be ``instead``.
    Raises BooksNotPlain when it must not.

    There is no cache (a pickle beside the books), no search path, no recursion, no decryption.
    """
    texts = read_texts(main, instead)
    if texts.faults:  # guard: refused-books-not-loaded
        raise BooksNotPlain(texts.faults, texts.folder)
    texts.programme = programme
    return _load(texts)


def load_for_browser(main: Path) -> Loaded:
    """The same, but what is refused are the ledger's errors, and nothing else is in it."""
    texts = read_texts(main)
    if texts.faults:
        options = {**OPTIONS_DEFAULTS, "filename": str(main), "pythonpath": []}
        options |= {
            "operating_currency": ["CNY"],
            "include": sorted({str(main), *texts.contents}),
        }
        return Loaded(ReadLedger([]), texts.faults, options)
    return _load(texts)


class OutsideTexts(NamedTuple):
    """The files of the books that are no events, by their names as they are read, and what reads
    the directives in them.
    """

    contents: Mapping[str, bytes]
    entries: Callable[[], Sequence[data.Directive]]


def load_outside_events(main: Path) -> OutsideTexts:
    """What stands outside the events of sound books, as Beancount loads it."""
    texts = read_texts(main, without_events=True)
    return OutsideTexts(texts.contents, lambda: _booked(texts)[0])


def _booked(texts: Texts) -> tuple[list[data.Directive], list[Any], dict[str, Any]]:
    """The directives with nothing left out, what is wrong with them, and the options."""
    from beancount import loader

    from ledger.books.booking import book

    entries = sorted(texts.entries, key=data.entry_sortkey)
    main, *others = texts.options
    main["include"] = sorted(texts.contents)
    options = loader.aggregate_options_map(main, others)
    booked, errors = book(entries, options)
    return booked, errors, options


def _load(texts: Texts) -> Loaded:
    """What Beancount's loader does with what it has parsed."""
    from beancount import loader
    from beancount.ops import validation

    entries, booking_errors, options = _booked(texts)
    with while_loaded(texts), ledgers_read() as read:
        entries, errors = loader.run_transformations(
            entries, [*texts.errors, *booking_errors], options, None
        )
    errors += validation.validate(entries, options)  # type: ignore[no-untyped-call]
    options["input_hash"] = loader.compute_input_hash(options["include"])  # type: ignore[no-untyped-call]
    same = (ledger for ledger in read if is_of(ledger, entries))
    return Loaded(next(same, None) or ReadLedger(entries), errors, options, texts.marked, texts)


def is_of(ledger: ReadLedger, entries: Sequence[data.Directive]) -> bool:
    """Whether the very entries were read: another plugin may have put others in their place."""
    return len(ledger.entries) == len(entries) and all(map(is_, ledger.entries, entries))
