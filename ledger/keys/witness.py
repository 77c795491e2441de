"""The witness: what this machine has seen of some books, so that nobody turns back time unseen.

It lies beside the user's keys and holds digests alone. It guards against mistakes and copies, not
against the owner of the files.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Container
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import is_file
from ledger.base.plain_files import open_plain
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal

# Where the registry's log has no entry yet.
NOTHING_LOGGED = "0" * 64
_FORMAT = 1
# Bytes. A hundred thousand events would take half of it.
_LONGEST = 16 * 2**20
_DIGEST = re.compile("[0-9a-f]{64}")


class Witness(Record):
    """What was seen: ``books`` is the name of their key, ``path`` their folder.

    ``events`` are the SHA-256 of the event files, by number; ``log_head`` is the newest digest of
    the registry's log; ``backup_seq`` is the newest event that is in a backup.
    """

    books: str
    path: str
    events: tuple[str, ...]
    log_head: str = NOTHING_LOGGED
    backup_seq: int | None = None

    @property
    def seq(self) -> int:
        """The newest event."""
        return len(self.events) - 1


class WitnessDamaged(Refusal):
    """What this machine has seen of the books cannot be read any more."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} says what this machine has seen of these books, and is damaged: compare the"
            " newest batch in the books with the newest on paper, and then remove that file"
        )
        super().__init__(message.format(path=path))


class WitnessOfOthers(Refusal):
    """What this machine has seen beside this key is of other books."""

    def __init__(self, witness: Witness, books: str) -> None:
        message = _(
            "beside the key lies what was seen of the books {found}, and these are {books}: give"
            " each books a key of their own"
        )
        super().__init__(message.format(found=witness.books, books=books))


class BooksOlderThanWitness(Refusal):
    """Events that this machine has seen are not in the books any more."""

    def __init__(self, missing: Sequence[int]) -> None:
        first, last = missing[0], missing[-1]
        message = _(
            "these books are older than what this machine has seen: events {first} to {last} are"
            " missing; bring the newer books, or accept these with a reason"
        )
        super().__init__(message.format(first=first, last=last), missing=[*missing])


class RegistryOlderThanWitness(Refusal):
    """The registry's log lacks an entry that this machine has seen."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "the registry is older than what this machine has seen, or is another one: bring"
                " the newer one, or accept this one with a reason"
            )
        )


class AnotherHistory(Refusal):
    """An event is another one than this machine has seen."""

    def __init__(self, seq: int) -> None:
        message = _(
            "event {seq} is not the one that this machine has seen, nor is what follows it: these"
            " books are another copy, which went its own way; bring the right one, or accept this"
            " one with a reason"
        )
        super().__init__(message.format(seq=seq), seq=seq)


class SecondFolder(Refusal):
    """The books stand in two folders, and this is not the one that was written to."""

    def __init__(self, first: str) -> None:
        message = _(
            "these books were last written to in {first}, where they still stand: work there, or"
            " move that folder away"
        )
        super().__init__(message.format(first=first))


def judge(
    witness: Witness,
    books: str,
    events: Sequence[str],
    log: Container[str],
    lost: Container[tuple[int, str]] = (),
) -> Refusal | None:
    """Why books are not those that were seen, or are older; None where they have all of it.

    ``events`` are the digests of their event files by number, ``log`` has every digest of the
    registry's log; ``lost`` is what a manager has accepted to be missing of the events.
    """
    if others := judge_books(witness, books):
        return others
    seen = witness.events
    for seq, (is_now, was) in enumerate(zip(events, seen, strict=False)):
        # guard: same-history
        if is_now != was and (seq, was) not in lost:
            return AnotherHistory(seq)
    missing = [seq for seq in range(len(events), len(seen)) if (seq, seen[seq]) not in lost]
    if missing:  # guard: books-not-older
        return BooksOlderThanWitness(missing)
    # guard: registry-not-older
    if witness.log_head != NOTHING_LOGGED and witness.log_head not in log:
        return RegistryOlderThanWitness()
    return None


def judge_books(witness: Witness, books: str) -> WitnessOfOthers | None:
    """Why what was seen says nothing of these books."""
    # guard: witness-of-these-books
    if witness.books != books:
        return WitnessOfOthers(witness, books)
    return None


def judge_place(witness: Witness, books: str, folder: Path) -> SecondFolder | None:
    """Why books must not be written to in ``folder``: they stand where they were seen, too."""
    # guard: one-folder
    if _still_stands(Path(witness.path), books, folder):
        return SecondFolder(witness.path)
    return None


def _still_stands(first: Path, books: str, folder: Path) -> bool:
    """Whether the same books are in ``first``, which is another folder."""
    with suppress(OSError, ValueError):
        if not is_file(first / MAIN_FILE) or first.samefile(folder):
            return False
        settings = tomllib.loads(read_plain(first / SETTINGS_FILE).decode("utf-8"))
        registry = settings.get("registry")
        return isinstance(registry, dict) and registry.get("key") == books
    return False


def read_witness(path: Path) -> Witness | None:
    """What this machine has seen; None where nothing has been. Raises WitnessDamaged."""
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            content = file.read(_LONGEST + 1)
        return _parsed(content)
    except FileNotFoundError:
        return None
    except (NotPlain, ValueError, RecursionError):
        raise WitnessDamaged(path) from None


def _parsed(content: bytes) -> Witness:
    """Raises ValueError for whatever is no witness as we write it."""
    if len(content) > _LONGEST:
        raise ValueError(len(content))
    facts = json.loads(content.decode("utf-8"))
    names = {"format", "books", "path", "events", "log_head", "backup_seq"}
    if type(facts) is not dict or facts.keys() != names or facts["format"] != _FORMAT:
        raise ValueError("shape")
    events, backup = facts["events"], facts["backup_seq"]
    if type(events) is not list or not all(map(_is_digest, [*events, facts["log_head"]])):
        raise ValueError("digests")
    if not all(type(facts[name]) is str and facts[name] for name in ("books", "path")):
        raise ValueError("words")
    if backup is not None and (type(backup) is not int or not 0 <= backup < len(events)):
        raise ValueError("backup")
    return Witness(facts["books"], facts["path"], tuple(events), facts["log_head"], backup)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def write_witness(path: Path, witness: Witness) -> None:
    """Put what was seen now in the place of what was seen before."""
    content = {
        "format": _FORMAT,
        "books": witness.books,
        "path": witness.path,
        "log_head": witness.log_head,
        "backup_seq": witness.backup_seq,
        "events": witness.events,
    }
    text = json.dumps(content, indent=0, ensure_ascii=True) + "\n"
    durable.make_folder(path.parent, private=True)
    durable.replace_file(path, text.encode("ascii"), mode=durable.FOR_THE_OWNER)
