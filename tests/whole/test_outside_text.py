"""Text from outside: what cannot be seen is never kept, and whatever is written is read again."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from pathlib import Path

import audit as script
import pytest
from beancount.core import data
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies

from importers.rosters.roster import read_roster
from ledger.base.masks import mask_numbers
from ledger.base.outside_text import cleaned
from ledger.base.outside_text import is_valid
from ledger.base.outside_text import shown
from ledger.base.records import replace
from ledger.events.event_file import NO_EVENT
from ledger.events.event_file import Drafting
from ledger.events.event_text import header
from ledger.events.event_text import init_event
from ledger.events.event_text import quoted
from ledger.events.event_text import subsidy_entry
from ledger.events.result_text import release_event
from ledger.events.statement_text import BookedPart
from ledger.events.statement_text import PlacedLine
from ledger.events.statement_text import Placement
from ledger.events.statement_text import statement_event
from ledger.model.bank_lines import BankLine
from ledger.model.ids import NO_STAGE
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.operators import EVERY_ROLE
from ledger.model.operators import Operator
from tests.support.acting import stamped
from tests.support.auditor import audit
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.office import day
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.roster_files import workbook

DRAFTING = Drafting(NO_EVENT, stamped())
KEY = "ab" * 32
FIRST = Operator("O01", "甲", EVERY_ROLE, KEY, since_seq=0)

SEEN = "张䶮𠮷\ue863買·Ａnna-é1 ，。《》〇\ufe00𫝈"
UNSEEN = [
    "\0", "\x07", "\x08", "\x1b", "\x7f", "\x80", "\x9b", "\xad", "\u034f", "\u061c", "\u115f",
    "\u180e", "\u200b", "\u200d", "\u200e", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069",
    "\u3164", "\ud800", "\udfff", "\ufdd0", "\ufeff", "\uffa0", "\ufff9", "\ufffd", "\ufffe",
    "\U0001d173", "\U000e0001", "\U000e0041", "\U0010ffff",
]  # fmt: skip
BREAKS = ["\t", "\n", "\v", "\f", "\r", "\r\n", "\x1c", "\x1f", "\x85", "\u2028", "\u2029"]
# Any text that a person or a bank may give, and often one that is meant to be taken for more.
words = strategies.one_of(
    strategies.text(strategies.characters(exclude_categories=())),
    strategies.lists(
        strategies.sampled_from([
            *UNSEEN, *BREAKS, '"', "\\", "\\n", "; ", "^P000001", "#census-subsidy", "include ",
            '2020-01-01 custom "census-event" 9 "init"', " pad ", "\n\n2020-01-01 * ",
            "Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道", "800.00 CNY", "张三",
            "6215211234567890123",
        ])
    ).map("".join),
)  # fmt: skip


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
def test_what_shows_nothing_or_stands_for_nothing_is_lost(character: str) -> None:
    assert cleaned(f"张{character}三") == "张三"


@pytest.mark.parametrize("character", BREAKS, ids=ascii)
def test_a_break_is_a_blank(character: str) -> None:
    assert cleaned(f"张{character}三").split() == ["张", "三"]
    assert len(cleaned(f"a{character}b").splitlines()) == 1


def test_what_a_name_is_written_with_stays() -> None:
    """Rare characters of every plane and of the private area, and selectors of forms."""
    assert cleaned(SEEN) == shown(SEEN) == SEEN


def test_no_control_or_format_character_is_forgotten() -> None:
    """Held against the table that Python has of Unicode."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert cleaned(character).strip() == "", ascii(character)
            assert character in "\n\t" or shown(character).isascii(), ascii(character)
        elif unicodedata.category(character) == "Co" and code & 0xFFFE != 0xFFFE:
            assert cleaned(character) == character


@given(words)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert is_valid(cleaned(text))


def test_a_number_does_not_hide_behind_what_cannot_be_seen() -> None:
    assert mask_numbers("卡号6215\u200b2112\u206634567890") == "卡号****7890"


@given(words)
def test_beancount_reads_what_was_quoted(text: str) -> None:
    (entry,), errors, _options = parser.parse_string(
        f"2020-01-01 * {quoted(text)} {quoted(text)}\n  reason: {quoted(text)}\n"
    )
    assert not errors
    assert isinstance(entry, data.Transaction)
    assert (entry.payee, entry.narration) == (cleaned(text), cleaned(text))
    assert entry.meta["reason"] == cleaned(text)


@given(words, words)
def test_the_auditor_reads_every_event_that_is_written(text: str, other: str) -> None:
    """Whatever a reason, a name or the bank's words are, and Beancount reads the same file."""
    bank_line = BankLine(
        row=1, date=day("2020-05-08"), time="", amount_fen=6600, balance_fen=6600,
        counterparty=text, account="", text=other, serial="S1",
    )  # fmt: skip
    placed = PlacedLine(
        BankLineId("L0123456789ab"), bank_line, Placement((BookedPart(BANK, -6600),))
    )
    subsidy = subsidy_entry(
        day("2020-01-01"), text, other, BatchId("B2020-001"), [PayeeId("P000001")],
        {"payee-id": "P000001", "role": "普查员", "reason": mask_numbers(other)},
        debit=BANK, credit=BANK, amount_fen=80000,
    )  # fmt: skip
    values = '"result" "B2020-001" 1 800.00 CNY'
    result = header(day("2020-01-01"), DRAFTING, values, meta={"bank-refused": text})
    for event in (
        init_event(day("2020-01-01"), DRAFTING, text, FIRST, KEY),
        release_event(day("2020-01-01"), DRAFTING, NO_STAGE, [PayeeId("P000001")], text),
        statement_event(DRAFTING, BANK, [placed], None, meta={"layout": other}),
        f"{result}\n{subsidy}",
    ):
        reader = script.Audit(Path())
        assert reader.read_event("events/x", event) is not None
        assert reader.findings == []
        _entries, errors, _options = parser.parse_string(event)
        assert not errors


HOSTILE = [
    "\ufffd已核实", "\x1b[2J\x1b]52;c;aGk=\x07已核实", "已核实\u202e", "已\x9b2J核实", "已核实\n\n",
    "已核实 Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道",
    '已核实"; ^P000001 #census-subsidy \\', "include 已核实", " pad 已核实",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_reason_and_no_word_of_the_bank_shuts_the_books(funded: Office, text: str) -> None:
    """By the commands, through bank files and options: ``check`` and the auditor find nothing."""
    funded.disburse()
    # A file with control characters is taken for no table.
    in_file = re.sub("[\0-\x1f]", "", text)
    returned = {"P000005": ("交易失败", f"账户已销户{in_file}")}
    assert take_result(funded, everyone(("交易成功", ""), 1, 2, 3, 4) | returned).status == 0
    said = funded.run(
        "payees", "release", "P000005", "--reason", text, "--yes", "--date", "2020-11-18"
    )
    assert said.status == 0, said
    account = Account(opening_fen=1_220_000_00)
    account.move("2020-11-20", "66.00", f"某某{in_file}", f"货款{in_file}")
    assert take_statement(funded, account).status == 0
    assert funded.check() == []
    assert audit(funded.folder).findings == []
    for event in funded.events():
        content = event.read_text(encoding="utf-8")
        assert all(cleaned(line) == line for line in content.splitlines())


@pytest.mark.parametrize("text", ["\x1b\x1b", "\u200b", " \ufffd ", "\u202e\n"], ids=ascii)
def test_a_reason_of_nothing_that_is_seen_is_none(funded: Office, text: str) -> None:
    (first, *_others) = funded.register(1, change=lambda payee: replace(payee, bank="x"))
    for command in ("release", "deactivate"):
        said = funded.run("payees", command, first.payee_id, "--reason", text, "--yes")
        assert said.status in (1, 2)
        assert "--reason" in said.err or "nobody" in said.err or "reason" in said.err
    assert len(funded.events()) == 1


@pytest.mark.parametrize(
    "unit",
    ["", " ", "\u200b", "普\x1b[2J办", "普\n办", '普"办', "普\\办", "普\u202e办", "普\ufffd办"],
    ids=ascii,
)  # fmt: skip
def test_a_unit_that_cannot_stand_on_paper_is_a_sentence(
    office: Office, tmp_path: Path, unit: str
) -> None:
    said = office.run("init", str(tmp_path / "new"), "--unit", unit)
    assert said.status == 1
    assert "characters that can be seen" in said.err
    assert not (tmp_path / "new").exists()


def test_a_setting_with_what_cannot_be_seen_names_its_key(office: Office) -> None:
    path = office.folder / "programme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('remark = "两员补助"', 'remark = "两员\\u202e补助"'), encoding="utf-8"
    )
    said = office.run("status")
    assert said.status == 1
    assert "bank.remark" in said.err


def test_a_roster_loses_what_cannot_be_seen() -> None:
    cells = person(
        1,
        姓名="赵\x9b一\u2066甲",
        开户行="滕州\u202e农商\ufffd行",
        普查区="春藤\x07社区",
        联系电话="1390000\u20690001",
    )
    content = workbook({"Sheet1": [["荆河街道"], list(HEADINGS), cells]})
    (row,) = read_roster("荆河街道.xlsx", content).rows
    assert (row.name, row.bank, row.area_name, row.phone) == (
        "赵一甲", "滕州农商行", "春藤社区", "13900000001",
    )  # fmt: skip


def test_a_damaged_name_is_not_corrected_but_sent_back() -> None:
    """A character of it is lost: nobody knows which."""
    headings = [*HEADINGS, "银行户名"]
    rows = [person(1, headings, 姓名="赵\ufffd甲"), person(2, headings, 银行户名="钱\ufffd甲")]
    content = workbook({"Sheet1": [["荆河街道"], headings, *rows]})
    problems = read_roster("荆河街道.xlsx", content).problems
    assert [(one.row, one.field, one.code) for one in problems] == [
        (3, "name", "name_characters"), (4, "bank_name", "name_characters"),
    ]  # fmt: skip


def test_an_event_that_holds_the_character_for_a_lost_one_is_no_fault(office: Office) -> None:
    """Books made before may have it. What is no UTF-8 is told with its line."""
    hand = office.folder / "journal" / "hand.beancount"
    office.hand("; 说明：\ufffd")
    assert audit(office.folder).findings == []
    text = init_event(day("2020-01-01"), DRAFTING, "X", FIRST, KEY).replace("X", "a\ufffdb")
    assert script.Audit(Path()).read_event("events/x", text) is not None
    line = hand.read_bytes().count(b"\n") + 1
    hand.write_bytes(hand.read_bytes() + b"; \xbf\xd5\xd5\n")
    (finding,) = audit(office.folder).findings
    assert finding == ("journal/hand.beancount", line, "不是 UTF-8 文本")


INVALID = os.fsdecode(b"\xff\xfe")


@pytest.mark.skipif(os.name == "nt", reason="arguments are text on Windows")
@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--date", INVALID), (INVALID,), ("import", INVALID), ("verify", INVALID),
        ("payees", "find", INVALID), ("payees", "release", "P000001", "--reason", INVALID),
        ("batch", "void", "B2020-001", "--bank-refused", INVALID), ("batch", "show", INVALID),
        ("explain", INVALID, "x"), ("explain", "L0", INVALID, "--note", INVALID),
        ("key", "export", INVALID), ("key", "import", INVALID), ("report", "month", INVALID),
        ("disburse", "--town", INVALID), ("init", INVALID), ("init", "x", "--unit", INVALID),
        ("browse", "--port", INVALID), ("-C", INVALID, "status"), ("--key", INVALID, "status"),
        ("status", f"--date={INVALID}"), ("payees", "set-bank-name", "P000001", INVALID),
    ],
    ids=ascii,
)  # fmt: skip
def test_bytes_that_are_no_text_are_a_sentence(
    funded: Office, tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    said = funded.run(*arguments)
    assert said.status in (1, 2)
    assert "no valid text" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="the environment is text on Windows")
@pytest.mark.parametrize("variable", ["CENSUS_LEDGER_BOOKS", "CENSUS_LEDGER_KEY"])
def test_the_environment_too(
    funded: Office, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, INVALID)
    said = funded.run("status")
    assert said.status == 1
    assert variable in said.err


def test_a_login_is_no_operator(funded: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name goes nowhere: an operator acts."""
    monkeypatch.setenv("LOGNAME", "\udcff\x1b")
    assert funded.disburse().status == 0
    assert '  by: "O01"' in funded.events()[-1].read_text(encoding="utf-8")
    assert funded.check() == []
