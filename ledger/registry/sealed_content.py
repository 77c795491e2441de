"""What is kept packed under its SHA-256, unpacked and held against it, if need be in a thread.

Neither takes Python's lock: with a second core it is done while this one does something else.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from threading import Thread

from ledger.base.digests import digest


def unsealed(packed: bytes, sha256: str) -> bytes | None:
    """The content, None where it has another digest or is damaged."""
    try:
        content = zlib.decompress(packed)
    except zlib.error:
        return None
    if digest(content) != sha256:  # guard: numbers-as-sealed, paid-before-as-sealed
        return None
    return content


class ReadAhead(Thread):
    """The same, begun now and asked for later."""

    def __init__(self, packed: bytes, sha256: str) -> None:
        super().__init__(daemon=True)
        self._sealed = packed, sha256
        self._content: bytes | None = None
        self._is_read = False
        self.start()

    def run(self) -> None:
        with suppress(MemoryError):  # Then whoever asks for it reads it, and is told.
            self._content = unsealed(*self._sealed)
            self._is_read = True

    def content(self) -> bytes | None:
        self.join()
        return self._content if self._is_read else unsealed(*self._sealed)
