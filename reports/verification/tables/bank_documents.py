"""A bank file against the payments that it was made of. It prints no seal, so its rows speak."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import profile_from
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction
from reports.documents import BANK_FILE
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.masking import ACCOUNT
from reports.verification.comparison.masking import AMOUNT
from reports.verification.comparison.masking import PLAIN
from reports.verification.comparison.masking import TEXT
from reports.verification.comparison.masking import masked
from reports.verification.comparison.refusals import NotOfTheBooks
from reports.verification.comparison.row_comparison import BookRow
from reports.verification.comparison.row_comparison import ComparedColumn
from reports.verification.comparison.row_comparison import ReadRow
from reports.verification.comparison.row_comparison import pair_rows
from reports.verification.comparison.row_comparison import row_differences
from reports.verification.comparison.verdict import ROWS
from reports.verification.comparison.verdict import Difference
from reports.verification.comparison.verdict import Verdict
from reports.verification.tables.bank_formats import book_cells
from reports.verification.tables.bank_formats import head_differences
from reports.verification.tables.bank_formats import likely_profiles
from reports.verification.tables.bank_formats import read_cells
from reports.verification.tables.bank_formats import remark_here
from reports.verification.tables.table_cells import Grid
from reports.verification.tables.table_cells import whole

_ACCOUNT = re.compile(r"[0-9][0-9 -]{5,}[0-9]")
_MASKED_AS = {"account": ACCOUNT, "amount": AMOUNT, "number": PLAIN, "bank_row": PLAIN}
# Of the bank files that share as many accounts with a file, so many are compared with it.
MOST_COMPARED = 5


class Candidate(Record):
    """A bank file of a batch, and how many of its accounts are in the file that is asked about."""

    batch: BatchId
    name: str
    rows: Sequence[Instruction]
    shared: int
    is_named: bool


def verify_bank_file(evidence: Evidence, path: Path, grids: Sequence[Grid]) -> Verdict:
    """The verdict on a table that is no payout workbook.

    Raises NotOfTheBooks when it shares nothing with any bank file.
    """
    grid = max(grids, key=lambda grid: len(grid.rows), default=Grid("", (), False))
    strange = [
        Difference(0, _("sheet"), one.name, "", kind="extra", sheet=one.name)
        for one in grids
        if one is not grid and any(one.rows)
    ]
    first, *others = _candidates(evidence, path, grid)
    verdict = _compared_with(evidence, path, grid, first)
    # Two batches can pay the same people: the one whose file it is in every cell is meant.
    for other in others if verdict.differences else ():
        one = _compared_with(evidence, path, grid, other)
        if not one.differences:
            verdict = one
            break
    return verdict.adding(differences=strange)


def _compared_with(evidence: Evidence, path: Path, grid: Grid, found: Candidate) -> Verdict:
    compared = _("the bank file {file} of batch {batch}")
    verdict = Verdict(
        "file",
        file_name(path),
        kind=BANK_FILE,
        batch=evidence.batches[found.batch],
        matched=ROWS,
        compared=compared.format(file=found.name, batch=found.batch),
    )
    if not found.is_named:
        note = _("it was found by its rows: its name is not that of this bank file")
        verdict = verdict.adding(notes=[note])
    return _best_comparison(evidence, verdict, found, grid)


def _candidates(evidence: Evidence, path: Path, grid: Grid) -> list[Candidate]:
    """The bank files that may be meant, the likeliest first: by name, unless the rows are clearly
    those of another; by rows a live batch before a void one.
    """
    here = _accounts(grid)
    candidates = [
        Candidate(batch, name, rows, len(here & {row.account for row in rows}), _names(path, name))
        for batch in evidence.batches
        for name, rows in evidence.sealed(batch).by_bank_file.items()
        if name
    ]
    most = max((one.shared for one in candidates), default=0)
    likely = [one for one in candidates if one.shared == most > 0]
    named = [one for one in candidates if one.is_named and 2 * one.shared >= most]
    likely.sort(key=lambda one: (bool(evidence.batches[one.batch].voided), len(one.rows)))
    ordered = [*named, *(one for one in likely if one not in named)]
    if not ordered:
        raise NotOfTheBooks(file_name(path))
    return ordered[:MOST_COMPARED]


def _names(path: Path, bank_file: str) -> bool:
    """Whether a file is called as a bank file, as in ``copy of B2020-001-本行-1 (2).xlsx``."""
    return bool(re.search(rf"{re.escape(Path(bank_file).stem)}(?!\d)", file_name(path)))


def _accounts(grid: Grid) -> set[str]:
    texts = (whole(c) if isinstance(c, Decimal) else c.strip() for row in grid.rows for c in row)
    return {text for text in texts if _ACCOUNT.fullmatch(text)}


def _best_comparison(evidence: Evidence, verdict: Verdict, found: Candidate, grid: Grid) -> Verdict:
    recorded = evidence.reading_back(found.batch).get("bank_files", {}).get(found.name)
    if recorded:
        formats = evidence.reading_back(found.batch)["bank_formats"]
        profile = profile_from(formats[recorded["format"]])
        return _compare(verdict, found, grid, profile, str(recorded["remark"]))
    best: Verdict | None = None
    for profile in likely_profiles(evidence, found.name):
        one = _compare(verdict, found, grid, profile, None)
        if best is None or len(one.differences) < len(best.differences):
            best = one
        if not one.differences:
            break
    return best or verdict


def _compare(
    verdict: Verdict, found: Candidate, grid: Grid, profile: BankProfile, remark: str | None
) -> Verdict:
    columns = [
        ComparedColumn(
            column.header.split("\n")[0] or _("column {number}").format(number=number),
            _MASKED_AS.get(column.value, TEXT),
            counts=column.value in ("number", "bank_row"),
            identifies=column.value in ("account", "bank_name"),
        )
        for number, column in enumerate(profile.columns, 1)
    ]
    body = [
        (number, row)
        for number, row in enumerate(grid.rows[profile.first_row - 1 :], profile.first_row)
        if row
    ]
    here = [
        ReadRow(number, read_cells(profile, row, has_numbers=grid.has_numbers))
        for number, row in body
    ]
    if remark is None:
        remark, note = remark_here(profile, here)
        verdict = verdict.adding(notes=[note] if note else [])
    books = [
        BookRow(profile.first_row + place, book_cells(profile, row, remark), row)
        for place, row in enumerate(found.rows)
    ]
    differences = list(head_differences(profile, found.rows, grid))
    differences += row_differences(here, books, columns, pair_rows(here, books, columns))
    for number, row in body:
        beyond = [str(cell) for cell in row[len(columns) :] if str(cell).strip()]
        if beyond:
            shown = masked(" ".join(beyond).strip(), ACCOUNT)
            differences.append(Difference(number, _("other text"), shown, "", kind="extra"))
    empty = {column.title for column, its in zip(columns, profile.columns, strict=True)
             if not its.value and not its.text}  # fmt: skip
    if differences and {difference.column for difference in differences} <= empty:
        note = _("only columns that the bank fills in differ: it is the bank's answer; import it")
        verdict = verdict.adding(notes=[note])
    return replace(verdict, differences=(*verdict.differences, *differences))
