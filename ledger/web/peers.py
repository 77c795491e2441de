"""Who is at the other end of a connection, where the system tells.

Another user of the machine is not answered, not even with a cookie.

Browsers send cookies to every port of a host, so a server of somebody else's on this machine could
be handed ours. Linux lists the owner of every socket.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# A socket may be of either kind: IPv4 addresses have a form in IPv6.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_MAPPED = "0000000000000000FFFF0000"
_LOOPBACK = "0100007F"
ROOT = 0


def is_other_user(port: int, own_port: int) -> bool:
    """Whether the connection from ``port`` to ours is known to be another user's.

    Root may look at everything anyway, and passes connections on for others (a container, WSL); but
    a socket that its program has closed is shown as root's, without a number.
    """
    if os.name == "nt":
        return False
    for owner, number in _owners(port, own_port):
        # guard: own-user
        if owner != os.getuid() and not (owner == ROOT and number):
            return True
    return False


def _owners(port: int, own_port: int) -> Iterator[tuple[int, int]]:
    """User and inode of each end that calls from ``port``."""
    near, far = f"{_LOOPBACK}:{port:04X}", f"{_LOOPBACK}:{own_port:04X}"
    for table, before in zip(_TABLES, ("", _MAPPED), strict=True):
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, lines):
            if fields[1] == before + near and fields[2] == before + far:
                yield int(fields[7]), int(fields[9])
