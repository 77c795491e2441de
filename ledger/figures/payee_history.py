"""What has happened to one person's subsidy, event by event."""

from __future__ import annotations

import datetime

from ledger.base.records import Record
from ledger.events.workload_text import STAGE
from ledger.events.workload_text import line_texts
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.history import entries_of
from ledger.model.history import payees_in
from ledger.model.history import reason_of
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.transitions import EventKind

# Events of people whom no entry names.
NAMING = (EventKind.RELEASED, EventKind.REVERSED)


WORDS_OF_WORK = {
    "quantity=": "数量 ",
    "amount=": "金额 ",
    "deduction=": "扣减 ",
    "listed": "在表上",
}


class Happening(Record):
    """One event of one person. ``narration`` is the entry's; ``text`` a reason, the bank's or ours.

    ``amount_fen`` is 0 where no money moved.
    """

    seq: int
    date: datetime.date
    kind: EventKind
    batch: BatchId
    narration: str
    amount_fen: int
    reason_class: str
    text: str
    by: str


def happenings(history: History, payee: PayeeId) -> list[Happening]:
    """Everything that the events say of the person, the oldest first."""
    found = []
    for event in history.events:
        for entry in entries_of(event, payee):
            text = str(entry.meta.get("reason", reason_of(event.header)))
            amount_fen = _share(history, event, payee)
            narration, reason_class = entry.narration, str(entry.meta.get("reason-class", ""))
            found.append(_happening(event, narration or "", amount_fen, reason_class, text))
        if event.kind in NAMING and payee in payees_in(event.header, "payees"):
            found.append(_happening(event, "", 0, "", reason_of(event.header)))
        if event.kind is EventKind.WORKLOAD and (line := line_texts(event).get(payee)):
            stage = str(event.header.meta.get(STAGE, ""))
            found.append(_happening(event, f"{stage} {_in_words(line)}", 0, "", ""))
        if payee in payees_in(event.header, "disputed"):
            found.append(_happening(event, "银行另有答复，与退回矛盾", 0, "", ""))
    return found


def _in_words(line: str) -> str:
    """A line of a list of work: ``数量 120 扣减 20.00``."""
    for said, word in WORDS_OF_WORK.items():
        line = line.replace(said, word)
    return line


def _share(history: History, event: Event, payee: PayeeId) -> int:
    """What was sent to the person: an entry of those who were paid is of many."""
    batch = history.batches.get(event.batch)
    return batch.amounts_fen.get(payee, 0) if batch else 0


def _happening(
    event: Event, narration: str, amount_fen: int, reason_class: str, text: str
) -> Happening:
    return Happening(
        seq=event.seq,
        date=event.date,
        kind=event.kind,
        batch=event.batch,
        narration=narration,
        amount_fen=amount_fen,
        reason_class=reason_class,
        text=text,
        by=str(event.header.meta.get("by", "")),
    )
