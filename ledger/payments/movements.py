"""What an entry of an event moves: the row of the table that it follows, where and how much."""

from __future__ import annotations

from beancount.core import data
from beancount.core.amount import Amount

from ledger.base.language import gettext as _
from ledger.base.money import nearest_fen
from ledger.base.records import Record
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import Place
from ledger.model.accounts import SubsidyAccount
from ledger.model.accounts import subsidy_account
from ledger.model.history import Event
from ledger.model.history import payee_links
from ledger.model.ids import BatchId
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.kept_entries import KeptAmount
from ledger.model.transitions import TRANSITIONS
from ledger.model.transitions import EventKind
from ledger.model.transitions import Movement
from ledger.model.transitions import Step

_EXPENSE = Place.EXPENSE
# Beancount's, and ours of an entry that was kept.
_AMOUNTS = (Amount, KeptAmount)


class Moved(Record):
    """An entry as the fold takes it: ``account`` is where the subsidy stands, ``payees`` whose.

    ``step`` is what the ``movement`` does to each of them. ``amount_fen`` is what the bank carries;
    where the expense is charged or freed, it is so with ``tax_fen`` more.
    """

    entry: data.Transaction
    movement: Movement
    step: Step
    account: SubsidyAccount
    amount_fen: int
    payees: tuple[PayeeId, ...]
    tax_fen: int = 0

    @property
    def gross_fen(self) -> int:
        """What the entry comes to, on either side."""
        return self.amount_fen + self.tax_fen


class Route(Record):
    """What follows from an event's kind and two accounts alone, whatever the entry.

    ``movement`` is None when it is no row of the table; ``faults`` say what is wrong with it.
    """

    movement: Movement | None
    account: SubsidyAccount
    faults: tuple[str, ...] = ()


class MovementReader:
    """Reads entries; every account and every two accounts are looked at once."""

    def __init__(self, item_paths: dict[str, LineComponent]) -> None:
        self.item_paths = item_paths
        self.places: dict[str, SubsidyAccount | None] = {}
        self.routes: dict[tuple[EventKind, str, str], Route] = {}

    def read(self, event: Event, entry: data.Transaction) -> tuple[Moved | None, list[str]]:
        """The movement, or None when it is no row of the table; and what is wrong with it."""
        debit = credit = ""
        amount_fen = tax_fen = 0
        places = self.places
        for account, units, *_rest in entry.postings:
            if not isinstance(units, _AMOUNTS) or units.number is None:
                break
            if account == INCOME_TAX and not tax_fen:
                tax_fen = nearest_fen(units.number)
                continue
            if (places[account] if account in places else self.place(account)) is None:
                break
            if units.number > 0:
                debit, amount_fen = account, nearest_fen(units.number)
            else:
                credit = account
        expected = 3 if tax_fen else 2
        # guard: one-place-to-one-place
        if not debit or not credit or len(entry.postings) != expected:
            return None, [_("an entry of an event debits one subsidy account and credits another")]
        route = self.route(event.kind, debit, credit)
        if route.movement is None:
            return None, list(route.faults)
        faults = list(route.faults)
        if tax_fen:
            side = route.movement.debit if tax_fen < 0 else route.movement.credit
            if side is not _EXPENSE:  # guard: tax-with-the-expense
                message = _("tax is withheld where an expense is charged, and nowhere else")
                return None, [message]
            if tax_fen < 0:
                amount_fen += tax_fen
        # guard: transit-names-batch
        if TRANSIT in (debit, credit) and not _transit_names(event.batch, entry):
            message = _("money in transit says of which batch it is: batch: {batch}")
            faults.append(message.format(batch=event.batch))
        payees = sorted(payee_links(entry))
        step = TRANSITIONS[route.movement]
        moved = Moved(
            entry, route.movement, step, route.account, amount_fen, tuple(payees), abs(tax_fen)
        )
        return moved, faults

    def route(self, kind: EventKind, debit: str, credit: str) -> Route:
        route = self.routes.get((kind, debit, credit))
        if route is None:
            route = self.find_route(kind, debit, credit)
            self.routes[kind, debit, credit] = route
        return route

    def find_route(self, kind: EventKind, debited: str, credited: str) -> Route:
        debit, credit = self.place(debited), self.place(credited)
        assert debit is not None, "the entry's postings were looked at before"
        assert credit is not None, "the entry's postings were looked at before"
        account = debit if debit.fund else credit
        account = account._replace(line=debit.line or credit.line)
        movement = Movement(kind, debit.place, credit.place)
        if movement not in TRANSITIONS:  # guard: entry-in-table
            message = _("no entry of {kind} debits {debit} and credits {credit}").format(
                kind=kind.word, credit=credit.place.word, debit=debit.place.word
            )
            return Route(None, account, (message,))
        # guard: same-place-within-entry
        if debit.fund and credit.fund and debit[1:3] != credit[1:3]:
            return Route(movement, account, (_("a subsidy stays with its fund and its town"),))
        return Route(movement, account)

    def place(self, account: str) -> SubsidyAccount | None:
        if account not in self.places:
            self.places[account] = subsidy_account(account, self.item_paths)
        return self.places[account]


def _transit_names(batch: BatchId, entry: data.Transaction) -> bool:
    """Whether every posting to money in transit carries the batch as metadata."""
    for posting in entry.postings:
        if posting.account == TRANSIT and (posting.meta or {}).get("batch") != batch:
            return False
    return True
