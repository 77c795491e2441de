"""Python's garbage collector, off while a large table is laid out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """Hundreds of thousands of rows are made and kept: looking through them again and again
    for garbage takes as long as reading them. Afterwards they count as old, so that they are
    not looked through for being new."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
