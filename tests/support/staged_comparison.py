"""The books held against the model of stages, and against the limit by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ledger.books.books import Books
from ledger.model.ids import NO_BATCH
from ledger.model.ids import StageCode
from tests.support.model import DUE
from tests.support.staged_model import AT_RISK
from tests.support.staged_model import StagedModel


def assert_as_the_model_says(books: Books, model: StagedModel) -> None:
    """People, batches and work are where they should be, and nobody has too much."""
    assert not books.errors, books.errors
    assert people_of_books(books) == {
        (payee, stage): (at.state, at.batch, at.fen - at.tax, at.tax)
        for payee, stage, at in model.every()
    }
    assert batches_of_books(books) == {
        name: (batch.stage, batch.state, batch.outcomes, batch.tax)
        for name, batch in model.batches.items()
        if not batch.void
    }
    for stage in {one.stage for one in model.lists}:
        assert work_of_books(books, stage) == {
            payee: (line.says, 100 * line.off)
            for payee, (line, _event) in model.work(stage).items()
        }
    assert_nobody_has_too_much(books, model.limit_fen)


def people_of_books(books: Books) -> dict[Any, Any]:
    return {
        (payee, stage): (at.state.value, at.batch, at.amount_fen, at.tax_fen)
        for stage, payee, at in books.history.every_standing()
        if at.state != DUE
    }


def batches_of_books(books: Books) -> dict[Any, Any]:
    return {
        batch.id: (
            batch.stage,
            batch.state,
            {payee: state.value for payee, state in batch.outcomes.items()},
            batch.tax_fen,
        )
        for batch in books.history.batches.values()
        if not batch.voided
    }


def work_of_books(books: Books, stage: str) -> dict[Any, Any]:
    return {
        payee: (
            Decimal(one.quantity) if one.quantity else Decimal(one.amount_fen) / 100,
            one.deduction_fen,
        )
        for payee, one in books.history.work.get(StageCode(stage), {}).items()
    }


def assert_nobody_has_too_much(books: Books, limit_fen: int) -> None:
    """By the books alone: once in a stage, and not above the limit in all."""
    money = list(at_risk(books))
    assert len({(payee, stage) for payee, stage, _fen in money}) == len(money)
    sums: Counter[str] = Counter()
    for payee, _stage, fen in money:
        sums[payee] += fen
    assert max(sums.values(), default=0) <= limit_fen


def at_risk(books: Books) -> Iterator[tuple[str, str, int]]:
    """Every payment that was made or may be made yet: of whom, in which stage, and how much."""
    for batch in books.history.batches.values():
        for payee, state in batch.outcomes.items():
            if state in AT_RISK:
                at = books.history.standings_in(batch.stage)[payee]
                yield payee, batch.stage, at.amount_fen + at.tax_fen
    for stage, payee, at in books.history.every_standing():
        if at.state in AT_RISK and at.batch == NO_BATCH:
            yield payee, stage, at.amount_fen
