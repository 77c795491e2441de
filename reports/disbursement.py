"""``disburse``: from who is due to payout sheets, bank files and ledger entries, in one step."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

from ledger.availability import Ceilings
from ledger.books import Books
from ledger.checking import MANIFEST
from ledger.checking import file_digest
from ledger.checking import instruction_line
from ledger.durable import write_file
from ledger.event_text import prepared_event
from ledger.history import entries_digest
from ledger.history import seal_of
from ledger.instructions import Instruction
from ledger.instructions import digest
from ledger.instructions import freeze
from ledger.invariants import write_recorded
from ledger.language import gettext as _
from ledger.language import listed
from ledger.money import plain
from ledger.payees import Payee
from ledger.planning import Plan
from ledger.planning import plan_batch
from ledger.recovery import PAYOUTS
from ledger.refusal import Refusal
from ledger.registry import Registry
from ledger.towns import towns_by_code
from ledger.writing import Draft
from ledger.writing import writing
from reports.bank.files import OWN_BANK
from reports.bank.files import plan_bank_files
from reports.bank.files import rows_by_file
from reports.bank.files import write_bank_files
from reports.bank.readback import check_bank_file
from reports.eligibility import claims_of_books
from reports.eligibility import profiles_of_books
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet import write_payout_sheet
from reports.payout.summary_sheet import SummarySheet
from reports.payout.summary_sheet import write_summary_sheet
from reports.payout.workbook import write_payout_workbook

Track = Callable[[Sequence[PayoutSheet], str], Iterable[PayoutSheet]]


class BooksMoved(Refusal):
    """Between the preview and the answer somebody else has changed what would be paid."""

    def __init__(self) -> None:
        super().__init__(
            _("the books have changed since the preview, and nothing was written; run it again")
        )


class NoSuchFund(Refusal):
    """The rules have no fund of that code."""

    def __init__(self, code: str, known: Sequence[str]) -> None:
        message = _("there is no fund {code}; choose one of these: {known}")
        super().__init__(message.format(code=code, known=listed(known)))


@dataclass(frozen=True, slots=True)
class Request:
    """What the liaison asks for: ``towns`` are nine-digit codes, none meaning all."""

    on: datetime.date
    towns: tuple[str, ...] = ()
    fund: str | None = None
    limit_to_funds: bool = False


@dataclass(frozen=True)
class Proposal:
    """A batch as it would be. The seal covers every payment and every column as sent."""

    request: Request
    batch: str
    plan: Plan
    ceilings: Ceilings
    instructions: tuple[Instruction, ...]
    entries: str
    rows: bytes
    seal: str


@dataclass(frozen=True, slots=True)
class PayoutFile:
    """A file of a batch: ``town`` is a nine-digit code, empty for files of all towns."""

    name: str
    kind: str
    town: str
    rows: int
    amount: str
    sha256: str


def propose(books: Books, payees: Sequence[Payee], request: Request) -> Proposal:
    """The batch that would be made. Raises CannotPay when the money does not reach."""
    codes = [fund.code for fund in books.rules.funds]
    if request.fund is not None and request.fund not in codes:
        raise NoSuchFund(request.fund, codes)
    claims = claims_of_books(books, payees, request.on, request.towns)
    ceilings = books.ceilings(request.on)
    plan = plan_batch(
        claims,
        books.rules,
        ceilings,
        fund_code=request.fund,
        limit_to_funds=request.limit_to_funds,
    )
    batch = next_batch_id(books, request.on)
    own, other = profiles_of_books(books)
    instructions = plan_bank_files(
        instruct(plan), own=own, other=other, own_words=books.settings.own_words, batch=batch
    )
    entries = entries_digest(map(instruction_line, instructions))
    rows = freeze(instructions)
    seal = seal_of(entries, digest(rows))
    return Proposal(
        request, batch, plan, ceilings, tuple(instructions), entries, rows, seal
    )  # fmt: skip


def next_batch_id(books: Books, on: datetime.date) -> str:
    """``B2020-001``: the year, and a number that counts through it."""
    prefix = f"B{on.year}-"
    numbers = [
        int(name[len(prefix) :]) for name in books.history.batches if name.startswith(prefix)
    ]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


def instruct(plan: Plan) -> list[Instruction]:
    """An instruction for every charge of the plan, in its order."""
    return [
        Instruction(
            number=number,
            payee_id=claim.payee.payee_id,
            legal_name=claim.payee.legal_name,
            bank_name=claim.payee.bank_name,
            identity=claim.payee.identity,
            role=claim.payee.role,
            town=claim.payee.town,
            town_name=towns_by_code()[claim.payee.town].name,
            area_name=claim.payee.area_name,
            bank=claim.payee.bank,
            account=claim.payee.account,
            fund=fund.code,
            line=claim.rate.line,
            amount_fen=claim.rate.amount_fen,
            reissue=False,
        )
        for number, (claim, fund) in enumerate(plan.charges, start=1)
    ]


def disburse(
    folder: Path,
    registry: Registry,
    request: Request,
    *,
    expected_seal: str | None = None,
    track: Track,
) -> tuple[Proposal, list[PayoutFile]]:
    """Make the batch: sheets, workbook, bank files, frozen rows and entries, or nothing.

    ``expected_seal`` is the seal of the preview that the user confirmed: raises BooksMoved when
    the batch would be another one by now.
    """
    with writing(folder) as writer:
        books = writer.load()
        proposal = propose(books, registry.payees(), request)
        if expected_seal not in (None, proposal.seal):
            raise BooksMoved
        artefacts = writer.make_artefacts_folder(proposal.batch)
        files = make_files(artefacts, books, proposal, track)
        manifest = manifest_bytes(books, proposal, files)
        write_file(artefacts / MANIFEST, manifest)
        rows_digest = registry.keep_frozen_rows(proposal.rows)
        text = prepared_event(
            request.on,
            writer.seq,
            proposal.batch,
            proposal.instructions,
            books.rules,
            previous=writer.previous,
            meta={
                "entries": proposal.entries,
                "rows": rows_digest,
                "manifest": digest(manifest),
                "ceilings": recorded_ceilings(proposal),
            },
        )
        writer.commit(books, Draft("prepared", proposal.batch, text, artefacts))
    return proposal, files


def recorded_ceilings(proposal: Proposal) -> str:
    """What was available of the lines and funds that the batch charges, and in cash."""
    names = {charge.claim.rate.line for charge in proposal.plan.charges}
    lines = {line: fen for line, fen in proposal.ceilings.lines.items() if line.line in names}
    return write_recorded(lines, dict(proposal.ceilings.funds), proposal.ceilings.cash)


def sheets_of(books: Books, proposal: Proposal) -> list[PayoutSheet]:
    """A payout sheet for every town of the batch, in the order of their codes."""
    by_town: dict[str, list[Instruction]] = {}
    for row in proposal.instructions:
        by_town.setdefault(row.town, []).append(row)
    return [
        PayoutSheet(
            title=f"{books.settings.payout_title}发放表",
            unit=books.settings.unit,
            batch=proposal.batch,
            on=proposal.request.on,
            period=books.settings.period,
            town_code=town,
            town_name=rows[0].town_name,
            seal=proposal.seal,
            rows=rows,
        )
        for town, rows in by_town.items()
    ]


def make_files(folder: Path, books: Books, proposal: Proposal, track: Track) -> list[PayoutFile]:
    """Write every file of the batch and read the bank's files back."""
    settings, batch, rows = books.settings, proposal.batch, proposal.instructions
    own, other = profiles_of_books(books)
    files = []
    by_file = rows_by_file(rows)
    written_files = write_bank_files(folder, rows, own=own, other=other, remark=settings.remark)
    for written in sorted(written_files, key=lambda file: file.kind != OWN_BANK):
        expected = by_file[written.name]
        profile = own if written.kind == OWN_BANK else other
        check_bank_file(folder / written.name, profile, expected, remark=settings.remark)
        files.append(_described(folder, written.name, "bank_file", "", expected))
    sheets = sheets_of(books, proposal)
    for sheet in track(sheets, _("payout sheets")):
        name = f"{batch}-发放表-{sheet.town_code}{sheet.town_name}.pdf"
        write_payout_sheet(
            folder / name, sheet, boxes=settings.boxes, mask_identities=settings.mask_identities
        )
        files.append(_described(folder, name, "payout_sheet", sheet.town_code, sheet.rows))
    summary = SummarySheet(
        title=f"{settings.payout_title}发放汇总表",
        unit=settings.unit,
        batch=batch,
        on=proposal.request.on,
        period=settings.period,
        seal=proposal.seal,
        rows=rows,
        funds={fund.code: fund.name for fund in books.rules.funds},
    )
    name = f"{batch}-发放汇总表.pdf"
    write_summary_sheet(folder / name, summary, boxes=settings.boxes)
    files.append(_described(folder, name, "summary_sheet", "", rows))
    name = f"{batch}-发放表.xlsx"
    write_payout_workbook(
        folder / name,
        summary=summary,
        sheets=sheets,
        boxes=settings.boxes,
        mask_identities=settings.mask_identities,
    )
    files.append(_described(folder, name, "workbook", "", rows))
    return files


def _described(
    folder: Path, name: str, kind: str, town: str, rows: Sequence[Instruction]
) -> PayoutFile:
    amount = plain(sum(row.amount_fen for row in rows))
    return PayoutFile(name, kind, town, len(rows), amount, file_digest(folder / name))


def manifest_bytes(books: Books, proposal: Proposal, files: Sequence[PayoutFile]) -> bytes:
    """The manifest: what belongs to the batch, each file by its digest."""
    document = {
        "unit": books.settings.unit,
        "batch": proposal.batch,
        "date": proposal.request.on.isoformat(),
        "payees": len(proposal.instructions),
        "amount": plain(proposal.plan.amount_fen),
        "seal": proposal.seal,
        "entries": proposal.entries,
        "rows": digest(proposal.rows),
        "files": [asdict(file) for file in files],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def path_of(proposal: Proposal, file: PayoutFile) -> str:
    """The file's path below the books."""
    return f"{PAYOUTS}/{proposal.batch}/{file.name}"
