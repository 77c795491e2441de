"""Towns and roles come, are called otherwise, merge and go: what is in use is never lost."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag
from hypothesis import given
from hypothesis import strategies as st

from ledger.base import toml_edit
from ledger.base.books_folder import ACCOUNTS_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import RULES_FILE
from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import with_table
from ledger.base.toml_edit import with_values
from ledger.base.toml_edit import without_table
from ledger.base.toml_table import MalformedToml
from ledger.base.toml_table import parse_toml
from ledger.model.ids import TownCode
from ledger.model.operators import Role
from ledger.model.programme import Programme
from ledger.model.programme_file import programme_of
from ledger.model.rules import Rate
from ledger.services import programme
from ledger.services.programme import PlannedProgramme
from ledger.services.programme import ProgrammeRefused
from ledger.services.programme import RoleInUse
from ledger.services.programme import TownInUse
from ledger.services.programme import change_programme
from ledger.services.programme import plan_programme
from ledger.services.programme_text import IntoItself
from ledger.services.programme_text import NameTaken
from ledger.services.programme_text import NoSuchRole
from ledger.services.programme_text import NoSuchTown
from ledger.services.programme_text import ProgrammeChange
from ledger.services.programme_text import RoleAdded
from ledger.services.programme_text import RoleCalled
from ledger.services.programme_text import RoleRemoved
from ledger.services.programme_text import TownAdded
from ledger.services.programme_text import TownRemoved
from ledger.services.programme_text import TownRenamed
from ledger.services.programme_text import edited
from ledger.services.rules import RuleOfThatDay
from ledger.services.settings import MayNotChangeSettings
from ledger.services.settings import NothingChanged
from ledger.services.settings import SettingsChanged
from tests.support.acting import clock
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import fields_of
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.office import Office
from tests.support.office import day
from tests.support.roster_imports import roster
from tests.support.roster_imports import row

pytestmark = pytest.mark.attacks

TOWNS, ROLES = "/settings/towns", "/settings/roles"
ON = "2020-11-02"
# Two towns in which there are people, one in which there is nobody.
HERE, THERE, EMPTY = "370481001", "370481101", "370481116"
NEW = TownAdded("370481117", "新设镇")


def plan(office: Office, change: ProgrammeChange) -> PlannedProgramme:
    books = office.books()
    with office.registry() as registry:
        operator = books.history.operators["O01"]
        return plan_programme(books, registry, operator, change, clock().date())


def make(office: Office, change: ProgrammeChange) -> PlannedProgramme:
    planned = plan(office, change)
    with office.work() as work:
        change_programme(work, change, planned.digest)
    return planned


def file(office: Office, name: str = PROGRAMME_FILE) -> str:
    return (office.folder / name).read_text(encoding="utf-8")


def test_a_new_town_has_accounts_as_the_others_have(funded: Office) -> None:
    planned = make(funded, NEW)
    assert list(planned.files) == [ACCOUNTS_FILE, PROGRAMME_FILE]
    assert planned.lines[PROGRAMME_FILE] == (
        "+ ", "+ [[town]]", '+ code = "370481117"', '+ name = "新设镇"',
    )  # fmt: skip
    assert funded.check() == []
    opened = [line for line in file(funded, ACCOUNTS_FILE).splitlines() if NEW.code in line]
    like = [line for line in file(funded, ACCOUNTS_FILE).splitlines() if HERE in line]
    assert opened == [line.replace(f"{HERE}荆河街道", "370481117新设镇") for line in like]
    funded.register(1, town="370481117")
    assert "370481117" in funded.disburse().json["towns"]
    assert funded.check() == []


def test_a_killed_work_has_opened_accounts_and_is_done_by_doing_it_again(office: Office) -> None:
    planned = plan(office, NEW)
    (office.folder / ACCOUNTS_FILE).write_bytes(planned.files[ACCOUNTS_FILE])
    assert office.check() == []
    assert list(make(office, NEW).files) == [PROGRAMME_FILE]
    assert file(office, ACCOUNTS_FILE).encode() == planned.files[ACCOUNTS_FILE]
    assert office.check() == []


def test_a_town_gets_another_name_and_rosters_may_say_the_old_one(funded: Office) -> None:
    planned = make(funded, TownRenamed(THERE, "洪绪街道"))
    assert planned.lines == {
        PROGRAMME_FILE: ('- name = "洪绪镇"', '+ name = "洪绪街道"', '+ former = ["洪绪镇"]')
    }
    known = funded.books().programme
    assert known.find_town("洪绪镇") == known.find_town("洪绪街道")
    make(funded, TownRenamed(THERE, "洪绪新镇"))
    make(funded, TownRenamed(THERE, "洪绪镇"))
    assert funded.books().programme.find_town("洪绪新镇") is not None
    assert funded.disburse().json["towns"] == [HERE, THERE]
    assert funded.check() == []


def test_a_town_with_people_goes_into_another_and_they_are_paid(funded: Office) -> None:
    make(funded, TownRemoved(THERE, into=HERE))
    assert '"370481101 洪绪镇"' in file(funded)
    assert funded.check() == []
    towns = [town for town in funded.status()["towns"] if town["registered"]]
    assert [(town["code"], town["registered"]) for town in towns] == [(HERE, 6)]
    batch = funded.disburse().json
    assert batch["payees"] == 6
    assert funded.check() == []


def test_a_town_with_another_code_is_a_new_one_into_which_the_old_one_goes(funded: Office) -> None:
    make(funded, TownAdded("370481006", "洪绪街道"))
    make(funded, TownRemoved(THERE, into="370481006"))
    assert funded.check() == []
    assert funded.disburse().json["payees"] == 6
    assert funded.check() == []


def test_papers_and_closed_months_outlive_a_change_of_towns(funded: Office) -> None:
    funded.disburse()
    assert funded.run("month", "close", "2020-11", "--yes").status == 0
    (sheet,) = funded.folder.glob("payouts/B2020-001/*洪绪镇.pdf")
    before = sheet.read_bytes()
    make(funded, TownRenamed(THERE, "洪绪街道"))
    make(funded, TownRemoved(THERE, into=HERE))
    assert funded.check() == []
    assert funded.run("verify", sheet).status == 0
    sheet.unlink()
    assert funded.run("batch", "restore", "B2020-001").status == 0
    assert sheet.read_bytes() == before


def test_a_town_in_use_does_not_go(funded: Office) -> None:
    before = file(funded)
    with pytest.raises(TownInUse, match="洪绪镇 has 3 people"):
        plan(funded, TownRemoved(THERE))
    make(funded, TownRemoved(EMPTY))
    assert EMPTY not in file(funded)
    with pytest.raises(NoSuchTown):
        plan(funded, TownRemoved(EMPTY))
    assert funded.check() == []
    assert file(funded) != before


def test_the_only_town_goes_into_no_unknown_one(office: Office) -> None:
    text = file(office)
    for town in office.books().programme.towns[1:]:
        text = edited(read_text(text), text, TownRemoved(town.code))
    (only,) = read_text(text).towns
    with pytest.raises(NoSuchTown, match="370481999"):
        edited(read_text(text), text, TownRemoved(only.code, into="370481999"))


def read_text(text: str) -> Programme:
    return programme_of(parse_toml(PROGRAMME_FILE, text))


def test_a_town_through_whose_accounts_money_went_does_not_go(office: Office) -> None:
    town = office.books().components[TownCode(EMPTY)]
    account = f"Expenses:5001业务活动费用:01本级财政:30226劳务费:01两员补助:{town}"
    office.hand(
        f'{ON} * "某人" "补助"\n  {account}  1.00 CNY\n'
        "  Assets:1002银行存款:01滕州农商行  -1.00 CNY\n"
    )
    with pytest.raises(TownInUse, match="0 people, or payments"):
        plan(office, TownRemoved(EMPTY))


def test_a_role_comes_with_its_rate(office: Office) -> None:
    item = office.books().rules.rates[0].item
    rate = Rate(day(ON), "村干部", 30_000, item)
    added = RoleAdded("村干部", ("村干部", "村居干部"), "none", rate, "鲁统 3 号")
    planned = make(office, added)
    assert planned.lines[PROGRAMME_FILE] == (
        "+ ", "+ [[role]]", '+ name = "村干部"', '+ words = ["村干部", "村居干部"]',
        '+ post = "none"',
    )  # fmt: skip
    assert f'+ {ON} custom "census-rate" "村干部" 300.00 CNY "{item}"' in planned.lines[RULES_FILE]
    assert office.books().rules.rate("村干部", day(ON)) == rate
    assert office.books().programme.by_role["村干部"].words == ("村干部", "村居干部")
    assert office.check() == []
    for again in (added, replace(added, rate=None)):
        with pytest.raises(NothingChanged):
            plan(office, again)
    with pytest.raises(RuleOfThatDay):
        plan(office, replace(added, rate=replace(rate, amount_fen=1)))


def test_a_killed_work_has_named_a_role_and_its_rate_comes_by_doing_it_again(
    office: Office,
) -> None:
    rate = Rate(day(ON), "村干部", 30_000, office.books().rules.rates[0].item)
    added = RoleAdded("村干部", (), "none", rate)
    planned = plan(office, added)
    (office.folder / PROGRAMME_FILE).write_bytes(planned.files[PROGRAMME_FILE])
    assert office.check() == []
    assert list(make(office, added).files) == [RULES_FILE]
    assert file(office, RULES_FILE).encode() == planned.files[RULES_FILE]


def test_a_role_in_use_does_not_go(office: Office) -> None:
    with pytest.raises(RoleInUse, match="0 people are 普查指导员, or the rules"):
        plan(office, RoleRemoved("普查指导员"))
    make(office, RoleAdded("村干部", (), "none"))
    office.register(1, change=lambda payee: replace(payee, role="村干部"))
    with pytest.raises(RoleInUse, match="1 people are 村干部"):
        plan(office, RoleRemoved("村干部"))
    make(office, RoleAdded("协查员", (), "none"))
    make(office, RoleRemoved("协查员"))
    assert office.books().programme.role_names == ("普查员", "普查指导员", "村干部")
    with pytest.raises(NoSuchRole):
        plan(office, RoleRemoved("协查员"))


def test_rosters_may_call_a_role_otherwise(office: Office) -> None:
    make(office, RoleCalled("普查员", ("入户员", "普查人员")))
    assert office.books().programme.by_role["普查员"].words == ("普查员", "入户员", "普查人员")
    assert office.check() == []


def test_a_roster_that_was_looked_at_before_is_read_by_the_new_role(office: Office) -> None:
    """The desk reads many files in one process."""
    path = roster(office.folder.with_name("a.xlsx"), row(1, 岗位="村干部", 普查小区编码=""))

    def sent_back() -> Any:
        answer = office.run("import", path, "--dry-run", "--json").json
        return answer["files"][0]["quarantined"]

    assert sent_back() == 1
    make(office, RoleAdded("村干部", (), "none"))
    assert sent_back() == 0
    make(office, RoleRemoved("村干部"))
    assert sent_back() == 1


@pytest.mark.parametrize(
    ("change", "refused", "key"),
    [
        (TownAdded("370482001", "别县镇"), MalformedToml, "code"),
        (TownAdded("37048111", "少一位镇"), MalformedToml, "code"),
        (TownAdded("370481117", ""), MalformedToml, "name"),
        (TownAdded("370481117", "a/b"), MalformedToml, "name"),
        (TownAdded("370481117", "\U0001f600镇"), MalformedToml, "name"),
        (TownAdded(HERE, "新设镇"), NameTaken, "code"),
        (TownAdded("370481117", "洪绪镇"), NameTaken, "name"),
        (TownAdded("370481117", "东沙河镇"), NameTaken, "name"),
        (TownRenamed(THERE, "荆河街道"), NameTaken, "name"),
        (TownRenamed(THERE, "洪绪镇"), NothingChanged, None),
        (TownRenamed("370481999", "没有镇"), NoSuchTown, None),
        (TownRemoved(EMPTY, into=EMPTY), IntoItself, None),
        (TownRemoved(EMPTY, into="370481999"), NoSuchTown, None),
        (RoleAdded("普查员", ("别的",), "none"), NameTaken, "words"),
        (RoleAdded("村干部", ("指导员",), "none"), NameTaken, "words"),
        (RoleAdded("村 干部", (), "none"), MalformedToml, "name"),
        (RoleAdded("村干部", (), "house"), MalformedToml, "post"),
        (RoleCalled("普查员", ("指导员",)), NameTaken, "words"),
        (RoleCalled("村干部", ("干部",)), NoSuchRole, None),
    ],
)
def test_what_would_be_wrong_is_refused_with_its_key(
    office: Office, change: ProgrammeChange, refused: type[Refusal], key: str | None
) -> None:
    with pytest.raises(refused) as found:
        plan(office, change)
    if key is not None:
        assert str(getattr(found.value, "key")).rpartition(".")[2] == key  # noqa: B009


def test_a_town_without_accounts_is_not_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip of what opens them would leave books with an error."""
    monkeypatch.setattr(programme, "opened_for", lambda _books, _town: iter(()))
    with pytest.raises(ProgrammeRefused, match="no accounts are open for 370481117新设镇"):
        plan(office, NEW)


def test_only_a_manager_changes_the_programme_and_as_it_was_shown(office: Office) -> None:
    books, before = office.books(), file(office)
    manager = books.history.operators["O01"]
    clerk = replace(manager, roles=frozenset({Role.CLERK}))
    with office.registry() as registry:
        for nobody in (None, clerk):
            with pytest.raises(MayNotChangeSettings):
                plan_programme(books, registry, nobody, NEW, day(ON))
    with office.work() as work, pytest.raises(SettingsChanged):
        change_programme(work, NEW, Digest("0" * 64))
    assert file(office) == before
    assert NEW.code not in file(office, ACCOUNTS_FILE)


# The text of a file of tables.

TEXT = """\
# 说明
top = 1

[[town]]
code = "1"
# 里面的
name = "甲"  # 后面的

# 下一个的
[[town]]
code = "2"
name = "[[town]]"

[end]
x = 2"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tables_come_and_go_and_comments_stay(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    more = with_table("x.toml", text, "town", {"code": "3", "name": '丙"'})
    assert more.count("\n") == more.count(newline)
    said = tomllib.loads(more)
    assert [town["code"] for town in said["town"]] == ["1", "2", "3"]
    assert said["end"] == {"x": 2}
    assert set(TEXT.splitlines()) < set(more.splitlines())
    assert without_table("x.toml", more, "town[3]") == text
    less = without_table("x.toml", text, "town[1]")
    assert [town["code"] for town in tomllib.loads(less)["town"]] == ["2"]
    assert "# 下一个的" in less
    changed = with_values("x.toml", text, {"town[2].name": "乙", "town[2].former": ["丁"]})
    assert tomllib.loads(changed)["town"][1] == {"code": "2", "name": "乙", "former": ["丁"]}
    assert "# 后面的" in changed
    first = with_table("x.toml", text, "role", {"name": "员"})
    assert tomllib.loads(first)["role"] == [{"name": "员"}]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=12))
def test_whatever_a_table_says_is_read_again(name: str) -> None:
    said = tomllib.loads(with_table("x.toml", TEXT, "town", {"name": name}))
    assert said["town"][2] == {"name": name}


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (lambda text: with_table("x.toml", text, "town", {"name": "a"}), "town = [{name = 'b'}]\n"),
        (lambda text: with_table("x.toml", text, "town", {"name": "a"}), "town = 1\n"),
        (
            lambda text: without_table("x.toml", text, "town[1]"),
            '[[town]]\nname = """\n[[town]]\n"""\n[[town]]\nname = "b"\n[town.part]\nx = 1\n',
        ),
    ],
)
def test_what_is_written_in_another_way_is_left_alone(
    edit: Callable[[str], str], text: str
) -> None:
    with pytest.raises(MalformedToml):
        edit(text)


def test_the_text_is_read_again_before_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the editor would change something else."""
    monkeypatch.setattr(toml_edit, "_last_line", lambda lines, _table: len(lines))
    with pytest.raises(MalformedToml):
        without_table("x.toml", TEXT, "town[1]")
    with pytest.raises(MalformedToml):
        with_table("x.toml", TEXT, "town.part", {"name": "a"})


# The pages.


@pytest.fixture
def manager(office: Office) -> DeskPages:
    return DeskPages(office).log_in()


def at_field(page: str, form: str, field: str) -> str:
    found = BeautifulSoup(page, "html.parser").find(id=f"{form}-{field}-problem")
    return " ".join(found.get_text().split()) if isinstance(found, Tag) else ""


def shown_lines(page: str) -> list[str]:
    html = BeautifulSoup(page, "html.parser")
    return [line for pre in html.find_all("pre") for line in pre.get_text().splitlines()]


def written(office: Office, pages: DeskPages, path: str, form: str, **typed: str) -> list[str]:
    """Look at what would be written and confirm it: those lines, and no others, come and go."""
    names = (ACCOUNTS_FILE, PROGRAMME_FILE, RULES_FILE)
    before = [file(office, name) for name in names]
    shown = pages.send(path, form, **typed)
    assert shown.status_code == 200, refusals(shown)
    assert [file(office, name) for name in names] == before
    sent = fields_of(shown.text, "keep")
    answer = pages.post(sent.pop("action"), **sent)
    assert answer.headers.get("Location") == path, refusals(answer)
    assert notes(pages.our(path)) == ["已写入账套。"]
    after = [file(office, name) for name in names]
    lines = shown_lines(shown.text)
    for old, new in zip(before, after, strict=True):
        gone = set(old.splitlines()) - set(new.splitlines())
        come = set(new.splitlines()) - set(old.splitlines())
        assert gone <= {line[2:] for line in lines if line[0] == "-"}
        assert come <= {line[2:] for line in lines if line[0] == "+"}
    assert office.check() == []
    return lines


def test_towns_are_changed_on_their_page(office: Office, manager: DeskPages) -> None:
    written(office, manager, TOWNS, "add", code="370481117", name="新设镇")
    written(office, manager, TOWNS, "rename", town=THERE, name="洪绪街道")
    shown = manager.send(TOWNS, "remove", town=EMPTY, into=HERE)
    assert "东郭镇 并入 荆河街道。" in shown.text
    written(office, manager, TOWNS, "remove", town=EMPTY, into=HERE)
    written(office, manager, TOWNS, "remove", town="370481117")
    page = manager.page(TOWNS)
    assert "洪绪街道" in page and "新设镇" not in page


def test_roles_are_changed_on_their_page(office: Office, manager: DeskPages) -> None:
    typed = {"name": "村干部", "words": "村居干部、两委", "post": "none", "rate": "300", "on": ON}
    lines = written(office, manager, ROLES, "add", **typed)
    assert any('"村干部" 300.00 CNY' in line for line in lines)
    written(office, manager, ROLES, "call", role="普查员", words="入户员")
    written(office, manager, ROLES, "add", **{**typed, "name": "协查员", "words": "", "rate": ""})
    written(office, manager, ROLES, "remove", role="协查员")
    assert "300.00" in manager.page(ROLES)


@pytest.mark.parametrize(
    ("path", "form", "typed", "field"),
    [
        (TOWNS, "add", {"code": "370482001", "name": "别县镇"}, "code"),
        (TOWNS, "add", {"code": HERE, "name": "别镇"}, "code"),
        (TOWNS, "add", {"code": "370481117", "name": "洪绪镇"}, "name"),
        (TOWNS, "rename", {"town": THERE, "name": "荆河街道"}, "name"),
        (TOWNS, "rename", {"town": "1", "name": "荆河"}, "town"),
        (TOWNS, "remove", {"town": HERE}, "town"),
        (ROLES, "add", {"name": "村 干部", "on": ON}, "name"),
        (ROLES, "add", {"name": "村干部", "words": "指导员", "on": ON}, "words"),
        (ROLES, "add", {"name": "村干部", "post": "x", "on": ON}, "post"),
        (ROLES, "add", {"name": "村干部", "rate": "三百", "on": ON}, "rate"),
        (ROLES, "add", {"name": "村干部", "rate": "300", "on": "2020-02-30"}, "on"),
        (ROLES, "call", {"role": "普查员", "words": "指导员"}, "words"),
        (ROLES, "remove", {"role": "普查员"}, "role"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    office: Office, manager: DeskPages, path: str, form: str, typed: Any, field: str
) -> None:
    office.register(1, town=HERE)
    before = file(office)
    for step in ("", "write"):
        answer = manager.send(path, form, **typed, step=step, digest="x")
        assert answer.status_code == 422
        assert at_field(answer.text, form, field), refusals(answer)
        assert shown_lines(answer.text) == []
    assert file(office) == before


def test_a_rate_is_of_one_of_the_stages(office: Office, manager: DeskPages) -> None:
    office.rule('2020-01-01 custom "census-stage" "S1" "摸底" "fixed"')
    typed = {"name": "村干部", "rate": "300", "on": ON}
    wrong = manager.send(ROLES, "add", **typed, stage="S9")
    assert at_field(wrong.text, "add", "stage")
    lines = written(office, manager, ROLES, "add", **typed, stage="S1")
    assert any('"村干部" "S1" 300.00 CNY' in line for line in lines)


def test_if_a_file_was_changed_meanwhile_the_lines_are_shown_anew(
    office: Office, manager: DeskPages
) -> None:
    shown = manager.send(TOWNS, "add", code="370481117", name="新设镇")
    path = office.folder / PROGRAMME_FILE
    path.write_text(file(office) + "# 在记事本里写的\n", encoding="utf-8")
    sent = fields_of(shown.text, "keep")
    answer = manager.post(sent.pop("action"), **sent)
    assert answer.status_code == 422
    assert "刚才被改动过" in refusals(answer)[0]
    assert NEW.code not in file(office)
    sent = fields_of(answer.text, "keep")
    assert manager.post(sent.pop("action"), **sent).status_code == 303
    assert office.check() == []


def test_only_a_manager_changes_towns_and_roles(office: Office) -> None:
    office.run("operator", "add", "经办员", "--role", "经办")
    clerk = DeskPages(office).log_in("O02")
    assert TOWNS not in clerk.page("/settings")
    token = clerk.fields("/", "logout")["token"]
    typed = {"code": NEW.code, "name": NEW.name, "step": "write", "digest": "x", "token": token}
    assert clerk.our(TOWNS).status_code == 403
    assert clerk.post(f"{TOWNS}/add", **typed).status_code == 403
    assert NEW.code not in file(office)
