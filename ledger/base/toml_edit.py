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
_NTH = re.compile(r"(?P<name>[^\[\]]*)(?:\[(?P<number>[1-9]\d*)\])?")


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


def with_table(file: str, text: str, name: str, values: Mapping[str, Value]) -> str:
    """The text of a file with one more table ``[[name]]``, behind the others of that name.

    Raises MalformedToml where the text cannot be changed so that it says just this.
    """
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    count = sum(name == found for _number, found in _headings(lines))
    after = _last_line(lines, f"{name}[{count}]") if count else len(lines)
    ended = [*lines[:after]]
    if ended:
        ended[-1] = ended[-1].rstrip("\r\n") + newline
    said = [f"{key} = {toml_value(value)}{newline}" for key, value in values.items()]
    changed = "".join([*ended, newline, f"[[{name}]]{newline}", *said, *lines[after:]])
    expected = deepcopy(dict(_parsed(file, text)))
    tables = expected.setdefault(name, [])
    if isinstance(tables, list):
        tables.append({key: _parsed_value(value) for key, value in values.items()})
    # guard: added-table-as-meant
    if _parsed(file, changed) != expected:
        raise _not_to_change(file, name)
    return changed


def without_table(file: str, text: str, table: str) -> str:
    """The text of a file without a table, such as ``town[3]``, and the blank line before it.

    Raises MalformedToml where the text cannot be changed so that it says just this.
    """
    lines = text.splitlines(keepends=True)
    first, _last = _span(lines, table)
    start, after = first - 1, _last_line(lines, table)
    if start and not lines[start - 1].strip():
        start -= 1
    changed = "".join([*lines[:start], *lines[after:]])
    expected = deepcopy(dict(_parsed(file, text)))
    name, number = _nth(table)
    del expected[name][number - 1]
    # guard: removed-table-as-meant
    if _parsed(file, changed) != {key: value for key, value in expected.items() if value != []}:
        raise _not_to_change(file, table)
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
    wanted, nth = _nth(table)
    headings = list(_headings(lines))
    starts = [number + 1 for number, name in headings if name == wanted]
    first = 0 if not table else starts[nth - 1] if len(starts) >= nth else len(lines)
    last = next((number for number, _name in headings if number >= first), len(lines))
    return first, last


def _nth(table: str) -> tuple[str, int]:
    """The name of a table, and which of that name it is: ``town[3]`` is the third."""
    found = _NTH.fullmatch(table)
    return (found["name"], int(found["number"] or 1)) if found else (table, 1)


def _last_line(lines: Sequence[str], table: str) -> int:
    """The line after the last of a table: blank lines and comments behind it are of the next."""
    first, last = _span(lines, table)
    said = [n for n in range(first, last) if lines[n].strip() and lines[n].lstrip()[0] != "#"]
    return said[-1] + 1 if said else first


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
    if table and _nth(table)[0] not in headings:
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
        within, nth = _nth(table)
        place = expected.setdefault(within, {}) if table else expected
        if isinstance(place, list) and len(place) >= nth:
            place = place[nth - 1]
        if not isinstance(place, dict):
            return {}
        place[name] = _parsed_value(value)
    return expected


def _parsed_value(value: Value) -> Any:
    return value if isinstance(value, str | int) else list(value)


def _parsed(file: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = _("the file is not TOML: {error}").format(error=error)
        raise MalformedToml(file, "", problem) from error


def _not_to_change(file: str, key: str) -> MalformedToml:
    problem = _("it is written in a way that cannot be changed from here: change it in the file")
    return MalformedToml(file, key, problem)
