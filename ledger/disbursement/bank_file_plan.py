"""Which payments of a batch go into which bank file: our own bank apart, within its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from ledger.disbursement.bank_profile import BankProfile
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction

OWN_BANK = "本行"
OTHER_BANK = "他行"


def is_own_bank(bank: str, own_words: Sequence[str]) -> bool:
    """Whether the opening bank's text has one of the words by which our bank is known."""
    return _has_word(bank, tuple(own_words))


@lru_cache(maxsize=1 << 12)
def _has_word(bank: str, own_words: tuple[str, ...]) -> bool:
    text = "".join(bank.split())
    return any(word in text for word in own_words if word)


def plan_bank_files(
    instructions: Sequence[Instruction],
    *,
    own: BankProfile,
    other: BankProfile,
    own_words: Sequence[str],
    batch: BatchId,
) -> list[Instruction]:
    """The instructions in their order, each with the bank file and the row that carry it."""
    profiles = {OWN_BANK: own, OTHER_BANK: other}
    counts: Counter[str] = Counter()
    planned = []
    for instruction in instructions:
        kind = OWN_BANK if is_own_bank(instruction.bank, own_words) else OTHER_BANK
        profile = profiles[kind]
        file_index, row_index = divmod(counts[kind], profile.row_limit)
        counts[kind] += 1
        name = f"{batch}-{kind}-{file_index + 1}.{profile.file_type}"
        planned.append(instruction._replace(bank_file=name, bank_row=row_index + 1))
    return planned


def rows_by_file(instructions: Sequence[Instruction]) -> dict[str, list[Instruction]]:
    """The planned instructions of each bank file, in the order of its rows.

    Raises ValueError when an instruction is not planned, or the rows do not count from 1.
    """
    files: dict[str, list[Instruction]] = {}
    for instruction in instructions:
        rows = files.setdefault(instruction.bank_file, [])
        rows.append(instruction)
        if not instruction.bank_file or instruction.bank_row != len(rows):
            raise ValueError(f"instruction {instruction.number} has no proper place in a bank file")
    return files


def file_kind(name: str) -> str:
    """本行 or 他行, from the name of a planned bank file."""
    return name.rsplit("-", 2)[1]
