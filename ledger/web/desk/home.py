"""The page 首页: what waits, each one click from being done, and where the year stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from ledger.base.money import grouped
from ledger.books.books import Books
from ledger.figures.month import NothingEntered
from ledger.figures.month import entered
from ledger.model.months import Month
from ledger.model.months import month_of
from ledger.services.custody import custody
from ledger.web.attention import Matter
from ledger.web.attention import matters
from ledger.web.cumulative_chart import cumulative_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.front import here
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import Route
from ledger.web.views import View

TO_APPROVE = "待审批的批次"


class Figure(NamedTuple):
    """A figure of the day, and the page that has more."""

    name: str
    text: str
    link: str


def show(desk: Desk) -> str:
    view = desk.view()
    found = matters(view, desk.books.errors, here)
    return desk.render(
        "home.html",
        view=view,
        on=view.on,
        # Each batch that waits has a line of its own.
        waiting=[
            *(one for one in found if not one.title.startswith(TO_APPROVE)),
            *_tasks(desk, view),
        ],
        figures=list(_figures(view)),
        course=view.once("course", lambda: cumulative_of(view)),
    )


def _tasks(desk: Desk, view: View) -> Iterator[Matter]:
    """What waits for somebody of the office, whatever day is looked at."""
    books = view.whole
    for batch in books.history.batches.values():
        if not batch.is_here:
            continue
        what = f"{len(batch.amounts_fen):,} 人、{grouped(batch.amount_fen)} 元"
        link = here(f"/disbursement/{batch.id}")
        if batch.approvals_missing:
            missing = "、".join(batch.approvals_missing)
            yield Matter(f"批次 {batch.id} 等待审批：{what}", f"还要办理：{missing}。", link)
        else:
            detail = "把银行文件交给银行，然后记下来。"
            yield Matter(f"批次 {batch.id} 可以交银行：{what}", detail, link)
    with desk.place.registry() as registry:
        held = len(registry.held.open())
    if held:
        detail = "姓名、证件号、开户行或账号与登记的不同，须确认或不予采纳。"
        yield Matter(f"待确认的人员变更：{held:,} 项", detail, here("/people"))
    month = _month_to_close(books, desk.today())
    if month is not None:
        detail = "对账单已到月末：说明用途不明的款项后结账，月报随之定稿。"
        yield Matter(f"可以结账：{month.chinese}", detail, f"/reports/months/{month}")
    kept = custody(books, desk.place.registry_key())
    if kept.without_passphrase:
        detail = "能用本机的人都可以用他们的名义签字：请设口令。"
        yield Matter(
            f"操作员 {'、'.join(kept.without_passphrase)} 没有口令", detail, "/settings/operators"
        )
    if kept.missing_batch is not None:
        yield Matter(f"批次 {kept.missing_batch} 还没有备份", "请备份到另一块盘上。", "/settings")


def _month_to_close(books: Books, today: datetime.date) -> Month | None:
    """The next month to close, if it is over and the bank's statements reach its end."""
    try:
        first, _last = entered(books)
    except NothingEntered:
        return None
    closed = books.history.closed
    month = closed[-1].month.next() if closed else month_of(first)
    stated = max((line.date for line in books.history.lines.values()), default=None)
    if stated is None or stated < month.last or today <= month.last:
        return None
    return month


def _figures(view: View) -> Iterator[Figure]:
    said, people = view.status, view.status.payees
    yield Figure("全年预算", f"{grouped(said.budget.total_fen)} 元", here("/budget"))
    yield Figure("到位资金", f"{grouped(said.budget.received_fen)} 元", here("/budget"))
    yield Figure("已支付", f"{grouped(said.budget.paid_fen)} 元", here("/budget"))
    yield Figure("银行存款", f"{grouped(said.cash.bank_fen)} 元", here("/bank"))
    yield Figure("还可动用", f"{grouped(said.cash.available_fen)} 元", here("/bank"))
    for name, count, state in (
        ("在册", people.registered, ""),
        ("已发", people.paid, "paid"),
        ("代发中", people.in_bank, "in_bank"),
        ("退回", people.returned, "returned"),
        ("待查", people.unknown, "unknown"),
        ("待发", people.due, "due"),
    ):
        yield Figure(name, f"{count:,} 人", here("/people", state=state))


ROUTES = (Route(GET, "/", show),)
