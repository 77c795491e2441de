"""The event of a list of work: what it says, and what none may say."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.actor_and_clock import Stamp
from ledger.books.reading_back import read_back
from ledger.events.event_file import NOTHING_BEFORE
from ledger.events.event_file import Drafting
from ledger.events.event_file import Head
from ledger.events.event_file import event_file_name
from ledger.events.event_reader import read_events
from ledger.events.fold import Fold
from ledger.events.reversal_text import reversed_event
from ledger.events.workload_text import workload_event
from ledger.model.history import PAYEE_LINK
from ledger.model.history import Event
from ledger.model.ids import StageCode
from ledger.model.payees import payee_id
from ledger.model.work_done import SAYS_AMOUNT
from ledger.model.work_done import SAYS_LISTED
from ledger.model.work_done import SAYS_QUANTITY
from ledger.model.work_done import WorkDone
from ledger.model.work_done import line_text
from ledger.model.work_done import quantity_text
from ledger.model.work_done import read_line
from tests.support.auditor import audit
from tests.support.forged_events import anchored
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import Office
from tests.support.work_lists import DAYS
from tests.support.work_lists import HOUSEHOLDS
from tests.support.work_lists import taken
from tests.support.work_lists import with_stages
from tests.support.work_lists import work_in
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

FILE = "0" * 64
META = f'  stage: "S2"\n  unit: "户"\n  quantity: "120"\n  original: "{FILE}"\n'


def forged(
    office: Office, values: str = ' "" 1 0.00 CNY', meta: str = META, lines: str = ""
) -> str:
    """What check says of a list that somebody has forged."""
    lines = lines or '  p000001: "quantity=120"\n'
    forge(office, "workload", values, batch="", meta=meta + lines)
    return messages(office)


def test_a_list_that_is_right_is_no_error(office: Office) -> None:
    with_stages(office)
    # But for the file itself, which the registry keeps.
    assert forged(office) == "the registry does not hold the file that this event is from"
    assert work_in(office) == {"P000001": "120"}
    line = office.books().history.work[StageCode("S2")]
    assert [(one.date, one.seq) for one in line.values()] == [(datetime.date(2020, 11, 12), 1)]


@pytest.mark.parametrize(
    "line",
    ["quantity=0120", "quantity=-1", "quantity=120 ", "amount=1", "quantity=1 amount=2.00",
     "quantity=1.50",
     "listed=1", "quantity=1 deduction=0.00", "quantity=1 deduction=-1.00", "deduction=1.00",
     "quantity="],
)  # fmt: skip
def test_a_line_has_one_form(office: Office, line: str) -> None:
    with_stages(office)
    assert "the line of P000002 cannot be read" in forged(
        office, lines=f'  p000001: "quantity=120"\n  p000002: "{line}"\n'
    )


@pytest.mark.parametrize(
    "change",
    [
        {"values": ' "" 2 0.00 CNY'},
        {"values": ' "" 1 1.00 CNY'},
        {"meta": META.replace('"120"', '"121"')},
        {"lines": '  p000001: "quantity=121"\n'},
        {"lines": '  p000001: "quantity=60"\n  p000002: "quantity=60"\n'},
    ],
)
def test_people_amounts_and_quantities_are_as_the_header_says(
    office: Office, change: dict[str, str]
) -> None:
    with_stages(office)
    assert "are not what its header says" in forged(office, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"meta": META.replace('"S2"', '"2"')},
        {"meta": META.replace(FILE, "")},
        {"lines": '  p00001: "quantity=120"\n'},
    ],
)
def test_a_list_names_its_stage_its_file_and_people(office: Office, change: dict[str, str]) -> None:
    with_stages(office)
    assert "names its stage, its file and people" in forged(office, **change)
    assert work_in(office) == {}


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        (META.replace("S2", "S9"), "the list is of stage S9 and its unit"),
        (META.replace("户", "份"), "the list is of stage S2 and its unit"),
        (META.replace("S2", "S3").replace("户", ""), "does not say what stage S3 is paid by"),
        (META.replace("S2", "S1").replace("户", ""), "does not say what stage S1 is paid by"),
    ],
)
def test_a_list_says_what_its_stage_is_paid_by(office: Office, meta: str, message: str) -> None:
    with_stages(office)
    assert message in forged(office, meta=meta)


def test_nobodys_work_changes_after_money_was_sent(office: Office) -> None:
    with_stages(office)
    office.receive(100_000)
    office.disburse()
    # Nobody has asked before whether she was paid: an event says it by its own stage alone.
    meta = META.replace("S2", "S1").replace('"120"', '"0"').replace("户", "")
    assert "was sent money of stage S1" in forged(office, meta=meta, lines='  p000001: "listed"\n')


def test_a_list_moves_no_money_and_is_a_clerks(office: Office) -> None:
    with_stages(office)
    answer = office.run("operator", "add", "出纳员", "--role", "出纳")
    assert answer.status == 0
    path = work_list(office.folder.with_name("表.xlsx"), work_row(1))
    refused = office.run(
        *("--operator", "O02", "import", "--stage", "S2", "--date", "2020-10-20", path)
    )
    assert (refused.status, "may not make a list of work" in refused.err) == (1, True)
    assert work_in(office) == {}


def test_a_forged_list_is_reversed_like_any_other(office: Office) -> None:
    with_stages(office)
    forged(office)
    anchored(office)
    answer = office.run(
        "reverse", "1", "--reason", "导错", "--yes", "--date", "2020-11-12", "--json"
    )
    assert (answer.json["kind"], work_in(office)) == ("workload", {})


@given(
    st.sampled_from([SAYS_QUANTITY, SAYS_AMOUNT, SAYS_LISTED]),
    st.decimals(0, 999999, places=2),
    st.integers(0, 10**11),
    st.integers(0, 10**9),
)
def test_a_line_is_read_as_it_was_written(
    says: str, quantity: Decimal, amount_fen: int, off_fen: int
) -> None:
    text = quantity_text(quantity) if quantity else "0"
    done = {
        SAYS_QUANTITY: WorkDone(text, 0, off_fen),
        SAYS_AMOUNT: WorkDone("", amount_fen, off_fen),
        SAYS_LISTED: WorkDone("", 0, off_fen),
    }[says]
    assert read_line(line_text(says, done)) == (says, done)


def test_keys_of_lines_are_ids_of_payees() -> None:
    assert PAYEE_LINK.fullmatch("p000001".upper())


# What an auditor finds without any of our code.


def test_an_auditor_adds_up_every_list(office: Office, tmp_path: Path) -> None:
    with_stages(office)
    for name, rows in (("一", (work_row(1), work_row(2, 30))), ("二", (work_row(2, 40),))):
        taken(office, work_list(tmp_path / f"{name}.xlsx", *rows))
    days = work_list(tmp_path / "天.xlsx", work_row(1, 2.5), headings=("姓名", "身份证号", "天数"))
    taken(office, days, stage="S4")
    amounts = work_list(
        tmp_path / "额.xlsx",
        work_row(1, 300, 20, "漏登"),
        headings=("姓名", "身份证号", "金额", "扣款", "扣款原因"),
    )
    taken(office, amounts, stage="S3")
    office.run("reverse", "2", "--reason", "错", "--yes", "--date", "2020-10-20")
    assert audit(office.folder).findings == []


def test_an_auditor_finds_what_a_list_may_not_say(office: Office) -> None:
    with_stages(office)
    bad: list[tuple[dict[str, str], str]] = [
        ({"values": ' "" 2 0.00 CNY'}, "不是各行加起来的"),
        ({"values": ' "" 1 9.00 CNY'}, "不是各行加起来的"),
        ({"meta": META.replace('"120"', '"121"')}, "不是各行加起来的"),
        ({"lines": '  p000001: "quantity=121"\n'}, "不是各行加起来的"),
        ({"lines": '  p000001: "quantity=120"\n  p000002: "many"\n'}, "p000002 读不懂"),
        ({"meta": META.replace("original", "other")}, "没有工作量表文件"),
    ]
    for change, _problem in bad:
        forged(office, **change)
    report = audit(office.folder)
    files = [f"events/{path.name}" for path in office.events()[1:]]
    for file, (_change, problem) in zip(files, bad, strict=True):
        assert problem in report.problems(file)


# Any lists and any reversals, against an opinion of its own.

LISTS = st.lists(
    st.tuples(
        st.sampled_from(["S2", "S4"]),
        st.dictionaries(st.integers(1, 5), st.integers(0, 9), min_size=1),
        st.booleans(),
    ),
    max_size=6,
)


@given(LISTS)
def test_what_stands_is_what_the_lists_in_force_say_last(
    lists: list[tuple[str, dict[int, int], bool]],
) -> None:
    stages = {"S2": HOUSEHOLDS, "S4": DAYS}
    texts: list[str] = []
    expected: dict[str, dict[str, str]] = {}
    gone = []
    for code, said, is_reversed in lists:
        lines = {payee_id(number): WorkDone(str(count)) for number, count in said.items()}
        text = workload_event(DAY, at(len(texts)), stages[code], lines, meta={"original": FILE})
        texts.append(text)
        if is_reversed:
            gone.append(len(texts) - 1)
        else:
            expected.setdefault(code, {}).update(
                {payee: done.quantity for payee, done in lines.items()}
            )
    events = [event_of(number, text) for number, text in enumerate(texts)]
    for number in gone:
        text = reversed_event(DAY, at(len(texts)), events[number], "错")
        texts.append(text)
    folded = fold_of(texts)
    found = {
        code: {payee: done.quantity for payee, done in of_stage.items()}
        for code, of_stage in folded.history().work.items()
    }
    assert found == expected
    assert not [one for one in folded.findings if one.code in ("work", "reversal", "event")]
    # What goes on with later events comes to the same.
    parts = fold_of(texts[:1])
    for number in range(1, len(texts)):
        parts = parts.followed_by(directives(number, texts[number]))
    assert parts.history().work == folded.history().work


DAY = datetime.date(2020, 11, 12)


def at(number: int) -> Drafting:
    return Drafting(Head(number - 1, NOTHING_BEFORE), Stamp("O01", "2020-11-12T09:00:00+08:00"))


def directives(number: int, text: str) -> list[data.Directive]:
    kind = "reversed" if '"reversed"' in text else "workload"
    return read_back(text.encode("utf-8"), Path("events") / event_file_name(number, kind))[0]


def event_of(number: int, text: str) -> Event:
    (event,) = read_events(directives(number, text), {})[0]
    return event


def fold_of(texts: list[str]) -> Fold:
    fold = Fold({})
    fold.run([entry for number, text in enumerate(texts) for entry in directives(number, text)])
    return fold
