"""At which moments of a command something fails, and who tries which: commands that do the same to
the disk share them.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.child_process import FILE_SIZES
from tests.support.writing_commands import COMMANDS
from tests.support.writing_commands import Command

FAR_TOO_MANY = 400
# Others do to the disk what ``batch submit`` does: they write one event.
ONE_EVENT = "batch submit"
# What these do to the disk is their own.
NOT_ONE_EVENT = (
    "init", "import roster", "import later roster", "import correction", "import workload",
    "disburse", "import paid before",
    "disburse and hold", "batch approve at last",
    "import result", "report batch", "operator retire",
)  # fmt: skip
LIKE_ANOTHER = {
    "report month": "report batch",
    "report month of a closed one": "report batch",
    "report reconciliation": "report batch",
    "report towns": "report batch",
} | {
    command.name: "import correction"
    for command in COMMANDS
    if command.only_registry and command.name != "import correction"
}
# Each of these takes every third moment, another first one than the next of them: together they
# take every moment four times, and ``batch submit`` takes all.
SHARING = [
    command.name
    for command in COMMANDS
    if command.name not in (ONE_EVENT, *NOT_ONE_EVENT, *LIKE_ANOTHER)
]
EVERY = 3


def moments_of(command: Command, *, thorough: bool) -> Sequence[int]:
    """The numbers of the moments, from 1 on, that are tried of a command; all if ``thorough``."""
    return _share(command, SHARING, range(1, FAR_TOO_MANY), thorough=thorough)


def sizes_of(command: Command, *, thorough: bool) -> Sequence[int]:
    """The sizes beyond which no file grows that are tried of a command; the last one always."""
    *sizes, last = FILE_SIZES
    return [*_share(command, [*SHARING, *LIKE_ANOTHER], sizes, thorough=thorough), last]


def _share(
    command: Command, sharing: Sequence[str], of: Sequence[int], *, thorough: bool
) -> Sequence[int]:
    if thorough or command.name not in sharing:
        return of
    return of[sharing.index(command.name) % EVERY :: EVERY]
