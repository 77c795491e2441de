"""The one way in which the tool says no."""

from __future__ import annotations

import errno
import re
from typing import Any
from typing import ClassVar

from ledger.base.language import gettext as _


class Refusal(Exception):
    """Something that was asked for cannot be done, and nothing was changed.

    Every failure a user can meet is a subclass whose message, in the user's language, says
    what is wrong, where, and what to do. The command prints it on one line and exits with 1.

    Programs read ``code``, which is the class's name in small letters (``books-locked``) unless
    the class says another. It stays when sentences are reworded: a class that is renamed keeps
    the code it had. docs/refusals.md lists them all.
    """

    code: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in vars(cls):
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def __init__(self, message: str = "", **facts: Any) -> None:
        super().__init__(message)
        self._facts = facts

    def facts(self) -> dict[str, Any]:
        """What a program is told beside the message: ids, days, counts, amounts as text.

        Nothing of a person but the id, and no path.
        """
        return self._facts


def why(error: OSError) -> str:
    """The reason in words, after the file's name where it is known.

    The system's own words are English whatever the user speaks.
    """
    if not error.filename:
        return reason(error)
    return _("{file}: {problem}").format(file=error.filename, problem=reason(error))


def reason(error: OSError) -> str:
    words = {
        errno.ENOSPC: _("the disk is full"),
        errno.EDQUOT: _("the disk is full"),
        errno.EACCES: _("no permission, or another program has the file open"),
        errno.EPERM: _("no permission, or another program has the file open"),
        errno.EROFS: _("the disk is read-only"),
        errno.ENOENT: _("there is no such file or folder"),
        errno.ENOTDIR: _("a part of the path is no folder"),
        errno.EISDIR: _("this is a folder"),
        errno.EEXIST: _("there is something of that name already"),
        errno.ENAMETOOLONG: _("the name is too long"),
        # Windows, and disks of its kind.
        errno.EINVAL: _("the system does not allow this file, or a file of this name"),
        errno.EIO: _("the disk cannot be read or written"),
    }
    return words.get(error.errno or 0) or _("system error {number}").format(number=error.errno)


class SystemRefused(Refusal):
    """The system does not let us read or write a file. Nothing was changed by it."""

    def __init__(self, error: OSError) -> None:
        super().__init__(why(error))
