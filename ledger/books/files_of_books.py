"""Every file that the books are read from, by its name below their folder."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.controls.included_files import included_names
from ledger.events.event_file import event_paths

# What is read beside the files that Beancount is given.
BESIDE = (HEAD_FILE, PROGRAMME_FILE, SETTINGS_FILE)
ALWAYS_THERE = (MAIN_FILE, *BESIDE)


def names_of_files(root: Path, patterns: Iterable[str]) -> list[str]:
    """The files that are there now, in the order in which they are read: main.beancount, what it
    includes by its ``patterns``, every event, and what is read beside these. Raises NotPlain.
    """
    included = chain.from_iterable(included_names(root, pattern) for pattern in patterns)
    events = (f"{EVENTS_FOLDER}/{path.name}" for path in event_paths(root))
    return list(dict.fromkeys([MAIN_FILE, *included, *events, *BESIDE]))


def by_their_names(root: Path, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """What was read from files of the books, of which the whole path is known."""
    return {Path(path).relative_to(root).as_posix(): text for path, text in contents.items()}
