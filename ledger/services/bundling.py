"""`bundle`: what a county hands up of its books, signed by an operator, in one file."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.controls.books_text import read_texts
from ledger.events.event_file import digests_of_events
from ledger.events.event_file import event_paths
from ledger.keys.province_key import KEY_BYTES
from ledger.keys.province_key import fingerprint_of_key
from ledger.keys.province_key import seal_to
from ledger.keys.registry_key import RandomHex
from ledger.keys.sealed_archive import SealedInPlace
from ledger.model.history import Batch
from ledger.model.operators import require_not_retired
from ledger.model.transitions import State
from ledger.province.bundle import BOOKS
from ledger.province.bundle import EVENTS
from ledger.province.bundle import EVENTS_LIST
from ledger.province.bundle import FIGURES
from ledger.province.bundle import MANIFEST
from ledger.province.bundle import NUMBERS
from ledger.province.bundle import RETURNS
from ledger.province.bundle import SIGNATURE
from ledger.province.bundle import BundleKind
from ledger.province.bundle import is_event_of_operators
from ledger.province.bundle import manifest_text
from ledger.province.bundle import read_bundle
from ledger.province.bundle import to_sign
from ledger.province.bundle_file import archive_parts
from ledger.province.bundle_file import read_whole
from ledger.province.county_figures import ReturnRow
from ledger.province.county_figures import county_figures
from ledger.province.figures_text import figures_text
from ledger.province.numbers import bearers_text
from ledger.province.numbers import purpose_of
from ledger.province.numbers import read_rows
from ledger.province.numbers import rows_text
from ledger.province.returns_by_bank import returns_text
from ledger.province.returns_by_bank import with_banks
from ledger.province.sent_money import sent_money
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry
from ledger.services.backup import require_place
from ledger.services.unit_of_work import Work

# An identity number or an account, in groups or in one: longer than any code of a town or a post.
_NUMBER = re.compile(r"(?<![\dA-Za-z])\d(?:[ -]?\d){14,}")


class NumberInText(Refusal):
    """What people have typed into the books is not to be handed on."""

    def __init__(self, file: str, line: int) -> None:
        message = _(
            "{file}:{line}: this looks like an account or an identity number, which is not handed"
            " up: take it out of the text"
        )
        super().__init__(message.format(file=file, line=line), line=line)


class RowsNotKept(Refusal):
    """The registry does not hold what was sent."""

    def __init__(self) -> None:
        message = _(
            "the registry does not hold all rows that were paid by: restore books and registry from"
            " the same backup"
        )
        super().__init__(message)


class Made(Record):
    """A bundle that was written and read back. ``people`` are those whose numbers are sealed."""

    kind: BundleKind
    seq: int
    head: Digest
    sha256: Digest
    files: int
    size: int
    operator: str
    sealed_to: str | None
    people: int


def bundle(
    work: Work,
    path: Path,
    *,
    day: datetime.date,
    only_figures: bool,
    province: bytes | None,
    random_hex: RandomHex,
) -> Made:
    """Write the bundle. The work holds the lock, so that it is of one state of the books.

    ``day`` is that of the figures, ``province`` the public key that numbers are sealed to. Raises
    BackupInBooks, SealedInPlace, NumberInText, RowsNotKept, OperatorRetired or OSError.
    """
    books, head = work.books, work.writer.head
    require_place(path, books.folder)
    signer = work.acting.actor.signer
    assert signer is not None, "a bundle is signed"
    require_not_retired(books.history.operators.get(work.acting.actor.operator), head.seq + 1)
    returns = tuple(_returns(books, work.registry))
    kind = BundleKind.FIGURES if only_figures else BundleKind.BOOKS
    if only_figures:
        files = list(_figures(books, day, returns))
    else:
        files = [*_texts(books), (RETURNS, returns_text(returns))]
    people = 0
    if province is not None:
        numbers, people = _numbers(books, work.registry, kind)
        seed = bytes.fromhex(random_hex(KEY_BYTES))
        files.append((NUMBERS, seal_to(province, numbers, purpose_of(head), seed)))
    files.sort()
    manifest = manifest_text(kind, head, work.acting.actor.operator, files)
    signature = signer.sign(to_sign(manifest)).encode("ascii") + b"\n"
    members = [(MANIFEST, manifest), (SIGNATURE, signature), *files]

    def read_back(there: Path) -> None:
        read_bundle(read_whole(there)).require_signed(books.history.operators)

    try:
        parts = archive_parts(members)
        durable.create_file_of(path, parts, mode=durable.FOR_THE_OWNER, proof=read_back)
    except FileExistsError:
        raise SealedInPlace(path) from None
    content = read_plain(path)
    return Made(
        kind,
        head.seq,
        head.sha256,
        digest(content),
        len(members),
        len(content),
        work.acting.actor.operator,
        None if province is None else fingerprint_of_key(province),
        people,
    )


def _texts(books: Books) -> Iterator[tuple[str, bytes]]:
    """The text of the books; of the settings only what it takes to read it."""
    folder = books.folder.absolute()
    for name, content in read_texts(folder / MAIN_FILE).contents.items():
        short = Path(name).relative_to(folder).as_posix()
        if not short.startswith(EVENTS):
            _require_no_numbers(short, content)
        yield BOOKS + short, content
    for name in (PROGRAMME_FILE, HEAD_FILE):
        yield BOOKS + name, read_plain(folder / name)
    unit, key = (json.dumps(text, ensure_ascii=False) for text in _of_settings(books))
    text = (
        f"[unit]\nname = {unit}\n\n[registry]\nkey = {key}\n\n"
        '[bank]\nown_profile = "-"\nother_profile = "-"\n'
    )
    yield BOOKS + SETTINGS_FILE, text.encode("utf-8")


def _of_settings(books: Books) -> tuple[str, str]:
    return books.settings.unit, books.settings.key


def _require_no_numbers(name: str, content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    found = _NUMBER.search(text)
    # guard: no-numbers-handed-up
    if found is not None:
        raise NumberInText(name, text.count("\n", 0, found.start()) + 1)


def _figures(
    books: Books, day: datetime.date, returns: Sequence[ReturnRow]
) -> Iterator[tuple[str, bytes]]:
    """The figures, the list of events, and those of them that say who signs."""
    figures = with_banks(county_figures(books, day), returns)
    yield FIGURES, figures_text(figures)
    yield EVENTS_LIST, "".join(f"{one}\n" for one in digests_of_events(books.folder)).encode()
    for path in event_paths(books.folder):
        name = f"{EVENTS_FOLDER}/{path.name}"
        if is_event_of_operators(name):
            yield name, read_plain(path)


def _returns(books: Books, registry: Registry) -> Iterator[ReturnRow]:
    """What came back by bank, which the rows alone say. Raises RowsMissing."""
    for batch in books.history.batches.values():
        if State.RETURNED in batch.outcomes.values():
            yield from _returns_of(batch, registry)


def _returns_of(batch: Batch, registry: Registry) -> Iterator[ReturnRow]:
    people: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows_of_batch(registry, batch):
        if batch.outcomes.get(row.payee_id) is State.RETURNED:
            key = (batch.reasons.get(row.payee_id, ""), row.bank)
            people[key] += 1
            sums[key] += row.amount_fen
    for (reason, bank), count in people.items():
        yield ReturnRow(batch.id, reason, bank, count, sums[reason, bank])


def _numbers(books: Books, registry: Registry, kind: BundleKind) -> tuple[bytes, int]:
    """What is sealed, and of how many people. Raises RowsNotKept."""
    sent = sent_money(books.history)
    rows = []
    for name in sorted({one.rows for one in sent}):
        content = registry.frozen(name)
        if content is None or digest(content) != name:
            raise RowsNotKept
        rows.append(content)
    text = rows_text(rows)
    # What the province does with it is tried here: it opens, and is of everybody.
    bearers = read_rows(text, sent)
    people = len({one.payee for one in bearers})
    return (text if kind is BundleKind.BOOKS else bearers_text(bearers)), people
