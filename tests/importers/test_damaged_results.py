"""Whatever happens to a result on its way: nobody gets another answer than the bank's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings

from importers.results.matching import match_result
from importers.results.result_file import read_result
from importers.results.sent_payments import SentBatch
from importers.tables.reading import read_tables
from ledger.base.refusals import Refusal
from ledger.model.ids import BatchId
from tests.support.damaged_results import PEOPLE
from tests.support.damaged_results import DamagedResult
from tests.support.damaged_results import damaged_results

SENT = [SentBatch(BatchId("B2020-001"), "submitted", PEOPLE)]


@settings(max_examples=300)
@given(damaged_results())
def test_a_damaged_result_moves_nobody_wrongly(damaged: DamagedResult) -> None:
    """Refused as a whole, unknown, or without an answer; never the opposite, or another's."""
    try:
        sheets = read_tables("回盘.csv", damaged.content)
        matched = match_result(read_result("回盘.csv", sheets), SENT)
    except Refusal as refusal:
        assert "\n" not in str(refusal)
        return
    for sent, row in matched.answers:
        assert row.answer is not None
        assert row.amount_fen == sent.amount_fen
        assert row.answer.outcome in damaged.page.says(sent)
