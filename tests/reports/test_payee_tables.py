"""The pages beside the list of people: the towns added up, and who shares something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_imports import imported


def page(office: Office, folder: Path, name: str, *options: str) -> list[dict[str, Any]]:
    path = folder / "名单.xlsx"
    path.unlink(missing_ok=True)
    assert office.run("payees", "export", path, *options).status == 0
    headings, *lines = load_workbook(path)[name].iter_rows(min_row=3, values_only=True)
    return [dict(zip(map(str, headings), line, strict=True)) for line in lines]


def test_every_town_and_all_together(funded: Office, tmp_path: Path) -> None:
    funded.disburse()
    take_result(funded, everyone(PAID, 1, 4, 5) | everyone(CLOSED, 2))
    funded.run("payees", "deactivate", "P000003", "--reason", "辞职", "--yes")
    assert page(funded, tmp_path, "各镇街人数") == [
        {"镇街": "荆河街道", "人数": 3, "在岗": 2, "未发": 0, "代发中": 1, "已支付": 1, "退回": 1,
         "待查": 0, "已付金额": 800},
        {"镇街": "洪绪镇", "人数": 3, "在岗": 3, "未发": 0, "代发中": 1, "已支付": 2, "退回": 0,
         "待查": 0, "已付金额": 1600},
        {"镇街": "合计", "人数": 6, "在岗": 5, "未发": 0, "代发中": 2, "已支付": 3, "退回": 1,
         "待查": 0, "已付金额": 2400},
    ]  # fmt: skip


@pytest.fixture
def alike(office: Office, tmp_path: Path) -> Office:
    """2 has the phone of 1, 3 the name of 1, 4 the post of 1; 5 has nothing of anybody."""
    one = made_up(1)
    path = tmp_path / "荆河街道.xlsx"
    path.write_bytes(
        roster(
            person(1),
            person(2, 联系电话=one.phone),
            person(3, 姓名=one.legal_name),
            person(4, 普查小区编码=one.block),
            person(5),
        )
    )
    assert imported(office, path)[0]["added"] == 5
    return office


def found(lines: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(line["相同项"], line["人数"], line["人员编号"]) for line in lines]


def test_who_shares_a_phone_a_name_or_a_post(alike: Office, tmp_path: Path) -> None:
    lines = page(alike, tmp_path, "相同项")
    assert found(lines) == [
        ("联系电话", "2", "P000001"), ("联系电话", "2", "P000002"),
        ("姓名", "2", "P000001"), ("姓名", "2", "P000003"),
        ("岗位", "2", "P000001"), ("岗位", "2", "P000004"),
    ]  # fmt: skip
    assert lines[0]["内容"] == "****" + made_up(1).phone[-4:]
    assert made_up(1).phone not in str(lines)
    whole = page(alike, tmp_path, "相同项", "--unmasked", "--yes")
    assert whole[0]["内容"] == made_up(1).phone


def test_a_part_of_the_people_is_compared_with_everybody(alike: Office, tmp_path: Path) -> None:
    alike.run("payees", "deactivate", "P000002", "--reason", "辞职", "--yes")
    assert page(alike, tmp_path, "各镇街人数", "--town", "洪绪镇")[0]["人数"] == 0
    assert page(alike, tmp_path, "相同项", "--town", "洪绪镇") == []
    path = tmp_path / "洪绪镇.xlsx"
    shares = person(9, 联系电话=made_up(1).phone, 普查小区编码="370481101001001")
    path.write_bytes(roster(shares, person(8, 普查小区编码="370481101001002"), title="洪绪镇名册"))
    imported(alike, path)
    assert found(page(alike, tmp_path, "相同项", "--town", "洪绪镇")) == [
        ("联系电话", "3", "P000001"), ("联系电话", "3", "P000002"), ("联系电话", "3", "P000006"),
    ]  # fmt: skip


def test_of_a_post_only_those_in_office_count(alike: Office, tmp_path: Path) -> None:
    alike.run("payees", "deactivate", "P000004", "--reason", "辞职", "--yes")
    assert ("岗位", "2", "P000001") not in found(page(alike, tmp_path, "相同项"))


def test_a_name_in_two_towns_is_nothing(office: Office, tmp_path: Path) -> None:
    office.register(1, town="370481001")
    path = tmp_path / "洪绪镇.xlsx"
    namesake = person(2, 姓名=made_up(1).legal_name, 普查小区编码="370481101001001")
    path.write_bytes(roster(namesake, title="洪绪镇两员花名册"))
    assert imported(office, path)[0]["added"] == 1
    assert page(office, tmp_path, "相同项") == []


def test_a_list_of_nobody(office: Office, tmp_path: Path) -> None:
    (total,) = page(office, tmp_path, "各镇街人数")
    assert (total["镇街"], total["人数"], total["已付金额"]) == ("合计", 0, 0)
    assert page(office, tmp_path, "相同项") == []
