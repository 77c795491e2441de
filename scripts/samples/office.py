"""The office's posts, and who holds each: areas with their blocks in every town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify
from heapq import heappop
from heapq import heappush
from random import Random

from ledger.model.towns import Town
from samples.areas import area_names
from samples.county import ENUMERATOR
from samples.county import SUPERVISOR
from samples.county import towns
from samples.names import special_names
from samples.people import People
from samples.people import Person

# Inhabitants in thousands, roughly: they only make some towns big and some small.
SIZES = {
    "荆河街道": 168,
    "龙泉街道": 131,
    "北辛街道": 203,
    "善南街道": 72,
    "东沙河街道": 58,
    "南沙河镇": 83,
    "滨湖镇": 91,
    "西岗镇": 96,
    "姜屯镇": 92,
    "张汪镇": 85,
    "柴胡店镇": 54,
    "木石镇": 49,
    "东郭镇": 97,
}
ORDINARY_SIZE = 76
LARGEST_NUMBER = 999  # areas of a town, blocks of an area: three digits each


@dataclass(frozen=True, slots=True)
class Post:
    """What one person is paid for: an area (``block`` empty) or a block of fifteen digits."""

    town: Town
    role: str
    area: str
    area_name: str
    block: str


@dataclass(frozen=True, slots=True)
class Worker:
    person: Person
    post: Post


def shares(total: int, weights: Sequence[float], *, least: int, most: int) -> list[int]:
    """Split ``total`` by weight, every share from ``least`` to ``most``; they sum to ``total``.

    Raises ValueError when no such split exists.
    """
    if not least * len(weights) <= total <= most * len(weights):
        raise ValueError(f"{total} cannot be split over {len(weights)}, {least} to {most} each")
    parts = [least] * len(weights)
    # Sainte-Lague: the next one goes where it is owed most.
    claims = [((least + 0.5) / weight, place) for place, weight in enumerate(weights)]
    heapify(claims)
    for _ in range(total - sum(parts)):
        _, place = heappop(claims)
        parts[place] += 1
        if parts[place] < most:
            heappush(claims, ((parts[place] + 0.5) / weights[place], place))
    return parts


def staff_office(
    people: People, *, enumerators: int, supervisors: int, seed: int
) -> dict[Town, list[Worker]]:
    """Everyone who is to be paid, by town, each area's supervisor before its enumerators.

    Needs at least two enumerators and one supervisor a town, else ValueError.
    """
    sizes = [SIZES.get(town.name, ORDINARY_SIZE) for town in towns()]
    fewest = min(3, max(2, enumerators // len(sizes)))
    areas = shares(supervisors, sizes, least=1, most=LARGEST_NUMBER)
    blocks = shares(enumerators, sizes, least=fewest, most=LARGEST_NUMBER**2)
    office = {}
    for town, area_count, block_count in zip(towns(), areas, blocks, strict=True):
        random = Random(f"{seed}:posts:{town.code}")
        posts = _posts(town, area_count, block_count, random)
        office[town] = _fill(posts, people, random)
    return office


def short_name(town: Town) -> str:
    """As banks and villagers call it: 荆河, 滨湖."""
    return town.name.removesuffix(town.kind)


def _posts(town: Town, area_count: int, block_count: int, random: Random) -> list[Post]:
    urban = town.kind == "街道"
    names = area_names(town.name, urban=urban, count=area_count, random=random)
    # The statistics bureau numbers communities from 001 and villages from 201.
    first_number = 1 if urban or area_count > LARGEST_NUMBER - 200 else 201
    weights = [random.uniform(0.6, 1.4) for _ in names]
    counts = shares(
        block_count, weights, least=min(1, block_count // area_count), most=LARGEST_NUMBER
    )
    posts = []
    for number, (name, count) in enumerate(zip(names, counts, strict=True), first_number):
        area = f"{town.code}{number:03d}"
        posts.append(Post(town, SUPERVISOR, area, name, ""))
        for block in range(1, count + 1):
            posts.append(Post(town, ENUMERATOR, area, name, f"{area}{block:03d}"))
    return posts


def _fill(posts: Sequence[Post], people: People, random: Random) -> list[Worker]:
    places = [place for place, post in enumerate(posts) if post.role == ENUMERATOR]
    town = posts[0].town
    specials = special_names(town.name)
    named = dict(zip(random.sample(places, len(places)), specials, strict=False))
    return [
        Worker(people.person(short_name(town), named.get(place)), post)
        for place, post in enumerate(posts)
    ]
