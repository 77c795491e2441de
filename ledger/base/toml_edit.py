"""Changing values in the text of a TOML file: comments and everything else stay as they are.

The text is changed line by line and then read again: it has to say what it said, but for the
values that were to be changed, or else it is not changed at all.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.toml_table import MalformedToml

Value = str | bool | int | Sequence[str]
_TABLE = re.compile(r"\s*\[\[?\s*(?P<name>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")


def with_values(file: str, text: str, values: Mapping[str, Value]) -> str:
    """The text of a file in which keys, such as ``bank.own_profile``, have other values.

    A key that is not there yet comes into its table. Raises MalformedToml where the text cannot be
    changed so that it says just this.
    """
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    for key, value in values.items():
        table, _dot, name = key.rpartition(".")
        try:
            lines = _changed(lines, table, name, toml_value(value), newline)
        except ValueError:
            raise _not_to_change(file, key) from None
    changed = "".join(lines)
    # guard: edited-toml-as-meant
    if _parsed(file, changed) != _expected(_parsed(file, text), values):
        raise _not_to_change(file, next(iter(values)))
    return changed


def toml_value(value: Value) -> str:
    """A value as TOML writes it: its texts are those of JSON."""
    return json.dumps(value if isinstance(value, str | int) else list(value), ensure_ascii=False)


def _changed(lines: Sequence[str], table: str, name: str, value: str, newline: str) -> list[str]:
    """The lines with a key of a table set. Raises ValueError where its value does not end."""
    first, last = _span(lines, table)
    at = next((n for n in range(first, last) if _is_of(lines[n], name)), None)
    if at is None:
        return _inserted(lines, table, f"{name} = {value}{newline}", newline)
    after, comment = _end(lines, at, last)
    said = f"{name} = {value}{comment}{newline}"
    return [*lines[:at], said, *lines[after:]]


def _span(lines: Sequence[str], table: str) -> tuple[int, int]:
    """The lines of a table, without its heading; none where there is no such table."""
    headings = list(_headings(lines))
    starts = [number + 1 for number, name in headings if name == table]
    first = 0 if not table else starts[0] if starts else len(lines)
    last = next((number for number, _name in headings if number >= first), len(lines))
    return first, last


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines):
        if found := _TABLE.match(line.rstrip("\r\n")):
            yield number, found["name"]


def _is_of(line: str, name: str) -> bool:
    return re.match(rf"\s*{re.escape(name)}\s*=", line) is not None


def _end(lines: Sequence[str], at: int, last: int) -> tuple[int, str]:
    """The line after a value that begins on a line, and the comment behind the value."""
    for after in range(at + 1, last + 1):
        text = "".join(lines[at:after]).rstrip()
        try:
            whole = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
        for found in re.finditer(r"\s*#", text):
            if _says(text[: found.start()], whole):
                comment = text[found.start() :]
                return after, "" if "\n" in comment else comment
        return after, ""
    raise ValueError


def _says(text: str, expected: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        return False


def _inserted(lines: Sequence[str], table: str, line: str, newline: str) -> list[str]:
    """The lines with a new key behind the others of its table, or in a new table at the end."""
    headings = {name for _number, name in _headings(lines)}
    if table and table not in headings:
        ended = [*lines[:-1], lines[-1].rstrip("\r\n") + newline] if lines else []
        return [*ended, newline, f"[{table}]{newline}", line]
    first, last = _span(lines, table)
    keys = [n for n in range(first, last) if re.match(r"\s*[\w\"'.-]+\s*=", lines[n])]
    if not keys:
        return [*lines[:first], line, *lines[first:]]
    after, _comment = _end(lines, keys[-1], last)
    before = [*lines[:after]]
    before[-1] = before[-1].rstrip("\r\n") + newline
    return [*before, line, *lines[after:]]


def _expected(before: Mapping[str, Any], values: Mapping[str, Value]) -> Mapping[str, Any]:
    expected = deepcopy(dict(before))
    for key, value in values.items():
        table, _dot, name = key.rpartition(".")
        place = expected.setdefault(table, {}) if table else expected
        if not isinstance(place, dict):
            return {}
        place[name] = value if isinstance(value, str | int) else list(value)
    return expected


def _parsed(file: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = _("the file is not TOML: {error}").format(error=error)
        raise MalformedToml(file, "", problem) from error


def _not_to_change(file: str, key: str) -> MalformedToml:
    problem = _("it is written in a way that cannot be changed from here: change it in the file")
    return MalformedToml(file, key, problem)
