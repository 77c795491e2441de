"""What the simulated bank does with one batch, day by day: its result files, and the money.

It debits the whole batch at once, answers in parts, pays back what it could not deliver, and has
news days later of what it did not know. Everything is decided when it gets the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from samples.account import Movement
from samples.bank import Decision
from samples.bank import Fate
from samples.bank import decide
from samples.bank import follow_up
from samples.bank_answers import csv_result
from samples.bank_answers import write_results
from samples.bank_upload import SentRow
from samples.bank_upload import read_uploads
from samples.bank_words import USUAL_REASONS

RESULTS = "results"
# The bank's own account, through which the money of batches goes.
CLEARING = ("代发业务过渡户", "91370481000000000888")
REFUND_AFTER = timedelta(days=4)
NEWS_AFTER = timedelta(days=6)


class Plan(NamedTuple):
    """How a batch fares with the bank; see :func:`samples.bank.decide`.

    ``parts``: in so many files comes the answer to the first upload.
    """

    returned_share: float = 0.005
    reasons: Sequence[str] = USUAL_REASONS
    pending: int = 0
    later: int = 0
    parts: int = 1


@dataclass(frozen=True)
class BankAnswer:
    """The decisions of the first days and the ``news`` of some rows, with the files of each.

    ``news_file`` is there when there are news, whatever upload they are about. ``movements`` are
    what moves on the office's account: the whole batch, then what comes back when.
    """

    batch: str
    decisions: tuple[Decision, ...]
    news: tuple[Decision, ...]
    files: tuple[Path, ...]
    news_file: Path
    movements: tuple[Movement, ...]

    @property
    def paid(self) -> list[SentRow]:
        """The truth in the end: the payments that were made and have not come back."""
        last = {decision.row.key: decision for decision in (*self.decisions, *self.news)}
        return [d.row for d in last.values() if d.outcome.fate is Fate.PAID]


def answer_batch(payouts: Path, folder: Path, plan: Plan, *, on: date, seed: int) -> BankAnswer:
    """Answer the uploads in ``payouts`` (``…/B2020-001``), which the bank gets on that day.

    Result files go into ``folder/results``. The same arguments give the same files.
    """
    batch = payouts.name
    seed += int(batch.rpartition("-")[2])
    decisions = decide(
        read_uploads(payouts),
        seed=seed,
        returned_share=plan.returned_share,
        reasons=plan.reasons,
        pending=plan.pending,
        later=plan.later,
    )
    news = follow_up(decisions, seed=seed)
    first, *others = uploads_of(decisions)
    size = -(-len(first) // plan.parts)
    files = []
    for part in range(plan.parts):
        word = f"回盘-{part + 1}" if plan.parts > 1 else "回盘"
        own = first[part * size : (part + 1) * size]
        files += write_results(folder / RESULTS, own, word=word)
    for other in others:
        files += write_results(folder / RESULTS, other)
    news_file = folder / RESULTS / f"{batch}-后续.csv"
    if news:
        news_file.write_bytes(csv_result(news, renumbered=True))
    return BankAnswer(
        batch,
        tuple(decisions),
        tuple(news),
        tuple(files),
        news_file,
        tuple(movements(decisions, news, on)),
    )


def uploads_of(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """The decisions of each upload file, in the order of the files."""
    by_file: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_file.setdefault(decision.row.file, []).append(decision)
    return list(by_file.values())


def movements(decisions: Sequence[Decision], news: Sequence[Decision], on: date) -> list[Movement]:
    """A debit for the whole batch, and what comes back of it at once and later.

    The bank's words do not name the batch: it does not know the office's numbers.
    """
    refunds = (
        (on + REFUND_AFTER, amount_fen(decisions, Fate.RETURNED)),
        (on + NEWS_AFTER, amount_fen(news, Fate.RETURNED)),
    )
    total_fen = sum(decision.row.fen for decision in decisions)
    debit = Movement(on, -total_fen, *CLEARING, "批量代发")
    return [debit, *(Movement(day, fen, *CLEARING, "代发退款") for day, fen in refunds if fen)]


def amount_fen(decisions: Sequence[Decision], fate: Fate) -> int:
    return sum(decision.row.fen for decision in decisions if decision.outcome.fate is fate)
