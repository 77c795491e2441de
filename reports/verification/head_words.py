"""The head of a chain as somebody types it: with its number or without, in any grouping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ledger.base.records import Record
from ledger.model.seal import grouped_seal
from reports.pdf.provenance import BETWEEN
from reports.pdf.provenance import FINGERPRINT
from reports.pdf.provenance import HEAD
from reports.pdf.provenance import HEAD_DIGITS
from reports.verification.seal_words import BETWEEN_GROUPS
from reports.verification.seal_words import LOOKALIKES

DIGEST_DIGITS = 64
# The fingerprint of the books is the head of their beginning.
LABELS = (HEAD, "head", FINGERPRINT, "fingerprint")
_NUMBER = re.compile("[0-9]{1,9}")
_DIGITS = re.compile(f"[0-9a-f]{{{HEAD_DIGITS},{DIGEST_DIGITS}}}")
_NUMBER_SET_APART = re.compile(rf"[0-9]{{1,9}}\s*{BETWEEN}")


class TypedHead(Record):
    """The beginning of an event's digest, 16 to 64 hex digits; ``seq`` where its number is."""

    digits: str
    seq: int | None = None

    @property
    def words(self) -> str:
        """``23 · 90a1 31b4 1b5f d7ec``."""
        digits = grouped_seal(self.digits)
        return digits if self.seq is None else f"{self.seq} {BETWEEN} {digits}"


def read_heads(text: str) -> list[TypedHead]:
    """Every way in which a text can be meant, the likelier first; none where it is no head.

    A first group of decimal digits is the event's number, or belongs to the digest.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    for label in LABELS:
        plain = plain.removeprefix(label)
    plain = plain.lstrip(" :")
    groups = [group for group in BETWEEN_GROUPS.split(plain) if group]
    numbered = list(_read(groups[1:], groups[0])) if groups else []
    if numbered and _NUMBER_SET_APART.match(plain):
        return numbered
    whole = list(_read(groups))
    is_whole = bool(whole) and len(whole[0].digits) == DIGEST_DIGITS
    return whole + numbered if is_whole else numbered + whole


def _read(groups: list[str], number: str = "") -> Iterator[TypedHead]:
    digits = "".join(groups).translate(LOOKALIKES)
    if _DIGITS.fullmatch(digits):
        if not number:
            yield TypedHead(digits)
        elif _NUMBER.fullmatch(number):
            yield TypedHead(digits, int(number))
