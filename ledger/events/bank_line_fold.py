"""The lines of bank statements in the fold: every line once, and what it was booked against."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from decimal import Decimal

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.money import nearest_fen
from ledger.model.accounts import BANK
from ledger.model.accounts import SUBSIDY_PAYABLES
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import within
from ledger.model.history import LINE_LINK
from ledger.model.history import Batch
from ledger.model.history import EnteredLine
from ledger.model.history import Event
from ledger.model.history import payee_links
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_PAYEE
from ledger.model.ids import BankLineId
from ledger.model.ids import BatchId
from ledger.model.ids import LineComponent

Report = Callable[[data.Directive, str, str], None]

# What a statement or an explanation may post to; a subsidy is moved by results alone.
OTHER = "other"
SUBSIDY = "subsidy"


class LineFold:
    """The lines so far; ``report`` takes what breaks the rules."""

    def __init__(self, item_paths: Mapping[str, LineComponent], report: Report) -> None:
        self.subsidies = (*SUBSIDY_PAYABLES, *item_paths)
        self.report = report
        self.entered: dict[BankLineId, EnteredLine] = {}
        self.kinds: dict[str, str] = {}
        self.balance_fen: int | None = None

    def go_on_from(self, before: LineFold) -> None:
        """With the lines that were entered."""
        self.entered = dict(before.entered)
        self.kinds = before.kinds
        self.balance_fen = before.balance_fen

    def take_up(self, entered: Mapping[BankLineId, EnteredLine]) -> None:
        """With lines that were entered in this order, and what the bank had after the last."""
        self.entered = dict(entered)
        last = next(reversed(self.entered.values()), None)
        self.balance_fen = last.balance_fen if last is not None else None

    def enter(self, event: Event, batches: Mapping[BatchId, Batch]) -> None:
        """A statement: its lines in the order in which they happened."""
        total_fen = 0
        for entry in event.entries:
            line = self.read(entry, batches)
            if line is None:
                continue
            total_fen += abs(line.amount_fen)
            if line.date < event.date:
                message = _("a line of a statement is not before the statement begins")
                self.report(entry, "statement", message)
            self.check_balance(line)
            for name, amount_fen in line.batches:
                # guard: barred-debit-explained-first
                if amount_fen > 0 and batches[name].is_barred:
                    message = _("nobody has approved and submitted batch {batch}: explain the line")
                    self.report(entry, "transit", message.format(batch=name))
            _imply_submission(line, batches)
            self.entered[line.id] = line
        # guard: statement-header-counts
        if (len(event.entries), total_fen) != (event.count, event.amount_fen):
            message = _(
                "the header says {count} lines and {amount};"
                " the entries are {entries} lines and {total}"
            ).format(
                count=event.count,
                amount=grouped(event.amount_fen),
                entries=len(event.entries),
                total=grouped(total_fen),
            )
            self.report(event.header, "statement", message)

    def explain(self, event: Event, batches: Mapping[BatchId, Batch]) -> None:
        """What an unexplained line was: its amount leaves the suspense account."""
        for entry in event.entries:
            line = self.entered.get(_line_link(entry))
            # guard: explained-once
            if line is None or not line.suspense_fen or entry.date < line.date:
                message = _("an explanation is of one statement line that awaits it")
                self.report(entry, "statement", message)
                continue
            sums, parts = self.sums(entry, batches)
            if sums.get(SUSPENSE) != line.suspense_fen or BANK in sums:  # guard: explanation-whole
                message = _("an explanation moves the whole of {amount} out of suspense").format(
                    amount=grouped(line.suspense_fen)
                )
                self.report(entry, "statement", message)
            explained = line._replace(
                suspense_fen=0, batches=parts, void_batch=NO_BATCH, barred_batch=NO_BATCH
            )
            _imply_submission(explained._replace(date=entry.date), batches)
            self.entered[line.id] = explained
        if len(event.entries) != 1:
            message = _("an explanation is of one statement line that awaits it")
            self.report(event.header, "statement", message)

    def read(self, entry: data.Transaction, batches: Mapping[BatchId, Batch]) -> EnteredLine | None:
        """The line that an entry is, or None when it is none; what is wrong is reported."""
        name, meta = _line_link(entry), entry.meta
        if not name or name in self.entered:  # guard: line-entered-once
            message = (
                _("statement line {line} is entered twice").format(line=name)
                if name
                else _("an entry of a statement is linked with its line")
            )
            self.report(entry, "statement", message)
            return None
        sums, parts = self.sums(entry, batches)
        by_hand = meta.get("by-hand")
        amount_fen = sums.get(BANK)
        if by_hand is not None and not entry.postings:
            amount_fen = _fen_of(meta.get("amount"))
        if amount_fen is None:
            message = _("an entry of a statement moves money on the bank account")
            self.report(entry, "statement", message)
            return None
        payees = payee_links(entry)
        return EnteredLine(
            name,
            entry.date,
            amount_fen,
            _fen_of(meta.get("balance")),
            entry,
            parts,
            payees[0] if payees else NO_PAYEE,
            -sums.get(SUSPENSE, 0),
            by_hand,
            BatchId(str(meta.get("void-batch", ""))),
            BatchId(str(meta.get("barred-batch", ""))),
        )

    def sums(
        self, entry: data.Transaction, batches: Mapping[BatchId, Batch]
    ) -> tuple[dict[str, int], tuple[tuple[BatchId, int], ...]]:
        """What the entry posts to each kind of account, in fen, and to each batch in transit."""
        sums: dict[str, int] = {}
        parts = []
        for posting in entry.postings:
            units = posting.units
            if units is None or units.number is None:
                continue
            amount_fen = nearest_fen(units.number)
            kind = self.kinds.get(posting.account) or self.kind_of(posting.account)
            sums[kind] = sums.get(kind, 0) + amount_fen
            if kind == TRANSIT:
                batch = batches.get(BatchId(str((posting.meta or {}).get("batch"))))
                if batch is None or batch.voided:  # guard: statement-batch-alive
                    message = _("money in transit names a batch that is prepared and not void")
                    self.report(entry, "transit", message)
                else:
                    parts.append((batch.id, amount_fen))
        if SUBSIDY in sums:  # guard: statement-moves-no-subsidy
            message = _("a statement of the bank moves no subsidy: results do")
            self.report(entry, "statement", message)
        return sums, tuple(parts)

    def kind_of(self, account: str) -> str:
        kind = OTHER
        for parent in (BANK, TRANSIT, SUSPENSE):
            if within(account, parent):
                kind = parent
        if any(within(account, parent) for parent in self.subsidies):
            kind = SUBSIDY
        self.kinds[account] = kind
        return kind

    def check_balance(self, line: EnteredLine) -> None:
        """The bank's own balances go on from line to line, over all its statements."""
        before_fen, after_fen = self.balance_fen, line.balance_fen
        self.balance_fen = after_fen
        # guard: bank-balances-go-on
        if (
            before_fen is not None
            and after_fen is not None
            and before_fen + line.amount_fen != after_fen
        ):
            message = _(
                "the bank had {before} before this line and {after} after it,"
                " which is not the line's {amount}"
            ).format(
                before=grouped(before_fen),
                after=grouped(after_fen),
                amount=grouped(line.amount_fen),
            )
            self.report(line.entry, "statement", message)


def _line_link(entry: data.Transaction) -> BankLineId:
    """The id of the line that an entry is linked with, or an empty text."""
    for link in entry.links:
        if link[0] == "L" and LINE_LINK.fullmatch(link):
            return BankLineId(link)
    return BankLineId("")


def _fen_of(value: object) -> int | None:
    return nearest_fen(value) if isinstance(value, Decimal) else None


def _imply_submission(line: EnteredLine, batches: Mapping[BatchId, Batch]) -> None:
    """The bank debits only what it was given; of a batch that it should not have had, somebody
    says so.
    """
    for name, amount_fen in line.batches:
        batch = batches[name]
        if amount_fen > 0:
            batch.barred_answer = None
        if amount_fen > 0 and batch.submitted is None:  # guard: debit-implies-submitted
            batch.submitted = line.date
