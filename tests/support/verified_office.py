"""An office with two batches on paper, told once, and what can be done to its papers."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from collections.abc import Sequence
from contextlib import redirect_stderr
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from typing import cast

import openpyxl
import pypdf
import pytest

from ledger.base.records import replace
from ledger.books.provenance import fingerprint_of_books
from ledger.cli import execute
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.payees import Payee
from ledger.registry.frozen_rows import rows_of_batch
from reports.documents import PAYOUT_SHEET
from reports.payout.headings import batch_heading
from reports.payout.headings import town_heading
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet import write_payout_sheet
from reports.payout.sheet_columns import SheetColumns
from tests.support.acting import new_books
from tests.support.made_up_payments import LONG_BANK
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import LONG_VILLAGE
from tests.support.made_up_payments import RARE_NAMES
from tests.support.office import Answer
from tests.support.office import Office

UNUSED = cast("pytest.CaptureFixture[str]", None)

FIRST, SECOND = BatchId("B2020-001"), BatchId("B2020-002")
TOWN, OTHER_TOWN = TownCode("370481001"), TownCode("370481101")
PEOPLE_OF_TOWN = 45
SHEET = f"{FIRST}-发放表-{TOWN}荆河街道.pdf"
OTHER_SHEET = f"{FIRST}-发放表-{OTHER_TOWN}洪绪镇.pdf"
SECOND_SHEET = f"{SECOND}-发放表-{TOWN}荆河街道.pdf"
SUMMARY = f"{FIRST}-发放汇总表.pdf"
WORKBOOK = f"{FIRST}-发放表.xlsx"
OWN_FILE = f"{FIRST}-本行-1.xlsx"
OTHER_FILE = f"{FIRST}-他行-1.csv"


class QuietOffice(Office):
    """An office that needs no fixture of a single test to hear what its command says."""

    def once(self, *arguments: str | Path) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = execute(["-C", str(self.folder), "--key", str(self.key), *map(str, arguments)])
        return Answer(status, out.getvalue(), err.getvalue())


def tell(folder: Path) -> Office:
    """Two towns in the first batch, one of them on three pages; one of them again in the second."""
    office = QuietOffice(folder / "books", folder / "registry.key", UNUSED)
    new_books(office.folder, office.key)
    office.receive(1_220_000)
    office.register(PEOPLE_OF_TOWN, town=TOWN, change=_unusual)
    office.register(5, town=OTHER_TOWN)
    assert office.disburse(on="2020-11-10").status == 0
    office.register(25, town=TOWN)
    assert office.disburse(on="2020-11-20").status == 0
    return office


def _unusual(payee: Payee) -> Payee:
    """Every fifth with another bank; names that are long or rare."""
    number = int(payee.account[6:15])
    if number % 5 == 0:
        payee = replace(payee, bank="中国邮政储蓄银行滕州市支行")
    if number <= len(RARE_NAMES):
        return replace(payee, legal_name=RARE_NAMES[number - 1], bank_name=f"罕{number}")
    if number in (7, 30):
        return replace(payee, legal_name=LONG_NAME, bank_name=LONG_NAME[:9], bank=LONG_BANK)
    return replace(payee, area_name=LONG_VILLAGE) if number in (8, 21) else payee


def paper(office: Office, name: str) -> Path:
    """A file of a batch where the office keeps it."""
    return office.folder / "payouts" / name[:9] / name


def verify(office: Office, subject: str | Path) -> dict[str, Any]:
    """The answer in JSON, whose verdict is the exit status too."""
    answer = office.run("verify", "--json", subject)
    said: dict[str, Any] = answer.json
    assert said.keys() >= {"ok", "batch", "seal", "differences"}
    assert answer.status == (0 if said["ok"] else 1)
    assert "Traceback" not in answer.err
    return said


def shown(office: Office, subject: str | Path) -> Answer:
    return office.run("verify", subject)


def rows_of(office: Office, batch: str, town: str = "") -> list[Instruction]:
    """What was sent in a batch, or to one town of it."""
    with office.registry() as registry:
        rows = rows_of_batch(registry, office.books().history.batches[BatchId(batch)])
    return [row for row in rows if town in ("", row.town)]


def sheet_with(office: Office, path: Path, rows: Sequence[Instruction], **fields: Any) -> Path:
    """The town's sheet of the first batch, printed by the same program with other rows."""
    books = office.books()
    batch = books.history.batches[FIRST]
    mask = fields.pop("mask_identities", True)
    boxes = fields.pop("boxes", books.programme.documents.boxes)
    name = fields.pop("town_name", "荆河街道")
    blank = batch_heading(
        books.settings.unit, books.programme.documents, fingerprint_of_books(books), PAYOUT_SHEET,
        batch=batch.id, on=batch.date, seal=batch.seal,
    )  # fmt: skip
    heading = replace(town_heading(blank, TOWN, name), **fields)
    columns = SheetColumns.of(books.programme.words.area, rows)
    sheet = PayoutSheet(heading, name, rows, columns)
    write_payout_sheet(path, sheet, boxes=boxes, mask_identities=mask)
    return path


def pages_of(*parts: tuple[Path, Sequence[int]], into: Path) -> Path:
    """A PDF of these pages, counted from 1, of these files."""
    writer = pypdf.PdfWriter()
    for path, numbers in parts:
        pages = pypdf.PdfReader(path).pages
        for number in numbers:
            writer.add_page(pages[number - 1])
    writer.write(into)
    return into


def workbook_with(source: Path, into: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """A workbook opened by another program, changed and saved."""
    workbook = openpyxl.load_workbook(source)
    change(workbook)
    workbook.save(into)
    return into


def text_with(source: Path, into: Path, change: Callable[[list[str]], None]) -> Path:
    """A CSV file with its lines changed."""
    lines = source.read_bytes().decode("gb18030").split("\r\n")
    change(lines)
    into.write_bytes("\r\n".join(lines).encode("gb18030"))
    return into


def other_digit(number: str, place: int) -> str:
    """The number with another digit in its ``place``, counted from 1."""
    digit = str((int(number[place - 1]) + 1) % 10)
    return number[: place - 1] + digit + number[place:]


def manifest_of(office: Office, batch: str = FIRST) -> dict[str, Any]:
    path = office.folder / "payouts" / batch / "manifest.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
