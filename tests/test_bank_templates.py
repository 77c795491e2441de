"""Templates of other banks are data: a file in the books' folder, and no code."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.instructions import Instruction
from reports.bank.files import plan_bank_files
from reports.bank.files import write_bank_files
from reports.bank.profile import BankProfile
from reports.bank.profile import load_profile
from reports.bank.readback import BankFileDiffers
from reports.bank.readback import ReadCell
from reports.bank.readback import check_bank_file
from reports.bank.readback import read_back

CCB = """
title = "建设银行代发"
file_type = "xlsx"
encoding = "gbk"
debit = "gross"
remark = "两员补助"
columns = [
    { header = "序号", value = "bank_row" },
    { header = "账户", value = "account" },
    { header = "户名", value = "bank_name" },
    { header = "金额", value = "amount", kind = "amount" },
    { header = "跨行标识" },
    { header = "行名" },
    { header = "联行行号", text = "0" },
    { header = "摘要", text = "代发" },
    { header = "备注", value = "remark" },
]
"""

JILIN = """
title = "吉林银行代发业务导入模板"
file_type = "xlsx"
encoding = "gbk"
debit = "net"
sheet = "代发工资模板"
header_row = 4
cells = [
    { at = "A1", text = "代发工资模板" },
    { at = "A2", text = "总金额" },
    { at = "B2", value = "total_amount" },
    { at = "A3", text = "总笔数" },
    { at = "B3", value = "total_count" },
]
columns = [
    { header = "序号", value = "bank_row" },
    { header = "账号", value = "account" },
    { header = "户名", value = "bank_name" },
    { },
    { header = "金额", value = "amount", kind = "amount" },
]
"""

ICBC_OTHER = """
title = "中国工商银行批量代发（他行）"
file_type = "xlsx"
encoding = "gbk"
debit = "gross"
columns = [
    { header = "姓名", value = "bank_name", max_bytes = 60 },
    { header = "卡号", value = "account" },
    { header = "行别", value = "bank", required = true },
    { header = "跨行行号" },
    { header = "业务种类", text = "代发" },
    { header = "协议书号" },
    { header = "账号地址" },
    { header = "应处理金额", value = "amount", kind = "amount", below_yuan = 100000000 },
    { header = "备注", value = "remark" },
    { header = "实处理金额" },
    { header = "处理标志" },
]
"""

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
        payee_id=f"P{number:06d}",
        legal_name="测试",
        bank_name=f"测试{number}",
        identity="",
        role="普查员",
        town="370481001",
        town_name="荆河街道",
        area_name="",
        bank="测试银行",
        account=f"62152100{number:08d}",
        fund="01",
        line="30226劳务费",
        amount_fen=80_010,
        reissue=False,
    )
    for number in (11, 12)
]


def write(folder: Path, template: str) -> tuple[Path, BankProfile, list[Instruction]]:
    (folder / "bank.toml").write_text(template, encoding="utf-8")
    profile = load_profile("bank", folder)
    plan = plan_bank_files(ROWS, own=profile, other=profile, own_words=[], batch="B2020-001")
    write_bank_files(folder, plan, own=profile, other=profile)
    path = folder / plan[0].bank_file
    check_bank_file(path, profile, plan)
    return path, profile, plan


def rows_written(folder: Path, template: str) -> list[list[ReadCell]]:
    path, profile, _plan = write(folder, template)
    return read_back(path, profile)


def test_ccb_has_nine_columns_counted_in_the_file(tmp_path: Path) -> None:
    header, first, second = rows_written(tmp_path, CCB)
    assert len(header) == 9
    assert first == [
        "1",
        "6215210000000011",
        "测试11",
        Decimal("800.10"),
        "",
        "",
        "0",
        "代发",
        "两员补助",
    ]
    assert second[0] == "2"


def test_jilin_bank_has_its_totals_above_the_table(tmp_path: Path) -> None:
    rows = rows_written(tmp_path, JILIN)
    assert rows[:4] == [
        ["代发工资模板", "", "", "", ""],
        ["总金额", Decimal("1600.20"), "", "", ""],
        ["总笔数", Decimal(2), "", "", ""],
        ["序号", "账号", "户名", "", "金额"],
    ]
    assert rows[4] == ["1", "6215210000000011", "测试11", "", Decimal("800.10")]
    assert len(rows) == 6


def test_a_total_that_is_off_by_a_fen_is_caught(tmp_path: Path) -> None:
    path, profile, plan = write(tmp_path, JILIN)
    more = [*plan[:1], replace(plan[1], amount_fen=80_011)]
    with pytest.raises(BankFileDiffers, match="row 2, column 账号") as refused:
        check_bank_file(path, profile, more)
    assert refused.value.row == 2


def test_icbc_names_the_bank_of_other_banks_payees(tmp_path: Path) -> None:
    header, first, _second = rows_written(tmp_path, ICBC_OTHER)
    assert len(header) == 11
    assert first[:8] == [
        "测试11",
        "6215210000000011",
        "测试银行",
        "",
        "代发",
        "",
        "",
        Decimal("800.10"),
    ]


def test_a_csv_file_without_header_and_quotes(tmp_path: Path) -> None:
    path, _profile, _plan = write(tmp_path, BARE)
    assert path.read_bytes().decode("utf-8") == (
        "P000011|6215210000000011|测试11|800.10\nP000012|6215210000000012|测试12|800.10\n"
    )
