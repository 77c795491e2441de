"""What needs attention, on top of each page: the leaders' matters, and errors of the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ledger.budget.approvals import rules_in_yuan
from ledger.web.links import ERRORS
from ledger.web.views import View
from reports.wording.open_matters import open_matter_items


class Matter(NamedTuple):
    """Something that needs attention, and the address of the page about it."""

    title: str
    detail: str
    link: str


def matters(view: View, errors: int, here: Callable[..., str]) -> list[Matter]:
    """Errors of the books first: with them every figure may be wrong. Then approval rules that
    were changed, until a batch is approved by them.

    ``here`` makes the address of a page of ours.
    """
    found = []
    if errors:
        found.append(
            Matter(
                f"账簿有 {errors} 处错误",
                "数字可能不准；改正之前不能发放。逐条见“错误”页。",
                ERRORS,
            )
        )
    if before := view.status.rules_before:
        said = f"以前各批要求的是 {rules_in_yuan(before)}；按现在的规则审批过一批以后不再提示。"
        found.append(Matter("审批规则改过", said, here("/disbursement")))
    for item in open_matter_items(view.open_matters, view.status):
        path, query = _page_about(item.title)
        found.append(Matter(item.title, item.detail, here(path, **query)))
    return found


# The page that is about a matter, and what it is asked, by how the matter's title begins.
_PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "预算资金未到位": ("/budget", {}),
    "科目超预算": ("/budget", {}),
    "补助资金缺口": ("/budget", {}),
    "可以发放": ("/disbursement/plan", {}),
    "银行退回待重发": ("/people", {"state": "returned"}),
    "银行答复不明": ("/people", {"state": "unknown"}),
    "暂缓发放": ("/people", {"state": "blocked"}),
    "待核款项": ("/bank", {}),
    "代发在途不平": ("/bank", {}),
}


def _page_about(title: str) -> tuple[str, dict[str, str]]:
    found = (page for beginning, page in _PAGES.items() if title.startswith(beginning))
    return next(found, ("/disbursement", {}))
