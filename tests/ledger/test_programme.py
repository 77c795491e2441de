"""``programme.toml``: the county, its towns and roles, and what is wrong with them, by key."""

from __future__ import annotations

import datetime
import secrets
from pathlib import Path

import pytest

from ledger.base.records import replace
from ledger.base.toml_table import MalformedToml
from ledger.books.new_books import create_books
from ledger.books.new_programme import NoCountyNamed
from ledger.books.new_programme import NoSuchCounty
from ledger.books.new_programme import NoSuchProgramme
from ledger.books.new_programme import SeveralCounties
from ledger.books.new_programme import UnfitBankName
from ledger.books.new_programme import find_county
from ledger.books.new_programme import national_list
from ledger.books.new_programme import new_programme
from ledger.books.new_programme import template_names
from ledger.books.settings import read_settings
from ledger.cli import execute
from ledger.model.payees import Payee
from ledger.model.programme import Role
from ledger.model.programme_file import read_programme
from ledger.model.towns import Town
from ledger.services.payee_records import RoleUnclear
from ledger.services.payee_records import with_post
from tests.support.acting import clock
from tests.support.auditor import audit
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.office import with_check_digit
from tests.support.roster_files import workbook

TODAY = datetime.date(2026, 11, 29)
COUNTY = '[county]\ncode = "370404"\nname = "峄城区"\n\n'
TOWN = '[[town]]\ncode = "370404001"\nname = "坛山街道"\n\n'


def read(tmp_path: Path, text: str) -> None:
    (tmp_path / "programme.toml").write_text(text, encoding="utf-8")
    read_programme(tmp_path)


def text_of(name: str = "agricultural-census-2026", county: str = "370404") -> str:
    return new_programme(name, county=county, today=TODAY).text


@pytest.mark.parametrize("name", template_names())
def test_every_template_fits_every_county(name: str) -> None:
    """Or at least the counties with the most and the strangest towns."""
    for code in ("370404", "441900", "460400", "120116", "650102", "429004"):
        programme = new_programme(name, county=code, today=TODAY).programme
        assert programme.county_code == code
        assert programme.towns
        assert all(town.code.startswith(code) for town in programme.towns)


def test_the_national_list_is_whole() -> None:
    counties = list(national_list())
    assert len({county.code for county in counties}) == len(counties) == 2978
    assert sum(len(county.towns) for county in counties) == 41352


def test_the_default_is_the_census_of_2020_with_its_illustration() -> None:
    new = new_programme(today=TODAY)
    assert (new.programme.county_code, len(new.programme.towns)) == ("370481", 21)
    assert new.programme.reference_day == datetime.date(2020, 11, 1)
    assert "3400000.00 CNY" in new.rules


def test_another_county_has_its_own_towns_and_lines_without_figures() -> None:
    new = new_programme(county="峄城区", today=TODAY)
    assert [town.name for town in new.programme.towns] == [
        "坛山街道", "吴林街道", "古邵镇", "阴平镇", "底阁镇", "榴园镇", "峨山镇",
    ]  # fmt: skip
    figures = [
        line for line in new.rules.splitlines() if "00 CNY" in line and "approval" not in line
    ]
    assert figures == []
    assert (
        '; 2020-01-01 custom "census-rate" "普查员" 金额 CNY "30226劳务费:01两员补助"' in new.rules
    )


def test_a_name_that_several_counties_have_is_refused_with_the_list() -> None:
    with pytest.raises(SeveralCounties, match="320106 江苏省南京市鼓楼区") as refused:
        find_county("鼓楼区")
    assert len(refused.value.facts()["counties"]) == 4
    assert find_county("南京市鼓楼区").code == "320106"
    with pytest.raises(NoSuchCounty):
        find_county("火星")


def test_a_template_without_a_county_wants_one() -> None:
    with pytest.raises(NoCountyNamed):
        new_programme("economic-census-2023", today=TODAY)
    with pytest.raises(NoSuchProgramme, match="agricultural-census-2026"):
        new_programme("census", today=TODAY)


def test_a_file_of_ones_own_is_a_programme_too(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text_of().replace("坛山街道", "城关街道"), encoding="utf-8")
    assert new_programme(str(own), today=TODAY).programme.towns[0].name == "城关街道"
    elsewhere = new_programme(str(own), county="370481", today=TODAY).programme
    assert (elsewhere.county_name, len(elsewhere.towns)) == ("滕州市", 21)


def test_the_bank_is_named(tmp_path: Path) -> None:
    assert new_programme(bank="工行峄城", today=TODAY).programme.bank.account == "工行峄城"
    with pytest.raises(UnfitBankName):
        new_programme(bank="工行:峄城", today=TODAY)


@pytest.mark.parametrize(
    ("instead", "of", "key"),
    [
        ('codes = "always"', 'codes = "optional"', "posts.codes"),
        ("color = 1\n[posts]", "[posts]", "color"),
        ("[posts]\ncolour = 1", "[posts]", "posts.colour"),
        ('reference_day = "2026-12-31"', "reference_day = 2026-12-31", "reference_day"),
        ('payment = "两员:补助"', 'payment = "两员补助"', "payment"),
        ('code = "370405002"', 'code = "370404002"', "town[2].code"),
        ('code = "370404001"', 'code = "370404002"', "town[2].code"),
        ('name = "坛山街道"', 'name = "吴林街道"', "town[2].name"),
        ('name = "吴林街道"\nformer = ["坛山街道"]', 'name = "吴林街道"', "town[2].former"),
        ('name = "吴林街道"\nformer = ["37040400 镇"]', 'name = "吴林街道"', "town[2].former"),
        ('words = ["指导员", "入户普查员"]', 'words = ["普查指导员", "指导员"]', "role[2].words"),
        ('post = "house"', 'post = "area"', "role[2].post"),
        ('name = "吴林/../街道"', 'name = "吴林街道"', "town[2].name"),
        (f'name = "{"吴" * 31}"', 'name = "吴林街道"', "town[2].name"),
        ("reference_day = " + "9" * 5000, "reference_day = 2026-12-31", ""),
        ("reference_day = " + "[" * 5000, "reference_day = 2026-12-31", ""),
        ("", TOWN.partition("\n")[0], "county.town"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_key(
    tmp_path: Path, instead: str, of: str, key: str
) -> None:
    text = text_of()
    assert of in text
    if not instead:
        text = text.partition(of)[0] + "\n[[none]]\n"
        key = "town"
    with pytest.raises(MalformedToml) as refused:
        read(tmp_path, text.replace(of, instead, 1))
    assert refused.value.key == key


def test_a_programme_without_roles_is_none(tmp_path: Path) -> None:
    text = text_of()
    without = text[: text.index("[[role]]")] + text[text.index("[words]") :]
    with pytest.raises(MalformedToml, match="role: is missing"):
        read(tmp_path, without)


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(MalformedToml, match="line 4"):
        read(tmp_path, text_of().replace('name = "第四', 'name = "x"\nname = "第四', 1))


def test_a_town_is_found_by_what_it_is_and_was_called() -> None:
    programme = new_programme(today=TODAY).programme
    town = programme.by_code["370481005"]  # type: ignore[index]
    for text in ("370481005", "东沙河街道", "东沙河", "370481100", "东沙河镇", " 东沙河镇 "):
        assert programme.find_town(text) is town
    assert programme.find_town("沙河") is None
    assert programme.by_code["370481100"] is town  # type: ignore[index]


def test_brackets_are_no_part_of_an_account() -> None:
    town = Town("120116401", "天津经济技术开发区（其他片区）")  # type: ignore[arg-type]
    assert town.component == "120116401天津经济技术开发区其他片区"


def test_a_town_without_accounts_is_an_error(office: Office) -> None:
    file = office.folder / "programme.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f'{text}\n[[town]]\ncode = "370481117"\nname = "新设镇"\n', encoding="utf-8")
    (error,) = office.check()
    assert (error["file"], error["code"]) == ("programme.toml", "programme")
    assert "370481117新设镇 in 01本级财政, 02上级补助" in error["message"]


def test_a_rate_of_no_role_is_an_error(office: Office) -> None:
    file = office.folder / "rules.beancount"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"普查指导员"', '"村干部"'), encoding="utf-8")
    (error,) = office.check()
    assert error["code"] == "rule"
    assert "a role is 普查员, 普查指导员" in error["message"]


def test_a_town_that_was_renamed_keeps_its_accounts_and_its_people(funded: Office) -> None:
    """洪绪镇 becomes a street with another code: who was of it is paid where she always was."""
    file = funded.folder / "programme.toml"
    text = file.read_text(encoding="utf-8")
    old = '[[town]]\ncode = "370481101"\nname = "洪绪镇"\n'
    new = '[[town]]\ncode = "370481006"\nname = "洪绪街道"\nformer = ["370481101 洪绪镇"]\n'
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert funded.check() == []
    batch = funded.disburse().json
    assert batch["towns"] == ["370481001", "370481101"]
    assert any("洪绪街道" in file["path"] for file in batch["files"])
    assert [town["code"] for town in funded.status()["towns"] if town["registered"]] == [
        "370481001", "370481006",
    ]  # fmt: skip
    assert funded.check() == []


def test_people_of_a_town_that_is_gone_are_not_paid(funded: Office) -> None:
    file = funded.folder / "programme.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('[[town]]\ncode = "370481101"\nname = "洪绪镇"\n', ""), "utf-8")
    refused = funded.run("disburse", "--yes")
    assert refused.status == 1
    assert "is of town 370481101, which programme.toml does not have" in refused.err
    assert funded.run("payees", "list").status == 0


def test_a_post_that_two_roles_have_makes_nobody_one_of_them(office: Office) -> None:
    programme = new_programme(today=TODAY).programme
    helper = Role("协查员", ("协查员",), "block")
    several = replace(programme, roles=(*programme.roles, helper))
    supervisor = replace(made_up(1), role="普查指导员")
    with pytest.raises(RoleUnclear, match="普查员, 协查员 have such posts"):
        with_post(supervisor, "370481001001001", [], several)
    assert with_post(supervisor, "370481001001001", [], programme).role == "普查员"
    helped = replace(supervisor, role="协查员")
    assert with_post(helped, "370481001001001", [], several).role == "协查员"


def test_an_unreadable_programme_stops_every_command(office: Office) -> None:
    file = office.folder / "programme.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\ncolour = 1\n", encoding="utf-8")
    for command in ("status", "check", "disburse"):
        refused = office.run(command)
        assert refused.status == 1
        assert "programme.toml: town[21].colour: is not a key" in refused.err


def test_init_says_what_it_has_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = execute([
        "init", str(tmp_path / "二"), "--county", "370404", "--programme",
        "agricultural-census-2026", "--bank", "工行峄城", "--json",
    ])  # fmt: skip
    assert status == 0
    assert '"unit": "峄城区第四次全国农业普查领导小组办公室"' in capsys.readouterr().out
    accounts = (tmp_path / "二" / "accounts.beancount").read_text(encoding="utf-8")
    assert "2026-01-01 open Assets:1002银行存款:01工行峄城 CNY" in accounts
    assert execute(["init", str(tmp_path / "三"), "--county", "鼓楼区"]) == 1
    assert "350102 福建省福州市鼓楼区" in capsys.readouterr().err
    assert not (tmp_path / "三").exists()


@pytest.mark.parametrize("text", ["", "\0", "a = [", "county = {code = "])
def test_a_file_that_is_no_programme_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises((MalformedToml, NoCountyNamed)) as refused:
        new_programme(str(tmp_path / "own.toml"), today=TODAY)
    assert (refused.type is NoCountyNamed) is (text == "")


def test_quotes_in_a_name_break_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = text_of().replace('name = "第四', 'name = "“第四”\\"\\\\]', 1)
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    books = tmp_path / "二"
    words = ["--programme", str(tmp_path / "own.toml"), "--unit", "普查办"]
    assert execute(["init", str(books), *words]) == 0, capsys.readouterr().err
    capsys.readouterr()
    execute(["-C", str(books), "status"])
    assert "TOML" not in capsys.readouterr().err
    rule = read_settings(books).statement_rules[2]
    assert '“第四”"\\]' in rule.words[1]


HEADINGS = ["序号", "姓名", "身份证号", "岗位", "联系电话", "开户行", "银行卡号"]


@pytest.fixture
def yicheng(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """The office of the agricultural census in 峄城区, which has no town in common with others."""
    office = Office(tmp_path / "books", tmp_path / "registry.key", capsys)
    new = new_programme("agricultural-census-2026", county="370404", today=TODAY)
    create_books(
        office.folder, clock, secrets.token_hex, programme=new, key_file=office.key, name="测试员"
    )
    return office


def registered(office: Office) -> list[Payee]:
    with office.registry() as registry:
        return list(registry.payees())


def person(number: int, role: str) -> list[str]:
    payee = made_up(number)
    return [
        str(number), payee.legal_name, payee.identity, role, "13906320001", "枣庄农商银行",
        payee.account,
    ]  # fmt: skip


def test_a_roster_of_that_county_without_codes_is_taken_with_one_warning(
    yicheng: Office, tmp_path: Path
) -> None:
    assert yicheng.check() == []
    assert [town["name"] for town in yicheng.status()["towns"]][:2] == ["坛山街道", "吴林街道"]
    path = tmp_path / "古邵镇名册.xlsx"
    people = [person(1, "入户普查员"), person(2, "普查员"), person(3, "指导员")]
    path.write_bytes(workbook({"Sheet1": [["古邵镇第四次全国农业普查名册"], HEADINGS, *people]}))
    (file,) = yicheng.run("import", "--json", path).json["files"]
    assert (file["added"], file["quarantined"]) == (3, 0)
    assert [problem["code"] for problem in file["problems"]] == ["posts_missing"]
    assert [(p.role, p.town) for p in registered(yicheng)] == [
        ("普查员", "370404100"), ("普查员", "370404100"), ("普查指导员", "370404100"),
    ]  # fmt: skip


def test_so_is_one_with_the_names_of_blocks(yicheng: Office, tmp_path: Path) -> None:
    path = tmp_path / "坛山街道.xlsx"
    headings = [*HEADINGS, "普查区", "普查小区"]
    people = [[*person(number, "普查员"), "城北社区", f"第{number}小区"] for number in range(1, 4)]
    path.write_bytes(workbook({"Sheet1": [headings, *people]}))
    (file,) = yicheng.run("import", "--json", path).json["files"]
    assert (file["added"], file["quarantined"]) == (3, 0)
    assert [problem["code"] for problem in file["problems"]] == ["posts_missing"]
    assert {p.area_name for p in registered(yicheng)} == {"城北社区"}


def test_a_code_of_another_county_is_an_error_there(yicheng: Office, tmp_path: Path) -> None:
    path = tmp_path / "坛山街道.xlsx"
    headings = [*HEADINGS, "普查小区编码"]
    people = [[*person(1, "普查员"), "370481001001001"], [*person(2, "普查员"), "370404001001001"]]
    path.write_bytes(workbook({"Sheet1": [headings, *people]}))
    (file,) = yicheng.run("import", "--json", path).json["files"]
    assert (file["added"], file["quarantined"]) == (1, 1)
    assert [problem["code"] for problem in file["problems"]] == ["block_code"]


def test_ages_count_on_the_reference_day(yicheng: Office, tmp_path: Path) -> None:
    """Eighteen on 31 December 2026 and not a day later."""
    path = tmp_path / "坛山街道.xlsx"
    people = [person(1, "普查员"), person(2, "普查员")]
    people[0][2] = with_check_digit("37040420081231001")
    people[1][2] = with_check_digit("37040420090101001")
    path.write_bytes(workbook({"Sheet1": [HEADINGS, *people]}))
    (file,) = yicheng.run("import", "--json", path).json["files"]
    assert (file["added"], file["quarantined"]) == (1, 1)
    (problem,) = [problem for problem in file["problems"] if problem["code"] == "identity_age"]
    assert "under 18 on 2026-12-31" in problem["message"]


def test_three_roles_are_paid_each_by_its_own_rate(yicheng: Office, tmp_path: Path) -> None:
    programme = yicheng.folder / "programme.toml"
    text = programme.read_text(encoding="utf-8")
    third = '[[role]]\nname = "村级协助员"\nwords = ["协助员"]\npost = "none"\n\n[words]'
    programme.write_text(text.replace("[words]", third), encoding="utf-8")
    item = '"30226劳务费:01两员补助"'
    for role, amount in (("普查员", "800.00"), ("普查指导员", "700.00"), ("村级协助员", "300.00")):
        yicheng.rule(f'2026-01-10 custom "census-rate" "{role}" {amount} CNY {item}')
    account = "Expenses:5001业务活动费用:01本级财政:30226劳务费"
    yicheng.rule(f'2026-01-10 custom "census-budget" {account} 10000.00 CNY "initial"')
    yicheng.hand(
        '2026-05-08 * "财政局" "拨款"\n  Assets:1002银行存款:01开户银行  10000.00 CNY\n'
        "  Income:4001财政拨款收入:01本级财政\n"
    )
    path = tmp_path / "坛山街道.xlsx"
    people = [person(1, "普查员"), person(2, "指导员"), person(3, "村级协助员")]
    path.write_bytes(workbook({"Sheet1": [HEADINGS, *people]}))
    assert yicheng.run("import", path).status == 0
    batch = yicheng.disburse(on=str(TODAY)).json
    assert (batch["payees"], batch["amount"]) == (3, "1800.00")
    assert yicheng.check() == []
    assert audit(yicheng.folder).findings == []
