"""``payees export``: the registry as a workbook outside the books, masked or whole."""

from __future__ import annotations

import errno
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger.base import durable
from ledger.base.durable import Disk
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.roster_imports import imported


def rows(path: Path) -> list[dict[str, Any]]:
    page = load_workbook(path).worksheets[0]
    headings, *lines = list(page.iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, headings), line, strict=True)) for line in lines]


@beginning
def answered(funded: Office) -> Office:
    funded.disburse()
    take_result(funded, everyone(PAID, 1) | everyone(CLOSED, 2))
    funded.run("payees", "deactivate", "P000003", "--reason", "辞职", "--yes")
    return funded


def test_everybody_is_in_it_with_what_became_of_the_money(answered: Office, tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    answer = answered.run("payees", "export", path, "--json", "--date", "2020-12-01")
    assert answer.json == {
        "path": str(path), "payees": 6, "masked": True, "as_of": "2020-12-01",
    }  # fmt: skip
    found = rows(path)
    states = [(one["人员编号"], one["在岗"], one["补助状态"], one["金额"]) for one in found]
    assert states[:4] == [
        ("P000001", "是", "已支付", 800),
        ("P000002", "是", "退回", 800),
        ("P000003", "是", "代发中", 800),
        ("P000004", "是", "代发中", 800),
    ]
    assert "账户" in found[1]["等待事项"]


def test_who_has_left_and_was_never_paid_is_in_it_too(funded: Office, tmp_path: Path) -> None:
    funded.run("payees", "deactivate", "P000003", "--reason", "辞职", "--yes")
    funded.run("payees", "export", tmp_path / "a.xlsx")
    assert [one["在岗"] for one in rows(tmp_path / "a.xlsx")] == [
        "是",
        "是",
        "否",
        "是",
        "是",
        "是",
    ]


def test_it_is_masked(funded: Office, tmp_path: Path) -> None:
    funded.run("payees", "export", tmp_path / "a.xlsx")
    text = str(rows(tmp_path / "a.xlsx"))
    for number in (1, 2, 3):
        payee = made_up(number)
        for secret in (payee.identity, payee.account, payee.phone):
            assert secret not in text
            assert secret[-4:] in text


def test_whole_numbers_are_asked_for_and_warned_of(funded: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    asked = funded.run("payees", "export", path, "--unmasked")
    assert (asked.status, path.exists()) == (2, False)
    said = funded.run("payees", "export", path, "--unmasked", "--yes")
    assert "as you would cash" in said.out
    assert rows(path)[0]["银行账号"] == made_up(1).account
    assert "涉密" in load_workbook(path).worksheets[0]["A2"].value


def test_a_list_with_whole_numbers_comes_in_as_a_correction(funded: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    funded.run("payees", "export", path, "--unmasked", "--yes")
    (file,) = imported(funded, path)
    assert (file["unchanged"], file["held"], file["quarantined"]) == (6, 0, 0)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--town", "洪绪镇"], ["P000004", "P000005", "P000006"]),
        (["--state", "paid"], ["P000001"]),
        (["--state", "due"], []),
    ],
)
def test_a_part_of_the_people(
    answered: Office, tmp_path: Path, options: list[str], ids: list[str]
) -> None:
    answered.run("payees", "export", tmp_path / "a.xlsx", *options)
    assert [one["人员编号"] for one in rows(tmp_path / "a.xlsx")] == ids


@pytest.mark.parametrize("place", ["a.xlsx", "reports/a.xlsx", "payouts/../a.xlsx"])
def test_no_list_is_written_into_the_books(funded: Office, place: str) -> None:
    path = funded.folder / place
    refused = funded.run("payees", "export", path, "--unmasked", "--yes")
    assert (refused.status, "in the folder of the books" in refused.err) == (1, True)
    assert not path.exists()


def test_another_file_is_not_replaced(funded: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"mine")
    refused = funded.run("payees", "export", path)
    assert (refused.status, "is not replaced" in refused.err) == (1, True)
    assert path.read_bytes() == b"mine"


def test_a_list_is_a_workbook(funded: Office, tmp_path: Path) -> None:
    assert "ends in .xlsx" in funded.run("payees", "export", tmp_path / "a.csv").err


def test_a_folder_that_is_not_there(funded: Office, tmp_path: Path) -> None:
    refused = funded.run("payees", "export", tmp_path / "nowhere" / "a.xlsx")
    assert (refused.status, len(refused.err.splitlines())) == (1, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_nobody_else_reads_it(funded: Office, tmp_path: Path) -> None:
    funded.run("payees", "export", tmp_path / "a.xlsx")
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o600


def test_a_full_disk_leaves_no_half_of_it(
    funded: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Disk):
        def write_file(self, path: Path, content: bytes, mode: int) -> None:
            super().write_file(path, content[:100], mode)
            raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(durable, "disk", Full())
    refused = funded.run("payees", "export", tmp_path / "a.xlsx", "--unmasked", "--yes")
    assert (refused.status, "nothing was exported" in refused.err) == (1, True)
    assert list(tmp_path.glob("a.*")) == []
