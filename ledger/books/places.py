"""What may stand where in the books' folder, and what stands there instead.

The folder may come from somebody else, and a link or a pipe in it may lead anywhere. What is not
exactly ours is reported, and never followed, opened or removed. What people keep beside it in
folders of their own, in ``journal``, ``statements`` and ``reports`` is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import HELD
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import STAGING
from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import children
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import tree
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.events.event_file import KINDS

# A folder under the stage that only ``init`` makes: first of all, and removed last of all.
MARK = "new-books"
FILES = frozenset(
    {
        "main.beancount", "accounts.beancount", "rules.beancount", "census-ledger.toml",
        PROGRAMME_FILE, HEAD_FILE,
        "registry.db", "registry.db-journal", "registry.db-wal", "registry.db-shm", ".lock",
    }
)  # fmt: skip
FOLDERS = frozenset({EVENTS_FOLDER, PAYOUTS, "journal", "reports", "statements", STAGING})
BATCH_NAME = re.compile(r"B[0-9]{4}-[0-9]{3,}")
EVENT_NAME = re.compile(
    rf"(?P<seq>[0-9]{{6,}})-(?P<kind>{'|'.join(sorted(KINDS))})"
    rf"(?:-(?P<batch>{BATCH_NAME.pattern}))?\.beancount"
)


class Found(NamedTuple):
    """Something in the books' folder: its name relative to it, with slashes."""

    name: str
    kind: Kind


class Stray(Record):
    """Something that does not belong where it stands. ``hinders``: nothing is written beside it."""

    name: str
    message: str
    hinders: bool


class OutOfPlace(Refusal):
    """Something stands where the tool would write or remove, and is not the tool's."""

    def __init__(self, stray: Stray) -> None:
        super().__init__(
            _("{file}: {problem}. Nothing was changed").format(
                file=stray.name, problem=stray.message
            )
        )


def require_in_place(books: Path) -> None:
    """Raises OutOfPlace when what is written or removed could be something else than ours."""
    for stray in strays(listing(books)):
        if stray.hinders:
            raise OutOfPlace(stray)


def listing(books: Path) -> Iterator[Found]:
    """What stands in the books. What hides itself (a history of versions) is not looked into."""
    for path, kind in children(books):
        if not path.name.startswith(".") or path.name in FILES | FOLDERS:
            yield Found(path.name, kind)
            if kind is Kind.FOLDER:
                yield from listing_of(books, path)


def listing_of(books: Path, folder: Path) -> Iterator[Found]:
    """What stands below a folder of the books."""
    for path, kind in tree(folder):
        yield Found(path.relative_to(books).as_posix(), kind)


def strays(found: Iterable[Found]) -> Iterator[Stray]:
    """What does not belong where it stands. Pure."""
    for name, kind in found:
        message = _out_of_place(name.split("/"), kind)
        if message is not None:
            yield Stray(name, message, _hinders(name, kind))


def _hinders(name: str, kind: Kind) -> bool:
    top, *rest = name.split("/")
    if top == STAGING or name == HELD or (not rest and top in FILES | FOLDERS):
        return True
    return kind in (Kind.LINK, Kind.SPECIAL) and top in (EVENTS_FOLDER, PAYOUTS, "journal")


def _out_of_place(parts: list[str], kind: Kind) -> str | None:
    top, *rest = parts
    if kind in (Kind.LINK, Kind.SPECIAL):
        return not_plain(kind)
    if not rest:
        due = Kind.FILE if top in FILES else Kind.FOLDER if top in FOLDERS else kind
        return None if kind is due else not_plain(kind)
    if top == EVENTS_FOLDER:
        return None if may_be_event(rest, kind) else _("no event has this name: move it away")
    if "/".join(parts) == HELD:
        return None if kind is Kind.FOLDER else not_plain(kind)
    if "/".join(parts[:-1]) in (PAYOUTS, HELD) and not is_litter(parts[-1]):
        is_batch = kind is Kind.FOLDER and BATCH_NAME.fullmatch(parts[-1])
        return None if is_batch else _("no batch has this name: move it away")
    if top == STAGING and not may_be_staged(rest, kind):
        return _("the tool has not put this here, and does not remove it: move it away")
    return None


def may_be_event(parts: list[str], kind: Kind) -> bool:
    """Whether something in ``events`` is named as an event, or what a desktop leaves.

    Every other file that is loaded as one is told by the chain.
    """
    (name, *below) = parts
    is_loaded = name.endswith(".beancount") and not name.startswith(".")
    return kind is Kind.FILE and not below and (is_loaded or is_litter(name))


def may_be_staged(parts: list[str], kind: Kind) -> bool:
    """Whether a command may have put it under the stage."""
    match parts:
        case [name] if EVENT_NAME.fullmatch(name):
            return kind is Kind.FILE
        case [("payouts" | "new-books")]:
            return kind is Kind.FOLDER
        case ["payouts", batch, *below] if BATCH_NAME.fullmatch(batch):
            return kind is (Kind.FILE if below else Kind.FOLDER) and len(below) < 2
    return False
