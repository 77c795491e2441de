"""Layouts of statements, listed as data or fixed by the settings, and the sheets that fit them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Sequence
from functools import cache
from typing import Literal

from importers.statements.header import find_header
from importers.statements.words import DATA_FOLDER
from importers.statements.words import flag_named
from importers.tables.cell_text import plain_text
from importers.tables.headings import Headings
from importers.tables.headings import spellings
from importers.tables.reading import Sheet
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.records import replace
from ledger.base.toml_table import TomlTable
from ledger.books.settings import Settings

Order = Literal["", "oldest first", "newest first"]
ORDERS = ("", "oldest first", "newest first")

# The key of the settings beside each field of a header that it fixes.
_FIXED_FIELDS = {
    "time": "moment",
    "balance": "balance",
    "counterparty": "other_name",
    "account": "other_account",
    "currency": "currency",
    "serial": "serial",
}
_REPLACED = {
    "counterparty": ("payer_name", "payee_name"),
    "account": ("payer_account", "payee_account"),
    "currency": ("booked_currency",),
}
_AMOUNTS = ("in", "out", "credit", "debit", "amount", "flag", "perhaps_flag")


class ListedLayout(Record):
    """A bank's layout by its headings; ``bank_view`` says that its 贷 is known to be money in."""

    name: str
    headings: frozenset[str]
    bank_view: bool


class FixedLayout(Record):
    """How the settings say that a statement is to be read, all by its headings.

    Either ``money_in`` and ``money_out`` are columns, or ``amount`` is one; then with ``flag``
    they are the words in that column, and without one the amounts have signs. A ``money_out``
    that begins with a minus sign is a column whose amounts have one. What is left empty is
    recognised as in any other file.
    """

    name: str
    header: tuple[str, ...]
    money_in: str
    money_out: str
    amount: str = ""
    flag: str = ""
    date: str = ""
    order: Order = ""
    others: dict[str, str] = field(default_factory=dict)
    text: tuple[str, ...] = ()

    @property
    def out_has_minus(self) -> bool:
        return not self.amount and self.money_out.startswith("-")

    @property
    def named(self) -> list[str]:
        """Every heading that must be there."""
        sides = [] if self.amount else [self.money_in, self.money_out.removeprefix("-")]
        named = [*self.header, *sides, self.amount, self.flag, self.date]
        return [heading for heading in [*named, *self.others.values(), *self.text] if heading]

    def fits(self, header: Headings) -> bool:
        return all(header.column_headed(heading) is not None for heading in self.named)

    def applied(self, header: Headings) -> Headings:
        """The header with the columns that this layout fixes. The layout must fit."""

        def place(heading: str) -> tuple[int, ...]:
            column = header.column_headed(heading)
            return () if column is None else (column,)

        columns = dict(header.columns)
        for name in _AMOUNTS:
            columns.pop(name, None)
        if self.amount:
            columns |= {"amount": place(self.amount), "flag": place(self.flag)}
        else:
            columns |= {"in": place(self.money_in), "out": place(self.money_out.removeprefix("-"))}
        if self.date:
            columns["fixed_date"] = place(self.date)
        for key, heading in self.others.items():
            columns[_FIXED_FIELDS[key]] = place(heading)
            for replaced in _REPLACED.get(key, ()):
                columns.pop(replaced, None)
        if self.text:
            columns["text"] = tuple(column for heading in self.text for column in place(heading))
        return replace(header, columns={name: found for name, found in columns.items() if found})


def fixed_layouts(settings: Settings) -> list[FixedLayout]:
    """The layouts that the settings fix. Raises MalformedToml."""
    return list(map(fixed_layout, settings.statement_layouts))


def fixed_layout(table: TomlTable) -> FixedLayout:
    """One ``[[statement.layout]]`` of the settings. Raises MalformedToml, which names the key.

    The table itself is left as it is, so that it can be read again.
    """
    table = TomlTable(table.file, table.path, table.left)

    def heading(key: str) -> str:
        return table.line(key) if key in table.left else ""

    amount, flag = heading("amount"), heading("flag")
    if flag and not amount:
        raise table.refusal("flag", _("needs the key amount beside it"))
    if amount and not flag and table.left.keys() & {"in", "out"}:
        raise table.refusal("amount", _("stands beside in and out only when there is a flag too"))
    signed = bool(amount) and not flag
    layout = FixedLayout(
        name=heading("name") or SETTINGS_FILE,
        header=table.lines("header", least=0),
        money_in="" if signed else table.line("in"),
        money_out="" if signed else table.line("out"),
        amount=amount,
        flag=flag,
        date=heading("date"),
        order=table.one_of("order", ORDERS, ""),  # type: ignore[arg-type]
        others={key: found for key in _FIXED_FIELDS if (found := heading(key))},
        text=table.lines("text", least=0),
    )
    table.end()
    return layout


@cache
def listed_layouts() -> tuple[ListedLayout, ...]:
    """The layouts of the banks, the one with the most headings first."""
    text = (DATA_FOLDER / "statement_layouts.json").read_text(encoding="utf-8")
    layouts = (
        ListedLayout(
            name=name,
            headings=frozenset(spellings(heading)[0] for heading in data["headings"]),
            bank_view=data.get("view") == "bank",
        )
        for name, data in json.loads(text).items()
    )
    return tuple(sorted(layouts, key=lambda layout: -len(layout.headings)))


def listed_layout(header: Headings) -> ListedLayout | None:
    """The bank's layout all of whose headings are there, in any order."""
    texts = {text for heading in header.titles for text in spellings(heading)}
    return next((layout for layout in listed_layouts() if layout.headings <= texts), None)


def statement_sheets(
    sheets: Sequence[Sheet], layouts: Sequence[FixedLayout] = ()
) -> list[tuple[Sheet, Headings, FixedLayout | None]]:
    """The visible sheets with a statement's headings, and the layout of the settings that fits."""
    found = []
    fits = (lambda row: any(one.fits(row) for one in layouts)) if layouts else None
    for sheet in sheets:
        if sheet.hidden:
            continue
        header = find_header(sheet.cells, fits)
        if header:
            fixed = next((layout for layout in layouts if layout.fits(header)), None)
            found.append((sheet, fixed.applied(header) if fixed else header, fixed))
    return found


def is_surely_statement(
    found: Iterable[tuple[Sheet, Headings, FixedLayout | None]],
) -> bool:
    """Whether one of these has what only a statement has: balances, or money both in and out."""
    return any(_has_balances_or_both_ways(sheet, header) for sheet, header, _fixed in found)


def _has_balances_or_both_ways(sheet: Sheet, header: Headings) -> bool:
    known = header.columns.keys()
    payees, others = {"payee_name", "payee_account"}, {"payer_name", "payer_account"}
    if payees & known and not others & known:
        return False  # payments to people, and the balance after each
    if "balance" in known or ({"in", "credit"} & known and {"out", "debit"} & known):
        return True
    below = sheet.cells[header.last + 1 :]
    for column in header.all_of("flag"):
        sides = {flag_named(plain_text(cell)) for cell in {row[column] for row in below}}
        if sides & {"in", "credit"} and sides & {"out", "debit"}:
            return True
    return False
