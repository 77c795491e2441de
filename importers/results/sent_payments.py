"""The payments that were sent, found by what a bank shows of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Sequence

from importers.results.result_file import ResultRow
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from ledger.base.masks import MaskedAccount
from ledger.base.masks import letters
from ledger.base.masks import masked_account
from ledger.base.masks import name_fits
from ledger.base.records import Record
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction
from ledger.model.payees import same_account


class SentBatch(Record):
    """A batch as it was frozen. ``state`` is prepared, submitted, settled or void; ``read_remark``
    gives what its payments say to the bank, if that is known.
    """

    id: BatchId
    state: str
    rows: Sequence[Instruction]
    read_remark: Callable[[], str] = str

    unshown = ("rows",)

    @property
    def is_void(self) -> bool:
        return self.state == "void"


class Sent(Record):
    """A payment with its batch; name and account as they are compared, without leading zeros."""

    batch: BatchId
    account: str
    name: str
    instruction: Instruction


class SentPayments:
    """Every payment of the batches, by account; by name and visible digits where it is masked."""

    def __init__(self, batches: Sequence[SentBatch]) -> None:
        self._sent = [
            Sent(batch.id, same_account(number_text(row.account)), person_name(row.bank_name), row)
            for batch in batches
            for row in batch.rows
        ]
        self._by_account: dict[str, list[Sent]] = defaultdict(list)
        for sent in self._sent:
            self._by_account[sent.account].append(sent)
        # For each number of digits before and after the mask: (name, prefix, suffix) -> payments.
        self._by_mask: dict[tuple[int, int], dict[tuple[str, str, str], list[Sent]]] = {}

    def of_account(self, row: ResultRow) -> list[Sent]:
        """The payments to a row's account, whatever else it says.

        A masked account is no account without its holder: only payments to her count.
        """
        shown = masked_account(row.account)
        if shown is None:
            return self._by_account.get(same_account(row.account), [])
        shown = MaskedAccount(shown.prefix.lstrip("0"), shown.suffix)
        shape = (len(shown.prefix), len(shown.suffix))
        if shape not in self._by_mask:
            self._by_mask[shape] = self._masked(*shape)
        return self._by_mask[shape].get((letters(row.name), *shown), [])

    def of_payment(self, row: ResultRow) -> list[Sent]:
        """The payments that a row fits: account, name and amount."""
        amount_fen, name = row.amount_fen, row.name
        return [
            sent
            for sent in self.of_account(row)
            if sent.instruction.amount_fen == amount_fen and name_fits(name, sent.name)
        ]  # guard: result-amount, result-name

    def _masked(self, before: int, after: int) -> dict[tuple[str, str, str], list[Sent]]:
        found: dict[tuple[str, str, str], list[Sent]] = defaultdict(list)
        for sent in self._sent:
            account = sent.account
            shown = MaskedAccount(account[:before], account[len(account) - after :])
            if shown.fits(account):
                found[letters(sent.name), shown.prefix, shown.suffix].append(sent)
        return dict(found)
