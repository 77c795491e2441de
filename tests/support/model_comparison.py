"""The books on the disk held against the model: states, batches, accounts, people's records."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beancount.core import data
from python_calamine import CalamineWorkbook
from samples.correction import HEADINGS

from ledger.base.digests import digest
from ledger.base.money import nearest_fen
from ledger.base.money import plain
from ledger.books.books import Books
from ledger.model.accounts import BANK
from ledger.model.accounts import TRANSIT
from ledger.model.history import BATCH_LINK
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.payees import payee_id
from ledger.registry.registry import Registry
from tests.support.model import DUE
from tests.support.model import IN_BANK
from tests.support.model import PAID
from tests.support.model import RETURNED
from tests.support.model import SUBSIDY
from tests.support.model import UNKNOWN
from tests.support.model import Model
from tests.support.office import Office

RECORD = ("bank_name", "identity", "bank", "account")
# Where a subsidy is owed, by the state of its person.
OWED = {IN_BANK: "01待发", RETURNED: "02退回", UNKNOWN: "03待查"}
# (account's kind, fund, town, batch) -> fen; what does not apply is empty.
Sums = Counter[tuple[str, str, str, str]]


def differences(books: Books, model: Model) -> list[str]:
    """What the books say otherwise than the model; the ledger's own errors among it."""
    found = [f"error in the ledger: {error.message}" for error in books.errors]
    views: list[tuple[str, Mapping[Any, Any], Mapping[Any, Any]]] = [
        ("people", people_of_books(books), people_of_model(model)),
        ("batches", batches_of_books(books), batches_of_model(model)),
        ("released", *released(books, model)),
        ("accounts", sums_of_books(books), sums_of_model(model)),
        ("months", *closed(books, model)),
    ]
    for what, here, there in views:
        found += [
            f"{what} {key}: the books say {here.get(key)}, the model {there.get(key)}"
            for key in sorted(here.keys() | there.keys())
            if here.get(key) != there.get(key)
        ]
    cash = books.flows and books.ceilings(max(entry.date for entry in books.entries)).cash_fen
    if cash != model.cash:
        found.append(f"cash: the books say {cash}, the model {model.cash}")
    return found


def people_of_books(books: Books) -> dict[str, Any]:
    """Everybody who was ever sent money: state, batch, class of the return, what stops it."""
    people: dict[str, Any] = {}
    for stage, payee, standing in books.history.every_standing():
        settled = payee in books.history.releases_in(stage)
        disputed = standing.returned is not None and standing.returned.disputed
        returned = standing.returned if standing.state == RETURNED else None
        people[payee] = (
            standing.state.value,
            standing.batch if standing.state != DUE else "",
            returned.reason_class if returned else "",
            standing.state != DUE and disputed and not settled,
            standing.state in (DUE, RETURNED) and standing.cancelled,
        )
    return people


def people_of_model(model: Model) -> dict[str, Any]:
    people = {}
    for payee, person in model.people.items():
        in_a_batch = any(payee in batch.outcomes for batch in model.batches.values())
        if in_a_batch or person.state == PAID:
            is_returned = person.state == RETURNED
            people[payee] = (
                person.state,
                person.batch if person.state != DUE else "",
                person.reason if is_returned else "",
                person.state != DUE and person.disputed,
                person.state in (DUE, RETURNED) and person.cancelled,
            )
    return people


def released(books: Books, model: Model) -> tuple[dict[str, Any], dict[str, Any]]:
    """From when on somebody may be paid by a human's word; only who may be paid at all."""
    waiting = [payee for payee, one in model.people.items() if one.state in (DUE, RETURNED)]
    releases = books.history.releases_in(FIRST_STAGE)
    return (
        {payee: (r := releases.get(PayeeId(payee))) and r.date for payee in waiting},
        {payee: model.people[payee].released for payee in waiting},
    )


def closed(books: Books, model: Model) -> tuple[dict[str, int], dict[str, int]]:
    """The closed months, each with its place."""
    of_books = {str(one.month): place for place, one in enumerate(books.history.closed)}
    return of_books, {month: place for place, month in enumerate(model.closed)}


def batches_of_books(books: Books) -> dict[str, Any]:
    return {
        batch.id: (
            batch.state,
            batch.submitted is not None,
            {payee: state.value for payee, state in batch.outcomes.items()},
            tuple(batch.asked.roles),
            {role: given.operator for role, given in batch.approvals.items()},
            [one.sha256 for one in batch.attached],
        )
        for batch in books.history.batches.values()
    }


def batches_of_model(model: Model) -> dict[str, Any]:
    return {
        name: (
            batch.state,
            batch.submitted,
            {} if batch.void else batch.outcomes,
            batch.asks,
            batch.approvals,
            [digest(content) for content in batch.attached],
        )
        for name, batch in model.batches.items()
    }


def sums_of_books(books: Books) -> Sums:
    """Every account that the money of subsidies passes through, added up posting by posting."""
    sums: Sums = Counter()
    for entry in books.entries:
        if isinstance(entry, data.Transaction):
            links = [link for link in entry.links if BATCH_LINK.fullmatch(link)]
            for posting in entry.postings:
                assert posting.units is not None and posting.units.number is not None
                named = str((posting.meta or {}).get("batch") or "".join(links))
                sums[_key(posting.account, named)] += nearest_fen(posting.units.number)
    return Counter({key: fen for key, fen in sums.items() if fen})


def _key(account: str, batch: str) -> tuple[str, str, str, str]:
    components = account.split(":")
    if account.startswith("Liabilities"):
        _, _, kind, fund, town = components
        return kind, fund[:2], town[:9], "" if kind == OWED[RETURNED] else batch
    if account == TRANSIT:
        return "in transit", "", "", batch
    if account.startswith("Expenses"):
        is_subsidy = components[3] == "30226劳务费"
        town = components[5][:9] if is_subsidy else ""
        return "subsidy" if is_subsidy else "other", components[2][:2], town, ""
    return ("bank" if account.startswith(BANK) else "income"), "", "", ""


def sums_of_model(model: Model) -> Sums:
    sums: Sums = Counter({("bank", "", "", ""): model.bank})
    sums["income", "", "", ""] = -sum(model.received.values())
    for fund, fen in model.other_spending.items():
        sums["other", fund, "", ""] = fen
    for person in model.people.values():
        if person.state != DUE:
            sums["subsidy", person.fund, person.town, ""] += SUBSIDY
        if person.state in OWED:
            batch = "" if person.state == RETURNED else person.batch
            sums[OWED[person.state], person.fund, person.town, batch] -= SUBSIDY
    for name, batch_ in model.batches.items():
        sums["in transit", "", "", name] = batch_.in_transit
    return Counter({key: fen for key, fen in sums.items() if fen})


def differences_of_office(office: Office, model: Model, on: datetime.date) -> list[str]:
    """What ``check``, ``status``, ``payees list`` and the registry say otherwise than the model."""
    found = [f"check: {error}" for error in office.check()]
    status = office.status(str(on))
    counted = {payee: one for payee, one in model.people.items() if model.counts(payee)}
    states = Counter(person.state for person in counted.values())
    waiting = {payee: reason for payee, reason in model.waiting(on).items() if reason}
    charged = sum(model.charged.values()) + sum(model.other_spending.values())
    owed = SUBSIDY * sum(states[state] for state in OWED)
    expected = {
        "registered": len(counted),
        "blocked": len(waiting),
        **{state: states[state] for state in (DUE, IN_BANK, PAID, RETURNED, UNKNOWN)},
        "spent": plain(charged),
        "paid in cash": plain(charged - owed),
        "bank": plain(model.bank),
        "promised": plain(sum(batch.promised for batch in model.batches.values())),
        "available": plain(max(0, model.cash)),
    }
    said = {
        **status["payees"],
        "spent": status["budget"]["spent"],
        "paid in cash": status["budget"]["paid"],
        **{name: status["cash"][name] for name in ("bank", "promised", "available")},
    }
    found += [
        f"status {name}: {said[name]}, and by the model {value}"
        for name, value in expected.items()
        if said[name] != value
    ]
    listed = office.run("payees", "list", "--json", "--date", str(on)).json["payees"]
    waits = {one["id"]: one["waits_for"] for one in listed if one["state"] in (DUE, RETURNED)}
    if {payee: reason for payee, reason in waits.items() if reason} != waiting:
        found.append(f"who waits: {waits}, and by the model {waiting}")
    with office.registry() as registry:
        found += differences_of_registry(registry, model)
    return found


def record_of(payee: Payee) -> dict[str, str]:
    return {field: getattr(payee, field) for field in RECORD}


def differences_of_registry(registry: Registry, model: Model) -> list[str]:
    """What the registry says otherwise: posts, records, who has left, what is held."""
    held: dict[str, dict[str, str]] = {}
    for change in registry.held.open():
        held.setdefault(payee_id(change.serial), {})[change.field] = change.new
    here: dict[str, object] = {
        payee.payee_id: (
            payee.town, payee.post, record_of(payee), payee.active, held.get(payee.payee_id, {}),
        )
        for payee in registry.payees()
    }  # fmt: skip
    there = {
        payee: (one.town, one.post, one.record, one.active, one.held)
        for payee, one in model.people.items()
    }
    return [
        f"{payee}: the registry says {here.get(payee)}, the model {there.get(payee)}"
        for payee in sorted(here.keys() | there.keys())
        if here.get(payee) != there.get(payee)
    ]


def sheet_records(path: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """What a correction sheet says of each person: her post, and her record."""
    with CalamineWorkbook.from_path(path) as workbook:
        table = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    lines = [[str(cell) for cell in line] for line in table]
    headings = next(line for line in lines if HEADINGS["payee_id"] in line)
    people = [dict(zip(headings, line, strict=True)) for line in lines[lines.index(headings) + 1 :]]
    return {
        person[HEADINGS["payee_id"]]: (
            f"{person['岗位']}:{person['普查小区编码'] or person['普查区编码']}",
            {field: person[HEADINGS[field]] for field in RECORD},
        )
        for person in people
    }
