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
REPORTS = (
    "report month", "report month of a closed one", "report reconciliation", "report towns",
)  # fmt: skip
LIKE_ANOTHER = dict.fromkeys(REPORTS, "report batch") | {
    command.name: "import correction"
    for command in COMMANDS
    if command.only_registry and command.name != "import correction"
}
# Each of these takes a share of the moments, another first one than the next of them: together
# they take every moment at least once, and ``batch submit`` and ``report batch`` take all.
SHARING = [
    command.name
    for command in COMMANDS
    if command.name not in (ONE_EVENT, *NOT_ONE_EVENT, *LIKE_ANOTHER)
]
EVERY = 6
EVERY_OF_REPORTS = 3
EVERY_SIZE = EVERY_WRITE = 3


def moments_of(command: Command, *, thorough: bool) -> Sequence[int]:
    """The numbers of the moments, from 1 on, that are tried of a command; all if ``thorough``."""
    moments = range(1, FAR_TOO_MANY)
    if thorough:
        return moments
    if command.name in REPORTS:
        return moments[REPORTS.index(command.name) % EVERY_OF_REPORTS :: EVERY_OF_REPORTS]
    if command.name in SHARING:
        return moments[SHARING.index(command.name) % EVERY :: EVERY]
    return moments


def writes_of(command: Command, *, thorough: bool) -> Sequence[int]:
    """The numbers of the files that are torn while a command writes them: there are few."""
    writes = range(1, FAR_TOO_MANY)
    if thorough or command.name not in SHARING:
        return writes
    return writes[SHARING.index(command.name) % EVERY_WRITE :: EVERY_WRITE]


def sizes_of(command: Command, *, thorough: bool) -> Sequence[int]:
    """The sizes beyond which no file grows that are tried of a command; the last one always."""
    *sizes, last = FILE_SIZES
    sharing = [*SHARING, *LIKE_ANOTHER]
    if not thorough and command.name in sharing:
        sizes = sizes[sharing.index(command.name) % EVERY_SIZE :: EVERY_SIZE]
    return [*sizes, last]
