"""The return codes of the successes of a result: one that is not the code of the others is doubted.

Nobody knows what every bank's 1001 means. Where all others have 0000 beside 成功, it is not 成功.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence

from importers.tables.spelling import spoken

_CODE = re.compile("[A-Z]{0,4}[0-9]{1,8}")
_DAY = re.compile("20[0-9]{6}")
_BETWEEN = re.compile(r"[^0-9A-Z]+")
# So many successes of which each has a number of its own have serial numbers, not codes.
FEWEST_SERIALS = 4


def codes_in(codes: Iterable[str], status: str, reasons: Iterable[str]) -> tuple[str, ...]:
    """The codes of a row: in its columns of codes, beside the word of its status, for a reason.

    ``0000-成功`` has 0000, and ``成功 2020-11-12`` has none. Noughts are 0, however many there are.
    """
    texts = [*map(_code_beside, (*codes, status)), *filter(_CODE.fullmatch, map(spoken, reasons))]
    return tuple(dict.fromkeys(text if text.strip("0") else "0" for text in texts if text))


def _code_beside(text: str) -> str:
    """The only code in a text, empty where there are several numbers."""
    parts = [part for part in _BETWEEN.split(spoken(text)) if _CODE.fullmatch(part)]
    found = [part for part in parts if not _DAY.fullmatch(part)]
    return found[0] if len(found) == 1 else ""


def other_codes(rows: Sequence[tuple[str, ...]]) -> list[bool]:
    """For each success whether its codes are others than the usual ones.

    Noughts are usual; without them it is what more than half have. Where neither is so and the
    codes differ, every one is doubted.
    """
    counted = Counter(codes for codes in rows if codes)
    usual, times = ((), 0) if not counted else counted.most_common(1)[0]
    if len(counted) <= 1 or (times == 1 and len(counted) >= FEWEST_SERIALS):
        return [False] * len(rows)
    if any("0" in codes for codes in counted):
        return [bool(codes) and set(codes) != {"0"} for codes in rows]
    most = usual if times * 2 > sum(counted.values()) else None
    return [bool(codes) and codes != most for codes in rows]
