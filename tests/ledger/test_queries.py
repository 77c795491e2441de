"""Queries in the browser ask and change nothing, on the page and in downloads alike."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.support.desk_pages import DeskPages
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office


@pytest.fixture
def pages(funded: Office) -> DeskPages:
    funded.hand(f'2020-11-03 * "某某宾馆" "培训"\n  {TRAINING}  812.34 CNY\n  {BANK}\n')
    return DeskPages(funded)


def test_what_asks_is_answered(pages: DeskPages) -> None:
    for query in (
        "SELECT payee, sum(number) AS amount WHERE account ~ '1002' GROUP BY payee",
        "select payee",
        "BALANCES",
        "BALANCES FROM year = 2020",
        "JOURNAL 'Assets'",
        "SELECT payee FROM (SELECT payee, number) WHERE number > 5",
        "run 各镇街发放",
        'run "各镇街发放"',
        "RUN '各镇街发放';",
    ):
        said = pages.get("api/query", query_string=query)
        assert said.status_code == 200, query
        assert said.get_json()["data"]["t"] == "table"
        file = pages.get("download-query/query_result.csv", query_string=query)
        assert file.status_code == 200, query
        assert file.headers["Content-Disposition"].startswith("attachment")


def test_entries_are_printed(pages: DeskPages) -> None:
    said = pages.get("api/query", query_string="PRINT FROM month = 11").get_json()["data"]
    assert said["t"] == "string"
    assert '2020-11-03 * "某某宾馆" "培训"' in said["contents"]
    assert "filename" not in said["contents"]


WRITING = (
    ".output {file}",
    "output {file}",
    " .output {file}",
    ".OUTPUT {file}",
    ".output {file}; SELECT account",
    ".run x; .output {file}",
    "run x; .output {file}",
    "CREATE TABLE x USING 'csv:{secret}'",
    "create table x (a str) using 'csv:{secret}?header=true'",
    "INSERT INTO entries (date) VALUES (2020-01-01)",
    "SELECT a FROM (CREATE TABLE x USING 'csv:{secret}')",
    "EXPLAIN SELECT account",
    ".explain SELECT account",
    ".parse SELECT account",
    "parse SELECT account",
    ".set format csv",
    "set format csv",
    ".format csv",
    ".history",
    "history",
    ".clear",
    ".reload",
    "reload",
    ".tables",
    ".describe entries",
    ".errors",
    "errors",
    ".help",
    "help output",
    "exit",
    ".run",
    "run",
    "run *",
    "run writing",
    "run creating",
    'run "inner"',
    "!ls",
    "?",
    "EOF",
    "SELECT account; .output {file}",
    "SELECT account\n.output {file}",
    "PRINT\n.output {file}",
)


@pytest.mark.parametrize("query", WRITING)
def test_nothing_else_runs(pages: DeskPages, funded: Office, query: str) -> None:
    """Not when it is typed, and not when the books bring it along under a name."""
    file, secret = funded.folder.parent / "written.txt", funded.folder.parent / "secret.csv"
    secret.write_text("column\nonly for the owner\n", encoding="utf-8")
    funded.hand(
        f'2020-01-01 query "writing" ".output {file}"\n'
        f'2020-01-01 query "creating" "CREATE TABLE x USING \'csv:{secret}\'"\n'
        '2020-01-01 query "inner" "run writing"\n'
    )
    text = query.format(file=file, secret=secret)
    before = everything(funded.folder.parent)
    for address in ("api/query", "download-query/query_result.csv"):
        answer = pages.get(address, query_string=text)
        assert answer.status_code == 400, answer.text
        assert "only for the owner" not in answer.text
        assert "Traceback" not in answer.text
        # Nothing stays behind for the next query.
        assert pages.get("api/query", query_string="SELECT column FROM x").status_code == 400
    assert everything(funded.folder.parent) == before


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("registry.db")
    }


@pytest.mark.parametrize("form", ["xlsx", "ods", "exe", "CSV", "csv.html"])
def test_tables_are_downloaded_as_csv_alone(pages: DeskPages, form: str) -> None:
    answer = pages.get(f"download-query/query_result.{form}", query_string="SELECT account")
    assert answer.status_code == 400


def test_a_downloaded_table_holds_no_formula(funded: Office) -> None:
    """A spreadsheet would run what a bank's remark holds."""
    for word in ("=1+1", "+1", "-1", "@SUM(1)", "\\t=1", "＝1"):
        funded.hand(f'2020-11-03 * "{word}" "x"\n  {TRAINING}  1.00 CNY\n  {BANK}\n')
    query = "SELECT payee, number WHERE account ~ '30216' AND narration = 'x'"
    answer = DeskPages(funded).get("download-query/query_result.csv", query_string=query)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]
    assert len(rows) == 6
    assert all(payee.startswith("'") for payee, _number in rows), rows
    assert {number for _payee, number in rows} == {"1.00"}


def test_a_query_that_is_wrong_is_told_so(pages: DeskPages) -> None:
    for query in ("SELECT nothing", "SELECT account FROM", "SELECT sum(account)"):
        said = pages.get("api/query", query_string=query).get_json()["error"]
        assert said.startswith("看不懂这条查询（")
        assert "\n" not in said
