"""What a file that comes in would do, or has done, in a few lines of Chinese."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from importers.incoming import RefusedFile
from importers.registration.registration import CONSENT_FIELDS
from importers.registration.registration import PersonChange
from importers.rosters.problems import Problem
from ledger.base.masks import mask_account
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.base.records import field
from ledger.model.transitions import State
from ledger.registry.record_fields import field_name
from ledger.services.importing import Outcome
from ledger.services.paid_before import ImportedPayments
from ledger.services.result_import import ImportedResult
from ledger.services.roster_import import ImportedRoster
from ledger.services.statement_import import ImportedStatement
from ledger.services.workload_import import ImportedWorkload
from reports.wording.bank_question import question

SHOWN = 10
# What problems say that looks like a number of somebody's, and is a place.
CODES = {"code", "post", "row_post", "town_code"}


class Said(Record):
    """A file in words. ``lines`` say what it does, ``doubts`` what to look at, ``rows`` what is
    wrong where; ``holder`` is in whose name an account is that nobody knows to be the office's.
    """

    kind: str
    is_good: bool
    lines: Sequence[str] = ()
    doubts: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    more_rows: int = 0
    holder: str = ""
    returned: Sequence[str] = field(default_factory=tuple)


def say(outcome: Outcome, unit: str, sentence: Callable[[str], str]) -> Said:
    """An outcome in words; ``sentence`` takes the places of this machine out of a refusal."""
    if isinstance(outcome, RefusedFile):
        return Said("不能收", False, doubts=[sentence(mask_numbers(str(outcome.refusal)))])
    if isinstance(outcome, ImportedRoster):
        return _roster(outcome)
    if isinstance(outcome, ImportedResult):
        return _result(outcome, unit)
    if isinstance(outcome, ImportedWorkload):
        return _workload(outcome)
    if isinstance(outcome, ImportedPayments):
        return _payments(outcome)
    return _statement(outcome)


def _roster(one: ImportedRoster) -> Said:
    taken = one.registration
    counts = (
        (len(taken.added), "新增"),
        (len(taken.changed), "变更"),
        (taken.unchanged, "未变"),
        (len(taken.held), "待确认"),
        (one.quarantined, "退回待改"),
        (len(one.roster.skipped), "跳过"),
    )
    parts = "，".join(f"{word} {count:,}" for count, word in counts if count)
    lines = [f"共 {one.roster.row_count:,} 行：{parts}。" if parts else "没有可收的行。"]
    if taken.superseded:
        lines.append(f"这份文件收过；其后改正过的 {taken.superseded:,} 人保持不变。")
    lines += [note.message() for note in one.roster.notes]
    rows, more = _rows(one.problems)
    return Said(
        "花名册",
        one.applied,
        lines,
        [*_gone(one), *_changes("将变更", taken.changed), *_changes("待确认", taken.held)],
        rows,
        more,
        returned=[path.name for path in (one.problem_workbook, one.change_workbook) if path],
    )


def _rows(problems: Sequence[Problem]) -> tuple[list[tuple[str, str]], int]:
    """The first problems with their places, what is refused before what is only said; how many
    more there are.
    """
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    shown = [
        (
            " ".join(filter(None, (problem.sheet, f"第 {problem.row} 行", problem.column))),
            _masked(problem),
        )
        for problem in ordered[:SHOWN]
    ]
    return shown, max(0, len(ordered) - SHOWN)


def _masked(problem: Problem) -> str:
    """What is wrong, without numbers of people; codes of towns and posts stay whole."""
    text = mask_numbers(problem.message())
    for name in CODES & problem.parameters.keys():
        code = str(problem.parameters[name])
        text = text.replace(mask_numbers(code), code)
    return text


def _workload(one: ImportedWorkload) -> Said:
    work = one.work
    amount = grouped(sum(row.line.amount_fen for row in work.rows))
    counts = (
        (one.added, "新增"),
        (one.replaced, "替换"),
        (one.unchanged, "未变"),
        (len(work.quarantined), "退回待改"),
        (len(work.skipped), "跳过"),
    )
    parts = "，".join(f"{word} {count:,}" for count, word in counts if count)
    lines = [
        f"{work.stage.name}：{len(work.rows):,} 人，{amount} 元。",
        f"{parts or '没有可收的行'}。",
    ]
    if one.repeated:
        lines.insert(0, "这份文件收过。")
    lines += [note.message() for note in work.notes]
    doubts = [
        f"{word} {len(people):,} 人：{'、'.join(people[:SHOWN])}{'等' if people[SHOWN:] else ''}"
        for people, word in (
            (one.sent, "本阶段已经发过、保持不变的"),
            (one.newer, "后来的表已经改过、保持不变的"),
            (one.left_out, "以前的表有而这份没有、保持不变的"),
        )
        if people
    ]
    rows, more = _rows(work.problems)
    returned = [one.problem_workbook.name] if one.problem_workbook else []
    return Said("工作量表", one.applied, lines, doubts, rows, more, returned=returned)


def _payments(one: ImportedPayments) -> Said:
    lines = [
        f"建账前已付：{len(one.charged):,} 人，{grouped(one.amount_fen)} 元，算作已支付，不再发放；"
        f"银行存款不动。退回待改 {len(one.judged.rejected):,} 行。"
    ]
    rows = [
        (f"{problem.sheet} 第 {problem.row} 行 {problem.column}".strip(), problem.message())
        for problem in one.judged.problems
    ]
    returned = [one.problem_workbook.name] if one.problem_workbook else []
    more = max(0, len(rows) - SHOWN)
    return Said("建账前已付", one.applied, lines, [], rows[:SHOWN], more, returned=returned)


def _gone(one: ImportedRoster) -> Iterator[str]:
    """Who is registered and not on a later roster any more."""
    if one.later.gone:
        names = "、".join(f"{payee.payee_id} {payee.legal_name}" for payee in one.later.gone[:5])
        more = "等" if len(one.later.gone) > 5 else ""
        yield f"已登记而名册上没有的 {len(one.later.gone):,} 人（{names}{more}）：不作改动。"


def _changes(word: str, changes: Sequence[PersonChange]) -> Iterator[str]:
    """What money goes by and is changed, or waits for consent; numbers are masked."""
    delicate = [one for one in changes if not one.changes.keys().isdisjoint(CONSENT_FIELDS)]
    for change in delicate[:SHOWN]:
        parts = []
        for name in CONSENT_FIELDS:
            if name in change.changes:
                old, new = (
                    mask_account(text) if name in ("account", "identity") else mask_numbers(text)
                    for text in change.changes[name]
                )
                parts.append(f"{field_name(name)} {old} → {new}")
        paid = "（已发或在途，须写理由）" if change.money_out or change.with_other else ""
        who = f"{change.payee.payee_id} {change.payee.legal_name}"
        yield f"{word}{paid}：{who}，{'；'.join(parts)}"
    if len(delicate) > SHOWN:
        yield f"……另有 {len(delicate) - SHOWN:,} 人。"


def _result(one: ImportedResult, unit: str) -> Said:
    counts, settled = one.batch.counts, one.settlement
    known = settled.unchanged + settled.superseded
    if one.repeated:
        lines = ["这份文件收过，没有新内容。"]
    else:
        again = f"，{known:,} 条先前已知" if known else ""
        lines = [f"批次 {one.batch.id}：新答复 {len(settled.moves):,} 条{again}。"]
    lines.append(
        f"收下后该批次：已支付 {counts[State.PAID]:,}，退回 {counts[State.RETURNED]:,}，"
        f"待查 {counts[State.UNKNOWN]:,}，代发中 {counts[State.IN_BANK]:,}。"
    )
    if settled.late_returns:
        lines.append(f"其中 {settled.late_returns:,} 笔已支付的又退了回来。")
    doubts = [
        f"{row.payee_id}：{question(row, one.batch, unit)}"
        for row in (*one.unclear, *one.disputed, *one.doubtful)
    ]
    if one.fits_too:
        doubts.append(f"它也对得上 {'、'.join(one.fits_too)}：如是那一批的，请在上面选批次。")
    if one.sheets_refused:
        doubts.append("更正表没有写成，可以重新收一次这份文件。")
    returned = [path.name for path in one.correction_sheets]
    return Said("银行回盘", True, lines, doubts, returned=returned)


def _statement(one: ImportedStatement) -> Said:
    lines, statement = [], one.statement
    first, last = statement.lines[0].date, statement.lines[-1].date
    if one.repeated:
        lines.append("这份文件收过，没有新内容。")
    else:
        unexplained = len(one.unexplained)
        lines.append(
            f"{first} 至 {last}，共 {len(statement.lines):,} 笔，新 {len(one.new):,} 笔，"
            f"其中批次款 {one.matched:,} 笔，用途不明 {unexplained:,} 笔。"
        )
    if statement.opening_fen is not None and statement.closing_fen is not None:
        before, after = grouped(statement.opening_fen), grouped(statement.closing_fen)
        lines.append(f"余额逐笔相符：期初 {before} 元，期末 {after} 元。")
    doubts = [*map(mask_numbers, statement.warnings)]
    if one.first_ending:
        doubts.append(f"账号末四位 {one.first_ending}；以后只收这个账户的对账单。")
    doubts += [mask_numbers(fact) for fact in one.facts]
    return Said("银行对账单", True, lines, doubts, holder=mask_numbers(one.doubted))
