"""Keys on paper, read back as somebody with nothing but the paper would."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import pypdf
import pytest

from ledger.keys.paper_words import key_from_paper
from ledger.keys.registry_key import KeyBesideBooks
from ledger.keys.registry_key import KeyInPlace
from reports.keys.document import write_key_paper
from reports.keys.sheet import WARNING
from reports.keys.sheet import KeyPaper
from reports.keys.sheet import registry_key_paper
from reports.keys.sheet import safe_key_paper
from reports.pdf.fonts import MissingGlyphs
from reports.pdf.qr_seal import QUIET_MODULES
from reports.pdf.qr_seal import dark_modules
from tests.support.made_up_payments import UNIT
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import by_pypdf

KEY = bytes(range(7, 231, 7))
DAY = datetime.date(2020, 11, 10)
BOOKS = "k-5f327977"
FINGERPRINT = "6f2a 90c4 1d7e b358"
SAFE = safe_key_paper(UNIT, BOOKS, DAY, KEY, FINGERPRINT)
REGISTRY = registry_key_paper(UNIT, BOOKS, DAY, KEY.hex())
every_reader = pytest.mark.parametrize("read", READERS)
both = pytest.mark.parametrize("paper", [SAFE, REGISTRY])


def written(folder: Path, paper: KeyPaper) -> Path:
    path = folder / "纸.pdf"
    write_key_paper(path, folder / "books", paper)
    return path


@both
@every_reader
def test_the_key_is_typed_in_from_the_paper(
    tmp_path: Path, paper: KeyPaper, read: PageTexts
) -> None:
    (text,) = read(written(tmp_path, paper))
    groups = re.findall(r"\b(?:[0-9a-f]{4}\s+){4}[0-9a-f]{2}\b", text)
    assert key_from_paper("\n".join(group.replace("\n", " ") for group in groups)) == KEY


@both
def test_what_the_paper_says(tmp_path: Path, paper: KeyPaper) -> None:
    (text,) = by_pypdf(written(tmp_path, paper))
    for words in (paper.title, UNIT, BOOKS, "2020年11月10日", WARNING, "用途", paper.fingerprint):
        assert words in text
    assert "第 1 页 共 1 页" in text


def test_the_paper_in_the_safe_says_of_which_books_it_is() -> None:
    assert SAFE.fingerprint == FINGERPRINT
    assert "O00" in SAFE.title


@both
def test_the_code_says_the_64_digits(tmp_path: Path, paper: KeyPaper) -> None:
    page = pypdf.PdfReader(written(tmp_path, paper)).pages[0]
    form = page["/Resources"]["/XObject"]["/FormXob.key"]  # type: ignore[index]
    drawn = {
        (int(x) + place, int(y))
        for x, y, width in re.findall(r"(\d+) (\d+) (\d+) 1 re", form.get_data().decode("ascii"))
        for place in range(int(width))
    }
    assert drawn == dark_modules(KEY.hex())
    assert min(drawn)[0] == QUIET_MODULES


@both
def test_the_key_is_in_nothing_but_what_is_printed(tmp_path: Path, paper: KeyPaper) -> None:
    reader = pypdf.PdfReader(written(tmp_path, paper))
    assert reader.metadata is not None
    assert not any(KEY.hex()[:8] in str(value) for value in reader.metadata.values())
    assert KEY.hex()[:8] not in repr(paper)
    assert repr(KEY) not in repr(paper)


@both
def test_the_file_is_for_its_owner_and_replaces_none(tmp_path: Path, paper: KeyPaper) -> None:
    path = written(tmp_path, paper)
    content = path.read_bytes()
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyInPlace):
        written(tmp_path, paper)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_not_in_the_books(tmp_path: Path) -> None:
    with pytest.raises(KeyBesideBooks):
        write_key_paper(tmp_path / "reports" / "纸.pdf", tmp_path, SAFE)


def test_the_same_key_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    first, second = (written(tmp_path / name, SAFE).read_bytes() for name in "12")
    assert first == second


def test_a_unit_that_cannot_be_drawn(tmp_path: Path) -> None:
    paper = safe_key_paper("某办公室\U0001f600", BOOKS, DAY, KEY, FINGERPRINT)
    with pytest.raises(MissingGlyphs):
        written(tmp_path, paper)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("unit", ["市", "山东省枣庄市滕州市第七次全国人口普查领导小组办公室" * 2])
def test_whatever_the_unit_is_called_it_is_one_page(tmp_path: Path, unit: str) -> None:
    path = written(tmp_path, registry_key_paper(unit, "k" * 40, DAY, KEY.hex()))
    (text,) = by_pypdf(path)
    assert unit[-8:] in text.replace("\n", "")
