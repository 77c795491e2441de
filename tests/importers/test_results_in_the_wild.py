"""Results as banks write them: other words, codes beside words, columns that say the opposite."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from importers.results.answers import classify
from importers.results.header import is_result
from importers.results.refusals import NoResultHeader
from importers.results.refusals import StatedTotalsDiffer
from importers.results.result_file import ResultFile
from importers.results.result_file import read_result
from importers.results.sent_payments import SentBatch
from importers.results.sent_payments import SentPayments
from importers.statements.words import statement_words
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.refusals import AmountsInOtherUnit
from ledger.base.masks import masked_account
from ledger.base.masks import name_fits
from ledger.model.ids import BatchId
from tests.support.made_up_payments import payments

HEADINGS = ("序号", "账号", "户名", "金额", "处理结果", "失败原因")
FIRST, SECOND, THIRD = payments(3)


def row(number: int = 0, *cells: Cell, state: str = "成功", reason: str = "") -> list[Cell]:
    sent = (FIRST, SECOND, THIRD)[number]
    return [str(number + 1), sent.account, sent.bank_name, "800.00", state, reason, *cells]


def short(number: int, last: str) -> list[Cell]:
    """A row with one column behind the amount."""
    return [*row(number)[:4], last]


def read(*rows: Sequence[Cell], headings: tuple[str, ...] = HEADINGS, **beside: str) -> ResultFile:
    lines = [list(headings), *rows]
    width = max(map(len, lines))
    sheet = Sheet(
        beside.get("sheet", ""), False, [[*one, *[""] * (width - len(one))] for one in lines]
    )
    return read_result(beside.get("file", "回盘.csv"), [sheet])


def states(result: ResultFile) -> list[str]:
    assert not result.findings
    return [one.answer.outcome.value if one.answer else "" for one in result.rows]


@pytest.mark.parametrize(
    ("place", "heading"),
    [
        (1, "一卡通账号"),
        (1, "银行卡账号"),
        (1, "账户号"),
        (1, "社保卡金融账号"),
        (1, "领款人卡号"),
        (1, "惠农补贴一卡通卡号"),
        (1, "Account No."),
        (1, "Card Number"),
        (1, "收款人账号/Account"),
        (2, "领款人姓名"),
        (2, "Payee Name"),
        (2, "开户姓名"),
        (2, "普查员姓名"),
        (2, "卡户名"),
        (3, "补助金额"),
        (3, "实发工资"),
        (3, "应发补助"),
        (3, "代发工资金额"),
        (3, "劳务报酬"),
        (3, "Amount"),
        (3, "打卡金额"),
        (4, "处理情况"),
        (4, "到账状态"),
        (4, "回盘状态"),
        (4, "记账状态"),
        (4, "银行处理结果"),
        (4, "支付结果"),
        (4, "核心处理状态"),
        (4, "打款情况"),
        (4, "Payment Status"),
        (4, "成功与否"),
        (5, "银行返回信息"),
        (5, "退回原因"),
        (5, "Reason"),
        (5, "处理结果描述"),
        (5, "银行错误描述"),
    ],
)
def test_headings_are_known_by_their_words(place: int, heading: str) -> None:
    headings = (*HEADINGS[:place], heading, *HEADINGS[place + 1 :])
    result = read(row(), row(1, state="失败", reason="户名不符"), headings=headings)
    assert states(result) == ["paid", "returned"]
    assert [one.amount_fen for one in result.rows] == [800_00, 800_00]


@pytest.mark.parametrize(
    "heading", ["付款账号", "跨行标识", "开户银行名称", "银行名称", "手续费金额说明书", "证件号码"]
)
def test_other_headings_stay_unknown(heading: str) -> None:
    result = read(row(0, "x"), row(1, "x"), headings=(*HEADINGS, heading))
    assert states(result) == ["paid", "paid"]


@pytest.mark.parametrize(
    "lines",
    [
        (["序号", "收款人", "", "金额", "处理", ""], ["", "账号", "户名", "", "状态", "失败原因"]),
        (["序号", "收款方", "", "交易", "结果", ""], ["", "账号", "名称", "金额", "状态", "说明"]),
        (
            ["序号", "账号", "户名", "金额", "状态", "原因"],
            ["No.", "Account", "Name", "Amt", "State", "Why"],
        ),
        (
            ["No.", "Account", "Name", "Amt", "State", "Why"],
            ["序号", "账号", "户名", "金额", "状态", "原因"],
        ),
        (["回盘清单", "", "", "", "", ""], ["序号", "账号", "户名", "金额", "状态", "原因"]),
    ],
)
def test_headings_stand_in_two_lines(lines: tuple[list[str], list[str]]) -> None:
    upper, lower = lines
    result = read(list(lower), row(), row(1, state="失败"), headings=tuple(upper))
    assert states(result) == ["paid", "returned"]


def test_headings_stand_in_three_lines() -> None:
    upper = ("代发明细", "", "", "", "处理情况", "")
    middle = ["序号", "收款人", "", "金额", "结果", ""]
    lowest = ["", "账号", "户名", "", "状态", "失败原因"]
    result = read(middle, lowest, row(), row(1, state="失败"), headings=upper)
    assert states(result) == ["paid", "returned"]


@pytest.mark.parametrize("account", ["****{}", "6215****{}", "尾号{}", "######{}"])
def test_a_masked_person_below_the_headings_is_no_second_line_of_them(account: str) -> None:
    cells = row()
    cells[1] = account.format(FIRST.account[-4:])
    assert len(read(cells, row(1)).rows) == 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("0000-成功", "paid"),
        ("成功[0000]", "paid"),
        ("0000 交易成功", "paid"),
        ("S-成功", "paid"),
        ("00：处理成功", "paid"),
        ("1|成功", "paid"),
        ("成功（AAAAAAA）", "paid"),
        ("3031-户名不符", "returned"),
        ("失败[3031]", "returned"),
        ("E101 户名不符", "returned"),
        ("2-失败", "returned"),
        ("失败(9999)", "returned"),
        ("F-失败", "returned"),
        ("3031-成功", "unknown"),
        ("E101 成功", "unknown"),
        ("0000-失败 成功", "unknown"),
        ("0000", "unknown"),
        ("成功-失败", "unknown"),
        ("1-处理中", "unknown"),
    ],
)
def test_a_code_beside_a_word_says_no_more_than_the_word(status: str, outcome: str) -> None:
    assert states(read(row(state=status), row(1))) == [outcome, "paid"]


@pytest.mark.parametrize(
    "reason",
    [
        "系统繁忙，请稍后再试",
        "流水号重复",
        "重复指令，已拒绝",
        "订单号已存在",
        "已扣款",
        "扣款成功",
        "通讯异常",
        "主机无应答",
        "交易状态不明",
        "该笔已发放",
        "Duplicate request",
        "System busy",
        "账务已记账",
        "已代发，不能再次提交",
        "网络异常",
        "款项已汇出",
        "请稍候查询结果",
    ],
)
def test_a_failure_that_may_have_been_made_is_unknown(reason: str) -> None:
    answer = classify("失败", reason)
    assert answer is not None
    assert answer.outcome.value == "unknown"


@pytest.mark.parametrize(
    ("heading", "cell", "outcome"),
    [
        ("失败金额", "800.00", "unknown"),
        ("失败金额", "0.00", "paid"),
        ("失败金额", "", "paid"),
        ("退汇标志", "是", "unknown"),
        ("退汇标志", "否", "paid"),
        ("退票标识", "Y", "unknown"),
        ("是否退回", "N", "paid"),
        ("退汇日期", "2020-11-14", "unknown"),
        ("冲正标志", "0", "paid"),
        ("冲正标志", "1", "unknown"),
        ("Refund flag", "Yes", "unknown"),
        ("异常标志", "正常", "paid"),
        ("到账标志", "否", "unknown"),
        ("到账标志", "是", "paid"),
        ("是否入账", "0", "unknown"),
        ("到账时间", "", "paid"),
        ("到账时间", "2020-11-13 10:00", "paid"),
        ("银行栏", "失败", "unknown"),
        ("银行栏", "已退汇", "unknown"),
        ("银行栏", "户名不符", "unknown"),
        ("银行栏", "滕州农商行", "paid"),
        ("摘要", "两员补助", "paid"),
        ("摘要", "失败", "unknown"),
        ("指令状态", "失败", "unknown"),
        ("支付结果", "处理中", "unknown"),
        ("指令状态", "处理成功", "paid"),
        ("成功金额", "800.00", "paid"),
        ("失败原因说明", "账号有误", "unknown"),
    ],
)
def test_a_column_that_says_the_opposite_makes_a_success_unknown(
    heading: str, cell: str, outcome: str
) -> None:
    assert states(read(row(0, cell), row(1), headings=(*HEADINGS, heading))) == [outcome, "paid"]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("到账标志", "是"), ("入账时间", "2020-11-13"), ("银行栏", "交易成功"), ("成功标记", "1")],
)
def test_a_column_that_says_the_opposite_makes_a_failure_unknown(heading: str, cell: str) -> None:
    failed = row(0, cell, state="失败", reason="户名不符")
    assert states(read(failed, row(1), headings=(*HEADINGS, heading))) == ["unknown", "paid"]


def test_two_amounts_that_differ_are_a_fault_of_the_row() -> None:
    result = read(row(0, "800.00"), row(1, "80.00"), headings=(*HEADINGS, "发放金额"))
    assert [(one.row, one.code) for one in result.findings] == [(3, "amounts_differ")]


REMARKS = ("序号", "账号", "户名", "金额", "备注")


@pytest.mark.parametrize(
    "remark", ["失败，户名不符", "失败", "失败：账户已销户", "2-失败", "交易失败 账号不存在"]
)
def test_the_state_may_stand_in_the_remark(remark: str) -> None:
    rows = [short(0, "成功"), short(1, remark)]
    assert states(read(*rows, headings=REMARKS)) == ["paid", "returned"]


@pytest.mark.parametrize("remark", ["两员补助", "", "成功镇", "11月"])
def test_a_remark_that_is_no_state_makes_no_result(remark: str) -> None:
    rows = [short(0, "成功"), short(1, remark)]
    with pytest.raises(NoResultHeader):
        read(*rows, headings=REMARKS)


FAILURES = ("序号", "账号", "户名", "金额", "失败原因")


@pytest.mark.parametrize(
    "file",
    ["代发失败清单.csv", "退汇明细.xlsx", "未成功名单.csv", "退票记录.csv", "不成功明细表.csv"],
)
def test_a_list_of_failures_returns_those_on_it(file: str) -> None:
    rows = [short(0, "户名不符"), short(1, "系统繁忙")]
    assert states(read(*rows, headings=FAILURES, file=file)) == ["returned", "unknown"]


@pytest.mark.parametrize("file", ["代发清单.csv", "成功失败清单.csv", "失败.csv"])
def test_a_list_that_is_not_called_so_is_none_of_failures(file: str) -> None:
    with pytest.raises(NoResultHeader):
        read(short(0, "户名不符"), headings=FAILURES, file=file)


def test_a_list_of_failures_without_a_reason_is_none() -> None:
    rows = [short(0, "户名不符"), short(1, "")]
    with pytest.raises(NoResultHeader):
        read(*rows, headings=FAILURES, file="代发失败清单.csv")


PEOPLE = [row(), row(1), row(2, state="失败", reason="户名不符")]


@pytest.mark.parametrize(
    "line",
    [
        ["汇总", "3笔", "", "2400.00"],
        ["其中：失败", "1笔", "", "800.00"],
        ["成功小计", "2笔", "", "1600.00"],
        ["总笔数：3 总金额：2,400.00元"],
        ["总笔数", "3", "总金额", "2400.00"],
        ["入账总金额：1600.00"],
        ["成功笔数", "2", "失败笔数", "1"],
        ["共3笔，成功2笔，失败1笔"],
        ["合计", "", "", "2400.00"],
        ["本页小计", "", "", "100.00"],
        ["代发总笔数[3]"],
    ],
)
def test_totals_that_agree_are_nobodys(line: list[Cell]) -> None:
    assert states(read(*PEOPLE, line)) == ["paid", "paid", "returned"]


@pytest.mark.parametrize(
    "line",
    [
        ["汇总", "4笔", "", "2400.00"],
        ["其中：失败", "2笔", "", "1600.00"],
        ["成功小计", "3笔", "", "1600.00"],
        ["总笔数：4"],
        ["总金额：3,200.00元"],
        ["总笔数", "4"],
        ["入账总金额：2400.00"],
        ["成功笔数", "3"],
        ["失败笔数：2"],
        ["共4笔，成功3笔"],
        ["合计", "", "", "3200.00"],
        ["合计人数：30人"],
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_totals_that_differ_refuse_the_file(line: list[Cell], above: bool) -> None:
    if above and line[0] in ("汇总", "其中：失败", "成功小计", "合计"):
        return
    headings: list[Cell] = list(HEADINGS)
    first, others = (line, [headings, *PEOPLE]) if above else (headings, [*PEOPLE, line])
    with pytest.raises(StatedTotalsDiffer):
        read(*others, headings=tuple(map(str, first)))


def test_what_is_unknown_counts_as_a_success_and_as_none() -> None:
    people = [row(), row(1, state="处理中")]
    for line in (["成功笔数：1"], ["成功笔数：2"], ["失败笔数：0"], ["失败笔数：1"]):
        assert states(read(*people, line)) == ["paid", "unknown"]
    with pytest.raises(StatedTotalsDiffer):
        read(*people, ["成功笔数：0"])


def test_a_person_in_a_line_that_begins_like_a_total_is_no_total() -> None:
    cells = row(1)
    cells[0], cells[1] = "合计", f"****{SECOND.account[-4:]}"
    assert len(read(row(), cells).rows) == 2


@pytest.mark.parametrize(
    "heading",
    [
        "金额(分)", "金额（万元）", "交易金额(美元)", "金额(千元)", "金额(USD)", "金额/千元",
        "金额/万元", "金额|万元", "金额·千元", "金额—百元", "金额，万元", "金额_分", "金额=千元",
        "金额 千元", "金额:角",
    ],
)  # fmt: skip
def test_another_unit_is_refused(heading: str) -> None:
    with pytest.raises(AmountsInOtherUnit):
        read(row(), headings=(*HEADINGS[:3], heading, *HEADINGS[4:]))


@pytest.mark.parametrize(
    "amount",
    ["+800.00", "＋800", "¥800.00", "+¥800.00", "８００．００", "800.00元", "人民币800元整"],
)
def test_amounts_in_other_spellings(amount: str) -> None:
    cells = row()
    cells[3] = amount
    assert read(cells, row(1)).rows[0].amount_fen == 800_00


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        ("6223####5634", ("6223", "5634")),
        ("6223…5634", ("6223", "5634")),
        ("尾号5634", ("", "5634")),
        ("6223......5634", ("6223", "5634")),
        ("6223○○○○5634", ("6223", "5634")),
        ("卡号后四位:5634", ("", "5634")),
        ("末4位5634", ("", "5634")),
        ("6223□□□□5634", ("6223", "5634")),
        ("6223.5634", None),
        ("622356345634", None),
        ("尾号", None),
        ("见附件", None),
    ],
)
def test_masks_of_any_style(shown: str, parts: tuple[str, str] | None) -> None:
    assert masked_account(shown) == parts


NAME = "买买提·阿不都热合曼"


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        ("买买提-阿不都热合曼", True),
        ("买买提阿不都热合曼", True),
        ("买买提－阿不都热合曼", True),
        ("买买提.阿不都热合曼", True),
        ("买买提_阿不都热合曼", True),
        ("买买提 阿不都热合曼", True),
        ("买买提·阿不都", False),
        ("阿不都热合曼·买买提", False),
        ("-", False),
    ],
)
def test_a_name_is_known_without_its_dot(shown: str, fits: bool) -> None:
    assert name_fits(shown, NAME) is fits


def test_a_masked_account_is_found_with_the_name_otherwise_spelled() -> None:
    sent = SentPayments([SentBatch(BatchId("B2020-001"), "submitted", (FIRST, SECOND))])
    cells = row()
    cells[1] = f"尾号{FIRST.account[-4:]}"
    (found,) = read(cells).rows
    assert [one.instruction for one in sent.of_payment(found)] == [FIRST]


def test_an_upload_of_ours_is_still_no_result() -> None:
    lines = [
        ["序号", "户名", "账号", "金额", "备注"],
        ["1", FIRST.bank_name, FIRST.account, "800.00", "两员补助"],
    ]
    assert not is_result([Sheet("", False, lines)])


@pytest.mark.parametrize(
    ("field", "place", "heading"),
    [
        ("account", 1, "代发卡"),
        ("name", 2, "卡主"),
        ("amount", 3, "数目"),
        ("status", 4, "清算回执"),
        ("reason", 5, "银行意见"),
    ],
)
def test_the_settings_add_headings(field: str, place: int, heading: str) -> None:
    headings: list[Cell] = [*HEADINGS[:place], heading, *HEADINGS[place + 1 :]]
    sheet = Sheet("", False, [headings, row(), row(1, state="失败", reason="户名不符")])
    own = ((field, (heading,)),)
    assert is_result([sheet], own)
    assert states(read_result("a.csv", [sheet], own=own)) == ["paid", "returned"]
    if field != "reason":
        assert not is_result([sheet])


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("两员补助", "失败"),
        ("见附件", "F"),
        ("代发工资", "交易失败"),
        ("纸", "拒绝"),
        ("无", "退回"),
    ],
)
def test_a_failure_beside_a_text_that_is_no_state_is_unknown(status: str, reason: str) -> None:
    """A cell too many has pushed the row aside."""
    assert states(read(row(state=status, reason=reason), row(1))) == ["unknown", "paid"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("收入/Credit", "in"),
        ("Debit 支出", "out"),
        ("贷方\nCredit", "credit"),
        ("交易日期 Date", "date"),
        ("余额/Balance", "balance"),
        ("收入/Debit", ""),
        ("支出 Credit", ""),
        ("贷方(DR)/Debit", ""),
        ("Credit 借方", ""),
    ],
)
def test_a_heading_in_two_languages_says_one_thing(heading: str, field: str) -> None:
    named = statement_words().headings.named(heading)
    assert (named.field if named else "") == field


@pytest.mark.parametrize("code", ["E1001", "F0007", "ERR12", "FAIL3", "ERROR0404"])
@pytest.mark.parametrize("heading", ["返回码", "响应码", "处理信息", "银行返回代码"])
def test_a_code_of_an_error_beside_a_success_is_doubted(code: str, heading: str) -> None:
    result = read(row(0, code), row(1, "E0000"), row(2, ""), headings=(*HEADINGS, heading))
    assert states(result) == ["unknown", "paid", "paid"]


@pytest.mark.parametrize("code", ["1001", "2", "9001", "0001", "A1001", "77"])
@pytest.mark.parametrize("heading", ["返回码", "响应码", "银行返回代码", "处理码", "RESULT CODE"])
@pytest.mark.parametrize("usual", ["0000", "00", "1000"])
def test_a_success_with_another_code_than_the_others_is_doubted(
    code: str, heading: str, usual: str
) -> None:
    rows = [row(0, code), row(1, usual), row(2, usual)]
    result = read(*rows, headings=(*HEADINGS, heading))
    assert states(result) == ["unknown", "paid", "paid"]
    answer = result.rows[0].answer
    assert answer
    assert code in answer.text


@pytest.mark.parametrize(
    ("status", "others"),
    [
        ("1001-成功", "0000-成功"),
        ("成功[1001]", "成功[0000]"),
        ("2:成功", "1:成功"),
        ("成功(1001)", "成功"),
        ("E成功 1001", "成功 00"),
    ],
)
def test_a_code_within_the_status_counts_beside_the_others(status: str, others: str) -> None:
    rows = [row(0, state=status), row(1, state=others), row(2, state=others)]
    expected = "unknown" if "成功(" not in status else "paid"
    assert states(read(*rows)) == [expected, "paid", "paid"]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("1001", "1001", "1001"), ["paid", "paid", "paid"]),
        (("0000", "00", ""), ["paid", "paid", "paid"]),
        (("1001", "", ""), ["paid", "paid", "paid"]),
        (("1001", "1002", "1003"), ["unknown", "unknown", "unknown"]),
        (("1001", "1002", ""), ["unknown", "unknown", "paid"]),
        (("1001", "0000", "1001"), ["unknown", "paid", "unknown"]),
    ],
)
def test_codes_that_all_successes_share_are_no_doubt(
    codes: tuple[str, ...], expected: list[str]
) -> None:
    rows = [row(number, code) for number, code in enumerate(codes)]
    assert states(read(*rows, headings=(*HEADINGS, "返回码"))) == expected


@pytest.mark.parametrize(
    "state", ["成功 2020-11-1{}", "成功 2020111{}", "成功 10:2{}:30", "成功-{}月1日 8点"]
)
def test_a_day_or_time_beside_a_success_is_no_code(state: str) -> None:
    result = read(*(row(number, state=state.format(number)) for number in range(3)))
    told = {one.answer.text for one in result.rows if one.answer and "返回码" in one.answer.text}
    assert not told


@pytest.mark.parametrize("code", ["1001", "2001", "07"])
def test_a_code_for_a_reason_counts_beside_the_others(code: str) -> None:
    rows = [row(0, reason=code), row(1, reason="0000"), row(2, reason="0000")]
    assert states(read(*rows)) == ["unknown", "paid", "paid"]


def test_the_code_of_a_failure_says_nothing_of_the_successes() -> None:
    failed = row(0, "3031", state="失败", reason="户名不符")
    result = read(failed, row(1, "0000"), row(2, "0000"), headings=(*HEADINGS, "返回码"))
    assert states(result) == ["returned", "paid", "paid"]


@pytest.mark.parametrize(
    "reason",
    [
        "该笔已处理",
        "原交易已处理",
        "指令已执行",
        "通讯中断",
        "网络故障，请联系管理员",
        "系统维护中",
        "主机日切",
        "SERVICE UNAVAILABLE",
    ],
)
def test_who_may_have_been_paid_all_the_same_is_not_returned(reason: str) -> None:
    result = read(row(0, state="失败", reason=reason), row(1, state="失败", reason="户名不符"))
    assert states(result) == ["unknown", "returned"]


@pytest.mark.parametrize("remark", ["账户状态异常", "卡号无效", "转账失败", "已冲正"])
def test_a_remark_that_speaks_of_a_failure_counts(remark: str) -> None:
    result = read(row(0, remark), row(1, "10月两员补助补发"), headings=(*HEADINGS, "备注"))
    assert states(result) == ["unknown", "paid"]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("币种", "港币"),
        ("交易币种", "HKD"),
        ("货币", "美元USD"),
        ("币别", "澳门元"),
        ("Currency", "USD"),
    ],
)
def test_only_renminbi_is_paid(heading: str, said: str) -> None:
    with pytest.raises(AmountsInOtherUnit, match="row 3"):
        read(row(0, "人民币"), row(1, said), headings=(*HEADINGS, heading))
    ours = read(row(0, "人民币"), row(1, "CNY"), headings=(*HEADINGS, heading))
    assert states(ours) == ["paid", "paid"]
