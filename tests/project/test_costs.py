"""What the work costs, in counts that are the same on every machine: nothing here is timed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from beancount.core import data
from beancount.parser import grammar
from reportlab.pdfbase.ttfonts import TTFont

from ledger.base.books_folder import LOCK_FILE
from ledger.base.workbooks import workbook_file
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import load_profile
from ledger.events.fold import Fold
from ledger.events.fold import read_fold
from ledger.model.rules import Rules
from ledger.registry import registry_file
from reports.payout.sheet import write_payout_sheet
from reports.pdf import qr_seal
from reports.pdf.fonts import text_width
from tests.support.made_up_payments import payments
from tests.support.made_up_payments import payout_sheet
from tests.support.office import Office
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.snapshots import keep

TOWNS = ("370481001", "370481101")


def crowded(office: Office, people: int) -> Office:
    """An office with money for so many people in each of two towns, who are registered."""
    office.receive(2 * people * 800)
    for town in TOWNS:
        office.register(people, town=town)
    return office


class Parsed:
    """Every transaction that Beancount's parser makes of a text, by the file it stands in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: Counter[str] = Counter()
        self.transactions = 0
        # Whoever parses a text, as a file or not, asks a builder for what it holds.
        monkeypatch.setattr(grammar.Builder, "finalize", self.watched(grammar.Builder.finalize))

    def forget(self) -> None:
        """What comes from now on is counted from nothing."""
        self.texts.clear()
        self.transactions = 0

    def watched(self, finalize: Callable[..., Any]) -> Callable[..., Any]:
        def finalized(builder: Any) -> Any:
            entries, errors, read = finalize(builder)
            self.texts.update({Path(entry.meta["filename"]).name for entry in entries})
            self.transactions += sum(isinstance(entry, data.Transaction) for entry in entries)
            return entries, errors, read

        return finalized


def test_every_entry_is_parsed_once_a_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded(office, 10)
    parsed = Parsed(monkeypatch)
    assert office.disburse().status == 0
    # What was there is loaded; what is written is read back as Beancount will, before it is in.
    assert parsed.transactions == 1 + 20, parsed.texts
    assert set(parsed.texts.values()) == {1}
    # What writes keeps what it has come to for the next; nobody has kept anything for a check.
    for command, transactions in (
        (["check"], 1 + 20),
        (["status"], 0),
        (["batch", "list"], 0),
        (["payees", "list"], 0),
        (["report", "month", "2020-11"], 0),
        (["check"], 1 + 20),
    ):
        parsed.forget()
        assert office.run(*command).status == 0
        assert parsed.transactions == transactions, command
        assert set(parsed.texts.values()) == ({1} if transactions else set())


def test_the_events_are_folded_once_a_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin's reading is the command's; it goes on with what is about to be written."""
    crowded(office, 2)
    folded: list[int] = []

    def watched(entries: Sequence[data.Directive], rules: Rules) -> Fold:
        folded.append(len(entries))
        return read_fold(entries, rules)

    monkeypatch.setattr("ledger.events.read_ledger.read_fold", watched)
    assert office.disburse().status == 0
    written = len(folded)
    assert office.run("check").status == 0
    assert (written, len(folded) - written) == (1, 1)


def test_a_bank_profile_is_read_once_a_batch(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the files are written by is what the people were chosen by, and what is recorded."""
    crowded(office, 2)
    read: Counter[str] = Counter()

    def watched(name: str, folder: Path | None = None) -> BankProfile:
        read[name] += 1
        return load_profile(name, folder)

    for module in [name for name in sys.modules if name.startswith(("ledger.", "reports."))]:
        if vars(sys.modules[module]).get("load_profile") is load_profile:
            monkeypatch.setattr(f"{module}.load_profile", watched)
    assert office.disburse().status == 0
    assert sorted(read.values()) == [1, 1]


class Statements:
    """SQL statements by their text, whichever entry of the log they write; ``executemany`` is one,
    however many rows it has.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count: Counter[str] = Counter()
        connect = registry_file._connect
        watched = "ledger.registry.registry_file._connect"
        monkeypatch.setattr(watched, lambda *words: Watched(connect(*words), self))

    def taken(self) -> Counter[str]:
        """Those since the last time."""
        taken, self.count = self.count, Counter()
        return taken


class Watched:
    """A connection that counts."""

    def __init__(self, connection: Any, statements: Statements) -> None:
        self.connection = connection
        self.statements = statements

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.connection, name)
        if name not in ("execute", "executemany"):
            return method

        def counted(query: str, *values: Any) -> Any:
            self.statements.count[re.sub(r"values \(\d+,", "values (?,", query)] += 1
            return method(query, *values)

        return counted


def test_statements_of_sql_do_not_grow_with_the_people(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A roster of four people and one of forty, and then all of them paid and checked."""
    asked = []
    statements = Statements(monkeypatch)
    for first, last in ((1, 5), (5, 45)):
        path = tmp_path / f"荆河街道{last}.xlsx"
        path.write_bytes(roster(*(person(number) for number in range(first, last))))
        assert office.run("import", path, "--date", "2020-10-16").status == 0
        asked.append(statements.taken())
    assert asked[0] == asked[1]
    office.receive(44 * 800)
    assert office.disburse().json["payees"] == 44
    assert max(statements.taken().values()) <= 3
    assert office.check() == []
    # Of a batch: its rows, for what was sent and by which numbers, its manifest and settings.
    assert max(statements.taken().values()) <= 4


def measured(people: int, folder: Path) -> int:
    """How many texts are measured for a sheet of so many people."""
    text_width.cache_clear()
    for remembered in ("fitted", "figure"):
        getattr(sys.modules["reports.pdf.text_fitting"], remembered).cache_clear()
    write_payout_sheet(folder / "sheet.pdf", payout_sheet(payments(people)))
    return text_width.cache_info().misses


def test_a_text_is_measured_once(tmp_path: Path) -> None:
    """Of a row: its number, the name, the identity number and the account. No other is new.

    Five pages of a hundred rows have a number each.
    """
    assert measured(300, tmp_path) - measured(200, tmp_path) == 4 * 100 + 5


def test_a_character_is_encoded_once_a_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: Counter[tuple[str, str]] = Counter()
    split = TTFont.splitString

    def counted(font: TTFont, text: str, document: Any, *rest: Any) -> Any:
        encoded[font.fontName, text] += 1
        return split(font, text, document, *rest)

    monkeypatch.setattr(TTFont, "splitString", counted)
    write_payout_sheet(tmp_path / "sheet.pdf", payout_sheet(payments(100)))
    drawn = {key: count for key, count in encoded.items() if len(key[1]) == 1}
    assert drawn.keys() == encoded.keys()
    assert set(drawn.values()) == {1}


def test_a_qr_code_is_encoded_once_a_sheet_for_paper_and_workbook(office: Office) -> None:
    crowded(office, 2)
    qr_seal._dark_runs.cache_clear()
    assert office.disburse().status == 0
    # Two towns and the summary.
    assert qr_seal._dark_runs.cache_info().misses == 3


def batch_bytes(office: Office, people: int) -> dict[str, int]:
    """What a batch of so many people in each of two towns takes on the disk, by kind."""
    crowded(office, people)
    made = office.disburse().json
    sizes: Counter[str] = Counter()
    for file in made["files"]:
        sizes[file["kind"]] += (office.folder / file["path"]).stat().st_size
    sizes["event"] = office.events()[-1].stat().st_size
    return sizes


def test_bytes_a_person(office: Office) -> None:
    """Generous by half: what grows twice as large has lost what makes it small."""
    few = batch_bytes(office, 20)
    many = batch_bytes(office, 100)
    a_person = {kind: (many[kind] - few[kind]) / 160 for kind in few}
    most = {"event": 600, "payout_sheet": 400, "workbook": 120, "bank_file": 60}
    assert {kind: a_person[kind] <= bytes_ for kind, bytes_ in most.items()} == dict.fromkeys(
        most, True
    ), a_person
    assert many["summary_sheet"] - few["summary_sheet"] < 1000


@pytest.mark.parametrize(
    ("command", "not_needed"),
    [
        (["check"], {"pandas", "numpy", "reportlab", "xlsxwriter", "fava", "filelock"}),
        (
            ["status", "--json"],
            {"pandas", "numpy", "reportlab", "xlsxwriter", "fava", "filelock", "beancount.core"},
        ),
        (
            ["report", "month", "2020-11"],
            {"pandas", "numpy", "xlsxwriter", "fava", "beancount.core"},
        ),
        (
            ["import", "荆河街道.xlsx"],
            {"pandas", "numpy", "reportlab", "fava", "filelock", "beancount.core"},
        ),
    ],
)
def test_a_command_loads_what_it_uses(
    office: Office, tmp_path: Path, command: list[str], not_needed: set[str]
) -> None:
    (tmp_path / "荆河街道.xlsx").write_bytes(roster(person(1)))
    office.receive(1000)
    keep(office)  # As whoever has written last.
    (office.folder / LOCK_FILE).touch()  # As an earlier command has left it.
    words = ["-C", str(office.folder), "--key", str(office.key), *command]
    code = (
        "import sys\n"
        "from ledger.cli import execute\n"
        f"status = execute({words!r})\n"
        f"print(status, sorted({not_needed!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert done.stderr.strip().splitlines()[-1] == "0 []"


def test_a_command_runs_with_the_collector_off() -> None:
    code = (
        "import gc, sys\n"
        "from ledger import cli\n"
        "cli.execute = lambda arguments: print(gc.isenabled()) or 0\n"
        "sys.argv = ['census-ledger', 'status']\n"
        "cli.run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == "False"


def test_a_workbooks_cells_are_let_go(tmp_path: Path) -> None:
    """Workbook and sheets hold each other, and with the collector off nobody would free them."""
    with workbook_file(tmp_path / "made.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_string(0, 0, "王建国")
    assert not vars(sheet)
    assert not vars(workbook)
