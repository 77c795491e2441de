"""The books as a server holds them, with the SHA-256 of every file that they were read from.

Once something on the disk looks different, the files are read again. Where each of them is byte for
byte as it was, and all that is new are events that go on from the newest, these alone are folded
onto what is held, and judged as whole books are when they are loaded. In any doubt the books are
loaded whole.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from copy import deepcopy
from itertools import chain
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.loader import compute_input_hash

from ledger.base.books_folder import BANK_PROFILES
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.collector import collector_off
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.plain_files import Kind
from ledger.base.plain_files import read_plain
from ledger.base.plain_files import way_to
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.books.booking import book
from ledger.books.books import Books
from ledger.books.files_of_books import BESIDE
from ledger.books.files_of_books import by_their_names
from ledger.books.files_of_books import names_of_files
from ledger.books.folding import problems_of_beancount
from ledger.books.loading import Loaded
from ledger.books.loading import load_for_browser
from ledger.controls.books_text import read_more
from ledger.controls.invariants import check_files
from ledger.controls.invariants import check_read
from ledger.controls.known_directives import EVENT
from ledger.controls.known_directives import PLUGIN
from ledger.events.event_entries import is_in_events
from ledger.events.event_file import read_event_file
from ledger.events.read_ledger import ReadLedger
from ledger.model.findings import without_facts

_PROFILES = f"{BANK_PROFILES}/"
# What says how the books are answered for, and is no part of what was loaded.
_ANSWERED_FOR = (SETTINGS_FILE, _PROFILES)
Contents = Mapping[str, bytes]


class Held(Record):
    """What was loaded, and the digests of the files of which it is, by their names.

    ``patterns`` are what main.beancount includes, ``papers`` what stood on the way to
    those that are named. There are no digests where the files were changed
    while they were read, or are not of these books: what is held so is never gone on from.
    """

    loaded: Loaded
    patterns: tuple[str, ...]
    papers: Mapping[str, Sequence[Kind | None]]
    files: Mapping[str, Digest]

    @property
    def is_sound(self) -> bool:
        """Whether an event may be folded on: there is nothing wrong but for facts."""
        plugins = [name for name, _configuration in self.loaded.options["plugin"]]
        # guard: events-come-last
        if self.patterns[-1:] != (f"{EVENTS_FOLDER}/*.beancount",):
            return False
        return bool(self.files) and PLUGIN in plugins and not without_facts(self.loaded.errors)


def load_held(root: Path) -> Held:
    """The books in a folder, loaded whole."""
    held = _loaded(root)
    # A command may just have written.
    return held if held.files or not held.patterns else _loaded(root)


def _loaded(root: Path) -> Held:
    try:
        before = dict(_contents(root, [*BESIDE, *_profiles(root)]))
    except OSError:
        before = {}
    with collector_off():
        loaded = load_for_browser(root / MAIN_FILE)
    texts = loaded.texts
    if texts is None:
        return Held(loaded, (), {}, {})
    read = by_their_names(root, texts.contents)
    named = (entry for entry in loaded.ledger.entries if isinstance(entry, data.Document))
    papers = {entry.filename: way_to(root, Path(entry.filename)) for entry in named}
    files = _digests({**read, **before})
    held = Held(loaded._replace(texts=None), tuple(texts.patterns), papers, files)
    # guard: held-as-read
    if _digests_on_the_disk(root, held.patterns) != held.files:
        held = replace(held, files={})
    return held


def brought_to_date(held: Held, root: Path, written: Books | None = None) -> Held:
    """The books as they are on the disk now. ``written`` are those that a command of ours has just
    gone on to, if it has.
    """
    with collector_off():
        return _gone_on(held, root, written) or load_held(root)


def _gone_on(held: Held, root: Path, written: Books | None) -> Held | None:
    """The same from what is held; None in doubt."""
    try:
        # guard: papers-of-held-books
        if any(way_to(root, Path(name)) != was for name, was in held.papers.items()):
            return None
        contents = _read(root, held.patterns)
    except OSError:
        return None
    files = _digests(contents)
    names = files.keys() | held.files.keys()
    changed = {name for name in names if files.get(name) != held.files.get(name)}
    changed = {name for name in changed if not name.startswith(_ANSWERED_FOR)}
    if not changed:
        return replace(held, files=files) if held.files else None
    new = sorted(changed - {HEAD_FILE})
    # guard: only-events-are-new
    if not held.is_sound or any(n in held.files or not is_in_events(n) for n in new):
        return None
    loaded = _with_events(held, root, {name: contents[name] for name in new}, written)
    if loaded is None:
        return None
    by_path = {str(root / name): content for name, content in contents.items()}
    # guard: chain-of-held-books
    if check_files(root, loaded.ledger, by_path):
        return None
    return replace(held, loaded=loaded, files=files)


def _with_events(held: Held, root: Path, new: Contents, written: Books | None) -> Loaded | None:
    """What is loaded, with the events of new files; None where that is not all, or not sound."""
    if not new:
        return held.loaded
    found = _as_written(held, root, new, written) or _as_read(held, root, new)
    if found is None:
        return None
    if without_facts(found.errors):  # guard: held-books-sound
        return None
    known = {*held.loaded.options["include"], *(str(root / name) for name in new)}
    options = {**held.loaded.options, "include": sorted(known)}
    options["input_hash"] = compute_input_hash(options["include"])  # type: ignore[no-untyped-call]
    options["dcontext"] = _seen_in(held, found.ledger)
    return found._replace(options=options)


def _as_written(held: Held, root: Path, new: Contents, written: Books | None) -> Loaded | None:
    """By the books that a command has gone on to, if they are these with just these events: it has
    judged them before it wrote.
    """
    if written is None or not isinstance(written.ledger, ReadLedger):
        return None
    ledger = written.ledger
    more = _added(held.loaded.ledger, ledger)
    headers = {one.meta["filename"]: one for one in more if isinstance(one, data.Custom)}
    files = [read_event_file(root / name, content) for name, content in new.items()]
    paths = {str(file.path) for file in files}
    # guard: written-onto-what-is-held
    if len(ledger.entries) - len(more) != len(held.loaded.ledger.entries):
        return None
    # guard: nothing-written-but-these
    if headers.keys() != paths or any(one.meta["filename"] not in paths for one in more):
        return None
    for file in files:
        meta = headers[str(file.path)].meta
        # guard: written-as-it-is-on-the-disk
        if (meta.get("previous"), meta.get("signature")) != (file.previous, file.signature):
            return None
    return held.loaded._replace(ledger=ledger, errors=written.errors)


def _as_read(held: Held, root: Path, new: Contents) -> Loaded | None:
    """By reading the events' files, as they are read when everything is."""
    before = held.loaded.ledger
    options = held.loaded.options
    texts = read_more(root, {str(root / name): content for name, content in new.items()})
    more, faults = book(sorted(texts.entries, key=data.entry_sortkey), options)
    # guard: new-events-without-faults
    if texts.faults or texts.errors or faults or not all(map(_is_of_an_event, more)):
        return None
    whole = sorted([*before.entries, *more], key=data.entry_sortkey)
    ledger = ReadLedger(whole, folded=before.fold.followed_by(more))
    errors: list[Any] = check_read(ledger)
    errors += problems_of_beancount(more, whole, whole, options)
    return held.loaded._replace(ledger=ledger, errors=errors)


def _is_of_an_event(entry: data.Directive) -> bool:
    if isinstance(entry, data.Custom):
        return bool(entry.type == EVENT)
    return isinstance(entry, data.Transaction)


def _added(before: ReadLedger, after: ReadLedger) -> list[data.Directive]:
    known = set(map(id, before.entries))
    return [entry for entry in after.entries if id(entry) not in known]


def _seen_in(held: Held, after: ReadLedger) -> Any:
    """How precisely amounts are written, with those of the entries that were added."""
    context = deepcopy(held.loaded.options["dcontext"])
    for amount in chain.from_iterable(map(_amounts, _added(held.loaded.ledger, after))):
        context.update(amount.number, amount.currency)
    return context


def _amounts(entry: Any) -> Iterator[Amount]:
    if isinstance(entry, data.Custom):
        yield from (each.value for each in entry.values if isinstance(each.value, Amount))
    else:
        yield from (posting.units for posting in entry.postings)


def _profiles(root: Path) -> list[str]:
    """The bank profiles of the books, which are of the settings."""
    return [f"{_PROFILES}{path.name}" for path in sorted((root / BANK_PROFILES).glob("*.toml"))]


def is_profile(name: str) -> bool:
    """Whether a file is one of these. What the books have come to follows from none of them."""
    return name.startswith(_PROFILES)


def _read(root: Path, patterns: Collection[str]) -> dict[str, bytes]:
    """Every file of the books, as it is now. Raises OSError."""
    return dict(_contents(root, [*names_of_files(root, patterns), *_profiles(root)]))


def _digests_on_the_disk(root: Path, patterns: Collection[str]) -> dict[str, Digest] | None:
    try:
        return _digests(_read(root, patterns))
    except OSError:
        return None


def _contents(root: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        yield name, read_plain(root / name)


def _digests(contents: Contents) -> dict[str, Digest]:
    return {name: digest(content) for name, content in contents.items()}
