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

_HEADER = re.compile(rb'\d{4}-\d\d-\d\d custom "census-event" ')
_LINE = re.compile(rb'  signature: "([0-9a-f]{128})"')
# Whatever could be read as another signature, wherever it stands.
_ANY = re.compile(rb"^[ \t\x0b\x0c]*signature[ \t\x0b\x0c]*:", re.MULTILINE)


def with_signature(text: str, signature: str) -> str:
    """An event's text with its signature. The text begins with the header and has none."""
    head, blank, rest = text.partition("\n\n")
    signed = head.rstrip("\n") + f'\n  signature: "{signature}"\n' + (blank and "\n") + rest
    if unsigned(signed.encode("utf-8")) != text.encode("utf-8"):
        raise ValueError("not the text of an event that can be signed")
    return signed


def unsigned(content: bytes) -> bytes | None:
    """What is signed of an event's file; None unless one signature stands where it belongs."""
    parts = _parts(content)
    return parts[0] if parts else None


def signature_of(content: bytes) -> str | None:
    """The signature; None unless one stands where it belongs."""
    parts = _parts(content)
    return parts[1] if parts else None


def signing_digest(content: bytes) -> bytes | None:
    """The 32 bytes that the signature in an event's file is over; None without one."""
    text = unsigned(content)
    return None if text is None else sha256(text).digest()


def signed(text: str, signer: Signing) -> str:
    """An event's text, signed."""
    return with_signature(text, signer.sign(sha256(text.encode("utf-8")).digest()))


def _parts(content: bytes) -> tuple[bytes, str] | None:
    head, blank, rest = content.partition(b"\n\n")
    before, _newline, last = head.removesuffix(b"\n").rpartition(b"\n")
    found = _LINE.fullmatch(last)
    # guard: one-signature
    if not found or not _HEADER.match(before) or len(_ANY.findall(content)) != 1:
        return None
    if b"\r" in content or not (blank or head.endswith(b"\n")):
        return None
    return before + b"\n" + (b"\n" if blank else b"") + rest, found.group(1).decode("ascii")
