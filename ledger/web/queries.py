"""Queries of the books: read by their grammar, and run only when they ask and change nothing.

Fava hands a query to beanquery's shell, whose commands write files; a query of the language itself
can make a table from any file of the user. Here the text is parsed, and the node says what it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from beanquery import Cursor
from beanquery import connect
from beanquery import parser
from beanquery.numberify import numberify_results
from beanquery.parser import ast
from beanquery.render import beancount as as_entries
from fava.core.module_base import FavaModule
from fava.core.query import COLUMNS
from fava.core.query import ObjectColumn
from fava.core.query import QueryResultTable
from fava.core.query import QueryResultText
from fava.helpers import FavaAPIError

from ledger.base.language import gettext as _

ASKING = (ast.Select, ast.Balances, ast.Journal, ast.Print)
CHANGING = (ast.CreateTable, ast.Insert)
# run "name"; as the links of Fava's journal and sidebar have it.
_RUN = re.compile(
    r"""\s*run\s+(?:"([^"]*)"|'([^']*)'|(\S.*?))\s*;?\s*""", re.IGNORECASE | re.DOTALL
)
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
RESULT = "query_result"
# What columns are called on Chinese pages; a query can name its columns in ASCII alone.
HEADINGS = {
    "account": "科目",
    "amount": "金额",
    "balance": "余额",
    "batch": "批次",
    "count(account)": "笔数",
    "currency": "币种",
    "date": "日期",
    "day": "日",
    "entries": "笔数",
    "flag": "标记",
    "id": "编号",
    "line": "科目",
    "links": "编号",
    "month": "月",
    "narration": "摘要",
    "number": "金额",
    "payee": "对方",
    "people": "人数",
    "position": "金额",
    "reason": "原因",
    "sum(number)": "金额",
    "sum(position)": "金额",
    "town": "镇街",
    "year": "年",
}
# The parser takes a second for a few hundred signs that are nested.
MOST_CHARACTERS = 8_000


class QueryRefused(FavaAPIError):
    """A query cannot be run; the message says why."""

    status = HTTPStatus.BAD_REQUEST


class Queries(FavaModule):
    """What Fava calls its query shell: both its page of queries and its downloads ask here."""

    def execute_query_serialised(
        self, entries: Sequence[Any], query: str
    ) -> QueryResultTable | QueryResultText:
        """The result as Fava's page shows it. Raises QueryRefused."""
        _name, statement = self._read(query)
        cursor = self._run(entries, statement)
        if isinstance(statement, ast.Print):
            printed = io.StringIO()
            options: Any = self.ledger.options
            as_entries.render(
                cursor.description, cursor.fetchall(), printed, dcontext=options["dcontext"]
            )
            return QueryResultText(printed.getvalue())
        headings = self._headings(cursor)
        columns = [
            COLUMNS.get(column.datatype, ObjectColumn)(heading)
            for column, heading in zip(cursor.description, headings, strict=True)
        ]
        rows: list[Any] = [
            tuple(column.serialise(value) for column, value in zip(columns, row, strict=True))
            for row in cursor
        ]
        return QueryResultTable(columns, rows)

    def query_to_file(
        self, entries: Sequence[Any], query_string: str, result_format: str
    ) -> tuple[str, io.BytesIO]:
        """The result as CSV, and a name for it. Raises QueryRefused."""
        name, statement = self._read(query_string)
        if result_format != "csv" or isinstance(statement, ast.Print):
            raise QueryRefused(_("only a table can be downloaded, as CSV"))
        cursor = self._run(entries, statement)
        options: Any = self.ledger.options
        said = dict(
            zip((column.name for column in cursor.description), self._headings(cursor), strict=True)
        )
        columns, rows = numberify_results(
            cursor.description, cursor.fetchall(), options["dcontext"].build()
        )
        written = io.StringIO()
        writer = csv.writer(written)
        # An amount is a column of numbers for each currency: "position (CNY)".
        writer.writerow([_cell(said.get(column.name, column.name)) for column in columns])
        writer.writerows([[_cell(value) for value in row] for row in rows])
        return name, io.BytesIO(written.getvalue().encode("utf-8-sig"))

    def _headings(self, cursor: Cursor) -> list[str]:
        """The names of the columns as a reader says them, no two alike."""
        names = [column.name for column in cursor.description]
        if not (self.ledger.fava_options.language or "").startswith("zh"):
            return names
        said = [HEADINGS.get(name, name) for name in names]
        return [
            word if said.count(word) == 1 else name for name, word in zip(names, said, strict=True)
        ]

    def _read(self, text: str) -> tuple[str, ast.Node]:
        """What is asked, and a name for it: that of the ledger's own query for ``run NAME``."""
        name = RESULT
        if run := _RUN.fullmatch(text):
            name = next(group for group in run.groups() if group is not None)
            found = [q for q in self.ledger.all_entries_by_type.Query if q.name == name]
            if not found:
                message = _("the books have no query “{name}”")
                raise QueryRefused(message.format(name=name[:80]))
            text = found[0].query_string
        if len(text) > MOST_CHARACTERS:
            raise QueryRefused(_("the query is too long"))
        try:
            statement = parser.parse(text)
        except Exception as error:
            raise QueryRefused(_why(error)) from None
        # guard: queries-ask
        if not isinstance(statement, ASKING) or any(
            isinstance(node, CHANGING) for node in statement.walk()
        ):
            raise QueryRefused(_("only SELECT, BALANCES, JOURNAL and PRINT are answered here"))
        # The parser leaves alone what follows a statement.
        if text[statement.parseinfo.endpos :].strip("; \t\r\n"):
            raise QueryRefused(_("one query at a time is answered here"))
        return name, statement

    def _run(self, entries: Sequence[Any], statement: ast.Node) -> Cursor:
        try:
            connection = connect(
                "beancount:",
                entries=entries,
                errors=self.ledger.errors,
                options=self.ledger.options,
            )
            return connection.execute(statement)
        except Exception as error:
            # Whatever a query makes the library stumble on, it is the query that was wrong.
            raise QueryRefused(_why(error)) from None


def _why(error: Exception) -> str:
    place = getattr(error, "parseinfo", None)
    if place is not None:
        near = place.tokenizer.text[place.pos : place.pos + 20].split("\n")[0]
        return _("the query is not understood ({reason}) at “{near}”").format(
            reason=error, near=near
        )
    return _("the query is not understood ({reason})").format(
        reason=str(error).split("\n")[0][:200] or type(error).__name__
    )


def _cell(value: Any) -> Any:
    """A value as it may stand in a file that a spreadsheet opens."""
    if isinstance(value, (set, frozenset)):
        value = " ".join(sorted(value))
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value
