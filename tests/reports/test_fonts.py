"""Every character of a name is drawn, or the document is refused; what is drawn can be copied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFontFace
from reportlab.pdfgen.canvas import Canvas

from ledger.base.refusals import Refusal
from reports.pdf.font_face import FontFace
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import FONTS_FOLDER
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import MissingGlyphs
from reports.pdf.fonts import missing_characters
from reports.pdf.fonts import register_fonts
from reports.pdf.fonts import require_glyphs
from reports.pdf.fonts import text_width
from reports.pdf.fonts import to_unicode_map
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import RARE_NAMES
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts


@pytest.mark.parametrize("name", [*RARE_NAMES, LONG_NAME, "欧阳建国", "John O'Brien", "全角　空格"])
def test_names_that_can_be_drawn(name: str) -> None:
    assert missing_characters(name) == set()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("李😀", {"😀"}),
        ("张\n三", {"\n"}),
        ("王\ufffe", {"\ufffe"}),
        ("", set()),
        (["王建国", "李😀", "张\t三"], {"😀", "\t"}),
        ([], set()),
    ],
)
def test_missing_characters(text: str | list[str], missing: set[str]) -> None:
    assert missing_characters(text) == missing


def test_the_refusal_names_whom_it_concerns() -> None:
    with pytest.raises(MissingGlyphs) as refused:
        require_glyphs(["王建国", "李😀", "李😀", "荆河街道"])
    assert isinstance(refused.value, Refusal)
    assert refused.value.texts == ("李😀",)
    assert refused.value.characters == {"😀"}
    message = str(refused.value)
    assert "李😀" in message
    assert "U+1F600" in message
    assert "王建国" not in message


def test_the_refusal_is_one_line_whatever_the_character() -> None:
    with pytest.raises(MissingGlyphs) as refused:
        require_glyphs(["张\n三"])
    assert "\n" not in str(refused.value)
    assert "U+000A" in str(refused.value)


def test_a_refusal_of_many_names_stays_short() -> None:
    with pytest.raises(MissingGlyphs) as refused:
        require_glyphs([f"{number}😀" for number in range(500)])
    assert len(refused.value.texts) == 500
    assert len(str(refused.value)) < 300


def test_both_weights_have_the_same_characters() -> None:
    register_fonts()
    regular = pdfmetrics.getFont(REGULAR).face.charToGlyph
    bold = pdfmetrics.getFont(BOLD).face.charToGlyph
    assert regular.keys() == bold.keys()


def test_registering_again_keeps_the_loaded_fonts() -> None:
    register_fonts()
    font = pdfmetrics.getFont(REGULAR)
    register_fonts()
    assert pdfmetrics.getFont(REGULAR) is font


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_a_face_is_what_reportlab_reads_of_it(name: str) -> None:
    file = str(FONTS_FOLDER / f"{name}.ttf")
    theirs, ours = dict(vars(TTFontFace(file))), dict(vars(FontFace(file)))
    for one in ("_ttf_data", "_pos", "_pdfScale", "glyphToChar"):
        theirs.pop(one), ours.pop(one, None)
    assert ours.pop("glyphPos") == tuple(theirs.pop("glyphPos"))
    metrics, widths = ours.pop("hmetrics"), ours.pop("charWidths")
    assert [metrics[glyph] for glyph in range(ours["numGlyphs"])] == theirs.pop("hmetrics")
    assert widths.get(ord("\U0001f600"), 7) == 7
    assert {one: widths.get(one, 7) for one in ours["charToGlyph"]} == theirs.pop("charWidths")
    assert ours == theirs


def test_widths_are_those_of_reportlab() -> None:
    for text in ("王建国", "370481********1234", LONG_NAME, ""):
        for font in (REGULAR, BOLD):
            expected = pdfmetrics.stringWidth(text, font, 9)
            assert text_width(text, font) * 9 == pytest.approx(expected)


def test_characters_beyond_the_first_plane_are_utf_16_in_the_map() -> None:
    lines = to_unicode_map("AAAAAA+Font", [0, ord("王"), ord("𬭚")]).splitlines()
    assert "<01> <738B>" in lines
    assert "<02> <D872DF5A>" in lines
    assert "2 beginbfchar" in lines, "code 0 shows nothing"


@given(strategies.lists(strategies.integers(0x20, 0xD7FF), min_size=1, max_size=256))
def test_the_map_has_blocks_of_at_most_100_entries(subset: list[int]) -> None:
    text = to_unicode_map("AAAAAA+Font", subset)
    blocks = re.findall(r"(\d+) beginbfchar\n(.*?)\nendbfchar", text, re.DOTALL)
    entries = [block.splitlines() for _count, block in blocks]
    assert [int(count) for count, _block in blocks] == [len(block) for block in entries]
    assert all(1 <= len(block) <= 100 for block in entries)
    assert sum(map(len, entries)) == len(subset)


@pytest.mark.parametrize("read", READERS)
def test_text_comes_back_as_it_was_drawn(tmp_path: Path, read: PageTexts) -> None:
    """More characters than fit one subset of a font, rare ones among them, in both weights."""
    register_fonts()
    common = "".join(chr(0x4E00 + number) for number in range(0, 1500, 5))
    lines = [*(common[start : start + 20] for start in range(0, 300, 20)), *RARE_NAMES, LONG_NAME]
    path = tmp_path / "text.pdf"
    canvas = Canvas(str(path), initialFontName=REGULAR)
    for number, line in enumerate(lines):
        canvas.setFont(BOLD if number % 2 else REGULAR, 12)
        canvas.drawString(50, 780 - 25 * number, line)
    canvas.save()
    drawable = [line.strip() for line in "\n".join(read(path)).splitlines() if line.strip()]
    assert drawable == lines


def test_two_documents_can_be_drawn_at_once(tmp_path: Path) -> None:
    """The fonts are shared, what each document uses of them is not."""
    register_fonts()
    canvases = [
        Canvas(str(tmp_path / f"{number}.pdf"), initialFontName=REGULAR) for number in (0, 1)
    ]
    for text in ("王", "李", "张"):
        for canvas in canvases:
            canvas.setFont(REGULAR, 12)
            canvas.drawString(50, 700 - 20 * ord(text) % 600, text)
    for canvas in canvases:
        canvas.save()
    sizes = {(tmp_path / f"{number}.pdf").stat().st_size for number in (0, 1)}
    assert len(sizes) == 1
