"""Every layout that is listed reads from the files that banks hand out, to what they say."""

from __future__ import annotations

import re

import pytest

from importers.incoming import kind_of
from importers.statements.layouts import listed_layouts
from importers.statements.proof import prove
from importers.statements.statement_file import read_statement
from importers.tables.reading import read_tables
from ledger.base.money import plain
from ledger.model.bank_lines import Statement
from tests.support.checkout import CHECKOUT
from tests.support.statement_files import BANK_LAYOUTS
from tests.support.statement_files import FOLDER
from tests.support.statement_files import BankLayout
from tests.support.statement_forms import FORMS
from tests.support.statement_tables import layouts_in


def read(name: str, content: bytes) -> Statement:
    """The statement, proven."""
    sheets = read_tables(name, content)
    assert kind_of(sheets) == "statement"
    statement = read_statement(name, sheets)
    prove(statement)
    return statement


def said(statement: Statement) -> str:
    """A statement as the goldens have it."""
    lines = [
        " | ".join(
            (
                str(line.date),
                line.time,
                plain(line.amount_fen),
                "" if line.balance_fen is None else plain(line.balance_fen),
                line.counterparty,
                line.account,
                line.text,
                line.serial,
            )
        ).rstrip()
        for line in statement.lines
    ]
    return "\n".join([f"{len(lines)} lines", *lines]) + "\n"


@pytest.fixture(params=BANK_LAYOUTS, ids=lambda layout: layout.file)
def layout(request: pytest.FixtureRequest) -> BankLayout:
    found: BankLayout = request.param
    return found


def test_a_file_says_what_its_golden_says(layout: BankLayout) -> None:
    statement = read(layout.file, (FOLDER / layout.file).read_bytes())
    golden = FOLDER / f"{layout.file}.golden.txt"
    assert said(statement) == golden.read_text(encoding="utf-8")
    assert statement.newest_first == layout.newest_first
    assert statement.number == layout.number
    assert bool(statement.warnings) == (not layout.shown.balances)


def test_the_files_are_those_of_the_layouts_and_nothing_else(layout: BankLayout) -> None:
    content = (FOLDER / layout.file).read_bytes()
    written = read_tables(layout.file, layout.content())
    assert [[list(row) for row in sheet.cells] for sheet in written] == [
        [list(row) for row in sheet.cells] for sheet in read_tables(layout.file, content)
    ]
    assert (FOLDER / f"{layout.file}.golden.txt").read_text(encoding="utf-8") == layout.golden


def test_every_listed_layout_has_a_file_and_is_known_by_its_name() -> None:
    names = {
        read(layout.file, (FOLDER / layout.file).read_bytes()).layout for layout in BANK_LAYOUTS
    }
    assert names == {layout.name for layout in listed_layouts()}


def test_the_order_of_the_lines_does_not_matter(layout: BankLayout) -> None:
    rows = layout.rows()
    titles, lines = rows[: -len(layout.lines)], rows[-len(layout.lines) :]
    if layout.footer(layout.lines):
        pytest.skip("the footer stands where it stands")
    statement = read(layout.file, FORMS[layout.form]([*titles, *lines[::-1]]))
    assert said(statement) == layout.golden
    assert statement.newest_first != layout.newest_first


def test_the_page_of_layouts_lists_them_all() -> None:
    page = (CHECKOUT / "docs" / "statement-layouts.md").read_text(encoding="utf-8")
    table = page.partition("## Any other layout")[0]
    listed = re.findall(r"^\| (\S+) \| .* \|$", table, re.MULTILINE)
    assert sorted(set(listed) - {"layout", "---"}) == sorted(
        layout.name for layout in listed_layouts()
    )


def test_the_layout_that_the_page_shows_can_be_used() -> None:
    page = (CHECKOUT / "docs" / "statement-layouts.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (layout,) = layouts_in(example)
    assert (layout.date, layout.money_in, layout.money_out) == ("日期", "贷方", "借方")
