"""An address of each of Fava's endpoints that answers, with what a page asks for; and what a person
or a program may put into them that nobody expects.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from tests.support.office import BANK

# Fava's own pages.
PAGES = (
    "income_statement/",
    "balance_sheet/",
    "trial_balance/",
    "journal/",
    "query/",
    "holdings/",
    "commodities/",
    "documents/",
    "events/",
    "statistics/",
    "editor/",
    "errors/",
    "import/",
    "options/",
    "help/",
    f"account/{quote(BANK, safe=':')}/",
    "holdings/by_account/",
)

ADDRESSES: Mapping[str, str] = {
    "index": "",
    "report": "journal/",
    "account": f"account/{quote(BANK, safe=':')}/",
    "holdings_by": "holdings/by_account/",
    "help_page": "help/filters",
    "document": "document/?filename=journal/x.pdf",
    "statement": "statement/?entry_hash=x&key=document",
    "download_query": "download-query/query_result.csv?query_string=SELECT+account",
    "download_journal": "download-journal/",
    "json_api.get_account_report": f"api/account_report?a={quote(BANK, safe=':')}",
    "json_api.get_context": "api/context?entry_hash=x",
    "json_api.get_extract": "api/extract?filename=statements/x.csv&importer=x",
    "json_api.get_help": "api/help?page_slug=filters",
    "json_api.get_journal_page": "api/journal_page?page=1&order=asc",
    "json_api.get_narration_transaction": "api/narration_transaction?narration=x",
    "json_api.get_payee_accounts": "api/payee_accounts?payee=x",
    "json_api.get_payee_transaction": "api/payee_transaction?payee=x",
    "json_api.get_query": "api/query?query_string=SELECT+account",
    "json_api.get_source": "api/source?filename=journal/hand.beancount",
    "json_api.get_source_slice": "api/source_slice?entry_hash=x",
}

# Endpoints that Fava has and that are not there for anybody.
CLOSED = (
    "extension_endpoint",
    "extension_js_module",
    "extension_report",
    "jump",
    "json_api.put_add_document",
    "json_api.put_attach_document",
    "json_api.put_move",
    "json_api.put_upload_import_file",
    "json_api.delete_document",
)

LONG = "长" * 3_000
# Parameters as Fava reads them from the query, each with what nobody expects there.
ODD_PARAMETERS: tuple[str, ...] = tuple(
    f"{name}={quote(value, safe='')}"
    for name, values in {
        "time": (
            "2020年10月", "2020年", "2020年第三季度", "2020年10月5日", "2020年13月",
            "2020年2月30日",
            "十月", "2020-13", "2020-00-00", "0000", "9999", "9999-12-31", "2020-W99", "2020-Q9",
            "FY9999", "FY0001", "FY2020-Q9", "day+99999999999", "year-99999", "month+999999999",
            "2021 - 2020", "2020 to", "( - )", "\0", "\ud7ff", LONG,
        ),
        "on": ("2020年10月", "2020-13", "0000", "9999", "x", "", "\0", LONG),
        "filter": (
            "(", ")", "(((((", "any(", "-", "payee:", "payee:[", "x:\"(\"", "\"", "'", "^", "#",
            "=",
            "a=1.2.3", "\0", "(" * 5_000, LONG, "amount>" + "9" * 5_000, "any(any(any(=1)))",
        ),
        "account": ("[", "(", "\\", "*", "(?P<", "\0", ":", ".*", LONG, "A" * 20_000),
        "conversion": ("x", ",", "", ",,,", "at_value", "units", "CNY,USD", "\0", LONG),
        "interval": ("x", "", "day", "week", "\0", LONG),
        "page": ("0", "-1", "-99999", "99999", "1.5", "x", "", "9" * 5_000, "１", "\0"),
        "order": ("x", "", "\0"),
        "entry_hash": ("", "x", "0" * 64, "\0", LONG),
        "query_string": (
            "", ";", "SELECT", "SELECT *", "SELECT 1/0", "SELECT x", "SELECT %s", "SELECT :x",
            ".exit",
            "SELECT date '2020-13-45'", "SELECT 2020-13-45", "run", "run x", "run 'x", "run x y",
            "SELECT sum(account)", "SELECT meta", "SELECT root(account, 99999999999)",
            "SELECT account ORDER BY 99", "SELECT account GROUP BY 99", "SELECT str(1) LIMIT -1",
            "SELECT 'a' ~ '('", "SELECT account PIVOT BY 1, 2", "SELECT date_add(date, 999999999)",
            "BALANCES AT x", "JOURNAL", "PRINT FROM", "PRINT FROM year = 'x'", "\0", LONG,
            "SELECT " + "(" * 200 + "1" + ")" * 200, "SELECT " + "9" * 5_000, "EXPLAIN SELECT 1",
            "SELECT position, balance, other_accounts, tags, meta, entry",
        ),
        "filename": (
            "", "/etc/passwd", "../registry.key", "registry.db", "journal", "journal/", ".", "..",
            "/", "\0", "journal/../registry.db", "statements/../registry.db", "C:\\x", LONG,
        ),
        "importer": ("", "x", "\0"),
        "key": ("", "x", "filename", "lineno", "\0"),
        "page_slug": ("", "../x", "_index", "\0"),
        "payee": ("", "\0", LONG),
        "narration": ("", "\0", LONG),
        "a": ("", "x", "[", "\0", ":", LONG, "Assets"),
        "r": ("changes", "balances", "x", "\0"),
        "partial": ("true", "x"),
    }.items()
    for value in values
)  # fmt: skip
# Bytes that are no text, and a query that is none.
ODD_QUERIES = (
    "time=%ff%fe", "filter=%80", "account=%c3%28", "query_string=%ff", "%", "%zz=%zz", "&&&", "=",
    "time", "time=2020&time=2021", "a" * 5_000, "time=%00", ";", "?", "[]=1", "time[]=2020",
)  # fmt: skip
# What goes into a body where a JSON object is wanted.
ODD_BODIES: tuple[bytes, ...] = (
    b"", b"null", b"[]", b"1", b'"x"', b"{", b"\xff\xfe", b"{}", b"\0", b"[" * 2_000,
    b'{"entries": null}', b'{"entries": {}}', b'{"entries": [null]}', b'{"entries": [1, "x", []]}',
    b'{"entries": [{}]}', b'{"entries": [{"t": "Note"}]}', b'{"entries": [{"date": 5}]}',
    b'{"entries": [{"t": "Note", "date": "2020-01-01"}]}',
    b'{"entries": [{"t": "Transaction", "date": "2020-01-01", "meta": 5, "narration": [],'
    b' "tags": 5, "links": null, "postings": {}}]}',
    b'{"entries": [{"t": "Balance", "date": "2020-01-01", "account": 1, "meta": {}, "amount":'
    b' {"number": "x", "currency": 5}}]}',
    b'{"entry_hash": 5, "source": {}, "sha256sum": null}',
    b'{"entry_hash": "x", "source": "\\ud800", "sha256sum": "x"}',
    b'{"file_path": 5, "source": 5, "sha256sum": 5}',
    b'{"file_path": "\\u0000", "source": "\\u0000", "sha256sum": "\\u0000"}',
    b'{"file_path": "/etc/passwd", "source": "x", "sha256sum": "x"}', b'{"source": 5}',
    b'{"source": "\\ud800"}', b'{"source": ' + b"9" * 5_000 + b"}",
)  # fmt: skip
