"""Several counties, each with books of its own, and the province that they hand bundles up to."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from concurrent.futures import Executor
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.capture import CaptureResult

from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.books.new_books import create_books
from ledger.books.new_programme import new_programme
from ledger.books.settings import read_settings
from ledger.cli import execute
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.signing import Signer
from ledger.model.payees import Payee
from ledger.province.bundle import MANIFEST
from ledger.province.bundle import SIGNATURE
from ledger.province.bundle import BundleKind
from ledger.province.bundle import manifest_text
from ledger.province.bundle import read_bundle
from ledger.province.bundle import to_sign
from ledger.province.bundle_file import archive_parts
from tests.support.acting import clock
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import Answer
from tests.support.office import Office

PASSPHRASE = "省里的 口令"
MONTH, DAY = "2020-11", "2020-11-30"
# Of two prefectures of a province.
COUNTIES = ("370481", "370404", "370502", "370102")


def new_county(folder: Path, code: str, capture: pytest.CaptureFixture[str]) -> Office:
    """New books of a county, with the rules of the illustration."""
    folder.mkdir()
    own = new_programme(today=clock().date())
    programme = replace(new_programme(today=clock().date(), county=code), rules=own.rules)
    office = Office(folder / "books", folder / "registry.key", capture)
    create_books(
        office.folder,
        clock,
        secrets.token_hex,
        programme=programme,
        key_file=office.key,
        name="测试员",
    )
    return office


def at_work(
    office: Office, *, number: int = 0, change: Callable[[Payee], Payee] | None = None
) -> Office:
    """Five people of a county are sent 800 each: three are paid, one waits, one comes back.

    ``number`` makes others of them than in another county.
    """
    town = office.books().programme.towns[0].code
    office.receive(100_000)
    office.people = number
    office.register(5, town=town, change=change)
    assert office.disburse().status == 0
    assert office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11").status == 0
    answers = everyone(PAID, 1, 2, 3) | everyone(PENDING, 4) | everyone(CLOSED, 5)
    assert take_result(office, answers).status == 0
    return office


@dataclass
class Province:
    """The province's folder and keys, and the command at work on bundles."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    @property
    def key(self) -> Path:
        return self.folder / "keys" / "province.key"

    @property
    def public(self) -> Path:
        return self.folder / "keys" / "province.pub"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def run(self, *arguments: str | Path) -> Answer:
        self.capture.readouterr()
        status = execute(list(map(str, arguments)))
        out, err = self.capture.readouterr()
        return Answer(status, out, err)

    def consolidate(self, *bundles: Path, options: Sequence[str | Path] = ()) -> Answer:
        """As of the month's end, on one process."""
        usual = ("--out", str(self.out), "--month", MONTH, "--json")
        return self.run("consolidate", *bundles, *usual, *options)


def bundle_of(office: Office, *options: str | Path, name: str = "") -> Path:
    """What the county hands up."""
    path = office.folder.parent / (name or f"{office.folder.parent.name}.zip")
    path.unlink(missing_ok=True)
    answer = office.run("bundle", path, *options, "--json")
    assert answer.status == 0, answer.err
    return path


def forged(
    bundle: Path,
    change: Mapping[str, bytes | None] | Callable[[dict[str, bytes]], object],
    *,
    signed_by: Office | None = None,
    name: str = "",
) -> Path:
    """A bundle whose files are others; its list says so, and somebody with a key has signed it.

    Without a key the old signature stands below the new list.
    """
    old = read_bundle(bundle.read_bytes())
    files = dict(old.files)
    if callable(change):
        change(files)
    else:
        for key, content in change.items():
            files.pop(key, None)
            if content is not None:
                files[key] = content
    listed = sorted(files.items())
    manifest = manifest_text(BundleKind(old.kind), old.head, old.operator, listed)
    signature = old.signature
    if signed_by is not None:
        signature = signer_of(signed_by).sign(to_sign(manifest))
    return packed(
        bundle.with_name(name or f"forged-{digest(manifest)[:8]}.zip"),
        [(MANIFEST, manifest), (SIGNATURE, f"{signature}\n".encode()), *listed],
    )


def packed(path: Path, members: Sequence[tuple[str, bytes]]) -> Path:
    path.write_bytes(b"".join(archive_parts(members)))
    return path


def signer_of(office: Office, operator: str = "O01") -> Signer:
    """The open key of an operator."""
    key = read_settings(office.folder).key
    path = operator_key_path(office.key, operator)
    return read_operator_key(path, operator=operator, books=key).open("")


class Inline(Executor):
    """Does what it is given at once, in this process."""

    def submit(self, call: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(call(*arguments, **named))
        return future


class Silent(pytest.CaptureFixture[str]):
    """What is made for several tests says nothing to any of them."""

    def __init__(self) -> None:
        pass

    def readouterr(self) -> CaptureResult[str]:
        return CaptureResult("", "")
