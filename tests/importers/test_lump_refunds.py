"""A refund for several batches: every way in which it can be made up, and no other."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import product

from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from importers.matching.batch_money import MOST_WAYS
from importers.matching.batch_money import BatchMoney
from importers.matching.batch_money import Way
from importers.matching.batch_money import lump_refunds
from ledger.base.digests import Digest
from ledger.model.history import Batch
from ledger.model.ids import NO_SEAL
from ledger.model.ids import BatchId
from ledger.model.payees import payee_id
from ledger.model.transitions import State

DAY = datetime.date(2020, 11, 10)
DIGEST = Digest("")


def refunding(number: int, returned: Sequence[int]) -> BatchMoney:
    """A batch whose payments of 1 fen each came back in answers of so many."""
    people = [payee_id(place) for place in range(sum(returned))]
    header = data.Custom({}, DAY, "census-event", [])
    payees = dict.fromkeys(people, 1)
    name = BatchId(f"B2020-{number:03}")
    batch = Batch(name, DAY, NO_SEAL, DIGEST, "", DIGEST, header, amounts_fen=payees)
    batch.outcomes.update(dict.fromkeys(people, State.RETURNED))
    return BatchMoney(batch, lambda: (), 0, len(people), returned_by_result_fen=frozenset(returned))


def expected(batches: Sequence[BatchMoney], amount: int, *, whole: bool) -> list[Way]:
    """The ways by trying all there are."""
    sums = [[0, *([money.refundable_fen] if whole else money.refund_sums_fen)] for money in batches]
    return [
        tuple((money.id, fen) for money, fen in zip(batches, chosen, strict=True) if fen)
        for chosen in product(*sums)
        if sum(chosen) == amount and sum(map(bool, chosen)) > 1
    ]


@given(
    st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(1, 20),
)
def test_every_way_is_found_whole_refunds_first(returned: list[list[int]], amount: int) -> None:
    batches = [refunding(number, parts) for number, parts in enumerate(returned, 1)]
    if any(amount in money.refund_sums_fen for money in batches):
        return  # it is one batch's
    ways = expected(batches, amount, whole=True) or expected(batches, amount, whole=False)
    found = lump_refunds(batches, amount)
    assert set(found) <= set(ways)
    assert len(found) == len(set(found)) == min(len(ways), MOST_WAYS)


def test_a_hundred_batches_take_no_time() -> None:
    """To try all the ways would take longer than the world has been there."""
    batches = [refunding(number, [1, number]) for number in range(1, 101)]
    assert len(lump_refunds(batches, 2500)) == MOST_WAYS
    assert lump_refunds(batches, 100_000_00) == []
