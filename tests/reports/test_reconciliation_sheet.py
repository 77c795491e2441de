"""The bank reconciliation on paper, read back as those who sign and audit it would."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from ledger.bank.reconciliation import BankItem
from ledger.bank.reconciliation import InTransit
from ledger.bank.reconciliation import Reconciliation
from ledger.bank.reconciliation import UnitItem
from ledger.model.ids import BatchId
from reports.documents import STATE_WORDS
from reports.pdf.fonts import MissingGlyphs
from reports.reconciliation.sheet import ReconciliationSheet
from reports.reconciliation.sheet import write_reconciliation_sheet
from tests.support.made_up_payments import PROVENANCE
from tests.support.made_up_payments import UNIT
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import by_pypdf
from tests.support.pdf_text import font_dictionaries
from tests.support.pdf_text import outline_of
from tests.support.reconciliations import record

BOXES = ("制表", "复核", "负责人")
every_reader = pytest.mark.parametrize("read", READERS)


def line(number: int, fen: int = 1_00, **fields: Any) -> BankItem:
    """The ``number``-th line that nobody has explained."""
    values: dict[str, Any] = {
        "line": f"L{number:012x}",
        "date": datetime.date(2020, 12, 1),
        "amount_fen": fen,
        "counterparty": "某某公司",
        "text": "货款",
        "by_hand": None,
    }
    return BankItem(**values | fields)


def entry(number: int, fen: int = 1_00, text: str = "某某宾馆 会议费") -> UnitItem:
    return UnitItem(datetime.date(2020, 12, 2), fen, text, "journal/hand.beancount", number)


def batch(number: int, held: int = 800_00, promised: int = 0) -> InTransit:
    day = datetime.date(2020, 11, 10)
    return InTransit(BatchId(f"B2020-{number:03d}"), day, "submitted", held, promised)


def written(folder: Path, reconciliation: Reconciliation, unit: str = UNIT) -> Path:
    path = folder / "sheet.pdf"
    sheet = ReconciliationSheet(unit, PROVENANCE, reconciliation, STATE_WORDS)
    pages = write_reconciliation_sheet(path, sheet, boxes=BOXES)
    assert pages == len(pypdf.PdfReader(path).pages)
    return path


def has_row(text: str, *cells: str) -> bool:
    return re.search(r"\s+".join(map(re.escape, cells)), text) is not None


@every_reader
def test_both_sides_stand_beside_one_another(tmp_path: Path, read: PageTexts) -> None:
    reconciliation = record(
        bank_received=(line(1, 500_00),),
        bank_paid=(line(2, 66_00, text="手续费"),),
        unit_received=(entry(31, 88_00, "某某单位 退款"),),
        unit_paid=(entry(32, 2000_50),),
    )
    (text,) = read(written(tmp_path, reconciliation))
    words = " ".join(text.split())
    assert has_row(text, "银行存款账面余额（1002）", "998,087.50")
    assert has_row(text, "银行对账单余额", "1,000,000.00")
    assert "减：其中待核的银行流水（99待核），净收入 434.00" in words
    assert "单位已确认余额 997,653.50" in words
    assert "加：银行已收、单位未收（1 笔） 500.00 加：单位已收、银行未收（1 笔） 88.00" in words
    assert has_row(
        text, "2020-12-01", "L000000000001", "某某公司", "货款", "500.00",
        "2020-12-02", "hand.beancount:31", "某某单位", "退款", "88.00",
    )  # fmt: skip
    assert "减：银行已付、单位未付（1 笔） 66.00 减：单位已付、银行未付（1 笔） 2,000.50" in words
    assert "调节后余额 998,087.50 调节后余额 998,087.50" in words
    assert "调节结果：调节后余额相符。" in words


@every_reader
def test_nothing_between_them(tmp_path: Path, read: PageTexts) -> None:
    (text,) = read(written(tmp_path, record()))
    words = " ".join(text.split())
    assert "加：银行已收、单位未收（0 笔） 0.00 加：单位已收、银行未收（0 笔） 0.00" in words
    assert "减：银行已付、单位未付（0 笔） 0.00 减：单位已付、银行未付（0 笔） 0.00" in words
    assert "待核" not in text
    assert "代发在途款项：无。" in words


def test_suspense_that_went_out_is_added(tmp_path: Path) -> None:
    (text,) = by_pypdf(written(tmp_path, record(bank_paid=(line(1, 66_00),))))
    assert has_row(text, "加：其中待核的银行流水（99待核），净支出", "66.00")


def test_suspense_that_nets_to_nothing_is_shown(tmp_path: Path) -> None:
    reconciliation = record(bank_received=(line(1),), bank_paid=(line(2),))
    (text,) = by_pypdf(written(tmp_path, reconciliation))
    assert has_row(text, "（99待核），净收入", "0.00")


@every_reader
def test_every_page_says_what_it_belongs_to(tmp_path: Path, read: PageTexts) -> None:
    items = tuple(line(number) for number in range(60))
    pages = read(written(tmp_path, record(bank_received=items, unit_paid=(entry(1),))))
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        words = "".join(text.split())
        for expected in (
            "银行存款余额调节表", f"编制单位：{UNIT}", f"账户户名：{UNIT}", "开户银行：滕州农商行",
            "会计科目：1002银行存款", "截止日期：2020年12月31日", "单位：元",
            "单位（账面）", "银行（对账单）", "银行流水", "记账位置",
            "制表：", "复核：", "负责人：", f"第{number}页共{len(pages)}页",
        ):  # fmt: skip
            assert expected in words
    assert ["调节后余额 " in " ".join(text.split()) for text in pages] == [
        *[False] * (len(pages) - 1), True,
    ]  # fmt: skip


def test_a_section_that_goes_on_says_so_on_the_side_that_has_more(tmp_path: Path) -> None:
    items = tuple(line(number) for number in range(40))
    pages = by_pypdf(written(tmp_path, record(bank_paid=items, unit_paid=(entry(1),))))
    assert "（续）" not in pages[0]
    for text in pages[1:]:
        assert "减：银行已付、单位未付（40 笔）（续）" in text
        assert "单位已付、银行未付（1 笔）（续）" not in text


@pytest.mark.parametrize("count", range(8, 44))
def test_nothing_is_lost_wherever_a_page_ends(tmp_path: Path, count: int) -> None:
    reconciliation = record(
        bank_received=tuple(line(number) for number in range(count)),
        unit_paid=tuple(entry(number) for number in range(count // 3)),
        in_transit=tuple(batch(number) for number in range(count // 4)),
    )
    text = "\n".join(by_pypdf(written(tmp_path, reconciliation)))
    assert sorted(re.findall(r"\bL[0-9a-f]{12}\b", text)) == [
        f"L{number:012x}" for number in range(count)
    ]
    assert len(re.findall(r"hand\.beancount:\d+", text)) == count // 3
    assert len(re.findall(r"B2020-\d{3}", text)) == count // 4
    assert text.count("调节结果") == 1
    assert text.count("附：代发在途款项") == 1


def test_hundreds_of_items(tmp_path: Path) -> None:
    pages = by_pypdf(
        written(tmp_path, record(bank_paid=tuple(line(number) for number in range(500))))
    )
    assert len(pages) < 40
    assert len(set(re.findall(r"\bL[0-9a-f]{12}\b", "\n".join(pages)))) == 500


@every_reader
def test_money_in_transit_by_batch(tmp_path: Path, read: PageTexts) -> None:
    batches = (batch(1, 2400_00), batch(2, -800_00, 1600_00))
    (text,) = read(written(tmp_path, record(in_transit=batches)))
    assert "附：代发在途款项（按发放批次，供核对，不参与调节）" in text
    state = "已提交银行，未完结"
    assert has_row(text, "B2020-001", "2020-11-10", state, "2,400.00", "0.00")
    assert has_row(text, "B2020-002", "2020-11-10", state, "-800.00", "1,600.00")
    assert has_row(text, "合计", "1,600.00", "1,600.00")
    assert "负数" in text


def test_money_in_transit_over_pages(tmp_path: Path) -> None:
    pages = by_pypdf(
        written(tmp_path, record(in_transit=tuple(batch(number) for number in range(60))))
    )
    assert len(pages) > 2
    assert ["合计" in text for text in pages] == [*[False] * (len(pages) - 1), True]
    assert "不参与调节）（续）" in pages[2]


def test_the_outline_leads_to_money_in_transit(tmp_path: Path) -> None:
    path = written(tmp_path, record(in_transit=tuple(batch(n) for n in range(1, 40))))
    assert outline_of(path) == [("余额调节", 1), ("代发在途款项", 2)]
    assert outline_of(written(tmp_path, record())) == []


@pytest.mark.parametrize(("books_fen", "word"), [(1_000_300_00, "多"), (999_700_00, "少")])
def test_a_difference_is_said_in_words(tmp_path: Path, books_fen: int, word: str) -> None:
    (text,) = by_pypdf(written(tmp_path, record(books_fen=books_fen)))
    assert f"调节后余额不符，单位比银行{word} 300.00 元，须查明原因。" in text
    assert "期初余额" not in text


def test_a_difference_from_the_beginning(tmp_path: Path) -> None:
    (text,) = by_pypdf(written(tmp_path, record(books_fen=1_000_300_00, books_opening_fen=300_00)))
    assert "（2020年5月8日）之前，银行余额为 0.00 元，账面余额为 300.00 元" in text


def test_a_bank_that_says_no_balance(tmp_path: Path) -> None:
    reconciliation = record(bank_fen=None, books_fen=70_00, unit_paid=(entry(1, 30_00),))
    (text,) = by_pypdf(written(tmp_path, reconciliation))
    assert has_row(text, "银行对账单余额", "未列余额")
    assert "账实相符时应为 100.00 元。" in text
    assert "调节后余额相符" not in text


def test_how_far_the_statements_reach_and_what_was_computed(tmp_path: Path) -> None:
    reached = datetime.date(2020, 12, 21)
    reconciliation = record(bank_as_of=reached, bank_is_computed=True)
    (text,) = by_pypdf(written(tmp_path, reconciliation))
    assert "银行对账单余额（截至2020年12月21日）" in text
    assert "其后至2020年12月31日的银行收支未经核对" in text
    assert "银行余额按之前的余额和逐笔金额推算" in text


def test_a_line_whose_entry_by_hand_is_missing(tmp_path: Path) -> None:
    item = line(1, by_hand=datetime.date(2021, 1, 2))
    (text,) = by_pypdf(written(tmp_path, record(bank_paid=(item,), books_fen=1_000_001_00)))
    assert "单位手工记账日期 2021-01-02" in "".join(text.split("\n"))
    assert "待核" not in text
    assert "调节后余额相符" in text


def test_what_the_font_cannot_draw_has_a_mark(tmp_path: Path) -> None:
    """The bank's words are never edited: nobody can correct them, and the rest must be printed."""
    reconciliation = record(
        bank_paid=(line(1, text="货款💰"),), unit_paid=(entry(1, text="会议费💰"),)
    )
    (text,) = by_pypdf(written(tmp_path, reconciliation))
    assert "货款〓" in text
    assert "会议费〓" in text


def test_what_the_settings_say_has_to_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(MissingGlyphs, match="💰"):
        written(tmp_path, record(), unit="普查办💰")
    assert not any(tmp_path.iterdir())


def test_great_amounts_are_not_cut(tmp_path: Path) -> None:
    great = record(bank_fen=99_999_999_999_99, bank_received=(line(1, 88_888_888_888_88),))
    (text,) = by_pypdf(written(tmp_path, great))
    assert text.count("99,999,999,999.99") == 4
    assert text.count("88,888,888,888.88") == 3


def test_lies_on_its_side_with_its_fonts_inside_and_no_seal(tmp_path: Path) -> None:
    path = written(tmp_path, record())
    (page,) = pypdf.PdfReader(path).pages
    assert page.mediabox.width > page.mediabox.height
    assert "/XObject" not in page["/Resources"]  # type: ignore[operator]
    assert "校验码" not in page.extract_text()
    fonts = font_dictionaries(path)
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"].get_object()  # type: ignore[operator]


def test_the_file_is_titled_with_its_day(tmp_path: Path) -> None:
    metadata = pypdf.PdfReader(written(tmp_path, record())).metadata
    assert metadata is not None
    assert metadata.title == "银行存款余额调节表 2020年12月31日"
    assert metadata.author == UNIT


def test_the_same_reconciliation_is_the_same_bytes(tmp_path: Path) -> None:
    contents = set()
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        reconciliation = record(bank_paid=(line(1),), in_transit=(batch(1),))
        contents.add(written(tmp_path / name, reconciliation).read_bytes())
    assert len(contents) == 1
