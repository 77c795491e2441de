"""A sample town corrects what the bank objected to, and nothing else."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from samples.correction import Corrected
from samples.correction import correct
from samples.correction import holder_name
from samples.correction import other_account
from samples.people import with_check_character
from samples.people import with_luhn_digit
from stdnum import luhn

from tests.support.sent_back import CARD
from tests.support.sent_back import person
from tests.support.sent_back import sent_back

NAME, IDENTITY, BANK, ACCOUNT = 4, 5, 10, 11
LONG_CARD = with_luhn_digit("622848" + "012345678901")
PASSBOOK = "9140114012345678901"


def cells(path: Path) -> list[list[object]]:
    with CalamineWorkbook.from_path(path) as workbook:
        assert workbook.sheet_names == ["荆河街道"]
        return [list(row) for row in workbook.get_sheet_by_index(0).to_python()]


def corrected_only(folder: Path, *people: list[str]) -> list[Corrected]:
    """What was corrected, after a look at the file: those cells differ and no others."""
    source, target = sent_back(folder, *people), folder / "改正.xlsx"
    corrected = correct(source, target, seed=2020)
    before, after = cells(source), cells(target)
    places = {"bank_name": NAME, "identity": IDENTITY, "bank": BANK, "account": ACCOUNT}
    expected = {(change.payee_id, places[change.field]): change.after for change in corrected}
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        for place, cell in enumerate(old):
            assert new[place] == expected.get((str(old[0]), place), cell)
    return corrected


@pytest.mark.parametrize(
    "reason", ["账号不存在", "账户已销户", "久悬户", "二三类户限额", "过期卡", "退汇"]
)
def test_an_account_that_cannot_be_paid_into_is_replaced(tmp_path: Path, reason: str) -> None:
    [change] = corrected_only(tmp_path, person(1, reason))
    assert (change.payee_id, change.field, change.before) == ("P000001", "account", CARD)
    assert change.after != CARD
    assert luhn.is_valid(change.after)
    assert len(change.after) == 16
    assert change.after.startswith("622319")


def test_a_name_that_the_bank_holds_otherwise_is_entered_as_the_bank_has_it(
    tmp_path: Path,
) -> None:
    people = [person(1, "账号户名不符"), person(2, "户名错", name="买买提·阿不都")]
    first, second = corrected_only(tmp_path, *people)
    assert (first.field, first.before, first.after) == ("bank_name", "王建国", "王健国")
    assert (second.field, second.after) == ("bank_name", "买买提阿不都")


def test_where_the_name_is_plain_the_wrong_card_was_written_down(tmp_path: Path) -> None:
    assert holder_name("李三") == "李三"
    [change] = corrected_only(tmp_path, person(1, "户名不符", name="李三"))
    assert change.field == "account"


@pytest.mark.parametrize("reason", ["账户已冻结", "已挂失卡", "金额大于单笔业务限额", "余额不足"])
def test_a_record_that_was_right_stays(tmp_path: Path, reason: str) -> None:
    assert corrected_only(tmp_path, person(1, reason)) == []


def test_the_banks_own_words_count_where_the_office_quotes_them(tmp_path: Path) -> None:
    people = [
        person(1, "账户已冻结、户名或类型有疑问（银行：户名不符）"),
        person(2, "账户户名不清楚（银行：账户已冻结）"),
    ]
    [change] = corrected_only(tmp_path, *people)
    assert (change.payee_id, change.field) == ("P000001", "bank_name")


def test_an_identity_number_and_a_bank_are_corrected_where_they_are_the_reason(
    tmp_path: Path,
) -> None:
    people = [
        person(1, "证件号码不符"),
        person(2, "卡号所属银行与发卡行不一致", account=LONG_CARD),
    ]
    identity, bank = corrected_only(tmp_path, *people)
    assert identity.field == "identity"
    assert identity.after != identity.before
    assert identity.after == with_check_character(identity.after[:17])
    assert int(identity.after[16]) % 2 == int(identity.before[16]) % 2
    assert (bank.field, bank.after) == ("bank", "中国农业银行滕州市支行")


def test_new_accounts_differ_from_all_others(tmp_path: Path) -> None:
    people = [person(n, "账号不存在", account=CARD) for n in range(1, 60)]
    changes = corrected_only(tmp_path, *people)
    assert len({CARD, *(change.after for change in changes)}) == 60


def test_a_passbook_becomes_a_card() -> None:
    card = other_account(PASSBOOK, Random(1))
    assert luhn.is_valid(card)
    assert (len(card), card[:6]) == (16, "621521")


def test_the_same_workbook_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    source = sent_back(tmp_path, person(1, "账号不存在"), person(2, "户名不符"))
    contents = []
    for number, seed in enumerate((1, 1, 2)):
        target = tmp_path / f"{number}.xlsx"
        correct(source, target, seed=seed)
        contents.append(target.read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_a_workbook_without_headings_is_not_one_of_the_offices(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Sheet1").write_string(0, 0, "姓名")
    with pytest.raises(ValueError, match="no headings"):
        correct(path, tmp_path / "corrected.xlsx", seed=1)
