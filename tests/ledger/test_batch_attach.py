"""``batch attach``: signed and scanned lists are filed with their batch, and come out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.base.digests import digest
from ledger.services import attachments
from tests.support.approving import MAKER
from tests.support.approving import with_colleagues
from tests.support.auditor import audit
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.beginnings import beginning
from tests.support.forged_events import anchored
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import codes

PDF, JPG, PNG = b"%PDF-1.4 signed", b"\xff\xd8\xff\xe0 signed", b"\x89PNG\r\n\x1a\n signed"


@beginning
def prepared(funded: Office) -> Office:
    """Six people in a batch."""
    assert funded.disburse().status == 0
    return funded


def scan(office: Office, name: str = "荆河街道签字表.pdf", content: bytes = PDF) -> Path:
    path = office.folder.with_name(name)
    path.write_bytes(content)
    return path


def attach(
    office: Office, path: Path, *, batch: str = "B2020-001", on: str = "2020-11-20"
) -> Answer:
    return office.run("batch", "attach", batch, path, "--date", on, "--json")


def filed(office: Office) -> list[str]:
    """The types of the batch's lists."""
    shown = office.run("batch", "show", "B2020-001", "--json").json["attached"]
    return [one["type"] for one in shown]


def test_lists_are_filed_shown_and_taken_out_as_they_came(prepared: Office, tmp_path: Path) -> None:
    """What they are says their content, whatever they are called."""
    contents = {"一.pdf": PDF, "二.JPG": JPG, "370481199003071232 三.pdf": PNG}
    answers = [attach(prepared, scan(prepared, *one)) for one in contents.items()]
    assert [answer.json["type"] for answer in answers] == ["pdf", "jpg", "png"]
    assert answers[0].json == {
        "batch": "B2020-001", "event": 2, "date": "2020-11-20", "by": "O01", "file": "一.pdf",
        "type": "pdf", "size": len(PDF), "sha256": digest(PDF),
    }  # fmt: skip
    shown = prepared.run("batch", "show", "B2020-001")
    assert "Signed lists" in shown.out and "一.pdf" in shown.out
    # A number in a file's name goes into no text of the books.
    assert "370481199003071232" not in prepared.events()[-1].read_text(encoding="utf-8")
    out = tmp_path / "取出"
    answer = prepared.run("batch", "attach", "B2020-001", "--out", out, "--json")
    assert [Path(path).name for path in answer.json["files"]] == [
        "B2020-001-签字名单-2.pdf", "B2020-001-签字名单-3.jpg", "B2020-001-签字名单-4.png",
    ]  # fmt: skip
    assert [Path(path).read_bytes() for path in answer.json["files"]] == [PDF, JPG, PNG]
    refused = prepared.run("batch", "attach", "B2020-001", "--out", out, "--json")
    assert refused.json["code"] == "not-taken-out"
    assert prepared.check() == []
    assert audit(prepared.folder).findings == []


def test_what_is_no_scan_is_refused(
    prepared: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is written."""
    before = [path.name for path in prepared.events()]
    assert attach(prepared, scan(prepared, "a.pdf", b"PK\x03\x04")).json["code"] == "not-a-scan"
    assert attach(prepared, scan(prepared, "b.pdf", b"")).json["code"] == "not-a-scan"
    assert attach(prepared, tmp_path / "none.pdf").json["code"] == "file-unreadable"
    assert attach(prepared, tmp_path).json["code"] == "file-unreadable"
    monkeypatch.setattr(attachments, "MOST_BYTES", len(PDF) - 1)
    assert attach(prepared, scan(prepared)).json["code"] == "scan-too-large"
    monkeypatch.undo()
    assert prepared.run("batch", "attach", "B2020-001").status == 2
    assert prepared.run("batch", "attach", "B2020-001", scan(prepared), "--out", ".").status == 2
    assert [path.name for path in prepared.events()] == before


def test_a_list_is_filed_once(prepared: Office) -> None:
    assert attach(prepared, scan(prepared)).status == 0
    again = attach(prepared, scan(prepared, "又一次.pdf"))
    assert (again.json["code"], again.json["facts"]) == (
        "filed-before", {"batch": "B2020-001", "event": 2},
    )  # fmt: skip
    prepared.register(1)
    prepared.disburse(on="2020-11-18")
    other = attach(prepared, scan(prepared), batch="B2020-002")
    assert other.json["facts"] == {"batch": "B2020-001", "event": 2}


def test_a_batch_that_is_void_or_unknown_or_not_yet_made_takes_none(prepared: Office) -> None:
    assert attach(prepared, scan(prepared), batch="B2020-009").json["code"] == "no-such-batch"
    assert attach(prepared, scan(prepared), on="2020-11-09").json["code"] == "before-the-batch"
    assert prepared.run("batch", "attach", "B2020-001", "--out", ".", "--json").json["code"] == (
        "nothing-filed"
    )
    prepared.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11")
    assert attach(prepared, scan(prepared)).json["code"] == "void-takes-no-list"


def test_only_the_clerk_files_lists_and_not_in_a_closed_month(funded: Office) -> None:
    prepared = with_colleagues(funded)
    prepared.disburse()
    path = scan(prepared)
    for operator in ("O02", "O03", "O04"):
        answer = prepared.run(
            "--operator", operator, "batch", "attach", "B2020-001", path, "--json"
        )
        assert answer.json["code"] == "role-missing"
    prepared.run("month", "close", "2020-11", "--yes")
    assert attach(prepared, path).json["code"] == "month-closed"
    with prepared.registry() as registry:
        assert digest(PDF) not in registry.originals()
    assert attach(prepared, path, on="2020-12-01").json["by"] == MAKER


def test_the_day_of_a_list_keeps_nothing_from_the_batch(prepared: Office) -> None:
    """It is signed and scanned long after; results and a void bear their own days, also after it
    was taken back.
    """
    assert attach(prepared, scan(prepared), on="2020-12-20").status == 0
    assert attach(prepared, scan(prepared, "b.png", PNG), on="2020-12-20").status == 0
    answer = prepared.run("reverse", "2", "--reason", "传错了", "--yes", "--date", "2020-12-21")
    assert answer.status == 0
    take_result(prepared, everyone(PAID, 1, 2, 3, 4, 5, 6), on="2020-11-15")
    assert prepared.check() == []
    assert audit(prepared.folder).findings == []


def test_a_list_that_was_filed_by_mistake_is_taken_back_and_may_come_again(
    prepared: Office,
) -> None:
    attach(prepared, scan(prepared))
    assert prepared.run("reverse", "2", "--reason", "传错了", "--yes", "--json").status == 0
    assert filed(prepared) == []
    assert attach(prepared, scan(prepared)).status == 0
    assert filed(prepared) == ["pdf"]
    assert audit(prepared.folder).findings == []


def test_check_compares_the_bytes_with_the_digest(prepared: Office, tmp_path: Path) -> None:
    """Lost or another: it is named, also where it is to be taken out."""
    attach(prepared, scan(prepared))
    for change in ("update originals set content = x'25504446'", "delete from originals"):
        with prepared.registry() as registry, registry.file.all_or_none():
            registry.file.execute(f"{change} where kind = 'scan'")
        (found,) = prepared.check()
        assert found["code"] == "original" and "event 2" in found["message"]
        out = prepared.run("batch", "attach", "B2020-001", "--out", tmp_path / "o", "--json")
        assert out.json["code"] == "list-lost"


@pytest.mark.parametrize(
    ("meta", "problem"),
    [
        ('  original: "kurz"\n  type: "pdf"\n  size: "3"\n', "says its digest, type and size"),
        ('  original: "{b}"\n  type: "exe"\n  size: "3"\n', "says its digest, type and size"),
        ('  original: "{b}"\n  type: "pdf"\n  size: "0"\n', "says its digest, type and size"),
        ('  original: "{a}"\n  type: "pdf"\n  size: "3"\n', "filed already"),
    ],
)
def test_a_forged_list_is_an_error(prepared: Office, meta: str, problem: str) -> None:
    attach(prepared, scan(prepared), on="2020-11-11")
    forge(prepared, "attached", meta=meta.replace("{a}", digest(PDF)).replace("{b}", "b" * 64))
    anchored(prepared)
    assert problem in messages(prepared)


def test_a_forged_list_of_a_void_batch_or_before_it_is_an_error(prepared: Office) -> None:
    good = f'  original: "{"b" * 64}"\n  type: "pdf"\n  size: "3"\n'
    prepared.run("batch", "void", "B2020-001", "--yes", "--date", "2020-11-11")
    forge(prepared, "attached", meta=good)
    anchored(prepared)
    assert "is void" in messages(prepared)
    assert "已经作废" in str(audit(prepared.folder))


def test_a_forged_list_of_a_later_batch_is_an_error(funded: Office) -> None:
    funded.disburse(on="2020-11-18")
    forge(funded, "attached", meta=f'  original: "{"b" * 64}"\n  type: "pdf"\n  size: "3"\n')
    anchored(funded)
    assert "signed after batch" in messages(funded)
    assert "event" in codes(funded.check())


def test_a_list_filed_twice_is_found_by_the_auditor(prepared: Office) -> None:
    attach(prepared, scan(prepared), on="2020-11-11")
    forge(prepared, "attached", meta=f'  original: "{digest(PDF)}"\n  type: "pdf"\n  size: "3"\n')
    assert "归档了两次" in str(audit(prepared.folder))
