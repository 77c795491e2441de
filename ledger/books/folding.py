"""Events folded onto what was kept of the books: what they come to, and whether that is right.

What was kept was proven: nothing was wrong with the books as they were. So the whole is right with
new events where nothing is wrong with them, with what stands outside events beside them, and with
what the books have come to. Beancount asks more of a ledger than of an entry in one place alone: a
``balance`` is the sum of all that an account has had by then, and that is added up for it. Whatever
is found is only a doubt here: the whole ledger says what is wrong.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.ops import balance
from beancount.ops import validation
from beancount.parser import options

from ledger.base.money import CURRENCY
from ledger.base.records import replace
from ledger.books.booking import is_even
from ledger.books.kept_ledger import KeptLedger
from ledger.budget.later_flows import followed_by
from ledger.controls.invariants import check_parts
from ledger.events.fold import Fold
from ledger.events.read_ledger import ReadLedger
from ledger.events.read_ledger import names_operators
from ledger.events.reversals import without_trace
from ledger.model.history import Event
from ledger.model.history import sums_of


def folded(kept: KeptLedger, fold: Fold, entries: Sequence[data.Directive]) -> KeptLedger | None:
    """The ledger with the events of these entries, which their ``fold`` has taken in. None in any
    doubt whether it is sound.
    """
    history, outside = fold.history(), kept.outside
    # guard: without-trace-by-the-whole
    if without_trace(history) != without_trace(kept.history):
        return None
    flows = followed_by(kept.flows, entries, kept.rules, outside.read_after)
    if flows is None:
        return None
    beside = sorted([*outside.entries, *entries], key=data.entry_sortkey)
    # guard: folded-events-checked
    if check_parts(beside, kept.rules, history, flows):
        return None
    sums = _summed(beside, kept.history.events)
    # guard: folded-events-validated
    if problems_of_beancount(entries, beside, sums, options.OPTIONS_DEFAULTS):
        return None
    paid = [entry.date for entry in entries if isinstance(entry, data.Transaction)]
    days = [*(kept.entered or ()), *paid]
    to_cut = (entry.date for entry in entries if not names_operators(entry))

    def whole() -> ReadLedger:
        return ReadLedger(sorted([*kept.whole().entries, *entries], key=data.entry_sortkey))

    return replace(
        kept,
        history=history,
        flows=flows,
        entered=(min(days), max(days)) if days else None,
        newest=max(kept.newest, *(entry.date for entry in entries)),
        newest_to_cut=max((kept.newest_to_cut, *to_cut)),
        whole=whole,
        cut=lambda day: whole().as_of(day),
        read_outside=lambda: outside,
        folded=fold,
    )


def problems_of_beancount(
    new: Sequence[data.Directive],
    among: Sequence[data.Directive],
    whole: Sequence[data.Directive],
    option_map: Mapping[str, Any],
) -> list[Any]:
    """What Beancount finds wrong with a ledger that has new entries. What was in it before was
    right when it was loaded: ``among`` are all that any of the new ones is judged by, and ``whole``
    adds up to what the whole does. Entries whose amounts come to nothing are balanced.
    """
    problems: list[Any] = []
    uneven = [entry for entry in new if not is_even(entry)]
    for validate in validation.BASIC_VALIDATIONS:
        by_entry = validate is validation.validate_check_transaction_balances
        problems += validate(uneven if by_entry else among, option_map)  # type: ignore[no-untyped-call]
    problems += balance.check(whole, option_map)[1]  # type: ignore[no-untyped-call]
    return problems


def _summed(entries: Iterable[data.Directive], events: Iterable[Event]) -> list[data.Directive]:
    """The entries, and what events have moved before: by day and account, which is all that a
    balance asks for.
    """
    sums = [entry for event in events for entry in _sums(event)]
    return sorted([*entries, *sums], key=data.entry_sortkey)


def _sums(event: Event) -> Iterator[data.Transaction]:
    by_day: dict[datetime.date, list[data.Posting]] = {}
    for day, account, amount_fen in sums_of(event):
        units = Amount(Decimal(amount_fen).scaleb(-2), CURRENCY)
        posting = data.Posting(account, units, None, None, None, None)
        by_day.setdefault(day, []).append(posting)
    meta = data.new_metadata(event.header.meta["filename"], 0)
    for day, postings in by_day.items():
        yield data.Transaction(meta, day, "*", None, None, data.EMPTY_SET, data.EMPTY_SET, postings)
