"""The text of event files: headers, and an entry for every person that an event moves."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.base.digests import Digest
from ledger.base.masks import mask_numbers
from ledger.base.money import CURRENCY
from ledger.base.money import fen
from ledger.base.money import plain
from ledger.base.outside_text import cleaned
from ledger.events.approvals import DIGESTS
from ledger.events.approvals import REJECTED
from ledger.events.approvals import ROLE
from ledger.events.event_file import Drafting
from ledger.events.operator_fold import ADDED
from ledger.events.operator_fold import RETIRED
from ledger.model.accounts import INCOME_TAX
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import Place
from ledger.model.accounts import payable_account
from ledger.model.history import DEDUCTION
from ledger.model.history import QUANTITY
from ledger.model.history import RATE
from ledger.model.history import SUBSIDY_TAG
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.ids import TownComponent
from ledger.model.instructions import Instruction
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.operators import roles_text
from ledger.model.recorded_rates import STAGE
from ledger.model.recorded_rates import rates_on
from ledger.model.recorded_tax_classes import TAX
from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.payments.amount_owed import Owed
from ledger.payments.entered_work import work_of

if TYPE_CHECKING:
    from beancount.core import data


@lru_cache(maxsize=1 << 10)
def quoted(text: str) -> str:
    """A Beancount string. Every text of an event goes through here, wherever it is from."""
    # guard: unseen-never-kept
    escaped = cleaned(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def header(on: datetime.date, at: Drafting, values: str, meta: Mapping[str, str]) -> str:
    """The header directive; ``values`` stand after the sequence number as they are."""
    origin = {"previous": at.head.sha256, "by": at.stamp.by, "recorded": at.stamp.at}
    if not at.after_witness:
        origin["witness"] = "new"
    facts = {**origin, **meta}
    lines = [f'{on} custom "census-event" {at.head.seq + 1} {values}']
    lines += [f"  {key}: {quoted(value)}" for key, value in facts.items() if cleaned(value)]
    return "\n".join(lines) + "\n"


def init_event(on: datetime.date, at: Drafting, unit: str, first: Operator, safe: str) -> str:
    """Event 0: the books begin, with their first operator and the public key of the safe."""
    return header(on, at, quoted("init"), {"unit": unit, **_named(first), "safe": safe})


def operator_added_event(on: datetime.date, at: Drafting, operator: Operator) -> str:
    """Somebody else may sign from now on."""
    return header(on, at, quoted("operator"), {"change": ADDED, **_named(operator)})


def operator_retired_event(on: datetime.date, at: Drafting, operator: str, reason: str) -> str:
    """Somebody signs nothing any more."""
    facts = {"change": RETIRED, "operator": operator, "reason": mask_numbers(reason)}
    return header(on, at, quoted("operator"), facts)


def accepted_event(
    on: datetime.date, at: Drafting, missing: str, missing_log: str, reason: str
) -> str:
    """Older books are gone on with: what was seen after them are these events, by number and
    digest, and these entries of the registry's log, by digest.
    """
    facts = {"missing": missing, "missing-log": missing_log, "reason": mask_numbers(reason)}
    return header(on, at, quoted("accepted"), facts)


def _named(operator: Operator) -> dict[str, str]:
    roles = roles_text(operator.roles)
    return {"operator": operator.id, "name": operator.name, "roles": roles, "key": operator.key}


def prepared_event(
    on: datetime.date,
    at: Drafting,
    batch: BatchId,
    instructions: Sequence[Instruction],
    rules: Rules,
    towns: Mapping[TownCode, TownComponent],
    *,
    payment: str,
    meta: Mapping[str, str],
) -> bytes:
    """A batch prepared: an entry for every person, new or issued again.

    Encoded entry by entry: one rare character would make four bytes of each of all the text.

    ``towns`` are the components of accounts by the towns' codes; ``payment`` says what is paid.
    """
    gross_fen = sum(row.gross_fen for row in instructions)
    tax_fen = sum(row.tax_fen for row in instructions)
    values = f'"prepared" {quoted(batch)} {len(instructions)} {plain(gross_fen)} {CURRENCY}'
    parts = [header(on, at, values, {**meta, **tax_meta(tax_fen)}).encode("utf-8")]
    funds = {fund.code: fund for fund in rules.funds}
    stage = rules.stage(instructions[0].stage)
    rates = rates_on(rules, on, instructions[0].stage or FIRST_STAGE)
    what = f"{payment} {stage.name}" if stage else payment
    for row in instructions:
        fund = funds[row.fund]
        town = towns[row.town]
        if row.reissue:
            debit = payable_account(Place.RETURNED, fund.component, town)
        else:
            debit = f"{fund.expenses}:{rates[row.role].item}:{town}"
        credit = payable_account(Place.AWAITED, fund.component, town)
        narration = f"{what} {row.role}{' 重发' if row.reissue else ''}"
        facts = {"payee-id": row.payee_id, "role": row.role, **work_facts(row, stage)}
        parts.append(
            subsidy_entry(
                on, row.legal_name, narration, batch, [row.payee_id], facts,
                debit=debit, credit=credit, amount_fen=row.amount_fen, tax_fen=row.tax_fen,
            ).encode("utf-8")
        )  # fmt: skip
    return b"\n".join(parts)


def work_facts(row: Instruction, stage: Stage | None) -> dict[str, str]:
    """What an entry says of stage and work, where the books name stages; empty where nothing."""
    kind = stage.kind if stage and not row.reissue else StageKind.FIXED
    owed = Owed(row.gross_fen, row.rate_fen, row.quantity, row.deduction_fen)
    work = work_of(owed, kind)
    return {STAGE: row.stage, QUANTITY: work.quantity, RATE: work.rate, DEDUCTION: work.deduction}


def approved_event(on: datetime.date, at: Drafting, batch: Batch, role: Role) -> str:
    """Somebody has looked at a batch: at exactly these payments, rows and files."""
    digests = {name: str(batch.header.meta[name]) for name in DIGESTS}
    return header(on, at, f'"approved" {quoted(batch.id)}', {ROLE: role, **digests})


def attached_event(
    on: datetime.date,
    at: Drafting,
    batch: BatchId,
    sha256: Digest,
    name: str,
    kind: str,
    size: int,
) -> str:
    """A signed list is filed with a batch."""
    facts = {"original": sha256, "file": name, "type": kind, "size": str(size)}
    return header(on, at, f'"attached" {quoted(batch)}', facts)


def submitted_event(on: datetime.date, at: Drafting, batch: BatchId) -> str:
    """A batch's files were given to the bank."""
    return header(on, at, f'"submitted" {quoted(batch)}', {})


def void_event(
    on: datetime.date,
    at: Drafting,
    prepared: Event,
    *,
    payment: str,
    bank_refused: str = "",
    rejected: str = "",
) -> str:
    """A batch taken back: the entries that prepared it, the other way round."""
    amount = f"{plain(prepared.amount_fen)} {CURRENCY}"
    values = f'"void" {quoted(prepared.batch)} {prepared.count} {amount}'
    meta = {"bank-refused": mask_numbers(bank_refused), REJECTED: mask_numbers(rejected)}
    taxes_fen = [_tax_fen(entry) for entry in prepared.entries]
    parts = [header(on, at, values, {**meta, **tax_meta(sum(taxes_fen))})]
    for entry, tax_fen in zip(prepared.entries, taxes_fen, strict=True):
        places = [posting for posting in entry.postings if posting.account != INCOME_TAX]
        debited, credited = sorted(places, key=lambda posting: -_fen(posting))
        payee, role = PayeeId(str(entry.meta["payee-id"])), str(entry.meta["role"])
        parts.append(
            subsidy_entry(
                on, entry.payee or "", f"{payment} {role} 作废", prepared.batch, [payee],
                {"payee-id": payee, "role": role},
                debit=credited.account, credit=debited.account, amount_fen=-_fen(credited),
                tax_fen=-tax_fen,
            )
        )  # fmt: skip
    return "\n".join(parts)


def tax_meta(tax_fen: int) -> dict[str, str]:
    """What a header says of the tax that its entries withhold, or take back."""
    return {TAX: plain(tax_fen)} if tax_fen else {}


def _tax_fen(entry: data.Transaction) -> int:
    """What an entry withholds."""
    return -sum(_fen(posting) for posting in entry.postings if posting.account == INCOME_TAX)


def _fen(posting: data.Posting) -> int:
    assert posting.units is not None and posting.units.number is not None
    return fen(posting.units.number)


def subsidy_entry(
    on: datetime.date,
    payee_name: str,
    narration: str,
    batch: BatchId,
    payees: Sequence[PayeeId],
    facts: Mapping[str, str],
    *,
    debit: str,
    credit: str,
    amount_fen: int,
    tax_fen: int = 0,
) -> str:
    """One entry that moves a subsidy from a credited to a debited account.

    ``amount_fen`` is what the bank carries. Of tax that is withheld the debited account has as much
    more, and of tax that is taken back, below zero, the credited one.
    """
    figures = [(debit, amount_fen + max(0, tax_fen)), (credit, -amount_fen + min(0, tax_fen))]
    figures += [(INCOME_TAX, -tax_fen)] if tax_fen else []
    links = " ".join(f"^{link}" for link in [batch, *payees] if link)
    lines = [f"{on} * {quoted(payee_name)} {quoted(narration)} #{SUBSIDY_TAG} {links}"]
    lines += [f"  {key}: {quoted(value)}" for key, value in facts.items() if value]
    for account, figure_fen in figures:
        lines.append(f"  {account}  {plain(figure_fen)} {CURRENCY}")
        if account == TRANSIT:
            # A refund by the bank may be for several batches: each posting says for which.
            lines.append(f"    batch: {quoted(batch)}")
    return "\n".join(lines) + "\n"
