"""Templates of banks are data: those of the tool, and one in the books' folder without any code."""

from __future__ import annotations

import re
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base.money import yuan
from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.bank_profile import PACKAGED_PROFILES
from ledger.disbursement.bank_profile import BankProfile
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
from reports.bank.readback import ReadCell
from reports.bank.readback import check_bank_file
from reports.bank.readback import read_back

SHEET = "xl/worksheets/sheet1.xml"

BARE = """
title = "没有表头、以竖线分隔"
file_type = "csv"
encoding = "utf-8"
debit = "net"
header_row = 0
csv = { delimiter = "|", newline = "\\n", quoting = "none" }
columns = [
    { value = "payee_id" },
    { value = "account" },
    { value = "bank_name" },
    { value = "amount" },
]
"""

ROWS = [
    Instruction(
        number=number,
        payee_id=payee_id(number),
        legal_name="测试",
        bank_name=f"测试{number}",
        identity="",
        role="普查员",
        town=TownCode("370481001"),
        town_name="荆河街道",
        area_name="",
        bank="测试银行",
        account=f"62152100{number:08d}",
        fund=FundCode("01"),
        line=LineComponent("30226劳务费"),
        amount_fen=80_010,
        reissue=False,
    )
    for number in (11, 12)
]


def write(
    folder: Path, profile: BankProfile, rows: list[Instruction]
) -> tuple[Path, list[Instruction]]:
    """The only bank file of the rows, checked, and the rows as they are planned into it."""
    plan = plan_bank_files(
        rows, own=profile, other=profile, own_words=[], batch=BatchId("B2020-001")
    )
    write_bank_files(folder, plan, own=profile, other=profile)
    path = folder / plan[0].bank_file
    check_bank_file(path, profile, plan)
    return path, plan


def rows_written(folder: Path, name: str) -> list[list[ReadCell]]:
    profile = load_profile(name)
    path, _plan = write(folder, profile, ROWS)
    return read_back(path, profile)


def test_ccb_has_nine_columns_counted_in_the_file(tmp_path: Path) -> None:
    header, first, second = rows_written(tmp_path, "ccb")
    assert header == [
        "序号", "账户", "户名", "金额", "跨行标识", "行名", "联行行号", "摘要", "备注",
    ]  # fmt: skip
    assert first == [
        "1", "6215210000000011", "测试11", Decimal("800.10"), "", "", "0", "代发", "两员补助",
    ]  # fmt: skip
    assert second[0] == "2"


def test_ccb_refuses_cells_that_are_there_and_empty(tmp_path: Path) -> None:
    path, _plan = write(tmp_path, load_profile("ccb"), ROWS)
    with zipfile.ZipFile(path) as archive:
        cells = re.findall(r"<c [^>]*?(/>|>.*?</c>)", archive.read(SHEET).decode("utf-8"))
    assert len(cells) == 9 + 2 * 7
    assert all("<v>" in cell for cell in cells)


def test_ccb_wants_text_but_for_an_amount_with_two_places(tmp_path: Path) -> None:
    path, _plan = write(tmp_path, load_profile("ccb"), ROWS)
    _header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows()
    for row in rows:
        formats = {cell.column: cell.number_format for cell in row if cell.value is not None}
        assert formats.pop(4) == "0.00"
        assert set(formats.values()) == {"@"}


def test_jilin_bank_has_its_totals_above_the_table(tmp_path: Path) -> None:
    rows = rows_written(tmp_path, "jilin")
    assert rows[:4] == [
        ["代发工资模板", "", "", "", ""],
        ["总金额", Decimal("1600.20"), "", "", ""],
        ["总笔数", Decimal(2), "", "", ""],
        ["序号", "账号", "户名", "", "金额"],
    ]
    assert rows[4] == ["1", "6215210000000011", "测试11", "", Decimal("800.10")]
    assert len(rows) == 6


def test_jilin_bank_finds_its_sheet_by_name(tmp_path: Path) -> None:
    path, _plan = write(tmp_path, load_profile("jilin"), ROWS)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["代发工资模板"]
    assert (workbook["代发工资模板"]["B2"].value, workbook["代发工资模板"]["E5"].value) == (
        1600.2, 800.1,
    )  # fmt: skip


def test_a_total_that_is_off_by_a_fen_is_caught(tmp_path: Path) -> None:
    profile = load_profile("jilin")
    path, plan = write(tmp_path, profile, ROWS)
    more = [*plan[:1], plan[1]._replace(amount_fen=80_011)]
    with pytest.raises(BankFileDiffers, match="row 2, column 账号") as refused:
        check_bank_file(path, profile, more)
    assert refused.value.row == 2


def test_icbc_names_the_bank_of_other_banks_payees(tmp_path: Path) -> None:
    header, first, _second = rows_written(tmp_path, "icbc-other")
    assert header == [
        "姓名", "卡号", "行别", "跨行行号", "业务种类", "协议书号", "账号地址",
        "应处理金额(必须小于1亿)", "备注", "实处理金额", "处理标志",
    ]  # fmt: skip
    assert first == [
        "测试11", "6215210000000011", "测试银行", "", "代发", "", "", Decimal("800.10"),
        "两员补助", "", "",
    ]  # fmt: skip


def test_icbc_refuses_a_hundred_million_and_a_payee_without_a_bank() -> None:
    profile = load_profile("icbc-other")

    def problem(bank: str, amount_fen: int) -> str | None:
        return why_unsendable(
            profile, bank_name="测试", account="6215", bank=bank, amount_fen=amount_fen
        )

    assert problem("测试银行", 9_999_999_999) is None
    assert problem("测试银行", 10_000_000_000) == "amount_limit"
    assert problem("", 80_000) == "bank_missing"


PACKAGED = sorted(path.stem for path in PACKAGED_PROFILES.glob("*.toml"))
NAMES = st.text(st.sampled_from("王李张欧阳·䶮龑𬭚 aZ?,\"'|_\t"), max_size=35)
PAYMENTS = st.lists(
    st.tuples(NAMES, st.from_regex(r"[0-9]{8,19}", fullmatch=True), st.integers(0, 10_000_000_001)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", PACKAGED)
@settings(max_examples=25)
@given(payments=PAYMENTS)
def test_what_a_packaged_profile_takes_reaches_the_bank(
    name: str, payments: list[tuple[str, str, int]]
) -> None:
    """Whoever is not refused beforehand stands in the file unchanged and within its limits."""
    profile = load_profile(name)
    rows = [
        ROWS[0]._replace(number=number, bank_name=holder, account=account, amount_fen=amount)
        for number, (holder, account, amount) in enumerate(payments, 1)
    ]
    taken = [
        row
        for row in rows
        if why_unsendable(
            profile,
            bank_name=row.bank_name,
            account=row.account,
            bank=row.bank,
            amount_fen=row.amount_fen,
        )
        is None
    ]
    if not taken:
        return
    with tempfile.TemporaryDirectory() as folder:
        path, plan = write(Path(folder), profile, taken)
        written = read_back(path, profile)[profile.first_row - 1 :]
    assert len(plan) <= profile.row_limit
    for row, cells in zip(taken, written, strict=True):
        for column, cell in zip(profile.columns, cells, strict=True):
            if column.value == "amount":
                assert Decimal(cell) == yuan(row.amount_fen)
                assert column.below_fen is None or row.amount_fen < column.below_fen
            elif column.value in ("bank_name", "account", "bank"):
                assert cell == getattr(row, column.value)
                assert cell
            size = len(str(cell).encode(profile.encoding))
            assert column.max_bytes is None or size <= column.max_bytes


def test_the_files_of_a_packaged_profile_end_at_its_limit() -> None:
    for name in PACKAGED:
        profile = load_profile(name)
        rows = [ROWS[0]._replace(number=n) for n in range(1, profile.row_limit + 2)]
        plan = plan_bank_files(
            rows, own=profile, other=profile, own_words=[], batch=BatchId("B2020-001")
        )
        assert [row.bank_row for row in plan[-2:]] == [profile.row_limit, 1]
        assert plan[-1].bank_file != plan[-2].bank_file


def test_a_csv_file_without_header_and_quotes(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text(BARE, encoding="utf-8")
    path, _plan = write(tmp_path, load_profile("bank", tmp_path), ROWS)
    assert path.read_bytes().decode("utf-8") == (
        "P000011|6215210000000011|测试11|800.10\nP000012|6215210000000012|测试12|800.10\n"
    )
