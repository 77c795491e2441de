"""What was changed of a person's record, in words and masked: for answers and pages."""

from __future__ import annotations

from ledger.base.language import gettext
from ledger.base.language import in_chinese
from ledger.base.language import mark
from ledger.base.masks import mask_field
from ledger.registry.change_log import NO
from ledger.registry.change_log import WITHDRAWN
from ledger.registry.change_log import YES
from ledger.registry.record_fields import field_name

ACTIVE = {YES: mark("on the post"), NO: mark("has left"), WITHDRAWN: mark("withdrawn")}
VERDICTS = {
    "": mark("open"),
    "confirmed": mark("confirmed"),
    "declined": mark("declined"),
    "overtaken": mark("overtaken"),
    "withdrawn": mark("withdrawn"),
}


def verdict_word(verdict: str, *, chinese: bool = False) -> str:
    """What has become of a held change."""
    return (in_chinese if chinese else gettext)(VERDICTS[verdict])


def value_words(field: str, value: str, *, chinese: bool = False) -> str:
    """A changed value as people read it, masked; a dash where there is none."""
    if field == "active":
        return (in_chinese if chinese else gettext)(ACTIVE[value])
    if field == "distinct" and " " in value:
        other, number, *_digest = value.split(" ")
        return f"{other} ({field_name(number, chinese=chinese)})"
    return mask_field(field, value) or "—"
