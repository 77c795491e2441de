"""What the desk's pages say to somebody who is logged in: Chinese, readable aloud, never obeyed."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4 import Tag

from tests.support.approving import CHECKER
from tests.support.approving import with_colleagues
from tests.support.desk_pages import DeskPages
from tests.support.hostile_texts import HARMLESS
from tests.support.hostile_texts import HOSTILE
from tests.support.hostile_texts import office_of
from tests.support.office import Office
from tests.support.office import new_office

PAGES = (
    "/",
    "/inbox",
    "/disbursement",
    "/disbursement/plan?on=2020-11-30",
    "/disbursement/B2020-001",
    "/bank",
    "/bank/{line}",
    "/events/{seq}/reverse",
    "/settings/limits",
    "/settings/taxes",
    "/settings/approvals",
    "/settings/towns",
    "/settings/roles",
    "/login",
)


class Told:
    """The pages on an office's books, with somebody logged in."""

    def __init__(self, office: Office) -> None:
        line = min(office.books().history.lines)
        seq = next(int(path.name[:6]) for path in office.events() if "statement" in path.name)
        self.pages = DeskPages(office).log_in("O01")
        self.paths = [path.format(line=line, seq=seq) for path in PAGES]


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(office_of(HARMLESS, new_office(tmp_path / "harmless", capsys)))


def html_of(told: Told, path: str) -> BeautifulSoup:
    return BeautifulSoup(told.pages.page(path), "html.parser")


def shape(html: BeautifulSoup) -> list[tuple[str, list[str]]]:
    """Elements and attributes. Links differ where a text is a part of them."""
    return [(tag.name, sorted(tag.attrs)) for tag in html.find_all(True)]


def test_texts_from_outside_make_no_elements(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = Told(office_of(HOSTILE, new_office(tmp_path / "hostile", capsys)))
    for one, other in zip(hostile.paths, told.paths, strict=True):
        html = html_of(hostile, one)
        assert shape(html) == shape(html_of(told, other)), one
        assert "window.harmed" not in "".join(str(tag) for tag in html.find_all("script"))


def test_no_page_has_an_english_word(told: Told) -> None:
    """But for names of files and what a bank's form is written like."""
    for path in told.paths:
        html = html_of(told, path)
        for tag in html.select(
            ".seal, #files ~ .box, #files ~ ul, #log ~ .box td, input[name=split]"
        ):
            tag.decompose()
        shown = [*html.stripped_strings]
        for name in ("aria-label", "placeholder", "title"):
            shown += [str(tag[name]) for tag in html.select(f"[{name}]")]
        found = [words for words in shown if re.search("[A-Za-z]{2,}", words)]
        assert found == [], path


def test_every_field_has_a_label_and_headings_come_in_order(told: Told) -> None:
    for path in told.paths:
        html = html_of(told, path)
        for field in html.select("main :is(input, select, textarea):not([type=hidden])"):
            named = field.find_parent("label") or field.get("aria-label")
            assert named, (path, field)
        for table in html.find_all("table"):
            named = table.get("aria-label") or html.find(id=str(table.get("aria-labelledby")))
            assert named, (path, table)
            assert all(cell.get("scope") for cell in table.find_all("th")), path
        levels = [int(heading.name[1]) for heading in html.select("main :is(h1, h2, h3, h4)")]
        assert levels[:1] == [1]
        assert all(b - a <= 1 for a, b in pairwise(levels)), path
        ids = [str(tag["id"]) for tag in html.select("[id]")]
        assert len(ids) == len(set(ids)), path


def test_every_form_is_posted_with_a_token_of_its_own(told: Told) -> None:
    tokens = []
    for path in told.paths:
        for form in html_of(told, path).select("form[method=post]"):
            found = form.find("input", attrs={"name": "token"})
            assert isinstance(found, Tag), (path, form)
            tokens.append(str(found["value"]))
    assert len(tokens) == len(set(tokens)) > len(told.paths)


def test_what_is_typed_makes_no_elements(funded: Office) -> None:
    """Reasons, days, names of files and passphrases come back as text, or not at all."""
    with_colleagues(funded)
    funded.disburse(on="2020-11-10")
    maker = DeskPages(funded).log_in("O01")
    checker = maker.another_browser().log_in(CHECKER)
    for text in HOSTILE:
        for pages, path, form, fields in (
            (checker, "/disbursement/B2020-001", "reject", {"on": text, "reason": text}),
            (maker, "/disbursement/B2020-001", "void", {"on": text}),
        ):
            answer = pages.send(path, form, **fields)
            assert answer.status_code == 422
            html = BeautifulSoup(answer.text, "html.parser")
            assert html.select("script:not([src]), img, iframe, svg[onload], [onfocus]") == []
        answer = maker.another_browser().send("/login", "login", operator=text, passphrase=text)
        assert answer.status_code == 422
        html = BeautifulSoup(answer.text, "html.parser")
        assert html.select("script:not([src]), img, iframe, svg[onload], [onfocus]") == []
