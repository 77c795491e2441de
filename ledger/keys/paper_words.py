"""A key of 32 bytes on paper: four lines of hex digits to be typed in again, each with a check."""

from __future__ import annotations

import re
import unicodedata

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal

KEY_BYTES = 32
LINES = 4
GROUP = 4
_DIGITS = 2 * KEY_BYTES // LINES
_CHECK = 2
_HEX = re.compile("[0-9a-f]*")
# What is between digits on paper, or where a telephone puts it.
_BETWEEN = re.compile(r"[\s\-_.,:;·—–]+")
# Letters that no key has, for the digits that look like them.
_ALIKE = str.maketrans("oil", "011")


class PaperLineWrong(Refusal):
    """A line of a key was not typed as it stands on the paper. The line is not repeated here."""

    def __init__(self, line: int, digits: int | None = None) -> None:
        """``digits`` is how many were typed where the number is wrong, None where another is."""
        if digits is None:
            message = _("line {line} is mistyped: compare it with the paper, digit by digit")
        else:
            message = _(
                "line {line} has {digits} digits instead of {right}: compare it with the paper"
            )
        message = message.format(line=line, digits=digits, right=_DIGITS + _CHECK)
        super().__init__(message, line=line)


class PaperIncomplete(Refusal):
    """Not as many lines as a key has."""

    def __init__(self, lines: int) -> None:
        message = _("the key on the paper has {right} lines, and {lines} were typed")
        super().__init__(message.format(right=LINES, lines=lines))


def paper_lines(key: bytes) -> list[str]:
    """The lines: ``a1b2 c3d4 e5f6 0718  3c``, of which the last two digits are the check."""
    if len(key) != KEY_BYTES:
        raise ValueError(len(key))
    digits = key.hex()
    parts = [digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS)]
    return [
        f"{' '.join(re.findall('.' * GROUP, part))}  {_check(number, part)}"
        for number, part in enumerate(parts, 1)
    ]


def key_from_paper(text: str) -> bytes:
    """The key of the lines that were typed, or of the 64 digits that the paper's code says.

    Raises PaperLineWrong, which says which line, or PaperIncomplete.
    """
    lines = [line for line in text.splitlines() if _plain(line)]
    if len(lines) == 1 and len(code := _plain(lines[0])) == 2 * KEY_BYTES and _HEX.fullmatch(code):
        return bytes.fromhex(code)
    if len(lines) != LINES:
        raise PaperIncomplete(len(lines))
    return bytes.fromhex("".join(digits_of_line(n, line) for n, line in enumerate(lines, 1)))


def digits_of_line(number: int, text: str) -> str:
    """The digits of the key in a line, counted from 1, that somebody typed.

    Blanks, capitals and digits of full width make no difference. Raises PaperLineWrong.
    """
    plain = _plain(text)
    if len(plain) != _DIGITS + _CHECK:
        raise PaperLineWrong(number, len(plain))
    digits, check = plain[:_DIGITS], plain[_DIGITS:]
    # guard: check-of-a-line
    if not _HEX.fullmatch(plain) or _check(number, digits) != check:
        raise PaperLineWrong(number)
    return digits


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return _BETWEEN.sub("", folded).translate(_ALIKE)


def _check(number: int, digits: str) -> str:
    """Two digits that tell a mistyped line, and one that stands in another's place."""
    return digest(f"{number} {digits}".encode("ascii"))[:_CHECK]
