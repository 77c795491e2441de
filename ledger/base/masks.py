"""Numbers of people: how much of one may be shown, and what somebody else's mask shows of it.

Whoever shows an account, an identity number or a text with numbers asks this module, and whoever
reads such a thing that is masked already.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ledger.base.outside_text import COMMON_NAME
from ledger.base.outside_text import cleaned

# Digits in groups, as they stand on a card, are one number; a day by itself (2020-11-20) is none.
_DAY = r"(?:19|20)\d\d-\d\d-\d\d(?![ -]?\d)"
_LONG_NUMBER = re.compile(rf"(?<!\d)(?!{_DAY})\d(?:[ -]?\d){{6,}}[ -]?[\dXx]")
_PERHAPS_ACCOUNT = re.compile(r"[0-9*][0-9* -]{3,}[0-9Xx]")
_PERHAPS_IDENTITY = re.compile(r"[0-9]{8,}[0-9Xx]?")
_BEFORE_THE_LAST_FOUR = re.compile(r"\d{4,}(?=\d{4})")
_NO_AMOUNT = re.compile(r"[0-9]{12,}")
# A single point is none: 6215.0 is a number.
_MASKED_ACCOUNT = re.compile(
    r"([0-9]{0,40})(?:[*X•●#·○■□?…]{1,40}|\.{2,40})([0-9]{0,40})"
    r"|(?:账号|卡号|账户)?(?:尾号|后[四4]位|[末尾][四4]位)(?:为|是)?:?([0-9]{4,40})"
)
_BETWEEN_PARTS = re.compile(r"[·•・･‧⋅∙●.\u0387\u02d9\u30fb\s_‐‑‒–—−-]+")
_NAME_MASKS = "*?□\ufffd"


def last_four(number: str) -> str:
    return number[-4:]


def mask_account(account: str) -> str:
    """An account number by its last four digits: ``****1234``."""
    return "****" + last_four(account)


def mask_identity(identity: str) -> str:
    """``370481199003071234`` as ``370481********1234``."""
    return identity[:6] + "*" * max(0, len(identity) - 10) + last_four(identity)


def mask_field(field: str, value: str) -> str:
    """The value of a payee's field, by the field's name, without what is personal."""
    if field in ("account", "phone") and value:
        return mask_account(value)
    if field == "distinct":  # The digest of a number behind whose it was and which it is.
        return " ".join(value.split(" ")[:2])
    return mask_identity(value) if field == "identity" else value


def mask_numbers(text: str) -> str:
    """A text of the bank's or of a user's: of runs of eight digits or more the last four stay.

    Days stay: ``2020-11-20 已到柜台``, for an auditor will ask when. What cannot be seen goes
    first: a number would hide behind it.
    """
    return _LONG_NUMBER.sub(_by_last_four, cleaned(text))


def mask_all_numbers(text: str) -> str:
    """A text of nobody's, such as a traceback: every number of eight digits, days or not."""
    return _BEFORE_THE_LAST_FOUR.sub(lambda found: "*" * len(found.group()), text)


def mask_accounts(text: str) -> str:
    """A text that should hold an account: whatever may be one, five digits or masked."""
    return _PERHAPS_ACCOUNT.sub(_by_last_four, text)


def mask_identities(text: str) -> str:
    """A text that should hold an identity number: whatever may be one."""
    return _PERHAPS_IDENTITY.sub(lambda found: mask_identity(found.group()), text)


def mask_in_amount(text: str) -> str:
    """A text that should hold an amount: what has more digits than amounts have."""
    return _NO_AMOUNT.sub(_by_last_four, text)


def _by_last_four(found: re.Match[str]) -> str:
    return mask_account(found.group())


def mask_digits(text: str, *, whole: int) -> str:
    """A text whose digits keep their places; of more than ``whole`` the last four show."""
    digits = [place for place, character in enumerate(text) if character.isdigit()]
    hidden = set(digits[:-4]) if len(digits) > whole else ()
    return "".join("*" if place in hidden else sign for place, sign in enumerate(text))


def is_masked(text: str) -> bool:
    """Whether a number is shown as this module shows it."""
    return "*" in text


class MaskedAccount(NamedTuple):
    """``6215****1234``: what is shown of an account before and after the mask."""

    prefix: str
    suffix: str

    def fits(self, account: str) -> bool:
        return (
            account.startswith(self.prefix)
            and account.endswith(self.suffix)
            and len(account) > len(self.prefix) + len(self.suffix)
        )


def masked_account(text: str) -> MaskedAccount | None:
    """What a masked account shows; None for a whole one and for anything else."""
    found = _MASKED_ACCOUNT.fullmatch(text)
    if not found:
        return None
    prefix, suffix, last = found.groups()
    return MaskedAccount("", last) if last else MaskedAccount(prefix, suffix)


def is_masked_name(name: str) -> bool:
    return any(sign in name for sign in _NAME_MASKS)


def shows_something(name: str) -> bool:
    """Whether a masked name shows a character at least."""
    return any(sign not in _NAME_MASKS for sign in name)


def letters(name: str) -> str:
    """A name without what banks leave out between its parts, or write otherwise.

    买买提·阿不都 is 买买提-阿不都 and 买买提阿不都; a compatibility form is the character.
    """
    if COMMON_NAME.fullmatch(name):
        return name
    bare = _BETWEEN_PARTS.sub("", unicodedata.normalize("NFKC", name)).upper()
    return bare or name


def name_fits(shown: str, name: str) -> bool:
    """Whether a name agrees with one that may be masked: each mask stands for some characters.

    ``张*三`` and ``张**`` fit 张小三, ``李?`` fits 李䶮.
    """
    if not is_masked_name(shown):
        return shown == name or letters(shown) == letters(name)
    first, *others = re.split(f"[{re.escape(_NAME_MASKS)}]+", shown)
    if not name.startswith(first):
        return False
    place = len(first)
    for piece in others[:-1]:
        place = name.find(piece, place + 1)
        if place < 0:
            return False
        place += len(piece)
    return name.endswith(others[-1]) and len(name) - len(others[-1]) > place
