"""The core says what is wrong and what would help: what to type for it, the command line adds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from catalogue import forms
from catalogue import read_catalogue

from ledger.cli import main
from tests.support.checkout import CHECKOUT
from tests.support.commands import COMMANDS

COMMAND_LINE = CHECKOUT / "ledger" / "cli"
# A browser that nobody let in has no other help than to start the command again.
OF_THE_DOOR = {
    "this address was good once and has been used: run 'census-ledger desk' again, which opens a"
    " new one",
    "only a browser that 'census-ledger desk' has opened on this machine is answered: run it"
    " again, and it opens a new page",
}

NAMES = {" ".join(path) for path in COMMANDS if path}
OPTIONS = {
    option
    for command in COMMANDS.values()
    for parameter in command.get_params(click.Context(main))
    if isinstance(parameter, click.Option)
    for option in (*parameter.opts, *parameter.secondary_opts)
}


def any_of(words: set[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


# One word alone may be English: it is a command in quotes, after the program, and among Chinese.
TYPED = re.compile(
    rf"""(?<![\w-]) (?: --[a-z] | (?:{any_of(OPTIONS)}) (?![\w-]) )
    | (?: census-ledger\s | \b(?:use|run)\s | ['‘“"`] | [\u4e00-\u9fff]\s? )
      (?:{any_of(NAMES)}) (?![\w:-])
    | (?<![\w-]) (?:{any_of({name for name in NAMES if " " in name})}) (?![\w-])
    """,
    re.VERBOSE | re.ASCII,
)


def texts_in(source: str) -> Iterator[str]:
    """Every text in a module but its docstrings, and names of commands that records keep."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str) and node.value not in NAMES:
            yield node.value


def core_modules() -> list[Path]:
    return [
        path
        for folder in ("ledger", "importers", "reports")
        for path in (CHECKOUT / folder).rglob("*.py")
        if not path.is_relative_to(COMMAND_LINE)
    ]


def test_no_text_outside_the_command_line_names_an_option_or_a_command() -> None:
    texts = [text for path in core_modules() for text in texts_in(path.read_text(encoding="utf-8"))]
    assert len(texts) > 5000
    assert {text for text in texts if TYPED.search(text)} == OF_THE_DOOR


def test_no_translation_of_such_a_text_does() -> None:
    naming = {
        forms(message.id)[0]
        for message in read_catalogue()
        if any(not place.startswith(("ledger/cli/", "click")) for place, _line in message.locations)
        and any(TYPED.search(form) for form in forms(message.string))
    }
    assert naming == OF_THE_DOOR


@pytest.mark.parametrize(
    "text",
    [
        "name it with --town",
        "say it with --as-of-now",
        "look into the right books with -C BOOKS",
        "'census-ledger status' lists them",
        "take this entry out and use disburse, import or batch",
        "only when 'desk' was started for it",
        "make it again (census-ledger report month)",
        "see payees held",
        "变更确认后才登记：payees confirm 人员编号",
        "请用 explain 说明",
    ],
)
def test_a_word_to_type_is_seen(text: str) -> None:
    assert TYPED.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "a subsidy is entered by census-ledger alone",
        "census-ledger.toml: payout.group: name one",
        "import it on trial",
        "explain the line instead",
        "the batch's result is ahead of its report",
        "在每行下用 batch: 写明批次",
        "不用补齐没有退回的行",
    ],
)
def test_words_that_are_no_command_are_let_be(text: str) -> None:
    assert not TYPED.search(text)
