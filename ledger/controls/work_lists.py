"""Lists of work name a stage of the rules, say what it is paid by, and are what is paid."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.language import gettext as _
from ledger.events.workload_text import SAYS_OF_KIND
from ledger.events.workload_text import STAGE
from ledger.events.workload_text import UNIT
from ledger.events.workload_text import line_texts
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.history import History
from ledger.model.ids import StageCode
from ledger.model.rules import Rules
from ledger.model.transitions import EventKind
from ledger.model.work_done import read_line


def check_work_lists(history: History, rules: Rules) -> Iterator[Finding]:
    """Every list in force whose stage is not in the rules, is counted otherwise or takes none."""
    for event in history.in_force:
        if event.kind is not EventKind.WORKLOAD:
            continue
        meta = event.header.meta
        stage = rules.stage(StageCode(str(meta.get(STAGE, ""))))
        # guard: work-of-a-stage
        if stage is None or str(meta.get(UNIT, "")) != stage.unit:
            message = _("the list is of stage {stage} and its unit, which the rules do not have so")
            yield at(event.header, "work", message.format(stage=meta.get(STAGE, "")))
            continue
        read = [read_line(text) for text in line_texts(event).values()]
        # guard: work-as-the-stage-is-paid
        if any(one and one[0] != SAYS_OF_KIND[stage.kind] for one in read):
            message = _("the list does not say what stage {stage} is paid by")
            yield at(event.header, "work", message.format(stage=stage.code))


def check_paid_work(history: History) -> Iterator[Finding]:
    """Every payment for other work than the lists said when its batch was made, until that is void:
    from then on the lists may be reversed.
    """
    for batch in history.batches.values():
        if batch.voided:  # guard: void-batch-of-old-lists
            continue
        for payee, entry in batch.unlisted.items():  # guard: work-as-listed
            message = _("{payee} is paid for other work than the lists of the stage say")
            yield at(entry, "work", message.format(payee=payee))
