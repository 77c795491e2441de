"""Findings: what is wrong with the books, as values that bean-check and Fava print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

if TYPE_CHECKING:
    from beancount.core import data

# What the world may do to the books: the bank's statement says that it has happened, and it is
# entered. Everything else would be a mistake of ours, and is refused.
FACTS = frozenset(
    {"line_exceeded", "fund_exceeded", "bank_below_zero", "void_debit", "barred_debit"}
)
# What was entered in a month that is closed: opening the month again is an answer to it.
CLOSED_MONTH = "closed_month"


class Finding(NamedTuple):
    """A ledger error in Beancount's form, with the code of the rule that is broken.

    ``source`` holds the file name and the line; ``code`` is one of :data:`CODES`.
    """

    source: data.Meta
    message: str
    entry: Any
    code: str


def without_facts(problems: Iterable[Any]) -> list[Any]:
    """The errors but for those that only say what has happened."""
    # guard: facts-keep-from-paying
    return [problem for problem in problems if getattr(problem, "code", "") not in FACTS]


def without_closed_months(problems: Iterable[Any]) -> list[Any]:
    """The errors but for those for which a month may be opened again."""
    # guard: reopened-with-what-it-is-for
    return [problem for problem in problems if getattr(problem, "code", "") != CLOSED_MONTH]


def at(entry: Any, code: str, message: str) -> Finding:
    """A finding at the line of a directive."""
    return Finding(source=entry.meta, message=message, entry=entry, code=code)


def in_file(filename: str, line: int, code: str, message: str) -> Finding:
    """A finding at a line of a file that no directive stands for."""
    return Finding({"filename": filename, "lineno": line}, message, None, code)
