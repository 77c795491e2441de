"""Values of settings are changed in their files: comments stay, and nothing else is said."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base import toml_edit
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.base.toml_edit import with_values
from ledger.base.toml_table import MalformedToml
from ledger.model.operators import Role
from ledger.services.settings import MayNotChangeSettings
from ledger.services.settings import NothingChanged
from ledger.services.settings import SettingsChanged
from ledger.services.settings import change_settings
from ledger.services.settings import plan_settings
from tests.support.office import Office

TEXT = """\
# 说明
top = 1
[unit]
name = "单位 # 不是注释"  # 全称
[bank]
own = "a"
# words = ["例"]
words = [
    "农商",  # 一
    "农信",
]

[[rule]]
name = "x"
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("values", "goes", "comes"),
    [
        ({"unit.name": "新"}, ['name = "单位 # 不是注释"  # 全称'], ['name = "新"  # 全称']),
        ({"bank.own": 'b"\\'}, ['own = "a"'], ['own = "b\\"\\\\"']),
        ({"bank.other": "c"}, [], ['other = "c"']),
        ({"bank.words": ["一", "二"]}, TEXT.splitlines()[7:11], ['words = ["一", "二"]']),
        ({"top": 2, "unit.seen": True}, ["top = 1"], ["top = 2", "seen = true"]),
        ({"new.key": "v"}, [], ["", "[new]", 'key = "v"']),
    ],
)
def test_a_value_is_changed_where_it_stands(
    newline: str, values: Any, goes: list[str], comes: list[str]
) -> None:
    changed = with_values("x.toml", TEXT.replace("\n", newline), values)
    assert changed.count("\n") == changed.count(newline)
    kept = [line for line in TEXT.splitlines() if line not in goes]
    assert [line for line in changed.splitlines() if line in kept or not line] != []
    assert set(kept) <= set(changed.splitlines())
    for line in comes:
        assert line in changed.splitlines()


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=12)


@given(WORDS, st.lists(WORDS, max_size=3))
def test_whatever_is_written_is_read_again(name: str, words: list[str]) -> None:
    said = tomllib.loads(with_values("x.toml", TEXT, {"unit.name": name, "bank.words": words}))
    assert said["unit"]["name"] == name
    assert said["bank"]["words"] == words
    assert said["top"] == 1
    assert said["rule"] == [{"name": "x"}]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('unit.name = "a"\n', "unit.name"),
        ('[unit]\n"name" = "a"\n', "unit.name"),
        ('[a]\nx = """\n[unit]\nname = "b"\n"""\n[unit]\nname = "c"\n', "unit.name"),
        ("unit = 1\n", "unit.name"),
    ],
)
def test_what_is_written_in_another_way_is_left_alone(text: str, key: str) -> None:
    with pytest.raises(MalformedToml) as refused:
        with_values("x.toml", text, {key: "z"})
    assert refused.value.key in ("", key)


def test_the_text_is_read_again_before_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the editor would change something else."""
    monkeypatch.setattr(toml_edit, "_span", lambda _lines, _table: (0, 9))
    with pytest.raises(MalformedToml):
        with_values("x.toml", TEXT, {"bank.own": "b", "unit.top": "c"})


def test_only_a_manager_changes_settings_and_what_is_shown_is_what_is_written(
    office: Office,
) -> None:
    books = office.books()
    manager = books.history.operators["O01"]
    clerk = replace(manager, roles=frozenset({Role.CLERK, Role.CASHIER}))
    for nobody in (None, clerk):
        with pytest.raises(MayNotChangeSettings):
            plan_settings(books, nobody, PROGRAMME_FILE, {"documents.title": "x"})
    before = (office.folder / PROGRAMME_FILE).read_text(encoding="utf-8")
    planned = plan_settings(books, manager, PROGRAMME_FILE, {"documents.title": "新标题"})
    assert planned.lines == (
        '- title = "第七次全国人口普查两员补助"',
        '+ title = "新标题"',
    )
    assert (office.folder / PROGRAMME_FILE).read_text(encoding="utf-8") == before
    with office.work() as work, pytest.raises(SettingsChanged):
        change_settings(work, PROGRAMME_FILE, {"documents.title": "新标题"}, Digest("0" * 64))
    assert (office.folder / PROGRAMME_FILE).read_text(encoding="utf-8") == before
    with office.work() as work:
        change_settings(work, PROGRAMME_FILE, {"documents.title": "新标题"}, planned.digest)
    after = (office.folder / PROGRAMME_FILE).read_text(encoding="utf-8")
    assert after == before.replace('"第七次全国人口普查两员补助"', '"新标题"', 1)
    assert office.books().programme.documents.title == "新标题"
    with pytest.raises(NothingChanged):
        plan_settings(books, manager, PROGRAMME_FILE, {"documents.title": "新标题"})


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        (PROGRAMME_FILE, "documents.title", ""),
        (PROGRAMME_FILE, "documents.title", "一行\n又一行"),
        (PROGRAMME_FILE, "documents.title", "\U0001f600"),
        (PROGRAMME_FILE, "documents.boxes", []),
        (PROGRAMME_FILE, "documents.boxes", ["签"] * 9),
        (PROGRAMME_FILE, "documents.boxes", ["签", "\U0001f600"]),
        (SETTINGS_FILE, "statement.number", "12a"),
        (SETTINGS_FILE, "unit.name", ""),
    ],
)
def test_settings_that_nothing_could_be_done_by_are_never_written(
    office: Office, file: str, key: str, value: Any
) -> None:
    books = office.books()
    with pytest.raises(MalformedToml) as refused:
        plan_settings(books, books.history.operators["O01"], file, {key: value})
    assert refused.value.key == key
