"""Texts from outside that a page must show and never obey: names, banks' words, reasons, units."""

from __future__ import annotations

from ledger.base.records import replace
from ledger.model.payees import Payee
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Office

HOSTILE = (
    "<script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed = 1'>",
    '"><svg onload=window.harmed=1>',
    "' autofocus onfocus='window.harmed = 1' x='",
    "</title></textarea></script><iframe src=//example.com>",
    "{{ 7 * 7 }}{% for a in b %}",
    "javascript:window.harmed=1",
    "&lt;b&gt; &amp; <b>",
    "${window.harmed = 1}`",
    "]]><!--",
)
HARMLESS = tuple(f"赵{number}" for number in range(len(HOSTILE)))


def office_of(texts: tuple[str, ...], office: Office) -> Office:
    """An office in which each of these is a name, a bank, a place, a reason and somebody's words.

    Of the people who were paid the first came back, with a reason, and waits.
    """
    office.receive(1_000_000)
    settings = office.folder / "census-ledger.toml"
    said = settings.read_text(encoding="utf-8")
    unit = next(line for line in said.splitlines() if line.startswith("name ="))
    settings.write_text(
        said.replace(unit, f"name = '''{''.join(texts)} '''"), encoding="utf-8", newline="\n"
    )
    account = Account(opening_fen=1_000_000_00)
    for text in texts:
        office.register(1, change=lambda payee, text=text: _named(payee, text))  # type: ignore[misc]
        account.move("2020-11-11", "1.00", text, text)
    assert take_statement(office, account).status == 0
    office.register(1)
    office.disburse(on="2020-11-12")
    count = len(texts) + 1
    take_result(office, everyone(CLOSED, *range(1, count + 1)), on="2020-11-20")
    for number, text in enumerate(texts, start=1):
        office.run(
            "payees", "release", f"P{number:06d}", "--reason", text, "--date", "2020-11-21", "--yes"
        )
    return office


def _named(payee: Payee, text: str) -> Payee:
    return replace(payee, legal_name=text, bank_name=text, area_name=text)
