"""The batch statement of a batch, read back as those who sign and audit it would."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdf
import pytest

from ledger.figures.batch_outcomes import Count
from ledger.figures.batch_outcomes import ReasonShare
from ledger.figures.batch_outcomes import TownOutcome
from ledger.model.return_reasons import RETURN_REASONS
from reports.batch_statement.sheet import DoesNotAddUp
from reports.batch_statement.sheet import StatementHeading
from reports.batch_statement.sheet import StatementSheet
from reports.batch_statement.sheet import write_statement_sheet
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.fonts import MissingGlyphs
from tests.support.made_up_payments import BATCH
from tests.support.made_up_payments import FUNDS
from tests.support.made_up_payments import ON
from tests.support.made_up_payments import PERIOD
from tests.support.made_up_payments import PROVENANCE
from tests.support.made_up_payments import SEAL
from tests.support.made_up_payments import TITLE
from tests.support.made_up_payments import UNIT
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import by_pypdf
from tests.support.pdf_text import font_dictionaries
from tests.support.pdf_text import outline_of
from tests.support.tengzhou import TOWNS

BOXES = ("制表", "复核", "负责人")
AS_OF = datetime.date(2020, 11, 30)
# As a remedy may speak of the 退回原因 too.
REASONS = re.compile(r"退回原因\s+人数")
every_reader = pytest.mark.parametrize("read", READERS)


def count(people: int) -> Count:
    return Count(people, people * 800_00)


def outcome(place: int = 0, fund: str = "01", **columns: Any) -> TownOutcome:
    """The part of the ``place``-th town of the list: 100 paid, 3 of 5 returned sent again."""
    town = TOWNS[place % len(TOWNS)]
    values: dict[str, Any] = {
        "town_code": town.code,
        "town_name": town.name,
        "fund_code": fund,
        "fund_name": FUNDS[fund],
        "due": count(115),
        "paid": count(100),
        "returned": count(5),
        "unknown": count(1),
        "awaited": count(9),
        "reissued": count(3),
    }
    return TownOutcome(**values | columns)


def settled(place: int = 0, **columns: Any) -> TownOutcome:
    """A town whose people have all been paid."""
    parts = dict.fromkeys(("returned", "unknown", "awaited", "reissued"), count(0))
    return outcome(place, **{"due": count(115), "paid": count(115)} | parts | columns)


def county(funds: Sequence[str] = ("01",)) -> list[TownOutcome]:
    return [outcome(place, fund) for place in range(len(TOWNS)) for fund in funds]


def statement(rows: Sequence[TownOutcome], **fields: Any) -> StatementSheet:
    returned = sum(row.returned.people for row in rows)
    reasons = [ReasonShare("NAME_MISMATCH", count(returned))] if returned else []
    reasons = fields.pop("reasons", reasons)
    values: dict[str, Any] = {
        "title": f"{TITLE}发放情况表",
        "unit": UNIT,
        "batch": BATCH,
        "on": AS_OF,
        "prepared": ON,
        "period": PERIOD,
        "seal": SEAL,
        "scope": f"{len({row.town_code for row in rows})} 个",
        "provenance": PROVENANCE,
        "state_words": "已提交",
    }
    return StatementSheet(StatementHeading(**values | fields), rows, reasons)


def written(folder: Path, rows: Sequence[TownOutcome], **fields: Any) -> Path:
    path = folder / "statement.pdf"
    write_statement_sheet(path, statement(rows, **fields), boxes=BOXES)
    return path


def has_row(text: str, *cells: str) -> bool:
    return re.search(r"\s+".join(map(re.escape, cells)), text) is not None


@every_reader
def test_a_row_reads_from_left_to_right(tmp_path: Path, read: PageTexts) -> None:
    text = read(written(tmp_path, [outcome()]))[0]
    figures = ["115", "92,000.00", "100", "80,000.00", "5", "4,000.00", "3", "2,400.00"]
    figures += ["1", "800.00", "9", "7,200.00"]
    assert has_row(text, "1", "370481001", "荆河街道", "本级财政", *figures)
    assert has_row(text, "合计", *figures)


@every_reader
def test_nobody_and_nothing_are_written_as_noughts(tmp_path: Path, read: PageTexts) -> None:
    text = read(written(tmp_path, [settled()]))[0]
    figures = ["115", "92,000.00"] * 2 + ["0", "0.00"] * 4
    assert has_row(text, "1", "370481001", "荆河街道", "本级财政", *figures)


@every_reader
def test_a_county_paid_from_one_fund_is_on_one_page(tmp_path: Path, read: PageTexts) -> None:
    first, reasons = read(written(tmp_path, county()))
    for number, town in enumerate(TOWNS, 1):
        assert has_row(first, str(number), town.code, town.name, "本级财政", "115")
    assert first.count("370481") == 21
    assert "小计" not in first
    figures = ["2,415", "1,932,000.00", "2,100", "1,680,000.00", "105", "84,000.00"]
    figures += ["63", "50,400.00", "21", "16,800.00", "189", "151,200.00"]
    assert has_row(first, "合计", *figures)
    assert REASONS.search(reasons)


@every_reader
def test_the_amounts_of_the_batch_in_words(tmp_path: Path, read: PageTexts) -> None:
    text = read(written(tmp_path, county()))[0]
    words = [line.strip() for line in text.splitlines() if "大写" in line]
    assert words == [
        "应发合计大写：人民币壹佰玖拾叁万贰仟元整",
        "已支付合计大写：人民币壹佰陆拾捌万元整",
        "退回合计大写：人民币捌万肆仟元整",
    ]


@every_reader
def test_every_fund_has_its_total(tmp_path: Path, read: PageTexts) -> None:
    pages = read(written(tmp_path, county(["02", "01"])))
    text = "\n".join(pages)
    for town in TOWNS:
        assert text.count(town.code) == 2
        for fund in FUNDS.values():
            assert len(re.findall(rf"{town.code}\s+{town.name}\s+{fund}\s+115\s", text)) == 1
    assert has_row(text, "本级财政小计", "2,415", "1,932,000.00", "2,100", "1,680,000.00")
    assert has_row(text, "上级补助小计", "2,415", "1,932,000.00", "2,100", "1,680,000.00")
    assert has_row(text, "合计", "4,830", "3,864,000.00", "4,200", "3,360,000.00", "210")
    # In the order of the codes, whatever the order of the rows.
    assert text.index("本级财政小计") < text.index("上级补助小计")
    assert ["小计" in page for page in pages] == [False, True, False]


def test_a_town_counts_once_however_many_funds_pay_it(tmp_path: Path) -> None:
    text = by_pypdf(written(tmp_path, county(["01", "02"])))[0]
    assert "镇（街道）：21 个" in text


@every_reader
def test_many_rows_take_pages_and_none_is_lost(tmp_path: Path, read: PageTexts) -> None:
    rows = [outcome(n, town_code=f"9{n:08d}") for n in range(60)]
    pages = read(written(tmp_path, rows))
    assert len(pages) == 3
    codes = re.findall(r"\b9\d{8}\b", "\n".join(pages))
    assert codes == [row.town_code for row in rows]
    assert ["大写" in page for page in pages] == [False, False, True]


@every_reader
def test_every_page_says_what_it_belongs_to(tmp_path: Path, read: PageTexts) -> None:
    pages = read(written(tmp_path, [outcome(n) for n in range(60)]))
    for number, text in enumerate(pages, 1):
        words = "".join(text.split())
        assert f"{TITLE}发放情况表" in words
        assert f"编制单位：{UNIT}" in words
        assert "发放批次：B2020-001（2020年11月10日编制）" in words
        assert "批次状态：已提交" in words
        assert "补助期间：2020年11月" in words
        assert "截至日期：2020年11月30日" in words
        assert "单位：元" in words
        assert "校验码：a1b2c3d4e5f60718" in words
        assert f"第{number}页共{len(pages)}页" in words
        for box in BOXES:
            assert f"{box}：" in words
        assert "领款单位" not in words
        for outcome_title in ("应发", "已支付", "退回", "其中已重发", "待查", "代发中"):
            assert outcome_title in words
        assert words.count("金额（元）") >= 6


def test_every_page_has_the_seal_to_scan(tmp_path: Path) -> None:
    path = written(tmp_path, [outcome(n) for n in range(60)])
    for page in pypdf.PdfReader(path).pages:
        (form,) = page["/Resources"]["/XObject"].values()  # type: ignore[index]
        assert form.get_object()["/Subtype"] == "/Form"
        contents = page.get_contents()
        assert contents is not None
        assert contents.get_data().count(b" Do") == 1


def test_lies_on_its_side_with_its_fonts_inside(tmp_path: Path) -> None:
    path = written(tmp_path, county())
    for page in pypdf.PdfReader(path).pages:
        assert page.mediabox.width > page.mediabox.height
    fonts = font_dictionaries(path)
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"].get_object()  # type: ignore[operator]


def test_the_file_is_titled_with_batch_and_day(tmp_path: Path) -> None:
    metadata = pypdf.PdfReader(written(tmp_path, [settled()])).metadata
    assert metadata is not None
    assert metadata.title == "第七次全国人口普查两员补助发放情况表 B2020-001 2020年11月30日"


@every_reader
def test_reasons_of_returns_and_what_corrects_them(tmp_path: Path, read: PageTexts) -> None:
    shares = [ReasonShare("NAME_MISMATCH", count(3)), ReasonShare("CLOSED", count(2))]
    (text,) = read(written(tmp_path, [outcome()], reasons=shares))
    table = text[text.index("退回原因") :]
    for share in shares:
        reason = RETURN_REASONS[share.code]
        meaning, remedy = reason.meaning_text(chinese=True), reason.remedy_text(chinese=True)
        amounts = {3: "2,400.00", 2: "1,600.00"}
        people = share.count.people
        cells = [*meaning.split(), str(people), amounts[people], *remedy.split()]
        assert has_row(table, *cells)
    assert has_row(table, "退回合计", "5", "4,000.00")


def test_every_reason_there_is(tmp_path: Path) -> None:
    shares = [ReasonShare(code, count(1)) for code in RETURN_REASONS]
    returned = count(len(shares))
    row = settled(paid=count(115 - len(shares)), returned=returned)
    pages = by_pypdf(written(tmp_path, [row], reasons=shares))
    text = "\n".join(pages)
    for reason in RETURN_REASONS.values():
        assert reason.meaning_text(chinese=True) in text
    assert f"退回合计 {len(shares)}" in text


@every_reader
def test_no_table_of_reasons_when_nobody_was_returned(tmp_path: Path, read: PageTexts) -> None:
    (text,) = read(written(tmp_path, [settled(), settled(1)]))
    assert "退回原因" not in text
    assert "退回合计大写：人民币零元整" in text


def test_reasons_begin_on_a_new_page_unless_they_fit_whole(tmp_path: Path) -> None:
    pages = by_pypdf(written(tmp_path, county()))
    assert [len(REASONS.findall(text)) for text in pages] == [0, 1]
    pages = by_pypdf(written(tmp_path, county()[:15]))
    assert [len(REASONS.findall(text)) for text in pages] == [1]


def test_the_outline_leads_to_both_tables(tmp_path: Path) -> None:
    path = written(tmp_path, county())
    assert outline_of(path) == [("各镇（街道）发放情况", 1), ("退回原因", 2)]
    path = written(tmp_path, [outcome()])
    assert outline_of(path) == [("各镇（街道）发放情况", 1), ("退回原因", 1)]
    assert outline_of(written(tmp_path, [settled()])) == []


@pytest.mark.parametrize("towns_count", range(15, 31))
def test_nothing_is_lost_wherever_a_page_ends(tmp_path: Path, towns_count: int) -> None:
    rows = [outcome(n, town_code=f"9{n:08d}") for n in range(towns_count)]
    text = "\n".join(by_pypdf(written(tmp_path, rows)))
    assert len(re.findall(r"\b9\d{8}\b", text)) == towns_count
    assert text.count("合计大写") == 3
    assert len(REASONS.findall(text)) == 1
    assert text.count("退回合计 ") == 1


def test_great_amounts_are_not_cut(tmp_path: Path) -> None:
    great = Count(88_888, 99_999_999_99)
    row = settled(due=great, paid=great)
    text = by_pypdf(written(tmp_path, [row]))[0]
    assert has_row(text, "合计", "88,888", "99,999,999.99", "88,888", "99,999,999.99")
    assert f"应发合计大写：{amount_in_words(great.amount_fen)}" in text


def test_a_batch_of_nobody(tmp_path: Path) -> None:
    (text,) = by_pypdf(written(tmp_path, []))
    assert "镇（街道）：0 个" in text
    assert has_row(text, "合计", *["0", "0.00"] * 6)


def test_the_same_statement_is_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, county(["01", "02"]))
    first, second = (tmp_path / folder / "statement.pdf" for folder in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "sheet",
    [
        statement([settled(town_name="荆河💰")]),
        statement([settled(fund_name="上级💰")]),
        statement([settled()], state_words="已提交💰"),
    ],
)
def test_what_cannot_be_drawn_is_refused(tmp_path: Path, sheet: StatementSheet) -> None:
    path = tmp_path / "statement.pdf"
    with pytest.raises(MissingGlyphs, match="💰"):
        write_statement_sheet(path, sheet, boxes=BOXES)
    assert not path.exists()


def test_a_void_batch_says_so_in_place_of_what_is_awaited(tmp_path: Path) -> None:
    row = settled(paid=count(0), voided=count(115))
    (text,) = by_pypdf(written(tmp_path, [row], state_words="已作废"))
    assert "批次状态：已作废" in text
    figures = ["115", "92,000.00", *["0", "0.00"] * 4, "115", "92,000.00"]
    assert has_row(text, "1", row.town_code, row.town_name, "本级财政", *figures)
    assert has_row(text, "合计", *figures)
    assert "代发中" not in text


@pytest.mark.parametrize("part", ["paid", "returned", "unknown", "awaited"])
def test_a_row_that_does_not_add_up_is_not_printed(tmp_path: Path, part: str) -> None:
    columns: dict[str, Any] = {part: count(77)}
    with pytest.raises(DoesNotAddUp, match="370481001"):
        written(tmp_path, [outcome(1), outcome(**columns)])
    assert not any(tmp_path.iterdir())


def test_reasons_of_more_or_fewer_than_were_returned_are_not_printed(tmp_path: Path) -> None:
    with pytest.raises(DoesNotAddUp, match="reasons"):
        written(tmp_path, [outcome()], reasons=[ReasonShare("CLOSED", count(4))])
