"""Planning and writing bank files: who goes into which, what the bank finds in them."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.records import replace
from ledger.disbursement.bank_file_plan import is_own_bank
from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.bank_file_plan import rows_by_file
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.unsendable import UNSENDABLE
from ledger.disbursement.unsendable import UnsendableInstruction
from ledger.disbursement.unsendable import UnsendableRemark
from ledger.disbursement.unsendable import why_unsendable
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.payees import payee_id
from reports.bank.files import BankFile
from reports.bank.files import write_bank_files

OWN = load_profile("icbc-own")
OTHER = load_profile("plain-csv")
OWN_WORDS = ("农商", "农村商业", "农信")


def instruction(number: int, bank: str = "滕州农商行", amount_fen: int = 80_000) -> Instruction:
    return Instruction(
        number=number,
        payee_id=payee_id(number),
        legal_name=f"测试{number}",
        bank_name=f"测试{number}",
        identity="",
        role="普查员",
        town=TownCode("370481001"),
        town_name="荆河街道",
        area_name="",
        bank=bank,
        account=f"62152100{number:08d}",
        fund=FundCode("01"),
        line=LineComponent("30226劳务费"),
        amount_fen=amount_fen,
        reissue=False,
    )


def planned(instructions: list[Instruction], row_limit: int = 3000) -> list[Instruction]:
    return plan_bank_files(
        instructions,
        own=replace(OWN, row_limit=row_limit),
        other=replace(OTHER, row_limit=row_limit),
        own_words=OWN_WORDS,
        batch=BatchId("B2020-001"),
    )


@pytest.mark.parametrize(
    ("bank", "own"),
    [
        ("山东滕州农商行荆河支行", True),
        ("滕州农村商业银行", True),
        ("农信 社", True),
        ("滕州农 商行", True),
        ("中国农业银行滕州支行", False),
        ("", False),
    ],
)
def test_own_bank_is_known_by_its_words(bank: str, own: bool) -> None:
    assert is_own_bank(bank, OWN_WORDS) is own


def test_an_empty_word_makes_no_bank_ours() -> None:
    assert not is_own_bank("中国银行", [""])


def test_own_and_other_bank_go_apart_and_rows_count_from_one() -> None:
    banks = ["滕州农商行", "中国银行", "滕州农商行", "滕州农商行", "中国银行"]
    plan = planned([instruction(n, bank) for n, bank in enumerate(banks, 1)], row_limit=2)
    assert [(one.number, one.bank_file, one.bank_row) for one in plan] == [
        (1, "B2020-001-本行-1.xlsx", 1),
        (2, "B2020-001-他行-1.csv", 1),
        (3, "B2020-001-本行-1.xlsx", 2),
        (4, "B2020-001-本行-2.xlsx", 1),
        (5, "B2020-001-他行-1.csv", 2),
    ]


@given(
    st.lists(st.sampled_from(["滕州农商行", "中国银行", "邮储银行"]), max_size=40),
    st.integers(1, 7),
)
def test_every_instruction_is_in_exactly_one_file_within_the_limit(
    banks: list[str], row_limit: int
) -> None:
    instructions = [instruction(n, bank) for n, bank in enumerate(banks, 1)]
    plan = planned(instructions, row_limit)
    assert [one._replace(bank_file="", bank_row=0) for one in plan] == instructions
    files = rows_by_file(plan)
    numbers = Counter(one.number for rows in files.values() for one in rows)
    assert numbers == Counter(one.number for one in instructions)
    for name, rows in files.items():
        assert len(rows) <= row_limit
        assert [one.bank_row for one in rows] == list(range(1, len(rows) + 1))
        assert {"本行" in name} == {is_own_bank(one.bank, OWN_WORDS) for one in rows}


def test_unplanned_instructions_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="instruction 1 "):
        write_bank_files(tmp_path, [instruction(1)], own=OWN, other=OTHER)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"bank_name": ""}, "bank_name_missing"),
        ({"bank_name": "\u3000"}, "bank_name_missing"),
        ({"bank_name": "买买提·测试"}, None),
        ({"bank_name": "买买提•测试"}, "bank_name_encoding"),  # U+2022 is not in GBK
        ({"bank_name": "测\U0002cb5a"}, "bank_name_encoding"),
        ({"bank_name": "测" * 30}, None),
        ({"bank_name": "测" * 30 + "a"}, "bank_name_too_long"),
        ({"bank_name": "测\n试"}, "bank_name_characters"),
        ({"account": ""}, "account_missing"),
        ({"account": "6215 2100 0000 0001"}, "account_characters"),
        ({"account": "62152100000000０１"}, "account_characters"),
        ({"bank": ""}, None),  # this file has no column for it
        ({"amount_fen": 0}, "amount_missing"),
        ({"amount_fen": 99_999_999_99}, None),
        ({"amount_fen": 100_000_000_00}, "amount_limit"),
    ],
)
def test_why_a_payment_cannot_go_into_icbcs_file(
    changes: dict[str, object], code: str | None
) -> None:
    row = instruction(1)._replace(**changes)  # type: ignore[arg-type]
    found = why_unsendable(
        OWN,
        bank_name=row.bank_name,
        account=row.account,
        bank=row.bank,
        amount_fen=row.amount_fen,
    )
    assert found == code
    assert code is None or code in UNSENDABLE


def test_a_file_with_a_column_for_the_opening_bank_wants_one() -> None:
    account = instruction(1).account
    code = why_unsendable(OTHER, bank_name="测", account=account, bank=" ", amount_fen=1)
    assert code == "bank_missing"


def test_gb18030_carries_the_names_that_gbk_lacks() -> None:
    account = instruction(1).account
    name = "测\U0002cb5a"
    assert (
        why_unsendable(OTHER, bank_name=name, account=account, bank="中国银行", amount_fen=1)
        is None
    )


def test_nothing_is_written_when_one_row_cannot_go(tmp_path: Path) -> None:
    plan = planned([instruction(1), instruction(2)._replace(bank_name="测•试")])
    with pytest.raises(UnsendableInstruction) as refused:
        write_bank_files(tmp_path, plan, own=OWN, other=OTHER)
    assert (refused.value.number, refused.value.reason) == (2, "bank_name_encoding")
    assert list(tmp_path.iterdir()) == []


def test_a_remark_beyond_twelve_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsendableRemark, match="第七次普查补助") as refused:
        write_bank_files(
            tmp_path, planned([instruction(1)]), own=OWN, other=OTHER, remark="第七次普查补助"
        )
    assert refused.value.problem == "too_long"


def test_written_files_are_listed_with_their_rows_and_amounts(tmp_path: Path) -> None:
    plan = planned([instruction(1), instruction(2, "中国银行", 80_010), instruction(3)])
    assert write_bank_files(tmp_path, plan, own=OWN, other=OTHER) == [
        BankFile("B2020-001-本行-1.xlsx", "本行", 2, 160_000),
        BankFile("B2020-001-他行-1.csv", "他行", 1, 80_010),
    ]


def test_the_workbook_has_text_cells_one_number_and_no_formula(tmp_path: Path) -> None:
    plan = planned([instruction(1, amount_fen=80_010)._replace(bank_name="=1+1")])
    write_bank_files(tmp_path, plan, own=OWN, other=OTHER)
    sheet = openpyxl.load_workbook(tmp_path / "B2020-001-本行-1.xlsx")["Sheet1"]
    cells = [sheet.cell(2, column) for column in range(1, 7)]
    assert [cell.value for cell in cells] == [
        "=1+1",
        "6215210000000001",
        800.1,
        "两员补助",
        None,
        None,
    ]
    assert sheet["A1"].value == "姓名\n(不超过60个字节)"
    kinds = [(cell.data_type, cell.number_format) for cell in cells[:4]]
    assert kinds == [("s", "@"), ("s", "@"), ("n", "0.00"), ("s", "@")]


def test_empty_cells_are_not_in_the_workbook_at_all(tmp_path: Path) -> None:
    write_bank_files(tmp_path, planned([instruction(1)]), own=OWN, other=OTHER)
    with zipfile.ZipFile(tmp_path / "B2020-001-本行-1.xlsx") as archive:
        markup = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'r="D2"' in markup
    assert 'r="E2"' not in markup
    assert 'r="F2"' not in markup


def test_the_csv_file_byte_for_byte(tmp_path: Path) -> None:
    row = instruction(7, "中国银行,滕州支行", 80_010)._replace(bank_name='测"试')
    write_bank_files(tmp_path, planned([row]), own=OWN, other=OTHER, remark="补助")
    assert (tmp_path / "B2020-001-他行-1.csv").read_bytes().decode("gb18030") == (
        "序号,户名,账号,开户行,金额,备注\r\n"
        '7,"测""试",6215210000000007,"中国银行,滕州支行",800.10,补助\r\n'
    )


def test_the_same_batch_gives_the_same_bytes_whenever_it_is_written(tmp_path: Path) -> None:
    plan = planned([instruction(1), instruction(2, "中国银行")])
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        write_bank_files(folder, plan, own=OWN, other=OTHER)
    for file in folders[0].iterdir():
        assert file.read_bytes() == (folders[1] / file.name).read_bytes()
    with zipfile.ZipFile(folders[0] / "B2020-001-本行-1.xlsx") as archive:
        assert "2020-11-01T00:00:00Z" in archive.read("docProps/core.xml").decode()
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
