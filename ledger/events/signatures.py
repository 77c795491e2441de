"""The signature of an event: the last line of its header, over everything else in its file.

    2020-11-10 custom "census-event" 5 "prepared" "B2020-001" 5 4000.00 CNY
      …
      signature: "<128 hex digits>"

Its place is fixed, and nothing else of the file is left out of what is signed: so the file follows
from the bytes that were signed and the signature, and from nothing else.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

from ledger.base.actor_and_clock import Signing

_HEADER = re.compile(rb'\d{4}-\d\d-\d\d custom "census-event" ')
_LINE = re.compile(rb'  signature: "([0-9a-f]{128})"\n')
# Whatever could be read as another signature, wherever it stands.
_ANY = re.compile(rb"^[ \t\x0b\x0c]*signature[ \t\x0b\x0c]*:", re.MULTILINE)


class Signed(NamedTuple):
    """An event's file in its parts: the header and the rest, which were signed, and the signature
    over them.

    The rest is the file's own bytes: of many people it is large.
    """

    header: bytes
    rest: memoryview
    signature: str

    @property
    def text(self) -> bytes:
        """What was signed."""
        return self.header + self.rest

    @property
    def digest(self) -> bytes:
        """The 32 bytes that the signature is over."""
        found = sha256(self.header)
        found.update(self.rest)
        return found.digest()


def with_signature(text: bytes, signature: str) -> bytes:
    """An event's text with its signature. The text begins with the header and has none."""
    end = _end_of_header(text)
    line = f'  signature: "{signature}"\n'.encode("ascii")
    signed = b"".join([text[:end], line, memoryview(text)[end:]])
    parts = read_signed(signed)
    if parts is None or parts.header != text[:end]:
        raise ValueError("not the text of an event that can be signed")
    return signed


def signed(text: bytes, signer: Signing) -> bytes:
    """An event's text, signed."""
    return with_signature(text, signer.sign(sha256(text).digest()))


def read_signed(content: bytes) -> Signed | None:
    """An event's file in its parts; None unless one signature stands where it belongs."""
    end = _end_of_header(content)
    head = content[:end]
    start = head.rfind(b"\n", 0, -1) + 1
    before, last = head[:start], head[start:]
    found = _LINE.fullmatch(last)
    # guard: one-signature
    if not found or not _HEADER.match(before) or _has_another(content, start, end):
        return None
    if b"\r" in content:
        return None
    return Signed(before, memoryview(content)[end:], found.group(1).decode("ascii"))


def _end_of_header(content: bytes) -> int:
    """Where the blank line begins that comes after the header, or the end."""
    return content.find(b"\n\n") + 1 or len(content)


def _has_another(content: bytes, start: int, end: int) -> bool:
    """Whether a line before ``start`` or from ``end`` on could be read as a signature. Most files
    hold not even the word.
    """
    return any(
        content.find(b"signature", *part) >= 0 and _ANY.search(content, *part)
        for part in ((0, start), (end, len(content)))
    )
