"""Periods as they are written in Chinese, in the form of Fava's time filter."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl
from urllib.parse import urlencode

_QUARTERS = {word: number for number, word in enumerate("一二三四", start=1)}
_QUARTER = re.compile(r"(\d{4})年?第?([1-4一二三四])季度?")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月份?")
_YEAR = re.compile(r"(\d{4})年度?")
_UNTIL = re.compile(r"\s*[至到~—–]+\s*")


def fava_time(text: str) -> str:
    """The text with Chinese periods in Fava's form; what is none of them stays as it is.

    2020年 · 2020年10月 · 2020年10月5日 · 2020年第三季度 · 2020年5月至2020年7月
    """
    text = unicodedata.normalize("NFKC", text).strip()
    text = _QUARTER.sub(lambda m: f"{m[1]}-Q{_QUARTERS.get(m[2], m[2])}", text)
    text = _DAY.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", text)
    text = _MONTH.sub(lambda m: f"{m[1]}-{int(m[2]):02}", text)
    text = _YEAR.sub(r"\1", text)
    return _UNTIL.sub(" - ", text)


def in_fava_time(query: str) -> str:
    """A query string with its time filter in Fava's form."""
    if "time=" not in query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return urlencode(
        [(name, fava_time(value) if name == "time" else value) for name, value in pairs]
    )
