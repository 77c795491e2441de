"""Payout sheets that a second process draws: the same bytes, and nobody waits for it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from reports.payout import sheets_beside
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet import write_payout_sheet
from reports.payout.sheets_beside import SheetsBeside
from reports.pdf.fonts import MissingGlyphs
from tests.support.made_up_payments import payment
from tests.support.made_up_payments import payments
from tests.support.made_up_payments import payout_sheet

BOXES = ("经办", "负责人")
SHEETS = [
    payout_sheet(payments(45), town_name="北辛街道"),
    payout_sheet([payment(1, quantity="12.5", rate_fen=800, tax_fen=100)], town_name="羊庄镇"),
    payout_sheet(payments(3), town_name="木石镇"),
]


def here(sheet: PayoutSheet, *, mask_identities: bool = True) -> bytes:
    pdf = io.BytesIO()
    write_payout_sheet(pdf, sheet, boxes=BOXES, mask_identities=mask_identities)
    return pdf.getvalue()


@pytest.mark.parametrize("mask", [True, False])
def test_the_other_process_draws_every_sheet_to_the_byte(
    mask: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = SheetsBeside(SHEETS, boxes=BOXES, mask_identities=mask, process=None)
    with sheets_beside.start() as process:
        beside.converse(process)
    expected = [here(sheet, mask_identities=mask) for sheet in SHEETS]
    monkeypatch.setattr(sheets_beside, "write_payout_sheet", never)
    assert [beside.sheet(place) for place in range(len(SHEETS))] == expected


def never(*_given: object, **_named: object) -> None:
    pytest.fail("a sheet was drawn here that the other process has drawn")


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Those that were started, for however few rows."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        started.append(really_start())
        return started[-1]

    really_start = sheets_beside.start
    monkeypatch.setattr(sheets_beside, "start", start)
    monkeypatch.setattr(sheets_beside, "WORTH_A_PROCESS", 1)
    return started


def taken(sheets: Sequence[PayoutSheet]) -> list[bytes]:
    people = sum(len(sheet.rows) for sheet in sheets)
    with sheets_beside.drawing_process(people) as process:
        beside = SheetsBeside(sheets, boxes=BOXES, mask_identities=True, process=process)
        return [beside.sheet(place) for place in reversed(range(len(sheets)))][::-1]


@pytest.mark.parametrize(
    "program",
    [
        sheets_beside.PROGRAM,
        "import sys",
        "import sys; sys.stdin.buffer.read(); print('%PDF' * 9999)",
        "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(bytes([0, 0, 0, 9, 37]))",
        "import time; time.sleep(600)",
    ],
    ids=["", "ends at once", "answers nonsense", "ends in the midst of an answer", "says nothing"],
)
def test_whatever_becomes_of_the_process_every_sheet_is_drawn(
    program: str, monkeypatch: pytest.MonkeyPatch, processes: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(sheets_beside, "PROGRAM", program)
    assert taken(SHEETS) == [here(sheet) for sheet in SHEETS]
    [process] = processes
    assert process.returncode is not None, "nobody is left behind"


def test_a_process_that_cannot_start_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sheets_beside, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    assert taken(SHEETS) == [here(sheet) for sheet in SHEETS]


def test_a_name_that_cannot_be_drawn_is_refused_as_ever(
    processes: list[subprocess.Popen[bytes]],
) -> None:
    with pytest.raises(MissingGlyphs, match="李"):
        taken([*SHEETS, payout_sheet([payment(1, legal_name="李\U000f0000")])])
    [process] = processes
    assert process.returncode is not None


def test_a_few_sheets_need_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_beside, "start", never)
    assert len(taken(SHEETS)) == len(SHEETS)


def test_it_ends_when_nobody_listens() -> None:
    """As it is when this process was killed in the midst of a batch."""
    with sheets_beside.start() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.close()
        assert process.wait() == 0
