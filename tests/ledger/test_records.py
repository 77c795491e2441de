"""Records: frozen values by the names of their fields."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ledger.base.records import Record
from ledger.base.records import asdict
from ledger.base.records import replace
from tests.support.checkout import CHECKOUT


class Place(Record):
    sheet: str
    row: int


class Found(Record):
    place: Place
    account: str
    on: datetime.date = datetime.date(2020, 11, 1)
    others: tuple[Place, ...] = ()

    unshown = ("account",)


FOUND = Found(Place("一", 3), "6222")


def test_a_record_is_a_value() -> None:
    assert Found(Place("一", 3), "6222") == FOUND
    assert len({FOUND, Found(Place("一", 3), "6222")}) == 1
    assert replace(FOUND, account="6223") != FOUND
    assert replace(FOUND, account="6222") == FOUND


def test_frozen_means_frozen() -> None:
    frozen: Any = FOUND
    with pytest.raises(AttributeError):
        frozen.account = "6223"
    with pytest.raises(AttributeError):
        frozen.unknown = ""
    with pytest.raises(TypeError):
        replace(frozen, unknown="")


def test_what_is_not_to_be_shown_is_not() -> None:
    shown = "Found(place=Place(sheet='一', row=3), on=datetime.date(2020, 11, 1), others=())"
    assert repr(FOUND) == shown


def test_a_record_by_its_fields() -> None:
    inside = {"sheet": "一", "row": 3}
    day = datetime.date(2020, 11, 1)
    assert asdict(FOUND) == {"place": inside, "account": "6222", "on": day, "others": ()}
    (other,) = asdict(replace(FOUND, others=(Place("一", 3),)))["others"]
    assert other == inside


@pytest.mark.parametrize("package", ["ledger", "importers", "reports"])
def test_a_frozen_value_is_a_record(package: str) -> None:
    """A command makes the classes that it loads: of a dataclass that takes fifty times as long."""
    sources = {at: at.read_text(encoding="utf-8") for at in (CHECKOUT / package).rglob("*.py")}
    assert not [at for at, source in sources.items() if "@dataclass(frozen" in source]
