"""What the bank says of one payment: paid, returned, or nothing that can be relied on.

A payment is made again only after a clear return. So whatever says that the bank is still at it,
contradicts itself or is not known makes the answer *unknown*, and somebody asks the bank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from functools import lru_cache

from importers.results.refusals import AnswerWordTwice
from importers.results.words import reason_words
from importers.tables.cell_text import HANZI
from importers.tables.cell_text import plain_text
from importers.tables.spelling import spoken
from ledger.base.masks import mask_numbers
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.model.return_reasons import DUPLICATE
from ledger.model.return_reasons import OTHER
from ledger.model.return_reasons import PENDING
from ledger.model.transitions import State

UNCLEAR = "UNCLEAR"
TEXT_CHARACTERS = 200

_LONG_NUMBER = re.compile(r"[0-9](?: ?[0-9]){7,}[Xx]?")
_TOKEN_END = re.compile(r"[\s:,;|/\\()\[\]【】<>。、!_-]+")
_HEAD = re.compile(r"[:,;(\[【|-]")
_HAS_HANZI = re.compile(f"[{HANZI}]")
_CODE = re.compile("[A-Z]{0,8}[0-9]{1,10}|[A-Z]{2,10}")
_OF_ERRORS = re.compile("E|F|ERR|FAIL")
# E0000 says that there was none.
_ERROR = re.compile("(?:E|F|ERR|ERROR|FAIL)0*[1-9][0-9]*")
_NEGATED_SUCCESS = re.compile("[不未没]成功|没有成功")
_LAST_SIGNS = ".。!,;:"


class Answer(Record):
    """``outcome`` is PAID, RETURNED or UNKNOWN.

    ``reason_class`` is empty for paid, a key of ``RETURN_REASONS`` for returned, and PENDING,
    DUPLICATE or UNCLEAR for unknown. ``text`` has the bank's own words, long numbers in them
    reduced to their last four digits.
    """

    outcome: State
    reason_class: str
    text: str


class AnswerWords(Record):
    """The words that alone say what became of a payment, as :func:`spoken` spells them."""

    paid: frozenset[str]
    failed: frozenset[str]
    pending: frozenset[str] = frozenset()


def answer_words(
    paid: Sequence[str] = (), failed: Sequence[str] = (), pending: Sequence[str] = ()
) -> AnswerWords:
    """The usual words and a bank's own. Raises AnswerWordTwice for one that says two things."""
    known = reason_words()
    own_pending = frozenset(spoken(word) for word in pending if word.strip())
    all_paid = known.paid | {spoken(word) for word in paid if word.strip()}
    all_failed = known.failed | {spoken(word) for word in failed if word.strip()}
    for word in sorted(all_paid & all_failed | own_pending & (all_paid | all_failed)):
        raise AnswerWordTwice(word)
    return AnswerWords(all_paid, all_failed, own_pending)


@cache
def usual_words() -> AnswerWords:
    return answer_words()


@lru_cache(maxsize=8192)
def classify(status: str, reason: str, words: AnswerWords | None = None) -> Answer | None:
    """The answer in the texts of a row; None when both are empty: nothing has happened yet."""
    words = words or usual_words()
    text = bank_text(status, reason)
    if not text:
        return None
    if not spoken(status):
        status, reason = reason, ""
    said, why = _said(status, words), spoken(reason)
    if not words.pending.isdisjoint((said, why)):  # guard: own-word-pending
        return Answer(State.UNKNOWN, PENDING, text)
    if said in words.paid:
        unclear = _contradicts(why, reason, words)  # guard: success-contradicted
        return Answer(State.UNKNOWN, UNCLEAR, text) if unclear else Answer(State.PAID, "", text)
    failed = said in words.failed
    # A word that is known is taken as it is; any other status is looked into.
    searched, tokens = f"{spoken(status)}|{why}", _tokens(f"{status} {reason}")
    if failed and said == spoken(status).rstrip(_LAST_SIGNS):
        searched, tokens = why, _tokens(reason)
    # 账号6215210000000001不存在: the number stands in the middle of the words.
    searched = _LONG_NUMBER.sub("", searched)
    classes = _classes(searched, tokens)
    # guard: pending-is-unknown
    if PENDING in classes or any(word in searched for word in reason_words().pending_in_text):
        return Answer(State.UNKNOWN, PENDING, text)
    if DUPLICATE in classes:
        return Answer(State.UNKNOWN, DUPLICATE, text)
    if _is_doubtful(searched):
        return Answer(State.UNKNOWN, UNCLEAR, text)
    # A state among the reasons is one only where no other text stands in its place.
    parts = (said,) if _HAS_HANZI.search(said) else (said, why)  # guard: state-in-its-place
    heads = any(_HEAD.split(part)[0] in words.failed for part in parts)
    named = classes.keys() - {OTHER}
    other = OTHER in _classes("|".join(parts), tokens if len(parts) > 1 else _tokens(status))
    if failed or named or heads or other:
        return Answer(State.RETURNED, _strongest(classes), text)
    return Answer(State.UNKNOWN, UNCLEAR, text)


def _said(status: str, words: AnswerWords) -> str:
    """The status without a code beside it: ``0000-成功``, ``成功[0000]``, ``2:失败``.

    A code that stands for a failure is one of a contradiction beside a success.
    """
    said = spoken(status).rstrip(_LAST_SIGNS)
    if said in words.paid or said in words.failed:
        return said
    tokens = _tokens(status)
    known = [token for token in tokens if token in words.paid or token in words.failed]
    codes = [token for token in tokens if token not in known]
    if not known or not all(map(_CODE.fullmatch, codes)):
        return said
    if words.paid.issuperset(known):
        # guard: code-agrees-with-word
        if any(code in reason_words().codes or _OF_ERRORS.match(code) for code in codes):
            return said
        return known[0]
    return known[0] if words.failed.issuperset(known) else said


def is_status(text: str, words: AnswerWords | None = None) -> bool:
    """Whether a text says by itself whether the payment was made: 成功; 失败，户名不符."""
    words = words or usual_words()
    said = _said(text, words)
    if said in words.paid or said in words.failed:
        return True
    first = next(iter(_tokens(text)), "")
    return first in words.failed or _HEAD.split(spoken(text))[0] in words.failed


def _contradicts(why: str, reason: str, words: AnswerWords) -> bool:
    """Whether a reason speaks of a failure, or of a payment under way, beside a success."""
    known = reason_words()
    tokens = _tokens(reason)
    if any(map(_ERROR.fullmatch, tokens)):  # guard: error-code-beside-success
        return True
    return (
        bool(_classes(why, tokens))
        or any(word in why for word in known.pending_in_text)
        or any(word in why for word in (*known.failure_beside_success, *known.doubt_in_text))
        or not words.failed.isdisjoint(tokens)
    )


def _classes(searched: str, tokens: Sequence[str]) -> dict[str, int]:
    """The classes of the known texts and codes, each with the length of its longest."""
    known = reason_words()
    found: dict[str, int] = {}
    for text in known.longest_first:
        if text in searched:
            found.setdefault(known.texts[text], len(text))
    for token in tokens:
        if token in known.codes:
            found.setdefault(known.codes[token], len(token))
    return found


def _strongest(classes: dict[str, int]) -> str:
    """The class of the longest text; OTHER, which says nothing, only when it is alone."""
    named = {name: length for name, length in classes.items() if name != OTHER}
    return max(named, key=lambda name: named[name], default=OTHER)


def _is_doubtful(searched: str) -> bool:
    """Whether a text that is no clear success speaks of one all the same (部分成功), or of more
    that is to come: 失败，将自动重发. What was sent back with success (退汇成功) is a return.
    """
    known = reason_words()
    if any(word in searched for word in known.doubt_in_text):  # guard: failure-in-doubt
        return True
    affirmed = _NEGATED_SUCCESS.sub("", searched)
    for text in known.longest_first:
        affirmed = affirmed.replace(text, "")
    return any(word in affirmed for word in known.success_in_text)


def _tokens(text: str) -> list[str]:
    """The words that signs or blanks set apart: a code counts only as one of them."""
    return [spoken(token) for token in _TOKEN_END.split(plain_text(text)) if token]


def bank_text(status: str, reason: str) -> str:
    """The bank's words on one line, without long numbers: ``交易失败 户名不符``."""
    parts = dict.fromkeys(part for part in (plain_text(status), plain_text(reason)) if part)
    text = mask_numbers(" ".join(parts))
    return text if len(text) <= TEXT_CHARACTERS else text[: TEXT_CHARACTERS - 1] + "…"


def contradicted(answer: Answer | None, heading: str, text: str) -> Answer | None:
    """The answer beside a column that says the opposite: nobody can rely on either."""
    if answer is None:
        return None
    return Answer(State.UNKNOWN, UNCLEAR, bank_text(answer.text, f"{heading}:{text}"))


class AnotherAmount(ValueError):
    """The bank handled neither the whole amount nor nothing."""


def with_handled(answer: Answer | None, amount_fen: int, handled_fen: int | None) -> Answer | None:
    """The answer beside the amount that the bank says it has handled.

    An amount without words is no answer that money could go by: handled it is unclear, not
    handled it is none. Raises AnotherAmount where part of the amount was paid or returned.
    """
    if not handled_fen and answer is None:
        return None
    if handled_fen is None:
        return answer
    whole = handled_fen == amount_fen
    if answer is None:
        if not whole:
            raise AnotherAmount
        return Answer(State.UNKNOWN, UNCLEAR, f"实处理金额 {plain(handled_fen)}")
    if answer.outcome is State.PAID and not whole:  # guard: success-of-whole-amount
        raise AnotherAmount
    if answer.outcome is State.RETURNED and handled_fen:
        if not whole:
            raise AnotherAmount
        return Answer(State.UNKNOWN, UNCLEAR, answer.text)
    return answer


def names_a_reason(text: str) -> bool:
    """Whether a text holds a known reason, as a remark may that the bank has written over, or
    speaks of a failure and of nothing else.
    """
    said, known = spoken(text), reason_words()
    failures = set(known.failure_beside_success).difference(known.success_in_text)
    words = (*known.pending_in_text, *failures)
    return bool(_classes(said, ())) or any(word in said for word in words)
