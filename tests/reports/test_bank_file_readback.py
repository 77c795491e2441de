"""What is read back from a bank file is what the batch holds, to the digit and the fen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import Column
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.unsendable import why_unsendable
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.payees import payee_id
from reports.bank.files import write_bank_files
from reports.bank.readback import BankFileDiffers
from reports.bank.readback import CellDifference
from reports.bank.readback import bank_file_differences
from reports.bank.readback import check_bank_file
from reports.bank.readback import read_back

XLSX = load_profile("icbc-own")
CSV = load_profile("plain-csv")
PROFILES = pytest.mark.parametrize("profile", [XLSX, CSV], ids=["xlsx", "csv"])

ROW = Instruction(
    number=1,
    payee_id=payee_id(1),
    legal_name="测试",
    bank_name="测试",
    identity="",
    role="普查员",
    town=TownCode("370481001"),
    town_name="荆河街道",
    area_name="",
    bank="测试银行",
    account="6215210000001234",
    fund=FundCode("01"),
    line=LineComponent("30226劳务费"),
    amount_fen=80_010,
    reissue=False,
)
ROWS = [
    ROW,
    ROW._replace(number=2, bank_name="测试二", account="6215210000001235"),
    ROW._replace(number=3, bank_name="测试三", account="6215210000001236", amount_fen=80_000),
]


def write(
    folder: Path, profile: BankProfile, rows: list[Instruction]
) -> tuple[Path, list[Instruction]]:
    """All rows in one file of the profile: its path, and the rows as planned."""
    plan = plan_bank_files(
        rows, own=profile, other=profile, own_words=[], batch=BatchId("B2020-001")
    )
    write_bank_files(folder, plan, own=profile, other=profile)
    return folder / plan[0].bank_file, plan


def tamper(path: Path, change: Callable[[list[list[object]]], None]) -> None:
    """Change the cells of a finished file, row by row from the header, as a person might."""
    if path.suffix == ".csv":
        text = path.read_bytes().decode("gb18030")
        rows: list[list[object]] = [[*line.split(",")] for line in text.splitlines()]
        change(rows)
        lines = [",".join(map(str, row)) + "\r\n" for row in rows]
        path.write_bytes("".join(lines).encode("gb18030"))
        return
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Sheet1"]
    rows = [[*row] for row in sheet.iter_rows(values_only=True)]
    change(rows)
    sheet.delete_rows(1, sheet.max_row)
    for row in rows:
        sheet.append(row)
    workbook.save(path)


@PROFILES
def test_a_file_that_nobody_touched_is_the_batchs(tmp_path: Path, profile: BankProfile) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    check_bank_file(path, profile, plan)
    tamper(path, lambda rows: None)
    check_bank_file(path, profile, plan)
    assert bank_file_differences(path, profile, plan) == []


@PROFILES
def test_a_changed_digit_is_caught(tmp_path: Path, profile: BankProfile) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    column = [column.value for column in profile.columns].index("account")

    def change(rows: list[list[object]]) -> None:
        rows[2][column] = "6215210000001285"

    tamper(path, change)
    with pytest.raises(BankFileDiffers) as refused:
        check_bank_file(path, profile, plan)
    header = profile.columns[column].header
    assert (refused.value.file, refused.value.row, refused.value.column) == (path.name, 3, header)
    for shown in (path.name, "3", header):
        assert shown in str(refused.value)
    assert "1285" not in str(refused.value)
    assert bank_file_differences(path, profile, plan) == [
        CellDifference(3, header, "************1285", "************1235")
    ]


@PROFILES
def test_a_dropped_row_is_caught(tmp_path: Path, profile: BankProfile) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    tamper(path, lambda rows: rows.__delitem__(2))
    with pytest.raises(BankFileDiffers, match="2 rows instead of 3"):
        check_bank_file(path, profile, plan)
    assert bank_file_differences(path, profile, plan) != []


@PROFILES
def test_an_added_row_is_caught(tmp_path: Path, profile: BankProfile) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    tamper(path, lambda rows: rows.append(list(rows[-1])))
    with pytest.raises(BankFileDiffers, match="4 rows instead of 3"):
        check_bank_file(path, profile, plan)


@PROFILES
def test_two_swapped_rows_are_caught(tmp_path: Path, profile: BankProfile) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    tamper(path, lambda rows: rows.insert(1, rows.pop(2)))
    with pytest.raises(BankFileDiffers) as refused:
        check_bank_file(path, profile, plan)
    assert refused.value.row == 2


@PROFILES
@pytest.mark.parametrize("amount", [800.09, 800.11, 800.1000001])
def test_an_amount_off_by_a_fen_is_caught(
    tmp_path: Path, profile: BankProfile, amount: float
) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    column = [column.value for column in profile.columns].index("amount")

    def change(rows: list[list[object]]) -> None:
        rows[1][column] = amount

    tamper(path, change)
    with pytest.raises(BankFileDiffers) as refused:
        check_bank_file(path, profile, plan)
    assert (refused.value.row, refused.value.column) == (2, profile.columns[column].header)


def test_an_account_that_became_a_number_is_caught(tmp_path: Path) -> None:
    path, plan = write(tmp_path, XLSX, ROWS)

    def change(rows: list[list[object]]) -> None:
        rows[1][1] = 6215210000001234

    tamper(path, change)
    with pytest.raises(BankFileDiffers):
        check_bank_file(path, XLSX, plan)


def test_an_account_in_the_column_of_amounts_is_masked(tmp_path: Path) -> None:
    path, plan = write(tmp_path, CSV, [ROW])
    tamper(path, lambda rows: rows[1].__setitem__(4, "6215 2100 0000 1234"))
    assert bank_file_differences(path, CSV, plan) == [
        CellDifference(2, "金额", "**** **** **** 1234", "800.10")
    ]


@PROFILES
def test_another_header_or_remark_is_caught(tmp_path: Path, profile: BankProfile) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    with pytest.raises(BankFileDiffers, match="备注"):
        check_bank_file(path, profile, plan, remark="补助")
    tamper(path, lambda rows: rows[0].__setitem__(0, "姓名"))
    with pytest.raises(BankFileDiffers) as refused:
        check_bank_file(path, profile, plan)
    assert refused.value.row == 1


def test_a_cell_beyond_the_last_column_is_caught(tmp_path: Path) -> None:
    for profile in (XLSX, CSV):
        path, plan = write(tmp_path, profile, ROWS)
        tamper(path, lambda rows: rows[1].append("x"))
        with pytest.raises(BankFileDiffers, match="7"):
            check_bank_file(path, profile, plan)


def test_a_second_sheet_is_caught(tmp_path: Path) -> None:
    path, plan = write(tmp_path, XLSX, ROWS)
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("Sheet2")
    workbook.save(path)
    with pytest.raises(BankFileDiffers, match="sheets"):
        check_bank_file(path, XLSX, plan)


@PROFILES
@pytest.mark.parametrize("content", [b"", b"\xff\xff\xff", b'1,"2\r\n'], ids=["no", "bad", "open"])
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, profile: BankProfile, content: bytes
) -> None:
    path, plan = write(tmp_path, profile, ROWS)
    path.write_bytes(content)
    with pytest.raises(BankFileDiffers):
        check_bank_file(path, profile, plan)


def test_every_amount_of_two_decimals_survives_the_workbooks_floats(tmp_path: Path) -> None:
    amounts = [1, 10, 99, 80_009, 80_010, 80_011, 99_999_999_99, *range(1, 200_000, 977)]
    path, plan = write(tmp_path, XLSX, [ROW._replace(amount_fen=fen) for fen in amounts])
    read = [row[2] for row in read_back(path, XLSX)[1:]]
    assert [cell * 100 for cell in read if isinstance(cell, Decimal)] == amounts
    check_bank_file(path, XLSX, plan)


def sendable(profile: BankProfile) -> st.SearchStrategy[list[Instruction]]:
    """Lists of payments with any name and bank that the profile's file can carry."""

    def is_sendable(row: Instruction) -> bool:
        reason = why_unsendable(
            profile,
            bank_name=row.bank_name,
            account=row.account,
            bank=row.bank,
            amount_fen=row.amount_fen,
        )
        return reason is None

    characters = st.characters(codec=profile.encoding, exclude_categories=["Cc"])
    text = st.text(characters, min_size=1, max_size=15).filter(
        lambda drawn: profile.text_problem(Column(required=True), drawn) is None
    )
    row = st.builds(
        lambda name, account, bank, amount_fen: ROW._replace(
            bank_name=name, account=account, bank=bank, amount_fen=amount_fen
        ),
        text,
        st.from_regex(r"[0-9]{8,21}", fullmatch=True),
        text,
        st.integers(1, 99_999_999_99),
    )
    return st.lists(row.filter(is_sendable), min_size=1, max_size=8)


@PROFILES
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_can_be_sent_is_read_back_equal(profile: BankProfile, data: st.DataObject) -> None:
    rows = data.draw(sendable(profile))
    with tempfile.TemporaryDirectory() as folder:
        path, plan = write(Path(folder), profile, rows)
        check_bank_file(path, profile, plan)


@PROFILES
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_differs_from_the_file_is_caught(
    profile: BankProfile, data: st.DataObject
) -> None:
    rows = data.draw(sendable(profile))
    index = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(sendable(profile))[0]
    field = data.draw(st.sampled_from(["bank_name", "account", "amount_fen"]))
    changed = {field: getattr(other, field)}
    with tempfile.TemporaryDirectory() as folder:
        path, plan = write(Path(folder), profile, rows)
        expected = [*plan[:index], plan[index]._replace(**changed), *plan[index + 1 :]]
        if expected == plan:
            check_bank_file(path, profile, expected)
        else:
            with pytest.raises(BankFileDiffers):
                check_bank_file(path, profile, expected)
