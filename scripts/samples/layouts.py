"""What makes one town's roster unlike another's, as data.

A layout's columns are written as ``group:heading`` or ``heading``, separated by spaces; each
heading is one of the words by which clerks name a field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from samples.county import SUPERVISOR

# The field behind each heading, without the blanks that clerks put inside.
FIELD_OF_HEADING = {
    heading: field
    for field, headings in {
        "number": "序号 编号",
        "name": "姓名 普查员姓名",
        "sex": "性别",
        "age": "年龄",
        "identity": "身份证号 身份证号码 公民身份号码",
        "role": "岗位 人员类别 职务 两员类别",
        "town": "乡镇 街道 镇街",
        "area_name": "普查区 普查区名称 村居",
        "area": "普查区编码 普查区代码",
        "block": "普查小区 普查小区编码 小区编码 小区代码",
        "phone": "联系电话 手机号 联系方式",
        "bank": "开户行 开户银行 开户行名称",
        "account": "银行卡号 账号 卡号 银行账号",
        "bank_name": "银行户名",
        "amount": "补助金额 金额(元)",
        "note": "备注",
    }.items()
    for heading in headings.split()
}


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    heading: str
    group: str


@dataclass(frozen=True)
class Layout:
    """One town's way of writing its roster.

    ``stem`` and ``suffix`` make the file's name; ``encoding`` is for ``.csv`` only.
    ``preamble`` are the lines above the headings, the first that is not empty being the title.
    ``sheets`` names one sheet for everyone, or one for enumerators and one for supervisors.
    ``hidden_sheet`` holds people of an earlier list. ``town_word`` is what the town's column says
    and ``code`` what area and block codes begin with, where they are not the town's present ones.
    ``short_blocks``: blocks are given by their last three digits. ``habits``: how the clerk types,
    see :mod:`samples.typing_habits`. ``supervisors_last``: else each stands before her
    enumerators. ``blank_every``: an empty row after so many people, 0 for none.
    """

    stem: str
    columns: str
    suffix: str = ".xlsx"
    encoding: str = ""
    preamble: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ("Sheet1",)
    empty_sheets: tuple[str, ...] = ()
    hidden_sheet: str = ""
    supervisor_word: str = SUPERVISOR
    town_word: str = ""
    code: str = ""
    short_blocks: bool = False
    supervisors_last: bool = False
    blank_every: int = 0
    total: bool = False
    footer: tuple[str, ...] = ()
    habits: frozenset[str] = frozenset()

    @cached_property
    def parsed_columns(self) -> tuple[Column, ...]:
        """The columns from left to right. Raises KeyError for a heading nobody knows."""
        parsed = []
        for word in self.columns.split(" "):
            group, _, heading = word.rpartition(":")
            field = FIELD_OF_HEADING[heading.replace("\u3000", "").replace("\n", "")]
            parsed.append(Column(field, heading, group))
        return tuple(parsed)

    def heading_of(self, field: str) -> str:
        """The heading of a field's column. Raises KeyError when the roster has none."""
        return {column.field: column.heading for column in self.parsed_columns}[field]
