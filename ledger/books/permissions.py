"""Who on this machine can read what the books keep of people: nobody but their owner.

Payout sheets, bank files, statements and reports are private to the user, or to the group that the
settings name; the stage, the registry and what is not approved yet to the user alone, whatever the
umask. On Windows the
profile's own rules for folders do this.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ledger.base.books_folder import HELD
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import STAGING
from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import kind_of
from ledger.base.plain_files import tree
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.places import Stray

SHARED = (PAYOUTS, "reports", "statements")
ALONE = (STAGING, HELD, "registry.db", "registry.db-journal")
ON_POSIX = os.name != "nt"


class GroupUnknown(Refusal):
    """The settings name a group that this machine does not have."""

    def __init__(self, group: str) -> None:
        message = _(
            "census-ledger.toml: payout.group: there is no group {group} on this machine; name one"
            " that there is, or take the line out"
        )
        super().__init__(message.format(group=group), group=group)


class NotOfTheGroup(Refusal):
    """The user cannot give files to the group."""

    def __init__(self, group: str) -> None:
        message = _(
            "census-ledger.toml: payout.group: who runs this command is not in the group {group}:"
            " have the machine's administrator add the user, or take the line out"
        )
        super().__init__(message.format(group=group), group=group)


class Readers(Record):
    """Who may read what is printed and sent: the owner, and a group where it has a number."""

    group: str = ""
    number: int | None = None

    @property
    def bits(self) -> int:
        """What they may do in a folder; in a file, all but to search it."""
        return 0o050 if self.number is not None else 0


def readers(group: str) -> Readers:
    """By the name of a group, which may be empty. Raises GroupUnknown."""
    if not group or not ON_POSIX:
        return Readers()
    import grp

    try:
        return Readers(group, grp.getgrnam(group).gr_gid)
    except KeyError:
        raise GroupUnknown(group) from None


def make_private(books: Path, who: Readers) -> None:
    """Take from others what they could read; give the group what it may. Raises NotOfTheGroup.

    What belongs to another user stays as it is: ``check`` says so.
    """
    if not ON_POSIX:
        return
    for names, whom in ((ALONE, Readers()), (SHARED, who)):
        for name in names:
            for path, kind in _with_what_is_in_it(books / name):
                is_held = path.is_relative_to(books / HELD)
                if name in ALONE or not is_held:  # guard: held-for-the-owner
                    _make_private(path, kind, whom)


def _with_what_is_in_it(path: Path) -> Iterator[tuple[Path, Kind]]:
    """The thing itself and, of a folder, everything below; no links, pipes or devices."""
    kind = kind_of(path)
    if kind is not None:
        yield from (found for found in ((path, kind), *tree(path)) if _is_plain(found[1]))


def _is_plain(kind: Kind) -> bool:
    return kind in (Kind.FILE, Kind.FOLDER)


def _make_private(path: Path, kind: Kind, who: Readers) -> None:
    status = path.lstat()
    mode = stat.S_IMODE(status.st_mode)
    due = mode & ~0o077 | (who.bits if kind is Kind.FOLDER else who.bits & 0o040)
    moves = who.number is not None and status.st_gid != who.number
    # guard: private-folders
    if mode == due and not moves:
        return
    with suppress(OSError):
        # By a descriptor, and no link: the name may stand for something else by now.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if os.path.samestat(os.fstat(descriptor), status):
                if moves:
                    _give(descriptor, who)
                os.fchmod(descriptor, due)
        finally:
            os.close(descriptor)


def _give(descriptor: int, who: Readers) -> None:
    assert who.number is not None
    try:
        os.fchown(descriptor, -1, who.number)
    except PermissionError:
        if os.fstat(descriptor).st_uid == os.geteuid():
            raise NotOfTheGroup(who.group) from None
        raise


def open_to_others(books: Path, who: Readers) -> Iterator[Stray]:
    """What others on this machine can read or change of the books."""
    if not ON_POSIX:
        return
    for name in (*ALONE, *SHARED):
        whom = Readers() if name in ALONE else who
        kind = kind_of(books / name)
        if kind is not None and _is_plain(kind):
            status = (books / name).lstat()
            strange_group = status.st_gid != whom.number and status.st_mode & 0o070
            if status.st_mode & 0o077 & ~whom.bits or strange_group:
                message = _(
                    "others on this machine may look into this: the next command that writes makes"
                    " it private, or 'chmod -R go-rwx {file}'"
                )
                yield Stray(name, message.format(file=name), hinders=False)
    for name in ("", "events", "journal"):
        if is_folder(books / name) and _others_write((books / name).lstat()):
            message = _(
                "others on this machine can write here, and so change rules and replace files:"
                " 'chmod go-w {file}'"
            )
            yield Stray(name or ".", message.format(file=name or "."), hinders=False)


def _others_write(status: os.stat_result) -> bool:
    """Whether anybody can, or a group that is more than the owner alone."""
    if not status.st_mode & 0o020:
        return bool(status.st_mode & 0o002)
    return bool(status.st_mode & 0o002) or not _is_of_one(status.st_uid, status.st_gid)


def _is_of_one(user: int, group: int) -> bool:
    """Whether the group is the user's own, as systems make one for each user."""
    import grp
    import pwd

    try:
        entry = grp.getgrgid(group)
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        return False
    return entry.gr_name == name and set(entry.gr_mem) <= {name}
