"""Bundles: what a county hands up is all of it, nothing personal, and the same every time."""

from __future__ import annotations

import io
import os
import stat
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.digests import digest
from ledger.base.refusals import Refusal
from ledger.events.event_file import Head
from ledger.keys.province_key import read_province_key
from ledger.keys.sealed_archive import ArchiveStrange
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import Purpose
from ledger.province import bundle_file
from ledger.province.bundle import NUMBERS
from ledger.province.bundle import BundleKind
from ledger.province.bundle import manifest_text
from ledger.province.bundle import read_bundle
from ledger.province.bundle_file import archive_parts
from ledger.province.bundle_file import is_inside
from ledger.province.bundle_file import members_of
from ledger.province.numbers import purpose_of
from tests.support.counties import PASSPHRASE
from tests.support.counties import Province
from tests.support.counties import at_work
from tests.support.counties import bundle_of
from tests.support.counties import forged
from tests.support.office import Office


@pytest.fixture
def province(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Province:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", PASSPHRASE)
    made = Province(tmp_path / "province", capsys)
    assert made.run("key", "province", made.folder / "keys").status == 0
    return made


@pytest.fixture
def county(office: Office) -> Office:
    return at_work(office)


def numbers_of(office: Office) -> set[str]:
    with office.registry() as registry:
        payees = registry.payees()
    return {number for one in payees for number in (one.identity, one.account, one.phone)}


def test_bundles_hold_text_and_figures_and_no_number_of_anybody(
    county: Office, province: Province
) -> None:
    books, figures, sealed = (
        bundle_of(county, name="a.zip"),
        bundle_of(county, "--figures", name="b.zip"),
        bundle_of(county, "--for", province.public, name="c.zip"),
    )
    again = bundle_of(county, name="d.zip")
    assert books.read_bytes() == again.read_bytes()
    names = set(read_bundle(books.read_bytes()).files)
    events = {f"books/events/{path.name}" for path in county.events()}
    assert names == events | {
        "books/HEAD", "books/accounts.beancount", "books/census-ledger.toml",
        "books/journal/hand.beancount", "books/main.beancount", "books/programme.toml",
        "books/rules.beancount", "returns.json",
    }  # fmt: skip
    assert set(read_bundle(figures.read_bytes()).files) == {
        "events.txt", "figures.json", "events/000000-init.beancount"
    }  # fmt: skip
    texts = [path.read_bytes() for path in (books, figures, sealed)]
    for number in numbers_of(county):
        assert not any(number.encode() in text for text in texts)
    for name in ("赵一甲", "钱一甲"):
        assert name.encode() not in texts[1]
    assert b"own_profile" in texts[0]
    assert b"icbc" not in texts[0]
    if os.name != "nt":
        assert stat.S_IMODE(books.stat().st_mode) == 0o600


def test_only_the_province_opens_the_numbers_of_those_whom_money_went_to(
    county: Office, province: Province
) -> None:
    path = bundle_of(county, "--for", province.public)
    bundle = read_bundle(path.read_bytes())
    key = read_province_key(province.key, PASSPHRASE)
    text = key.open(bundle.files[NUMBERS], purpose_of(bundle.head)).decode()
    with county.registry() as registry:
        assert all(one.identity in text for one in registry.payees())
    answer = county.run("bundle", county.folder.parent / "x.zip", "--for", province.key)
    assert answer.status == 1
    assert "is no public key of a province" in answer.err
    answer = county.run("bundle", path, "--for", province.public)
    assert (answer.status, "is not replaced" in answer.err) == (1, True)
    answer = county.run("bundle", county.folder / "x.zip")
    assert (answer.status, "inside the books" in answer.err) == (1, True)
    assert province.run("key", "province", province.folder / "keys").status == 1
    # The private key is kept elsewhere: no other one comes to its place, beside the old public one.
    province.key.rename(province.folder / "kept.key")
    assert province.run("key", "province", province.folder / "keys").status == 1
    assert not province.key.exists()


def test_a_number_that_somebody_has_typed_is_not_handed_up(county: Office) -> None:
    line = county.hand('2020-11-20 * "付" "退 6215 2100 0000 0012 345"\n')
    answer = county.run("bundle", county.folder.parent / "x.zip", "--json")
    assert answer.status == 1
    assert answer.json["error"].startswith(f"journal/hand.beancount:{line}: ")
    assert answer.json["code"] == "number-in-text"
    assert not (county.folder.parent / "x.zip").exists()


def test_a_retired_operator_signs_no_bundle(county: Office) -> None:
    for name in ("李主任", "王主任"):
        assert county.run("operator", "add", name, "--role", "管理", "--role", "经办").status == 0
    kept = county.key.with_name("registry.O02.key").read_bytes()
    path = bundle_of(county)
    assert county.run("operator", "retire", "O02", "--reason", "调离").status == 0
    county.key.with_name("registry.O02.key").write_bytes(kept)
    answer = county.run("--operator", "O02", "bundle", path.with_name("x.zip"))
    assert (answer.status, "has retired" in answer.err) == (1, True)


def zipped(*entries: tuple[zipfile.ZipInfo | str, bytes], packed: bool = False) -> bytes:
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", 8 * packed) as archive:
        # Of names that stand twice.
        warnings.simplefilter("ignore")
        for name, text in entries:
            archive.writestr(name, text)
    return content.getvalue()


def a_link() -> bytes:
    info = zipfile.ZipInfo("books/main.beancount")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, b"/etc/passwd"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bundle-not-an-archive"),
        (b"PK\x03\x04 and then nothing", "bundle-not-an-archive"),
        (a_link(), "bundle-holds-link"),
        (zipped(("books/", b"")), "bundle-holds-link"),
        (zipped(("../x", b"")), "bundle-name-strange"),
        (zipped(("/etc/x", b"")), "bundle-name-strange"),
        (zipped(("books/../../x", b"")), "bundle-name-strange"),
        (zipped(("books\\x", b"")), "bundle-name-strange"),
        (zipped(("C:x", b"")), "bundle-name-strange"),
        (zipped(("books/.hidden", b"")), "bundle-name-strange"),
        (zipped(("a" * 300, b"")), "bundle-name-strange"),
        (zipped(("a", b"1"), ("a", b"2")), "bundle-name-twice"),
        (zipped(("a", b"1"), ("A", b"2")), "bundle-name-twice"),
        (zipped(("a", bytes(2**20)), packed=True), "bundle-packed"),
        (zipped(("a", b"1")), "bundle-rewritten"),
        (b"before" + b"".join(archive_parts([("a", b"1")])), "bundle-rewritten"),
        (b"".join(archive_parts([("a", b"1")])) + b"after", "bundle-rewritten"),
    ],
)  # fmt: skip
def test_what_no_county_has_written_is_refused_by_kind(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        members_of(content)
    assert refused.value.code == code


def test_more_than_a_county_has_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = b"".join(archive_parts([("a", b"1" * 50), ("b", b"2" * 50)]))
    assert list(members_of(whole)) == ["a", "b"]
    with pytest.raises(bundle_file.BundleTooLarge):
        monkeypatch.setattr(bundle_file, "MOST_BYTES", 99)
        (tmp_path / "x.zip").write_bytes(whole)
        bundle_file.read_whole(tmp_path / "x.zip")
    declared = whole.replace((50).to_bytes(4, "little"), (2**31).to_bytes(4, "little"))
    for content, most, files in ((whole, 2**20, 1), (whole, 120, 9), (declared, 2**20, 9)):
        monkeypatch.setattr(bundle_file, "MOST_BYTES", most)
        monkeypatch.setattr(bundle_file, "MOST_FILES", files)
        with pytest.raises(bundle_file.BundleTooLarge):
            members_of(content)


@pytest.mark.parametrize("name", ["a", "books/events/000000-init.beancount", "books/账.beancount"])
def test_names_of_files_stay_inside(name: str) -> None:
    assert is_inside(name)
    for other in (f"/{name}", f"../{name}", f"{name}/..", f"{name}.", f"{name} ", f"./{name}",
                  f"{name}\n", f"{name}\0", f"x//{name}", f"{name}/"):  # fmt: skip
        assert not is_inside(other)


def test_the_list_is_in_one_spelling_and_of_every_file(county: Office) -> None:
    whole = bundle_of(county)
    codes = {
        code_of(forged(whole, {"books/HEAD": None})),
        code_of(forged(whole, {"registry.db": b"x"})),
        code_of(forged(whole, {"books/payouts.csv": b"x"})),
        code_of(forged(whole, {"figures.json": b"x"})),
    }
    assert codes == {"bundle-incomplete"}
    members = members_of(whole.read_bytes())
    text = members["bundle.json"]
    for other in (
        text.replace(b'"format": 1', b'"format": true'),
        text.replace(b'"O01"', b'"O01", "more": 1'),
        text.replace(b'"operator": "O01"', b'"operator": "O01\\u202e"'),
        text.replace(b'"head": [\n', b'"head": [\n-'),
        b"[" * 100_000,
        b"",
    ):
        content = b"".join(archive_parts(list({**members, "bundle.json": other}.items())))
        with pytest.raises(Refusal) as refused:
            read_bundle(content)
        assert refused.value.code == "bundle-list-strange"


def code_of(path: Path) -> str:
    with pytest.raises(Refusal) as refused:
        read_bundle(path.read_bytes())
    return refused.value.code


def test_a_file_that_holds_something_else_is_no_key_of_a_province(tmp_path: Path) -> None:
    path = tmp_path / "x.key"
    for name, content in (("x25519", bytes(31)), ("other", bytes(32))):
        path.unlink(missing_ok=True)
        write_archive(path, Purpose.PROVINCE, "x", [Member(name, content)], bytes(16))
        with pytest.raises(ArchiveStrange):
            read_province_key(path, "x")


FILES = [("events.txt", b"0" * 64 + b"\n"), ("figures.json", b'["county", "370481"]\n')]
LIST = manifest_text(BundleKind.FIGURES, Head(7, digest(b"x")), "O01", FILES)
SMALL = b"".join(archive_parts([("bundle.json", LIST), ("bundle.sig", b"a" * 128 + b"\n"), *FILES]))


@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
def test_no_byte_of_a_bundle_is_another_without_notice(place: int, by: int) -> None:
    """Not even one of the signature, which is judged with the books."""
    whole = read_bundle(SMALL)
    changed = bytearray(SMALL)
    changed[place] ^= by
    try:
        read = read_bundle(bytes(changed))
    except Refusal:
        return
    assert read.signature != whole.signature


@given(st.binary(max_size=300) | st.binary(max_size=40).map(lambda end: SMALL + end))
def test_what_is_no_bundle_is_refused_and_nothing_else_happens(content: bytes) -> None:
    if content != SMALL:
        with pytest.raises(Refusal):
            read_bundle(content)
