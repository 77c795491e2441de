"""What needs attention, on top of each page: the leaders' matters, and errors of the books."""

from __future__ import annotations

from typing import NamedTuple

from reports.desk.links import UrlFor
from reports.desk.view import View
from reports.wording.open_matters import decision_items


class Matter(NamedTuple):
    """Something that needs attention, and the address of the page about it."""

    title: str
    detail: str
    link: str


def matters(view: View, errors: int, url_for: UrlFor) -> list[Matter]:
    """Errors of the books first: with them every figure may be wrong."""
    found = []
    if errors:
        found.append(
            Matter(
                f"账簿有 {errors} 处错误",
                "数字可能不准；改正之前不能发放。逐条见“错误”页。",
                url_for("report", report_name="errors"),
            )
        )
    for item in decision_items(view.decisions, view.status):
        found.append(Matter(item.title, item.detail, _page_about(item.title, url_for)))
    return found


def _page_about(title: str, url_for: UrlFor) -> str:
    budget = ("预算资金未到位", "预算使用超过", "补助资金缺口")
    name = "BudgetPage" if title.startswith(budget) else "DisbursementPage"
    return url_for("extension_report", extension_name=name)
