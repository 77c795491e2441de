"""``desk --edit`` writes ``journal/hand.beancount``, and nothing else by any way."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.beginnings import beginning
from tests.support.desk_pages import DeskPages
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

HAND = "journal/hand.beancount"
ENTRY = f'2020-11-03 * "某某宾馆" "培训"\n  {TRAINING}  812.34 CNY\n  {BANK}\n'
NOTE = {"t": "Note", "date": "2020-11-20", "account": BANK, "comment": "已核对", "meta": {}}


@beginning
def paid(funded: Office) -> Office:
    funded.hand(ENTRY)
    funded.disburse(on="2020-11-10")
    return funded


@pytest.fixture
def pages(paid: Office) -> DeskPages:
    return DeskPages(paid, edit=True)


def contents(office: Office) -> dict[str, bytes]:
    """Every file beside and in the books, but for what SQLite and locks do."""
    return {
        path.relative_to(office.folder.parent).as_posix(): path.read_bytes()
        for path in sorted(office.folder.parent.rglob("*"))
        if path.is_file() and not path.name.startswith(("registry.db", ".lock"))
    }


def changed(office: Office, before: dict[str, bytes]) -> list[str]:
    after = contents(office)
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def save(pages: DeskPages, office: Office, name: str, text: str) -> int:
    """Save a whole file in Fava's editor, as it was given."""
    path = office.folder / name
    now = sha256(path.read_bytes() if path.is_file() else b"").hexdigest()
    return pages.put("source", file_path=name, source=text, sha256sum=now).status_code


def entry_of(pages: DeskPages, payee: str) -> tuple[str, str, str]:
    """The hash of somebody's entry, its lines and their digest."""
    query = f"SELECT id WHERE payee = '{payee}' LIMIT 1"
    ((entry,),) = pages.get("api/query", query_string=query).get_json()["data"]["rows"]
    said = pages.get("api/source_slice", entry_hash=entry).get_json()["data"]
    return entry, said["slice"], said["sha256sum"]


def test_the_file_for_entries_by_hand_is_edited(pages: DeskPages, paid: Office) -> None:
    before = contents(paid)
    text = (paid.folder / HAND).read_text(encoding="utf-8") + f"\n{ENTRY}"
    assert save(pages, paid, HAND, text) == 200
    assert (paid.folder / HAND).read_text(encoding="utf-8") == text
    assert changed(paid, before) == [f"books/{HAND}"]


def test_lines_keep_the_ends_that_they_have(pages: DeskPages, paid: Office) -> None:
    path = paid.folder / HAND
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert pages.put("add_entries", entries=[NOTE]).status_code == 200
    lines = path.read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])


def test_a_new_entry_goes_there_and_is_shown(pages: DeskPages, paid: Office) -> None:
    before = contents(paid)
    assert pages.put("add_entries", entries=[NOTE]).status_code == 200
    assert changed(paid, before) == [f"books/{HAND}"]
    assert "已核对" in pages.get("api/journal").get_data(as_text=True).encode().decode(
        "unicode_escape"
    )


def test_an_entry_by_hand_is_changed_and_taken_away(pages: DeskPages, paid: Office) -> None:
    before = contents(paid)
    entry, lines, checksum = entry_of(pages, "某某宾馆")
    text = lines.replace("培训", "培训费")
    values = {"entry_hash": entry, "sha256sum": checksum}
    assert pages.put("source_slice", source=text, **values).status_code == 200
    assert "培训费" in (paid.folder / HAND).read_text(encoding="utf-8")
    entry, _lines, checksum = entry_of(pages, "某某宾馆")
    assert pages.delete("source_slice", entry_hash=entry, sha256sum=checksum).status_code == 200
    assert "某某宾馆" not in (paid.folder / HAND).read_text(encoding="utf-8")
    assert changed(paid, before) == [f"books/{HAND}"]


def test_an_event_is_neither_changed_nor_deleted(pages: DeskPages, paid: Office) -> None:
    before = contents(paid)
    entry, lines, checksum = entry_of(pages, "钱一甲")
    values = {"entry_hash": entry, "sha256sum": checksum}
    assert pages.put("source_slice", source=lines + "\n ; x", **values).status_code == 403
    assert pages.delete("source_slice", **values).status_code == 403
    # By the parameters of the other method, too.
    own, _lines, own_sum = entry_of(pages, "某某宾馆")
    for method in ("PUT", "DELETE"):
        answer = pages.ask(
            method,
            f"/books/ledger/api/source_slice?entry_hash={entry}&sha256sum={checksum}",
            json={"entry_hash": own if method == "DELETE" else entry, "sha256sum": own_sum,
                  "source": "x"},
        )  # fmt: skip
        assert answer.status_code in (403, 409)
    assert changed(paid, before) == []


@pytest.mark.parametrize(
    "name",
    [
        "main.beancount", "rules.beancount", "accounts.beancount", "census-ledger.toml",
        "programme.toml", "events/000000-init.beancount", "registry.db", "../registry.key",
        "journal/new.beancount",
        "journal/../rules.beancount", "./journal/hand.beancount", "/etc/passwd", "",
        "journal//hand.beancount", "JOURNAL/hand.beancount", "journal\\hand.beancount",
    ],
)  # fmt: skip
def test_no_other_file_is_written(pages: DeskPages, paid: Office, name: str) -> None:
    before = contents(paid)
    # Some are other spellings of the one file.
    same = Path(name) == Path(HAND)
    assert save(pages, paid, name, "" if not same else "; x\n") == (200 if same else 403)
    absolute = str(paid.folder / name)
    assert save(pages, paid, absolute, "") == 403
    assert changed(paid, before) == ([f"books/{HAND}"] if same else [])


def test_where_fava_would_put_entries_elsewhere_it_puts_them_there(paid: Office) -> None:
    paid.rule(f'2020-01-01 custom "fava-option" "insert-entry" "{BANK}"')
    paid.rule('2020-01-01 custom "fava-option" "default-file" "rules.beancount"')
    pages = DeskPages(paid, edit=True)
    before = contents(paid)
    assert pages.put("add_entries", entries=[NOTE]).status_code == 200
    assert changed(paid, before) == [f"books/{HAND}"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_in_its_place_is_not_followed(pages: DeskPages, paid: Office, what: str) -> None:
    outside = paid.folder.parent / "outside"
    if what == "file":
        (paid.folder / HAND).rename(outside)
        (paid.folder / HAND).symlink_to(outside)
    else:
        (paid.folder / "journal").rename(outside)
        (paid.folder / "journal").symlink_to(outside, target_is_directory=True)
    before = contents(paid)
    assert pages.put("add_entries", entries=[NOTE]).status_code == 403
    assert save(pages, paid, HAND, "") == 403
    assert changed(paid, before) == []


UPLOADS: dict[str, Callable[[DeskPages], int]] = {
    "move": lambda pages: (
        pages.put("move", account=BANK, new_name="x", filename="registry.db").status_code
    ),
    "add_document": lambda pages: pages.put("add_document", folder="", account=BANK).status_code,
    "upload_import_file": lambda pages: pages.put("upload_import_file").status_code,
    "attach_document": lambda pages: (
        pages.put(
            "attach_document", filename="x", entry_hash=entry_of(pages, "某某宾馆")[0]
        ).status_code
    ),
    "document": lambda pages: pages.delete("document", filename="statements/x.csv").status_code,
}


@pytest.mark.parametrize("what", UPLOADS)
def test_uploads_moves_and_removals_are_not_there(
    pages: DeskPages, paid: Office, what: str
) -> None:
    (paid.folder / "statements" / "x.csv").write_bytes(b"x")
    before = contents(paid)
    assert UPLOADS[what](pages) in (404, 405)
    assert changed(paid, before) == []


MORE_THAN_ENTRIES = {
    "a plugin": 'plugin "os"',
    "a plugin on a later line": f'{ENTRY}\n\nplugin "os" "x"',
    "an include": 'include "/etc/passwd"',
    "an option": 'option "insert_pythonpath" "TRUE"',
    "a rule": '2020-01-01 custom "census-budget" "x" 5 CNY',
    "an event": '2020-01-01 custom "census-event" "prepared"',
    "what Fava would do": '2020-01-01 custom "fava-extension" "x"',
    "a tag for all that follows": "pushtag #census-subsidy",
    "metadata for all that follows": 'pushmeta batch: "B2020-001"',
    "a character that is not seen": "; \x1b[2J",
    "a zero": "; \0",
    "half a character": "; \ud800",
    "a line that ends otherwise": '; x\rplugin "os"',
}


@pytest.mark.parametrize("what", MORE_THAN_ENTRIES)
def test_what_is_written_is_entries(pages: DeskPages, paid: Office, what: str) -> None:
    text = MORE_THAN_ENTRIES[what]
    before = contents(paid)
    assert save(pages, paid, HAND, text) == 400
    entry, lines, checksum = entry_of(pages, "某某宾馆")
    values = {"entry_hash": entry, "sha256sum": checksum}
    assert pages.put("source_slice", source=f"{lines}\n{text}", **values).status_code == 400
    for place in ("comment", "account"):
        note = NOTE | {place: f'x"\n{text}\n'}
        assert pages.put("add_entries", entries=[note]).status_code in (200, 400)
        note = NOTE | {"meta": {f'a: "x"\n{text}\nb': "x"}}
        assert pages.put("add_entries", entries=[note]).status_code == 400
    written = changed(paid, before)
    assert written in ([], [f"books/{HAND}"])
    # Whatever was taken stands in quotation marks, and the books are read as before.
    assert paid.run("check").status == 0 or not written


def test_a_text_that_has_changed_meanwhile_is_not_overwritten(
    pages: DeskPages, paid: Office
) -> None:
    entry, lines, checksum = entry_of(pages, "某某宾馆")
    old = digest((paid.folder / HAND).read_text(encoding="utf-8"))
    paid.hand(ENTRY.replace("11-03", "11-04"))
    before = contents(paid)
    assert pages.put("source", file_path=HAND, source="", sha256sum=old).status_code == 409
    (paid.folder / HAND).write_text(ENTRY.replace("培训", "他"), encoding="utf-8")
    before = contents(paid)
    values = {"entry_hash": entry, "sha256sum": checksum}
    assert pages.put("source_slice", source=lines, **values).status_code == 409
    assert pages.delete("source_slice", **values).status_code == 409
    assert changed(paid, before) == []


def test_reading_changes_nothing(paid: Office) -> None:
    pages = DeskPages(paid)
    before = contents(paid)
    entry, lines, checksum = entry_of(pages, "某某宾馆")
    values = {"entry_hash": entry, "sha256sum": checksum}
    assert {
        pages.put("add_entries", entries=[NOTE]).status_code,
        save(pages, paid, HAND, ""),
        pages.put("source_slice", source=lines, **values).status_code,
        pages.delete("source_slice", **values).status_code,
        pages.put("format_source", source="x").status_code,
    } <= {404, 405}
    assert changed(paid, before) == []
