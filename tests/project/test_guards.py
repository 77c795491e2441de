"""Every guard is marked in the code and listed, once; scripts/guards.py takes each one away."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import guards
import pytest

from tests.support.checkout import CHECKOUT

# Refuses what is marked in the code and not listed, listed and not marked, or marked twice.
ALL = guards.read_guards()


def test_every_rule_about_money_is_listed_once() -> None:
    assert len(ALL) > 80
    assert len({guard.rule for guard in ALL}) == len(ALL)


@pytest.mark.parametrize("guard", ALL, ids=lambda guard: guard.name)
def test_a_guard_can_be_taken_away(guard: guards.Guard) -> None:
    source, with_guard = source_of(guard.file)
    assert guards.without_guard(source, guard) != with_guard
    assert guard.tests
    assert all((CHECKOUT / test.partition("::")[0]).is_file() for test in guard.tests)


@cache
def source_of(file: str) -> tuple[str, str]:
    """A module's text, and the same without comments as a change of it is written."""
    source = (CHECKOUT / file).read_text(encoding="utf-8")
    return source, ast.unparse(ast.parse(source))


def test_the_page_is_made_from_the_list() -> None:
    assert guards.PAGE.read_text(encoding="utf-8") == guards.page_of(ALL)


SOURCE = """\
def pay(amount, cash, names):
    if amount > cash:  # guard: there-is-cash
        return "no"
    # guard: somebody, one-name
    if (
        not names
        or len(names) > 1
    ):
        return "whom"
    for name in names:  # guard: told
        tell(name)
    enter(amount)  # guard: entered
    return [one for one in names if one]  # guard: named
"""


@pytest.mark.parametrize(
    ("name", "how", "before", "after"),
    [
        ("there-is-cash", {}, "if amount > cash:", "if False:"),
        ("somebody", {"without": "not names"}, "not names or len(names) > 1", "len(names) > 1"),
        ("one-name", {"without": "len(names)>1"}, "not names or len(names) > 1", "not names"),
        ("one-name", {"instead": ("1", "2")}, "len(names) > 1", "len(names) > 2"),
        ("told", {}, "for name in names:", "for name in ():"),
        ("entered", {}, "enter(amount)", "pass"),
        ("named", {"without": "one"}, None, None),
        ("there-is-cash", {"without": "'no'"}, None, None),
        ("named", {"instead": ("[one for one in names if one]", "names")},
         "[one for one in names if one]", "names"),
    ],
)  # fmt: skip
def test_only_the_marked_statement_is_changed(
    name: str, how: dict[str, str], before: str | None, after: str | None
) -> None:
    guard = guards.Guard(name, "pay.py", "", "", **how)  # type: ignore[arg-type]
    if before is None or after is None:
        with pytest.raises(SystemExit, match=r"stands [02] times"):
            guards.without_guard(SOURCE, guard)
    else:
        plain = ast.unparse(ast.parse(SOURCE))
        assert plain.count(before) == 1
        assert guards.without_guard(SOURCE, guard) == plain.replace(before, after)


@pytest.mark.parametrize(
    ("listed", "code", "complaint"),
    [
        ("", "x = 1  # guard: a", r"ledger/a\.py:1: guards\.toml has no guard a\."),
        ("[a]\nrule='r'\ntest='t'", "x = 1", "No statement is marked as a"),
        ("[a]\nrule='r'\ntest='t'", "x = '# guard: a'", "No statement is marked as a"),
        ("[a]\nrule='r'\ntest='t'", "x = 1\n# guard: a", "No statement is marked as a"),
        ("[a]\nrule='r'\ntest='t'", "# guard: a\nx = 1  # guard: a",
         r"ledger/a\.py:2: the guard a is marked in ledger/a\.py too"),
    ],
)  # fmt: skip
def test_a_marker_and_a_line_of_the_list_belong_together(
    listed: str, code: str, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "guards.toml").write_text(listed, encoding="utf-8")
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "a.py").write_text(f"{code}\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=complaint):
        guards.read_guards(tmp_path)
