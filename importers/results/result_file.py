"""Read a bank's result file: every payment in it, and what the bank says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import compress

from importers.results.answers import AnotherAmount
from importers.results.answers import Answer
from importers.results.answers import AnswerWords
from importers.results.answers import classify
from importers.results.answers import contradicted
from importers.results.answers import names_a_reason
from importers.results.answers import with_handled
from importers.results.cells import has_lost_digits
from importers.results.cells import is_account
from importers.results.cells import sequence_number
from importers.results.codes import codes_in
from importers.results.codes import other_codes
from importers.results.header import ResultHeader
from importers.results.header import find_header
from importers.results.refusals import NoResultHeader
from importers.results.refusals import NoResultRows
from importers.results.refusals import NotAnswered
from importers.results.refusals import RowFault
from importers.results.stated_totals import Stated
from importers.results.stated_totals import compare_totals
from importers.results.stated_totals import stated_totals
from importers.results.verdicts import speaks_against
from importers.results.words import OwnHeadings
from importers.results.words import begins_footer
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import amount_fen
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.tables.spelling import spoken
from importers.tables.units import check_units
from ledger.base.masks import is_masked_name
from ledger.base.masks import mask_numbers
from ledger.base.masks import masked_account
from ledger.base.masks import shows_something
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.model.transitions import State

# What a list of failures says of everybody on it.
_FAILED = "失败"
_CURRENCY = re.compile("币种|币别|货币|CURRENCY|CCY")
# Fewer digits in the account's column of a last line are a count.
ACCOUNT_DIGITS = 8


class ResultRow(Record):
    """A payment as the result has it.

    ``row`` is the spreadsheet's, ``number`` counts from 1 through the file; ``sequence`` is what
    stands below 序号. ``account`` and ``name`` may be masked. ``answer`` is None where the bank
    has said nothing yet. ``remarks`` are ours as they come back, without blanks, or the bank's own.
    """

    sheet: str
    row: int
    number: int
    name: str
    account: str
    amount_fen: int
    handled_fen: int | None
    status: str
    reason: str
    sequence: int | None
    answer: Answer | None
    remarks: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    unshown = ("name", "account")

    def finding(self, code: str, **parameters: str) -> RowFault:
        return RowFault(self.sheet, self.row, code, self.account, parameters)


class ResultFile(Record):
    """``findings`` are rows that cannot be read: with any, nothing of the file can be taken.

    ``skipped`` counts lines that are nobody's: totals, signatures, repeated headings.
    """

    file: str
    rows: tuple[ResultRow, ...]
    findings: tuple[RowFault, ...] = ()
    skipped: int = 0


def read_result(
    name: str,
    sheets: Sequence[Sheet],
    words: AnswerWords | None = None,
    own: OwnHeadings = (),
) -> ResultFile:
    """The result in the sheets of a file; ``words`` are the bank's own beside the usual ones, and
    ``own`` its headings.

    Raises NoResultHeader, NoResultRows, AmountsInOtherUnit, StatedTotalsDiffer where the bank
    states other totals than were read, or NotAnswered for our own upload as it was sent.
    """
    found = [
        (sheet, header)
        for sheet in sheets
        if not sheet.hidden and (header := find_header(sheet, name, own))
    ]
    if not found:
        raise NoResultHeader(name)
    rows: list[ResultRow] = []
    findings: list[RowFault] = []
    stated: list[Stated] = []
    skipped = 0
    answered = False
    for sheet, header in found:
        titles = list(enumerate(header.headings.above, 1))
        notes: list[tuple[int, Sequence[Cell]]] = []
        for number, cells in enumerate(sheet.cells[header.last + 1 :], header.last + 2):
            if _is_nobodys(cells, header):
                if any(cell != "" for cell in cells):
                    skipped += 1
                    notes.append((number, cells))
                continue
            line = _Line(sheet.name, number, cells, header)
            row = _read_row(line, len(rows) + 1, words)
            if isinstance(row, RowFault):
                findings.append(row)
                answered = answered or any((*_bank_words(line), line.text("handled")))
            else:
                rows.append(row)
                answered = answered or row.answer is not None
        _check_units(name, sheet, header, [*titles, *notes])
        stated += stated_totals(sheet.name, titles, notes, header)
    if not rows and not findings:
        raise NoResultRows(name)
    if not answered:
        header = found[0][1]
        title = header.headings.titles[header.all_of("status")[0]]
        raise NotAnswered(name, "".join(title.split()))
    rows = _with_usual_codes(rows)
    if not findings:
        compare_totals(name, stated, rows, only_failures=any(one.all_failed for _, one in found))
    return ResultFile(name, tuple(rows), tuple(findings), skipped)


def _with_usual_codes(rows: Sequence[ResultRow]) -> list[ResultRow]:
    """The rows; a success is unknown whose code is another than that of the other successes."""
    paid = [row for row in rows if row.answer and row.answer.outcome is State.PAID]
    doubted = other_codes([row.codes for row in paid])
    unknown = {row.number for row in compress(paid, doubted)}  # guard: code-of-others
    return [
        replace(row, answer=contradicted(row.answer, "返回码", "/".join(row.codes)))
        if row.number in unknown
        else row
        for row in rows
    ]


def _check_units(
    name: str, sheet: Sheet, header: ResultHeader, titles: Sequence[tuple[int, Sequence[Cell]]]
) -> None:
    columns = (*header.all_of("amount"), *header.all_of("handled"))
    headings = [header.headings.whole[column] for column in columns]
    whole = enumerate(header.headings.whole)
    of_currency = [column for column, text in whole if _CURRENCY.search(spoken(text))]
    if of_currency:  # guard: result-in-renminbi
        rows = enumerate(sheet.cells[header.last + 1 :], header.last + 2)
        said = [(number, [cells[column] for column in of_currency]) for number, cells in rows]
        titles = [*titles, *said]
    check_units(name, sheet.name, titles, headings, header.last + 1)


def _is_nobodys(cells: Sequence[Cell], header: ResultHeader) -> bool:
    """Whether a line is a total, a note, a signature, or the headings once more."""
    texts = [plain_text(cell) for cell in cells if cell != ""]
    first = next((text for text in texts if text), "")
    if not first:
        return True
    line = _Line("", 0, cells, header)
    account, name = line.text("account"), line.text("name")
    is_person = name and is_account(number_text(account))
    few_digits = sum(map(str.isdigit, account)) < ACCOUNT_DIGITS
    if begins_footer(first) and few_digits and not is_person:  # guard: no-person-in-a-footer
        return True
    if not account and not name:
        return True
    if not account and not any(line.text(field) for field in ("amount", "status", "handled")):
        return True
    return {spoken(text) for text in texts if text} <= header.headings.texts


class _Line(Record):
    """A row of cells below the headings."""

    sheet: str
    number: int
    cells: Sequence[Cell]
    header: ResultHeader

    def cell(self, field: str) -> Cell:
        columns = self.header.all_of(field)
        return self.cells[columns[0]] if columns else ""

    def text(self, field: str) -> str:
        return plain_text(self.cell(field))

    def texts(self, field: str) -> Iterator[str]:
        """What stands in the columns of a field, the one that counts most first."""
        for column in self.header.all_of(field):
            text = plain_text(self.cells[column])
            if text:
                yield text

    def finding(self, code: str, **parameters: str) -> RowFault:
        return RowFault(self.sheet, self.number, code, self.text("account"), parameters)


def _read_row(line: _Line, number: int, words: AnswerWords | None) -> ResultRow | RowFault:
    account, name = number_text(line.cell("account")), person_name(line.cell("name"))
    problem = _problem_of_person(line, account, name)
    if problem:
        return line.finding(problem)
    try:
        sent_fen = amount_fen(line.cell("amount"))
    except UnreadableAmount:
        return line.finding("amount_unreadable")
    if sent_fen is None:
        return line.finding("incomplete")
    for column in line.header.all_of("amount")[1:]:
        if problem := _other_amount(line.cells[column], sent_fen):
            return line.finding("amounts_differ", sent=plain(sent_fen), other=problem)
    try:
        handled = [amount_fen(line.cells[column]) for column in line.header.all_of("handled")]
    except UnreadableAmount:
        return line.finding("handled_unreadable")
    status, reason = _bank_words(line)
    answer = _beside_columns(line, classify(status, reason, words), words)
    handled_fen = None
    for handled_fen in handled or [None]:
        try:
            answer = with_handled(answer, sent_fen, handled_fen)
        except AnotherAmount:
            sent, done = plain(sent_fen), plain(handled_fen or 0)
            return line.finding("other_handled", sent=sent, handled=done)
    return ResultRow(
        sheet=line.sheet,
        row=line.number,
        number=number,
        name=name,
        account=account,
        amount_fen=sent_fen,
        handled_fen=handled_fen,
        status=status,
        reason=reason,
        sequence=sequence_number(line.cell("sequence")),
        answer=answer,
        remarks=tuple("".join(text.split()) for text in line.texts("remark")),
        codes=codes_in(line.texts("code"), status, line.texts("reason")),
    )


def _other_amount(cell: Cell, sent_fen: int) -> str:
    """What a second column of amounts says, empty where that is the same or nothing."""
    try:
        other_fen = amount_fen(cell)
    except UnreadableAmount:
        return mask_numbers(plain_text(cell))
    return plain(other_fen) if other_fen not in (None, sent_fen) else ""


def _beside_columns(line: _Line, answer: Answer | None, words: AnswerWords | None) -> Answer | None:
    """The answer, unless a column that is no status says the opposite of it."""
    if answer is None or answer.outcome is State.UNKNOWN:
        return answer
    for column, heading in line.header.beside:
        cell = line.cells[column]
        # guard: columns-agree
        if cell != "" and speaks_against(answer.outcome, heading, plain_text(cell), words):
            return contradicted(answer, plain_text(heading), plain_text(cell))
    return answer


def _problem_of_person(line: _Line, account: str, name: str) -> str | None:
    if not account or not name:
        return "incomplete"
    if has_lost_digits(line.cell("account")):
        return "account_rounded"
    if not is_account(account):
        return "account_form"
    if is_masked_name(name) and (masked_account(account) or not shows_something(name)):
        return "name_masked"
    return None


def _bank_words(line: _Line) -> tuple[str, str]:
    """Status and reason of a row, from every column in which the bank says something.

    A second status is read as a reason, so that one which contradicts the first is seen. The
    remark is our own, unless it names a reason.
    """
    status, *others = [*line.texts("status"), ""]
    if line.header.all_failed:
        status = _FAILED
    reasons = [*line.texts("reason"), *(text for text in others if text)]
    # A code of noughts says that nothing went wrong, wherever anything else is said.
    codes = [code for code in line.texts("code") if code.strip("0") or not (status or reasons)]
    remarks = [remark for remark in line.texts("remark") if names_a_reason(remark)]
    return status, " ".join(dict.fromkeys([*codes, *reasons, *remarks]))
