"""What the simulated bank does with one batch, day by day: its result files and its statement.

It debits the whole batch at once, answers in parts, pays back what it could not deliver, and has
news days later of what it did not know. Everything is decided when it gets the batch.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from ledger.money import plain
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
STATEMENT = "银行流水.csv"
STATEMENT_HEADINGS = ("日期", "摘要", "批次", "借方金额", "贷方金额")
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

    ``news_file`` is there when there are news, whatever upload they are about.
    """

    batch: str
    decisions: tuple[Decision, ...]
    news: tuple[Decision, ...]
    files: tuple[Path, ...]
    news_file: Path

    @property
    def paid(self) -> list[SentRow]:
        """The truth in the end: the payments that were made and have not come back."""
        last = {decision.row.key: decision for decision in (*self.decisions, *self.news)}
        return [d.row for d in last.values() if d.outcome.fate is Fate.PAID]


def answer_batch(payouts: Path, folder: Path, plan: Plan, *, on: date, seed: int) -> BankAnswer:
    """Answer the uploads in ``payouts`` (``…/B2020-001``), which the bank gets on that day.

    Result files go into ``folder/results``, the lines of the account into ``folder/银行流水.csv``.
    The same arguments give the same files.
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
    enter_statement(folder / STATEMENT, statement(batch, decisions, news, on))
    return BankAnswer(batch, tuple(decisions), tuple(news), tuple(files), news_file)


def uploads_of(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """The decisions of each upload file, in the order of the files."""
    by_file: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_file.setdefault(decision.row.file, []).append(decision)
    return list(by_file.values())


def statement(
    batch: str, decisions: Sequence[Decision], news: Sequence[Decision], on: date
) -> list[tuple[str, ...]]:
    """Lines of the office's account: a debit for the batch, and what comes back of it when."""
    refunds = (
        (on + REFUND_AFTER, amount_fen(decisions, Fate.RETURNED)),
        (on + NEWS_AFTER, amount_fen(news, Fate.RETURNED)),
    )
    total = plain(sum(decision.row.fen for decision in decisions))
    return [
        (on.isoformat(), "批量代发", batch, total, ""),
        *(
            (day.isoformat(), "代发退款", batch, "", plain(fen))
            for day, fen in refunds
            if fen
        ),
    ]  # fmt: skip


def amount_fen(decisions: Sequence[Decision], fate: Fate) -> int:
    return sum(decision.row.fen for decision in decisions if decision.outcome.fate is fate)


def enter_statement(path: Path, lines: Sequence[Sequence[str]]) -> None:
    """Add lines at the end of the statement, which is begun when there is none."""
    is_new = not path.exists()
    with path.open("a", encoding="utf-8-sig" if is_new else "utf-8", newline="") as file:
        csv.writer(file).writerows([*([STATEMENT_HEADINGS] if is_new else []), *lines])
