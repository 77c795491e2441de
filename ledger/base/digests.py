"""Digests of bytes and files: SHA-256 in hex."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ledger.base.plain_files import open_plain


def file_digest(path: Path) -> str:
    """SHA-256 of a plain file in hex. Raises OSError."""
    with os.fdopen(open_plain(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()
