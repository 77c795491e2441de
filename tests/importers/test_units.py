"""Units: amounts in anything but yuan are seen in headings, titles and notes."""

from __future__ import annotations

import pytest

from importers.tables.refusals import AmountsInOtherUnit
from importers.tables.units import check_units
from importers.tables.units import unit_in_title
from importers.tables.units import unit_of_heading


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("金额(分)", "分"),
        ("金额（分）", "分"),
        ("交易金额（单位：分）", "分"),
        ("余额/分", "分"),
        ("发生额_分", "分"),
        ("借方 分", "分"),
        ("支出金额分", "分"),
        ("收入[角]", "角"),
        ("余额（千元）", "千元"),
        ("金额万元", "万元"),
        ("实发金额(人民币万元)", "万元"),
        ("余额(万)", "万"),
        ("收入：百万元", "百万元"),
        ("余额（以千元为单位）", "千元"),
        ("Amount (cents)", "CENTS"),
        ("Amount USD", "USD"),
        ("借方发生额（美元）", "美元"),
        ("港币金额", "港币"),
        ("Balance(HKD)", "HKD"),
        ("金额 €", "€"),
        ("外币金额", "外币"),
    ],
)
def test_a_heading_names_another_unit(heading: str, unit: str) -> None:
    assert unit_of_heading(heading) == unit


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "金额",
            "金额（元）",
            "金额/元",
            "余额 RMB",
            "发生额(人民币)",
            "收入（CNY）",
            "金额(¥)",
            "金额￥",
        ),
        *(
            "金额（元，精确到分）",
            "金额(元角分)",
            "收入/支出",
            "收入/Credit",
            "收入\nCredit",
            "部分金额",
        ),
        *(
            "本外币金额",
            "实发金额(元/月)",
            "金额（保留到分）",
            "Amount",
            "金额(人民币元)",
            "账户余额(万一)",
        ),
    ],
)
def test_a_heading_in_yuan(heading: str) -> None:
    assert unit_of_heading(heading) == ""


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("单位：万元", "万元"),
        ("金额单位：人民币千元", "千元"),
        ("（单位：分）", "分"),
        ("单位:分 币种:人民币", "分"),
        ("对账单（万元）", "万元"),
        ("单位： 百万元  打印日期：2020-11-30", "百万元"),
        ("万元", "万元"),
        ("分", "分"),
        ("本表以万元为单位", "万元"),
        ("注：以下金额以分计。", "分"),
        ("美元账户明细", "美元"),
        ("活期 美元", "美元"),
        ("币种:USD", "USD"),
        ("账号:10-1 币种:港币 户名:普查办", "港币"),
        ("HKD 活期账户对账单", "HKD"),
        ("Currency: EUR", "EUR"),
        ("外币户对账单", "外币"),
    ],
)
def test_a_title_names_another_unit(title: str, unit: str) -> None:
    assert unit_in_title(title) == unit


@pytest.mark.parametrize(
    "title",
    [
        *(
            "单位：元",
            "单位：滕州市统计局",
            "单位：百货公司",
            "户名：农商行北辛分行",
            "(单位：人民币元)",
            "币种：人民币",
        ),
        *(
            "2020 年 11 月 2 日 10 时 30 分",
            "本外币一体账户对账单",
            "单位 元",
            "分行：城区",
            "滕州分理处",
            "元",
        ),
        *(
            "温馨提示：美元、港币等外币账户请到柜台办理。",
            "单位：万家福超市",
            "报送单位：十里铺",
            "币种:CNY",
        ),
    ],
)
def test_a_title_that_says_nothing_of_it(title: str) -> None:
    assert unit_in_title(title) == ""


@pytest.mark.parametrize(
    ("file", "sheet", "titles", "heading", "message"),
    [
        ("a.csv", "", [], "金额(分)", "a.csv, row 3: the amounts are in 分"),
        (
            "a.xlsx",
            "S",
            [(2, ["单位：", "万元"])],
            "金额",
            "a.xlsx, S, row 2: the amounts are in 万元",
        ),
        ("a.xlsx", "金额（千元）", [], "金额", "a.xlsx, 金额（千元）: the amounts are in 千元"),
        ("对账单(美元).xls", "S", [], "金额", "对账单(美元).xls, S: the amounts are in 美元"),
    ],
)
def test_another_unit_is_refused_where_it_stands(
    file: str, sheet: str, titles: list[tuple[int, list[str]]], heading: str, message: str
) -> None:
    with pytest.raises(AmountsInOtherUnit) as refused:
        check_units(file, sheet, titles, [heading, "余额"], 3)
    assert str(refused.value).startswith(message)


def test_yuan_is_read() -> None:
    check_units("对账单.xlsx", "2020-11", [(1, ["单位：元", 5, ""])], ["收入(元)", "余额"], 3)
