"""The Chinese catalogue: every message of the code, as an office and its bank say it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from string import Formatter

import click
import pytest
from catalogue import CLICK_MESSAGES
from catalogue import compiled_translations
from catalogue import forms
from catalogue import messages_in_code
from catalogue import read_catalogue
from catalogue import translations

from ledger.cli import main
from tests.support.commands import COMMANDS
from tests.support.office import Office

CHINESE = {"LANG": "C.UTF-8"}
ENGLISH = {"LANG": "en_US.UTF-8"}
LANGUAGE_VARIABLES = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}

HANZI = "[\u4e00-\u9fff]"
WORD = re.compile(r"[A-Za-z][A-Za-z_-]+")
# Options, and commands in quotation marks: they are typed as they stand.
TYPED = re.compile(r"(?<![\w-])--?[A-Za-z][a-z-]*|'census-ledger [^']*'")
# What stays as it is in a Chinese sentence; metavariables and names of commands beside these.
UNTRANSLATED = {"census-ledger", "payouts", "JSON", "OPTIONS", "COMMAND", "ARGS"} | {
    *("xlsx", "pdf", "PDF", "JPG", "JPEG", "PNG", "zip", "pub", "Dask"),
    "CENSUS_LEDGER_BOOKS",
    "CENSUS_LEDGER_KEY",
    "CENSUS_LEDGER_OPERATOR",
}

CATALOGUE = translations(read_catalogue())
# A plural message has one Chinese form, which stands for the plural.
TRANSLATIONS = [(message[-1], translation[0]) for message, translation in CATALOGUE.items()]
OWN_TRANSLATIONS = [
    (message[-1], translation[0])
    for message, translation in CATALOGUE.items()
    if message not in map(forms, CLICK_MESSAGES)
]


def placeholders(text: str) -> Counter[tuple[str, str, str]]:
    """Every field of a format string with its format and conversion."""
    return Counter(
        (name, spec or "", conversion or "")
        for _literal, name, spec, conversion in Formatter().parse(text)
        if name is not None
    )


def run(language: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``census-ledger`` in a process of its own, as the installed command would."""
    kept = {key: value for key, value in os.environ.items() if key not in LANGUAGE_VARIABLES}
    return subprocess.run(
        [sys.executable, "-c", "from ledger.cli import run; run()", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**kept, **language},
    )


def words_to_type() -> set[str]:
    """Names of commands, options and choices, and the metavariables that stand for values."""
    words = {word for path in COMMANDS for word in path}
    context = click.Context(main)
    for command in COMMANDS.values():
        for parameter in command.get_params(context):
            texts = [*parameter.opts, parameter.make_metavar(context)]
            words.update(word for text in texts for word in WORD.findall(text))
    return words


def english_in(text: str) -> set[str]:
    return set(WORD.findall(text)) - words_to_type() - UNTRANSLATED


def width(line: str) -> int:
    """In columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_every_message_of_the_code_is_translated_and_no_other() -> None:
    in_code = {forms(message.id) for message in messages_in_code() if message.id}
    missing, obsolete = in_code - CATALOGUE.keys(), CATALOGUE.keys() - in_code
    assert (missing, obsolete) == (set(), set()), "run scripts/catalogue.py and translate"
    catalogue = read_catalogue()
    assert not catalogue.obsolete
    assert not any(message.fuzzy for message in catalogue if message.id)


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    assert compiled_translations() == CATALOGUE, "run scripts/catalogue.py"


def test_placeholders_are_those_of_the_message() -> None:
    differing = [
        (message, translation)
        for message, translation in TRANSLATIONS
        if placeholders(message) != placeholders(translation)
    ]
    assert not differing


def test_every_translation_can_be_filled_in() -> None:
    for forms_of_message, (translation,) in CATALOGUE.items():
        fields = {name for form in forms_of_message for name, *_rest in placeholders(form)}
        filled = translation.format(**{field: f"<{field}>" for field in fields})
        for name, _spec, _conversion in placeholders(translation):
            assert f"<{name}>" in filled


def test_what_is_typed_stays_as_it_is() -> None:
    for message, translation in OWN_TRANSLATIONS:
        for typed in TYPED.findall(message):
            assert typed.strip("'") in translation, message


def test_chinese_is_set_as_chinese() -> None:
    """Full-width punctuation, no blanks between characters, and full stops where there are any."""
    blank = re.compile(f"{HANZI} +{HANZI}")
    half_width = re.compile(f"{HANZI}[,;:?!()]|[,;:?!()]{HANZI}")
    for message, translation in OWN_TRANSLATIONS:
        assert not blank.search(translation), translation
        assert not half_width.search(translation), translation
        is_sentence = message.endswith(".") and not message.endswith("...")
        assert translation.endswith("。") == is_sentence, translation


def test_a_console_of_code_page_936_can_show_every_message() -> None:
    for _message, translation in TRANSLATIONS:
        translation.encode("gbk")


def test_the_language_is_chinese_unless_the_locale_is_english() -> None:
    chinese, english = run(CHINESE, "--help"), run(ENGLISH, "--help")
    assert chinese.stdout.startswith("用法: census-ledger")
    assert "选项:" in chinese.stdout
    assert "显示本帮助后退出。" in chinese.stdout
    assert english.stdout.startswith("Usage: census-ledger")
    assert "Show this message and exit." in english.stdout
    assert not re.search(HANZI, english.stdout)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "census-ledger")
def test_help_is_chinese_and_fits_the_terminal(path: tuple[str, ...]) -> None:
    answer = run(CHINESE, *path, "--help")
    assert answer.returncode == 0
    assert english_in(answer.stdout) == set()
    assert max(map(width, answer.stdout.splitlines())) <= 80


def test_a_refusal_is_chinese(tmp_path: Path) -> None:
    answer = run(CHINESE, "-C", tmp_path / "1", "status")
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"无法办理：文件夹 {tmp_path / '1'} 中没有账套；请")
    english = run(ENGLISH, "-C", tmp_path / "1", "status")
    assert english.stderr.startswith(f"Refused: there are no books in {tmp_path / '1'}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "错误：没有 'frobnicate' 这个命令。"),
        (["status", "--dat"], "错误：没有 '--dat' 这个选项。"),
        (["status", "--date"], "错误：选项 '--date' 后面要带 1 个值。"),
        (["status", "--json=3"], "错误：选项 '--json' 后面不带值。"),
        (["status", "--date", "昨天"], "错误：'--date' 的值无效：日期 '昨天' 的写法不对，"),
        (["status", "1"], "错误：多出了参数：1"),
        (["import"], "错误：缺少参数 'FILE|FOLDER...'"),
        (["import", "--as", "1", "2"], "错误：'--as' 的值无效：'1' 不在可选范围内，应为 "),
    ],
)
def test_wrong_usage_is_told_in_chinese(arguments: list[str], message: str) -> None:
    answer = run(CHINESE, *arguments)
    assert answer.returncode == 2
    assert message in answer.stderr


@pytest.mark.parametrize(
    "arguments", [["status"], ["batch", "list"], ["disburse", "--dry-run"], ["check"]]
)
def test_a_days_work_shows_no_english(funded: Office, arguments: list[str]) -> None:
    assert funded.disburse("--town", "荆河街道").status == 0
    answer = run(CHINESE, "-C", funded.folder, "--key", funded.key, *arguments)
    assert answer.returncode == 0
    assert re.search(HANZI, answer.stdout)
    # Names of batches and files, and the digits of a seal.
    names = r"B\d{4}-\d{3}|rules\.beancount|\b[0-9a-f]{4}( ?[0-9a-f]{4}){3}\b"
    text = re.sub(names, "", answer.stdout + answer.stderr)
    assert english_in(text) == set()
