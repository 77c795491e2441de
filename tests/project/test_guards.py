"""The list of guards keeps up with the code; scripts/guards.py takes each one away."""

from __future__ import annotations

import ast

import guards
import pytest

from tests.support.checkout import CHECKOUT

ALL = guards.read_guards()


def test_every_rule_about_money_is_listed_once() -> None:
    assert len(ALL) > 80
    assert len({guard.rule for guard in ALL}) == len(ALL)


@pytest.mark.parametrize("guard", ALL, ids=lambda guard: guard.rule)
def test_a_guard_stands_where_the_list_says(guard: guards.Guard) -> None:
    """Once, so that it is taken away for good, and what is left is a program still."""
    text = (CHECKOUT / guard.file).read_text(encoding="utf-8")
    assert text.count(guard.find) == 1
    ast.parse(text.replace(guard.find, guard.replace))
    assert all((CHECKOUT / test.partition("::")[0]).is_file() for test in guard.tests)


def test_the_page_is_made_from_the_list() -> None:
    assert guards.PAGE.read_text(encoding="utf-8") == guards.page_of(ALL)
