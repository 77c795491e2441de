"""The registry's log of changes: chained and signed, and every record follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from json.encoder import encode_basestring

import pytest
import sqlcipher3
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.records import replace
from ledger.model.operators import FIRST_OPERATOR
from ledger.registry.change_log import FIELDS
from ledger.registry.change_log import Source
from ledger.registry.change_log import record_as_text
from ledger.registry.change_log import record_of_payee
from ledger.registry.change_log import record_of_text
from ledger.registry.log_replay import Replayed
from ledger.registry.log_replay import differing_records
from ledger.registry.log_replay import replay_registry
from ledger.registry.signed_log import NOTHING_BEFORE
from ledger.registry.signed_log import ChangeRow
from ledger.registry.signed_log import LogEntry
from ledger.registry.signed_log import digest_of_entry
from ledger.registry.signed_log import digest_of_new_entry
from tests.support.acting import stamped
from tests.support.beginnings import beginning
from tests.support.forged_events import execute_in_registry
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up

pytestmark = pytest.mark.attacks

# All that can stand in a cell, and what JSON writes otherwise.
ODD = st.characters(exclude_categories=["Cs"], include_characters='"\\\x00\x1f\x7f\u2028')
TODAY = day("2020-11-10")
OTHER_ACCOUNT = "6215210000000000"


@beginning
def changed(funded: Office) -> Office:
    """Six people came in two entries; a third has changed account and phone of the first."""
    with funded.recording() as registry:
        payee = registry.payees()[0]
        source = Source(registry.keep_original("b.xlsx", "roster", b"b"), "普查员", 7)
        changes = {"account": (payee.account, "6215211"), "phone": (payee.phone, "13900000000")}
        registry.change(payee, changes, source, on=TODAY)
    return funded


def replayed(office: Office) -> Replayed:
    with office.registry() as registry:
        return replay_registry(registry)


def test_a_transaction_is_one_entry_that_names_the_one_before_it(changed: Office) -> None:
    with changed.registry() as registry:
        entries = registry.log.entries()
        changes = registry.log.texts()
        assert registry.log.head() == entries[-1].digest
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [
        NOTHING_BEFORE, entries[0].digest, entries[1].digest,
    ]  # fmt: skip
    assert [number for number, _change in changes] == [1, 1, 1, 2, 2, 2, 3, 3]
    assert {entry.known_event for entry in entries} == {0}
    assert replayed(changed) == Replayed([], {})


def test_the_digest_is_of_one_text(changed: Office) -> None:
    """So can anybody compute it."""
    with changed.registry() as registry:
        entry = registry.log.entries()[-1]
        rows = registry.log.changes_of([1])[1:]
    text = json.dumps(
        [entry.previous, entry.by, entry.at, entry.known_event, rows],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert entry.digest == sha256(text.encode("utf-8")).hexdigest()


def test_what_changes_no_record_is_no_entry(office: Office) -> None:
    with office.registry() as registry:
        with registry.transaction(stamped()):
            registry.keep_original("a.csv", "statement", b"a")
        assert registry.log.entries() == []
        assert registry.log.head() == NOTHING_BEFORE


def test_what_failed_is_in_no_later_entry(office: Office) -> None:
    with office.registry() as registry:
        with pytest.raises(RuntimeError), registry.transaction(stamped()):
            source = Source(registry.keep_original("a.xlsx", "roster", b"a"), "甲", 2)
            registry.add([(made_up(1), source)], on=TODAY)
            raise RuntimeError
        assert registry.log.head() == NOTHING_BEFORE
    office.register(1)
    assert replayed(office) == Replayed([], {})


def test_the_whole_record_is_in_the_log_and_shown_to_nobody(office: Office) -> None:
    given = replace(made_up(1), area_name='第"一\\居\n', active=False)
    office.register(1, change=lambda _payee: given)
    with office.registry() as registry:
        (change,) = registry.log.changes_of([1])
        (shown,) = registry.changes(1)
        (payee,) = registry.payees()
    assert json.loads(change[3]) == record_of_payee(payee)
    assert record_of_text(change[3]) == record_of_payee(payee)
    assert list(json.loads(change[3])) == list(FIELDS)
    assert (shown.field, shown.old, shown.new) == ("added", "", "")
    told = office.run("payees", "show", "P000001")
    assert given.account not in told.out


def test_a_head_is_signed_by_whoever_makes_the_changes(office: Office) -> None:
    """Over the 32 bytes of its digest; who signs otherwise is found."""
    with office.registry() as registry:
        with registry.transaction(stamped(), lambda digest: f"signed {digest.hex()}"):
            source = Source(registry.keep_original("a.xlsx", "roster", b"a"), "甲", 2)
            registry.add([(made_up(1), source)], on=TODAY)
        (entry,) = registry.log.entries()
        assert entry.signature == f"signed {registry.log.head()}"

        def verify(entry: LogEntry, digest: bytes) -> bool:
            return entry.by == FIRST_OPERATOR and entry.signature == f"signed {digest.hex()}"

        assert replay_registry(registry, verify) == Replayed([], {})
        assert replay_registry(registry, lambda *_said: False).broken == [1]


@pytest.mark.parametrize(
    ("statement", "fields"),
    [
        ("update payees set account = '1' where serial = 2", {2: ("account",)}),
        ("update payees set phone = '', town = '1' where serial = 1", {1: ("town", "phone")}),
        ("update payees set active = 0 where serial = 6", {6: ("active",)}),
        ("delete from payees where serial = 3", {3: FIELDS}),
        ("update payees set serial = 9 where serial = 3", {3: FIELDS, 9: FIELDS}),
    ],
)  # fmt: skip
def test_a_record_that_was_written_past_the_log(
    changed: Office, statement: str, fields: dict[int, tuple[str, ...]]
) -> None:
    execute_in_registry(changed, statement)
    assert replayed(changed) == Replayed([], fields)


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        pytest.param(
            ("update changes set new = '1' where field = 'account'",
             "update payees set account = '1' where serial = 1"),
            [3], id="a change and its record",
        ),
        pytest.param(("update changes set reason = '准' where serial = 2",), [1], id="a reason"),
        pytest.param(("update changes set day = '2020-01-02' where serial = 5",), [2], id="a day"),
        pytest.param(("update log_entries set by = 'O02' where number = 2",), [2], id="who"),
        pytest.param(("update log_entries set at = '' where number = 2",), [2], id="when"),
        pytest.param(("update log_entries set known_event = 7 where number = 2",), [2], id="event"),
        pytest.param(
            ("delete from changes where entry = 3", "delete from log_entries where number = 3",
             "insert into changes select null, 9, 2, 'phone', '', '1', source, '', 0, day, ''"
             " from changes where id = 1"),
            [9], id="a change without an entry",
        ),
        pytest.param(
            ("insert into changes select null, 2, 2, 'account', '', '1', source, '', 0, day, ''"
             " from changes where id = 1",),
            [2], id="a change more in an entry",
        ),
        pytest.param(("delete from changes where entry = 3",), [3], id="an entry without changes"),
        pytest.param(
            ("delete from changes where entry = 2", "delete from log_entries where number = 2"),
            [3], id="an entry that is missing",
        ),
        pytest.param(("update log_entries set digest = previous where number = 1",), [1, 2],
                     id="a digest"),
        pytest.param(
            ("update changes set entry = 9 - entry", "update log_entries set number = -number"),
            [-3, -2, -1, 6, 7, 8], id="numbers",
        ),
    ],
)  # fmt: skip
def test_a_log_that_was_written_into(
    changed: Office, statements: tuple[str, ...], broken: list[int]
) -> None:
    execute_in_registry(changed, *statements)
    assert replayed(changed).broken == broken


def test_changes_stand_in_the_order_of_their_entries(changed: Office) -> None:
    """Neither an older account nor a decision comes back by other numbers of rows."""
    with changed.recording() as registry:
        payee = registry.payees()[0]
        source = Source(registry.keep_original("c.xlsx", "roster", b"c"), "普查员", 7)
        registry.change(payee, {"account": (payee.account, "6215212")}, source, on=TODAY)
    execute_in_registry(
        changed,
        "update changes set id = id + 100 where entry = 3",
        "update payees set account = '6215211' where serial = 1",
    )
    assert replayed(changed) == Replayed([3], {1: ("account",)})


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"legal_name": 1}', "null"])
def test_what_is_no_record_is_none(text: str) -> None:
    changes = [(1, "added", "", text, "", "", 0, "", "")]
    assert differing_records([replace(made_up(1), serial=1)], changes) == {1: FIELDS}


def test_check_names_record_and_entry_and_no_value(changed: Office) -> None:
    execute_in_registry(
        changed,
        f"update payees set account = '{OTHER_ACCOUNT}' where serial = 2",
        "update changes set reason = '经批准' where serial = 4",
    )
    answer = changed.run("check", "--json")
    assert [(error["file"], error["code"]) for error in answer.json["errors"]] == [
        ("registry.db", "log"), ("registry.db", "record"),
    ]  # fmt: skip
    said = [error["message"] for error in answer.json["errors"]]
    assert "entry 2 of the log of changes is not as it was written" in said[0]
    assert "the record of P000002 is not what the log of changes says (account)" in said[1]
    assert OTHER_ACCOUNT not in answer.out


def pay(office: Office) -> str:
    return str(office.disburse().json.get("error", ""))


def preview(office: Office) -> str:
    answer = office.run("disburse", "--dry-run", "--json", "--date", "2020-11-10")
    return str(answer.json.get("error", ""))


def submit(office: Office) -> str:
    answer = office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11", "--json")
    return str(answer.json.get("error", ""))


@pytest.mark.parametrize("command", [pay, preview, submit])
def test_nobody_is_paid_by_a_record_that_was_slipped_in(
    changed: Office, command: Callable[[Office], str]
) -> None:
    if command is submit:
        assert pay(changed) == ""
    events = changed.events()
    execute_in_registry(changed, f"update payees set account = '{OTHER_ACCOUNT}' where serial = 2")
    said = command(changed)
    assert "records of P000002 are not what its log of changes says" in said
    assert OTHER_ACCOUNT not in said
    execute_in_registry(changed, "update changes set new = '' where entry = 3")
    assert "not as it was written (entry 3)" in command(changed)
    assert changed.events() == events


def test_somebody_else_is_paid_nevertheless(changed: Office) -> None:
    """A record that differs keeps nobody else of another town from being paid."""
    execute_in_registry(changed, "update payees set phone = '1' where serial = 6")
    answer = changed.disburse("--town", "370481001")
    assert answer.json["payees"] == 3


@given(st.text(ODD), st.text(ODD))
def test_sqlite_writes_what_json_would(one: str, other: str) -> None:
    """A record, and a change: else a sound registry would be called broken."""
    payee = replace(made_up(1), legal_name=one, bank=other)
    with closing(sqlcipher3.connect(":memory:")) as connection:
        ((record, change),) = connection.execute(
            "select json_object('legal_name', ?, 'bank', ?), json_array(7, ?, ?)",
            (one, other, one, other),
        )
    said = record_of_payee(payee)
    assert json.loads(record) == {name: said[name] for name in ("legal_name", "bank")}
    assert f'{{"legal_name":{encode_basestring(one)},"bank":{encode_basestring(other)}}}' == record
    assert change == json.dumps([7, one, other], ensure_ascii=False, separators=(",", ":"))


def test_a_template_writes_what_json_would() -> None:
    payee = replace(made_up(1), legal_name='"\\/\x07\u2028😀', bank="\t\r\n")
    said = json.dumps(record_of_payee(payee), ensure_ascii=False, separators=(",", ":"))
    assert record_as_text(payee) == said


@given(
    st.lists(
        st.tuples(st.none() | st.integers(1), *[st.text()] * 5, st.integers(0), *[st.text()] * 2)
    )
)
def test_a_new_entrys_digest_is_of_the_texts_of_its_changes(changes: list[ChangeRow]) -> None:
    texts = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in changes]
    of_entry = ("0" * 64, "O01 张三", "2020-10-16T09:30:00+08:00", 7)
    assert digest_of_new_entry(*of_entry, changes) == digest_of_entry(*of_entry, texts)
