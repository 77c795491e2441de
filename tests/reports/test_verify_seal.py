"""``verify`` of a seal typed from paper, of a whole batch, and of what nobody can judge."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pypdf
import pytest
from PIL import Image

from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.seal import grouped_seal
from reports.pdf.qr_seal import qr_picture
from reports.pdf.qr_seal import seal_payload
from reports.verification.seal_words import near_seals
from reports.verification.seal_words import read_batch
from reports.verification.seal_words import read_seal
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.forged_events import exchange_rows
from tests.support.office import Office
from tests.support.verified_office import FIRST
from tests.support.verified_office import OTHER_TOWN
from tests.support.verified_office import OWN_FILE
from tests.support.verified_office import SECOND
from tests.support.verified_office import SHEET
from tests.support.verified_office import SUMMARY
from tests.support.verified_office import TOWN
from tests.support.verified_office import WORKBOOK
from tests.support.verified_office import manifest_of
from tests.support.verified_office import paper
from tests.support.verified_office import rows_of
from tests.support.verified_office import shown
from tests.support.verified_office import tell
from tests.support.verified_office import verify
from tests.support.verified_office import workbook_with

# Of the workbook's sheets: the summary is of all towns.
TOWNS = (NO_TOWN, TOWN, OTHER_TOWN)
KNOWN = (Seal("a1b2c3d4e5f60718"), Seal("0755b356eba7f254"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The seal of its first batch has a digit that looks like a letter; one in eight has none."""
    while True:
        office = tell(tmp_path_factory.mktemp("told"))
        if {"0", "1"} & set(seal_of(office)):
            return office


def seal_of(office: Office, batch: BatchId = FIRST) -> Seal:
    return office.books().history.batches[batch].seal


# --- reading what was typed


@pytest.mark.parametrize(
    "typed",
    [
        "a1b2c3d4e5f60718",
        "a1b2 c3d4 e5f6 0718",
        "A1B2-C3D4-E5F6-0718",
        "ａ１ｂ２　ｃ３ｄ４　ｅ５ｆ６　０７１８",
        " a1 b2c3d4e5f6 071 8 ",
        "校验码：a1b2 c3d4 e5f6 0718",
        "a1b2.c3d4_e5f6—0718",
    ],
)
def test_a_seal_is_read_in_any_grouping(typed: str) -> None:
    seal = read_seal(typed)
    assert seal is not None
    assert seal.digits == "a1b2c3d4e5f60718"
    assert seal.is_whole


def test_the_whole_qr_code_is_read() -> None:
    seal = read_seal("census-ledger:B2020-001:370481001:a1b2c3d4e5f60718")
    assert seal is not None
    assert (seal.batch, seal.town, seal.digits) == (FIRST, TOWN, "a1b2c3d4e5f60718")
    seal = read_seal("census-ledger:B2020-001::a1b2c3d4e5f60718")
    assert seal is not None
    assert (seal.batch, seal.town) == (FIRST, "")


@pytest.mark.parametrize(
    "text",
    [
        "B2020-001",
        "payouts",
        "发放表.pdf",
        "",
        "a1b2",
        "x" * 16,
        "statement",
        "registry",
        "a1b2c3dg",
    ],
)
def test_what_is_no_seal_is_not_read_as_one(text: str) -> None:
    assert read_seal(text) is None


@pytest.mark.parametrize("typed", ["B2020-001", "b2020-001", "Ｂ２０２０－００１", " B2020-001 "])
def test_a_batch_is_read_as_it_is_typed(typed: str) -> None:
    assert read_batch(typed) == FIRST


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("a1b2c3d4e5f6O718", [("o", "0")]),
        ("albzc3d4e5f6o7l8", [("l", "1"), ("z", "2"), ("o", "0")]),
        ("Ａ|Ｂ２ C3D4 E5F6 07I8", [("|", "1"), ("i", "1")]),
        ("census-ledger:B2020-001::a1b2c3d4eSf6o718", [("s", "5"), ("o", "0")]),
    ],
)
def test_what_looks_like_a_digit_is_one(typed: str, read_as: list[tuple[str, str]]) -> None:
    """A seal has no such letter, so nothing else can be meant."""
    seal = read_seal(typed)
    assert seal is not None
    assert (seal.digits, list(seal.read_as)) == ("a1b2c3d4e5f60718", read_as)


@pytest.mark.parametrize("typed", ["a1b2 c3d4", "C3D4-E5F6-0718", "b2c3d4e5f6O"])
def test_two_groups_and_more_are_a_part_of_a_seal(typed: str) -> None:
    seal = read_seal(typed)
    assert seal is not None
    assert seal.is_part
    assert near_seals(seal.digits, KNOWN) == ["a1b2c3d4e5f60718"]
    assert near_seals("00000000", KNOWN) == []


@pytest.mark.parametrize(
    "typed",
    [
        "a1b2c3d4e5f60719",
        "a1b2c3d4e5f6071",
        "a1b2c3d4e5f6007188",
        "a1b2c3d45ef60718",
        "a1b2c3d4e5f6x7u8",
    ],
)
def test_a_slip_is_suggested_and_never_taken_for_the_seal(typed: str) -> None:
    seal = read_seal(typed)
    assert seal is not None
    assert seal.digits not in KNOWN
    assert near_seals(seal.digits, KNOWN) == ["a1b2c3d4e5f60718"]


# --- asking the books


def test_a_seal_answers_with_its_batch(told: Office) -> None:
    seal = seal_of(told)
    said = verify(told, grouped_seal(seal).upper())
    assert (said["ok"], said["batch"], said["seal"]) == (True, FIRST, seal)
    assert (said["date"], said["payees"], said["amount"]) == ("2020-11-10", 50, "40000.00")
    assert [(town["code"], town["payees"]) for town in said["towns"]] == [
        (TOWN, 45),
        (OTHER_TOWN, 5),
    ]
    out = shown(told, seal).out
    assert "荆河街道 45" in out
    assert "payout" in out or "sheets" in out


def test_the_groups_need_no_quotes(told: Office) -> None:
    answer = told.run("verify", "--json", *grouped_seal(seal_of(told)).split())
    assert (answer.status, answer.json["batch"]) == (0, FIRST)


def test_the_seal_on_the_paper_is_the_one_that_is_asked_for(told: Office) -> None:
    """Typed from the foot of a printed page."""
    text = pypdf.PdfReader(paper(told, SHEET)).pages[1].extract_text()
    typed = text.split("校验码：")[1][:19]
    assert verify(told, typed)["batch"] == FIRST


def test_the_code_must_be_of_the_batch_and_town_that_it_names(told: Office) -> None:
    seal = seal_of(told)
    assert verify(told, f"census-ledger:{FIRST}:{TOWN}:{seal}")["ok"]
    wrong_batch = verify(told, f"census-ledger:{SECOND}:{TOWN}:{seal}")
    assert not wrong_batch["ok"]
    assert SECOND in wrong_batch["problems"][0]
    wrong_town = verify(told, f"census-ledger:{FIRST}:370481002:{seal}")
    assert not wrong_town["ok"]
    assert "370481002龙泉街道" in wrong_town["problems"][0]


def test_an_unknown_seal_is_not_ok_and_a_near_one_is_suggested(told: Office) -> None:
    said = verify(told, "0123456789abcdef")
    assert (said["ok"], said["batch"], said["seal"]) == (False, None, None)
    assert "no batch of these books has this seal" in said["problems"][0]
    seal = seal_of(told)
    typed = seal[:5] + ("0" if seal[5] != "0" else "1") + seal[6:]
    said = verify(told, typed)
    assert (said["ok"], said["batch"]) == (False, None)
    assert f"Did you mean {grouped_seal(seal)} ({FIRST})" in said["problems"][0]


def test_the_letter_o_typed_for_a_nought_is_read_and_said(told: Office) -> None:
    seal = seal_of(told)
    typed = seal.replace("0", "O").replace("1", "l")
    assert typed != seal
    said = verify(told, typed)
    assert (said["ok"], said["batch"], said["subject"]) == (True, FIRST, grouped_seal(seal))
    assert any("o as 0" in note or "l as 1" in note for note in said["notes"])


def test_a_part_of_a_seal_is_not_ok_and_says_whose_it_is(told: Office) -> None:
    seal = seal_of(told)
    said = verify(told, f"{seal[:4]} {seal[4:8]}")
    assert (said["ok"], said["batch"]) == (False, None)
    assert f"a part of {grouped_seal(seal)} ({FIRST})" in said["problems"][0]
    answer = told.run("verify", seal[:4], seal[4:8])
    assert answer.status == 1
    said = verify(told, "00000000")
    assert "and these are 8" in said["problems"][0]


def test_the_seal_of_a_void_batch_is_not_ok(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    assert office.run("batch", "void", SECOND, "--yes", "--date", "2020-11-21").status == 0
    for subject in (seal_of(office, SECOND), SECOND):
        said = verify(office, subject)
        assert (said["ok"], said["batch"], said["voided"]) == (False, SECOND, "2020-11-21")


def test_what_became_of_the_batch_is_said(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    answers = {row.payee_id: PAID for row in rows_of(office, FIRST)} | everyone(CLOSED, 4, 9)
    assert take_result(office, answers).status == 0
    said = verify(office, seal_of(office))
    assert (said["ok"], said["paid"], said["returned"], said["awaited"]) == (True, 48, 2, 0)
    assert any("48 are paid, 2 were returned" in note for note in said["notes"])


def test_rows_that_are_not_what_was_sealed_make_no_seal_true(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    batch = office.books().history.batches[FIRST]
    with office.recording() as registry:
        content = registry.frozen(batch.rows)
        assert content is not None
        altered = content.replace("滕州农商行".encode(), "滕州农信行".encode(), 1)
        exchange_rows(registry, batch.rows, altered)
    for subject in (batch.seal, FIRST, paper(office, SHEET)):
        said = verify(office, subject)
        assert not said["ok"]
        assert "rows" in said["problems"][0]
    assert verify(office, SECOND)["ok"]


def test_rows_that_the_registry_lost_make_no_paper_true(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    batch = office.books().history.batches[FIRST]
    with office.recording() as registry:
        registry.file.execute("delete from frozen_rows where sha256 = ?", (batch.rows,))
    assert not verify(office, batch.seal)["ok"]
    assert not verify(office, paper(office, SHEET))["ok"]


def test_a_changed_event_makes_nothing_true(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    (event,) = [
        path for path in office.events() if path.name.endswith(f"prepared-{FIRST}.beancount")
    ]
    text = event.read_text(encoding="utf-8")
    event.write_text(text.replace("800.00 CNY", "80.00 CNY", 2), encoding="utf-8", newline="\n")
    for subject in (seal_of(office), paper(office, SHEET)):
        said = verify(office, subject)
        assert not said["ok"]
        assert said["problems"]


# --- a whole batch


def test_a_batch_is_its_files_its_rows_and_its_entries(told: Office) -> None:
    said = verify(told, FIRST.lower())
    assert (said["ok"], said["matched"], said["differences"]) == (True, "bytes", [])
    assert {file["matched"] for file in said["files"]} == {"bytes"}
    assert {file["kind"] for file in said["files"]} == {
        "bank_file",
        "payout_sheet",
        "summary_sheet",
        "workbook",
    }


def test_the_batchs_own_folder_stands_for_the_batch(told: Office) -> None:
    assert verify(told, told.folder / "payouts" / FIRST)["about"] == "batch"


def test_missing_stray_and_altered_files_of_a_batch_are_named(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    paper(office, SUMMARY).unlink()
    (paper(office, SUMMARY).parent / "备份.xlsx").write_bytes(b"x")

    def change(workbook: Any) -> None:
        workbook.worksheets[0]["C4"] = 8000

    workbook_with(paper(office, OWN_FILE), paper(office, OWN_FILE), change)
    said = verify(office, FIRST)
    assert not said["ok"]
    found = {(one["file"], one["kind"], one["row"]) for one in said["differences"]}
    assert found == {
        (SUMMARY, "file", None),
        ("备份.xlsx", "extra_file", None),
        (OWN_FILE, "changed", 4),
    }


def test_a_file_of_the_batch_that_was_only_saved_again_is_no_difference(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    workbook_with(paper(office, WORKBOOK), paper(office, WORKBOOK), lambda _workbook: None)
    said = verify(office, FIRST)
    assert (said["ok"], said["matched"]) == (True, "rows")
    assert any("saved again" in note for note in said["notes"])


def test_a_sheet_of_another_batch_in_the_folder_is_named(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    shutil.copy(paper(office, f"{SECOND}-发放表-{TOWN}荆河街道.pdf"), paper(office, SHEET))
    said = verify(office, FIRST)
    assert not said["ok"]
    assert any(SECOND in one["here"] for one in said["differences"])


def test_a_changed_manifest_is_named_and_vouches_for_nothing(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    manifest = paper(office, SHEET).parent / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["amount"] = "1.00"
    manifest.write_text(json.dumps(document), encoding="utf-8")
    said = verify(office, FIRST)
    assert not said["ok"]
    assert [one["file"] for one in said["differences"]] == ["manifest.json"]
    assert verify(office, paper(office, SHEET))["matched"] == "rows"


def manifest_with(office: Office, into: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    document = manifest_of(office)
    change(document)
    into.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return into


def test_a_manifest_is_compared_entry_by_entry(told: Office, tmp_path: Path) -> None:
    """Saved again it says the same."""
    said = verify(told, manifest_with(told, tmp_path / "copy.json", lambda _document: None))
    assert (said["ok"], said["kind"], said["matched"]) == (True, "manifest", "rows")

    def change(document: dict[str, Any]) -> None:
        document["amount"] = "1.00"
        document["files"][2]["sha256"] = "0" * 64
        document["files"].append(document["files"][0])
        del document["qr"]

    path = manifest_with(told, tmp_path / "x.json", change)
    said = verify(told, path)
    assert (said["ok"], said["batch"]) == (False, FIRST)
    found = {(one["column"], one["kind"]) for one in said["differences"]}
    assert {("amount", "changed"), ("qr", "missing")} <= found
    assert (f"files {SHEET} sha256", "changed") in found
    again = {column for column, kind in found if kind == "extra"}
    assert {column.split(" (2) ")[0] for column in again} == {f"files {OWN_FILE}"}
    assert "amount: here 1.00, in the books 40000.00" in shown(told, path).out


def test_a_manifest_whose_original_is_gone_is_not_certain(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    path = manifest_with(office, tmp_path / "x.json", lambda _document: None)
    (paper(office, SHEET).parent / "manifest.json").unlink()
    said = verify(office, path)
    assert (said["ok"], said["differences"]) == (False, [])
    assert "its files are not compared" in said["problems"][0]
    manifest_with(told, path, lambda document: document.update(payees=51))
    assert [one["column"] for one in verify(office, path)["differences"]] == ["payees"]


def test_a_manifest_of_other_books_is_of_no_batch(told: Office, tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document |= {"batch": "B2031-001", "seal": "0" * 16}

    assert "of no batch" in refused(told, manifest_with(told, tmp_path / "x.json", change))
    (tmp_path / "list.json").write_text("[1, 2]", encoding="utf-8")
    assert "of no batch" in refused(told, tmp_path / "list.json")


def test_a_folder_that_is_not_here_is_no_difference(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    sheet = tmp_path / "sheet.pdf"
    shutil.copy(paper(office, SHEET), sheet)
    shutil.rmtree(office.folder / "payouts" / FIRST)
    said = verify(office, FIRST)
    assert (said["ok"], said["matched"]) == (True, None)
    assert any("is not here" in note for note in said["notes"])
    assert verify(office, sheet)["matched"] == "rows"


# --- what nobody can say


def refused(office: Office, subject: str | Path) -> str:
    """The one line that says why and what to do."""
    answer = office.run("verify", "--json", subject)
    assert answer.status == 1
    assert answer.json["ok"] is False
    assert answer.json["differences"] == []
    assert answer.err.count("\n") == 1
    return str(answer.json["error"])


def test_a_batch_that_does_not_exist_is_refused(told: Office) -> None:
    answer = told.run("verify", "B2031-001")
    assert answer.status == 1
    assert "B2031-001" in answer.err


def test_each_file_that_cannot_be_judged_has_its_own_line(told: Office, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(b"")
    assert "is empty" in refused(told, empty)
    assert "is a folder" in refused(told, tmp_path)
    assert "there is no file" in refused(told, tmp_path / "nothing.pdf")
    picture = tmp_path / "photo.jpg"
    Image.new("RGB", (40, 40), "white").save(picture)
    assert "neither a PDF nor a workbook" in refused(told, picture)
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(paper(told, SHEET).read_bytes()[:900])
    assert "damaged" in refused(told, damaged)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(paper(told, WORKBOOK).read_bytes()[:900])
    assert "damaged" in refused(told, broken)
    stranger = tmp_path / "other.csv"
    stranger.write_text("姓名,账号\n张三,6222020200012345678\n", encoding="utf-8")
    assert "is of no batch of these books" in refused(told, stranger)


def test_a_file_larger_than_any_of_ours_is_not_read(told: Office, tmp_path: Path) -> None:
    for name in ("large.csv", "large.pdf"):
        with (tmp_path / name).open("wb") as file:
            file.write(b"%PDF-1.4" if name.endswith("pdf") else b"a,b")
            file.truncate(600 * 1024 * 1024)
        assert "larger than any document" in refused(told, tmp_path / name)


def test_two_cells_in_opposite_corners_do_not_take_all_memory(told: Office, tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        workbook.worksheets[0]["XFD1048576"] = "x"

    path = workbook_with(paper(told, OWN_FILE), tmp_path / "x.xlsx", change)
    assert "far to the right" in refused(told, path)


def test_a_damaged_old_workbook_is_only_damaged(told: Office, tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40)
    assert "damaged" in refused(told, path)


def test_a_pdf_without_its_characters_says_so(told: Office, tmp_path: Path) -> None:
    """As after printing through PostScript: names look right and are codes without a meaning."""
    writer = pypdf.PdfWriter()
    writer.append(str(paper(told, SHEET)))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object().pop("/ToUnicode", None)
    writer.write(tmp_path / "x.pdf")
    message = refused(told, tmp_path / "x.pdf")
    assert "has not kept which characters" in message
    assert "census-ledger verify SEAL" in message


def test_a_scan_says_that_its_seal_can_be_typed(told: Office, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    Image.new("RGB", (400, 300), "white").save(scan)
    message = refused(told, scan)
    assert "is a scan or a picture" in message
    assert "census-ledger verify SEAL" in message


def test_a_pdf_with_a_password_says_so(told: Office, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.append(str(paper(told, SHEET)))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    assert "password" in refused(told, tmp_path / "locked.pdf")


def test_several_files_at_once_are_wrong_usage(told: Office) -> None:
    answer = told.run("verify", paper(told, SHEET), paper(told, SUMMARY))
    assert answer.status == 2
    assert told.run("verify").status == 2


def test_a_file_that_is_named_like_a_seal_is_read_as_the_file(
    told: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    seal = seal_of(told)
    Path(seal).write_bytes(paper(told, WORKBOOK).read_bytes())
    said = verify(told, seal)
    assert (said["about"], said["kind"], said["ok"]) == ("file", "workbook", True)
    assert any("is a file here" in note for note in said["notes"])


def test_every_page_and_file_carries_the_seal(told: Office, tmp_path: Path) -> None:
    """Sheets, summary and statement on each page, in print and as QR; workbook and manifest."""
    office = told.copied(tmp_path)
    assert office.run("report", "batch", FIRST, "--date", "2020-11-30").status == 0
    seal = seal_of(office)
    folder = office.folder / "payouts" / FIRST
    documents = [*folder.glob("*.pdf"), *(office.folder / "reports").glob("*发放情况表*.pdf")]
    assert len(documents) == 4
    for path in documents:
        for page in pypdf.PdfReader(path).pages:
            assert f"校验码：{grouped_seal(seal)}" in page.extract_text()
            assert b"/FormXob.seal Do" in page.get_contents().get_data()  # type: ignore[union-attr]
    for sheet in openpyxl.load_workbook(folder / WORKBOOK):
        head = [str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row]
        assert f"校验码：{grouped_seal(seal)}" in head
        assert sheet.oddFooter is not None
        assert grouped_seal(seal) in str(sheet.oddFooter.left.text)
    with ZipFile(folder / WORKBOOK) as archive:
        pictures = {archive.read(name) for name in archive.namelist() if "/media/" in name}
    assert pictures == {qr_picture(seal_payload(FIRST, town, seal)) for town in TOWNS}
