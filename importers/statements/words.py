"""The words of bank statements, as data: what a heading names, what a cell of words says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from importers.tables.headings import DIGIT
from importers.tables.headings import HeadingSigns
from importers.tables.headings import HeadingWords
from importers.tables.headings import Named
from importers.tables.headings import spellings
from importers.tables.spelling import BRACKETED
from importers.tables.spelling import spoken
from ledger.base.records import Record

DATA_FOLDER = Path(__file__).parent / "data"

AMOUNT_FIELDS = ("in", "out", "credit", "debit", "amount")
# So many rows of titles and notes may stand above the headings.
SEARCHED_ROWS = 100
# BOC's headings have their English beside them.
LONGEST_HEADING = 100

_TIME_NAMED = (
    "(?:19|20)[0-9]{2}(?:[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}[日号]?|月)?|年|[01][0-9](?:[0-3][0-9])?)"
    "|[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|[0-9]{1,2}[日号]|第?[0-9一二三四五六七八九十]{1,3}(?:页|季度|月|周)"
)
_AT_THE_END = ": \t\r\n\u3000：\xa0)]）】*-="
# 2-贷, 贷 Cr, 贷(C): a code and blanks beside the words say nothing more.
_BESIDE_FLAGS = re.compile(r"^[0-9]{1,2}(?![0-9])|[-_.,:;/|()\[\]·]")
_BESIDE_CURRENCY = re.compile(r"[-_.,:;/|()\[\]·]")
_DENIED = re.compile("[未不非无待没]")
# 红字发票 and 红字会 say nothing of the line.
_RED = re.compile(r"[(\[【]?(?:红字(?:冲.|更正|记账|抹账|交易|凭证)?|红冲|冲红|红)[)\]】]?(?!\w)")
_FILLER = re.compile(r"(?:[-—–−_/\\*=.]|NULL|N/A|无|空)*", re.IGNORECASE)


class StatementWords(Record):
    """Headings and what cells say; the sets are spelled as :func:`spoken` does.

    ``flags`` maps a cell's word to ``in``, ``out``, ``debit`` or ``credit``.
    """

    headings: HeadingWords
    amount_heading: re.Pattern[str]
    directions: dict[str, re.Pattern[str]]
    fee: re.Pattern[str]
    actual: re.Pattern[str]
    flags: dict[str, str]
    flag_words: re.Pattern[str]
    renminbi: frozenset[str]
    renminbi_words: re.Pattern[str]
    balance_at_end: re.Pattern[str]
    other_balances: re.Pattern[str]
    foreign: tuple[str, ...]
    of_others: tuple[str, ...]
    bare_sides: frozenset[str]
    states: dict[str, re.Pattern[str]]
    no_reversal: frozenset[str]
    not_lines: frozenset[str]
    last_signs: frozenset[str]
    total_of_a_time: re.Pattern[str]
    total: re.Pattern[str]
    total_must: re.Pattern[str]
    stated: dict[str, re.Pattern[str]]


def _data() -> dict[str, Any]:
    text = (DATA_FOLDER / "statement_words.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def day_signs() -> HeadingSigns:
    """The signs of the headings of days, without which nothing is a statement."""
    fields = _data()["fields"]
    return HeadingSigns.of([*fields["date"], *fields["moment"]])


@cache
def statement_words() -> StatementWords:
    data = _data()
    amounts = data["amounts"]
    tokens = {word for words in amounts.values() for word in words}
    directions = {
        name: _any_of(amounts[name])
        for name in ("amount", "in", "out", "debit", "credit", "booked")
    }
    return StatementWords(
        headings=HeadingWords(
            _fields(data),
            composed=_amount_named,
            at_end=_balance_named,
            searched=SEARCHED_ROWS,
            longest=LONGEST_HEADING,
            data=DIGIT,
        ),
        amount_heading=_made_of(tokens, ""),
        directions=directions,
        fee=re.compile(
            _one_of(data["fees"], "before", "*")
            + _one_of(data["fees"], "fee", "")
            + _one_of(data["fees"], "behind", "*")
        ),
        actual=re.compile(
            _one_of(data["actual"], "before", "")
            + _one_of(data["actual"], "what", "+")
            + "|"
            + _one_of(data["actual"], "alone", "")
        ),
        flags={spoken(word): name for name, words in data["flags"].items() for word in words},
        flag_words=_any_of(
            spoken(word) for words in data["flags"].values() for word in words if word.isalpha()
        ),
        renminbi=frozenset(map(spoken, data["renminbi"])),
        renminbi_words=_made_of(map(spoken, data["renminbi"]), ""),
        balance_at_end=re.compile(f"(?:{_any_of(data['balance_at_end']).pattern})$"),
        other_balances=_any_of(data["other_balances"]),
        foreign=tuple(data["foreign"]),
        of_others=tuple(data["of_others"]),
        bare_sides=frozenset(
            spellings(word)[0] for word in chain(data["nobodys_names"], data["of_sides"]["account"])
        ),
        states={name: _state(words) for name, words in data["states"].items()},
        no_reversal=frozenset(data["no_reversal"]),
        not_lines=frozenset(map(spoken, data["not_lines"])),
        last_signs=frozenset(
            word[-1] for word in chain(data["not_lines"], data["total_of_a_time"]["total"])
        ),
        total_of_a_time=_total_of_a_time(data["total_of_a_time"]),
        total=_made_of(chain(*data["total_words"].values()), ":?[-+0-9,.:元笔条]*"),
        total_must=_any_of(data["total_words"]["must"]),
        stated={name: _any_of(words) for name, words in data["stated"].items()},
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def _one_of(data: dict[str, list[str]], name: str, times: str) -> str:
    return f"(?:{_any_of(data[name]).pattern}){times}"


def _made_of(words: Iterable[str], end: str) -> re.Pattern[str]:
    """A text of nothing but these words: the longest first, and none is tried a second time."""
    return re.compile(rf"(?:{_any_of(words).pattern})++{end}")


def _state(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words; of those in letters so short that others have them, the whole text."""
    short = {word for word in words if word in ("Y", "N", "NO", "OK", "是", "否")}
    alone = "|".join(f"^{word}$" for word in sorted(short))
    longer = _any_of(set(words) - short).pattern
    return re.compile(f"{alone}|{longer}" if alone else longer)


def _total_of_a_time(words: dict[str, list[str]]) -> re.Pattern[str]:
    """本日合计, 月计, 2020-11-03小计, 第2页合计, 11月收入累计: a time, and what says a total."""
    beside = f"{_TIME_NAMED}|{_any_of(words['time']).pattern}"
    return re.compile(f"(?:{beside}){{0,5}}(?:{_any_of(words['total']).pattern})")


def _fields(data: dict[str, Any]) -> dict[str, list[str]]:
    fields = dict(data["fields"])
    for side, owners in data["sides"].items():
        for what, words in data["of_sides"].items():
            # A lone 单位 or 信息 is nobody's.
            combined = [owner + word for owner in owners if owner for word in words]
            if "" in owners:
                combined += words if what == "account" else data["nobodys_names"]
            fields[f"{side}_{what}"] = combined
    for field, words in data["also_of_sides"].items():
        fields[field] = [*fields[field], *words]
    return fields


def _amount_named(text: str) -> Named | None:
    """``in``, ``out``, ``debit``, ``credit``, or ``amount`` for what may be either way; ``fee`` or
    ``actual`` for what may stand beside it and change it.

    Rank 0 is the amount as the bank has booked it.
    """
    words = statement_words()
    if not words.amount_heading.fullmatch(text):
        beside = (("fee", words.fee), ("actual", words.actual))
        return next((Named(name, 0) for name, known in beside if known.fullmatch(text)), None)
    said = {name for name, pattern in words.directions.items() if pattern.search(text)}
    explicit, bare = said & {"in", "out"}, said & {"debit", "credit"}
    rank = 0 if "booked" in said else 1
    if len(explicit) == 1 and bare <= {"credit" if "in" in explicit else "debit"}:
        return Named(explicit.pop(), rank)
    if not explicit and len(bare) == 1:
        return Named(bare.pop(), rank)
    if not explicit and not bare and "amount" in said:
        return Named("amount", rank)
    return None


def _balance_named(text: str) -> Named | None:
    """A heading whose last word is 余额 or 结余, whatever bank's word stands before it.

    The balance of another day or of a part of the money is none of the lines'.
    """
    words = statement_words()
    text = BRACKETED.sub("", spoken(text))
    if not words.balance_at_end.search(text) or words.other_balances.search(text):
        return None
    return Named("balance", 0)


@lru_cache(maxsize=4096)
def flag_named(cell_text: str) -> str | None:
    """``in``, ``out``, ``debit`` or ``credit`` for a cell like 贷, 借方(D), 2-贷, 贷 Cr or 来账."""
    words = statement_words()
    text = spoken(cell_text)
    if found := words.flags.get(text) or words.flags.get(BRACKETED.sub("", text)):
        return found
    text = _BESIDE_FLAGS.sub("", text)
    said = words.flag_words.findall(text)
    if not said or "".join(said) != text:
        return None
    sides = {words.flags[word] for word in said}
    explicit = sides & {"in", "out"}
    if len(explicit) == 1 and sides <= explicit | {"credit" if "in" in explicit else "debit"}:
        return explicit.pop()
    return sides.pop() if len(sides) == 1 else None


@lru_cache(maxsize=4096)
def is_renminbi(cell_text: str) -> bool:
    """Whether a cell says our currency and no other: 人民币, CNY, 人民币/CNY, 156-人民币."""
    text = spoken(cell_text)
    words = statement_words()
    if text in words.renminbi or BRACKETED.sub("", text) in words.renminbi:
        return True
    return bool(words.renminbi_words.fullmatch(_BESIDE_CURRENCY.sub("", text)))


def names_foreign_currency(text: str) -> bool:
    """Whether a title's text says a currency that is not ours."""
    return any(word in spoken(text) for word in statement_words().foreign)


def is_filler(text: str) -> bool:
    """Whether a text stands for an empty cell: ``--``, ``---------``, a slash."""
    return bool(_FILLER.fullmatch(text))


def is_of_others(heading: str) -> bool:
    """Whether only a list of people has such a column."""
    return any(word in spoken(heading) for word in statement_words().of_others)


def is_nobodys(heading: str) -> bool:
    """Whether a heading says 户名 or 账号 and not whose."""
    return not statement_words().bare_sides.isdisjoint(spellings(heading))


@lru_cache(maxsize=4096)
def state_named(cell_text: str) -> str:
    """``done``, ``failed``, ``pending``, ``doubtful``, or empty for what nobody knows.

    未记账 and 交易不成功 hold the words of what is done, and say that it is not.
    """
    text = spoken(cell_text)
    states = statement_words().states
    said = [name for name in ("doubtful", "failed", "pending") if states[name].search(text)]
    if said:
        return said[0] if len(said) == 1 else "doubtful"
    return "done" if states["done"].search(text) and not _DENIED.search(text) else ""


def says_no_reversal(cell_text: str) -> bool:
    return spoken(cell_text) in statement_words().no_reversal


def says_red(cell_text: str) -> bool:
    """Whether a summary says of its line that it is red, that is, the other way round."""
    return bool(_RED.match(spoken(cell_text)))


def may_be_no_line(cell_text: str) -> bool:
    """A quick look, for columns of 100,000 texts: False when :func:`is_no_line` would say so."""
    return cell_text.rstrip(_AT_THE_END)[-1:] in statement_words().last_signs


def is_no_line(cell_text: str) -> bool:
    """Whether a cell says alone that its row is a total or a balance carried over."""
    words = statement_words()
    text = spoken(cell_text).rstrip(":").strip("()[]【】<>*-=")
    return text in words.not_lines or bool(words.total_of_a_time.fullmatch(text))


def is_total(text: str) -> bool:
    """Whether a row that begins so is a total, a balance carried over, or says when it was made.

    ``合计``, ``汇总收入金额``, ``贷方发生总笔数[ … ]``, ``总笔数:29``; but not 打印费 or 总工会.
    """
    plain = BRACKETED.sub("", spoken(text))
    words = statement_words()
    if words.total_of_a_time.fullmatch(plain.rstrip(":")):
        return True
    return bool(words.total.fullmatch(plain) and words.total_must.search(plain))
