"""Each row of a result is exactly one payment of one batch, or nothing of the file is taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies

from importers.results.matching import MatchedResult
from importers.results.matching import SentBatch
from importers.results.matching import match_result
from importers.results.refusals import BatchIsVoid
from importers.results.refusals import BatchUndecided
from importers.results.refusals import ResultRefused
from importers.results.result_file import ResultFile
from importers.results.result_file import read_result
from importers.tables.reading import Sheet
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import NoSuchBatch
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.result_files import ICBC
from tests.support.result_files import icbc_row
from tests.support.result_files import plain_row
from tests.support.result_files import result
from tests.support.roster_files import Rows


def batch(number: int, *rows: Instruction, state: str = "submitted") -> SentBatch:
    return SentBatch(BatchId(f"B2020-{number:03}"), state, rows)


FIRST = batch(1, *payments(3))
SECOND = batch(2, payment(4), payment(5))


def answered(matched: MatchedResult) -> list[tuple[str, str]]:
    return [
        (payment.payee_id, row.answer.outcome.value if row.answer else "")
        for payment, row in matched.answers
    ]


def findings(file: ResultFile, *batches: SentBatch, named: BatchId | None = None) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(ResultRefused) as refused:
        match_result(file, batches, named)
    for item, fact in zip(refused.value.findings, refused.value.facts()["findings"], strict=True):
        assert fact["message"] == item.message()
        assert (fact["sheet"], fact["row"], fact["code"]) == (item.sheet, item.row, item.code)
    return [item.line() for item in refused.value.findings]


def masked(sent: Instruction) -> str:
    return f"{sent.account[:4]}******{sent.account[-4:]}"


def test_rows_in_any_order_are_their_payments() -> None:
    rows = [plain_row(FIRST.rows[2]), plain_row(FIRST.rows[0], "失败", "已销户")]
    matched = match_result(result(*rows), [FIRST, SECOND])
    assert matched.batch == "B2020-001"
    assert answered(matched) == [("P000003", "paid"), ("P000001", "returned")]


def test_payments_without_an_answer_are_apart() -> None:
    rows = [plain_row(FIRST.rows[0]), plain_row(FIRST.rows[1], "")]
    matched = match_result(result(*rows), [FIRST])
    assert answered(matched) == [("P000001", "paid")]
    assert [sent.payee_id for sent, _row in matched.unanswered] == ["P000002"]


def test_names_and_accounts_are_compared_as_they_are_meant() -> None:
    sent = payment(1, bank_name="买买提·阿不都", account="6215 2100 0000 0001")
    row = plain_row(sent, name="买买提•阿不都 ", account="６２１５２１００００００００01")
    assert answered(match_result(result(row), [batch(1, sent)])) == [("P000001", "paid")]


def test_a_name_with_characters_that_the_bank_cannot_write() -> None:
    sent = payment(1, bank_name="李䶮")
    for shown in ("李?", "李？", "李□", "李*"):
        assert match_result(result(plain_row(sent, name=shown)), [batch(1, sent)]).answers
    assert findings(result(plain_row(sent, name="王?")), batch(1, sent)) == [
        "row 2: ****0001, the account is in the batch under another name"
    ]


BAD_ROWS = {
    "nobody": (
        plain_row(payment(9)),
        "****0009, nobody was sent this payment",
    ),
    "another batch": (plain_row(payment(4)), "****0004, belongs to batch B2020-002"),
    "another amount": (
        plain_row(payment(3), amount="700.00"),
        "****0003, another amount (sent 800.00, here 700.00)",
    ),
    "another name": (
        plain_row(payment(3), name="赵四"),
        "****0003, the account is in the batch under another name",
    ),
    "twice": (plain_row(payment(1)), "****0001, stands twice (row 2)"),
    "twice with another answer": (
        plain_row(payment(1), "失败"),
        "****0001, stands twice (row 2)",
    ),
    "unreadable": (plain_row(payment(3), amount="?"), "****0003, the amount cannot be read"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_row_that_does_not_agree(kind: str) -> None:
    """The good rows are not taken either."""
    row, message = BAD_ROWS[kind]
    file = result(plain_row(payment(1)), plain_row(payment(2)), row)
    assert findings(file, FIRST, SECOND) == [f"row 4: {message}"]
    assert findings(file, FIRST, SECOND, named=FIRST.id) == [f"row 4: {message}"]


def test_a_person_of_a_void_batch_among_others() -> None:
    void = batch(7, payment(8), state="void")
    (line,) = findings(result(plain_row(payment(1)), plain_row(payment(8))), FIRST, void)
    assert line.startswith("row 3: ****0008, belongs to batch B2020-007, which was taken back")
    assert "do not pay this person again" in line


def test_the_message_shows_ten_and_counts_all() -> None:
    file = result(*(plain_row(sent, amount="1.00") for sent in payments(12)))
    with pytest.raises(ResultRefused) as refused:
        match_result(file, [batch(1, *payments(12))])
    message = str(refused.value)
    assert message.startswith(
        "结果.csv: nothing was taken, 12 rows do not agree with batch B2020-001: row 2: ****0001"
    )
    assert message.count("****") == 10
    assert message.endswith("; and 2 more")
    assert len(refused.value.facts()["findings"]) == 12


def test_rows_of_no_batch_at_all() -> None:
    with pytest.raises(ResultRefused, match="1 row agrees with no batch: row 2: "):
        match_result(result(plain_row(payment(9))), [FIRST, SECOND])
    with pytest.raises(ResultRefused, match="no batch"):
        match_result(result(plain_row(payment(9))), [])


def test_findings_are_in_the_order_of_the_file() -> None:
    rows = [plain_row(payment(1), amount="x"), plain_row(payment(9)), plain_row(payment(2))]
    rows += [plain_row(payment(2)), plain_row(payment(3), name="**")]
    lines = findings(result(*rows), FIRST)
    assert [line.split(":")[0] for line in lines] == ["row 2", "row 3", "row 5", "row 6"]


def test_the_sheet_is_named_where_there_is_one() -> None:
    rows: Rows = [list(ICBC), icbc_row(payment(1)), icbc_row(payment(1))]
    file = read_result("a.xlsx", [Sheet("本行", False, rows)])
    assert findings(file, FIRST) == ["row 3, 本行: ****0001, stands twice (row 2, 本行)"]


# Choosing the batch

AGAIN = batch(3, *payments(3))


def test_the_batch_that_all_rows_belong_to() -> None:
    file = result(plain_row(payment(5)), plain_row(payment(4)))
    assert match_result(file, [FIRST, SECOND, AGAIN]).batch == "B2020-002"


def test_the_batch_that_is_named() -> None:
    file = result(plain_row(payment(1)))
    assert match_result(file, [FIRST, AGAIN], BatchId("B2020-003")).batch == "B2020-003"
    with pytest.raises(NoSuchBatch):
        match_result(file, [FIRST, AGAIN], BatchId("B2020-009"))


@pytest.mark.parametrize("name", ["B2020-003-本行-1-回盘.xlsx", "结果（b2020-003）.xls"])
def test_the_batch_that_the_files_name_says_where_several_fit(name: str) -> None:
    file = result(plain_row(payment(1)), name=name)
    assert match_result(file, [FIRST, AGAIN]).batch == "B2020-003"


@pytest.mark.parametrize("name", ["结果.csv", "B2020-0031.csv", "B2020-001和B2020-003.csv"])
def test_several_batches_that_fit_are_a_question(name: str) -> None:
    void = batch(4, *payments(3), state="void")
    with pytest.raises(BatchUndecided) as refused:
        match_result(result(plain_row(payment(1)), name=name), [FIRST, SECOND, AGAIN, void])
    assert "say which one the bank answers for" in str(refused.value)
    assert "B2020-001 (submitted), B2020-003 (submitted), B2020-004 (void)" in str(refused.value)
    assert refused.value.facts() == {"candidates": ["B2020-001", "B2020-003", "B2020-004"]}


def test_the_batch_with_most_of_the_rows_tells_what_is_wrong() -> None:
    file = result(*map(plain_row, (payment(1), payment(4), payment(5))))
    assert findings(file, FIRST, SECOND) == ["row 2: ****0001, belongs to batch B2020-001"]


def test_a_batch_that_was_taken_back() -> None:
    void = batch(1, *payments(3), state="void")
    file = result(plain_row(payment(1)), plain_row(payment(2)))
    for batches, named in (([void, SECOND], None), ([void, AGAIN], void.id)):
        with pytest.raises(BatchIsVoid) as refused:
            match_result(file, batches, named)
        assert "do not pay these people again" in str(refused.value)
        assert refused.value.facts() == {"batch": "B2020-001"}
    unknown = result(plain_row(payment(1)), plain_row(payment(9)))
    with pytest.raises(BatchIsVoid):
        match_result(unknown, [void, SECOND])


# Masked accounts

NAMESAKES = (
    payment(1, account="6215210000110019", bank_name="李伟"),
    payment(2, account="6215210000220019", bank_name="李伟"),
    payment(3),
    payment(4),
)


def test_a_masked_account_with_the_full_name() -> None:
    rows = [plain_row(sent, account=masked(sent)) for sent in payments(3)]
    assert len(match_result(result(*rows), [FIRST, SECOND]).answers) == 3
    for shown in ("****0003", "621521****", "62152100XXXX0003", "6215**********03"):
        row = plain_row(payment(3), account=shown)
        matched = match_result(result(row), [batch(1, *payments(3))])
        assert answered(matched) == [("P000003", "paid")]


def test_a_masked_account_that_does_not_agree() -> None:
    for changes in (
        {"account": "6215****9999"},
        {"name": "赵四"},
        {"account": "62152100000003****"},
    ):
        cells = {"account": masked(payment(3))} | changes
        lines = findings(
            result(plain_row(payment(1)), plain_row(payment(3), "失败", "", **cells)), FIRST
        )
        assert lines[0].endswith("nobody was sent this payment")
    row = plain_row(payment(3), account=masked(payment(3)), amount="7.00")
    assert findings(result(row), FIRST) == [
        "row 2: ****0003, another amount (sent 800.00, here 7.00)"
    ]


@pytest.mark.parametrize("reading", ["number", "bank_row"])
def test_the_sequence_number_tells_namesakes_apart(reading: str) -> None:
    rows = [payment(n, account=sent.account, bank_name=sent.bank_name, bank_row=n + 70)
            for n, sent in enumerate(NAMESAKES, 1)]  # fmt: skip
    lines = [
        plain_row(sent, account=masked(sent), sequence=str(getattr(sent, reading)))
        for sent in reversed(rows)
    ]
    matched = match_result(result(*lines), [batch(1, *rows)])
    assert [sent.payee_id for sent, _row in matched.answers] == [
        "P000004", "P000003", "P000002", "P000001",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sequences",
    [("2", "1", "7", "8"), ("1", "2", "3", "9"), ("", "", "3", "4"), ("9", "8", "3", "4")],
)
def test_a_list_that_is_numbered_otherwise_does_not_tell_namesakes_apart(
    sequences: tuple[str, ...],
) -> None:
    lines = [
        plain_row(sent, account=masked(sent), sequence=sequence)
        for sent, sequence in zip(NAMESAKES, sequences, strict=True)
    ]
    for line in findings(result(*lines), batch(1, *NAMESAKES)):
        assert "several people of the batch fit" in line


def test_namesakes_alone_prove_no_numbering() -> None:
    lines = [plain_row(sent, account=masked(sent)) for sent in NAMESAKES[:2]]
    assert len(findings(result(*lines), batch(1, *NAMESAKES))) == 2


def test_a_list_of_a_few_may_begin_as_the_batch_does() -> None:
    """Of four the bank lists the first and the third, and counts them 1 and 2."""
    second, third = (
        payment(number, account=one.account, bank_name=one.bank_name)
        for number, one in enumerate(NAMESAKES[:2], 2)
    )
    sent = batch(1, payment(1), second, third, payment(4))
    few = [plain_row(payment(1)), plain_row(third, account=masked(third), sequence="2")]
    (line,) = findings(result(*few), sent)
    assert line.startswith("row 3: ****0019, several people of the batch fit")
    whole = [plain_row(one, account=masked(one)) for one in sent.rows]
    assert len(match_result(result(*whole), [sent]).answers) == 4


def test_two_rows_with_one_number_are_one_person_twice() -> None:
    lines = [plain_row(sent, account=masked(sent)) for sent in NAMESAKES]
    lines.append(plain_row(NAMESAKES[0], account=masked(NAMESAKES[0])))
    (line,) = findings(result(*lines), batch(1, *NAMESAKES))
    assert line.endswith("stands twice (row 2)")


# Whatever the file

CHANGES = strategies.fixed_dictionaries(
    {},
    optional={
        "account": strategies.sampled_from(["6215****0001", "6215210000000002", "621521", "x", ""]),
        "name": strategies.sampled_from(["王*", "*", "赵四", ""]),
        "amount": strategies.sampled_from(["700", "x", ""]),
        "status": strategies.sampled_from(["失败", "处理中", ""]),
        "sequence": strategies.sampled_from(["1", "2", ""]),
    },
)


@given(
    strategies.lists(strategies.tuples(strategies.integers(1, 6), CHANGES), min_size=1, max_size=6)
)
def test_a_result_is_taken_whole_or_not_at_all_and_says_no_number(
    lines: list[tuple[int, dict[str, str]]],
) -> None:
    rows = [plain_row(payment(number), **changes) for number, changes in lines]
    try:
        file = result(*rows)
        matched = match_result(file, [FIRST, SECOND, AGAIN])
    except Refusal as refusal:
        assert not re.search("[0-9]{8}", str(refusal) + repr(refusal.facts()))
    else:
        pairs = matched.answers + matched.unanswered
        assert len(pairs) == len(file.rows)
        assert len({sent.number for sent, _row in pairs}) == len(pairs)
        for sent, row in pairs:
            assert sent.amount_fen == row.amount_fen
            assert row.account == sent.account or "*" in row.account


def test_thirty_thousand_rows() -> None:
    """One name and one amount for all, and every account masked: nothing is tried pair by pair."""
    one = payment(bank_name="李伟")
    sent = [one._replace(number=n, account=f"{n:06}{n:010}") for n in range(1, 30_001)]
    rows = [plain_row(row, account=f"{row.account[:6]}****{row.account[-4:]}") for row in sent]
    assert len(match_result(result(*rows), [batch(1, *sent)]).answers) == len(sent)
