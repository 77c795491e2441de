"""A census office for tests: real books, a real registry, made-up people."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.base import records
from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Clock
from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import digest
from ledger.base.money import plain
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.registry_access import open_registry
from ledger.books.writing import writing
from ledger.cli import execute
from ledger.keys.places import snapshot_path
from ledger.keys.places import witness_path
from ledger.keys.witness import read_witness
from ledger.keys.witness import write_witness
from ledger.model.ids import TownCode
from ledger.model.payees import Payee
from ledger.registry.change_log import Source
from ledger.registry.registry import Registry
from ledger.services.unit_of_work import Work
from ledger.services.unit_of_work import unit_of_work
from tests.support.acting import actor_of
from tests.support.acting import clock
from tests.support.acting import copied_keys
from tests.support.acting import new_books
from tests.support.tengzhou import ENUMERATOR

BANK = "Assets:1002银行存款:01滕州农商行"
APPROPRIATION = "Income:4001财政拨款收入:01本级财政"
GRANT = "Income:4601非同级财政拨款收入:02上级补助"
TRAINING = "Expenses:5001业务活动费用:01本级财政:30216培训费"


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Office:
    """Books in a folder, and the command at work on them."""

    folder: Path
    key: Path
    capture: pytest.CaptureFixture[str]
    people: int = field(default=0)

    def run(self, *arguments: str | Path) -> Answer:
        """Run ``census-ledger`` in this process, as the installed command would."""
        return self.once(*arguments)

    def once(self, *arguments: str | Path) -> Answer:
        """The same, also where ``run`` would give every command twice."""
        self.capture.readouterr()
        status = execute(["-C", str(self.folder), "--key", str(self.key), *map(str, arguments)])
        out, err = self.capture.readouterr()
        return Answer(status, out, err)

    def status(self, on: str = "2020-12-31") -> Any:
        return self.run("status", "--json", "--date", on).json

    def books(self) -> Books:
        return load_books(self.folder)

    def registry(self) -> Registry:
        return open_registry(self.folder, self.key)

    def work(
        self,
        *,
        actor: Actor | None = None,
        clock: Clock = clock,
        with_errors: bool = False,
        held: Callable[[], Books | None] | None = None,
    ) -> AbstractContextManager[Work]:
        """A unit of work as a door opens it."""
        return unit_of_work(
            self.folder,
            actor or actor_of(self.folder, self.key),
            clock,
            self.registry,
            witness_path(self.key),
            with_errors=with_errors,
            held=held,
            snapshot=snapshot_path(self.key),
        )

    @contextmanager
    def recording(self) -> Iterator[Registry]:
        """The registry, whose records are changed inside, without loading the books: what a killed
        command has left is settled, as a unit of work does.
        """
        acting = Acting(actor_of(self.folder, self.key), clock)
        assert acting.actor.signer is not None
        with writing(self.folder, acting, self.registry) as writer:
            writer.registry.anchors.settle(writer.head.seq)
            with writer.registry.transaction(acting.stamp(), acting.actor.signer.sign):
                yield writer.registry

    def copied(self, folder: Path, *, seen: bool = False) -> Office:
        """The same office in another folder, on a machine that has seen nothing of it, or as much
        as this one.
        """
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.folder, folder / "books")
        copy = replace(self, folder=folder / "books", key=copied_keys(self.key, folder))
        witness = read_witness(witness_path(self.key))
        if seen and witness:
            write_witness(witness_path(copy.key), records.replace(witness, path=str(copy.folder)))
        return copy

    def lose_events(self, count: int) -> None:
        """The newest events are gone, and HEAD speaks of the one before them."""
        paths = self.events()
        for path in paths[-count:]:
            path.unlink()
        left = paths[:-count]
        head = f"{len(left) - 1} {digest(left[-1].read_bytes())}\n"
        (self.folder / HEAD_FILE).write_text(head, encoding="ascii", newline="\n")

    def hand(self, text: str) -> int:
        """Add an entry by hand and return the line on which it begins."""
        path = self.folder / "journal" / "hand.beancount"
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n{text.strip()}\n", encoding="utf-8", newline="\n")
        return before.count("\n") + 2

    def rule(self, text: str) -> None:
        path = self.folder / "rules.beancount"
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n{text.strip()}\n", encoding="utf-8", newline="\n")

    def receive(self, yuan: int, on: str = "2020-05-08", income: str = APPROPRIATION) -> int:
        """Money arrives at the bank."""
        amount = plain(yuan * 100)
        return self.hand(f'{on} * "财政局" "拨款"\n  {BANK}  {amount} CNY\n  {income}\n')

    def register(
        self,
        count: int,
        *,
        town: str = "370481001",
        change: Callable[[Payee], Payee] | None = None,
        on: str = "2020-01-01",
    ) -> list[Payee]:
        """Put made-up enumerators into the registry."""
        payees = [made_up(self.people + number, town) for number in range(1, count + 1)]
        self.people += count
        with self.recording() as registry:
            source = registry.keep_original("made-up.xlsx", "roster", b"made up")
            rows = [(change(p) if change else p, Source(source, "Sheet1", 2)) for p in payees]
            return registry.add(rows, on=day(on))

    def disburse(self, *options: str, on: str = "2020-11-10") -> Answer:
        return self.run("disburse", "--yes", "--json", "--date", on, *options)

    def check(self) -> list[dict[str, Any]]:
        answer = self.run("check", "--json").json
        errors: list[dict[str, Any]] = answer["errors"]
        assert answer["ok"] == (not errors)
        return errors

    def events(self) -> list[Path]:
        return sorted((self.folder / "events").iterdir())


def new_office(folder: Path, capture: pytest.CaptureFixture[str]) -> Office:
    office = Office(folder / "books", folder / "registry.key", capture)
    new_books(office.folder, office.key)
    return office


def made_up(number: int, town: str = "370481001") -> Payee:
    """An enumerator who does not exist, the ``number``-th of the office."""
    surname = "赵钱孙李周吴郑王冯陈"[number % 10]
    given = "一二三四五六七八九十"[number // 10 % 10] + "甲乙丙丁戊己庚辛壬癸"[number // 100 % 10]
    name = surname + given
    area = f"{town}{1 + number // 10 % 999:03d}"
    identity = with_check_digit(f"370481{1960 + number % 40}0101{number % 1000:03d}")
    return Payee(
        serial=0,
        legal_name=name,
        bank_name=name,
        identity=identity,
        role=ENUMERATOR,
        town=TownCode(town),
        area=area,
        area_name="春藤社区",
        block=f"{area}{number % 1000:03d}",
        phone=f"139{number:08d}",
        bank="滕州农商行",
        account=with_luhn_digit(f"621521{number:09d}"),
    )


def with_check_digit(seventeen: str) -> str:
    """The identity number of seventeen digits (GB 11643: ISO 7064 MOD 11-2)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, weights, strict=True))
    return seventeen + "10X98765432"[total % 11]


def with_luhn_digit(digits: str) -> str:
    """The card number with its Luhn digit."""
    doubled = [
        sum(divmod(int(digit) * 2, 10)) if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(digits))
    ]
    return digits + str(-sum(doubled) % 10)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def codes(errors: Sequence[dict[str, Any]]) -> set[str]:
    return {error["code"] for error in errors}
