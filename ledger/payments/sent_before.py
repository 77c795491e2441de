"""What was sent before to people who may be paid now, from the rows of batches as they were sealed.

The rows of a hundred thousand people are thirty megabytes: each batch's are read once, whatever is
looked for in them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Mapping
from typing import NamedTuple

from ledger.model.history import History
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.instructions import Instruction
from ledger.model.payees import Payee
from ledger.payments.paid_numbers import NumberSearch
from ledger.payments.paid_numbers import PaidNumbers
from ledger.registry.frozen_rows import RowsMissing
from ledger.registry.frozen_rows import parts_of_batch
from ledger.registry.registry import Registry


class SentBefore(NamedTuple):
    """``returned`` are the rows that came back, by stage and payee id, of everyone who is returned
    now, ``paid`` the numbers of the people that money for others went by.
    """

    returned: Mapping[StageCode, Mapping[PayeeId, Instruction]]
    paid: PaidNumbers


def sent_before(
    history: History,
    registry: Registry,
    people: Iterable[Payee],
    on: datetime.date,
    *,
    to_pay: bool = False,
) -> SentBefore:
    """Of people who may be owed something. Only batches in which there is something to find are
    read. Raises RowsMissing or PaidRowsMissing.
    """
    search = NumberSearch(history, ((payee.payee_id, payee) for payee in people))
    looked_at = {batch.id for batch in search.batches}
    returned: dict[StageCode, dict[PayeeId, Instruction]] = {}
    for batch in history.batches.values():
        wanted = history.came_back.get(batch.id, set())
        if not wanted and batch.id not in looked_at:
            continue
        rows = returned.setdefault(batch.stage, {})
        try:
            for part in parts_of_batch(registry, batch):
                numbers = part.numbers
                if batch.id in looked_at:
                    search.look_at(batch, numbers)
                here = [place for place, one in enumerate(numbers) if one[0] in wanted]
                if here:
                    rows |= {row.payee_id: row for row in part.rows_at(here)}
        except ValueError:
            raise RowsMissing(batch.id) from None
    return SentBefore(returned, search.found(registry, on, to_pay=to_pay))
