"""Characters that look like others: radicals and compatibility ideographs, as PDF files give them.

``\u2f42`` (a radical) is drawn as 文 and is another character, so that nobody's name is found by
it. Each is put as the character that it is a form of; a radical that is no character of its own,
as \u2e98 is, stays and is noticed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Unicode unifies only two of the supplement's radicals; of these, fonts draw both alike.
_SUPPLEMENT = str.maketrans(
    "⺜⺝⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "日月母民虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
_KANGXI = range(0x2F00, 0x2FD6)
_COMPATIBILITY = (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))


def _unified(codes: Iterable[int]) -> dict[int, str]:
    return {
        code: unified
        for code in codes
        if (unified := unicodedata.normalize("NFKC", chr(code))) != chr(code)
    }


# For any text, a name too: a radical is no character of names.
UNIFIED = _unified(_KANGXI) | {code: chr(one) for code, one in _SUPPLEMENT.items()}
# For words that are compared. A name keeps its own form, which is a character of its own.
COMPARED = _unified(_COMPATIBILITY)
