"""Beancount's own errors in the user's language: those that a slip of the pen brings about."""

from __future__ import annotations

import re

from ledger.base.language import gettext as _
from ledger.base.language import mark

_MEANINGS = {
    r"Transaction does not balance: \((?P<amount>.*)\)": mark(
        "the entry does not balance: {amount} is left over"
    ),
    r"Invalid reference to unknown account '(?P<account>.*)'": mark(
        "there is no account {account}: correct its name, or open it in accounts.beancount"
    ),
    r"Invalid reference to inactive account '(?P<account>.*)'": mark(
        "the account {account} is not open on that day"
    ),
    r"Invalid currency (?P<currency>\S+) for account '(?P<account>.*)'": mark(
        "the account {account} does not take {currency}"
    ),
    r"Balance failed for '(?P<account>.*)': expected (?P<expected>.*) != accumulated "
    r"(?P<accumulated>.*) \(.*": mark(
        "the balance of {account} should be {expected} and is {accumulated}"
    ),
    r"syntax error, unexpected (?P<token>.*)": mark(
        "this line cannot be read (at {token}): compare it with the lines above"
    ),
    r"Invalid token: '(?P<token>.*)'": mark(
        "this line cannot be read (at {token}): compare it with the lines above"
    ),
    r"Unused Pad entry": mark("nothing is padded by this line: take it out"),
    r"File glob \"(?P<file>.*)\" does not match any files": mark("the file {file} is missing"),
}


def in_the_users_words(message: str) -> str:
    """What Beancount means, or its own words where they are not known here."""
    said = " ".join(message.split())
    for pattern, meaning in _MEANINGS.items():
        found = re.fullmatch(pattern, said)
        if found:
            return _(meaning).format(**found.groupdict())
    return said
