"""By what a ledger is read and judged: this program's own text, as a digest."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from ledger.base.digests import Digest

_ROOMS = ("base", "model", "budget", "keys", "payments", "events", "controls", "books")


@cache
def this_program() -> Digest:
    """The rooms that read and judge books, which Beancount and which Python."""
    ledger = Path(__file__).parent.parent
    found = sha256(sys.version.encode())
    beancount = find_spec("beancount")
    assert beancount is not None and beancount.origin is not None
    found.update((Path(beancount.origin).parent / "VERSION").read_bytes())
    for name in ["plugin.py", *sorted(_texts(str(ledger)))]:
        content = (ledger / name).read_bytes()
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return Digest(found.hexdigest())


def _texts(ledger: str) -> Iterator[str]:
    """What the rooms hold, by its place in them, with ``/`` on every system."""
    for room in _ROOMS:
        for folder, folders, names in os.walk(f"{ledger}{os.sep}{room}"):
            folders[:] = [one for one in folders if one not in ("__pycache__", "locale")]
            place = folder[len(ledger) + 1 :].replace(os.sep, "/")
            yield from (f"{place}/{one}" for one in names)
