"""Making a new set of books (账套)."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from ledger.accounts import BANK
from ledger.accounts import INTEREST
from ledger.accounts import SUSPENSE
from ledger.accounts import TRANSIT
from ledger.accounts import Place
from ledger.accounts import payable_account
from ledger.event_file import EVENTS_FOLDER
from ledger.event_file import HEAD_FILE
from ledger.event_file import NOTHING_BEFORE
from ledger.event_file import Head
from ledger.event_file import event_file_name
from ledger.event_text import init_event
from ledger.instructions import digest
from ledger.key_file import create_key
from ledger.key_file import key_path
from ledger.key_file import new_key_name
from ledger.language import gettext as _
from ledger.refusal import Refusal
from ledger.registry import REGISTRY_FILE
from ledger.registry import Registry
from ledger.settings import SETTINGS_FILE
from ledger.towns import towns

TEMPLATE = Path(__file__).parent / "template"
OPENING = datetime.date(2020, 1, 1)
DEFAULT_UNIT = "滕州市第七次全国人口普查领导小组办公室"
FUNDS = {
    "01本级财政": "Income:4001财政拨款收入:01本级财政",
    "02上级补助": "Income:4601非同级财政拨款收入:02上级补助",
}
SUBSIDY_ITEM = "30226劳务费:01两员补助"
OTHER_LINES = (
    "30201办公费",
    "30202印刷费",
    "30204手续费",
    "30207邮电费",
    "30211差旅费",
    "30215会议费",
    "30216培训费",
    "30227委托业务费",
    "30239其他交通费用",
    "30299其他商品和服务支出",
    "31002办公设备购置",
)


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
        super().__init__(_("the unit's name must be one line without quotes and backslashes"))


def create_books(folder: Path, *, unit: str = DEFAULT_UNIT, key_file: Path | None = None) -> Path:
    """Make the books in a new folder and return the path of the registry's key.

    Event 0 and HEAD come last, so that a folder without HEAD is known to be half-made.
    """
    if not unit.strip() or any(character in unit for character in '"\\\n\r'):
        raise UnitUnprintable
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder)
    key_name = new_key_name()
    path_of_key = key_path(key_name, key_file)
    key = create_key(path_of_key)
    for name in ("journal", EVENTS_FOLDER, "payouts", "reports"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for template in ("main.beancount", "rules.beancount", "journal/hand.beancount"):
        _write(folder / template, _template(template).replace("{unit}", unit))
    settings = _template(SETTINGS_FILE).replace("{unit}", unit).replace("{key}", key_name)
    _write(folder / SETTINGS_FILE, settings)
    _write(folder / "accounts.beancount", accounts_text())
    _write(folder / ".gitattributes", _template("gitattributes"))
    _write(folder / ".gitignore", _template("gitignore"))
    Registry.create(folder / REGISTRY_FILE, key).close()
    event = init_event(OPENING, unit, previous=NOTHING_BEFORE)
    _write(folder / EVENTS_FOLDER / event_file_name(0, "init"), event)
    _write(folder / HEAD_FILE, Head(0, digest(event.encode("utf-8"))).to_text())
    return path_of_key


def accounts_text() -> str:
    """The open directives: the unit's accounts, and a leaf for every fund and town."""
    accounts = [f"{BANK}:01滕州农商行", TRANSIT, SUSPENSE, INTEREST, *FUNDS.values()]
    for fund in FUNDS:
        expenses = f"Expenses:5001业务活动费用:{fund}"
        accounts += [f"{expenses}:{line}" for line in OTHER_LINES]
        accounts += [f"{expenses}:{SUBSIDY_ITEM}:{town.component}" for town in towns()]
        accounts += [
            payable_account(place, fund, town)
            for place in (Place.AWAITED, Place.RETURNED, Place.QUERIED)
            for town in towns()
        ]
    lines = [f"{OPENING} open {account} CNY" for account in accounts]
    return "; 会计科目。科目名的每一段都以编码开头。\n" + "".join(f"{line}\n" for line in lines)


def _template(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
