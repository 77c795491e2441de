"""What a later roster changes, as a workbook: to look into, to print and to sign.

It lists who is new, gone or moved, whose account is somebody else's, and every change of what money
goes by, made or waiting to be confirmed. It is no roster: its changes are entered at the
office by what is signed here, and not by importing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from importers.corrections.workbook_layout import column_widths
from importers.corrections.workbook_layout import row_height
from importers.registration.later_roster import LaterRoster
from importers.registration.registration import PersonChange
from importers.registration.registration import Registration
from importers.rosters.roster import RosterRow
from importers.rosters.words import vocabulary
from ledger.base.records import Record
from ledger.base.workbooks import Target
from ledger.base.workbooks import print_as_list
from ledger.base.workbooks import workbook_file
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.transitions import State

SHEET = "变更确认"
HOW_TO = (
    "请逐项核实，在“核实结果”栏写明结果和理由并签名，交{office}。待确认的变更是否属实、"
    "人员是否离岗，由{office}据此登记，登记前不生效。名册上没有的人员不会自动注销。"
)
HEADINGS = (
    "序号", "类别", "人员编号", "姓名", "镇街", "岗位", "补助状态", "项目", "登记为", "名册为",
    "名册位置", "处理", "核实结果", "核实人",
)  # fmt: skip
FIELDS = {
    "legal_name": "姓名",
    "bank_name": "银行户名",
    "identity": "身份证号",
    "bank": "开户行",
    "account": "银行账号",
}
TITLE_ROW, HOW_TO_ROW, HEADER_ROW = 0, 1, 2
# Columns in characters; what is longer is wrapped.
NARROWEST, WIDEST = 6, 24

NEW = "新登记，尚未发放"
GONE = "请核实是否离岗；系统不作处理"
MADE = "导入时已同意，已登记"
NEEDS_CONSENT = "待确认"
NEEDS_REASON = "待确认：补助已发出，须逐人确认并说明理由"
NEEDS_OTHER = "待确认：账号现属另一人，其补助已发出，须一并确认"
SENT_BACK = "该行已退回，未登记"


class ChangeLine(Record):
    """A line of the workbook; ``old`` and ``new`` are empty where no field is spoken of."""

    kind: str
    payee: PayeeId
    name: str
    town: str
    role: str
    state: str
    field: str
    old: str
    new: str
    place: str
    treatment: str


def change_lines(
    later: LaterRoster, registration: Registration, states: Mapping[PayeeId, State]
) -> list[ChangeLine]:
    """What a roster changes, decided or not; ``states`` are by payee id, due if none.

    The same when the roster comes again, as long as nothing of it was decided.
    """
    return [
        *(_of_row("新增", row, treatment=NEW) for row in later.new),
        *(_of_payee("减少", payee, states, treatment=GONE) for payee in later.gone),
        *_changes(later, registration, states),
        *_moved(later, states),
        *(
            _of_row(
                "共用账号", row, field="银行账号", new=row.account, treatment=SENT_BACK,
                old=f"已属 {problem.parameters['payee']}" if problem.variant != "roster" else "",
            )
            for problem, row in later.shared
        ),
    ]  # fmt: skip


def _changes(
    later: LaterRoster, registration: Registration, states: Mapping[PayeeId, State]
) -> Iterable[ChangeLine]:
    """What money goes by: what was changed with consent, of a whole roster, and what waits for it;
    a correction of a few is what somebody has asked for.
    """
    changes = [
        *((change, MADE) for change in registration.changed if later.is_later),
        *((change, _wait_of(change)) for change in registration.held),
    ]
    for change, treatment in changes:
        for field, (old, new) in change.changes.items():
            if field in FIELDS:
                yield _of_payee(
                    "变更", change.payee, states, field=FIELDS[field], old=old, new=new,
                    place=change.source.place, treatment=treatment,
                )  # fmt: skip


def _wait_of(change: PersonChange) -> str:
    if change.with_other:
        return NEEDS_OTHER
    return NEEDS_REASON if change.money_out else NEEDS_CONSENT


def _moved(later: LaterRoster, states: Mapping[PayeeId, State]) -> Iterable[ChangeLine]:
    for payee, row in later.moved:
        old = f"{payee.role} {payee.block or payee.area}"
        new = f"{row.role} {row.block or row.area}"
        yield _of_payee(
            "调岗", payee, states, field="岗位", old=old, new=new, place=row.place,
            treatment=SENT_BACK,
        )  # fmt: skip


def _of_row(
    kind: str, row: RosterRow, *, treatment: str, field: str = "", old: str = "", new: str = ""
) -> ChangeLine:
    return ChangeLine(
        kind, row.payee_id, row.name, vocabulary().programme.town_name(row.town), row.role,
        "", field, old, new, row.place, treatment,
    )  # fmt: skip


def _of_payee(
    kind: str,
    payee: Payee,
    states: Mapping[PayeeId, State],
    *,
    treatment: str,
    field: str = "",
    old: str = "",
    new: str = "",
    place: str = "",
) -> ChangeLine:
    state = states.get(payee.payee_id, State.DUE)
    return ChangeLine(
        kind, payee.payee_id, payee.legal_name, vocabulary().programme.town_name(payee.town),
        payee.role, state.chinese, field, old, new, place, treatment,
    )  # fmt: skip


def write_change_workbook(target: Target, roster: str, lines: Sequence[ChangeLine]) -> None:
    """Write the lines of the file ``roster``. The same arguments give the same bytes.

    Raises OSError when the file cannot be written.
    """
    with workbook_file(target) as workbook:
        page = workbook.add_worksheet(SHEET)
        plain = {"font_name": "宋体", "font_size": 11}
        cell = plain | {"num_format": "@", "border": 1, "valign": "vcenter", "text_wrap": True}
        text = workbook.add_format(cell)
        changed = workbook.add_format(cell | {"bg_color": "#FFEB9C"})
        heading = workbook.add_format(
            cell | {"bold": True, "align": "center", "bg_color": "#D9E1F2"}
        )
        title = workbook.add_format(plain | {"font_size": 16, "bold": True})
        how_to = workbook.add_format(plain | {"font_color": "#C00000"})
        page.write_string(TITLE_ROW, 0, f"{roster} 名册变更 {len(lines)} 项", title)
        office = vocabulary().programme.words.office
        page.write_string(HOW_TO_ROW, 0, HOW_TO.format(office=office), how_to)
        rows = [_texts(number, line) for number, line in enumerate(lines, 1)]
        widths = _widths([HEADINGS, *rows])
        for place, name in enumerate(HEADINGS):
            page.write_string(HEADER_ROW, place, name, heading)
            page.set_column(place, place, widths[place])
        for place_down, texts in enumerate(rows, HEADER_ROW + 1):
            page.set_row(place_down, row_height(texts, widths))
            for place, value in enumerate(texts):
                is_new = HEADINGS[place] == "名册为" and value
                page.write_string(place_down, place, value, changed if is_new else text)
        page.set_row(TITLE_ROW, 28)
        page.freeze_panes(HEADER_ROW + 1, 4)
        print_as_list(page, HEADER_ROW)


def _texts(number: int, line: ChangeLine) -> tuple[str, ...]:
    return (
        str(number), line.kind, line.payee, line.name, line.town, line.role, line.state,
        line.field, line.old, line.new, line.place, line.treatment, "", "",
    )  # fmt: skip


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """Of the columns, in characters; there is room to write in the empty ones."""
    widths = column_widths(lines, narrowest=NARROWEST, widest=WIDEST)
    return [*widths[:-2], 16, 10]
