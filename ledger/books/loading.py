"""Loading the books from their texts, as they were read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core import data
from beancount.parser.options import OPTIONS_DEFAULTS

from ledger.controls import known_directives as known
from ledger.controls.books_text import BooksNotPlain
from ledger.controls.books_text import Texts
from ledger.controls.books_text import read_texts
from ledger.controls.books_text import while_loaded

if TYPE_CHECKING:
    from fava.beans.types import LoaderResult


class Loaded(NamedTuple):
    """What Beancount's own loader returns."""

    entries: list[data.Directive]
    errors: list[Any]
    options: dict[str, Any]


def load_directives(main: Path) -> Loaded:
    """The books as Beancount would load them. Raises BooksNotPlain when it must not.

    There is no cache (a pickle beside the books), no search path, no recursion, no decryption.
    """
    texts = read_texts(main)
    if texts.faults:  # guard: refused-books-not-loaded
        raise BooksNotPlain(texts.faults, texts.folder)
    return _load(texts)


def load_for_fava(beancount_file_path: str, *, is_encrypted: bool) -> LoaderResult:
    """In place of ``fava.core.load_uncached``: what is refused are the ledger's errors.

    What only earlier versions of ours had Fava do is not there for Fava.
    """
    assert not is_encrypted
    texts = read_texts(Path(beancount_file_path))
    if texts.faults:
        options = {**OPTIONS_DEFAULTS, "filename": beancount_file_path, "pythonpath": []}
        options |= {
            "operating_currency": ["CNY"],
            "include": sorted({beancount_file_path, *texts.contents}),
        }
        return [], list(texts.faults), options  # type: ignore[arg-type, return-value]
    entries, errors, loaded = _load(texts)
    kept = [entry for entry in entries if not is_of_earlier_version(entry)]
    return kept, errors, loaded  # type: ignore[return-value]


def is_of_earlier_version(entry: data.Directive) -> bool:
    """Whether a directive of main.beancount only says what earlier versions had Fava do."""
    return isinstance(entry, data.Custom) and known.is_of_earlier_version(
        entry.type, [item.value for item in entry.values], in_main=True
    )


def _load(texts: Texts) -> Loaded:
    """What Beancount's loader does with what it has parsed."""
    from beancount import loader
    from beancount.ops import validation
    from beancount.parser import booking

    entries = sorted(texts.entries, key=data.entry_sortkey)
    main, *others = texts.options
    main["include"] = sorted(texts.contents)
    options = loader.aggregate_options_map(main, others)
    entries, booking_errors = booking.book(entries, options)  # type: ignore[no-untyped-call]
    with while_loaded(texts):
        entries, errors = loader.run_transformations(
            entries, [*texts.errors, *booking_errors], options, None
        )
    errors += validation.validate(entries, options)  # type: ignore[no-untyped-call]
    options["input_hash"] = loader.compute_input_hash(options["include"])  # type: ignore[no-untyped-call]
    return Loaded(entries, errors, options)
