"""What lists of work done say by now, event by event: a later one counts before an earlier one."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.events.workload_text import QUANTITY
from ledger.events.workload_text import STAGE
from ledger.events.workload_text import line_texts
from ledger.events.workload_text import sums_of
from ledger.model.history import Event
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.work_done import WorkDone
from ledger.model.work_done import read_line

_STAGE = re.compile("S[1-9][0-9]?")
_DIGEST = re.compile("[0-9a-f]{64}")


class WorkFold:
    """The lines by stage and person; ``report`` takes what breaks the rules.

    Each event makes a new mapping of its stage, so that a batch keeps the one that it was made by.
    """

    def __init__(self, report: Callable[[data.Directive, str, str], None]) -> None:
        self.report = report
        self.done: dict[StageCode, Mapping[PayeeId, WorkDone]] = {}

    def go_on_from(self, before: WorkFold) -> None:
        self.done = dict(before.done)

    def take_up(self, done: Mapping[StageCode, Mapping[PayeeId, WorkDone]]) -> None:
        """With what lists have said: the mappings themselves, which batches have too."""
        self.done = dict(done)

    def take(self, event: Event, is_sent: Callable[[StageCode, PayeeId], bool]) -> None:
        """Take an event's lines in; ``is_sent`` says whether money went to somebody in a stage."""
        meta = event.header.meta
        stage = StageCode(str(meta.get(STAGE, "")))
        known = self.done.get(stage, {})
        lines: dict[PayeeId, WorkDone] = {}
        for payee, text in line_texts(event).items():
            read = read_line(text)
            if read is None:  # guard: readable-work
                message = _("the line of {payee} cannot be read").format(payee=payee)
                self.report(event.header, "work", message)
                continue
            # guard: work-before-money
            if is_sent(stage, payee):
                message = _("{payee} was sent money of stage {stage}: her work stays as it was")
                message = message.format(payee=payee, stage=stage)
                self.report(event.header, "work", message)
                continue
            was = known.get(payee)
            # What an earlier list has said as well counts from then on.
            day = was.date if was is not None and was.says(read[1]) else event.date
            lines[payee] = read[1]._replace(date=day, seq=event.seq)
        evidence = _DIGEST.fullmatch(str(meta.get("original", "")))
        # guard: work-of-a-list
        if not lines or not _STAGE.fullmatch(stage) or not evidence or event.entries:
            message = _("a list of work names its stage, its file and people, and moves no money")
            self.report(event.header, "event", message)
            return
        amount_fen, quantity = sums_of(lines)
        said = (event.count, event.amount_fen, meta.get(QUANTITY))
        if said != (len(lines), amount_fen, quantity):  # guard: work-adds-up
            message = _(
                "the people, amounts or quantities of the list are not what its header says"
            )
            self.report(event.header, "work", message)
        self.done[stage] = {**known, **lines}
