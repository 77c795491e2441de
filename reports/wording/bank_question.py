"""What to ask the bank about a payment of which nobody knows whether it was made."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.base.masks import last_four
from ledger.base.money import grouped
from ledger.books.books import Books
from ledger.figures.waiting import asked_about
from ledger.model.history import Batch
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.instructions import Instruction
from ledger.registry.frozen_rows import rows_of
from ledger.registry.registry import Registry


def bank_questions(
    books: Books, registry: Registry, stage: StageCode, payees: Iterable[PayeeId]
) -> dict[PayeeId, str]:
    """What to ask the bank about those of the people whose payment of a stage is unclear, by id."""
    about = asked_about(books.history, stage)
    asked = {payee: about[payee] for payee in payees if payee in about}
    found = {}
    for name in sorted(set(asked.values())):
        batch = books.history.batches[name]
        of_batch = [payee for payee, batch_of in asked.items() if batch_of == name]
        for row in rows_of(registry, batch, of_batch):
            found[row.payee_id] = question(row, batch, books.settings.unit)
    return found


def question(row: Instruction, batch: Batch, unit: str) -> str:
    """One sentence for the bank, in Chinese; of the account it has the last four digits."""
    day = f"于 {batch.submitted} 提交的" if batch.submitted else "的"
    return (
        f"请查询{unit}{day}批次 {batch.id}，文件 {row.bank_file} 第 {row.bank_row} 笔，"
        f"户名 {row.bank_name}，账号尾号 {last_four(row.account)}，"
        f"金额 {grouped(row.amount_fen)} 元："
        "是否已经入账？何时入账？如未入账，款项是否已经退回？请书面答复。"
    )
