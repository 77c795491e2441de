"""Making a new set of books (账套)."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.base.actor_and_clock import Clock
from ledger.base.actor_and_clock import Stamp
from ledger.base.actor_and_clock import stamp
from ledger.base.books_folder import ACCOUNTS_FILE
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HAND_FILE
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import JOURNAL
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.books_folder import REPORTS
from ledger.base.books_folder import RULES_FILE
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.books_folder import STAGING
from ledger.base.books_folder import STATEMENTS
from ledger.base.digests import digest
from ledger.base.language import CHINESE
from ledger.base.language import gettext as _
from ledger.base.outside_text import is_plain
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import is_plain_tree
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import Value
from ledger.base.toml_edit import with_values
from ledger.books.books import require_plain_path
from ledger.books.first_keys import FirstKeys
from ledger.books.first_keys import OntoPaper
from ledger.books.first_keys import first_keys
from ledger.books.first_keys import require_no_other_operator
from ledger.books.new_programme import FUNDS
from ledger.books.new_programme import OTHER_LINES
from ledger.books.new_programme import NewProgramme
from ledger.books.new_programme import new_programme
from ledger.books.new_programme import subsidy_item
from ledger.books.permissions import SHARED
from ledger.books.places import MARK
from ledger.books.provenance import fingerprint_of
from ledger.books.settings import read_settings
from ledger.events.event_file import NO_EVENT
from ledger.events.event_file import Drafting
from ledger.events.event_file import Head
from ledger.events.event_file import event_file_name
from ledger.events.event_text import init_event
from ledger.events.signatures import signed
from ledger.keys.registry_key import RandomHex
from ledger.keys.registry_key import key_path
from ledger.keys.registry_key import new_key_name
from ledger.keys.registry_key import require_apart
from ledger.model.accounts import BANK
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import INTEREST
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import Place
from ledger.model.accounts import payable_account
from ledger.model.ids import FundComponent
from ledger.model.operators import NO_NAME
from ledger.model.operators import operator_name
from ledger.registry.registry import Registry

TEMPLATE = Path(__file__).parent / "template"
FOLDERS = (JOURNAL, EVENTS_FOLDER, PAYOUTS, REPORTS, STATEMENTS)
# The names of these templates in the books: a file that begins with a dot is no template.
RENAMED = {"gitattributes": ".gitattributes", "gitignore": ".gitignore"}
HALF_MADE = {
    *FOLDERS, *RENAMED.values(), STAGING, SETTINGS_FILE, PROGRAMME_FILE, RULES_FILE,
    ACCOUNTS_FILE, REGISTRY_FILE, f"{REGISTRY_FILE}-journal", HEAD_FILE, f"{MAIN_FILE}.new",
}  # fmt: skip
NO_VALUES: Mapping[str, Value] = {}


class Approvals(enum.StrEnum):
    """Who looks at a batch before it is paid, in new books: nobody, one, or of much money two."""

    NONE = "none"
    CHECK = "check"
    APPROVE = "approve"


# With the role that is asked for, or with both from so much money on.
APPROVAL_RULES = {
    Approvals.NONE: "",
    Approvals.CHECK: '{opening} custom "census-approval" 0.00 CNY "审核"\n',
    Approvals.APPROVE: (
        '{opening} custom "census-approval" 0.00 CNY "审核"\n'
        '{opening} custom "census-approval" 500000.00 CNY "审核" "审批"\n'
    ),
}


class FolderNotEmpty(Refusal):
    """New books want a new or an empty folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("{folder} is not empty: new books want a new or an empty folder").format(
                folder=folder
            )
        )


class UnitUnprintable(Refusal):
    """A unit's name that would break the files it is written into."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "the unit's name must be one line of characters that can be seen, without quotes"
                " and backslashes"
            )
        )


def create_books(
    folder: Path,
    clock: Clock,
    random_hex: RandomHex,
    *,
    programme: NewProgramme | None = None,
    unit: str | None = None,
    key_file: Path | None = None,
    name: str = NO_NAME,
    passphrase: str = "",
    onto_paper: OntoPaper | None = None,
    approvals: Approvals = Approvals.NONE,
    settings: Mapping[str, Value] = NO_VALUES,
    language: str = CHINESE,
) -> FirstKeys:
    """Make the books in a new or empty folder and return their keys.

    ``main.beancount`` comes last: with it the books are there. What a killed ``init`` has left is
    made anew by the next; after an error nothing is left. The first operator has the ``name`` and
    the ``passphrase``, and batches ask for the ``approvals``; ``settings`` are values of the
    settings' file that are other than the template's, and the pages speak the ``language``.
    Without a ``programme`` the default one is taken, in its own county, and without a ``unit`` the
    programme says what it is called.

    Raises UnitUnprintable, OperatorNameRefused, FolderUnreadable, FolderNotEmpty, KeyBesideBooks
    for a key in the folder, or KeyInPlace.
    """
    name = operator_name(name)
    new = programme or new_programme(today=clock().date())
    unit = new.unit if unit is None else unit
    require_unit_name(unit)
    require_plain_path(folder)
    was_there = folder.exists()
    if not may_become_books(folder):
        raise FolderNotEmpty(folder)
    key_name = new_key_name(random_hex)
    path_of_key = key_path(key_name, key_file)
    require_apart(path_of_key, folder)
    require_no_other_operator(path_of_key, _half_made(folder))
    has_key = path_of_key.exists()
    keys = first_keys(key_name, path_of_key, random_hex, name=name, passphrase=passphrase)
    try:
        durable.make_folder(folder / STAGING, private=True)
        durable.make_folder(folder / STAGING / MARK)
        _clear(folder)
        head = _write_books(folder, stamp(keys.actor, clock), unit, new, keys, approvals, settings)
        if onto_paper is not None:
            onto_paper(keys.books, fingerprint_of(head.sha256), keys.safe_seed)
        keys.write()
        keys.witness(folder, head.sha256)
        durable.replace_file(folder / MAIN_FILE, _template(MAIN_FILE, unit, new, language))
    except BaseException:
        with suppress(OSError):
            _take_back(folder, keep_folder=was_there)
            keys.take_back()
            if not has_key:
                durable.remove_file(path_of_key)
        raise
    # The books are there. The next command removes the mark if it stays.
    with suppress(OSError):
        durable.remove_tree(folder / STAGING)
    return keys


def require_unit_name(unit: str) -> None:
    """Raises UnitUnprintable for what cannot be a unit's name."""
    if not unit.strip() or not is_plain(unit) or any(sign in unit for sign in '"\\'):
        raise UnitUnprintable


def _half_made(folder: Path) -> str | None:
    """The name of the books that a killed command has begun in the folder."""
    with suppress(OSError, ValueError, Refusal):
        if is_folder(folder / STAGING / MARK):
            return read_settings(folder).key
    return None


def _write_books(
    folder: Path,
    by: Stamp,
    unit: str,
    new: NewProgramme,
    keys: FirstKeys,
    approvals: Approvals,
    values: Mapping[str, Value],
) -> Head:
    """Everything but the main file, on the disk; the first event."""
    for name in FOLDERS:
        durable.make_folder(folder / name, private=name in SHARED)
    settings = _template(SETTINGS_FILE, unit, new).replace(b"{key}", keys.books.encode("ascii"))
    if values:
        settings = with_values(SETTINGS_FILE, settings.decode(), values).encode("utf-8")
    durable.write_file(folder / SETTINGS_FILE, settings)
    durable.write_file(folder / PROGRAMME_FILE, new.text.encode("utf-8"))
    rules = new.rules + APPROVAL_RULES[approvals].replace("{opening}", str(new.opening))
    durable.write_file(folder / RULES_FILE, rules.encode("utf-8"))
    durable.write_file(folder / HAND_FILE, _template(HAND_FILE, unit, new))
    durable.write_file(folder / ACCOUNTS_FILE, accounts_text(new).encode("utf-8"))
    for name, in_books in RENAMED.items():
        durable.write_file(folder / in_books, _template(name, unit, new))
    # SQLite gives what it writes beside the file the same permissions.
    durable.write_file(folder / REGISTRY_FILE, b"", mode=durable.FOR_THE_OWNER)
    text = init_event(new.opening, Drafting(NO_EVENT, by), unit, keys.operator, keys.safe)
    event = signed(text.encode("utf-8"), keys.signer)
    with Registry.create(folder / REGISTRY_FILE, keys.registry) as registry:
        registry.anchors.pend([(0, digest(event))])
        registry.anchors.settle(0)
    durable.write_file(folder / EVENTS_FOLDER / event_file_name(0, "init"), event)
    head = Head(0, digest(event))
    durable.write_file(folder / HEAD_FILE, head.to_text().encode("ascii"))
    durable.sync_tree(folder)
    return head


def may_become_books(folder: Path) -> bool:
    """Whether new books can be made there: it is not there yet, or it is free."""
    return not folder.exists() or (folder.is_dir() and _is_free(folder.resolve()))


def _is_free(folder: Path) -> bool:
    """Whether the folder is empty, or holds nothing but what a killed ``init`` has left."""
    names = {path.name for path in folder.iterdir()}
    if not is_plain_tree(folder):
        return False
    if is_folder(folder / STAGING / MARK):
        return MAIN_FILE not in names and names <= HALF_MADE
    return names <= {STAGING} and not any((folder / STAGING).glob("*"))


def _clear(folder: Path) -> None:
    """Remove what a killed ``init`` has left, but for the mark by which it is known."""
    for path in sorted(folder.iterdir()):
        if path.name in HALF_MADE - {STAGING}:
            (durable.remove_tree if is_folder(path) else durable.remove_file)(path)


def _take_back(folder: Path, *, keep_folder: bool) -> None:
    """Remove what was made. The main file goes first, and then these are no books any more."""
    durable.remove_file(folder / MAIN_FILE)
    if not keep_folder:
        durable.remove_tree(folder)
        return
    _clear(folder)
    durable.remove_tree(folder / STAGING)


def accounts_text(new: NewProgramme) -> str:
    """The open directives: the unit's accounts, and a leaf for every fund and town."""
    programme = new.programme
    accounts = [
        f"{BANK}:01{programme.bank.account}",
        TRANSIT,
        SUSPENSE,
        INTEREST,
        INCOME_TAX,
        *FUNDS.values(),
    ]
    for fund in FUNDS:
        expenses = f"Expenses:5001业务活动费用:{fund}"
        accounts += [f"{expenses}:{line}" for line in OTHER_LINES]
        accounts += [
            f"{expenses}:{subsidy_item(programme)}:{town.component}" for town in programme.towns
        ]
        accounts += [
            payable_account(place, FundComponent(fund), town.component)
            for place in (Place.AWAITED, Place.RETURNED, Place.QUERIED)
            for town in programme.towns
        ]
    lines = [f"{new.opening} open {account} CNY" for account in accounts]
    return "; 会计科目。科目名的每一段都以编码开头。\n" + "".join(f"{line}\n" for line in lines)


def _template(name: str, unit: str, new: NewProgramme, language: str = CHINESE) -> bytes:
    text = (TEMPLATE / name).read_text(encoding="utf-8")
    words = {
        "unit": unit,
        "language": language,
        "opening": str(new.opening),
        "programme": new.programme.name,
        "payment": new.programme.payment,
        # A TOML text is written as a JSON one.
        "programme_words": json.dumps(new.programme.name, ensure_ascii=False),
    }
    for key, word in words.items():
        text = text.replace(f"{{{key}}}", word)
    return text.encode("utf-8")
