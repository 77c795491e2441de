"""``payees export``: the registry as a workbook, masked unless whole numbers are asked for.

Never in the books' folder: what lies there is copied, put under Git and shown by Fava.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from ledger.base import durable
from ledger.base.language import gettext as _
from ledger.base.masks import mask_account
from ledger.base.masks import mask_identity
from ledger.base.money import yuan
from ledger.base.records import asdict
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason
from ledger.base.workbooks import Target
from ledger.base.workbooks import workbook_file
from ledger.figures.payee_listing import PayeeStatus
from ledger.model.programme import Programme
from ledger.model.transitions import State
from reports.payees.payee_tables import SHARED_COLUMNS
from reports.payees.payee_tables import by_town
from reports.payees.payee_tables import people_frame
from reports.payees.payee_tables import shared
from reports.wording.skip_reasons import waits_for

if TYPE_CHECKING:
    import xlsxwriter

SUFFIX = ".xlsx"
SHEET = "{people}名单"
# Headings as the reader of rosters knows them, and their widths in characters.
COLUMNS = (
    ("人员编号", 11), ("姓名", 12), ("银行户名", 12), ("身份证号", 21), ("岗位", 12), ("镇街", 12),
    ("{area}编码", 15), ("{area}名称", 16), ("{block}编码", 18), ("联系电话", 14), ("开户行", 24),
    ("银行账号", 23), ("在岗", 7), ("补助状态", 10), ("批次", 12), ("金额", 10), ("状态日期", 12),
    ("等待事项", 40),
)  # fmt: skip
# The other two pages.
TOWNS_SHEET, SHARED_SHEET = "各镇街人数", "相同项"
SHARED_TITLE = "账号、电话、同镇街姓名或岗位相同的人：未必有错，请核实"
TOWN_COLUMNS = (
    ("镇街", 14), ("人数", 10), ("在岗", 10), *((state.chinese, 10) for state in State),
    ("已付金额", 16),
)  # fmt: skip
SHARED_WIDTHS = tuple(zip(SHARED_COLUMNS, (12, 30, 8, 11, 12, 12, 7, 10), strict=True))
AMOUNT = next(place for place, (name, _width) in enumerate(COLUMNS) if name == "金额")
TITLE_ROW, NOTE_ROW, HEADER_ROW = 0, 1, 2
A4 = 9
MASKED = "证件号码、电话和账号已隐去部分数字"
UNMASKED = "内含完整证件号码、电话和账号：按涉密个人信息保管，用后删除，不得转发"


class NotInTheBooks(Refusal):
    """A list of people in the folder of the books."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} is in the folder of the books, where a list of people does not belong; name a"
            " file elsewhere"
        )
        super().__init__(message.format(path=path))


class NotAWorkbook(Refusal):
    """A name that does not say what the file is."""

    def __init__(self, path: Path) -> None:
        message = _("{path}: the list is a workbook; give it a name that ends in {suffix}")
        super().__init__(message.format(path=path, suffix=SUFFIX))


class ListExists(Refusal):
    """A file of that name, which is not replaced."""

    def __init__(self, path: Path) -> None:
        message = _("{path} is there already and is not replaced; name another file")
        super().__init__(message.format(path=path))


class ListRefused(Refusal):
    """The list cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        message = _("{path} cannot be written ({error}); nothing was exported")
        super().__init__(message.format(path=path, error=reason(error)))


def require_place(path: Path, books: Path) -> None:
    """Raises NotAWorkbook, NotInTheBooks or ListExists where no list is to be written."""
    if path.suffix.lower() != SUFFIX:
        raise NotAWorkbook(path)
    if path.resolve().is_relative_to(books.resolve()):  # guard: list-outside-books
        raise NotInTheBooks(path)
    if path.exists():
        raise ListExists(path)


def export_people(
    path: Path,
    unit: str,
    people: Sequence[PayeeStatus],
    on: datetime.date,
    programme: Programme,
    *,
    registered: Sequence[PayeeStatus],
    unmasked: bool,
) -> None:
    """Write the people's list as a new file, whole or not at all, readable by its owner only.

    ``registered`` are all with whom they may share something. Raises ListExists or ListRefused.
    """
    content = io.BytesIO()
    write_people(content, unit, people, on, programme, registered=registered, unmasked=unmasked)
    try:
        durable.create_file(path, content.getvalue(), mode=durable.FOR_THE_OWNER)
    except FileExistsError:
        raise ListExists(path) from None
    except OSError as error:
        raise ListRefused(path, error) from error


def write_people(
    target: Target,
    unit: str,
    people: Sequence[PayeeStatus],
    on: datetime.date,
    programme: Programme,
    *,
    registered: Sequence[PayeeStatus],
    unmasked: bool,
) -> None:
    """Write the workbook. The same arguments give the same bytes."""
    warning = UNMASKED if unmasked else MASKED
    words = asdict(programme.words)
    sheet = SHEET.format(**words)
    columns = [(name.format(**words), width) for name, width in COLUMNS]
    with workbook_file(target, title=sheet, author=unit) as workbook:
        lists = _Lists(workbook, f"截至 {on.isoformat()}。{warning}。")
        page = lists.page(sheet, f"{unit} {sheet} {len(people)} 人", columns, len(people))
        for line, person in enumerate(people, HEADER_ROW + 1):
            for place, value in enumerate(_texts(person, programme, unmasked=unmasked)):
                page.write_string(line, place, value, lists.text)
            if person.standing:
                amount = float(yuan(person.standing.amount_fen))
                page.write_number(line, AMOUNT, amount, lists.money)
        towns = by_town(people_frame(people, programme), programme)
        page = lists.page(TOWNS_SHEET, f"{unit} 各镇街人数", TOWN_COLUMNS, len(towns))
        for line, (town, *counts, paid_fen) in enumerate(towns.itertuples(), HEADER_ROW + 1):
            page.write_string(line, 0, str(town), lists.text)
            for place, count in enumerate(counts, 1):
                page.write_number(line, place, int(count), lists.count)
            page.write_number(line, len(counts) + 1, float(yuan(int(paid_fen))), lists.money)
        exported = {person.payee.payee_id for person in people}
        several = shared(people_frame(registered, programme), exported, unmasked=unmasked)
        page = lists.page(SHARED_SHEET, SHARED_TITLE, SHARED_WIDTHS, len(several))
        for line, values in enumerate(several.itertuples(index=False), HEADER_ROW + 1):
            for place, value in enumerate(values):
                page.write_string(line, place, str(value), lists.text)


class _Lists:
    """The pages of the workbook, which look alike; ``note`` stands on each."""

    def __init__(self, workbook: xlsxwriter.Workbook, note: str) -> None:
        self.workbook = workbook
        self.note = note
        plain = {"font_name": "宋体", "font_size": 11}
        cell = plain | {"num_format": "@", "border": 1, "valign": "vcenter"}
        self.text = workbook.add_format(cell)
        self.count = workbook.add_format(cell | {"num_format": "#,##0"})
        self.money = workbook.add_format(cell | {"num_format": "#,##0.00"})
        self.heading = workbook.add_format(
            cell | {"bold": True, "align": "center", "bg_color": "#D9E1F2"}
        )
        self.title = workbook.add_format(plain | {"font_size": 16, "bold": True})
        self.red = workbook.add_format(plain | {"font_color": "#C00000"})

    def page(self, name: str, title: str, columns: Sequence[tuple[str, int]], rows: int) -> Any:
        """A page with its headings, and room for so many rows below them."""
        page = self.workbook.add_worksheet(name)
        page.write_string(TITLE_ROW, 0, title, self.title)
        page.write_string(NOTE_ROW, 0, self.note, self.red)
        for place, (heading, width) in enumerate(columns):
            page.write_string(HEADER_ROW, place, heading, self.heading)
            page.set_column(place, place, width)
        page.set_row(TITLE_ROW, 28)
        page.freeze_panes(HEADER_ROW + 1, 2)
        page.autofilter(HEADER_ROW, 0, HEADER_ROW + rows, len(columns) - 1)
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.5)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADER_ROW)
        page.set_footer("&C第 &P 页 共 &N 页")
        return page


def _texts(person: PayeeStatus, programme: Programme, *, unmasked: bool) -> list[str]:
    payee, standing = person.payee, person.standing
    numbers = (payee.identity, payee.phone, payee.account)
    if not unmasked:
        phone = mask_account(payee.phone) if payee.phone else ""
        numbers = (mask_identity(payee.identity), phone, mask_account(payee.account))
    identity, phone, account = numbers
    return [
        payee.payee_id, payee.legal_name, payee.bank_name, identity, payee.role,
        programme.town_name(payee.town), payee.area, payee.area_name, payee.block, phone,
        payee.bank, account, "是" if payee.active else "否", person.state.chinese,
        standing.batch if standing else "", "", person.since.isoformat() if person.since else "",
        waits_for(person.waits, person.reason_class, chinese=True) if person.waits else "",
    ]  # fmt: skip
