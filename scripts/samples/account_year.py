"""What moves on the office's account in 2020 beside its batches. Nobody and no number is real.

Nothing is spent of the advance: the people of the first batch are paid from it. Every item stays
within its budget line.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from samples.account import Movement

BUREAU = ("滕州市财政局", "91370481000000000011")
UPPER_OFFICE = ("枣庄市统计局", "91370400000000000022")
HOTEL = ("滕州宾馆", "91370481000000000033")
PRINTER = ("滕州印刷厂", "91370481000000000044")
COMPUTERS = ("滕州某电脑公司", "91370481000000000055")
CARS = ("滕州某汽车租赁公司", "91370481000000000066")
STATIONER = ("滕州某文具店", "91370481000000000077")
POST = ("滕州某邮政支局", "91370481000000000088")
PHONES = ("滕州某通信公司", "91370481000000000099")
DUTY_CARDS = ("公务卡还款专户", "91370481000000000100")
CODERS = ("枣庄某数据公司", "91370400000000000111")
UNKNOWN = ("滕州某科技公司", "91370481000000000122")
OWN_BANK = ("", "")
ADVANCE = "1220000.00"

# The month and day, yuan (what goes out is negative), the other side, the words.
_MOVEMENTS = (
    ("05-08", ADVANCE, BUREAU, "第七次全国人口普查经费预拨款"),
    ("11-02", "4580000.00", BUREAU, "第七次全国人口普查经费剩余拨款"),
    ("11-03", "-152.50", OWN_BANK, "10月代发手续费"),
    ("11-05", "3280000.00", UPPER_OFFICE, "两员补助上级补助资金"),
    ("11-06", "-286500.00", HOTEL, "两员业务培训费"),
    ("11-06", "-197380.00", PRINTER, "普查表册印制费"),
    ("11-09", "-478800.00", COMPUTERS, "普查平板电脑采购款"),
    ("11-12", "-36000.00", CARS, "普查用车租赁费"),
    ("11-17", "-12480.00", STATIONER, "办公用品"),
    ("11-19", "-3600.00", UNKNOWN, "合同款"),  # what this was, nobody can tell by its words
    ("11-20", "-8640.00", POST, "普查资料邮寄费"),
    ("11-23", "-6210.00", DUTY_CARDS, "差旅费报销"),
    ("11-30", "-39800.00", HOTEL, "普查登记推进会会议费"),
    ("12-02", "-682.50", OWN_BANK, "11月代发手续费"),
    ("12-04", "-396000.00", CODERS, "普查数据编码委托业务费"),
    ("12-08", "-27360.00", STATIONER, "办公用品"),
    ("12-10", "-4860.00", PHONES, "普查手机通信费"),
    ("12-11", "-98450.00", PRINTER, "普查资料印制费尾款"),
    ("12-15", "-92000.00", CARS, "普查用车租赁费"),
    ("12-17", "-13950.00", DUTY_CARDS, "差旅费报销"),
    ("12-23", "-61250.00", HOTEL, "普查工作总结会会议费"),
    ("12-31", "-30.00", OWN_BANK, "账户管理费"),
)


def year_2020(advance: str = ADVANCE) -> list[Movement]:
    """Oldest first, without interest and the batches; another ``advance`` for fewer people."""
    amounts = [advance if yuan == ADVANCE else yuan for _day, yuan, _other, _words in _MOVEMENTS]
    return [
        Movement(date.fromisoformat(f"2020-{day}"), int(Decimal(yuan) * 100), *other, purpose)
        for (day, _yuan, other, purpose), yuan in zip(_MOVEMENTS, amounts, strict=True)
    ]
