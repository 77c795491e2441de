"""What a bank says of a payment: paid, returned, or unknown and never sent again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies

from importers.results.answers import TEXT_CHARACTERS
from importers.results.answers import AnotherAmount
from importers.results.answers import Answer
from importers.results.answers import answer_words
from importers.results.answers import classify
from importers.results.answers import with_handled
from importers.results.refusals import AnswerWordTwice
from importers.results.words import reason_words
from ledger.model.return_reasons import FILE_REFUSED
from ledger.model.return_reasons import RETURN_REASONS
from ledger.model.transitions import State

# class | the bank's texts | the bank's codes
REASONS = """
NAME_MISMATCH|户名不符;账号户名不符;账号、户名不符;账号与户名不符;户名错;收款人账号户名不符|FSBR6038/3031/013031
ACCOUNT_NOT_FOUND|账号不存在;账号或卡号不存在;无此账户;账号错误;无效卡号;卡号或账号无效|FSBR6037/3009/3030/3004
CLOSED|账户已销户;已清户;账户已关户;此户已结清;已销户|3018/3039/FSBR8203
FROZEN|账户已冻结;账户被冻结，无法入账;账户被临时锁定;只收不付/不收不付控制|FSBR6039/3017/3020
LOST|已挂失卡;已挂失折;账户密码挂失或卡密码挂失|3006/3016
DORMANT_OR_TYPE|睡眠户;久悬户;非结算类账户;非活期账号，或为旧账号;账户不支持代收付;二三类户限额|FSBR1210/FSBR1212/3034/013064
ID_MISMATCH|证件号码不符;证件类型和证件号错误|FSBR6046/3063
BANK_NO_WRONG|卡号所属银行与发卡行不一致;行名行号不符;联行号错误|3999
CARD_EXPIRED|过期卡;磁卡未生效|3010/3037
AMOUNT|金额错误;金额大于单笔业务限额;单笔交易金额超过单笔金额上限;当日累计超限|FSBR6045/3040
DUPLICATE|重复业务;重复提交;批次号重复|3051
INSUFFICIENT|余额不足;付款账户余额不足|3008/FSBR6040
RETURNED_LATER|退票;退汇;退汇成功;退票成功;退回成功;已收妥未入账;发起行要求退票|3056/FSBR6051/FSBR1010
PENDING|系统正在对数据处理;提交银行处理;处理中;系统忙，请稍后再提交;超时|2000/2007/3028
OTHER|其它原因导致入帐不成功;其他原因;通用失败;交易失败|FSBR1199/6999/9999
"""
LINES = [line.split("|") for line in REASONS.split()]
SAID = [
    (reason_class, said)
    for reason_class, texts, codes in LINES
    for said in (*texts.split(";"), *codes.split("/"))
]
UNKNOWN = ("PENDING", "DUPLICATE")


def answered(status: str, reason: str = "") -> tuple[str, str]:
    """The outcome and the class."""
    answer = classify(status, reason)
    assert answer is not None
    return answer.outcome.value, answer.reason_class


def expected(reason_class: str) -> tuple[str, str]:
    return "unknown" if reason_class in UNKNOWN else "returned", reason_class


@pytest.mark.parametrize(("reason_class", "said"), SAID)
def test_each_text_and_code_has_its_class(reason_class: str, said: str) -> None:
    for status, reason in (
        (said, ""),
        ("", said),
        ("失败", said),
        ("处理失败", f"[{said}] 请核实"),
    ):
        assert answered(status, reason) == expected(reason_class), (status, reason)


@pytest.mark.parametrize(("reason_class", "said"), SAID)
def test_a_success_with_a_reason_against_it_is_unclear(reason_class: str, said: str) -> None:
    assert answered("交易成功", said) == ("unknown", "UNCLEAR")


def test_every_class_is_one_that_the_books_know() -> None:
    known = reason_words()
    classes = {*known.texts.values(), *known.codes.values()}
    assert classes == {reason_class for reason_class, _texts, _codes in LINES}
    assert classes - set(UNKNOWN) == set(RETURN_REASONS) - {FILE_REFUSED}


@pytest.mark.parametrize(
    "status",
    [
        "全部成功", "成功", "处理成功", "交易成功", "已入账", "入账成功", "代发成功", "S", "s",
        "SUCCESS", "Success", "成 功", "　成功 ", "交易成功。", "入帐成功",
    ],
)  # fmt: skip
@pytest.mark.parametrize("reason", ["", "代发工资", "成功", "0000 交易成功"])
def test_words_of_success(status: str, reason: str) -> None:
    assert answered(status, reason) == ("paid", "")


@pytest.mark.parametrize(
    "status", ["失败", "处理失败", "交易失败", "F", "不成功", "未成功", "fail"]
)
@pytest.mark.parametrize("reason", ["", "请联系开户网点", "6215210000000001有误"])
def test_a_clear_failure_without_a_known_reason_is_a_return(status: str, reason: str) -> None:
    assert answered(status, reason) == ("returned", "OTHER")


@pytest.mark.parametrize(
    "status",
    [
        "处理中", "超时", "已受理", "待处理", "已提交", "受理成功", "提交成功", "交易超时",
        "待清算", "清算中", "待复核", "审核中", "审批中", "排队",
    ],
)  # fmt: skip
def test_what_is_under_way_is_unknown(status: str) -> None:
    assert answered(status) == ("unknown", "PENDING")
    assert answered(status, "户名不符") == ("unknown", "PENDING")
    assert answered("失败", status) == ("unknown", "PENDING")
    assert answered("成功", status) == ("unknown", "UNCLEAR")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("部分成功", ""), ("部分成功", "余额不足"), ("0", ""), ("1", ""), ("Y", ""), ("00", ""),
        ("部分失败", ""), ("成功(部分)", ""), ("成功", "部分失败"), ("成功", "F"),
        ("失败", "交易成功"),
        ("成功", "未成功"), ("", "代发工资"), ("非成功", ""), ("2020-11-10", ""),
        ("失败", "部分入账"),
        ("成功", "账户状态异常"),
        ("失败，系统将自动重试", ""), ("失败", "等待人行清算结果"), ("失败", "已挂账，转人工处理"),
        ("交易成功", "次日到账"), ("补发成功", ""), ("冲账成功", ""), ("退汇", "部分成功"),
    ],
)  # fmt: skip
def test_what_nobody_knows_or_contradicts_itself_is_unclear(status: str, reason: str) -> None:
    assert answered(status, reason) == ("unknown", "UNCLEAR")


@pytest.mark.parametrize(
    ("status", "reason", "reason_class"),
    [
        ("交易失败", "户名不符", "NAME_MISMATCH"),
        ("失败：账号不存在", "", "ACCOUNT_NOT_FOUND"),
        ("失败(原因不明)", "", "OTHER"),
        ("1", "FSBR6038 帐号与户名不符", "NAME_MISMATCH"),
        ("F", "户名错，此户已结清", "CLOSED"),
        ("F", "交易失败，户名错", "NAME_MISMATCH"),
        ("失败", "卡号或帐号无效", "ACCOUNT_NOT_FOUND"),
        ("失败", "3004元", "OTHER"),
        ("失败", "账号63004123", "OTHER"),
    ],
)
def test_the_reason_is_found_in_what_the_bank_says(
    status: str, reason: str, reason_class: str
) -> None:
    assert answered(status, reason) == ("returned", reason_class)


def test_a_repetition_is_looked_into_before_anything_is_sent_again() -> None:
    assert answered("失败", "重复提交") == ("unknown", "DUPLICATE")
    assert answered("失败", "重复提交，户名不符") == ("unknown", "DUPLICATE")
    assert answered("失败", "重复提交，处理中") == ("unknown", "PENDING")


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\ufeff\t"])
def test_nothing_said_is_no_answer(blank: str) -> None:
    assert classify(blank, blank) is None


def test_a_banks_own_words_are_added() -> None:
    words = answer_words(paid=["1", "受理成功"], failed=["2"])
    assert classify("1", "", words) == Answer(State.PAID, "", "1")
    assert classify("受理成功", "", words) == Answer(State.PAID, "", "受理成功")
    assert classify("2", "账户已销户", words) == Answer(State.RETURNED, "CLOSED", "2 账户已销户")
    assert classify("2", "超时", words) == Answer(State.UNKNOWN, "PENDING", "2 超时")
    assert classify("成功", "", words) == Answer(State.PAID, "", "成功")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("待清算", ""),
        ("待 清算", ""),
        ("", "待清算"),
        ("成功", "待清算"),
        ("失败", "待清算"),
        ("9", ""),
    ],
)
def test_a_banks_own_word_for_what_is_under_way_is_unknown(status: str, reason: str) -> None:
    answer = classify(status, reason, answer_words(pending=["待清算", "9"]))
    assert answer
    assert (answer.outcome, answer.reason_class) == (State.UNKNOWN, "PENDING")


@pytest.mark.parametrize("word", ["成功", "失败", "8"])
def test_what_is_under_way_is_neither_paid_nor_returned(word: str) -> None:
    with pytest.raises(AnswerWordTwice):
        answer_words(paid=["8"], pending=[word])


@pytest.mark.parametrize(("paid", "failed"), [(["1"], ["１"]), (["失败"], []), ([], ["成功"])])
def test_a_word_cannot_say_both(paid: list[str], failed: list[str]) -> None:
    with pytest.raises(AnswerWordTwice):
        answer_words(paid=paid, failed=failed)


def test_the_banks_words_are_kept_without_long_numbers() -> None:
    answer = classify("交易失败", "卡号6215 2100 0000 0001、证件370481199003071234\n不符FSBR6038")
    assert answer is not None
    assert answer.text == "交易失败 卡号****0001、证件****1234 不符FSBR6038"
    long = classify("失败", "卡" * 1000)
    assert long is not None
    assert len(long.text) == TEXT_CHARACTERS


@given(
    strategies.text("成功失败部分处理中超时F1户名不符，: 3031", max_size=12),
    strategies.text(max_size=9),
)
def test_any_texts_get_an_answer_that_the_books_know(status: str, reason: str) -> None:
    answer = classify(status, reason)
    if answer is None:
        return
    known = {
        State.PAID: {""},
        State.RETURNED: set(RETURN_REASONS),
        State.UNKNOWN: {"PENDING", "DUPLICATE", "UNCLEAR"},
    }
    assert answer.reason_class in known[answer.outcome]


PAID = Answer(State.PAID, "", "成功")
RETURNED = Answer(State.RETURNED, "CLOSED", "已销户")
PENDING = Answer(State.UNKNOWN, "PENDING", "处理中")


def test_the_handled_amount_bears_the_words_out() -> None:
    for handled in (None, 800_00):
        assert with_handled(PAID, 800_00, handled) == PAID
    for handled in (None, 0):
        assert with_handled(RETURNED, 800_00, handled) == RETURNED
    for handled in (None, 0, 1, 800_00):
        assert with_handled(PENDING, 800_00, handled) == PENDING


def test_a_handled_amount_against_the_words() -> None:
    contradicted = with_handled(RETURNED, 800_00, 800_00)
    assert contradicted == Answer(State.UNKNOWN, "UNCLEAR", "已销户")
    for answer, handled in ((PAID, 0), (PAID, 700_00), (RETURNED, 700_00), (None, 1)):
        with pytest.raises(AnotherAmount):
            with_handled(answer, 800_00, handled)


def test_a_handled_amount_without_words() -> None:
    """Nobody is paid or returned by a figure alone."""
    assert with_handled(None, 800_00, None) is None
    assert with_handled(None, 800_00, 0) is None
    unclear = with_handled(None, 800_00, 800_00)
    assert unclear == Answer(State.UNKNOWN, "UNCLEAR", "实处理金额 800.00")
