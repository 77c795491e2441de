"""The simulated bank of the demonstration: it reads what it is sent and answers what it decides.

Its files are read here by calamine and csv alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from samples.bank import Decision
from samples.bank import Fate
from samples.bank import decide
from samples.bank import follow_up
from samples.bank_answers import FORMS
from samples.bank_answers import csv_result
from samples.bank_answers import html_result
from samples.bank_answers import icbc_result
from samples.bank_answers import write_results
from samples.bank_answers import xls_result
from samples.bank_upload import SentRow
from samples.bank_upload import read_upload
from samples.bank_upload import read_uploads
from samples.bank_words import PENDING_TEXTS
from samples.bank_words import RETURN_TEXTS
from samples.bank_words import USUAL_REASONS

from tests.support.bank_uploads import csv_cells
from tests.support.bank_uploads import sent
from tests.support.bank_uploads import workbook_cells
from tests.support.made_up_payments import BATCH

OWN_FILE, OTHER_FILE = f"{BATCH}-本行-1.xlsx", f"{BATCH}-他行-1.csv"


@pytest.fixture
def rows(tmp_path: Path) -> list[SentRow]:
    sent(tmp_path)
    return read_uploads(tmp_path)


def many(count: int) -> list[SentRow]:
    return [
        SentRow(OWN_FILE, n, "", f"王{n}", f"6215210000{n:06d}", "800.00", "", "两员补助")
        for n in range(1, count + 1)
    ]


def with_fate(decisions: Sequence[Decision], fate: Fate) -> list[Decision]:
    return [decision for decision in decisions if decision.outcome.fate is fate]


def test_the_bank_finds_every_payment_of_the_uploads_in_its_place(tmp_path: Path) -> None:
    instructions = sent(tmp_path)
    by_place = {(row.bank_file, row.bank_row): row for row in instructions}
    found = read_uploads(tmp_path)
    assert len(found) == len(instructions) == 400
    assert [row.file for row in found] == [OWN_FILE] * 300 + [OTHER_FILE] * 100
    for row in found:
        instruction = by_place[row.key]
        assert row.name == instruction.bank_name
        assert row.account == instruction.account
        assert row.fen == instruction.amount_fen
        assert row.remark == "两员补助"
        if row.file == OTHER_FILE:
            assert (row.number, row.bank) == (str(instruction.number), instruction.bank)
        else:
            assert (row.number, row.bank) == ("", "")


def test_uploads_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    sent(tmp_path, 8)
    for number in (2, 10):
        copy = tmp_path / f"{BATCH}-本行-{number}.xlsx"
        copy.write_bytes((tmp_path / OWN_FILE).read_bytes())
    files = list(dict.fromkeys(row.file for row in read_uploads(tmp_path)))
    own = [f"{BATCH}-本行-{number}.xlsx" for number in (1, 2, 10)]
    assert files == [*own, OTHER_FILE]


def test_a_file_without_headings_or_with_half_a_payment_is_no_upload(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("1,2,3\r\n", encoding="gb18030", newline="")
    with pytest.raises(ValueError, match="no headings"):
        read_upload(path)
    path.write_text("户名,账号,金额\r\n王一,,800.00\r\n", encoding="gb18030", newline="")
    with pytest.raises(ValueError, match="payment 1 is incomplete"):
        read_upload(path)


def test_the_bank_decides_as_planned_in_the_order_of_the_rows(rows: list[SentRow]) -> None:
    decisions = decide(rows, seed=1, returned_share=0.05, pending=3, later=2)
    assert [decision.row for decision in decisions] == rows
    assert Counter(decision.outcome.fate for decision in decisions) == {
        Fate.PAID: 375,
        Fate.RETURNED: 20,
        Fate.PENDING: 3,
        Fate.LATER: 2,
    }
    for decision in with_fate(decisions, Fate.RETURNED):
        assert decision.outcome.text in RETURN_TEXTS[decision.outcome.reason_class]
    for decision in with_fate(decisions, Fate.PENDING):
        assert decision.outcome.text in PENDING_TEXTS


def test_a_decision_depends_on_the_seed_alone(rows: list[SentRow]) -> None:
    assert decide(rows, seed=1) == decide(rows, seed=1)
    assert decide(rows, seed=1) != decide(rows, seed=2)


def test_a_small_batch_has_a_return_too_unless_none_is_wanted() -> None:
    assert len(with_fate(decide(many(10), seed=1), Fate.RETURNED)) == 1
    calm = decide(many(10), seed=1, returned_share=0, pending=0, later=0)
    assert len(with_fate(calm, Fate.PAID)) == 10
    assert [d.outcome.fate for d in decide(many(1), seed=1)] == [Fate.RETURNED]
    assert decide([], seed=1) == []


def test_every_usual_reason_is_seen_before_one_is_dealt_too_often() -> None:
    decisions = decide(many(1000), seed=3, returned_share=len(USUAL_REASONS) / 1000)
    dealt = Counter(d.outcome.reason_class for d in with_fate(decisions, Fate.RETURNED))
    assert dealt == Counter(USUAL_REASONS)


def test_later_the_bank_has_news_of_what_was_open_and_of_nothing_else() -> None:
    decisions = decide(many(500), seed=5, pending=3, later=2)
    open_rows = [d.row for d in decisions if d.outcome.fate in (Fate.PENDING, Fate.LATER)]
    news = follow_up(decisions, seed=5)
    assert [decision.row for decision in news] == open_rows
    fates = Counter(d.outcome.fate for d in news)
    assert fates == {Fate.PAID: 2, Fate.RETURNED: 3}
    late = {d.row.key for d in with_fate(decisions, Fate.LATER)}
    assert {d.outcome.reason_class for d in news if d.row.key in late} == {"RETURNED_LATER"}
    assert news == follow_up(decisions, seed=5)


def test_the_own_bank_fills_in_the_last_two_columns_of_the_upload(
    tmp_path: Path, rows: list[SentRow]
) -> None:
    own = [decision for decision in decide(rows, seed=1) if decision.row.file == OWN_FILE]
    upload = workbook_cells((tmp_path / OWN_FILE).read_bytes())
    answer = workbook_cells(icbc_result(own))
    assert [line[:4] for line in answer] == [line[:4] for line in upload]
    assert answer[0] == upload[0]
    for line, decision in zip(answer[1:], own, strict=True):
        success = decision.outcome.is_success
        assert line[4] == (800.0 if success else 0.0)
        assert line[5] == ("全部成功" if success else decision.outcome.text)
        assert line[5]


def test_an_amount_is_paid_exactly_where_the_bank_says_success(rows: list[SentRow]) -> None:
    decisions = decide(rows, seed=1, returned_share=0.02)
    paid = sum(Decimal(d.handled) for d in decisions)
    successes = len(with_fate(decisions, Fate.PAID)) + len(with_fate(decisions, Fate.LATER))
    assert successes == 400 - 8 - 2
    assert paid == 800 * successes
    handled = Counter(line[4] for line in workbook_cells(icbc_result(decisions))[1:])
    assert handled == {800.0: successes, 0.0: 10}


def test_the_list_of_another_bank_has_other_words_in_another_order(rows: list[SentRow]) -> None:
    decisions = decide(rows, seed=1)
    lines = csv_cells(csv_result(decisions))
    assert lines[0] == ["序号", "收款账号", "收款户名", "交易金额", "交易状态", "失败原因"]
    statuses = {Fate.PAID: "交易成功", Fate.LATER: "交易成功", Fate.RETURNED: "交易失败"}
    for line, (_, account, name, amount, status, reason), decision in zip(
        range(1, 401), lines[1:], decisions, strict=True
    ):
        row, outcome = decision.row, decision.outcome
        assert (account, name, amount) == (row.account, row.name, "800.00")
        assert status == statuses.get(outcome.fate, outcome.text)
        assert reason == (outcome.text if outcome.fate is Fate.RETURNED else "")
        assert lines[line][0] == (row.number or str(line))


def test_a_list_may_number_its_own_lines(rows: list[SentRow]) -> None:
    others = [decision for decision in decide(rows, seed=1) if decision.row.file == OTHER_FILE]
    assert [line[0] for line in csv_cells(csv_result(others))[1:4]] == ["4", "8", "12"]
    own_numbers = csv_cells(csv_result(others, renumbered=True))[1:4]
    assert [line[0] for line in own_numbers] == ["1", "2", "3"]


def test_an_old_workbook_has_a_title_above_and_a_total_below(rows: list[SentRow]) -> None:
    content = xls_result(decide(rows, seed=1))
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    lines = workbook_cells(content)
    assert lines[0][0] == "批量代发处理结果"
    assert [str(cell) for cell in lines[2][:2]] == ["姓名\n(不超过60个字节)", "卡号"]
    assert len(lines) == 3 + 400 + 1
    assert (lines[-1][0], lines[-1][2]) == ("合计", 320_000.0)


def test_a_web_page_can_pass_for_a_workbook(rows: list[SentRow]) -> None:
    text = html_result(decide(rows, seed=1)).decode("gb18030")
    assert text.startswith("<html>")
    assert text.count("<tr>") == 401
    assert FORMS["html"][0] == ".xls"


@pytest.mark.parametrize("form", FORMS)
def test_a_masked_account_shows_four_digits_at_either_end(rows: list[SentRow], form: str) -> None:
    content = FORMS[form][1](decide(rows, seed=1), masked=True)
    if form in ("icbc", "xls"):
        text = "\n".join(str(cell) for line in workbook_cells(content) for cell in line)
    else:
        text = content.decode("gb18030")
    assert not any(row.account in text for row in rows)
    assert len(re.findall(r"6215\*{8}\d{4}", text)) == 400


@pytest.mark.parametrize("form", FORMS)
def test_the_same_decisions_give_the_same_bytes(rows: list[SentRow], form: str) -> None:
    result = FORMS[form][1]
    assert result(decide(rows, seed=1)) == result(decide(rows, seed=1))
    assert result(decide(rows, seed=1)) != result(decide(rows, seed=2))


def test_an_answer_may_be_a_part_in_any_order(rows: list[SentRow]) -> None:
    part = decide(rows, seed=1)[30:20:-1]
    lines = workbook_cells(icbc_result(part))
    assert [line[1] for line in lines[1:]] == [decision.row.account for decision in part]


def test_each_upload_is_answered_in_its_own_format(tmp_path: Path, rows: list[SentRow]) -> None:
    written = write_results(tmp_path / "answers", decide(rows, seed=1))
    assert [path.name for path in written] == [
        f"{BATCH}-本行-1-回盘.xlsx",
        f"{BATCH}-他行-1-回盘.csv",
    ]
    assert len(workbook_cells(written[0].read_bytes())) == 301
    assert len(csv_cells(written[1].read_bytes())) == 101
