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

from ledger.base.actor_and_clock import Signing
from ledger.base.records import Record

_HEADER = re.compile(rb'\d{4}-\d\d-\d\d custom "census-event" ')
_LINE = re.compile(rb'  signature: "([0-9a-f]{128})"')
# Whatever could be read as another signature, wherever it stands.
_ANY = re.compile(rb"^[ \t\x0b\x0c]*signature[ \t\x0b\x0c]*:", re.MULTILINE)


class Signed(Record):
    """An event's file in its two parts: what was signed, and the signature over it."""

    text: bytes
    signature: str

    @property
    def digest(self) -> bytes:
        """The 32 bytes that the signature is over."""
        return sha256(self.text).digest()


def with_signature(text: str, signature: str) -> str:
    """An event's text with its signature. The text begins with the header and has none."""
    head, blank, rest = text.partition("\n\n")
    signed = head.rstrip("\n") + f'\n  signature: "{signature}"\n' + (blank and "\n") + rest
    parts = read_signed(signed.encode("utf-8"))
    if parts is None or parts.text != text.encode("utf-8"):
        raise ValueError("not the text of an event that can be signed")
    return signed


def signed(text: str, signer: Signing) -> str:
    """An event's text, signed."""
    return with_signature(text, signer.sign(sha256(text.encode("utf-8")).digest()))


def read_signed(content: bytes) -> Signed | None:
    """An event's file in its parts; None unless one signature stands where it belongs."""
    head, blank, rest = content.partition(b"\n\n")
    before, _newline, last = head.removesuffix(b"\n").rpartition(b"\n")
    found = _LINE.fullmatch(last)
    # guard: one-signature
    if not found or not _HEADER.match(before) or any(map(_has_any, (before, rest))):
        return None
    if b"\r" in content or not (blank or head.endswith(b"\n")):
        return None
    text = before + b"\n" + (b"\n" if blank else b"") + rest
    return Signed(text, found.group(1).decode("ascii"))


def _has_any(lines: bytes) -> bool:
    """Whether a line of these could be read as a signature. Most files hold not even the word."""
    return b"signature" in lines and _ANY.search(lines) is not None
