"""Digests of bytes and files: SHA-256 in hex."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NewType

from ledger.base.plain_files import open_plain

# SHA-256 in hex: 64 digits.
Digest = NewType("Digest", str)


def file_digest(path: Path) -> Digest:
    """SHA-256 of a plain file in hex. Raises OSError."""
    with os.fdopen(open_plain(path), "rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def digest(content: bytes | memoryview) -> Digest:
    """SHA-256 in hex."""
    return Digest(hashlib.sha256(content).hexdigest())
