"""A ledger as it was kept: what the events have come to, without its directives.

It answers what a :class:`~ledger.events.read_ledger.ReadLedger` answers. What was not kept, which
is the directives themselves and what is folded of them, is loaded when somebody asks for it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.base.records import Record
from ledger.budget.ceilings import Flows
from ledger.model.findings import Finding
from ledger.model.history import History
from ledger.model.rules import Rules

if TYPE_CHECKING:
    from beancount.core import data

    from ledger.events.fold import Fold
    from ledger.events.read_ledger import ReadLedger


class Outside(NamedTuple):
    """The directives of the books that stand outside events, and the files that are read after
    events.
    """

    entries: Sequence[data.Directive]
    read_after: frozenset[str] = frozenset()


class KeptLedger(Record, dict=True):
    """What was kept; ``whole`` loads the ledger that it is of, ``cut`` looks for what was kept of
    it as of an earlier day, and ``read_outside`` reads what stands outside events.

    ``folded`` is what events that have come since were folded into. Whoever writes next has
    ``vouched`` for it: he has kept it himself.
    """

    rules: Rules
    history: History
    flows: Flows
    opened: Sequence[tuple[str, datetime.date]]
    entered: tuple[datetime.date, datetime.date] | None
    newest: datetime.date
    newest_to_cut: datetime.date
    printed_outside: Sequence[tuple[datetime.date, str]]
    whole: Callable[[], ReadLedger]
    cut: Callable[[datetime.date], KeptLedger | ReadLedger]
    read_outside: Callable[[], Outside]
    folded: Fold | None = None
    vouched: bool = False

    @property
    def entries(self) -> Sequence[data.Directive]:
        """Every directive."""
        return self.whole().entries

    @cached_property
    def outside(self) -> Outside:
        """What stands outside events. Raises BooksChanged."""
        return self.read_outside()

    @cached_property
    def fold(self) -> Fold:
        """What events that come after are folded onto."""
        # What only reads needs nothing of it.
        from ledger.events.fold import fold_of

        return self.folded or fold_of(self.history, self.rules)

    @property
    def faults(self) -> Sequence[Finding]:
        """None: what has faults is not kept."""
        return ()

    def as_of(self, day: datetime.date) -> KeptLedger | ReadLedger:
        """The ledger as if nothing after a day had been entered; itself if nothing was."""
        return self if self.newest_to_cut <= day else self.cut(day)
