"""What to ask the bank about a payment of which nobody knows whether it was made."""

from __future__ import annotations

from ledger.base.masks import last_four
from ledger.base.money import grouped
from ledger.model.history import Batch
from ledger.model.instructions import Instruction


def question(row: Instruction, batch: Batch, unit: str) -> str:
    """One sentence for the bank, in Chinese; of the account it has the last four digits."""
    day = f"于 {batch.submitted} 提交的" if batch.submitted else "的"
    return (
        f"请查询{unit}{day}批次 {batch.id}，文件 {row.bank_file} 第 {row.bank_row} 笔，"
        f"户名 {row.bank_name}，账号尾号 {last_four(row.account)}，"
        f"金额 {grouped(row.amount_fen)} 元："
        "是否已经入账？何时入账？如未入账，款项是否已经退回？请书面答复。"
    )
