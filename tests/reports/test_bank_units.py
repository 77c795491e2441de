"""Bank files in yuan or fen, with 联行号, as .xls: written, read back and verified."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ledger.base.toml_table import MalformedToml
from ledger.disbursement.amount_unit import unit_said
from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.unsendable import why_unsendable
from ledger.model.instructions import Instruction
from reports.bank.files import write_bank_files
from reports.bank.readback import BankFileDiffers
from reports.bank.readback import check_bank_file
from reports.bank.readback import read_back
from tests.support.auditor import audit
from tests.support.auditor import edit
from tests.support.beginnings import beginning
from tests.support.made_up_payments import BATCH
from tests.support.made_up_payments import payments
from tests.support.office import Office

BANK, BRANCH, OTHER = "105100000017", "105454300011", "103100000026"
CODES = f'[bank_codes]\n"农村商业银行" = "{BANK}"\n"农村商业银行滕州支行" = "{BRANCH}"\n'


def profile_text(file_type: str, unit: str, *, heading: str = "金额", codes: str = CODES) -> str:
    return f"""
title = "某银行"
file_type = "{file_type}"
encoding = "gbk"
debit = "gross"
remark = "两员补助"
amount_unit = "{unit}"
header_row = 2
cells = [{{ at = "A1", value = "total_amount" }}, {{ at = "B1", value = "total_count" }}]
columns = [
    {{ header = "序号", value = "bank_row" }},
    {{ header = "收款账号", value = "account" }},
    {{ header = "收款户名", value = "bank_name" }},
    {{ header = "{heading}", value = "amount", kind = "amount" }},
    {{ header = "联行号", value = "bank_code" }},
    {{ header = "币种", text = "CNY" }},
    {{ header = "摘要", value = "remark" }},
]
{codes}"""


def profile(folder: Path, *arguments: str, **options: str) -> BankProfile:
    (folder / "某银行.toml").write_text(profile_text(*arguments, **options), encoding="utf-8")
    return load_profile("某银行", folder)


def written(folder: Path, one: BankProfile, rows: list[Instruction]) -> tuple[Path, Any]:
    planned = plan_bank_files(rows, own=one, other=one, own_words=[], batch=BATCH)
    write_bank_files(folder, planned, own=one, other=one)
    path = folder / planned[0].bank_file
    check_bank_file(path, one, planned)
    return path, planned


def people(*fen: int) -> list[Instruction]:
    rows = payments(len(fen), bank="滕州农村商业银行")
    return [row._replace(amount_fen=amount) for row, amount in zip(rows, fen, strict=True)]


FORMS = [(kind, unit) for kind in ("xlsx", "xls", "csv") for unit in ("yuan", "fen")]


@pytest.mark.parametrize(("file_type", "unit"), FORMS)
def test_amounts_and_totals_are_in_the_unit_of_the_profile(
    tmp_path: Path, file_type: str, unit: str
) -> None:
    path, _planned = written(tmp_path, one := profile(tmp_path, file_type, unit), people(80_010, 5))
    assert path.suffix == f".{file_type}"
    head, _headings, first, second = read_back(path, one)
    amounts = [head[0], first[3], second[3]]
    said = ["800.15", "800.10", "0.05"] if unit == "yuan" else ["80015", "80010", "5"]
    assert amounts == (said if file_type == "csv" else [Decimal(one) for one in said])
    assert head[1] == ("2" if file_type == "csv" else Decimal(2))
    assert [first[0], *first[4:]] == ["1", BANK, "CNY", "两员补助"]


def test_an_old_workbook_is_one(tmp_path: Path) -> None:
    path, planned = written(tmp_path, profile(tmp_path, "xls", "yuan"), people(80_000))
    assert path.read_bytes()[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
    (row,) = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[2:]
    assert row[1] == planned[0].account, "an account is text, with every digit"
    assert row[3] == 800.0


@pytest.mark.parametrize(("file_type", "unit"), FORMS)
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, file_type: str, unit: str) -> None:
    one = profile(tmp_path, file_type, unit)
    contents = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        contents.add(written(tmp_path / name, one, people(80_000, 7))[0].read_bytes())
    assert len(contents) == 1


@given(fen=st.lists(st.integers(1, 10**10), min_size=1, max_size=4), form=st.sampled_from(FORMS))
def test_no_fen_is_lost_and_none_is_taken_for_a_yuan(
    tmp_path_factory: pytest.TempPathFactory, fen: list[int], form: tuple[str, str]
) -> None:
    """In each form; and a file that was written in the other unit is told."""
    folder = tmp_path_factory.mktemp("bank")
    one = profile(folder, *form)
    path, planned = written(folder, one, people(*fen))
    other = profile(folder, form[0], "fen" if form[1] == "yuan" else "yuan")
    with pytest.raises(BankFileDiffers):
        check_bank_file(path, other, planned)


# What headings say.


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("金额(分)", "fen"), ("金额（分）", "fen"), ("代发金额/分", "fen"),
        ("金额【单位：分】", "fen"),
        ("金额分", "fen"), ("金额（以分为单位）", "fen"), ("金额_分", "fen"),
        ("金额 （ 分 ）", "fen"),
        ("金额(元)", "yuan"), ("金额（人民币元）", "yuan"), ("金额：元", "yuan"),
        ("金额元", "yuan"),
        ("金额(万元)", "万元"), ("金额/千元", "千元"), ("金额(角)", "角"),
        ("金额", ""), ("应处理金额(必须小于1亿)", ""), ("分行金额", ""),
        ("金额(含税)", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_a_heading_says_of_the_unit(heading: str, unit: str) -> None:
    assert unit_said(heading) == unit


@pytest.mark.parametrize(
    ("heading", "unit", "taken"),
    [
        ("金额(分)", "fen", True), ("金额(元)", "yuan", True), ("金额", "fen", True),
        ("金额(分)", "yuan", False), ("金额(元)", "fen", False), ("金额(万元)", "yuan", False),
        ("金额(万元)", "fen", False),
    ],
)  # fmt: skip
def test_a_heading_of_another_unit_is_refused_when_the_profile_is_read(
    tmp_path: Path, heading: str, unit: str, taken: bool
) -> None:
    if taken:
        assert profile(tmp_path, "csv", unit, heading=heading).amount_unit == unit
        return
    with pytest.raises(MalformedToml, match="another unit") as refused:
        profile(tmp_path, "csv", unit, heading=heading)
    assert refused.value.key == "columns[4].header"


def test_a_title_of_another_unit_too(tmp_path: Path) -> None:
    text = profile_text("xlsx", "yuan").replace('value = "total_count"', 'text = "单位：分"')
    (tmp_path / "某银行.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedToml, match="another unit"):
        load_profile("某银行", tmp_path)


def test_a_sheet_of_the_old_format_has_only_so_many_rows(tmp_path: Path) -> None:
    text = profile_text("xls", "yuan").replace(
        "header_row = 2", "header_row = 2\nrow_limit = 65535"
    )
    (tmp_path / "某银行.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedToml, match="row_limit"):
        load_profile("某银行", tmp_path)


# 联行号.


@pytest.mark.parametrize(
    ("bank", "reason"),
    [
        ("农村商业银行", None), ("滕州农村商业银行", None), ("农村商业银行滕州支行", None),
        ("中国农业银行", "bank_code_missing"), ("", "bank_code_missing"),
        ("中国银行（原农村商业银行滕州支行）", "bank_code_doubtful"),
    ],
)  # fmt: skip
def test_one_code_fits_or_she_waits(tmp_path: Path, bank: str, reason: str | None) -> None:
    codes = f'{CODES}"中国银行" = "{OTHER}"\n'
    one = profile(tmp_path, "csv", "yuan", codes=codes)
    found = why_unsendable(one, bank_name="某", account="6215", bank=bank, amount_fen=1)
    assert found == reason


def test_the_branch_counts_before_the_bank(tmp_path: Path) -> None:
    one = profile(tmp_path, "csv", "yuan")
    rows = payments(1, bank="农村商业银行 滕州支行")
    path, _planned = written(tmp_path, one, rows)
    assert read_back(path, one)[2][4] == BRANCH


@pytest.mark.parametrize("codes", ["", '[bank_codes]\n"农业银行" = "1051"\n'])
def test_codes_are_there_and_of_twelve_digits(tmp_path: Path, codes: str) -> None:
    with pytest.raises(MalformedToml, match="bank_codes"):
        profile(tmp_path, "csv", "yuan", codes=codes)


# In books.


@beginning
def of_old_bank(funded: Office) -> Office:
    """Our own bank wants .xls in fen, with 联行号."""
    folder = funded.folder / "bank_profiles"
    folder.mkdir()
    codes = f'[bank_codes]\n"农商行" = "{BANK}"\n'
    text = profile_text("xls", "fen", heading="金额（分）", codes=codes)
    (folder / "old.toml").write_text(text, encoding="utf-8")
    edit(funded.folder / "census-ledger.toml", 'own_profile = "icbc-own"', 'own_profile = "old"')
    return funded


def bank_file(office: Office) -> Path:
    return office.folder / "payouts" / BATCH / f"{BATCH}-本行-1.xls"


def test_a_batch_for_such_a_bank_is_made_verified_and_submitted(of_old_bank: Office) -> None:
    assert of_old_bank.disburse().status == 0
    said = of_old_bank.run("verify", bank_file(of_old_bank), "--json").json
    assert (said["ok"], said["differences"]) == (True, [])
    assert of_old_bank.check() == []
    assert audit(of_old_bank.folder).findings == []
    assert of_old_bank.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11").status == 0


def changed(office: Office, row: int, column: int, value: object) -> None:
    """The file as somebody has saved it, with another cell."""
    cells = CalamineWorkbook.from_path(bank_file(office)).get_sheet_by_index(0).to_python()
    cells[row][column] = value  # type: ignore[call-overload]
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for place, line in enumerate(cells):
        for at, cell in enumerate(line):
            sheet.write(place, at, cell)
    book.save(str(bank_file(office)))


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(2, 3, 800.0), (2, 3, 80001.0), (3, 1, "6215210000000000018"), (0, 0, 4800.0), (2, 4, OTHER)],
)
def test_what_was_changed_in_such_a_file_is_found(
    of_old_bank: Office, row: int, column: int, value: object
) -> None:
    of_old_bank.disburse()
    changed(of_old_bank, row, column, value)
    said = of_old_bank.run("verify", bank_file(of_old_bank), "--json").json
    assert [one["row"] for one in said["differences"]] == [row + 1]
    refused = of_old_bank.run("batch", "submit", BATCH, "--yes", "--json", "--date", "2020-11-11")
    assert refused.json["code"] == "files-not-of-batch"
    file = f"payouts/{BATCH}/{bank_file(of_old_bank).name}"
    assert [error["file"] for error in of_old_bank.check()] == [file]
    assert audit(of_old_bank.folder).places == {(file, 1)}
    assert of_old_bank.run("batch", "restore", BATCH).status == 0
    assert of_old_bank.check() == []


def test_saved_again_without_a_change_it_is_still_the_batchs(of_old_bank: Office) -> None:
    of_old_bank.disburse()
    changed(of_old_bank, 1, 0, "序号")
    said = of_old_bank.run("verify", bank_file(of_old_bank), "--json").json
    assert (said["ok"], said["differences"]) == (True, [])


def test_whose_bank_has_no_code_waits(of_old_bank: Office) -> None:
    edit(of_old_bank.folder / "bank_profiles" / "old.toml", '"农商行"', '"农村信用社"')
    refused = of_old_bank.disburse()
    assert refused.json["code"] == "nothing-to-pay" or "bank_code_missing" in refused.out


# Profiles that are broken.


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('amount_unit = "fen"', 'amount_unit = "jiao"', 7, "amount_unit"),
        ('header = "金额（分）"', 'header = "金额（元）"', 10, "another unit"),
        ('debit = "gross"', "debit = gross", 5, "not TOML"),
        ('debit = "gross"', "", 1, "is missing"),
        (f'"{BANK}"', '"105"', 20, "bank_codes"),
    ],
)
def test_a_broken_profile_is_an_error_of_check(
    of_old_bank: Office, old: str, new: str, line: int, said: str
) -> None:
    edit(of_old_bank.folder / "bank_profiles" / "old.toml", old, new)
    (error,) = of_old_bank.check()
    assert (error["file"], error["line"], error["code"]) == (
        "bank_profiles/old.toml", line, "bank_profile",
    )  # fmt: skip
    assert said in error["message"]


def test_a_profile_that_nobody_has_is_an_error_of_check(of_old_bank: Office) -> None:
    edit(of_old_bank.folder / "census-ledger.toml", 'own_profile = "old"', 'own_profile = "odl"')
    (error,) = of_old_bank.check()
    text = (of_old_bank.folder / "census-ledger.toml").read_text(encoding="utf-8")
    line = text[: text.index("own_profile")].count("\n") + 1
    assert (error["file"], error["line"]) == ("census-ledger.toml", line)
    assert "odl" in error["message"]


def test_a_broken_profile_that_nobody_uses_is_told_too(funded: Office) -> None:
    folder = funded.folder / "bank_profiles"
    folder.mkdir()
    (folder / "spare.toml").write_text('title = "某"\n', encoding="utf-8")
    assert [error["file"] for error in funded.check()] == ["bank_profiles/spare.toml"]
