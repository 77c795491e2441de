"""Every history of a small world: what random histories may miss, these hold. Nothing is drawn."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from functools import partial
from itertools import product

from ledger.base.records import replace
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from tests.support.acting import actor_of
from tests.support.model import LATE
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import SUBSIDY
from tests.support.model import UNKNOWN
from tests.support.office import Office
from tests.support.office_and_model import OPERATORS
from tests.support.office_and_model import TOWNS
from tests.support.small_world import WORDS
from tests.support.small_world import SmallOffice
from tests.support.small_world import World
from tests.support.small_world import new_world

NOTHING = ""
# In the month in which the books begin.
BEFORE_THE_BOOKS = datetime.date(2020, 11, 2)
# What the bank may say of a payment, and what it may say after that: nine fates of a payment.
ANSWERS = {
    NOTHING: (NOTHING,),
    PAID: (NOTHING, LATE),
    RETURNED: (NOTHING, PAID, UNKNOWN),
    UNKNOWN: (NOTHING, PAID, RETURNED),
}


def test_two_people_and_two_attempts_to_pay_each(office: Office, *, thorough: bool) -> None:
    """Every answer to both in the first batch, every decision on both, and every answer again.

    Each person has 9 fates and then 4 decisions, that is 36 ways to the second batch. On 8 of them
    she is in it: corrected or released after one of the 3 fates that end returned, or released
    after one of the 2 disputes; and then has 9 fates. That is 28 + 8 * 9 = 100 histories of a
    person, 100 * 100 of two, and one more, a void, for each of the 36 * 36 - 28 * 28 second
    batches. When the first batch is void, both are in the second after any of 4 * 4 decisions: 81
    fates, or a void.

        100 * 100 + (36 * 36 - 28 * 28) + 16 * (81 + 1) = 10,000 + 512 + 1,312

    Of the 82 * 16 ways to the second attempt every fifth is gone on from, unless all are asked for.
    """
    start = new_world(office, TOWNS, subsidies=2)
    with office.registry() as registry:
        small = SmallOffice(registry, actor_of(office.folder, office.key))
        ways = [way for first in attempts(small, start) for way in decisions(small, first)]
        taken = ways if thorough else ways[::5]
        histories = sum(1 for way in taken for _second in attempts(small, way))
    assert len(ways) == 82 * 16
    assert histories == (11_824 if thorough else 2_396)


def attempts(small: SmallOffice, world: World) -> Iterator[World]:
    """All that may become of the next batch; the world as it is when nobody can be paid."""
    sent = small.prepare(world)
    if sent is world:
        yield world
        return
    yield small.void(sent)
    payees = sorted(sent.sent(sent.newest))
    for first in product(ANSWERS, repeat=len(payees)):
        answered = small.answer(sent, sent.newest, dict(zip(payees, first, strict=True)))
        for then in product(*(ANSWERS[word] for word in first)):
            yield small.answer(answered, sent.newest, dict(zip(payees, then, strict=True)))


def decisions(small: SmallOffice, world: World) -> Iterator[World]:
    """Nothing, a record corrected, a release, or a cancellation; for everybody, done or not."""
    worlds = [world]
    for payee in map(PayeeId, world.model.people):
        worlds = [
            after
            for before in worlds
            for after in (
                before,
                small.correct(before, payee),
                small.release(before, payee),
                small.cancel(before, payee),
            )
        ]
    return iter(worlds)


def test_one_person_and_six_steps(office: Office) -> None:
    """Whatever may happen next, at any moment: the bank may have a new word for an old batch, and
    the newest word, or decision, may turn out to be a mistake.

    The first step is a batch. Then it is void, or the bank has one of four words, or the record
    is corrected: 6 histories of two steps; and so on.
    """
    start = new_world(office, TOWNS[:1], subsidies=3)
    with office.registry() as registry:
        small = SmallOffice(registry, actor_of(office.folder, office.key))
        found = numbers_of_worlds(start, partial(steps, small), depth=6)
    assert found == [1, 6, 27, 118, 522, 2_281]


def test_one_person_months_that_close_and_a_payment_before_the_books(office: Office) -> None:
    """At any moment of five steps the month may be closed, or opened again, and she may be said to
    have been paid before the books, or not to have been: what was closed stays as it was closed.
    """
    start = new_world(office, TOWNS[:1], subsidies=3)

    def next_steps(world: World) -> Iterator[World]:
        (payee,) = map(PayeeId, world.model.people)
        yield from steps(small, world)
        yield from (small.close(world), small.reopen(world))
        for day in (BEFORE_THE_BOOKS, world.today):
            yield small.pay_before(world, payee, day)
        yield small.never_paid_before(world, payee)

    with office.registry() as registry:
        small = SmallOffice(registry, actor_of(office.folder, office.key))
        found = numbers_of_worlds(start, next_steps, depth=5)
    assert found == [4, 16, 73, 355, 1_801]


def test_two_people_on_one_post_who_may_have_been_paid_before_the_books(office: Office) -> None:
    """The second is registered at any moment of five steps. One waits for the other, whether the
    bank has paid her or somebody before the books, and no longer when that has never been.
    """
    start = new_world(office, TOWNS[:1], subsidies=4)
    (first,) = start.payees
    (second,) = office.register(1, change=partial(replace, area=first.area, block=first.block))

    def next_steps(world: World) -> Iterator[World]:
        yield small.register(world, second)
        yield small.prepare(world)
        for payee in map(PayeeId, world.model.people):
            for name in batches_of(world, payee):
                yield small.answer(world, name, {payee: PAID})
                yield small.answer(world, name, {payee: RETURNED})
            yield small.release(world, payee)
            yield small.cancel(world, payee)
            yield small.pay_before(world, payee, BEFORE_THE_BOOKS)
            yield small.never_paid_before(world, payee)
        if world.model.batches:
            yield small.void(world)
        yield small.reverse(world)
        yield small.close(world)

    with office.registry() as registry:
        small = SmallOffice(registry, actor_of(office.folder, office.key))
        found = numbers_of_worlds(start, next_steps, depth=5)
    assert found == [4, 16, 65, 275, 1_197]


def test_lists_that_are_filed_and_taken_back(office: Office) -> None:
    """One with any batch, at any moment of five steps, and then another; what else happens goes on
    as if they were not there, and what is taken back may be filed again.
    """
    start = new_world(office, TOWNS[:1], subsidies=3)
    scans = [office.folder.with_name(f"签字名单{number}.pdf") for number in (1, 2)]
    for scan in scans:
        scan.write_bytes(b"%PDF-" + scan.name.encode())

    def next_steps(world: World) -> Iterator[World]:
        yield from steps(small, world)
        has_filed = any(event.kind == "attached" for event in world.books.history.events)
        for name, scan in product(map(BatchId, world.model.batches), scans[: 1 + has_filed]):
            yield small.attach(world, name, scan)
            yield small.detach(world, name, scan)
        yield small.close(world)

    with office.registry() as registry:
        small = SmallOffice(registry, actor_of(office.folder, office.key))
        found = numbers_of_worlds(start, next_steps, depth=5)
    assert found == [2, 9, 62, 401, 2_611]


def numbers_of_worlds(
    start: World, next_steps: Callable[[World], Iterable[World]], *, depth: int
) -> list[int]:
    """How many histories there are of one step, of two, and so on."""
    worlds, found = [start], []
    for _step in range(depth):
        worlds = [
            after
            for world in worlds
            for after in next_steps(world)
            if after.head != world.head or after.payees != world.payees
        ]
        found.append(len(worlds))
    return found


def batches_of(world: World, payee: PayeeId) -> list[BatchId]:
    """The batches that pay somebody."""
    batches = world.model.batches.items()
    return [BatchId(name) for name, one in batches if not one.void and payee in one.outcomes]


def steps(small: SmallOffice, world: World) -> Iterator[World]:
    (payee,) = map(PayeeId, world.model.people)
    yield small.prepare(world)
    for name, batch in world.model.batches.items():
        for word in () if batch.void else WORDS:
            yield small.answer(world, BatchId(name), {payee: word})
    if world.model.batches:
        yield small.void(world)
        if world.model.people[payee].record == world.sent(world.newest)[payee]:
            yield small.correct(world, payee)
    yield small.release(world, payee)
    yield small.cancel(world, payee)
    yield small.reverse(world)


def test_three_people_and_a_batch_that_asks_two_of_them(office: Office) -> None:
    """Whatever each of them tries, in every order; what is refused leads nowhere.

    O02 and O03 approve, reject, or O01 voids. From both approvals on it is submitted by one of
    three, rejected by one of two or voided: 6 ends. After one approval: the other one, two
    rejections, the void: 6 + 3. Before: two approvals, two rejections, the void: 2 * 9 + 3.
    """
    asking = ((SUBSIDY, ("审核", "审批")),)
    start = new_world(office, TOWNS, subsidies=2, asking=asking)
    with office.registry() as registry:
        people = [
            SmallOffice(registry, actor_of(office.folder, office.key, operator))
            for operator in OPERATORS
        ]
        assert sum(1 for _end in ends(people, people[0].prepare(start))) == 21


def ends(people: list[SmallOffice], world: World) -> Iterator[World]:
    """The worlds in which nothing more happens to the batch."""
    tried = [people[0].void(world)]
    for small in people:
        tried += [small.approve(world), small.reject(world), small.submit(world)]
    after = [one for one in tried if one is not world]
    if not after:
        yield world
    for one in after:
        yield from ends(people, one)
