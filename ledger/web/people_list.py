"""The page 人员: everybody, masked, and one person's history. Nothing unmasked is made here."""

from __future__ import annotations

from typing import Any

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.masks import mask_account
from ledger.base.masks import mask_identity
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.figures.payee_history import happenings
from ledger.figures.payee_listing import PayeeStatus
from ledger.figures.payee_listing import find_person
from ledger.model.history import History
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.web.links import Links
from ledger.web.page_words import event_word
from ledger.web.page_words import return_word
from ledger.web.page_words import standing_words
from ledger.web.page_words import state_words
from ledger.web.page_words import what_is_awaited
from ledger.web.views import View

# The columns of the list, in the order of each row.
COLUMNS = (
    "id", "name", "town", "role", "identity", "account", "state", "batch", "since", "waits", "left",
)  # fmt: skip
# Of who has left and was never sent money: nothing is due to her.
LEFT, LEFT_WORD = "left", mark("Has left")


def people_json(view: View, stage: StageCode) -> dict[str, Any]:
    """Everybody as rows of short texts; towns and states by their codes."""
    return {
        "as_of": view.on.isoformat(),
        "columns": COLUMNS,
        "rows": [_row(person) for person in view.by_stage[stage]],
        "towns": {code: town.name for code, town in view.books.programme.by_code.items()},
        "states": state_words() | {LEFT: _(LEFT_WORD)},
    }


def _row(person: PayeeStatus) -> list[str]:
    payee, standing = person.payee, person.standing
    # guard: listed-identities-masked, persons-account-masked
    return [
        payee.payee_id,
        payee.legal_name,
        payee.town,
        payee.role,
        mask_identity(payee.identity),
        mask_account(payee.account),
        person.state.value if payee.active or standing else LEFT,
        standing.batch if standing else "",
        person.since.isoformat() if person.since else "",
        what_is_awaited(person.waits, person.reason_class) if person.waits else "",
        "" if payee.active else _(LEFT_WORD),
    ]


def history_json(view: View, stage: StageCode, payee_id: PayeeId, links: Links) -> dict[str, Any]:
    """What happened to one person, event by event. Raises NoSuchPayee."""
    person = find_person(view.by_stage[stage], payee_id)
    payee = person.payee
    return {
        "id": payee.payee_id,
        "name": payee.legal_name,
        "bank_name": payee.bank_name,
        "town": view.books.programme.town_name(payee.town),
        "area": payee.area_name,
        "role": payee.role,
        "identity": mask_identity(payee.identity),
        "bank": mask_numbers(payee.bank),
        "account": mask_account(payee.account),
        "state": standing_words(person),
        "entries": links.person(payee.payee_id),
        "history": history_rows(view.books.history, payee_id),
    }


def history_rows(history: History, payee_id: PayeeId) -> list[dict[str, str]]:
    """What happened to one person's money, a row for each event."""
    return [
        {
            "date": event.date.isoformat(),
            "what": event.narration or event_word(event.kind),
            "event": f"{event.seq} {event_word(event.kind)}",
            "batch": event.batch,
            "amount": grouped(event.amount_fen) if event.amount_fen else "",
            "reason": _reason(event.reason_class, event.text),
            "by": event.by,
        }
        for event in happenings(history, payee_id)
    ]


def _reason(reason_class: str, text: str) -> str:
    meaning = return_word(reason_class) if reason_class else ""
    text = mask_numbers(text)
    return (
        _("{meaning} ({text})").format(meaning=meaning, text=text)
        if meaning and text
        else meaning or text
    )
