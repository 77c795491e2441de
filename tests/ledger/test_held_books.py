"""The desk folds events onto the books that it holds, and in any doubt it loads them whole.

Whatever happens to the files, what is held then is what a fresh start finds.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from threading import Thread
from typing import Any

import pytest
from bs4 import BeautifulSoup

from ledger.base.language import in_language_of
from ledger.base.records import replace
from ledger.books import held_books
from ledger.books import snapshot as snapshots
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.held_books import Held
from ledger.books.held_books import brought_to_date
from ledger.books.held_books import load_held
from ledger.books.loading import Loaded
from ledger.books.loading import load_for_browser
from ledger.books.rehearsal import Draft
from ledger.events.event_text import void_event
from ledger.events.read_ledger import ReadLedger
from ledger.events.result_text import release_event
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_STAGE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.services.batches import plan_void
from ledger.services.batches import void
from ledger.services.unit_of_work import Work
from ledger.web import open_books
from ledger.web.fava_ledger import OfficeLedger
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import refusals
from tests.support.forged_events import AWAITED
from tests.support.forged_events import TRANSIT
from tests.support.forged_events import entry
from tests.support.forged_events import forge
from tests.support.forged_events import result
from tests.support.held_books import goes_on_from
from tests.support.held_books import require_as_loaded
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Answer
from tests.support.office import Office

HAND = "journal/hand.beancount"
RULES = "rules.beancount"
PAPER = "journal/合同.pdf"
BATCH = "B2020-001"
ENTRY_OF_NOTHING = '2020-11-12 * "某人" "款"\n  Assets:没有  1.00 CNY\n  Assets:无'


@beginning
def sent(funded: Office) -> Office:
    """Six people are with the bank, and a paper lies beside an entry by hand."""
    (funded.folder / PAPER).write_bytes(b"%PDF")
    funded.hand(f'2020-05-09 document {BANK} "合同.pdf"')
    assert funded.disburse().status == 0
    assert funded.run("batch", "submit", BATCH, "--yes", "--date", "2020-11-11").status == 0
    return funded


def answered(office: Office) -> None:
    """An event of somebody else: the bank has answered for two."""
    assert take_result(office, everyone(PAID, 1, 2)).status == 0


def altered(office: Office, name: str, old: str, new: str) -> None:
    path = office.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_each_event_is_folded_onto_what_is_held(funded: Office) -> None:
    yes = ("--yes", "--date", "2020-11-25")
    batch, reason = "B2020-002", ("--reason", "错")
    some = {**everyone(PAID, 1, 2), **everyone(CLOSED, 3), **everyone(PENDING, 4)}
    story: list[Callable[[], Answer]] = [
        lambda: funded.disburse(),
        lambda: funded.run("batch", "void", BATCH, *yes),
        lambda: funded.disburse(on="2020-11-26"),
        lambda: funded.run("batch", "submit", batch, "--yes", "--date", "2020-11-27"),
        lambda: take_result(funded, some, batch=batch, on="2020-11-28"),
        lambda: take_result(funded, everyone(PAID, 5, 6), batch=batch, on="2020-11-29"),
        lambda: funded.run("payees", "cancel", "P000003", *reason, "--yes"),
        lambda: funded.run("reverse", str(len(funded.events()) - 1), *reason, "--yes"),
        lambda: funded.run("month", "close", "2020-05", "--yes"),
    ]
    held = load_held(funded.folder)
    for step in story:
        answer = step()
        assert answer.status == 0, answer.err
        before, held = held, brought_to_date(held, funded.folder)
        assert goes_on_from(held, before)
        require_as_loaded(held, funded.folder)


def newest(office: Office) -> str:
    return f"events/{office.events()[-1].name}"


def in_the_first_event(office: Office) -> None:
    altered(office, f"events/{office.events()[0].name}", "经办", "审批")


def in_the_newest_event(office: Office) -> None:
    altered(office, newest(office), ".00 CNY", ".01 CNY")


def without_a_look(office: Office) -> None:
    """As long as before, and with the times that it had."""
    path = office.events()[1]
    look = path.stat()
    altered(office, f"events/{path.name}", ".00 CNY", ".01 CNY")
    os.utime(path, ns=(look.st_atime_ns, look.st_mtime_ns))


def rules_altered(office: Office) -> None:
    office.rule('2020-01-01 custom "census-budget" ' + TRAINING + ' 1.00 CNY "supplement"')


def by_hand(office: Office) -> None:
    office.hand(f'2020-11-12 * "某店" "货款"\n  {TRAINING}  66.00 CNY\n  {BANK}')


def without_the_head(office: Office) -> None:
    (office.folder / "HEAD").unlink()


def with_another_head(office: Office) -> None:
    (office.folder / "HEAD").write_text(f"0 {'0' * 64}\n", encoding="ascii")


def without_the_newest(office: Office) -> None:
    office.events()[-1].unlink()


def without_an_earlier(office: Office) -> None:
    office.events()[-2].unlink()


def with_a_copy(office: Office) -> None:
    path = office.events()[-1]
    path.with_name(path.name.replace(".", "-copy.")).write_bytes(path.read_bytes())


def with_a_link(office: Office) -> None:
    path = office.events()[-1]
    path.rename(path.parent.parent.parent / path.name)
    path.symlink_to(path.parent.parent.parent / path.name)


def without_the_paper(office: Office) -> None:
    (office.folder / PAPER).unlink()


def with_a_link_to_the_paper(office: Office) -> None:
    path = office.folder / PAPER
    path.rename(office.folder.parent / path.name)
    path.symlink_to(office.folder.parent / path.name)


def without_the_plugin(office: Office) -> None:
    altered(office, "main.beancount", 'plugin "ledger.plugin"', "")


def with_events_first(office: Office) -> None:
    altered(office, "main.beancount", 'include "events/*.beancount"\n', "")
    altered(office, "main.beancount", 'include "acc', 'include "events/*.beancount"\ninclude "acc')


def with_another_programme(office: Office) -> None:
    altered(office, "programme.toml", "普查员", "调查员")


def with_other_settings(office: Office) -> None:
    altered(office, "census-ledger.toml", "[unit]", "# 别的\n[unit]")


def with_an_account_in_it(office: Office) -> None:
    forge(office, "accepted", "", "2020-11-12 open Assets:1009别的", batch="")


def with_two_headers(office: Office) -> None:
    forge(office, "submitted", "", f'2020-11-12 custom "census-event" 9 "submitted" "{BATCH}"')


def with_an_option_in_it(office: Office) -> None:
    forge(office, "accepted", "", 'option "title" "别的"', batch="")


def with_a_debit_that_is_none(office: Office) -> None:
    forge(office, "submitted", "", ENTRY_OF_NOTHING)


def for_nobody(office: Office) -> None:
    """Signed and chained, and against the rules."""
    strange = entry(AWAITED, TRANSIT, payees="P000009")
    result(office, strange, people=1, yuan="800.00", outcome="paid 1 returned 0 unknown 0")


def unbalanced(office: Office) -> None:
    strange = entry(AWAITED, TRANSIT).replace("-800.00", "-799.00")
    result(office, strange, people=1, yuan="800.00", outcome="paid 1 returned 0 unknown 0")


def signed_by_nobody(office: Office) -> None:
    forge(office, "submitted")
    altered(office, newest(office), 'signature: "', 'signature: "0123')


TAMPERED = (
    in_the_first_event, in_the_newest_event, without_a_look, rules_altered, by_hand,
    without_the_head, with_another_head, without_the_newest, without_an_earlier, with_a_copy,
    with_a_link, without_the_paper, with_a_link_to_the_paper, without_the_plugin,
    with_events_first, with_another_programme, with_an_account_in_it, with_two_headers,
    with_an_option_in_it, with_a_debit_that_is_none, for_nobody, unbalanced, signed_by_nobody,
)  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_in_any_doubt_the_books_are_loaded_whole(
    sent: Office, tamper: Callable[[Office], None]
) -> None:
    """Before an event of somebody else, and after it; and what was put back is what it was."""
    sound = load_held(sent.folder)
    answered(sent)
    files = {path: path.read_bytes() for path in contents(sent)}
    tamper(sent)
    held = brought_to_date(sound, sent.folder)
    assert not goes_on_from(held, sound)
    require_as_loaded(held, sent.folder)
    again = brought_to_date(held, sent.folder)
    require_as_loaded(again, sent.folder)
    for path in set(contents(sent)) - files.keys():
        path.unlink()
    for path, content in files.items():
        path.unlink(missing_ok=True)
        path.write_bytes(content)
    require_as_loaded(brought_to_date(again, sent.folder), sent.folder)
    require_as_loaded(brought_to_date(sound, sent.folder), sent.folder)


def contents(office: Office) -> list[Path]:
    """The files of the books that are plain text."""
    kinds = ("*.beancount", "*.toml", "HEAD", "*.pdf")
    return [path for kind in kinds for path in office.folder.rglob(kind)]


def test_events_that_are_included_before_other_files_are_not_folded(sent: Office) -> None:
    with_events_first(sent)
    held = load_held(sent.folder)
    answered(sent)
    after = brought_to_date(held, sent.folder)
    assert not goes_on_from(after, held)
    require_as_loaded(after, sent.folder)


def test_settings_are_none_of_what_was_loaded(sent: Office) -> None:
    held = load_held(sent.folder)
    with_other_settings(sent)
    after = brought_to_date(held, sent.folder)
    assert after.loaded is held.loaded
    require_as_loaded(after, sent.folder)


def test_an_event_before_its_head_is_folded_and_the_head_then(sent: Office) -> None:
    """A command was killed between the two, and the next one moves HEAD."""
    held, head = load_held(sent.folder), (sent.folder / "HEAD").read_bytes()
    answered(sent)
    late = (sent.folder / "HEAD").read_bytes()
    (sent.folder / "HEAD").write_bytes(head)
    before = brought_to_date(held, sent.folder)
    assert goes_on_from(before, held)
    require_as_loaded(before, sent.folder)
    (sent.folder / "HEAD").write_bytes(late)
    after = brought_to_date(before, sent.folder)
    assert after.loaded is before.loaded
    require_as_loaded(after, sent.folder)


def test_what_was_changed_while_it_was_read_is_read_again(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[Callable[[Office], None]] = [by_hand, rules_altered]

    def changing(main: Path) -> Loaded:
        loaded = load_for_browser(main)
        if changes:
            changes.pop()(sent)
        return loaded

    monkeypatch.setattr(held_books, "load_for_browser", changing)
    held = load_held(sent.folder)
    assert held.files == {}
    after = brought_to_date(held, sent.folder)
    assert not goes_on_from(after, held)
    require_as_loaded(after, sent.folder)


def test_facts_stay_with_what_is_folded(sent: Office) -> None:
    """The bank has debited more than there was: that is said, and keeps nothing from being held."""
    income = "Income:4001财政拨款收入:01本级财政"
    sent.hand(f'2020-11-12 * "财政局" "收回"\n  {income}  1216000.00 CNY\n  {BANK}')
    held = load_held(sent.folder)
    assert {error.code for error in held.loaded.errors} & {"fund_exceeded", "bank_below_zero"}
    answered(sent)
    after = brought_to_date(held, sent.folder)
    assert goes_on_from(after, held)
    require_as_loaded(after, sent.folder)


def prepared_and_held(office: Office) -> tuple[Held, Books]:
    """What is held of an office with a batch, and the same for a command."""
    assert office.disburse().status == 0
    held = load_held(office.folder)
    loaded = held.loaded
    return held, replace(office.books(), ledger=loaded.ledger, errors=loaded.errors)


def taken_back(work: Work, on: str = "2020-11-12") -> Books:
    """A command takes the batch back, and these are the books that it gives."""
    void(work, plan_void(work, BatchId(BATCH), datetime.date.fromisoformat(on)))
    return work.books


def test_what_a_command_of_ours_has_gone_on_to_is_what_is_held(funded: Office) -> None:
    held, books = prepared_and_held(funded)
    with funded.work(held=lambda: books) as work:
        written = taken_back(work)
    after = brought_to_date(held, funded.folder, written)
    assert after.loaded.ledger is written.ledger
    require_as_loaded(after, funded.folder)


def with_less(work: Work, books: Books) -> Books:
    """As if an entry had been left out."""
    written = taken_back(work)
    entries = [entry for entry in written.entries if entry is not books.entries[0]]
    return replace(written, ledger=ReadLedger(entries, folded=written.fold))


def with_more(work: Work, _books: Books) -> Books:
    """Another event was tried after that which was written."""
    after = taken_back(work)
    text = release_event(work.today, work.writer.drafting, NO_STAGE, [PayeeId("P000001")], "核实")
    return work.writer.rehearse(after, Draft("released", NO_BATCH, text.encode("utf-8")))


def of_another_day(work: Work, books: Books) -> Books:
    """An event of the same name was tried before that which was written."""
    prepared = books.history.events[-1]
    payment, drafting = books.programme.payment, work.writer.drafting
    text = void_event(datetime.date(2020, 11, 13), drafting, prepared, payment=payment)
    tried = work.writer.rehearse(books, Draft("void", BatchId(BATCH), text.encode("utf-8")))
    taken_back(work)
    return tried


def of_other_books(work: Work, books: Books) -> Books:
    """They were loaded once more, and say the same."""
    written = taken_back(work)
    return replace(load_books(written.folder), errors=written.errors)


@pytest.mark.parametrize("given", [with_less, with_more, of_another_day, of_other_books])
def test_what_is_not_what_was_written_is_read(
    funded: Office, given: Callable[[Work, Books], Books]
) -> None:
    held, books = prepared_and_held(funded)
    with funded.work(held=lambda: books) as work:
        written = given(work, books)
    after = brought_to_date(held, funded.folder, written)
    assert goes_on_from(after, held)
    assert after.loaded.ledger is not written.ledger
    require_as_loaded(after, funded.folder)


# The desk.


@contextmanager
def nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever loads books whole inside, fails."""

    def fail(*_arguments: object) -> None:
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr(held_books, "load_for_browser", fail)
        patched.setattr(snapshots, "load_with_texts", fail)
        patched.setattr(snapshots, "load_books", fail)
        yield


PAGES = ("/", "/disbursement", f"/disbursement/{BATCH}", "/people", "/people/list.json", "/budget",
         "/bank", "/reports", "/settings/operators")  # fmt: skip
OF_FAVA = ("income_statement", "balance_sheet", "trial_balance", "journal_page?page=1", "errors")


def said(pages: DeskPages) -> dict[str, Any]:
    """All that stands on the pages, of the desk and of Fava."""
    found: dict[str, Any] = {}
    for path in PAGES:
        page = BeautifulSoup(pages.page(path), "html.parser")
        found[path] = " ".join((page.main or page).get_text(" ").split())
    for name in OF_FAVA:
        answer: Any = pages.get(f"api/{name}").json
        found[name] = answer["data"]
    return found


def require_as_started_anew(pages: DeskPages, office: Office) -> None:
    assert said(pages) == said(DeskPages(office).log_in())
    books = pages.ledgers.books
    with in_language_of(lambda: books.names_english):
        require_as_loaded(books.held, office.folder)


def test_after_an_event_of_its_own_the_desk_loads_nothing(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert funded.disburse().status == 0
    pages = DeskPages(funded).log_in()
    other = pages.another_browser().log_in()
    assert "可以交银行" in pages.page("/")
    shown = pages.ledger
    with nothing_loaded(monkeypatch):
        assert pages.send(f"/disbursement/{BATCH}", "submit", on="2020-11-12").status_code == 303
        assert "已提交" in pages.page(f"/disbursement/{BATCH}")
        assert "已提交" in other.page(f"/disbursement/{BATCH}")
        assert pages.ledger.mtime > shown.mtime
    require_as_started_anew(pages, funded)


def test_an_event_of_somebody_else_is_folded(sent: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Fava has begun to show stays as it was, and what it is asked for next is new."""
    pages = DeskPages(sent).log_in()
    shown = pages.ledger
    before = list(shown.all_entries)
    take_result(sent, everyone(PAID, 1, 2))
    with nothing_loaded(monkeypatch):
        assert "已支付 2" in pages.page(f"/disbursement/{BATCH}")
        assert len(pages.ledger.all_entries) > len(before)
    assert shown.all_entries == before
    require_as_started_anew(pages, sent)


def test_nobody_writes_by_books_that_are_not_sound(funded: Office) -> None:
    """What is wrong is said on both faces, until it is put right."""
    assert funded.disburse().status == 0
    pages = DeskPages(funded).log_in()
    batch, day = f"/disbursement/{BATCH}", "2020-11-12"
    events = funded.events()
    for tamper in (without_the_plugin, without_a_look, with_another_programme):
        files = {path: path.read_bytes() for path in contents(funded)}
        tamper(funded)
        answer = pages.send(batch, "submit", on=day)
        assert (answer.status_code, len(refusals(answer))) == (422, 1)
        require_as_started_anew(pages, funded)
        for path, content in files.items():
            path.write_bytes(content)
    require_as_started_anew(pages, funded)
    assert funded.events() == events
    assert pages.send(batch, "submit", on=day).status_code == 303


def test_whoever_writes_does_not_go_by_how_files_look(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert funded.disburse().status == 0
    pages = DeskPages(funded).log_in()
    fields = pages.fields(f"/disbursement/{BATCH}", "submit")
    monkeypatch.setattr(open_books, "_look", lambda _path: None)
    assert pages.page("/")
    funded.hand(ENTRY_OF_NOTHING)
    answer = pages.post(fields.pop("action"), **{**fields, "on": "2020-11-12"})
    assert (answer.status_code, len(refusals(answer))) == (422, 1)
    assert len(funded.events()) == 2


def test_a_page_of_fava_is_of_one_state_of_the_books(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the ledger that is being made, and begins with no older one."""
    pages = DeskPages(sent).log_in()
    assert pages.page("/")
    old, made = pages.ledger, Event()
    show = OfficeLedger._show

    def slowly(ledger: OfficeLedger, known: Any) -> None:
        made.wait(10)
        show(ledger, known)

    monkeypatch.setattr(OfficeLedger, "_show", slowly)
    answered(sent)
    assert "已支付 2" in pages.page(f"/disbursement/{BATCH}")
    found: list[Any] = []
    asked = Thread(target=lambda: found.append(pages.ledger))
    asked.start()
    assert "已支付 2" in pages.page(f"/disbursement/{BATCH}")
    assert not found
    made.set()
    asked.join()
    assert len(found[0].all_entries) > len(old.all_entries)
    assert pages.ledger is found[0]
