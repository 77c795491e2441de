"""Bundles that were broken in known ways, as somebody with the county's own key could do it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

from ledger.books.settings import read_settings
from ledger.keys.operator_key import read_operator_key
from ledger.keys.places import operator_key_path
from ledger.keys.signing import Signer
from ledger.model.operators import FIRST_OPERATOR
from ledger.province.bundle import MANIFEST
from ledger.province.bundle import SIGNATURE
from ledger.province.bundle import manifest_text
from ledger.province.bundle import read_bundle
from ledger.province.bundle import to_sign
from ledger.province.bundle_file import archive_parts
from provincial.county import County

Files = dict[str, bytes]


def signer_of(county: County) -> Signer:
    path = operator_key_path(county.key, FIRST_OPERATOR)
    books = read_settings(county.books).key
    return read_operator_key(path, operator=FIRST_OPERATOR, books=books).open("")


def forge(path: Path, county: County, change: Callable[[Files], None]) -> None:
    """Change files of a bundle, and let the county's operator sign it anew."""
    old = read_bundle(path.read_bytes())
    files: Files = dict(old.files)
    change(files)
    listed = sorted(files.items())
    manifest = manifest_text(old.kind, old.head, old.operator, listed)
    signature = signer_of(county).sign(to_sign(manifest)).encode("ascii") + b"\n"
    members = [(MANIFEST, manifest), (SIGNATURE, signature), *listed]
    path.write_bytes(b"".join(archive_parts(members)))


def _replaced(word: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        (name,) = (one for one in files if word in one)
        assert old in files[name], name
        files[name] = files[name].replace(old, new)

    return change


def _hostile(files: Files) -> None:
    files["books/main.beancount"] += b'\nplugin "evil"\n'


def _shortened(files: Files) -> None:
    newest = max(name for name in files if name.startswith("books/events/"))
    del files[newest]


def _packed(path: Path, county: County) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in read_bundle(path.read_bytes()).files.items():
            archive.writestr(name, text)
    path.write_bytes(content.getvalue())


def _cut(path: Path, county: County) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _forging(change: Callable[[Files], None]) -> Callable[[Path, County], None]:
    return lambda path, county: forge(path, county, change)


def _unsigned(path: Path, county: County) -> None:
    old = read_bundle(path.read_bytes())
    files = dict(old.files)
    files["books/main.beancount"] += b"; by somebody else\n"
    listed = sorted(files.items())
    manifest = manifest_text(old.kind, old.head, old.operator, listed)
    members = [(MANIFEST, manifest), (SIGNATURE, f"{old.signature}\n".encode()), *listed]
    path.write_bytes(b"".join(archive_parts(members)))


# What is done to a bundle, and the code of the first finding.
FAULTS: Mapping[str, tuple[Callable[[Path, County], None], str]] = {
    "an event was changed": (
        _forging(_replaced("prepared", b"  500.00 CNY", b"  900.00 CNY")), "chain"
    ),
    "the newest event is gone": (_forging(_shortened), "chain"),
    "a hostile plugin": (_forging(_hostile), "books-not-plain"),
    "the rate was raised afterwards": (
        _forging(_replaced("rules", b" 500.00 CNY", b" 580.00 CNY")), "closed_month"
    ),
    "nobody has signed it": (_unsigned, "bundle-not-signed"),
    "packed again": (_packed, "bundle-packed"),
    "cut off": (_cut, "bundle-not-an-archive"),
}  # fmt: skip
