"""The province from its counties' first day to a report in which all that was planted is found."""

from __future__ import annotations

import datetime
import io
import json
import os
import shutil
import sys
import time
from contextlib import redirect_stdout
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.books.new_programme import national_list
from ledger.books.new_programme import new_programme
from ledger.cli import execute
from ledger.province.own_processes import OwnProcesses
from provincial.county import MONTH
from provincial.county import RATE_FEN
from provincial.county import County
from provincial.county import Plan
from provincial.county import make
from provincial.county import people_of
from provincial.planting import FAULTS

PROVINCE_CODE = "37"
TOWNS = 3
PASSPHRASE = "演示 口令"
LIMITS = '[[rate]]\nrole = "普查员"\nleast = "300.00"\nmost = "600.00"\n'
HIGH_FEN = 80_000
DOUBLES = 3


class Story:
    """A folder, its counties, and what is expected of them."""

    def __init__(self, folder: Path, counties: int, people: int) -> None:
        self.folder = folder
        self.public = folder / "keys" / "province.pub"
        self.plans = planted(plans(folder, counties, people, self.public))
        self.statuses: dict[str, Any] = {}

    @property
    def bundles(self) -> Path:
        return self.folder / "bundles"

    def tell(self) -> bool:
        """Everything; whether all that was planted was found, and nothing else."""
        os.environ["CENSUS_LEDGER_BACKUP_PASSPHRASE"] = PASSPHRASE
        run("key", "province", self.folder / "keys")
        self.bundles.mkdir()
        (self.folder / "limits.toml").write_text(LIMITS, encoding="utf-8")
        began = time.monotonic()
        with OwnProcesses(os.cpu_count() or 1) as pool:
            for plan, status in zip(self.plans, pool.map(make, self.plans), strict=True):
                self.statuses[plan.code] = status
        say(f"{len(self.plans)} counties of {self.plans[0].people} people: {since(began)}")
        began = time.monotonic()
        first = self.consolidate()
        say(f"Consolidated: {since(began)}")
        ok = self.check_sound(first)
        expected = self.break_some()
        began = time.monotonic()
        second = self.consolidate()
        say(f"Consolidated again, {len(expected)} counties broken: {since(began)}")
        return self.check_broken(second, expected) and ok

    def consolidate(self) -> Any:
        return run(
            "consolidate", self.bundles, "--out", self.folder / "out", "--month", MONTH,
            "--limits", self.folder / "limits.toml",
            "--key", self.folder / "keys" / "province.key", "--json",
        )  # fmt: skip

    def check_sound(self, answer: Any) -> bool:
        """All counties count, to the fen as their own ``status`` says; doubles are the planted."""
        budgets = [status["budget"] for status in self.statuses.values()]
        money, people = answer["total"]["money"], answer["total"]["people"]
        own = {
            name: sum(Decimal(one[field]) for one in budgets)
            for name, field in (
                ("budget", "total"), ("received", "received"), ("accrued", "spent"),
                ("paid", "paid"),
            )
        }  # fmt: skip
        counted = {
            state: sum(status["payees"][state] for status in self.statuses.values())
            for state in people
        }
        return all(
            [
                same("counties that fail", answer["failed"], []),
                *(same(name, Decimal(money[name]), total) for name, total in own.items()),
                same("people", people, counted),
                same("paid twice", doubles_of(answer), self.doubles()),
                same("rates", codes_of(answer, "rate"), self.chosen("rate")),
                same("not closed", codes_of(answer, "not_closed"), self.chosen("open")),
                same("only figures", codes_of(answer, "unverified"), self.chosen("figures")),
            ]
        )

    def doubles(self) -> set[tuple[str, ...]]:
        """The planted: which number, and of which counties."""
        others = self.plans[-1].code
        return {
            ("identity" if identity else "account", *sorted((plan.code, others)))
            for plan in self.plans
            for _place, identity, _account in plan.planted
        }

    def chosen(self, what: str) -> set[str]:
        return {
            plan.code
            for plan in self.plans
            if (what == "rate" and plan.rate_fen > RATE_FEN)
            or (what == "open" and not plan.closes)
            or (what == "figures" and plan.only_figures)
        }

    def break_some(self) -> dict[str, str]:
        """Break bundles of some sound counties; the code of what is to be found of each."""
        expected = {}
        sound = [
            plan
            for plan in self.plans
            if not (plan.planted or plan.pays_all or plan.only_figures)
            and plan.rate_fen == RATE_FEN
        ]
        for plan, (fault, code) in zip(reversed(sound), FAULTS.values(), strict=False):
            fault(self.bundles / f"{plan.code}.zip", County(plan))
            expected[f"{plan.code}.zip"] = code
        # The same county once more, and one whose past is another one.
        twin = sound[1]
        County(replace(twin, only_figures=True)).bundle(self.bundles / f"{twin.code}-2.zip")
        expected |= {f"{twin.code}.zip": "county-twice", f"{twin.code}-2.zip": "county-twice"}
        anew = sound[2]
        shutil.rmtree(anew.folder)
        make(anew)
        expected[f"{anew.code}.zip"] = "books-made-anew"
        return expected

    def check_broken(self, answer: Any, expected: dict[str, str]) -> bool:
        found = {one["bundle"]: one["findings"][0]["code"] for one in answer["failed"]}
        counted = len(self.plans) - len({name[:6] for name in expected})
        return all(
            [
                same("what was broken", found, expected),
                same("counties that count", answer["total"]["counties"], counted),
                same("paid twice", doubles_of(answer), self.doubles()),
            ]
        )


def plans(folder: Path, counties: int, people: int, public: Path) -> list[Plan]:
    """Counties of the national list, the province's own first, with towns enough.

    The county of the template has rules of its own.
    """
    own = new_programme(today=datetime.date.today()).programme.county_code
    listed = [
        county for county in national_list() if len(county.towns) >= TOWNS and county.code != own
    ]
    listed.sort(key=lambda county: (county.code[:2] != PROVINCE_CODE, county.code))
    return [
        Plan(
            folder / "counties" / county.code,
            county.code,
            county.name,
            tuple(town[:9] for town in county.towns[:TOWNS]),
            people,
            public,
        )
        for county in listed[:counties]
    ]


def planted(sound: list[Plan]) -> list[Plan]:
    """Some counties with a high rate, an open month, figures alone, and others' people."""
    found = list(sound)
    found[0] = replace(found[0], rate_fen=HIGH_FEN)
    found[1] = replace(found[1], closes=False)
    found[2] = replace(found[2], only_figures=True)
    others = found[-1]
    found[-1] = replace(others, pays_all=True)
    people = people_of(others)
    for number in range(DOUBLES):
        other = people[7 + number]
        identity, account = (other.identity, "") if number % 2 == 0 else ("", other.account)
        found[3 + number] = replace(found[3 + number], planted=((number, identity, account),))
    return found


def run(*arguments: str | Path) -> Any:
    """What a command answers; findings are no reason to stop."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = execute(list(map(str, arguments)))
    text = said.getvalue()
    if status and not text.startswith("{"):
        raise SystemExit(text)
    return json.loads(text) if text.startswith("{") else text


def doubles_of(answer: Any) -> set[tuple[str, ...]]:
    return {
        (one["field"], *sorted(paid["county"] for paid in one["paid"]))
        for one in answer["paid_twice"]
    }


def codes_of(answer: Any, subject: str) -> set[str]:
    return {one["county"][:6] for one in answer["matters"] if one["subject"] == subject}


def same(what: str, found: Any, expected: Any) -> bool:
    """Say whether it is."""
    is_same = bool(found == expected)
    say(f"{'ok ' if is_same else 'NO '} {what}: {found if is_same else (found, expected)}")
    return is_same


def since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    place, counties, people = sys.argv[1:]
    sys.exit(0 if Story(Path(place), int(counties), int(people)).tell() else 1)
