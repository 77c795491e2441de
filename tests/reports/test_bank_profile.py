"""Bank profiles: what those of the tool say, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.base.refusals import Refusal
from ledger.base.toml_table import MalformedToml
from ledger.disbursement.bank_profile import PACKAGED_PROFILES
from ledger.disbursement.bank_profile import Column
from ledger.disbursement.bank_profile import UnknownBankProfile
from ledger.disbursement.bank_profile import load_profile

PLAIN = (PACKAGED_PROFILES / "plain-csv.toml").read_text(encoding="utf-8")


def test_icbc_own_is_the_banks_template() -> None:
    profile = load_profile("icbc-own")
    assert (profile.file_type, profile.encoding, profile.row_limit) == ("xlsx", "gbk", 3000)
    assert [column.header for column in profile.columns] == [
        "姓名\n(不超过60个字节)",
        "卡号",
        "应处理金额(必须小于1亿)",
        "备注(不超过12个字节)",
        "实处理金额",
        "处理标志",
    ]
    assert [column.value for column in profile.columns] == [
        "bank_name",
        "account",
        "amount",
        "remark",
        "",
        "",
    ]
    assert [column.kind for column in profile.columns].count("amount") == 1
    name, _account, amount, remark, *_filled_by_the_bank = profile.columns
    assert name.max_bytes == 60
    assert amount.below_fen == 100_000_000_00
    assert remark.max_bytes == 12
    assert len(profile.remark.encode("gbk")) == 8


def test_plain_csv_is_gb18030_with_six_columns() -> None:
    profile = load_profile("plain-csv")
    assert (profile.file_type, profile.encoding, profile.newline) == ("csv", "gb18030", "\r\n")
    headers = ["序号", "户名", "账号", "开户行", "金额", "备注"]
    assert [column.header for column in profile.columns] == headers


def test_every_packaged_profile_is_well_formed() -> None:
    for file in PACKAGED_PROFILES.glob("*.toml"):
        assert load_profile(file.stem).title


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "county-bank.toml").write_text(PLAIN, encoding="utf-8")
    with pytest.raises(UnknownBankProfile, match="county-bank, icbc-other, icbc-own,") as refused:
        load_profile("icbc", tmp_path)
    assert refused.value.known == (
        "ccb", "county-bank", "icbc-other", "icbc-own", "jilin", "plain-csv",
    )  # fmt: skip


def test_a_name_is_not_a_path(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "profiles").mkdir()
    with pytest.raises(UnknownBankProfile):
        load_profile("../secret", tmp_path / "profiles")


def test_the_books_own_profile_comes_before_the_tools(tmp_path: Path) -> None:
    own = PLAIN.replace("row_limit = 3000", "row_limit = 500")
    (tmp_path / "plain-csv.toml").write_text(own, encoding="utf-8")
    assert load_profile("plain-csv", tmp_path).row_limit == 500
    assert load_profile("plain-csv").row_limit == 3000


def test_a_missing_folder_of_the_books_adds_nothing(tmp_path: Path) -> None:
    assert load_profile("plain-csv", tmp_path / "none") == load_profile("plain-csv")


def test_a_byte_order_mark_from_notepad_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "notepad.toml").write_text(PLAIN, encoding="utf-8-sig")
    assert load_profile("notepad", tmp_path).encoding == "gb18030"


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('title = "通用代发文件（CSV）"', "", "title"),
        ('title = "通用代发文件（CSV）"', "title = 7", "title"),
        ('file_type = "csv"', 'file_type = "ods"', "file_type"),
        ('encoding = "gb18030"', 'encoding = "utf-16"', "encoding"),
        ("row_limit = 3000", "row_limit = 0", "row_limit"),
        ("row_limit = 3000", "row_limit = true", "row_limit"),
        ("row_limit = 3000", "row_limit = 2000000", "row_limit"),
        ("row_limit = 3000", "first_row = 3000000", "first_row"),
        ("row_limit = 3000", 'bank_codes = {" " = "402454600012"}', "bank_codes"),
        ('header = "序号"', f'header = "{"序" * 1001}"', "columns[1].header"),
        ("[[columns]]", "[[columns]]\n" * 257, "columns"),
        ("row_limit = 3000", "rowlimit = 3000", "rowlimit"),
        ("row_limit = 3000", "first_row = 1", "first_row"),
        ("row_limit = 3000", 'sheet = "a/b"', "sheet"),
        ('debit = "gross"', 'debit = "both"', "debit"),
        ('remark = "两员补助"', 'remark = "第七次普查补助"', "remark"),
        ('remark = "两员补助"', 'remark = "两员\\n补助"', "remark"),
        ('quoting = "minimal"', 'quoting = "some"', "csv.quoting"),
        ('quoting = "minimal"', "escape = 1", "csv.escape"),
        ('value = "number"', 'value = "phone"', "columns[1].value"),
        ('value = "number"', 'value = "number"\ntext = "1"', "columns[1].text"),
        ('value = "number"', "required = true", "columns[1].text"),
        ('value = "number"', 'value = "number"\nkind = "amount"', "columns[1].value"),
        ('header = "序号"', 'header = "序\\t号"', "columns[1].header"),
        ("max_bytes = 60", "max_bytes = -1", "columns[2].max_bytes"),
        ("max_bytes = 60", 'max_bytes = "60"', "columns[2].max_bytes"),
        ('value = "account"', "", "columns"),
        ("[[columns]]", "[[column]]", "column"),
        ("row_limit = 3000", 'cells = [{ at = "B1", text = "x" }]', "cells[1].at"),
        ("row_limit = 3000", 'cells = [{ at = "B2", text = "x" }]', "cells[1].at"),
        ("row_limit = 3000", 'header_row = 2\ncells = [{ at = "G1" }]', "cells[1].at"),
        ("row_limit = 3000", 'header_row = 2\ncells = [{ at = "1G" }]', "cells[1].at"),
        ("row_limit = 3000", "header_row = 2\ncells = [{ text = 'x' }]", "cells[1].at"),
        (
            "row_limit = 3000",
            'header_row = 2\ncells = [{ at = "B1", text = "\\t" }]',
            "cells[1].text",
        ),
    ],
)
def test_a_malformed_profile_is_refused_with_its_key(
    tmp_path: Path, right: str, wrong: str, key: str
) -> None:
    assert right in PLAIN
    (tmp_path / "bank.toml").write_text(PLAIN.replace(right, wrong), encoding="utf-8")
    with pytest.raises(MalformedToml) as refused:
        load_profile("bank", tmp_path)
    assert refused.value.key == key
    assert str(refused.value).startswith(f"bank.toml: {key}: ")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text(PLAIN, encoding="gb18030")
    with pytest.raises(Refusal, match=r"^bank\.toml: "):
        load_profile("bank", tmp_path)


def test_lengths_are_bytes_of_the_banks_encoding() -> None:
    profile = load_profile("icbc-own")
    column = Column(max_bytes=12)
    assert profile.text_problem(column, "一二三四五六") is None
    assert profile.text_problem(column, "一二三四五六1") == "too_long"
    assert profile.text_problem(column, "twelve bytes") is None


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\x00", "a\u2028b", "<r>甲</r>", "_x0041_"])
def test_a_workbook_cannot_hold_what_would_arrive_changed(text: str) -> None:
    assert load_profile("icbc-own").text_problem(Column(), text) == "characters"


def test_without_quotes_a_csv_file_cannot_hold_its_delimiter(tmp_path: Path) -> None:
    (tmp_path / "bare.toml").write_text(PLAIN.replace("minimal", "none"), encoding="utf-8")
    bare = load_profile("bare", tmp_path)
    assert bare.text_problem(Column(), "农商行,城关") == "characters"
    assert load_profile("plain-csv").text_problem(Column(), "农商行,城关") is None
