"""``check``: ledger, registry and payout files agree, or the one that does not is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.model.ids import BatchId
from tests.support.acting import stamped
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.forged_events import exchange_rows
from tests.support.office import Office


@beginning
def paid(funded: Office) -> Office:
    funded.disburse()
    return funded


def payouts(office: Office) -> Path:
    return office.folder / "payouts" / "B2020-001"


def test_a_sound_set_of_books_says_so(paid: Office) -> None:
    answer = paid.run("check")
    assert answer.status == 0
    assert "1 batches" in answer.out or "1 batch" in answer.out


def test_a_bank_file_in_which_one_byte_was_changed(paid: Office) -> None:
    path = payouts(paid) / "B2020-001-本行-1.xlsx"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    answer = paid.run("check")
    assert answer.status == 1
    assert "payouts/B2020-001/B2020-001-本行-1.xlsx" in answer.out
    assert "do not send it" in answer.out
    assert paid.run("check", "--no-artefacts").status == 0


def test_a_file_or_the_manifest_that_is_missing(paid: Office) -> None:
    (payouts(paid) / "B2020-001-发放表.xlsx").unlink()
    (error,) = paid.check()
    assert (error["code"], error["file"]) == (
        "artefacts", "payouts/B2020-001/B2020-001-发放表.xlsx",
    )  # fmt: skip
    (payouts(paid) / "manifest.json").unlink()
    (error,) = paid.check()
    assert error["file"] == "payouts/B2020-001/manifest.json"


def test_a_manifest_that_was_changed(paid: Office) -> None:
    path = payouts(paid) / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    (error,) = paid.check()
    assert "not that of the batch" in error["message"]


def test_rows_that_the_registry_has_lost_or_changed(paid: Office) -> None:
    registry = paid.registry()
    batch = paid.books().history.batches[BatchId("B2020-001")]
    frozen = registry.frozen(batch.rows)
    assert frozen is not None
    with registry.transaction(stamped()):
        changed = frozen.replace(b"80000", b"80001", 1)
        exchange_rows(registry, batch.rows, changed)
    (error,) = paid.check()
    assert (error["code"], error["file"], error["line"]) == (
        "rows", "events/000001-prepared-B2020-001.beancount", 1,
    )  # fmt: skip
    with registry.transaction(stamped()):
        registry.file.execute("delete from frozen_rows where sha256 = ?", (batch.rows,))
    registry.close()
    (error,) = paid.check()
    assert "does not hold the rows" in error["message"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("800.00", "700.00", "the entry of P000002 says 700.00; 800.00 was sent"),
        ("孙一甲", "孙一申", "the entry of P000002 says 孙一申; 孙一甲 was sent"),
        ("普查员", "普查指导员", "the entry of P000002 says 普查指导员; 普查员 was sent"),
        ("P000002", "P000009", "P000009 孙一甲 was not sent in this batch"),
    ],
)
def test_an_entry_that_was_changed_is_named_at_its_line(
    paid: Office, old: str, new: str, said: str
) -> None:
    """First of all that the event was changed, and then what in it, by the rows in the registry."""
    text, start, end = entry_of(paid, "P000002")
    entry = text[start:end]
    assert old in entry
    rewrite(paid, text[:start] + entry.replace(old, new) + text[end:])
    errors = paid.check()
    assert "this event was changed after it was written" in errors[0]["message"]
    (found,) = (error for error in errors if error["code"] == "rows" and error["line"] != 1)
    assert found["message"] == said
    assert found["file"] == "events/000001-prepared-B2020-001.beancount"
    assert found["line"] == text[:start].count("\n") + 1


def test_whose_entry_is_missing_is_named(paid: Office) -> None:
    text, start, end = entry_of(paid, "P000002")
    rewrite(paid, text[:start] + text[end:])
    (found,) = (error for error in paid.check() if error["code"] == "rows")
    assert found["message"] == "P000002 孙一甲 was sent 800.00, and the entry is missing"
    assert found["line"] == 1


def entry_of(office: Office, payee: str) -> tuple[str, int, int]:
    """The text of the batch's event, and where in it the entry of a person begins and ends."""
    text = office.events()[1].read_text(encoding="utf-8")
    start = text.rindex("\n\n", 0, text.index(f"^{payee}")) + 2
    return text, start, text.index("\n\n", start) + 2


def rewrite(office: Office, text: str) -> None:
    office.events()[1].write_text(text, encoding="utf-8", newline="\n")


def test_a_result_whose_file_the_registry_does_not_have(paid: Office) -> None:
    """Somebody has taken the evidence out of the registry."""
    assert take_result(paid, everyone(PAID, 1, 2)).status == 0
    assert paid.check() == []
    with paid.recording() as registry:
        registry.file.execute("delete from originals where kind = 'result'")
    (error,) = paid.check()
    assert (error["code"], error["file"]) == (
        "original", "events/000002-result-B2020-001.beancount",
    )  # fmt: skip
