"""Small statements for tests, cell by cell: a table in the source, read as a bank's file is."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from importers.statements.layouts import FixedLayout
from importers.statements.layouts import fixed_layout
from importers.statements.proof import prove
from importers.statements.statement_file import read_statement
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from ledger.base.money import plain
from ledger.base.toml_table import TomlTable
from ledger.model.bank_lines import Statement


def sheet(rows: Sequence[Sequence[Cell]], name: str = "") -> Sheet:
    """A sheet of these rows, each filled up to the same width."""
    width = max(map(len, rows))
    return Sheet(name, False, [[*row, *[""] * (width - len(row))] for row in rows])


def cells(table: str) -> list[list[str]]:
    """The cells of a table whose columns are set apart by bars; blank lines do not count."""
    lines = filter(None, map(str.strip, table.split("\n")))
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def read(table: str, *layouts: FixedLayout) -> Statement:
    return read_statement("对账单.csv", [sheet(cells(table))], layouts)


def proven(table: str, *layouts: FixedLayout) -> Statement:
    statement = read(table, *layouts)
    prove(statement)
    return statement


def layouts_in(toml: str) -> list[FixedLayout]:
    """The layouts that settings fix."""
    document = TomlTable("census-ledger.toml", "", tomllib.loads(toml))
    return [fixed_layout(table) for table in document.table("statement").tables("layout")]


def amounts(statement: Statement) -> list[str]:
    """What each line brought in, oldest first."""
    return [plain(line.amount_fen) for line in statement.lines]
