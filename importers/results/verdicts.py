"""What a column that is no status says of a payment all the same: 退汇标志 是, 失败金额 800.00.

A column that nobody knows must not be passed over when it contradicts the answer beside it.
"""

from __future__ import annotations

from functools import lru_cache

from importers.results.answers import AnswerWords
from importers.results.answers import classify
from importers.results.answers import usual_words
from importers.results.words import result_words
from importers.tables.spelling import spoken
from ledger.model.transitions import State

FAILED = "failed"
PAID = "paid"
NOTHING = ""

_LAST_SIGNS = ".。!,;:"
_EMPTY = ("-", "--", "/", "无", "NULL", "正常", "无异常")
_NOUGHT = "0.,¥￥元 "


@lru_cache(maxsize=8192)
def speaks_against(
    outcome: State, heading: str, text: str, words: AnswerWords | None = None
) -> bool:
    """Whether a cell says that a payment that was made was not, or the other way round.

    A heading that speaks of failure or of success is answered by yes or no, by an amount, by a
    day; under any other heading what is said counts as a reason would.
    """
    words = words or usual_words()
    known = result_words()
    said = spoken(text).rstrip(_LAST_SIGNS)
    head = spoken(heading)
    if not said:
        return False
    against = FAILED if outcome is State.PAID else PAID
    fails = any(word in head for word in known.failing)
    succeeds = not fails and any(word in head for word in known.succeeding)
    if (fails or succeeds) and _answered(said, words, fails=fails) == against:
        return True
    # A single letter or digit is a status only in a column of states.
    if len(said) > 1 and said in (words.failed if outcome is State.PAID else words.paid):
        return True
    if any(word in head for word in known.own_texts):
        return False
    beside = classify("成功" if outcome is State.PAID else "失败", text, words)
    return beside is not None and beside.outcome is State.UNKNOWN  # guard: reasons-anywhere


def _answered(said: str, words: AnswerWords, *, fails: bool) -> str:
    """What is said below 失败金额 or 退汇标志, and the other way round below 到账标志."""
    if said in words.paid:
        return PAID
    if said in words.failed:
        return FAILED
    no = said in result_words().no or not said.strip(_NOUGHT)
    if fails:
        return NOTHING if no or "成功" in said else FAILED
    if said in _EMPTY:
        return NOTHING
    return FAILED if no or said.startswith(("未", "不")) else PAID
