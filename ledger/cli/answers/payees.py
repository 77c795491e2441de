"""What ``payees`` says of people, to programs and to people. Nothing unmasked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.masks import mask_account
from ledger.base.masks import mask_field
from ledger.base.masks import mask_identity
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.cli.answers.same_numbers import same_numbers_json
from ledger.cli.answers.waiting import waits_for
from ledger.cli.terminal.output import print_table
from ledger.model.ids import PayeeId
from ledger.model.programme import Programme
from ledger.registry.change_log import active_text
from ledger.registry.record_fields import field_name
from reports.wording.record_changes import value_words
from reports.wording.record_changes import verdict_word

if TYPE_CHECKING:
    from ledger.figures.payee_history import Happening
    from ledger.figures.payee_listing import PayeeStatus
    from ledger.registry.change_log import HeldChange
    from ledger.registry.change_log import LoggedChange
    from ledger.registry.change_log import Source


class RecordLog(Record):
    """What was changed of a record, what was held, and the names of files by SHA-256."""

    changes: Sequence[LoggedChange]
    held: Sequence[HeldChange]
    files: Mapping[Digest, str]

    def place(self, source: Source) -> str:
        """The file, sheet and row that a change comes from, or the decision."""
        file = self.files.get(source.sha256, "—")
        return f"{file} {source.sheet}!{source.row}" if source.row else file


def listing_json(people: Sequence[PayeeStatus], questions: Mapping[PayeeId, str]) -> dict[str, Any]:
    """The list as programs read it."""
    return {"payees": [person_json(person, questions) for person in people]}


def person_json(person: PayeeStatus, questions: Mapping[PayeeId, str]) -> dict[str, Any]:
    payee, standing = person.payee, person.standing
    return {
        "id": payee.payee_id,
        "name": payee.legal_name,
        "town": payee.town,
        "role": payee.role,
        "account": mask_account(payee.account),
        "active": payee.active,
        "withdrawn": payee.withdrawn,
        "state": person.state.value,
        "since": person.since.isoformat() if person.since else None,
        "batch": standing.batch if standing else None,
        "amount": plain(standing.amount_fen) if standing else None,
        "waits_for": person.waits or None,
        "class": person.reason_class or None,
        "same_numbers": same_numbers_json(person.doubts),
        "question": questions.get(payee.payee_id),
    }


def print_listing(
    people: Sequence[PayeeStatus],
    questions: Mapping[PayeeId, str],
    on: datetime.date,
    programme: Programme,
) -> None:
    """A line for each person; below, what to ask the bank."""
    if not people:
        click.echo(_("There is nobody like that."))
        return
    print_table(
        _("People, as of {day}").format(day=on),
        [_("id"), _("name"), _("town"), _("role"), _("state"), _("batch"), _("since"),
         _("waits for")],
        [
            [
                person.payee.payee_id,
                person.payee.legal_name,
                programme.town_name(person.payee.town),
                person.payee.role,
                person.state.word,
                person.standing.batch if person.standing else "—",
                person.since.isoformat() if person.since else "—",
                waits_for(person.waits, person.reason_class) if person.waits else "—",
            ]
            for person in people
        ],
    )  # fmt: skip
    if questions:
        click.echo(_("Ask the bank:"))
        for payee, question in questions.items():
            click.echo(f"  {payee}  {question}")


def show_json(
    person: PayeeStatus,
    past: Sequence[Happening],
    record: RecordLog,
    questions: Mapping[PayeeId, str],
) -> dict[str, Any]:
    """One person as programs read her."""
    payee = person.payee
    return {
        **person_json(person, questions),
        "identity": mask_identity(payee.identity),
        "bank_name": payee.bank_name,
        "bank": payee.bank,
        "history": [
            {
                "event": event.seq,
                "date": event.date.isoformat(),
                "kind": event.kind.value,
                "batch": event.batch or None,
                "what": event.narration,
                "amount": plain(event.amount_fen),
                "class": event.reason_class or None,
                "reason": event.text or None,
                "by": event.by,
            }
            for event in past
        ],
        "changes": [
            {
                "field": change.field,
                "old": mask_field(change.field, change.old),
                "new": mask_field(change.field, change.new),
                "source": change.source.sha256,
                "sheet": change.source.sheet,
                "row": change.source.row,
                "file": record.files.get(change.source.sha256, ""),
                "by": change.changed_by,
                "at": change.changed_at,
                "reason": change.reason or None,
            }
            for change in record.changes
        ],
        "held": [
            {
                "field": change.field,
                "old": mask_field(change.field, change.old),
                "new": mask_field(change.field, change.new),
                "source": change.source.sha256,
                "sheet": change.source.sheet,
                "row": change.source.row,
                "file": record.files.get(change.source.sha256, ""),
                "verdict": change.verdict or None,
                "reason": change.reason or None,
                "by": change.decided_by or None,
                "at": change.decided_at or None,
            }
            for change in record.held
        ],
    }


def print_history(
    person: PayeeStatus,
    past: Sequence[Happening],
    record: RecordLog,
    questions: Mapping[PayeeId, str],
    programme: Programme,
) -> None:
    """One person as the liaison reads her."""
    payee = person.payee
    town = programme.town_name(payee.town)
    left = "" if payee.active else f"  {value_words('active', active_text(payee))}"
    click.echo(f"{payee.payee_id}  {payee.legal_name}  {town}  {payee.role}{left}")
    click.echo(
        _("Identity number {identity}; account {account} at {bank}, in the name of {name}.").format(
            identity=mask_identity(payee.identity),
            account=mask_account(payee.account),
            bank=payee.bank,
            name=payee.bank_name,
        )
    )
    waits = waits_for(person.waits, person.reason_class) if person.waits else ""
    click.echo(f"{person.state.word}{'; ' + waits if waits else ''}")
    for pair in person.doubts:
        message = _("Money went by the same {field} for {other}.")
        click.echo(message.format(field=field_name(pair.field), other=pair.other))
    for question in questions.values():
        click.echo(question)
    if past:
        print_table(
            _("What has happened"),
            [_("event"), _("date"), _("what"), _("batch"), _("amount (yuan)"), _("reason"),
             _("by")],
            [
                [str(event.seq), event.date.isoformat(), event.narration or event.kind.word,
                 event.batch or "—", grouped(event.amount_fen) if event.amount_fen else "—",
                 event.text or "—", event.by]
                for event in past
            ],
        )  # fmt: skip
    print_table(
        _("Changes of the record"),
        [_("field"), _("from"), _("to"), _("source"), _("by"), _("at"), _("reason")],
        [
            [field_name(change.field), value_words(change.field, change.old),
             value_words(change.field, change.new), record.place(change.source),
             change.changed_by, _minute(change.changed_at), change.reason or "—"]
            for change in record.changes
        ],
    )  # fmt: skip
    if record.held:
        print_table(
            _("Changes that were held"),
            [_("field"), _("from"), _("to"), _("source"), _("verdict"), _("by"), _("at"),
             _("reason")],
            [
                [field_name(change.field), value_words(change.field, change.old),
                 value_words(change.field, change.new), record.place(change.source),
                 verdict_word(change.verdict), change.decided_by or "—",
                 _minute(change.decided_at) or "—", change.reason or "—"]
                for change in record.held
            ],
        )  # fmt: skip


def _minute(at: str) -> str:
    """A time as it is recorded, to the minute, as people read it."""
    return at[:16].replace("T", " ")
