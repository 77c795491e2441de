"""Keys on their way to another machine: the registry's, or an operator's, under a passphrase."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import kind_of
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.backup_layout import REGISTRY_KEY
from ledger.books.backup_layout import operator_key_name
from ledger.books.backup_layout import operator_of_key
from ledger.books.books import load_books
from ledger.books.registry_access import key_in_use
from ledger.books.registry_access import opens
from ledger.books.settings import read_settings
from ledger.keys.default_operator import read_default_operator
from ledger.keys.default_operator import write_default_operator
from ledger.keys.operator_key import operator_key_in
from ledger.keys.operator_key import read_operator_key
from ledger.keys.operator_key import write_operator_key
from ledger.keys.places import default_operator_path
from ledger.keys.places import operator_key_path
from ledger.keys.private_file import LONGEST
from ledger.keys.registry_key import KeyInPlace
from ledger.keys.registry_key import KeyUnreadable
from ledger.keys.registry_key import RandomHex
from ledger.keys.registry_key import key_content
from ledger.keys.registry_key import key_in
from ledger.keys.registry_key import read_key
from ledger.keys.registry_key import replace_key
from ledger.keys.registry_key import require_apart
from ledger.keys.registry_key import write_key
from ledger.keys.sealed_archive import ArchiveReader
from ledger.keys.sealed_archive import ArchiveStrange
from ledger.keys.sealed_archive import Member
from ledger.keys.sealed_archive import SealedInPlace
from ledger.keys.sealed_archive import write_archive
from ledger.keys.sealed_stream import Purpose
from ledger.keys.stretching import SALT_BYTES
from ledger.model.operators import KeyOfStranger
from ledger.registry.registry import Registry
from ledger.registry.registry_file import WrongKey


class AnotherKeyCarried(Refusal):
    """A file holds another key than was asked for."""

    def __init__(self, path: Path, found: str | None) -> None:
        message = (
            _("{path} holds the key of operator {found}, and not the one that was asked for")
            if found
            else _("{path} holds the registry's key, and not the one that was asked for")
        )
        super().__init__(message.format(path=path, found=found), found=found)


class Imported(Record):
    """A key that is now at ``path``; ``operator`` is whose, None for the registry's.

    ``is_default``: who works on this machine from now on.
    """

    path: Path
    operator: str | None
    is_default: bool = False


def require_free(path: Path, books: Path) -> None:
    """Raises KeyBesideBooks or SealedInPlace for a place where a key is not written."""
    require_apart(path, books)
    if path.exists():
        raise SealedInPlace(path)


def export_key(
    books: Path,
    path: Path,
    passphrase: str,
    operator: str | None,
    *,
    registry_key: Path,
    random_hex: RandomHex,
) -> None:
    """Write the registry's key, or an operator's, into a file under a passphrase.

    Raises KeyBesideBooks, SealedInPlace, or a refusal of the key.
    """
    require_free(path, books)
    if operator is None:
        member = Member(REGISTRY_KEY, key_content(key_in_use(books, registry_key)))
    else:
        key = read_operator_key(
            operator_key_path(registry_key, operator),
            operator=operator,
            books=read_settings(books).key,
        )
        member = Member(operator_key_name(operator), key.to_text().encode("utf-8"))
    salt = bytes.fromhex(random_hex(SALT_BYTES))
    write_archive(path, Purpose.KEY, passphrase, [member], salt)


def import_key(
    books: Path, path: Path, passphrase: str, operator: str | None, *, registry_key: Path
) -> Imported:
    """Bring the key out of such a file to this machine.

    Raises a refusal of the sealed file, AnotherKeyCarried, WrongKey, KeyOfStranger or KeyInPlace.
    """
    name, content = _carried(path, passphrase)
    whose = operator_of_key(name)
    if whose != operator:
        raise AnotherKeyCarried(path, whose)
    if whose is None:
        return import_registry_key(books, key_in(content, path), registry_key=registry_key)
    return _import_operator_key(books, content, path, whose, registry_key)


def _carried(path: Path, passphrase: str) -> tuple[str, bytes]:
    with ArchiveReader(path, Purpose.KEY, passphrase) as archive:
        (listed,) = archive.members if len(archive.members) == 1 else (None,)
        is_key = listed is not None and (
            listed.name == REGISTRY_KEY or operator_of_key(listed.name) is not None
        )
        # guard: one-key-carried
        if listed is None or not is_key or listed.size > LONGEST:
            raise ArchiveStrange(path)
        ((_listed, content),) = ((one, b"".join(pieces)) for one, pieces in archive)
    return listed.name, content


def import_registry_key(books: Path, key: str, *, registry_key: Path) -> Imported:
    """Put the registry's key where it belongs, in the place of one that was its key before.

    Raises WrongKey, KeyBesideBooks or KeyInPlace.
    """
    require_apart(registry_key, books)
    # guard: key-tried-on-registry
    if not opens(books, key):
        raise WrongKey(books / REGISTRY_FILE)
    if kind_of(registry_key) is None:
        durable.make_folder(registry_key.parent, private=True)
        write_key(registry_key, key)
    elif (there := _key_there(registry_key)) != key:
        # guard: only-former-key-replaced
        if there is None or not _was_key(books, key, there):
            raise KeyInPlace(registry_key)
        replace_key(registry_key, key)
    return Imported(registry_key, None)


def _key_there(path: Path) -> str | None:
    with suppress(KeyUnreadable):
        return read_key(path)
    return None


def _was_key(books: Path, key: str, other: str) -> bool:
    with Registry(books / REGISTRY_FILE, key) as registry:
        return registry.had_key(digest(other.encode("ascii")))


def _import_operator_key(
    books: Path, content: bytes, path: Path, operator: str, registry_key: Path
) -> Imported:
    loaded = load_books(books)
    key = operator_key_in(content, path, operator=operator, books=loaded.settings.key)
    named = loaded.history.operators.get(operator)
    # guard: key-of-a-named-operator
    if named is None or named.key != key.public:
        raise KeyOfStranger(operator)
    require_apart(registry_key, books)
    target = operator_key_path(registry_key, operator)
    durable.make_folder(target.parent, private=True)
    if kind_of(target) is None:
        write_operator_key(target, key)
    else:
        there = read_operator_key(target, operator=operator, books=loaded.settings.key)
        # guard: other-operators-key-stays
        if there.public != key.public:
            raise KeyInPlace(target)
    default = default_operator_path(registry_key)
    is_default = read_default_operator(default) is None
    if is_default:
        write_default_operator(default, operator)
    return Imported(target, operator, is_default)
