"""Correction sheets: after a result, a workbook for each town of its people who came back.

It is a roster with the office's own ids, so that the corrected file is imported like any other;
each row says why the payment came back and what to correct.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from importers.corrections.workbook_layout import column_widths
from importers.corrections.workbook_layout import keep_beside
from importers.corrections.workbook_layout import row_height
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason
from ledger.base.workbooks import Target
from ledger.base.workbooks import print_as_list
from ledger.base.workbooks import workbook_file
from ledger.books.books import Books
from ledger.model.history import Batch
from ledger.model.history import Return
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.payees import Payee
from ledger.model.programme import Programme
from ledger.model.return_reasons import FILE_REFUSED
from ledger.model.return_reasons import OTHER
from ledger.model.return_reasons import return_reason
from ledger.model.transitions import State
from ledger.payments.eligibility import is_corrected
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry

FOLDER = "退回更正"
HOW_TO = (
    "以下人员的补助被银行退回。请核对标红的单元格并改正（办法见最后一列），改好后把本文件原样发回；"
    "不要改动人员编号和表头，不要增加或删除列。"
)
# Headings as the reader of rosters knows them, and the payee's field; the last three are ours.
COLUMNS = (
    ("人员编号", "payee_id"),
    ("镇街", ""),
    ("岗位", "role"),
    ("姓名", "legal_name"),
    ("银行户名", "bank_name"),
    ("身份证号", "identity"),
    ("{area}编码", "area"),
    ("{area}名称", "area_name"),
    ("{block}编码", "block"),
    ("联系电话", "phone"),
    ("开户行", "bank"),
    ("银行账号", "account"),
    ("退回批次", ""),
    ("退回原因", ""),
    ("改正办法", ""),
)
# What the town can do where the office has to ask the bank, or to release.
ASKED_BY_OFFICE = (
    "退回原因由{office}向银行查问；卡有变动的，请填写本人现在的账号、户名和开户行；"
    "没有变动的，请告知{office}"
)
DONE_BY_OFFICE = "由{office}处理，镇街不用改"
REMEDIES = {
    "RETURNED_LATER": ASKED_BY_OFFICE, OTHER: ASKED_BY_OFFICE, "INSUFFICIENT": DONE_BY_OFFICE,
    FILE_REFUSED: DONE_BY_OFFICE,
}  # fmt: skip
TITLE_ROW, HOW_TO_ROW, HEADER_ROW = 0, 1, 2
# Columns in characters; what is longer is wrapped, so that a printed sheet can be read.
NARROWEST, WIDEST = 6, 16


class CorrectionSheetsRefused(Refusal):
    """The result is entered; only the sheets for the towns cannot be written."""

    def __init__(self, folder: Path, error: OSError) -> None:
        message = _(
            "the result is entered, but the correction sheets cannot be written to {folder}"
            " ({error}); import the file again from a folder of your own, and they are made"
        )
        super().__init__(message.format(folder=folder, error=reason(error)))


def write_correction_sheets(
    folder: Path,
    books: Books,
    registry: Registry,
    batch: Batch,
    fresh: Collection[PayeeId],
    repeated: Collection[PayeeId],
) -> dict[Path, frozenset[PayeeId]]:
    """Make a workbook for each town with people who have still to be corrected, and say who is on
    it.

    They lie in the folder 退回更正 below ``folder``. ``fresh`` are the payees who came back just
    now; those of ``repeated`` came back before, and are listed only where their town has no sheet
    of the batch. Raises CorrectionSheetsRefused.
    """
    by_town: dict[TownCode, list[tuple[Payee, Return]]] = {}
    for payee, returned in returned_people(books, registry, batch):
        if payee.payee_id in fresh or payee.payee_id in repeated:
            by_town.setdefault(payee.town, []).append((payee, returned))
    listed = {}
    for code, people in sorted(by_town.items()):
        town = books.programme.town_name(code)
        stem = f"{batch.id}-退回更正-{books.components.get(code, code)}"
        if (folder / FOLDER / f"{stem}.xlsx").exists():
            people = [(payee, returned) for payee, returned in people if payee.payee_id in fresh]
        if not people:
            continue

        def write(content: Target, town: str = town, people: Any = people) -> None:
            _write(content, town, people, books.programme)

        try:
            path = keep_beside(folder / FOLDER, stem, write)
        except OSError as error:
            raise CorrectionSheetsRefused(folder / FOLDER, error) from error
        listed[path] = frozenset(payee.payee_id for payee, _returned in people)
    return listed


def returned_people(books: Books, registry: Registry, batch: Batch) -> list[tuple[Payee, Return]]:
    """Who of the batch waits for a correction: returned, neither corrected since nor released.

    Somebody whom the bank calls both paid and returned is a matter for the bank, not the town; to
    who has left nothing is paid again.
    """
    standings = books.history.standings_in(batch.stage)
    releases = books.history.releases_in(batch.stage)
    returned = {
        payee: standing.returned
        for payee in batch.amounts_fen
        if (standing := standings[payee]).state == State.RETURNED
        and standing.returned is not None
        and standing.returned.batch == batch.id
        and not standing.returned.disputed
        and payee not in releases
    }
    if not returned:
        return []
    sent = {row.payee_id: row for row in rows_of_batch(registry, batch)}
    return [
        (payee, back)
        for payee in registry.payees()
        if payee.active
        and (back := returned.get(payee.payee_id))
        and not _corrected(payee, sent, back)
    ]


def _corrected(payee: Payee, sent: Mapping[PayeeId, Instruction], returned: Return) -> bool:
    return is_corrected(payee, sent[payee.payee_id], returned.reason_class)


def _write(
    target: Target, town: str, people: Sequence[tuple[Payee, Return]], programme: Programme
) -> None:
    columns = _columns(programme)
    with workbook_file(target) as workbook:
        page = workbook.add_worksheet("退回更正")
        plain = {"font_name": "宋体", "font_size": 11}
        cell = plain | {"num_format": "@", "border": 1, "valign": "vcenter", "text_wrap": True}
        unused = workbook.add_format(plain | {"num_format": "@"})
        text = workbook.add_format(cell)
        wrong = workbook.add_format(cell | {"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        heading = workbook.add_format(
            cell | {"bold": True, "align": "center", "bg_color": "#D9E1F2"}
        )
        title = workbook.add_format(plain | {"font_size": 16, "bold": True})
        how_to = workbook.add_format(plain | {"font_color": "#C00000"})
        headline = f"{town}{programme.payment} 银行退回更正 {len(people)} 人"
        page.write_string(TITLE_ROW, 0, headline, title)
        page.write_string(HOW_TO_ROW, 0, HOW_TO, how_to)
        rows = [_texts(town, payee, returned, programme) for payee, returned in people]
        widths = column_widths(
            [[name for name, _field in columns], *rows], narrowest=NARROWEST, widest=WIDEST
        )
        for place, (name, _field) in enumerate(columns):
            page.write_string(HEADER_ROW, place, name, heading)
            page.set_column(place, place, widths[place], unused)
        for line, ((_payee, returned), texts) in enumerate(
            zip(people, rows, strict=True), HEADER_ROW + 1
        ):
            fields = return_reason(returned.reason_class).fields
            page.set_row(line, row_height(texts, widths))
            for place, (_name, field) in enumerate(columns):
                page.write_string(line, place, texts[place], wrong if field in fields else text)
        page.set_row(TITLE_ROW, 28)
        page.freeze_panes(HEADER_ROW + 1, 4)
        print_as_list(page, HEADER_ROW)


def _columns(programme: Programme) -> list[tuple[str, str]]:
    """The headings in the programme's words, and the payee's fields."""
    area, block = programme.words.area, programme.words.block
    return [(name.format(area=area, block=block), field) for name, field in COLUMNS]


def _texts(town: str, payee: Payee, returned: Return, programme: Programme) -> list[str]:
    why = return_reason(returned.reason_class)
    by_office = REMEDIES.get(why.code, "").format(office=programme.words.office)
    remedy = by_office or why.remedy_text(chinese=True)
    own = {
        "镇街": town,
        "退回批次": returned.batch,
        "退回原因": f"{why.meaning_text(chinese=True)}（银行：{returned.text}）",
        "改正办法": remedy,
    }
    return [own.get(name) or str(getattr(payee, field, "")) for name, field in _columns(programme)]
