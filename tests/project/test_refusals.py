"""Every refusal has a code by which programs know it, and facts that are fit for them."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from string import Formatter
from textwrap import dedent

import pytest
import refusals
from refusal_words import sentences

from ledger.base.refusals import Refusal
from ledger.cli.terminal.next_steps import NEXT_STEPS
from tests.support.checkout import CHECKOUT
from tests.support.office import Office

KINDS = refusals.all_refusals()
# What the answer itself has beside the facts.
TAKEN = {"error", "code", "facts", "file"}


def test_the_pages_of_refusals_list_them_all_as_they_are() -> None:
    assert refusals.PAGE.read_text(encoding="utf-8") == refusals.page()
    assert refusals.CHINESE_PAGE.read_text(encoding="utf-8") == refusals.chinese_page()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_is_found_by_what_it_says(kind: type[Refusal]) -> None:
    assert sentences(kind) or kind.__subclasses__()
    assert refusals.subject_of(kind)


def test_what_a_user_reads_is_found_in_the_chinese_page() -> None:
    page = refusals.chinese_page()
    for words in ("受…限制。未写入任何内容", "没有批次 …", "磁盘已满", "另一条命令正在写入本账套"):
        assert words in page
    assert "| 没有批次 … | 请运行 census-ledger batch list 查看已有批次 | `no-such-batch` |" in page


def test_no_two_refusals_have_the_same_code() -> None:
    assert [code for code, count in Counter(kind.code for kind in KINDS).items() if count > 1] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_has_a_code_and_says_what_it_means(kind: type[Refusal]) -> None:
    assert re.fullmatch("[a-z]+(-[a-z]+)*", kind.code)
    assert refusals.meaning(kind).endswith(".")


def test_a_code_comes_of_the_name_and_a_renamed_class_keeps_its_own() -> None:
    class MadeUpForATest(Refusal):
        pass

    class AnotherName(MadeUpForATest):
        code = "made-up"

    assert (MadeUpForATest.code, AnotherName.code) == ("made-up-for-a-test", "made-up")


def test_no_fact_has_the_name_of_another_field_of_the_answer() -> None:
    named = {
        keyword.arg
        for folder in refusals.FOLDERS
        for source in (CHECKOUT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__"
        for keyword in node.keywords
    }
    assert {"batch", "payee", "day"} <= named
    assert not named & TAKEN


def test_every_next_step_follows_a_refusal_there_is() -> None:
    assert set(NEXT_STEPS) <= {kind.code for kind in KINDS}


def facts_of(kind: type[Refusal]) -> set[str]:
    """What the class names as facts wherever one is made, or else the class that it comes of."""
    tree = ast.parse(dedent(inspect.getsource(kind)))
    given = [
        {keyword.arg for keyword in node.keywords if keyword.arg}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__"
    ]
    above = next(base for base in kind.__bases__ if issubclass(base, Refusal))
    inherited = facts_of(above) if above is not Refusal else set()
    return set.intersection(*given) | inherited if given else inherited


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.code in NEXT_STEPS])
def test_a_next_step_speaks_of_facts_of_its_refusal(kind: type[Refusal]) -> None:
    fields = {field for _words, field, *_rest in Formatter().parse(NEXT_STEPS[kind.code]) if field}
    assert fields <= facts_of(kind)


def test_the_command_says_what_to_type_after_the_sentence(funded: Office) -> None:
    unknown = funded.run("batch", "show", "B2020-404")
    assert "no batch B2020-404; 'census-ledger batch list' shows" in unknown.err


def test_a_program_is_told_code_and_facts_beside_the_sentence(funded: Office) -> None:
    unknown = funded.run("batch", "show", "B2020-404", "--json")
    assert unknown.status == 1
    assert unknown.json["error"]
    assert unknown.json["code"] == "no-such-batch"
    assert unknown.json["facts"] == {"batch": "B2020-404"}


def test_the_facts_that_stood_beside_the_sentence_still_do(funded: Office) -> None:
    refused = funded.disburse("--fund", "09", "--json")
    assert refused.json["code"] == "no-such-fund"
    assert refused.json["known"] == refused.json["facts"]["known"]
