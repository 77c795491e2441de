"""Reading events from the directives of the books; nothing of a subsidy stands outside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.base.money import fen
from ledger.base.outside_text import cleaned
from ledger.events.event_entries import is_in_events
from ledger.model.accounts import EXPENSES
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import SUBSIDY_PAYABLES
from ledger.model.accounts import is_suspense
from ledger.model.accounts import within
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import PAYEE_LINK
from ledger.model.history import SUBSIDY_TAG
from ledger.model.history import Event
from ledger.model.ids import BatchId
from ledger.model.ids import LineComponent
from ledger.model.transitions import EventKind

# The metadata of an entry by hand that names the paper that it rests on.
DOCUMENT = "document"


def read_events(
    entries: Sequence[data.Directive], item_paths: Mapping[str, LineComponent]
) -> tuple[list[Event], list[Finding]]:
    """The events by number, and a finding for what is not a whole event or stands outside one.

    ``item_paths`` are the beginnings of the subsidies' expense accounts
    (:meth:`ledger.model.rules.Rules.subsidy_items`).
    """
    reader = _Reader(item_paths)
    return reader.collect(entries), reader.findings


def _document(entry: data.Transaction, posting: data.Posting) -> str:
    """The paper that an entry by hand, or one of its postings, rests on; empty without one."""
    for meta in (posting.meta, entry.meta):
        said = (meta or {}).get(DOCUMENT)
        if isinstance(said, str) and cleaned(said).strip():
            return said
    return ""


class _Reader:
    """Sorts directives into event files and the rest."""

    def __init__(self, item_paths: Mapping[str, LineComponent]) -> None:
        self.item_paths = item_paths
        self.findings: list[Finding] = []
        self.places: dict[str, bool] = {}

    def collect(self, entries: Sequence[data.Directive]) -> list[Event]:
        """The events by number; what is not a whole event is a finding."""
        headers: dict[str, data.Custom] = {}
        transactions: dict[str, list[data.Transaction]] = defaultdict(list)
        in_events: dict[str, bool] = {}
        for entry in entries:
            filename = self.file_of(entry)
            inside = in_events.get(filename)
            if inside is None:
                inside = in_events[filename] = is_in_events(filename)
            if not inside:
                self.check_hand_entry(entry)
            elif isinstance(entry, data.Custom) and entry.type == "census-event":
                if filename in headers:
                    self.report(entry, "event", _("an event file has one header"))
                headers.setdefault(filename, entry)
            elif isinstance(entry, data.Transaction):
                transactions[filename].append(entry)
            else:
                message = _("an event file has a header and entries, and nothing else")
                self.report(entry, "event", message)  # guard: nothing-else-in-events
        for filename in transactions.keys() - headers.keys():
            message = _("this event file has no header")
            self.report(transactions[filename][0], "event", message)
        events = [
            event
            for filename, header in headers.items()
            if (event := self.read_header(header, transactions[filename])) is not None
        ]
        return sorted(events, key=lambda event: event.seq)

    def check_hand_entry(self, entry: data.Directive) -> None:
        """A subsidy is entered by the tool alone."""
        if isinstance(entry, data.Custom) and entry.type == "census-event":
            self.report(entry, "event", _("an event stands in a file of its own under events/"))
        if not isinstance(entry, data.Transaction):
            return
        touches = SUBSIDY_TAG in entry.tags or any(map(PAYEE_LINK.fullmatch, entry.links))
        for posting in entry.postings:
            touches = touches or self.is_of_a_subsidy(posting.account)
        if touches:  # guard: subsidies-by-events
            message = _(
                "a subsidy is entered by census-ledger alone, when it is sent, answered for by the"
                " bank or taken back: take this entry out"
            )
            self.report(entry, "outside_event", message)
        for posting in entry.postings:
            units = posting.units
            owes = units is not None and units.number is not None and units.number < 0
            if owes and within(posting.account, INCOME_TAX):  # guard: tax-withheld-by-events
                message = _(
                    "income tax is withheld by census-ledger alone, when people are paid: by hand"
                    " it is only paid"
                )
                self.report(entry, "outside_event", message)
                break
        self.check_evidence(entry)

    def check_evidence(self, entry: data.Transaction) -> None:
        """By hand nothing is put into suspense or out of it, and no line gets its money back
        without a paper that says why.
        """
        for posting in entry.postings:
            # guard: suspense-by-hand
            if is_suspense(posting.account):
                message = _(
                    "what is in suspense is a line of the bank's: take this entry out, and explain"
                    " the line instead"
                )
                self.report(entry, "suspense", message)
                break
        for posting in entry.postings:
            units = posting.units
            lowers = units is not None and units.number is not None and units.number < 0
            # guard: paper-for-money-back
            if lowers and within(posting.account, EXPENSES) and not _document(entry, posting):
                message = _(
                    "this entry gives money back to {account}: name the paper that it rests on, in"
                    ' a line document: "…" below the entry'
                )
                message = message.format(account=posting.account)
                self.report(entry, "no_document", message)
                break

    def file_of(self, entry: data.Directive) -> str:
        """The file in which a directive stands.

        An entry can have a metadata ``filename``, which Beancount takes for the true one: so an
        entry by hand would pass for one of an event. Its postings know better.
        """
        filename: str = entry.meta["filename"]
        if isinstance(entry, data.Transaction) and entry.postings:
            meta = entry.postings[0].meta
            if meta is not None and meta["filename"] != filename:
                message = _("this entry names another file as its own: take the line filename out")
                self.findings.append(Finding(meta, message, entry, "event"))
                filename = meta["filename"]
        return filename

    def read_header(
        self, header: data.Custom, transactions: list[data.Transaction]
    ) -> Event | None:
        values = [item.value for item in header.values]
        try:
            seq, kind = int(values[0]), EventKind(values[1])
            batch = BatchId(values[2] if len(values) > 2 else "")
            count = int(values[3]) if len(values) > 3 else 0
            amount_fen = fen(values[4].number) if len(values) > 4 else 0
        except (ValueError, IndexError, TypeError, AttributeError):
            message = _("this event's header cannot be read")
            self.report(header, "event", message)
            return None
        ordered = tuple(sorted(transactions, key=lambda entry: int(entry.meta["lineno"])))
        return Event(seq, kind, batch, header.date, count, amount_fen, header, ordered)

    def is_of_a_subsidy(self, account: str) -> bool:
        """Whether only subsidies pass through the account; money in transit is the bank's too."""
        if account not in self.places:
            parents = (*SUBSIDY_PAYABLES, *self.item_paths)
            self.places[account] = any(within(account, parent) for parent in parents)
        return self.places[account]

    def report(self, entry: data.Directive, code: str, message: str) -> None:
        self.findings.append(at(entry, code, message))
