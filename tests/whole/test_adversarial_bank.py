"""The adversarial bank itself is right: its truth adds up, and its files say what they due."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineError
from python_calamine import CalamineWorkbook
from samples.bank import Fate
from samples.bank_tables import masked_account
from samples.bank_upload import SentRow

from tests.support.adversarial_bank import AdversarialBank
from tests.support.adversarial_bank import Money
from tests.support.adversarial_money import BANK
from tests.support.adversarial_money import TRANSIT
from tests.support.adversarial_money import debit_entry
from tests.support.adversarial_money import refund_entry
from tests.support.adversarial_results import ACCEPTED
from tests.support.adversarial_results import FOREIGN
from tests.support.adversarial_results import HANDLED
from tests.support.adversarial_results import TRICKS
from tests.support.adversarial_results import TRUNCATED
from tests.support.adversarial_results import ResultSent
from tests.support.adversarial_results import Verdict
from tests.support.office import made_up

FIRST, SECOND = "B2020-001", "B2020-002"
RANDOMS = st.randoms(use_true_random=False)


def upload(batch: str, first: int, count: int) -> list[SentRow]:
    """Payments of 800 yuan, the last third of them in the file for other banks."""
    rows = []
    own = count - count // 3
    for place in range(count):
        payee = made_up(first + place)
        file, row = (f"{batch}-本行-1.xlsx", place + 1)
        number = ""
        if place >= own:
            file, row, number = f"{batch}-他行-1.csv", place - own + 1, str(place + 1)
        rows.append(
            SentRow(
                file, row, number, payee.bank_name, payee.account, "800.00", payee.bank, "两员补助"
            )
        )
    return rows


def at_work(random: Random, *, gross: bool = True, per_person: bool = False) -> AdversarialBank:
    bank = AdversarialBank(random, gross=gross, per_person=per_person)
    bank.submit(FIRST, upload(FIRST, 1, 9))
    bank.submit(SECOND, upload(SECOND, 10, 6))
    return bank


Said = tuple[str, str, str, str, str]


def said(sent: ResultSent) -> list[Said]:
    """(name, account, amount, status, handled) of each row; handled is empty in a list."""
    if sent.name.endswith(".csv"):
        lines = list(csv.reader(io.StringIO(sent.content.decode("gb18030"), newline="")))
        return [(n, a, y, r or s, "") for _, a, n, y, s, r in lines[1:]]
    if sent.content.startswith(b"<html>"):
        page = sent.content.decode("gb18030").split("<tr><td>")[2:]
        lines = [line.split("</td></tr>")[0].split("</td><td>") for line in page]
        return [(n, a, y, r or s, "") for _, a, n, y, s, r in lines]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sent.content))
    table = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    start = next(place for place, line in enumerate(table) if line[1] == "卡号")
    return [
        (str(name), str(account), f"{amount:.2f}", str(flag), f"{handled:.2f}")
        for name, account, amount, _, handled, flag in table[start + 1 :]
        if name != "合计"
    ]


SUCCESS = ("全部成功", "交易成功")


def true_rows(sent: ResultSent) -> list[tuple[str, str, str, str]]:
    return [
        (
            decision.row.name,
            masked_account(decision.row.account) if "*" in account else decision.row.account,
            decision.row.amount,
            status if decision.outcome.is_success and status in SUCCESS else decision.outcome.text,
        )
        for decision, (_, account, _, status, _) in zip(sent.decisions, said(sent), strict=True)
    ]


@given(RANDOMS)
def test_everything_that_was_sent_ends_in_one_way(random: Random) -> None:
    bank = at_work(random)
    assert set(bank.money.values()) == {Money.UNDECIDED}
    bank.settle(FIRST)
    for batch in (FIRST, SECOND):
        bank.settle(batch, everything=True)
    for decision in bank.answers(FIRST) + bank.answers(SECOND):
        paid = decision.outcome.fate is Fate.PAID
        assert bank.money[decision.row.key] is (Money.MOVED if paid else Money.NOT_MOVED)
        assert decision.outcome.fate is not Fate.PENDING
    assert len(bank.answers(FIRST)) == 9
    moved = Counter(bank.money.values())[Money.MOVED]
    assert bank.moved_fen(FIRST) + bank.moved_fen(SECOND) == 800_00 * moved


@given(RANDOMS)
def test_what_is_under_way_is_decided_later(random: Random) -> None:
    bank = at_work(random)
    for decision in bank.settle(FIRST):
        pending = decision.outcome.fate is Fate.PENDING
        assert (bank.money[decision.row.key] is Money.UNDECIDED) == pending
    before = {d.row.key: d for d in bank.answers(FIRST) if d.outcome.fate is not Fate.PENDING}
    bank.settle(FIRST, everything=True)
    after = {decision.row.key: decision for decision in bank.answers(FIRST)}
    assert all(after[key] == decision for key, decision in before.items())


@given(RANDOMS)
def test_honest_files_say_the_truth_and_all_of_it(random: Random) -> None:
    bank = at_work(random)
    bank.settle(FIRST, everything=True)
    files = bank.result_files(FIRST, tricks=0)
    assert files
    for sent in files:
        assert sent.honest
        assert sent.verdict is not Verdict.REFUSE
        assert bank.is_current(sent)
        assert [row[:4] for row in said(sent)] == true_rows(sent)
    told = {decision.row.key for sent in files for decision in sent.decisions}
    assert told == {row.key for row in upload(FIRST, 1, 9)}


@given(RANDOMS)
def test_money_that_comes_back_makes_older_files_old(random: Random) -> None:
    bank = at_work(random)
    bank.settle(FIRST, everything=True)
    files = bank.result_files(FIRST, tricks=0)
    late = bank.give_back(FIRST)
    moved = any(decision.outcome.is_success for sent in files for decision in sent.decisions)
    assert (late is not None) == moved
    if late:
        assert bank.money[late.row.key] is Money.CAME_BACK
        assert late.outcome.reason_class == "RETURNED_LATER"
        for sent in files:
            about_it = late.row.key in {decision.row.key for decision in sent.decisions}
            assert bank.is_current(sent) != about_it


def test_there_is_no_file_before_there_is_an_answer() -> None:
    assert at_work(Random(1)).result_files(FIRST) == []
    with pytest.raises(ValueError, match="nothing to play"):
        at_work(Random(1)).bent(FIRST, TRICKS[0])


@given(RANDOMS, st.sampled_from([trick for trick in TRICKS if trick != TRUNCATED]))
def test_a_bent_file_differs_from_the_truth(random: Random, trick: str) -> None:
    bank = at_work(random)
    bank.settle(FIRST, everything=True)
    sent = bank.bent(FIRST, trick)
    assert sent.trick == trick
    assert not sent.honest
    truth = {(d.row.name, d.row.account, d.row.amount, d.outcome.text) for d in bank.answers(FIRST)}
    rows = [(n, a, y, "" if s in SUCCESS else s) for n, a, y, s, _ in said(sent)]
    wrong = [row for row in rows if row not in truth]
    if trick == HANDLED:
        short = [row for row in said(sent) if row[3] == "全部成功" and row[4] == "799.99"]
        assert len(short) == 1
    elif trick == "twice":
        assert not wrong
        assert len(set(rows)) == len(rows) - 1
    elif trick == "names swapped":
        assert 1 <= len(wrong) <= len(rows)
    else:
        assert len(wrong) == 1
    assert sent.verdict is (Verdict.EITHER if trick in (ACCEPTED, HANDLED) else Verdict.REFUSE)


@given(RANDOMS)
def test_a_foreign_row_is_of_another_batch(random: Random) -> None:
    bank = at_work(random)
    bank.settle(FIRST, everything=True)
    accounts = {row.account for row in upload(SECOND, 10, 6)}
    assert len([row for row in said(bank.bent(FIRST, FOREIGN)) if row[1] in accounts]) == 1


@given(RANDOMS)
def test_a_truncated_file_is_damaged_or_a_part(random: Random) -> None:
    bank = at_work(random)
    bank.settle(FIRST, everything=True)
    sent = bank.bent(FIRST, TRUNCATED)
    if sent.verdict is Verdict.REFUSE:
        with pytest.raises((CalamineError, OSError, ValueError)):
            CalamineWorkbook.from_filelike(io.BytesIO(sent.content))
    elif sent.name.endswith(".csv"):
        whole = sent.content.decode("gb18030", "ignore").split("\r\n")[1:-1]
        assert len(whole) <= len(sent.decisions)


@given(RANDOMS, st.booleans(), st.booleans())
def test_in_the_end_the_bank_has_taken_what_it_has_paid(
    random: Random, gross: bool, per_person: bool
) -> None:
    bank = at_work(random, gross=gross, per_person=per_person)
    movements = bank.statement()
    assert gross or not movements
    for batch in (FIRST, SECOND):
        bank.settle(batch)
        movements += bank.statement()
    bank.settle(FIRST, everything=True)
    bank.settle(SECOND, everything=True)
    bank.give_back(FIRST)
    movements += bank.statement(everything=True)
    assert bank.statement(everything=True) == []
    for batch in (FIRST, SECOND):
        assert bank.taken_fen(batch) == bank.moved_fen(batch)
        on_statement = sum(
            (-1 if movement.refund else 1) * movement.fen_by_batch.get(batch, 0)
            for movement in movements
        )
        assert on_statement == bank.taken_fen(batch)
    assert all(movement.fen > 0 for movement in movements)
    assert [movement.number for movement in movements] == list(range(1, len(movements) + 1))


def test_gross_debits_are_whole_files_and_net_ones_what_was_paid() -> None:
    gross = at_work(Random(3))
    assert [m.fen for m in gross.statement(everything=True)] == [4800_00, 2400_00, 3200_00, 1600_00]
    net = at_work(Random(3), gross=False, per_person=True)
    net.settle(FIRST, everything=True)
    movements = net.statement(everything=True)
    assert {movement.fen for movement in movements} == {800_00}
    assert len(movements) * 800_00 == net.moved_fen(FIRST)


def test_a_batch_that_is_turned_away_has_neither_result_nor_debit() -> None:
    bank = at_work(Random(1))
    bank.refuse(FIRST)
    assert bank.settle(FIRST, everything=True) == []
    assert bank.result_files(FIRST) == []
    assert {batch for m in bank.statement(everything=True) for batch in m.fen_by_batch} == {SECOND}
    assert bank.taken_fen(FIRST) == bank.moved_fen(FIRST) == 0
    with pytest.raises(ValueError, match="under way"):
        bank.refuse(SECOND)
    with pytest.raises(ValueError, match="submitted before"):
        bank.submit(FIRST, [])


def test_money_is_entered_with_the_batch_on_each_posting(tmp_path: Path) -> None:
    books = tmp_path / "books.beancount"
    accounts = "".join(f"2020-01-01 open {account} CNY\n" for account in (TRANSIT, BANK))
    debit = debit_entry(FIRST, 1_220_000_00, "2020-11-11")
    refund = refund_entry({FIRST: 800_00, SECOND: 1600_05}, "2020-11-12", number=2)
    books.write_text(accounts + debit + refund, encoding="utf-8", newline="\n")
    entries, errors, _ = loader.load_file(str(books))
    assert errors == []
    debited, refunded = (entry for entry in entries if isinstance(entry, data.Transaction))
    assert debited.links == {FIRST}
    assert refunded.links == {FIRST, SECOND}
    posted = [
        (posting.account, posting.units and posting.units.number, (posting.meta or {}).get("batch"))
        for posting in refunded.postings
    ]
    assert posted == [
        (TRANSIT, Decimal("-800.00"), FIRST),
        (TRANSIT, Decimal("-1600.05"), SECOND),
        (BANK, Decimal("2400.05"), None),
    ]
