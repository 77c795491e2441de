"""Events before they are written: read back, folded in, and held against the invariants.

Each is read as Beancount will read it; the ledger with all of them is checked once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.parser import options

from ledger.base.actor_and_clock import Acting
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.collector import collector_off
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.folding import folded
from ledger.books.folding import problems_of_beancount
from ledger.books.kept_ledger import KeptLedger
from ledger.books.reading_back import read_back
from ledger.controls.invariants import check_read
from ledger.events.event_file import Drafting
from ledger.events.event_file import Head
from ledger.events.event_file import event_file_name
from ledger.events.fold import Fold
from ledger.events.read_ledger import ReadLedger
from ledger.events.signatures import read_signed
from ledger.events.signatures import signed
from ledger.model.findings import without_closed_months
from ledger.model.findings import without_facts
from ledger.model.history import History
from ledger.model.ids import BatchId
from ledger.model.months import require_open
from ledger.model.operators import MAY_MAKE
from ledger.model.operators import may_make
from ledger.model.operators import require_not_retired
from ledger.model.operators import roles_text
from ledger.model.transitions import EventKind


class EventRefused(Refusal):
    """An event would break the rules of the books. It was not written.

    ``problem`` is the first of what would be wrong with the books.
    """

    def __init__(self, first: str, problem: Any = None) -> None:
        self.problem = problem
        super().__init__(
            _("this would break a rule of the books, and was not written: {first}").format(
                first=first
            )
        )


class RoleMissing(Refusal):
    """The operator may not make an event of this kind."""

    def __init__(self, operator: str, kind: EventKind) -> None:
        needed = roles_text(MAY_MAKE.get(kind, ()))
        message = _("operator {operator} may not make {kind}: that takes the role {roles}")
        message = message.format(operator=operator, kind=kind.word, roles=needed)
        super().__init__(message, operator=operator, kind=kind.value, roles=needed)


def require_role(history: History, operator: str, kind: EventKind) -> None:
    """Raises OperatorRetired, or RoleMissing for who may not make an event of this kind next."""
    known = history.operators.get(operator)
    seq = history.events[-1].seq + 1 if history.events else 0
    require_not_retired(known, seq)  # guard: retirement-said
    if known is None or not may_make(known, kind, seq):
        raise RoleMissing(operator, kind)


class Draft(Record):
    """An event that is ready to be written, its file's ``content``. ``artefacts`` is a folder under
    the stage, whose place is among the papers that are ``held`` or handed out.

    Who may make it is who may make an event of the kind, or of the one by which it is ``judged``.
    """

    kind: str
    batch: BatchId
    content: bytes
    artefacts: Path | None = None
    held: bool = False
    judged: EventKind | None = None


class Rehearsal:
    """Events that are to follow some books, one after another.

    ``head`` is the newest event with them, ``drafts`` are those so far, and ``acting`` says
    who drafts and signs the next, and when; what is only tried is not signed. Without a witness of
    what came before, the first event says so.
    """

    def __init__(
        self,
        books: Books,
        head: Head,
        acting: Acting,
        *,
        after_witness: bool = True,
    ) -> None:
        self.books = books
        self.head = head
        self.acting = acting
        self.after_witness = after_witness
        self.drafts: list[Draft] = []
        self._entries: list[data.Directive] = []
        kept = books.ledger
        # guard: vouched-for-events
        if isinstance(kept, KeptLedger) and not kept.vouched and acting.actor.signer is not None:
            self._go_on_with_the_whole()
        self._fold = self.books.fold

    @property
    def seq(self) -> int:
        """The number of the next event."""
        return self.head.seq + 1

    @property
    def drafting(self) -> Drafting:
        """Where the next event is drafted."""
        return Drafting(self.head, self.acting.stamp(), self.after_witness or bool(self.drafts))

    @property
    def history(self) -> History:
        """What follows from the books with the events so far."""
        return self._fold.history()

    def add(self, draft: Draft) -> Draft:
        """Fold an event in, and return it signed.

        Raises RoleMissing, MonthClosed or EventRefused, and then it is none of them.
        """
        judged = draft.judged or EventKind(draft.kind)
        require_role(self.history, self.acting.actor.operator, judged)
        draft = self._signed(draft)
        name = event_file_name(self.seq, draft.kind, draft.batch)
        path = Path(os.path.normpath(self.books.folder.absolute() / EVENTS_FOLDER / name))
        with collector_off():
            booked, problems = read_back(draft.content, path)
            for entry in booked:  # guard: closed-month-refused
                require_open(self._fold.months.closed, entry.date)
            fold = self._followed_by(booked)
            if problems or fold is None:
                self._go_on_with_the_whole()
                fold = self._fold.followed_by(booked)
            known = self._fold.findings
            problems += without_facts(one for one in fold.findings if one not in known)
        self._refuse(problems)
        self._fold = fold
        self._entries += booked
        self.drafts.append(draft)
        self.head = Head(self.seq, digest(draft.content))
        return draft

    def _followed_by(self, booked: Sequence[data.Directive]) -> Fold | None:
        """The fold with an event onto what was kept, None where anything is wrong with it."""
        if not isinstance(self.books.ledger, KeptLedger):
            return None
        fold = self._fold.followed_by(booked)
        return None if fold.findings else fold

    def _go_on_with_the_whole(self) -> None:
        """Fold the events so far onto the whole ledger, where they were folded onto what was kept.

        Raises BooksBroken or BooksChanged.
        """
        kept = self.books.ledger
        if isinstance(kept, KeptLedger):
            self.books = replace(self.books, ledger=kept.whole())
            self._fold = self.books.fold
            if self._entries:
                self._fold = self._fold.followed_by(self._entries)

    def _signed(self, draft: Draft) -> Draft:
        signer = self.acting.actor.signer
        if signer is None or read_signed(draft.content):
            return draft
        return replace(draft, content=signed(draft.content, signer))

    def check(self) -> Books:
        """The books with the events; their errors are facts. Raises EventRefused.

        Where money is paid, facts refuse too.
        """
        if not self.drafts:
            return self.books
        kept = self.books.ledger
        with collector_off():
            after = (
                folded(kept, self._fold, self._entries) if isinstance(kept, KeptLedger) else None
            )
            if after is not None:
                return replace(self.books, ledger=after)
            self._go_on_with_the_whole()
            return self._check_whole()

    def _check_whole(self) -> Books:
        pays = any(draft.kind == EventKind.PREPARED for draft in self.drafts)
        whole = sorted([*self.books.entries, *self._entries], key=data.entry_sortkey)
        ledger = ReadLedger(whole, folded=self._fold)
        findings = check_read(ledger)
        problems: list[Any] = list(findings) if pays else without_facts(findings)
        if any(draft.kind == EventKind.REOPENED for draft in self.drafts):
            problems = without_closed_months(problems)
        facts = [finding for finding in findings if finding not in problems]
        problems += problems_of_beancount(self._entries, whole, whole, options.OPTIONS_DEFAULTS)
        self._refuse(problems)
        return replace(self.books, ledger=ledger, errors=facts)

    def _refuse(self, problems: Sequence[Any]) -> None:
        if problems:  # guard: event-rehearsed
            raise EventRefused(describe(problems[0], self.books.folder), problems[0])
