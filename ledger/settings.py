"""``census-ledger.toml``: the unit's name, the bank's wishes, how paper looks. No money rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.language import gettext as _
from ledger.refusal import Refusal

SETTINGS_FILE = "census-ledger.toml"


class SettingsUnreadable(Refusal):
    """The settings file is missing, is no TOML or lacks something."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(_("{path}: {problem}").format(path=path, problem=problem))


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one set of books; ``key`` names the registry's key file."""

    unit: str
    key: str
    bank_name: str
    own_profile: str
    other_profile: str
    own_words: tuple[str, ...]
    remark: str
    payout_title: str
    period: str
    boxes: tuple[str, ...]
    mask_identities: bool


_FIELDS: dict[str, tuple[str, str, type]] = {
    "unit": ("unit", "name", str),
    "key": ("registry", "key", str),
    "bank_name": ("bank", "name", str),
    "own_profile": ("bank", "own_profile", str),
    "other_profile": ("bank", "other_profile", str),
    "own_words": ("bank", "own_words", list),
    "remark": ("bank", "remark", str),
    "payout_title": ("payout", "title", str),
    "period": ("payout", "period", str),
    "boxes": ("payout", "boxes", list),
    "mask_identities": ("payout", "mask_identities", bool),
}


def read_settings(books: Path) -> Settings:
    """The settings of the books. Raises SettingsUnreadable, which names the key."""
    path = books / SETTINGS_FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsUnreadable(path, str(error)) from error
    values: dict[str, Any] = {}
    for field, (table, key, kind) in _FIELDS.items():
        section = document.get(table)
        value = section.get(key) if isinstance(section, dict) else None
        if not isinstance(value, kind):
            problem = _("[{table}] {key} is missing or is not of the right kind ({kind})")
            kind_name = {str: "text", list: "list", bool: "true | false"}[kind]
            raise SettingsUnreadable(path, problem.format(table=table, key=key, kind=kind_name))
        values[field] = tuple(map(str, value)) if isinstance(value, list) else value
    return Settings(**values)
