"""Which lines of a lock hold on Windows, and what pip is told so that it takes wheels for Windows.

pip judges the markers of a lock by the system that it runs on, whatever system it takes wheels for.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

MARKERS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    # Of the edition's Python: scripts/windows_edition.py.
    "python_full_version": "3.11.9",
    "sys_platform": "win32",
}
# A package, its version, perhaps a marker, and the lines of its digests.
_PACKAGE = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<digests> \\\n(?: .*\n)+)",
    re.MULTILINE,
)


def for_windows(lock: str, *, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """The packages of a lock that Windows needs: each one's lines, without its marker."""
    return {
        found["name"]: f"{found['name']}=={found['version']}{found['digests']}"
        for found in _PACKAGE.finditer(lock)
        if found["name"] not in without and holds(found["marker"] or "True")
    }


def holds(marker: str) -> bool:
    """Whether a marker holds on Windows; ends the program for one that it cannot judge."""
    try:
        return bool(_value(ast.parse(marker.strip(), mode="eval").body))
    except (SyntaxError, ValueError, KeyError):
        sys.exit(f"The lock has a marker that is not understood here: {marker}")


def _value(node: ast.expr) -> str | bool:
    if isinstance(node, ast.BoolOp):
        all_or_any = all if isinstance(node.op, ast.And) else any
        return all_or_any([_value(part) for part in node.values])
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = _value(node.left), _value(node.comparators[0])
        if isinstance(node.ops[0], ast.Eq | ast.NotEq):
            return (left == right) == isinstance(node.ops[0], ast.Eq)
        if isinstance(node.ops[0], ast.Lt | ast.GtE):
            return (_version(left) < _version(right)) == isinstance(node.ops[0], ast.Lt)
    if isinstance(node, ast.Name):
        return MARKERS[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bool):
        return node.value
    raise ValueError


def options(python: str) -> Iterator[str]:
    """What pip is told: a version of Python (``3.11``) on Windows, on the usual processors."""
    yield from ("--platform=win_amd64", "--implementation=cp", f"--python-version={python}")
    tag = "cp" + python.replace(".", "")
    yield from (f"--abi={tag}", "--abi=abi3", "--abi=none", "--no-deps")


def write_lock(file: Path, packages: dict[str, str]) -> Path:
    """A lock of some packages."""
    file.write_text("".join(packages.values()), encoding="ascii", newline="\n")
    return file


def _version(value: str | bool) -> tuple[int, ...]:
    """Raises ValueError for what is no release."""
    return tuple(map(int, str(value).split(".")))
