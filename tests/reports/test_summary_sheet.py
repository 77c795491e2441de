"""The summary of a batch: its figures, and how they are printed."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest

from ledger.model.ids import FundCode
from ledger.model.instructions import Instruction
from reports.payout.batch_summary import Share
from reports.payout.batch_summary import by_bank_file
from reports.payout.batch_summary import by_fund
from reports.payout.batch_summary import by_town
from reports.payout.batch_summary import reissued
from reports.payout.summary_sheet import write_summary_sheet
from reports.pdf.fonts import MissingGlyphs
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.made_up_payments import summary_sheet
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import by_pypdf
from tests.support.pdf_text import outline_of
from tests.support.tengzhou import ENUMERATOR
from tests.support.tengzhou import SUPERVISOR
from tests.support.tengzhou import TOWNS


def county() -> list[Instruction]:
    """Two enumerators in every town from 01, a supervisor from 02."""
    rows: list[Instruction] = []
    for town in TOWNS:
        place = {"town": town.code, "town_name": town.name}
        number = len(rows) + 1
        rows.append(payment(number, **place))
        rows.append(payment(number + 1, **place, bank_file="B2020-001-他行-001.txt"))
        rows.append(payment(number + 2, **place, fund="02", role=SUPERVISOR))
    return rows


def test_a_town_in_figures() -> None:
    share = by_town(county())[0]
    assert (share.code, share.name) == ("370481001", "荆河街道")
    assert (share.roles, share.people) == ({ENUMERATOR: 2, SUPERVISOR: 1}, 3)
    assert share.fund_fen == {"01": 1600_00, "02": 800_00}
    assert share.amount_fen == 2400_00


def test_towns_are_in_the_order_of_their_codes() -> None:
    shares = by_town(county()[::-1])
    assert [share.code for share in shares] == [town.code for town in TOWNS]


def test_funds_are_in_the_order_of_the_rules_and_unknown_ones_last() -> None:
    rows = [payment(1, fund="09"), payment(2, fund="01"), payment(3, fund="02")]
    shares = by_fund(
        rows, {FundCode("02"): "上级补助", FundCode("03"): "结转", FundCode("01"): "本级财政"}
    )
    assert list(shares) == ["02", "01", "09"]
    assert shares[FundCode("09")] == Share("09", 1, 800_00)


def test_bank_files_in_figures() -> None:
    assert by_bank_file(county()) == [
        Share("B2020-001-他行-001.txt", 21, 16_800_00),
        Share("B2020-001-本行-001.txt", 42, 33_600_00),
    ]


def test_what_is_paid_again() -> None:
    rows = [payment(1), payment(2, reissue=True)]
    assert reissued(rows).people == 1
    assert "退回重发 1 人 800.00 元" in summary_sheet(rows).words
    assert "退回重发" not in summary_sheet(rows[:1]).words


@pytest.mark.parametrize("read", READERS)
def test_a_county_on_one_page(tmp_path: Path, read: PageTexts) -> None:
    path = tmp_path / "summary.pdf"
    assert write_summary_sheet(path, summary_sheet(county())) == 1
    (text,) = read(path)
    for number, town in enumerate(TOWNS, 1):
        figures = [str(number), town.code, town.name, "2", "1", "3"]
        figures += ["1,600.00", "800.00", "2,400.00"]
        assert re.search(r"\s+".join(figures), text)
    assert re.search(r"合计\s+42\s+21\s+63\s+33,600.00\s+16,800.00\s+50,400.00", text)
    assert "金额大写：人民币伍万零肆佰元整" in text
    assert re.search(r"本级财政\s+42\s+33,600.00", text)
    assert re.search(r"B2020-001-他行-001.txt\s+21\s+16,800.00", text)


def test_the_common_look(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    write_summary_sheet(path, summary_sheet(county()), boxes=["制表", "负责人"])
    (text,) = by_pypdf(path)
    assert "第七次全国人口普查两员补助发放汇总表" in text
    assert "镇（街道）：21 个" in text
    assert "校验码：a1b2 c3d4 e5f6 0718" in text
    assert "第 1 页 共 1 页" in text
    assert "负责人：" in text
    assert "复核：" not in text


def test_many_funds_turn_the_page_on_its_side(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    rows = [row._replace(fund=FundCode(f"{row.number % 5 + 1:02d}")) for row in county()]
    write_summary_sheet(path, summary_sheet(rows))
    pages = pypdf.PdfReader(path).pages
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    assert pages[0].extract_text().count("370481") == 21


def test_very_many_bank_files_take_more_pages_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    rows = [row._replace(bank_file=f"B-{row.number:03d}.txt") for row in payments(90)]
    pages = write_summary_sheet(path, summary_sheet(rows))
    texts = by_pypdf(path)
    assert pages == len(texts) == 4
    assert re.findall(r"B-(\d+)\.txt", "\n".join(texts)) == [f"{n:03d}" for n in range(1, 91)]
    assert [text.count("经费来源") for text in texts] == [0, 1, 0, 0]
    assert [len(re.findall(r"合计 90 72,000.00", text)) for text in texts] == [0, 1, 0, 1]


def test_thousands_of_people_are_written_as_amounts_are(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    write_summary_sheet(path, summary_sheet(payments(1_005)))
    text = by_pypdf(path)[0]
    assert "1,005 804,000.00" in text
    assert "1005" not in text


def test_the_outline_leads_to_the_tables_below(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    rows = [payment(n, bank_file=f"B2020-001-本行-{n:02d}.txt") for n in range(1, 71)]
    write_summary_sheet(path, summary_sheet(rows))
    assert outline_of(path) == [("各镇（街道）", 1), ("经费来源和银行文件", 2)]


def test_payments_in_no_bank_file(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    write_summary_sheet(path, summary_sheet(payments(2, bank_file="")))
    assert "未列入银行文件 2 1,600.00" in by_pypdf(path)[0]


def test_a_batch_of_nobody(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    assert write_summary_sheet(path, summary_sheet([])) == 1
    assert "人民币零元整" in by_pypdf(path)[0]


def test_the_same_summary_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first.pdf", "second.pdf"):
        write_summary_sheet(tmp_path / name, summary_sheet(county()))
    assert (tmp_path / "first.pdf").read_bytes() == (tmp_path / "second.pdf").read_bytes()


def test_a_fund_that_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    with pytest.raises(MissingGlyphs, match="💰"):
        write_summary_sheet(path, summary_sheet(payments(1), {"01": "上级💰"}))
    assert not path.exists()
