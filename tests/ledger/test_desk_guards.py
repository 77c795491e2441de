"""What Fava answers to strangers, hands out and writes: nothing that it must not."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Thread
from urllib.parse import quote
from urllib.parse import urlsplit

import pytest
from cheroot.wsgi import Server

from reports.desk.guards import OwnBrowserOnly
from reports.desk.private_files import is_private
from reports.desk.server import desk_application
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import document
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

ENTRY = f'2020-11-03 * "某某宾馆" "培训"\n  {TRAINING}  812.34 CNY\n  {BANK}\n'


@pytest.fixture
def paid(funded: Office) -> Office:
    funded.hand(ENTRY)
    funded.disburse(on="2020-11-10")
    (funded.folder / "statements" / "流水.csv").write_text("账号", encoding="utf-8")
    return funded


@pytest.fixture
def address(paid: Office) -> Iterator[str]:
    application = desk_application(paid.folder, key_file=paid.key)
    server = Server(("127.0.0.1", 0), application)
    server.prepare()
    server.wsgi_app = OwnBrowserOnly(application, server.bind_addr[1])
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()


def asked(address: str, **headers: str) -> int:
    """The status of the first page for a request with these headers."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
    try:
        own = {"Host": where.netloc} | headers
        connection.putrequest("GET", "/", skip_host=True)
        for name, value in own.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_browser_on_this_machine_is_answered(address: str) -> None:
    port = urlsplit(address).port
    assert asked(address) == 302
    assert asked(address, Host=f"localhost:{port}") == 302
    assert asked(address, Origin=address) == 302


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]:80", "0.0.0.0"]
)
def test_another_host_is_refused(address: str, host: str) -> None:
    assert asked(address, Host=host) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_another_origin_is_refused(address: str, origin: str) -> None:
    assert asked(address, Origin=origin) == 403


def test_sheets_statements_and_registry_are_not_handed_out(paid: Office) -> None:
    pages = DeskPages(paid)
    (sheet,) = (paid.folder / "payouts" / "B2020-001").glob("*发放表-370481001*.pdf")
    files = [
        sheet,
        paid.folder / "registry.db",
        paid.folder / "statements" / "流水.csv",
        paid.key,
        Path("/etc/passwd"),
    ]
    for file in files:
        assert document(pages, file).status_code == 403, file


def test_not_even_when_an_entry_links_to_them(paid: Office) -> None:
    """Fava sends the documents of the ledger; an entry by hand could name any file."""
    (sheet,) = (paid.folder / "payouts" / "B2020-001").glob("*发放表-370481001*.pdf")
    (paid.folder / "journal" / "合同.pdf").write_bytes(b"%PDF-1.4")
    paid.hand(f'2020-11-12 document {BANK} "../payouts/B2020-001/{sheet.name}"')
    paid.hand(f'2020-11-12 document {BANK} "合同.pdf"')
    pages = DeskPages(paid)
    assert document(pages, sheet).status_code == 403
    assert document(pages, paid.folder / "journal" / "合同.pdf").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "payouts/B2020-001/manifest.json",
        "../payouts/B2020-001/manifest.json",
        "extension/BudgetPage/../../registry.db",
        "static/../../registry.db",
        "extension_js_module/../registry.db.js",
        "extension_js_module/..%2F..%2Fregistry.js",
    ],
)
def test_tricks_with_paths_find_nothing(paid: Office, path: str) -> None:
    pages = DeskPages(paid)
    answer = pages.client.get(f"/{quote(pages.slug)}/{path}")
    assert answer.status_code in (400, 403, 404)
    assert b"manifest" not in answer.data


def test_the_source_of_private_files_is_not_shown(paid: Office) -> None:
    """The editor shows what the ledger includes, and nothing else."""
    pages = DeskPages(paid)
    for name in ("payouts/B2020-001/manifest.json", "registry.db", "census-ledger.toml"):
        answer = pages.get("api/source", filename=str(paid.folder / name))
        assert answer.status_code >= 400, name


@pytest.mark.parametrize(
    ("name", "private"),
    [
        ("payouts/B2020-001/x.pdf", True),
        ("statements/x.csv", True),
        (".staging/x", True),
        ("registry.db", True),
        ("registry.db-journal", True),
        ("../registry.key", True),
        ("journal/../payouts/x.pdf", True),
        ("", True),
        ("journal/合同.pdf", False),
        ("reports/2020-11-经费预算执行情况月报.pdf", False),
    ],
)
def test_which_files_are_private(tmp_path: Path, name: str, private: bool) -> None:
    assert is_private(tmp_path, Path(name)) is private


def snapshot(office: Office) -> dict[str, bytes]:
    kept = ("registry.db", ".lock")
    return {
        str(path): path.read_bytes()
        for path in sorted(office.folder.rglob("*"))
        if path.is_file() and not path.name.startswith(kept)
    }


def test_reading_changes_nothing(paid: Office) -> None:
    pages = DeskPages(paid)
    before = snapshot(paid)
    entry = {"type": "Note", "date": "2020-11-20", "account": BANK, "comment": "x", "meta": {}}
    hand = paid.folder / "journal" / "hand.beancount"
    answers = [
        pages.put("add_entries", entries=[entry]),
        pages.put("source", file_path=str(hand), source="", sha256sum=""),
        pages.delete("source_slice", entry_hash="x", sha256sum="x"),
        pages.client.post(f"/{pages.slug}/extension/BudgetPage/monthly?month=2020-05"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert snapshot(paid) == before


def save(pages: DeskPages, file: Path, text: str) -> int:
    """Save a whole file in Fava's editor."""
    digest = sha256(file.read_bytes()).hexdigest()
    return pages.put("source", file_path=str(file), source=text, sha256sum=digest).status_code


def test_editing_writes_the_file_for_entries_by_hand(paid: Office) -> None:
    pages = DeskPages(paid, edit=True)
    hand = paid.folder / "journal" / "hand.beancount"
    changed = hand.read_text(encoding="utf-8") + f"\n{ENTRY}"
    assert save(pages, hand, changed) == 200
    assert hand.read_text(encoding="utf-8") == changed


def test_a_new_entry_goes_there_too(paid: Office) -> None:
    pages = DeskPages(paid, edit=True)
    before = snapshot(paid)
    entry = {
        "t": "Note", "date": "2020-11-20", "account": BANK, "comment": "已与银行核对", "meta": {},
    }  # fmt: skip
    answer = pages.put("add_entries", entries=[entry])
    assert answer.status_code == 200, answer.text
    after = snapshot(paid)
    (file,) = [name for name in after if after[name] != before.get(name)]
    assert file.endswith("hand.beancount")
    assert "已与银行核对" in after[file].decode("utf-8")


@pytest.mark.parametrize(
    "name",
    ["main.beancount", "rules.beancount", "accounts.beancount", "events/000000-init.beancount"],
)
def test_editing_writes_no_other_file(paid: Office, name: str) -> None:
    pages = DeskPages(paid, edit=True)
    before = snapshot(paid)
    assert save(pages, paid.folder / name, "") == 403
    assert snapshot(paid) == before


def test_an_entry_of_an_event_is_neither_changed_nor_deleted(paid: Office) -> None:
    pages = DeskPages(paid, edit=True)
    before = snapshot(paid)
    done = {}
    for name, payee in (("event", "钱一甲"), ("hand", "某某宾馆")):
        query = f"SELECT id WHERE payee = '{payee}' LIMIT 1"
        ((entry,),) = pages.get("api/query", query_string=query).get_json()["data"]["rows"]
        said = pages.get("api/source_slice", entry_hash=entry).get_json()["data"]
        values = {"entry_hash": entry, "sha256sum": said["sha256sum"]}
        changed = pages.put("source_slice", source=said["slice"] + "  ; x\n", **values)
        done[name] = [changed.status_code]
        if name == "event":
            done[name].append(pages.delete("source_slice", **values).status_code)
    assert done == {"event": [403, 403], "hand": [200]}
    after = snapshot(paid)
    written = [name for name in after if after[name] != before[name]]
    assert written == [str(paid.folder / "journal" / "hand.beancount")]


def test_where_fava_would_put_entries_elsewhere_it_puts_none(paid: Office) -> None:
    """Its own options can name another file for the entries of an account."""
    paid.rule(f'2020-01-01 custom "fava-option" "insert-entry" "{BANK}"')
    pages = DeskPages(paid, edit=True)
    before = snapshot(paid)
    entry = {"t": "Note", "date": "2020-11-20", "account": BANK, "comment": "x", "meta": {}}
    assert pages.put("add_entries", entries=[entry]).status_code == 403
    assert snapshot(paid) == before


def test_uploads_and_moves_are_refused(paid: Office) -> None:
    pages = DeskPages(paid, edit=True)
    before = snapshot(paid)
    answers = [
        pages.put("move", account=BANK, new_name="x", filename=str(paid.folder / "registry.db")),
        pages.put("add_document", hash="", folder="", account=BANK),
        pages.put("upload_import_file"),
        pages.put("attach_document", filename="x", entry_hash="x"),
        pages.delete("document", filename=str(paid.folder / "statements" / "流水.csv")),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404, 405}
    assert snapshot(paid) == before
