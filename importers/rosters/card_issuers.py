"""Which bank has issued a card, by its first digits: ``data/card_issuers.json``.

The table is small and lists debit cards that are common in the county; prefixes and lengths agree
with the open table of the project bcbc. Passbooks have numbers of their own, and banks new
prefixes: a number that is not listed says nothing, and what the table says is a warning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from functools import lru_cache
from pathlib import Path

from ledger.base.records import Record
from ledger.model.payees import same_account

CARD_ISSUERS_FILE = Path(__file__).parent / "data" / "card_issuers.json"
# Of the numbers by which ISO/IEC 7812 tells issuers apart; the longer one counts.
PREFIX_DIGITS = (6, 5)

# 枣庄银行 is one that the table does not have; 银行卡 and 开户银行 name none.
_NAMES_A_BANK = re.compile("(?<=.)(?<!开户)(?<!发卡)(?<!开卡)银行(?!卡)")


class Issuer(Record):
    """``name`` is the bank's; ``words`` are those by which rosters write it."""

    name: str
    words: tuple[str, ...]


class Card(Record):
    """What the first digits of a card say: who issued it, and how many digits it has."""

    issuer: Issuer
    digits: int


@cache
def _issuers() -> Mapping[str, Issuer]:
    return {name: Issuer(name, tuple(entry["words"])) for name, entry in _entries().items()}


@cache
def _cards() -> Mapping[str, Card]:
    return {
        prefix: Card(_issuers()[name], digits)
        for name, entry in _entries().items()
        for prefix, digits in entry["cards"].items()
    }


@cache
def _entries() -> Mapping[str, dict[str, dict[str, int]]]:
    entries: Mapping[str, dict[str, dict[str, int]]] = json.loads(
        CARD_ISSUERS_FILE.read_text(encoding="utf-8")
    )
    return entries


def card_of(account: str) -> Card | None:
    """The card that an account number is; None for passbooks and for prefixes not listed."""
    return _card_beginning(same_account(account)[: PREFIX_DIGITS[0]])


@lru_cache(maxsize=4096)
def _card_beginning(prefix: str) -> Card | None:
    for digits in PREFIX_DIGITS:
        card = _cards().get(prefix[:digits])
        if card:
            return card
    return None


@lru_cache(maxsize=4096)
def banks_named(bank: str) -> frozenset[str]:
    """The names of the banks that a roster's words for the bank may mean."""
    return frozenset(
        issuer.name for issuer in _issuers().values() if any(word in bank for word in issuer.words)
    )


def names_another_bank(bank: str, issuer: Issuer) -> bool:
    """Whether a roster's words for the bank name one, and none of them is for the issuer.

    Most banks are not in the table; words that name no bank at all contradict nothing.
    """
    named = banks_named(bank)
    return issuer.name not in named and bool(named or _NAMES_A_BANK.search(bank))
