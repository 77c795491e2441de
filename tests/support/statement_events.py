"""The bank's statements as they stand in the books, without a file that they were read from."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal

from ledger.base.money import fen
from ledger.books.rehearsal import Draft
from ledger.events.statement_text import BookedPart
from ledger.events.statement_text import PlacedLine
from ledger.events.statement_text import Placement
from ledger.events.statement_text import statement_event
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import line_ids
from ledger.model.history import BATCH_LINK
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.office import day


@dataclass
class BankFeed:
    """What happens at the bank: ``move`` it, then ``enter`` it into the books as a statement.

    ``balance_fen`` is the bank's balance so far; None when its statements say none.
    """

    balance_fen: int | None = 0
    count: int = 0
    waiting: list[tuple[BankLine, Placement]] = field(default_factory=list)

    def move(
        self,
        on: str,
        yuan: str,
        against: str = SUSPENSE,
        *,
        by_hand: str = "",
        who: str = "",
        text: str = "",
    ) -> None:
        """A line; ``against`` is its account or batch, ``by_hand`` the entry it stands for."""
        amount_fen = fen(Decimal(yuan))
        if self.balance_fen is not None:
            self.balance_fen += amount_fen
        self.count += 1
        line = BankLine(
            row=self.count,
            date=day(on),
            time="",
            amount_fen=amount_fen,
            balance_fen=self.balance_fen,
            counterparty=who,
            account="",
            text=text,
            serial=f"S{self.count:05d}",
        )
        if by_hand:
            placement = Placement((), by_hand=day(by_hand))
        elif BATCH_LINK.fullmatch(against):
            placement = Placement((BookedPart(TRANSIT, -amount_fen, BatchId(against)),))
        else:
            placement = Placement((BookedPart(against, -amount_fen),))
        self.waiting.append((line, placement))

    def enter(self, office: Office) -> list[BankLineId]:
        """Commit what has happened since the last time as one statement; the ids of its lines."""
        ids = line_ids(BANK, [line for line, _placement in self.waiting])
        lines = [PlacedLine(name, *placed) for name, placed in zip(ids, self.waiting, strict=True)]
        self.waiting = []
        with office.work() as work:
            facts = {"layout": "test"}
            text = statement_event(work.writer.drafting, BANK, lines, None, meta=facts)
            work.commit(Draft("statement", NO_BATCH, text.encode("utf-8")))
        return ids
