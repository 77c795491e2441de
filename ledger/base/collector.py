"""Python's garbage collector, out of the way while hundreds of thousands of objects are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_off() -> Iterator[None]:
    """No collection inside: nothing of a ledger or a table becomes garbage while it is made.

    Afterwards what was made counts as old, so that it is not looked through for being new.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
