"""Digits that were typed from paper: whose seal they are, or where they stand on the chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.records import replace
from ledger.books.books import describe
from ledger.events.event_file import Head
from ledger.model.findings import without_facts
from ledger.model.seal import grouped_seal
from reports.pdf.provenance import HEAD_DIGITS
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.refusals import NothingOfThatName
from reports.verification.comparison.refusals import SealOrHead
from reports.verification.comparison.verdict import Verdict
from reports.verification.head_words import TypedHead
from reports.verification.head_words import read_heads
from reports.verification.seal_words import near_seals
from reports.verification.seal_words import read_seal
from reports.verification.seals import verify_seal

# Findings that touch the chain and who has signed it.
OF_THE_CHAIN = frozenset({"chain", "signature", "operator", "role"})
# What a head is to today's chain.
CONTINUED, ANOTHER, OLDER, UNKNOWN = "continued", "another", "older", "unknown"


def verify_typed(evidence: Evidence, subject: str) -> Verdict:
    """What the books say to a seal or a head. Raises a CannotSay.

    Digits can be any of them; what is meant is what is known. Where none is, a number before them
    makes them a head, unless they are nearly a seal.
    """
    seal, heads = read_seal(subject), read_heads(subject)
    if seal is None and not heads:
        raise NothingOfThatName(subject)
    seals = {batch.seal for batch in evidence.batches.values()}
    if seal is None:
        return verify_head(evidence, heads)
    is_seal = seal.digits in seals
    is_head = any(evidence.chain.beginning(head.digits) for head in heads)
    if is_seal and is_head:  # guard: seal-or-head
        raise SealOrHead(subject)
    is_numbered = any(head.seq is not None for head in heads)
    if is_head or (is_numbered and not is_seal and not near_seals(seal.digits, seals)):
        return verify_head(evidence, heads)
    return verify_seal(evidence, seal)


def verify_head(evidence: Evidence, heads: Sequence[TypedHead]) -> Verdict:
    """Whether today's chain continues the one that had this head. ``heads`` are readings of it."""
    found = [
        (typed, head) for typed in heads for head in evidence.chain.beginning(typed.digits)
    ]  # fmt: skip
    of_that_number = [pair for pair in found if pair[0].seq in (None, pair[1].seq)]
    if len(of_that_number) == 1:
        return _continued(evidence, *of_that_number[0])
    typed = found[0][0] if found else heads[0]
    verdict = Verdict("head", typed.words)
    if len(of_that_number) > 1:
        message = _("{count} events of these books begin so: type more of the digits")
        problem = message.format(count=len(of_that_number))
        return _not_continued(verdict, UNKNOWN, problem)
    if typed.seq is None:
        return _not_continued(
            verdict,
            UNKNOWN,
            _(
                "no event of these books has this digest: the paper is of another history, of newer"
                " books than these, or these books were changed"
            ),
        )
    if found:
        message = _(
            "event {seq} of these books has another digest, and these digits are those of event"
            " {other}: look at the paper again"
        )
        problem = message.format(seq=typed.seq, other=found[0][1].seq)
        return _not_continued(verdict, ANOTHER, problem)
    return _not_continued(verdict, *_why_not(evidence, typed.seq))


def _why_not(evidence: Evidence, seq: int) -> tuple[str, str]:
    """Of a head whose digits are unknown: what it is to the chain, and the sentence for it."""
    here = evidence.chain.at(seq)
    if here is None:  # guard: head-beyond-the-chain
        message = _(
            "the newest event of these books is {newest}, and the paper was made at event {seq}:"
            " these books are older than the paper, or another history"
        )
        return OLDER, message.format(newest=evidence.chain.newest.seq, seq=seq)
    message = _(
        "event {seq} of these books begins with {digits}: these books are another history than the"
        " paper's, or were changed"
    )
    digits = grouped_seal(here.sha256[:HEAD_DIGITS])
    return ANOTHER, message.format(seq=seq, digits=digits)


def _not_continued(verdict: Verdict, state: str, problem: str) -> Verdict:
    return replace(verdict, facts={"head": state, "event": None, "followed_by": None}).adding(
        problems=[problem]
    )


def _continued(evidence: Evidence, typed: TypedHead, head: Head) -> Verdict:
    """The event, and how many follow; what is wrong with the chain speaks against it."""
    books = evidence.books
    facts: dict[str, Any] = {
        "head": CONTINUED,
        "event": _event_facts(evidence, head),
        "followed_by": evidence.chain.newest.seq - head.seq,
    }
    # guard: chain-sound
    faults = [
        describe(error, books.folder)
        for error in without_facts(books.errors)
        if getattr(error, "code", "") in OF_THE_CHAIN
    ]
    notes = []
    if head.seq == 0:
        message = _(
            "it is the fingerprint of these books, which stands on every paper: verify the paper's"
            " seal or head too"
        )
        notes.append(message)
    return Verdict("head", typed.words, of_books=True, facts=facts, problems=faults, notes=notes)


def _event_facts(evidence: Evidence, head: Head) -> dict[str, Any]:
    history = evidence.books.history
    event = next((event for event in history.events if event.seq == head.seq), None)
    if event is None:
        # Its file is there, and the books cannot be read up to it.
        return {"seq": head.seq, "sha256": head.sha256}
    by = str(event.header.meta.get("by", ""))
    operator = history.operators.get(by)
    return {
        "seq": head.seq,
        "sha256": head.sha256,
        "date": event.date.isoformat(),
        "kind": event.kind.value,
        "batch": event.batch or None,
        "by": by,
        "name": operator.name if operator else None,
    }
