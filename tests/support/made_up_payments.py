"""Payments to people who do not exist, for the tests of what is printed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import islice
from itertools import product
from typing import Any

from ledger.base.digests import Digest
from ledger.books.provenance import Provenance
from ledger.events.event_file import Head
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from reports.payout.headings import town_heading
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet_columns import SheetColumns
from reports.payout.summary_sheet import SummarySheet
from reports.pdf.signed_document import Heading
from tests.support.tengzhou import ENUMERATOR
from tests.support.tengzhou import PROGRAMME
from tests.support.tengzhou import ROLES

UNIT = "滕州市第七次全国人口普查领导小组办公室"
BATCH = BatchId("B2020-001")
ON = datetime.date(2020, 11, 10)
PERIOD = "2020年11月"
SEAL = Seal("a1b2c3d4e5f60718")
TOWN = TownCode("370481001")
TOWN_NAME = "荆河街道"
FINGERPRINT = "b5a6 9788 7f6e 5d4c"
# Of a document that says at which event the books stood.
PROVENANCE = Provenance(FINGERPRINT, Head(23, Digest("90a131b41b5fd7ec" + "0" * 48)))
# Of every document, before what it is.
TITLE = "第七次全国人口普查两员补助"
FUNDS = {"01": "本级财政", "02": "上级补助"}

LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·阿不都克里木"
LONG_VILLAGE = "滨湖镇微山湖湿地红荷风景区渔业生产合作社第二居民委员会"
LONG_BANK = "中国邮政储蓄银行股份有限公司山东省枣庄市滕州市荆河街道营业所"
RARE_NAMES = ("李䶮", "张㛃", "王𬭚")

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "建国秀英志强晓燕海涛玉兰文博丽华思远明亮桂芳"


def names(count: int) -> list[str]:
    """Different names of three characters, none of which is part of another."""
    return ["".join(name) for name in islice(product(SURNAMES, GIVEN, GIVEN), count)]


def payment(number: int = 1, **columns: Any) -> Instruction:
    """The ``number``-th payment of a batch, some of its columns as given."""
    values: dict[str, Any] = {
        "number": number,
        "payee_id": f"P{number:06d}",
        "legal_name": names(number)[-1],
        "identity": f"37048119900101{number:04d}",
        "role": ENUMERATOR,
        "town": TOWN,
        "town_name": TOWN_NAME,
        "area_name": f"善国社区第{number % 9 + 1}普查区",
        "bank": "滕州农村商业银行荆河支行",
        "account": f"621521{number:010d}",
        "fund": "01",
        "line": "30226劳务费",
        "amount_fen": 800_00,
        "reissue": False,
        "bank_file": "B2020-001-本行-001.txt",
        "bank_row": number,
    } | columns
    values.setdefault("bank_name", values["legal_name"])
    return Instruction(**values)


def payments(count: int, **columns: Any) -> list[Instruction]:
    return [payment(number, **columns) for number in range(1, count + 1)]


# The columns of every batch, where nothing is counted or taken off.
USUAL = SheetColumns(PROGRAMME.words.area)


def payout_sheet(rows: Sequence[Instruction], **fields: Any) -> PayoutSheet:
    """The sheet of a town; ``fields`` are of its heading."""
    name = fields.pop("town_name", TOWN_NAME)
    blank = heading(f"{TITLE}发放表", **fields)
    columns = SheetColumns.of(PROGRAMME.words.area, rows)
    return PayoutSheet(town_heading(blank, blank.town_code or TOWN, name), name, rows, columns)


def summary_sheet(
    rows: Sequence[Instruction], funds: Mapping[str, str] = FUNDS, **fields: Any
) -> SummarySheet:
    scope = f"{len({row.town for row in rows})} 个"
    names = {FundCode(code): name for code, name in funds.items()}
    return SummarySheet(heading(f"{TITLE}发放汇总表", scope=scope, **fields), rows, names, ROLES)


def heading(title: str, **fields: Any) -> Heading:
    values: dict[str, Any] = {
        "title": title,
        "unit": UNIT,
        "batch": BATCH,
        "on": ON,
        "period": PERIOD,
        "seal": SEAL,
        "scope": "",
        "provenance": Provenance(FINGERPRINT),
    }
    return Heading(**values | fields)
