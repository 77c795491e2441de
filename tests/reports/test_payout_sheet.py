"""The payout sheet of a town, read back as a clerk, an auditor and a program would."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypdf
import pytest

from ledger.model.instructions import Instruction
from reports.payout.sheet import ROW_HEIGHT
from reports.payout.sheet import write_payout_sheet
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import MissingGlyphs
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.table import Table
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import figure
from tests.support.made_up_payments import LONG_BANK
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import LONG_VILLAGE
from tests.support.made_up_payments import RARE_NAMES
from tests.support.made_up_payments import SEAL
from tests.support.made_up_payments import TOWN
from tests.support.made_up_payments import TOWN_NAME
from tests.support.made_up_payments import UNIT
from tests.support.made_up_payments import USUAL
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.made_up_payments import payout_sheet
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import by_pypdf
from tests.support.pdf_text import font_dictionaries
from tests.support.pdf_text import poppler

every_reader = pytest.mark.parametrize("read", READERS)


def written(folder: Path, rows: list[Instruction]) -> Path:
    path = folder / "sheet.pdf"
    write_payout_sheet(path, payout_sheet(rows))
    return path


@every_reader
def test_every_name_stands_once_and_in_order(tmp_path: Path, read: PageTexts) -> None:
    rows = payments(60)
    text = "\n".join(read(written(tmp_path, rows)))
    assert [text.count(row.legal_name) for row in rows] == [1] * 60
    places = [text.index(row.legal_name) for row in rows]
    assert places == sorted(places)


@every_reader
def test_a_row_reads_from_left_to_right(tmp_path: Path, read: PageTexts) -> None:
    row = payment(1, legal_name="王小红", area_name="善国社区", bank="滕州农商行")
    (text,) = read(written(tmp_path, [row]))
    columns = ["1", "王小红", "370481********0001", "普查员", "善国社区", "滕州农商行"]
    columns += ["6215210000000001", "800.00", "0.00", "800.00"]
    assert re.search(r"\s+".join(map(re.escape, columns)), text)


@every_reader
def test_rare_names_come_back_whole(tmp_path: Path, read: PageTexts) -> None:
    rows = [payment(n, legal_name=name) for n, name in enumerate(RARE_NAMES, 1)]
    (text,) = read(written(tmp_path, rows))
    assert [text.count(name) for name in RARE_NAMES] == [1, 1, 1]


@every_reader
def test_every_page_says_what_it_belongs_to(tmp_path: Path, read: PageTexts) -> None:
    pages = read(written(tmp_path, payments(45)))
    assert len(pages) == 3
    for number, text in enumerate(pages, 1):
        words = "".join(text.split())
        assert "第七次全国人口普查两员补助发放表" in words
        assert f"编制单位：{UNIT}" in words
        assert f"{TOWN_NAME}（{TOWN}）" in words
        assert "发放批次：B2020-001" in words
        assert "补助期间：2020年11月" in words
        assert "日期：2020年11月10日" in words
        assert "单位：元" in words
        assert "校验码：a1b2 c3d4 e5f6 0718" in text
        assert f"第{number}页共3页" in words
        assert re.search(r"\s+".join(column.title for column in USUAL.columns), text)
        for box in ("制表：", "复核：", "负责人：", "领款单位："):
            assert words.count(box) == 1


def test_the_qr_code_is_on_every_page_and_encoded_once(tmp_path: Path) -> None:
    pages = pypdf.PdfReader(written(tmp_path, payments(45))).pages
    forms = {page["/Resources"]["/XObject"].raw_get("/FormXob.seal") for page in pages}  # type: ignore[index]
    assert len(forms) == 1
    for page in pages:
        assert b"/FormXob.seal Do" in page.get_contents().get_data()  # type: ignore[union-attr]


def test_every_page_has_its_own_total(tmp_path: Path) -> None:
    rows = [payment(n, amount_fen=n * 100_01) for n in range(1, 46)]
    pages = by_pypdf(written(tmp_path, rows))
    totals = [re.search(r"本页小计：(\d+) 人 (\S+) 0.00 (\S+)", text) for text in pages]
    assert all(totals)
    assert sum(int(total[1]) for total in totals if total) == 45
    amounts = [int(total[2].replace(",", "").replace(".", "")) for total in totals if total]
    assert sum(amounts) == sum(row.amount_fen for row in rows)
    assert [total[2] for total in totals if total] == [total[3] for total in totals if total]


def test_only_the_last_page_has_the_total_in_figures_and_words(tmp_path: Path) -> None:
    pages = by_pypdf(written(tmp_path, payments(398)))
    assert not any("合计" in text for text in pages[:-1])
    words = amount_in_words(398 * 800_00)
    assert words == "人民币叁拾壹万捌仟肆佰元整"
    total = rf"合计：398 人　　大写：{words} 318,400.00 0.00 318,400.00"
    assert re.search(total, pages[-1])


@pytest.mark.parametrize(
    ("count", "pages"), [(0, 1), (1, 1), (19, 1), (20, 2), (39, 2), (40, 3), (400, 21)]
)
def test_twenty_rows_a_page_and_one_less_with_the_total(
    tmp_path: Path, count: int, pages: int
) -> None:
    path = tmp_path / "sheet.pdf"
    assert write_payout_sheet(path, payout_sheet(payments(count))) == pages
    assert len(pypdf.PdfReader(path).pages) == pages


def test_identities_are_masked_unless_asked_for(tmp_path: Path) -> None:
    rows = payments(3)
    masked = "\n".join(by_pypdf(written(tmp_path, rows)))
    assert "370481********0002" in masked
    assert not any(row.identity in masked for row in rows)
    path = tmp_path / "plain.pdf"
    write_payout_sheet(path, payout_sheet(rows), mask_identities=False)
    plain = "\n".join(by_pypdf(path))
    assert [plain.count(row.identity) for row in rows] == [1, 1, 1]


@every_reader
def test_the_banks_spelling_stands_below_the_account(tmp_path: Path, read: PageTexts) -> None:
    rows = [payment(1, legal_name="李䶮", bank_name="李龑"), payment(2)]
    (text,) = read(written(tmp_path, rows))
    assert text.count("户名：李龑") == 1
    assert text.count("户名：") == 1


def test_a_payment_made_again_says_so(tmp_path: Path) -> None:
    (text,) = by_pypdf(written(tmp_path, [payment(1), payment(2, reissue=True)]))
    assert text.count("退回重发") == 1


@every_reader
def test_long_texts_are_all_there(tmp_path: Path, read: PageTexts) -> None:
    row = payment(1, legal_name=LONG_NAME, area_name=LONG_VILLAGE, bank=LONG_BANK)
    (text,) = read(written(tmp_path, [row, payment(2)]))
    for part in LONG_NAME.split("·"):
        assert text.count(part) == 1
    printed = set(text)
    assert set(LONG_VILLAGE + LONG_BANK) <= printed


def test_long_texts_in_every_row_make_more_pages(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    rows = payments(19, legal_name=LONG_NAME)
    assert write_payout_sheet(path, payout_sheet(rows)) == 2
    assert "\n".join(by_pypdf(path)).count("阿不都克里木") == 19


def test_the_boxes_are_the_offices_own(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    write_payout_sheet(path, payout_sheet(payments(1)), boxes=["经办", "分管领导", "财务", "监督"])
    (text,) = by_pypdf(path)
    assert "分管领导：" in text
    assert "复核：" not in text
    assert write_payout_sheet(path, payout_sheet(payments(1)), boxes=[]) == 1


def test_a_name_that_cannot_be_drawn_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.pdf"
    rows = [*payments(3), payment(4, legal_name="李😀")]
    with pytest.raises(MissingGlyphs, match="李😀"):
        write_payout_sheet(path, payout_sheet(rows))
    assert not path.exists()


@pytest.mark.parametrize("column", ["bank_name", "area_name", "bank", "role"])
def test_every_column_is_tested_for_missing_characters(tmp_path: Path, column: str) -> None:
    row = payment(1, **{column: "某😀"})
    with pytest.raises(MissingGlyphs):
        write_payout_sheet(tmp_path / "sheet.pdf", payout_sheet([row]))


def test_a_usual_row_is_not_broken_and_a_towns_total_has_its_full_size() -> None:
    table = Table(USUAL.columns, left=0, row_height=ROW_HEIGHT)
    texts = ("1,020", "买买提·阿不都克里木", "370481********0001", "普查指导员",
             "大同东苑第一社区居民委员会", "滕州农村商业银行荆河支行", "6228482634093825762",
             "800.00", "0.00", "800.00", "")  # fmt: skip
    row = table.measure(texts)
    assert all(len(lines) == 1 for lines in row.cells[:-1])
    (total,) = figure("816,000.00", table.rooms[USUAL.first_amount], font=BOLD)
    assert total.size == BODY_SIZE
    assert table.edges[-1] == pytest.approx(LANDSCAPE.right - LANDSCAPE.left)


def test_the_document_describes_itself(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(written(tmp_path, payments(1)))
    information = reader.metadata
    assert information is not None
    assert information.title == "第七次全国人口普查两员补助发放表 荆河街道（370481001） B2020-001"
    assert information.author == UNIT
    assert str(information["/Keywords"]) == SEAL
    assert information.creation_date_raw == "D:20201110000000+08'00'"
    assert str(reader.root_object["/Lang"]) == "zh-CN"
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)


def test_the_same_sheet_is_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    write_payout_sheet(first, payout_sheet(payments(45)))
    write_payout_sheet(tmp_path / "between.pdf", payout_sheet(payments(3)))
    write_payout_sheet(second, payout_sheet(payments(45)))
    assert first.read_bytes() == second.read_bytes()


def test_every_font_is_embedded_and_a_subset(tmp_path: Path) -> None:
    fonts = font_dictionaries(written(tmp_path, payments(300)))
    assert fonts
    for font in fonts:
        assert re.fullmatch(r"/[A-Z]{6}\+NotoSansSC-(Regular|Bold)", str(font["/BaseFont"]))
        assert "/FontFile2" in font["/FontDescriptor"]  # type: ignore[operator]
        assert "/ToUnicode" in font


def test_poppler_finds_embedded_fonts_only(tmp_path: Path) -> None:
    command = [poppler("pdffonts"), str(written(tmp_path, payments(300)))]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = output.splitlines()[2:]
    assert lines
    for line in lines:
        embedded, subset, unicode = line.split()[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes")
