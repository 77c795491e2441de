"""Operators' key files: read without a passphrase, opened with it, and for their owner alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base.refusals import Refusal
from ledger.keys.default_operator import DefaultOperatorUnreadable
from ledger.keys.default_operator import read_default_operator
from ledger.keys.default_operator import write_default_operator
from ledger.keys.operator_key import NONCE_BYTES
from ledger.keys.operator_key import OperatorKey
from ledger.keys.operator_key import OperatorKeyMissing
from ledger.keys.operator_key import OperatorKeyOfAnother
from ledger.keys.operator_key import OperatorKeyUnreadable
from ledger.keys.operator_key import WrongPassphrase
from ledger.keys.operator_key import new_operator_key
from ledger.keys.operator_key import read_operator_key
from ledger.keys.operator_key import replace_operator_key
from ledger.keys.operator_key import with_passphrase
from ledger.keys.operator_key import write_operator_key
from ledger.keys.places import default_operator_path
from ledger.keys.places import operator_key_path
from ledger.keys.places import operators_with_keys
from ledger.keys.places import witness_path
from ledger.keys.private_file import KeyOpen
from ledger.keys.private_file import KeyStrange
from ledger.keys.registry_key import KeyInPlace
from ledger.keys.registry_key import KeyUnreadable
from ledger.keys.registry_key import read_key
from ledger.keys.signing import public_key_of
from ledger.keys.stretching import SALT_BYTES

SEED = bytes(range(32))
BOOKS = "k-5f327977"
PASSPHRASE = "开门 Sesame 2020"


def key(passphrase: str = "", *, chance: int = 1) -> OperatorKey:
    salt, nonce = bytes([chance]) * SALT_BYTES, bytes([chance]) * NONCE_BYTES
    return new_operator_key(SEED, "O01", BOOKS, passphrase, salt=salt, nonce=nonce)


@cache
def locked() -> OperatorKey:
    """Made once: a passphrase is stretched slowly."""
    return key(PASSPHRASE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "k.O01.key"
    write_operator_key(path, key())
    return path


def read(path: Path, *, operator: str = "O01", books: str = BOOKS) -> OperatorKey:
    return read_operator_key(path, operator=operator, books=books)


# A key and its passphrase.


def test_a_key_opens_by_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "k.O01.key"
    write_operator_key(path, locked())
    found = read(path)
    assert found == locked()
    assert (found.operator, found.has_passphrase) == ("O01", True)
    assert found.public == public_key_of(SEED)
    signer = found.open(PASSPHRASE)
    assert (signer.operator, signer.public) == ("O01", found.public)
    for wrong in ("", "开门 sesame 2020", PASSPHRASE + " "):
        with pytest.raises(WrongPassphrase):
            found.open(wrong)


def test_a_passphrase_is_its_characters_however_they_are_spelled() -> None:
    """Typed unseen by an input method in full width, or decomposed, as macOS does it."""
    salt, nonce = bytes(SALT_BYTES), bytes(NONCE_BYTES)
    made = new_operator_key(SEED, "O01", BOOKS, "café 1", salt=salt, nonce=nonce)
    assert made.open("ｃａｆｅ\u0301\u3000１").seed == SEED


def test_a_key_without_a_passphrase() -> None:
    assert not key().has_passphrase
    assert key().open("").seed == SEED
    with pytest.raises(WrongPassphrase):
        key().open("x")


def test_another_passphrase() -> None:
    """From none to one and back; chance is new each time."""
    salt, nonce = bytes([2]) * SALT_BYTES, bytes([2]) * NONCE_BYTES
    changed = with_passphrase(key(), "", PASSPHRASE, salt=salt, nonce=nonce)
    assert changed.open(PASSPHRASE).seed == SEED
    assert (changed.public, changed.has_passphrase) == (key().public, True)
    back = with_passphrase(changed, PASSPHRASE, "", salt=salt, nonce=nonce)
    assert back.open("").seed == SEED
    with pytest.raises(WrongPassphrase):
        with_passphrase(locked(), "", "", salt=salt, nonce=nonce)


def test_the_seed_is_not_in_the_file_nor_in_what_is_shown() -> None:
    for made in (key(), locked()):
        for text in (made.to_text(), repr(made)):
            assert SEED.hex() not in text
            assert repr(SEED)[2:-1] not in text


@pytest.mark.parametrize(("seed", "salt", "nonce"), [(31, 16, 12), (32, 15, 12), (32, 16, 0)])
def test_chance_of_another_size_is_a_mistake_of_ours(seed: int, salt: int, nonce: int) -> None:
    with pytest.raises(ValueError, match=rf"{seed}, {salt}, {nonce}"):
        new_operator_key(bytes(seed), "O01", BOOKS, "", salt=bytes(salt), nonce=bytes(nonce))


# The file.


def test_a_key_is_for_its_owner_and_replaces_none(file: Path) -> None:
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyInPlace):
        write_operator_key(file, key(chance=2))
    assert read(file) == key()
    replace_operator_key(file, key(chance=2))
    assert read(file) == key(chance=2)
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_of_somebody_else_or_of_other_books(file: Path) -> None:
    with pytest.raises(OperatorKeyOfAnother, match="O01"):
        read(file, operator="O02")
    with pytest.raises(OperatorKeyOfAnother, match=BOOKS):
        read(file, books="k-00000000")


def test_no_key(tmp_path: Path) -> None:
    with pytest.raises(OperatorKeyMissing, match="O01"):
        read(tmp_path / "k.O01.key")


@pytest.mark.skipif(os.name == "nt", reason="permissions of Windows are others")
def test_what_keeps_the_registrys_key_keeps_an_operators(tmp_path: Path, file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(KeyOpen):
        read(file)
    file.chmod(0o600)
    link = tmp_path / "link.key"
    link.symlink_to(file)
    pipe = tmp_path / "pipe.key"
    os.mkfifo(pipe)
    for strange in (link, pipe, tmp_path):
        with pytest.raises(KeyStrange):
            read(strange)
    tmp_path.chmod(0o777)
    with pytest.raises(KeyOpen):
        read(file)


def changed(field: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda facts: facts.update({field: value})


@pytest.mark.parametrize(
    "change",
    [
        changed("scrypt", [2**30, 8, 1]),
        changed("scrypt", [2, 8, 2**20]),
        changed("scrypt", [2, 2**20, 1]),
        changed("scrypt", [2**15, 8, 1]),
        changed("scrypt", []),
        changed("scrypt", None),
        changed("format", 2),
        changed("format", True),
        changed("books", "../k"),
        changed("books", 5),
        changed("operator", "O1"),
        changed("operator", "O01\n"),
        changed("public", "00" * 32),
        changed("public", "AB" * 32),
        changed("passphrase", 0),
        changed("salt", "01" * 15),
        changed("salt", "0 " * 16),
        changed("nonce", "01" * 13),
        changed("sealed", "01" * 47),
        changed("sealed", "0g" * 48),
        changed("more", ""),
        lambda facts: facts.pop("nonce"),
        lambda facts: facts.clear(),
    ],
)
def test_a_file_of_another_shape(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    facts = json.loads(file.read_text(encoding="utf-8"))
    change(facts)
    file.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(OperatorKeyUnreadable):
        read(file)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[" * 4000, id="deep"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"9" * 4096, id="a number"),
        pytest.param(key().to_text().encode() + b" " * 4096, id="long"),
        pytest.param(key().to_text().encode().replace(b"{", b'{"format":1,'), id="twice"),
        pytest.param(b"0" * 64, id="the registry's"),
    ],
)
def test_a_file_that_is_no_key(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(OperatorKeyUnreadable):
        read(file)


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_whatever_lies_there_is_a_refusal(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.mktemp("keys") / "k.O01.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(Refusal):
        read(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operator", "O02"),
        ("books", "k-00000000"),
        ("public", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        ("salt", "02" * 16),
        ("nonce", "02" * 12),
        ("sealed", "02" * 48),
    ],
)
def test_what_is_seen_of_a_key_is_bound_to_it(file: Path, field: str, value: str) -> None:
    """Nobody passes a key off as somebody else's, even one without a passphrase."""
    facts = json.loads(file.read_text(encoding="utf-8")) | {field: value}
    file.write_text(json.dumps(facts), encoding="utf-8")
    found = read(file, operator=facts["operator"], books=facts["books"])
    with pytest.raises(WrongPassphrase):
        found.open("")


def test_the_registrys_key_is_bounded_too(tmp_path: Path) -> None:
    path = tmp_path / "k.key"
    path.write_bytes(b"0" * 64 + b"\n" * 5000)
    path.chmod(0o600)
    with pytest.raises(KeyUnreadable):
        read_key(path)


# Where they lie.


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("k-5f327977.key", "k-5f327977"),
        ("办公室 [1]", "办公室 [1]"),
        (".key", ".key"),
        ("a.b", "a.b"),
    ],
)
def test_a_users_files_lie_beside_the_registrys_key(tmp_path: Path, name: str, stem: str) -> None:
    registry_key = tmp_path / name
    assert operator_key_path(registry_key, "O01") == tmp_path / f"{stem}.O01.key"
    assert default_operator_path(registry_key) == tmp_path / f"{stem}.default"
    assert witness_path(registry_key) == tmp_path / f"{stem}.witness"
    assert operators_with_keys(registry_key) == []
    for operator in ("O12", "O02", "O100"):
        operator_key_path(registry_key, operator).touch()
    for other in (f"{stem}.O1.key", f"{stem}.O02.key.new", f"x{stem}.O03.key", f"{stem}.O04.KEY"):
        (tmp_path / other).touch()
    assert operators_with_keys(registry_key) == ["O02", "O12", "O100"]


def test_no_folder_has_no_keys(tmp_path: Path) -> None:
    assert operators_with_keys(tmp_path / "none" / "k.key") == []


def test_the_operator_of_this_machine(tmp_path: Path) -> None:
    path = default_operator_path(tmp_path / "k.key")
    assert read_default_operator(path) is None
    for operator in ("O01", "O02"):
        write_default_operator(path, operator)
        assert read_default_operator(path) == operator
    for content in (b"", b"O1\n", b"O01 O02\n", b"\xff", "０1".encode()):
        path.write_bytes(content)
        with pytest.raises(DefaultOperatorUnreadable):
            read_default_operator(path)
