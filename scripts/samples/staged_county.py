"""A county of the agricultural census: its towns, its workers, and what each has done."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random

from ledger.books.new_programme import new_programme
from ledger.model.towns import Town
from samples.office import short_name
from samples.people import Home
from samples.people import People
from samples.people import Person

PROGRAMME = "agricultural-census-2026"
ENUMERATORS_OF_EACH = 7
# What the demonstration's rules say, in yuan.
VISITED = 10
LEAST, MOST = 200, 1500
BASE = 400
LIMIT = 2000
MOST_BEYOND = 600
_DEDUCTIONS = (8, 10, 20)


@dataclass(frozen=True, slots=True)
class StagedWorker:
    """``households`` and ``deducted`` yuan are of the second stage, ``beyond`` yuan of the third;
    of a supervisor, and of whoever has none, they are zero.
    """

    person: Person
    role: str
    block: str
    households: int = 0
    deducted: int = 0
    beyond: int = 0

    @property
    def visits(self) -> int:
        """Yuan for the households, within what is the least and the most."""
        return min(MOST, max(LEAST, self.households * VISITED)) - self.deducted

    @property
    def above_limit(self) -> int:
        """Yuan by which the three stages are above what one person may receive."""
        return max(0, BASE + self.visits + self.beyond - LIMIT)


def staff(county: str, *, people: int, seed: int) -> dict[Town, list[StagedWorker]]:
    """Everyone who is to be paid, by town; each eighth is a supervisor. Raises NoSuchCounty."""
    programme = new_programme(PROGRAMME, today=datetime.date(2026, 9, 1), county=county).programme
    enumerator, supervisor = programme.role_names
    whole = programme.county_name
    made = People(seed, Home(programme.county_code, whole[:-1], whole))
    office: dict[Town, list[StagedWorker]] = {}
    for number, town in enumerate(programme.towns):
        random = Random(f"{seed}:{town.code}")
        count = people // len(programme.towns) + (number < people % len(programme.towns))
        office[town] = []
        for place in range(count):
            person = made.person(short_name(town))
            if place % (ENUMERATORS_OF_EACH + 1) == 0:
                beyond = random.choice((0, 0, 300, 800))
                office[town].append(StagedWorker(person, supervisor, "", beyond=beyond))
                continue
            households = random.choice((random.randint(8, 60), *[random.randint(60, 175)] * 3))
            deducted = random.choice((0, 0, 0, 0, 0, 0, random.choice(_DEDUCTIONS)))
            beyond = random.choice((0, 0, 0, random.randrange(50, MOST_BEYOND + 1, 50)))
            block = f"第{place + 1}小区"
            office[town].append(
                StagedWorker(person, enumerator, block, households, deducted, beyond)
            )
    return office
