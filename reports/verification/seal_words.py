"""A seal as somebody types it from paper: in any grouping, with what the eye takes for a digit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ledger.base.records import Record
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from reports.pdf.qr_seal import PAYLOAD_PREFIX

SEAL_LENGTH = 16
# Two slips of the pen are forgiven in a suggestion, never in an answer.
MOST_SLIPS = 2
MOST_TYPED = SEAL_LENGTH + MOST_SLIPS
# Two of the four groups: enough to say whose seal they are a part of.
PART_LENGTH = 8
# What is taken for a digit when it is read from paper. No seal has any of these, so that nothing
# else can be meant.
LOOKALIKES = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "z": "2", "q": "9"})
LABELS = ("校验码", "seal")
_PAYLOAD = re.compile(rf"{PAYLOAD_PREFIX}:(b\d{{4}}-\d{{3,}}):(\d{{9}})?:(\w+)")
BETWEEN_GROUPS = re.compile(r"[\s\-_.:·,，、－—–]+")
_BATCH = re.compile(r"B\d{4}-\d{3,}")
_TYPED = re.compile(r"[0-9a-z|]+")
_HEX = re.compile(r"[0-9a-f]{16}")


class TypedSeal(Record):
    """What was typed, put together: ``batch`` and ``town`` where the whole QR code was.

    ``digits`` are the seal with digits for what looks like them; ``read_as`` says for what.
    """

    digits: str
    batch: BatchId = NO_BATCH
    town: TownCode = NO_TOWN
    read_as: tuple[tuple[str, str], ...] = ()

    @property
    def is_whole(self) -> bool:
        return bool(_HEX.fullmatch(self.digits))

    @property
    def is_part(self) -> bool:
        """Shorter than any slip of the pen makes it."""
        return len(self.digits) < SEAL_LENGTH - MOST_SLIPS


def read_seal(text: str) -> TypedSeal | None:
    """The seal that is meant, or two groups of one and more; None when the text is neither."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    payload = _PAYLOAD.fullmatch(re.sub(r"\s", "", plain))
    if payload:
        batch, town, digits = payload.groups()
        return _typed(digits, BatchId(batch.upper()), TownCode(town or ""))
    for label in LABELS:
        plain = plain.removeprefix(label)
    digits = BETWEEN_GROUPS.sub("", plain)
    if not PART_LENGTH <= len(digits) <= MOST_TYPED or not _TYPED.fullmatch(digits):
        return None
    if read_batch(text):
        return None
    seal = _typed(digits)
    others = len(re.sub("[0-9a-f]", "", seal.digits))
    return seal if others <= (0 if seal.is_part else MOST_SLIPS) else None


def _typed(digits: str, batch: BatchId = NO_BATCH, town: TownCode = NO_TOWN) -> TypedSeal:
    read = digits.translate(LOOKALIKES)
    read_as = {pair: None for pair in zip(digits, read, strict=True) if pair[0] != pair[1]}
    return TypedSeal(read, batch, town, tuple(read_as))


def read_batch(text: str) -> BatchId | None:
    """The batch that is meant by ``b2020-001`` or ``Ｂ2020－001``, or None."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace("－", "-")
    return BatchId(plain) if _BATCH.fullmatch(plain) else None


def near_seals(digits: str, known: Iterable[Seal]) -> list[Seal]:
    """The known seals that may have been meant, the nearest first; or that these are a part of."""
    if len(digits) < SEAL_LENGTH - MOST_SLIPS:
        return sorted(seal for seal in known if digits in seal)
    slips = [(_slips(digits, seal), seal) for seal in known]
    return [seal for count, seal in sorted(slips) if count <= MOST_SLIPS]


def _slips(one: str, other: str) -> int:
    """Characters to change, add or leave out between two texts (Levenshtein's distance)."""
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        now = [row]
        for column, right in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (left != right)))
        before = now
    return before[-1]
