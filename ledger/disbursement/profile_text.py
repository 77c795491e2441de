"""A bank profile as the text of its file: the inverse of reading one."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from ledger.base.toml_edit import Value
from ledger.base.toml_edit import toml_value
from ledger.disbursement.bank_profile import NECESSARY_VALUES
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import Column
from ledger.disbursement.bank_profile import FixedCell


def profile_text(profile: BankProfile, heading: str = "") -> str:
    """The text of a profile's file, below a ``heading`` of comments."""
    blocks = [_keys(_of_file(profile))]
    if profile.file_type == "csv":
        csv = {
            "delimiter": profile.delimiter,
            "newline": profile.newline,
            "quoting": profile.quoting,
        }
        blocks.append("[csv]\n" + _keys(csv))
    if profile.bank_codes:
        codes = (f"{toml_value(w)} = {toml_value(code)}\n" for w, code in profile.bank_codes)
        blocks.append("[bank_codes]\n" + "".join(codes))
    blocks += ["[[cells]]\n" + _keys(_of_cell(cell)) for cell in profile.cells]
    blocks += ["[[columns]]\n" + _keys(dict(_of_column(one))) for one in profile.columns]
    return "\n".join(filter(None, [heading, *blocks]))


def _of_file(profile: BankProfile) -> Mapping[str, Value]:
    keys: dict[str, Value] = {
        "title": profile.title,
        "file_type": profile.file_type,
        "encoding": profile.encoding,
        "amount_unit": profile.amount_unit,
        "row_limit": profile.row_limit,
        "debit": profile.debit,
        "remark": profile.remark,
        "sheet": profile.sheet,
        "header_row": profile.header_row,
        "first_row": profile.first_row,
    }
    return keys


def _of_cell(cell: FixedCell) -> Mapping[str, Value]:
    at = f"{chr(ord('@') + cell.column)}{cell.row}"
    return {"at": at, "value": cell.value} if cell.value else {"at": at, "text": cell.text}


def _of_column(column: Column) -> Iterator[tuple[str, Value]]:
    if column.header:
        yield "header", column.header
    if column.value:
        yield "value", column.value
    if column.text:
        yield "text", column.text
    if column.kind != "text":
        yield "kind", column.kind
    if column.max_bytes is not None:
        yield "max_bytes", column.max_bytes
    if column.required and column.value not in NECESSARY_VALUES:
        yield "required", True
    if column.below_fen is not None:
        yield "below_yuan", column.below_fen // 100


def _keys(keys: Mapping[str, Value]) -> str:
    return "".join(f"{key} = {toml_value(value)}\n" for key, value in keys.items())
