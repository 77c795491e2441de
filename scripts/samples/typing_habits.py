"""How clerks type: blanks inside names, full-width digits, apostrophes, TABs.

None of it is an error: a reader has to see through it.
"""

from __future__ import annotations

from random import Random

_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_NUMBERS = ("identity", "account", "phone")


def as_typed(field: str, text: str, habits: frozenset[str], random: Random) -> str:
    """The text of one cell as a clerk of these habits leaves it."""
    if not text:
        return text
    if field == "name":
        return _typed_name(text, habits, random)
    if field in _NUMBERS:
        return _typed_number(field, text, habits, random)
    return text


def _typed_name(text: str, habits: frozenset[str], random: Random) -> str:
    if "wide_space" in habits and len(text) == 2:
        text = "\u3000".join(text)
    if "outer_space" in habits and random.random() < 0.1:
        text = random.choice((" " + text, text + " ", text + "\u3000"))
    return text


def _typed_number(field: str, text: str, habits: frozenset[str], random: Random) -> str:
    if "small_x" in habits:
        text = text.lower()
    if "wide_digits" in habits and random.random() < 0.06:
        text = text.translate(_WIDE)
    if "spaced_account" in habits and field == "account" and random.random() < 0.3:
        text = " ".join(text[place : place + 4] for place in range(0, len(text), 4))
    if "apostrophe" in habits and field != "phone" and random.random() < 0.08:
        text = "'" + text
    if "tab" in habits and field != "phone" and random.random() < 0.15:
        text = random.choice((text + "\t", "\t" + text))
    return text
