"""Which payment each row of a result answers for: exactly one, or the file is not taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence

from importers.results.numbering import numbering_of
from importers.results.numbering import payment_of
from importers.results.refusals import BatchIsVoid
from importers.results.refusals import BatchUndecided
from importers.results.refusals import ResultRefused
from importers.results.refusals import RowFault
from importers.results.refusals import place_text
from importers.results.result_file import ResultFile
from importers.results.result_file import ResultRow
from importers.results.sent_payments import Sent
from importers.results.sent_payments import SentBatch
from importers.results.sent_payments import SentPayments
from ledger.base.masks import name_fits
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.books.batch_lookup import NoSuchBatch
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction

__all__ = [
    "MatchedResult",
    "SentBatch",
    "SentPayments",
    "batches_of_all_rows",
    "match_result",
    "named_in",
]

_BATCH_ID = re.compile(r"B[0-9]{4}-[0-9]{3,}", re.IGNORECASE)


class MatchedResult(Record):
    """The rows of a result with the payments they answer for, in the order of the file.

    ``unanswered`` are payments of which the bank says nothing yet.
    """

    batch: BatchId
    answers: tuple[tuple[Instruction, ResultRow], ...]
    unanswered: tuple[tuple[Instruction, ResultRow], ...] = ()

    unshown = ("answers", "unanswered")


def match_result(
    result: ResultFile,
    batches: Sequence[SentBatch],
    batch: BatchId | None = None,
    *,
    payments: SentPayments | None = None,
) -> MatchedResult:
    """Match every row of a result with one payment of one batch.

    ``batch`` is the user's word for it; ``payments`` are those of the batches where somebody has
    indexed them before, which is most of the work. Raises NoSuchBatch, BatchUndecided,
    BatchIsVoid, or ResultRefused with what is wrong in each row.
    """
    payments = payments or SentPayments(batches)
    fits = [payments.of_payment(row) for row in result.rows]
    by_id = {sent.id: sent for sent in batches}
    chosen = _choose(result, by_id, fits, batch) or _nearest(result, payments, by_id)
    in_batch = [[sent for sent in row if sent.batch == chosen] for row in fits]
    if chosen and by_id[chosen].is_void and any(in_batch):  # guard: result-of-void-batch
        raise BatchIsVoid(result.file, chosen)
    pairs, findings = _pair(result.rows, in_batch)
    unmatched = zip(result.rows, fits, in_batch, strict=True)
    findings += [
        _mismatch(row, elsewhere, payments, by_id, chosen)
        for row, elsewhere, here in unmatched
        if not here
    ]
    findings += result.findings
    if findings:  # guard: result-whole
        order = {sheet: place for place, sheet in enumerate(_sheets(result))}
        findings.sort(key=lambda finding: (order[finding.sheet], finding.row))
        raise ResultRefused(result.file, chosen, findings)
    return MatchedResult(
        chosen,
        answers=tuple(pair for pair in pairs if pair[1].answer),
        unanswered=tuple(pair for pair in pairs if not pair[1].answer),
    )


def batches_of_all_rows(
    result: ResultFile, batches: Sequence[BatchId], payments: SentPayments
) -> list[BatchId]:
    """Which of the batches have a payment for every row of a result."""
    return _whole([payments.of_payment(row) for row in result.rows], batches)


def named_in(file: str, batches: Sequence[BatchId]) -> list[BatchId]:
    """Which of the batches a file's name speaks of."""
    found = {name.upper() for name in _BATCH_ID.findall(file)}
    return [batch for batch in batches if batch in found]


def _sheets(result: ResultFile) -> list[str]:
    sheets = [row.sheet for row in result.rows] + [row.sheet for row in result.findings]
    return list(dict.fromkeys(sheets))


def _choose(
    result: ResultFile,
    batches: Mapping[BatchId, SentBatch],
    fits: Sequence[Sequence[Sent]],
    named: BatchId | None,
) -> BatchId:
    """The batch of the result, or the likeliest one; empty where no batch has any of the rows."""
    if named is not None:
        if named not in batches:
            raise NoSuchBatch(named)
        return named
    whole = _whole(fits, list(batches))
    if len(whole) == 1:
        return whole[0]
    named_by = (named_in(result.file, whole), _remarked(result, whole, batches)) if whole else ()
    said = {names[0] for names in named_by if len(names) == 1}
    if len(said) == 1:  # guard: result-named-once
        return said.pop()
    if whole:  # guard: result-batch-asked
        raise BatchUndecided(result.file, [(batch, batches[batch].state) for batch in whole])
    return _likeliest(_counts(fits), batches)


def _remarked(
    result: ResultFile, whole: Sequence[BatchId], batches: Mapping[BatchId, SentBatch]
) -> list[BatchId]:
    """Which of the batches told the bank what stands beside every row of the result."""
    remarks = {batch: "".join(batches[batch].read_remark().split()) for batch in whole}
    return [
        batch
        for batch, remark in remarks.items()
        if remark and all(remark in row.remarks for row in result.rows)  # guard: remark-of-all-rows
    ]


def _whole(fits: Sequence[Sequence[Sent]], batches: Sequence[BatchId]) -> list[BatchId]:
    counts = _counts(fits)
    return [batch for batch in batches if fits and counts[batch] == len(fits)]


def _counts(fits: Sequence[Sequence[Sent]]) -> Counter[BatchId]:
    """How many rows fit a payment of each batch."""
    return Counter(batch for row in fits for batch in {sent.batch for sent in row})


def _nearest(
    result: ResultFile, payments: SentPayments, batches: Mapping[BatchId, SentBatch]
) -> BatchId:
    """The batch with most of the accounts, where no batch has any of the payments."""
    batches_of_rows = ({sent.batch for sent in payments.of_account(row)} for row in result.rows)
    return _likeliest(Counter(batch for row in batches_of_rows for batch in row), batches)


def _likeliest(counts: Mapping[BatchId, int], batches: Mapping[BatchId, SentBatch]) -> BatchId:
    """The batch beside which it is told what is wrong: one that the bank may well speak of."""
    return max(
        counts,
        key=lambda batch: (not batches[batch].is_void, counts[batch], batch),
        default=NO_BATCH,
    )


def _pair(
    rows: Sequence[ResultRow], candidates: Sequence[Sequence[Sent]]
) -> tuple[list[tuple[Instruction, ResultRow]], list[RowFault]]:
    """The rows with their payments, and what is wrong where a row has several, or shares one."""
    numbering = numbering_of(rows, candidates)
    pairs: list[tuple[Instruction, ResultRow]] = []
    findings: list[RowFault] = []
    answered: dict[int, ResultRow] = {}
    for row, sent in zip(rows, candidates, strict=True):
        if not sent:
            continue
        instruction = payment_of(row, sent, numbering)
        if instruction is None:
            findings.append(row.finding("ambiguous"))
            continue
        other = answered.setdefault(instruction.number, row)
        if other is not row:  # guard: result-person-once
            findings.append(row.finding("twice", other=place_text(other.sheet, other.row)))
            continue
        pairs.append((instruction, row))
    return pairs, findings


def _mismatch(
    row: ResultRow,
    elsewhere: Sequence[Sent],
    payments: SentPayments,
    batches: Mapping[BatchId, SentBatch],
    chosen: BatchId,
) -> RowFault:
    """Why a row is no payment of the chosen batch."""
    if elsewhere:
        # The latest batch is the likeliest; one that is still with the bank before a void one.
        other = max(sent.batch for sent in _live(elsewhere, batches) or elsewhere)
        return row.finding("void_batch" if batches[other].is_void else "other_batch", batch=other)
    here = [sent for sent in payments.of_account(row) if sent.batch == chosen]
    same_name = [sent for sent in here if name_fits(row.name, sent.name)]
    if same_name:
        sent_fen = same_name[0].instruction.amount_fen
        return row.finding("other_amount", sent=plain(sent_fen), here=plain(row.amount_fen))
    return row.finding("other_name" if here else "no_match")


def _live(sent: Sequence[Sent], batches: Mapping[BatchId, SentBatch]) -> list[Sent]:
    return [payment for payment in sent if not batches[payment.batch].is_void]
