"""Chinese punctuation in print: where a line may break, and marks that share one space.

After GB/T 15834-2011 (标点符号用法), 5.1: no line begins with a closing mark or ends with an
opening one; and two marks side by side take the room of one and a half characters, not of two.
"""

from __future__ import annotations

import re
from functools import lru_cache

OPENING = "（《〈【〔［｛「『“‘"
CLOSING = "）》〉】〕］｝」』”’"
# Their ink stands on the left of their square, as a closing bracket's does.
POINTS = "、，。；："
NEVER_FIRST = frozenset(f"{CLOSING}{POINTS}！？·…—～％‰℃%)]}}>,.;:!? ")
NEVER_LAST = frozenset(f"{OPENING}([{{<￥¥＄$№第")
# A number stays with what it counts.
UNITS = frozenset("年月日号元角分万亿人名户个笔份批次期页行")

# The first of two marks between which half a square is empty twice.
_SLACK = re.compile(
    f"[{CLOSING}{POINTS}](?=[{CLOSING}{POINTS}{OPENING}])|[{OPENING}](?=[{OPENING}])"
)
_WORD = re.compile(r"[0-9A-Za-z.,:/*#@_+%-]")
# What two marks share, in ems.
HALF = 0.5


def squeeze(text: str) -> float:
    """How many ems narrower a text is than its characters are together."""
    return HALF * len(_SLACK.findall(text))


def squeezed_parts(text: str) -> list[tuple[str, bool]]:
    """The text in parts; a part that is marked is one character, and takes half its square."""
    parts = []
    start = 0
    for match in _SLACK.finditer(text):
        if match.start() > start:
            parts.append((text[start : match.start()], False))
        parts.append((match.group(), True))
        start = match.end()
    if start < len(text):
        parts.append((text[start:], False))
    return parts


def may_break(text: str, place: int) -> bool:
    """Whether a line may end before the character at ``place``, by the rules for marks."""
    # guard: line-breaks
    return text[place] not in NEVER_FIRST and text[place - 1] not in NEVER_LAST


@lru_cache(maxsize=1 << 12)
def _in_a_word(character: str) -> bool:
    return _WORD.match(character) is not None


def keeps_together(text: str, place: int) -> bool:
    """Whether a number, a word or a number with its unit goes on at ``place``."""
    before, after = text[place - 1], text[place]
    if after in UNITS and text[:place].rstrip(" ")[-1:].isdigit():
        return True
    if after == " " and before.isdigit() and text[place + 1 : place + 2] in UNITS:
        return True
    return _in_a_word(before) and _in_a_word(after)
