"""Text from outside: what a bank, a town or a user wrote, before it is kept or shown. Pure.

Some characters show nothing and change what is read around them: they move a cursor, turn the
direction of writing, stand invisibly in a name. They are lost where text enters the books, and are
written as escapes where text goes to a terminal. The letters of names are not touched, whatever
plane or private area they are of, nor are the selectors that choose the form of a letter.
"""

from __future__ import annotations

import json
import re

# What separates words and lines. One blank takes the place of each.
_BREAKS = "\t-\r\x1c-\x1f\x85\u2028\u2029"
# Controls, format characters (bidi, zero width, tags …), and letters that are drawn as nothing.
_UNSEEN = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# What no text has: halves of characters, what stands for a character that was lost, and code
# points that are none.
_DAMAGED = "\ud800-\udfff\ufffd\ufdd0-\ufdef" + "".join(
    f"{chr(end - 2)}{chr(end - 1)}" for end in range(0x10000, 0x110001, 0x10000)
)

# Most of what is asked is a name, an id or a few words.
_ORDINARY = re.compile("[ -~\u3400-\u9fff]*")
# A name as most people have one: every bank and every font has its characters, and there is one way
# to spell them.
COMMON_NAME = re.compile("[\u4e00-\u9fa5]{2,4}")
_SUSPECT = re.compile(f"[{_BREAKS}{_UNSEEN}{_DAMAGED}]")
_BREAK = re.compile(f"[{_BREAKS}]")
_UNSEEN_ONE = re.compile(f"[{_UNSEEN}]")
_DAMAGED_ONE = re.compile(f"[{_DAMAGED}]")
_HALF = re.compile("[\ud800-\udfff]")
# What a terminal does not get: newline and tab are wanted there, and a lost character is drawn.
_NOT_TO_SHOW = re.compile(f"[\x0b-\r\x1c-\x1f\x85\u2028\u2029{_UNSEEN}\ud800-\udfff]")


def cleaned(text: str) -> str:
    """The text on one line, as events, the registry and sheets may hold it."""
    if _ORDINARY.fullmatch(text) or not _SUSPECT.search(text):
        return text
    return _DAMAGED_ONE.sub("", without_unseen(text))


def has_unseen(text: str) -> bool:
    """Whether something of the text would be lost by :func:`cleaned`."""
    return cleaned(text) != text


def is_plain(text: str) -> bool:
    """Whether the text is one line on which everything is seen, as settings have it."""
    return text.isprintable() and not has_unseen(text)


def without_unseen(text: str) -> str:
    """The text on one line without what shows nothing. What is damaged stays, to be noticed."""
    return _UNSEEN_ONE.sub("", _BREAK.sub(" ", text))


def is_damaged(text: str) -> bool:
    """Whether something of the text was lost before it came to us."""
    return bool(_DAMAGED_ONE.search(text))


def is_valid(text: str) -> bool:
    """Whether the text can be written at all; bytes that are no UTF-8 come as halves."""
    return not _HALF.search(text)


def shown(text: str) -> str:
    """The text as a terminal gets it: what it would obey, or not show, as ``\\u001b``.

    That is how JSON writes such a character, so that what is JSON stays it.
    """
    return _NOT_TO_SHOW.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
