"""``verify`` of the head of a chain: does today's chain continue the one on that paper?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pypdf
import pytest

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.model.ids import NO_TOWN
from reports.verification.comparison.chain import Chain
from reports.verification.comparison.evidence import Evidence
from reports.verification.head_words import TypedHead
from reports.verification.head_words import read_heads
from tests.support.office import Office
from tests.support.verified_office import FIRST
from tests.support.verified_office import SHEET
from tests.support.verified_office import paper
from tests.support.verified_office import shown
from tests.support.verified_office import tell
from tests.support.verified_office import verify

PRINTED = "90a131b41b5fd7ec"
WHOLE = "90a131b41b5fd7ecde46e7edfa7f133bfabc16ed971b025929e15560c6d48a9c"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


def digests(office: Office) -> list[str]:
    return [digest(path.read_bytes()) for path in office.events()]


def in_groups(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def other(digits: str) -> str:
    return digits[:-1] + ("0" if digits[-1] != "0" else "1")


# --- reading what was typed


@pytest.mark.parametrize(
    ("typed", "digits", "seq"),
    [
        (PRINTED, PRINTED, None),
        (in_groups(PRINTED), PRINTED, None),
        (WHOLE, WHOLE, None),
        (WHOLE.upper(), WHOLE, None),
        (in_groups(WHOLE), WHOLE, None),
        (WHOLE[:37], WHOLE[:37], None),
        (f"23 {in_groups(PRINTED)}", PRINTED, 23),
        (f"23 · {in_groups(PRINTED)}", PRINTED, 23),
        (f"链首 23 · {in_groups(PRINTED)}", PRINTED, 23),
        (f"链首：23·{PRINTED}", PRINTED, 23),
        (f"HEAD 23 {WHOLE}", WHOLE, 23),
        (f"head 23 {WHOLE}\n", WHOLE, 23),
        ("２３　９０Ａ１ ３１Ｂ４ １Ｂ５Ｆ Ｄ７ＥＣ", PRINTED, 23),
        ("23 9Oa1-3lb4-1b5f-d7ec", PRINTED, 23),
    ],
)
def test_a_head_is_read_in_any_grouping(typed: str, digits: str, seq: int | None) -> None:
    assert read_heads(typed)[0] == TypedHead(digits, seq)


def test_a_first_group_of_digits_can_be_the_number_or_not() -> None:
    """Of a whole digest it hardly is; behind it stands a dot only when it is."""
    short, whole = "1234 90a1 31b4 1b5f d7ec", "1234" + WHOLE[4:]
    assert read_heads(short) == [TypedHead(PRINTED, 1234), TypedHead("1234" + PRINTED)]
    assert read_heads(in_groups(whole)) == [TypedHead(whole), TypedHead(whole[4:], 1234)]
    assert read_heads(f"1234 · {PRINTED}") == [TypedHead(PRINTED, 1234)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HEAD",
        "23",
        "90a1 31b4",
        "23 · 90a1",
        PRINTED[:-1],
        WHOLE + "0",
        f"x{PRINTED}",
        "B2020-001",
    ],
)
def test_what_is_no_head_is_not_read_as_one(text: str) -> None:
    assert read_heads(text) == []


# --- asking the books


def test_a_head_answers_with_its_event_and_what_followed(told: Office) -> None:
    sha256 = digests(told)[1]
    said = verify(told, f"1 {in_groups(sha256[:16])}")
    assert (said["ok"], said["about"], said["head"]) == (True, "head", "continued")
    assert (said["batch"], said["seal"], said["differences"]) == (None, None, [])
    assert said["event"] == {
        "seq": 1,
        "sha256": sha256,
        "date": "2020-11-10",
        "kind": "prepared",
        "batch": FIRST,
        "by": "O01",
        "name": "测试员",
    }
    assert said["followed_by"] == 1
    out = shown(told, f"1 {sha256}").out
    assert out.startswith(f"True: the chain of these books continues 1 · {in_groups(sha256)}")
    assert "Event 1 of 2020-11-10" in out
    assert "O01 测试员" in out
    assert "1 event follows it" in out


def test_the_newest_event_is_followed_by_none(told: Office) -> None:
    sha256 = digests(told)[2]
    said = verify(told, sha256)
    assert (said["ok"], said["event"]["seq"], said["followed_by"]) == (True, 2, 0)
    assert "It is the newest event" in shown(told, sha256).out


def test_the_first_event_is_one_too(told: Office) -> None:
    said = verify(told, f"0 · {digests(told)[0][:16]}")
    assert (said["ok"], said["event"]["kind"], said["event"]["batch"]) == (True, "init", None)


def test_the_groups_need_no_quotes(told: Office) -> None:
    line = ["HEAD", *(told.folder / "HEAD").read_text(encoding="ascii").split()]
    answer = told.run("verify", "--json", *line)
    assert (answer.status, answer.json["event"]["seq"]) == (0, 2)
    answer = told.run("verify", "--json", "2", *in_groups(line[2][:16]).split())
    assert (answer.status, answer.json["event"]["seq"]) == (0, 2)


def test_another_digest_of_the_event_is_another_history(told: Office) -> None:
    sha256 = other(digests(told)[1])
    said = verify(told, f"1 {sha256}")
    assert (said["ok"], said["head"], said["event"]) == (False, "another", None)
    assert "these books are another history" in said["problems"][0]
    out = shown(told, f"1 {sha256}").out
    assert out.startswith("NOT true: the chain of these books does not continue 1 · ")


def test_the_digest_of_another_event_is_not_that_of_this_one(told: Office) -> None:
    said = verify(told, f"1 {digests(told)[2][:16]}")
    assert (said["ok"], said["head"]) == (False, "another")
    assert "these digits are those of event 2" in said["problems"][0]


def test_a_number_beyond_the_chain_makes_the_books_older(told: Office) -> None:
    said = verify(told, f"23 · {in_groups(PRINTED)}")
    assert (said["ok"], said["head"]) == (False, "older")
    assert "these books are older than the paper" in said["problems"][0]


def test_a_digest_of_no_event_is_unknown(told: Office) -> None:
    said = verify(told, WHOLE)
    assert (said["ok"], said["about"], said["head"]) == (False, "head", "unknown")
    assert "no event of these books has this digest" in said["problems"][0]
    assert shown(told, WHOLE).out.startswith("UNKNOWN: 90a1 31b4")


def test_one_digit_more_than_the_digest_has_is_not_passed_over(told: Office) -> None:
    """Nothing behind the sixteenth digit is left out of account."""
    sha256 = digests(told)[1]
    assert verify(told, sha256[:40])["ok"]
    assert not verify(told, sha256[:39] + other(sha256[:40])[-1])["ok"]


def test_a_changed_event_is_another_history(told: Office, tmp_path: Path) -> None:
    """What was on paper before it was changed is not there any more, and the chain is broken."""
    office = told.copied(tmp_path)
    before = digests(office)
    event = office.events()[1]
    event.write_bytes(re.sub(rb'recorded: "\d{4}', b'recorded: "2019', event.read_bytes()))
    assert digests(office)[1] != before[1]
    assert verify(office, f"1 {before[1][:16]}")["head"] == "another"
    said = verify(office, f"2 {before[2][:16]}")
    assert (said["ok"], said["head"]) == (False, "continued")
    assert any("changed after it was written" in problem for problem in said["problems"])
    assert shown(office, f"2 {before[2]}").out.startswith("NOT certain: ")


def test_books_that_were_copied_before_are_older(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    shutil.rmtree(office.folder / "payouts" / "B2020-002")
    last = office.events()[-1]
    sha256 = digests(office)[-1]
    last.unlink()
    first = digests(office)[-1]
    (office.folder / "HEAD").write_text(f"1 {first}\n", encoding="ascii")
    assert verify(office, f"2 {sha256}")["head"] == "older"
    assert verify(office, f"1 {first}")["ok"]


# --- a seal is as long, and so is the fingerprint


def test_the_fingerprint_is_no_seal_and_no_forgery(told: Office) -> None:
    """Somebody types what stands on the right of the foot instead of what stands on its left."""
    text = pypdf.PdfReader(paper(told, SHEET)).pages[0].extract_text()
    printed = text.split("账套指纹")[1].strip()
    for typed in (printed, f"账套指纹 {printed}", printed.replace(" ", "").upper()):
        said = verify(told, typed)
        assert (said["ok"], said["about"], said["batch"]) == (True, "fingerprint", None)
    assert told.run("verify", "账套指纹", *printed.split()).status == 0
    assert "verify its seal or its head too" in shown(told, printed).out
    said = verify(told, f"账套指纹 {in_groups(PRINTED)}")
    assert not said["ok"]
    assert "it is not their fingerprint" in said["problems"][0]


def test_a_seal_stays_a_seal(told: Office) -> None:
    seal = told.books().history.batches[FIRST].seal
    assert verify(told, seal)["about"] == "seal"
    said = verify(told, other(seal))
    assert "Did you mean" in said["problems"][0]
    # One digit too many, in groups that could be a number and a head.
    said = verify(told, f"1 {seal[:8]} {seal[8:]}")
    assert (said["ok"], said["about"]) == (False, "seal")
    assert verify(told, "0123456789abcdef")["about"] == "seal"


def test_what_is_a_seal_and_a_head_is_refused(
    told: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes the books could bring it about; the number before it says what is meant."""
    seal = told.books().history.batches[FIRST].seal
    chain = Chain(tuple(Digest(one) for one in [*digests(told)[:2], seal + "0" * 48]))
    monkeypatch.setattr(Evidence, "chain", chain)
    said = verify(told, seal)
    assert (said["ok"], said["code"]) == (False, "seal-or-head")
    assert verify(told, f"2 · {in_groups(seal)}")["event"]["seq"] == 2
    assert verify(told, seal + "0000")["event"]["seq"] == 2
    assert verify(told, f"census-ledger:{FIRST}:{NO_TOWN}:{seal}")["about"] == "seal"


def test_two_events_that_begin_alike_are_not_told_apart_by_their_order(
    told: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = Chain(tuple(Digest(PRINTED + end * 48) for end in "012"))
    monkeypatch.setattr(Evidence, "chain", chain)
    said = verify(told, PRINTED + "")
    assert (said["ok"], said["head"]) == (False, "unknown")
    assert "3 events of these books begin so" in said["problems"][0]
    assert verify(told, f"1 {PRINTED}")["event"]["seq"] == 1
    assert verify(told, PRINTED + "2")["event"]["seq"] == 2


def test_a_file_that_is_named_like_a_head_is_read_as_the_file(
    told: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(WHOLE).write_bytes(paper(told, SHEET).read_bytes())
    said = verify(told, WHOLE)
    assert (said["about"], said["ok"]) == ("file", True)
    assert any("is a file here" in note for note in said["notes"])
