"""Who signs for a county, by the events of operators alone: where the books did not come along.

Each event is found again by its digest in the list of all events, whose last is HEAD. The list
itself is the county's word, until its whole books are handed up.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.controls.invariants import check_signatures
from ledger.events.event_file import EventFile
from ledger.events.event_file import read_event_file
from ledger.events.operator_fold import OperatorFold
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.ids import NO_BATCH
from ledger.model.operators import Operator
from ledger.model.transitions import EventKind

_LIST = re.compile(r"(?:[0-9a-f]{64}\n)+")
_HEADER = re.compile(
    r'\d{4}-\d\d-\d\d custom "census-event" [0-9]+ "(init|operator)"[^\n]*\n', re.ASCII
)
_META = re.compile(r'  ([a-z-]+): "([^"\\\n]*)"')


class SignersUnproven(Refusal):
    """The events that say who signs are not a county's."""

    def __init__(self, problem: str) -> None:
        message = _("who signs for these books is not proven: {problem}")
        super().__init__(message.format(problem=problem))


def read_list(content: bytes) -> tuple[Digest, ...]:
    """The digests of all events, in their order. Raises SignersUnproven."""
    text = content.decode("ascii", "replace")
    if not _LIST.fullmatch(text):
        raise SignersUnproven(_("the list of events cannot be read"))
    return tuple(map(Digest, text.split()))


def proven_operators(
    events: Mapping[str, bytes], digests: Sequence[Digest]
) -> Mapping[str, Operator]:
    """The operators, by the events that name them. Raises SignersUnproven."""
    files = [read_event_file(Path(name), content) for name, content in sorted(events.items())]
    if not files or files[0].seq != 0:
        raise SignersUnproven(_("the event that has made the books is missing"))
    for file, content in zip(files, (events[name] for name in sorted(events)), strict=True):
        # guard: signer-of-the-chain
        if not 0 <= file.seq < len(digests) or digests[file.seq] != file.sha256:
            raise SignersUnproven(_("event {seq} is not of the list").format(seq=file.seq))
        if file.seq and file.previous != digests[file.seq - 1]:
            raise SignersUnproven(_("event {seq} is not of the list").format(seq=file.seq))
        _require_event(file, content)
    problems: list[str] = []
    fold = OperatorFold(lambda _entry, _code, message: problems.append(message))
    read = [_event(file, events[str(file.path)]) for file in files]
    for event in read:
        fold.take(event)
    history = History(tuple(read), {}, {}, (), operators=fold.operators)
    problems += [finding.message for finding in check_signatures(files, history)]
    # guard: signers-proven
    if problems:
        raise SignersUnproven(problems[0])
    return fold.operators


def _require_event(file: EventFile, content: bytes) -> None:
    is_init = file.seq == 0
    if not _HEADER.match(content.decode("utf-8", "replace")) or is_init != (
        file.due_name.endswith("-init.beancount")
    ):
        raise SignersUnproven(_("event {seq} is not of the list").format(seq=file.seq))


def _event(file: EventFile, content: bytes) -> Event:
    """The event as the fold of operators needs it: what its header says, and nothing else."""
    meta: dict[str, object] = {"filename": str(file.path), "lineno": file.header_line}
    for name, value in _pairs(content.decode("utf-8", "replace")):
        meta.setdefault(name, value)
    kind = EventKind.INIT if file.seq == 0 else EventKind.OPERATOR
    header = data.Custom(meta, datetime.date.min, "census-event", [])
    return Event(file.seq, kind, NO_BATCH, datetime.date.min, 0, 0, header, ())


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    header, _newline, _rest = text.partition("\n\n")
    for line in header.split("\n")[1:]:
        if found := _META.fullmatch(line):
            yield found[1], found[2]
