"""The demonstration's year by clicking alone: three operators, each in a browser, at one server."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page

from importers.corrections.workbook_layout import keep_beside
from ledger.model.months import read_month
from ledger.model.return_reasons import return_reason
from ledger.web.server import whole_application
from tests.support.browser import Served
from tests.support.browser import Window
from tests.support.browser import answering
from tests.support.demonstrated_year import APPROVER
from tests.support.demonstrated_year import CHECKER
from tests.support.demonstrated_year import COLLEAGUES
from tests.support.demonstrated_year import FIRST_DAY
from tests.support.demonstrated_year import MAKER
from tests.support.demonstrated_year import PASSPHRASE
from tests.support.demonstrated_year import Asked
from tests.support.demonstrated_year import Stopped
from tests.support.demonstrated_year import Year

LAPTOP = {"width": 1360, "height": 900}
HERE = datetime.timezone(datetime.timedelta(hours=8))
PATIENCE_MS = 120_000
# Where what goes back to the towns is kept, as commands write it beside the files that came in.
GOES_BACK = {"rosters": "待改", "results": "退回更正"}


class AtDesk(Year):
    """Each step on the pages of the desk; the day is the demonstration's."""

    def __init__(self, folder: Path, people: int, browser: Browser) -> None:
        super().__init__(folder, people)
        self.browser = browser
        self.day = datetime.date.fromisoformat(FIRST_DAY)
        self.windows: dict[str, Window] = {}
        self.server: Served | None = None
        self.logged_in: dict[str, datetime.date] = {}
        self.until_the_end = ExitStack()

    def clock(self) -> datetime.datetime:
        return datetime.datetime.combine(self.day, datetime.time(9), HERE)

    def tell(self) -> AtDesk:
        with ExitStack() as self.until_the_end:
            super().tell()
            for window in self.windows.values():
                window.close()
        assert [error for window in self.windows.values() for error in window.errors] == []
        return self

    def begin(self) -> None:
        application = whole_application(self.books, key_file=self.key, clock=self.clock)
        self.server = self.until_the_end.enter_context(answering(application, self.books))

    def looked_at(self, name: str, page: Page) -> None:
        """A page at a moment that is worth a picture."""

    def steps(self) -> Mapping[str, Callable[[Asked], Any]]:
        return {
            "import": self._import,
            "disburse": self._disburse,
            "batch submit": self._submit,
            "payees list": self._look_who_waits,
            "payees release": self._release,
            "explain": self._explain,
            "status": self._look,
            "report batch": self._report_batch,
            "report reconciliation": self._reconcile,
            "report month": self._months,
            "month close": self._close,
            "check": self._look,
        }

    # Who is where.

    def at(self, operator: str, path: str) -> Page:
        """A page in the operator's browser, who logs in when the day has changed."""
        assert self.server is not None
        if operator not in self.windows:
            window = Window(self.browser, self.server, viewport=LAPTOP, accept_downloads=True)
            self.windows[operator] = window.enter()
            window.page.set_default_timeout(PATIENCE_MS)
        window = self.windows[operator]
        if self.logged_in.get(operator) == self.day:
            page = window.open(path)
        else:
            self.logged_in[operator] = self.day
            page = window.open(f"/login?to={path}")
            page.get_by_label("操作员").select_option(operator)
            page.get_by_label("口令").fill("" if operator == MAKER else PASSPHRASE)
            self.looked_at("login", page)
            self.send(page.locator("#login"), "登录", said=None)
        return page

    def on(self, asked: Asked) -> None:
        """The step's own day is today."""
        if "--date" in asked.options:
            self.day = datetime.date.fromisoformat(asked.options["--date"])

    def send(self, form: Locator, button: str, *, said: str | None = "") -> str:
        """Press a form's button; what the next page says was done.

        Raises Stopped where it says nothing of the kind, which ``said`` is a part of.
        """
        page = form.page
        with page.expect_navigation():
            form.get_by_role("button", name=button).click()
        if said is None:
            return ""
        done = " ".join(page.locator(".done").all_inner_texts())
        if not done or said not in done:
            raise Stopped(f"{button}: {done} {page.locator('.refusal').all_inner_texts()}")
        return done

    # What is set up.

    def stated(self, until: datetime.date) -> None:
        self.day = max(self.day, until)

    def add_colleagues(self) -> None:
        for operator, (name, roles) in COLLEAGUES.items():
            page = self.at(MAKER, "/settings/operators")
            form = page.locator("#add")
            form.get_by_label("姓名").fill(name)
            for field in ("口令", "再输入一次"):
                form.get_by_label(field).fill(PASSPHRASE)
            for role in roles:
                form.get_by_label(role).check()
            self.send(form, "增加", said=operator)
        self.looked_at("operators", page)

    def add_budget(self, account: str, yuan: str, day: str) -> None:
        page = self.at(MAKER, "/settings/budget")
        form = page.locator("#choice")
        form.get_by_label("事项").select_option("supplement")
        form.get_by_label("生效日期").fill(day)
        _kind, _top, fund, line = account.split(":")
        rows = form.locator("tbody tr").filter(has_text=line.lstrip("0123456789"))
        row = rows.filter(has_text=fund.lstrip("0123456789"))
        row.locator("input").fill(yuan)
        self.send(form, "看看写成什么", said=None)
        self.looked_at("rules", page)
        self.send(page.locator("#rules"), "写入")

    # What comes in.

    def _import(self, asked: Asked) -> None:
        self.on(asked)
        rooms = {path.parent.name for path in asked.files}
        page = self.at(APPROVER if rooms == {"results"} else MAKER, "/inbox")
        page.get_by_label("文件", exact=True).set_input_files(list(asked.files))
        self.send(page.locator("#drop"), "放入")
        if "--yes" in asked.options:
            page.get_by_text("怎样收：").click()
            form = page.locator("#choose")
            form.get_by_label("同意变更姓名、证件号、开户行和账号").check()
            self.send(form, "按此预览", said=None)
        self.looked_at("inbox", page)
        count = len(asked.files)
        self.send(page.locator("#take"), "全部收下", said=f"收下 {count} 个文件，没有收下 0 个")
        self._keep_what_goes_back(page, asked.files[0].parent)
        if rooms == {"statements"}:
            self._explain_what_is_known()

    def _keep_what_goes_back(self, page: Page, beside: Path) -> None:
        """One by its link, several together. What was downloaded before is not replaced."""
        folder = beside / GOES_BACK.get(beside.name, "待改")
        links = page.locator("a[href^='/inbox/returned']")
        if not links.count():
            return
        with page.expect_download() as download:
            links.first.click()
        name, path = download.value.suggested_filename, download.value.path()
        for each, content in files_of(name, path.read_bytes()).items():
            keep_beside(folder, Path(each).stem, partial(_copy, content))

    def _explain_what_is_known(self) -> None:
        """Each kind of spending once, and from then on by a rule."""
        told: set[str] = set()
        for line in self.unexplained():
            word = self.word_in(line["text"])
            if not word:
                continue
            self._explain_line(line["line"], self.spending[word])
            if word not in told:
                self._always(line["line"], word, self.spending[word])
            told.add(word)

    def _always(self, line: str, word: str, account: str) -> None:
        page = self.at(MAKER, f"/bank/{line}/rule")
        form = page.locator("#choice")
        form.get_by_label("对方户名含有").fill("")
        form.get_by_label("摘要含有").fill(word)
        form.get_by_label("记到科目").select_option(account)
        self.send(form, "预览规则", said=None)
        self.looked_at("rule", page)
        self.send(page.locator("#rule"), "写入规则", said="以后这样的款项")

    def _explain(self, asked: Asked) -> None:
        self.on(asked)
        _explain, line, target = asked.words
        page = self.at(MAKER, "/bank")
        self.looked_at("lines", page)
        fund, number = target.split(":")
        self._explain_line(
            line, f":{fund}:{number}", asked.options["--note"], asked.options["--date"]
        )

    def _explain_line(self, line: str, account: str, note: str = "", on: str = "") -> None:
        page = self.at(MAKER, f"/bank/{line}")
        form = page.locator("#choice")
        choice = form.get_by_label("记到哪个科目或批次")
        values: list[str] = choice.locator("option").evaluate_all(
            "all => all.map(one => one.value)"
        )
        (value,) = [value for value in values if account in value]
        choice.select_option(value)
        if on:
            form.get_by_label("记账日期").fill(on)
        self.send(form, "预览分录", said=None)
        page.locator("#explain").get_by_label("依据").fill(note)
        if note:
            self.looked_at("explain", page)
        self.send(page.locator("#explain"), "记入", said="已说明")

    # What is paid.

    def _disburse(self, asked: Asked) -> int:
        self.on(asked)
        page = self.at(MAKER, "/disbursement")
        with page.expect_navigation():
            page.get_by_role("link", name="编制新批次").click()
        if "--limit-to-funds" in asked.options:
            with page.expect_navigation():
                page.get_by_label("钱不够发给全部人时").check()
        if page.locator("#plan").count() == 0:
            self.said = " ".join(page.locator(".refusal").all_inner_texts())
            return 1
        self.looked_at("plan", page)
        self.send(page.locator("#plan"), "编制这一批次", said="已编制")
        return 0

    def _submit(self, asked: Asked) -> None:
        self.on(asked)
        batch = asked.words[-1]
        for operator in (CHECKER, APPROVER):
            page = self.at(operator, "/")
            page.get_by_role("link", name=f"批次 {batch} 等待审批").click()
            page.locator("#approve").wait_for()
            self.looked_at("batch", page)
            self.send(page.locator("#approve"), "同意")
        self.looked_at("submit", page)
        self.send(page.locator("#submit"), "已交银行", said="交给银行")

    def _look_who_waits(self, asked: Asked) -> None:
        self.on(asked)
        page = self.at(MAKER, "/disbursement")
        self.looked_at("disbursement", page)

    def _release(self, asked: Asked) -> None:
        self.on(asked)
        page = self.at(MAKER, "/disbursement")
        people = set(asked.words[2:])
        if "--batch" in asked.options:
            filters = page.locator(".filter")
            filters.get_by_label("批次").select_option(asked.options["--batch"])
            reason = return_reason(asked.options["--class"]).meaning_text(chinese=True)
            (choice,) = [
                one
                for one in filters.locator("[name=reason] option").all_inner_texts()
                if reason in one
            ]
            filters.get_by_label("等什么").select_option(choice)
            page.get_by_label("全选").check()
        for one in people:
            page.get_by_label(f"放行 {one} ").check()
        form = page.locator("#release")
        form.get_by_label("放行的理由").fill(asked.options["--reason"])
        self.looked_at("release", page)
        self.send(form, "放行勾选的人", said="人已放行")

    # What goes out.

    def _download(self, page: Page, link: Locator, folder: str = "reports") -> None:
        with page.expect_download() as download:
            link.click()
        download.value.save_as(self.books / folder / download.value.suggested_filename)

    def _look(self, asked: Asked) -> None:
        """Nothing is wrong with the books: the first page would say so."""
        self.on(asked)
        page = self.at(MAKER, "/")
        if page.locator(".refusal").count():
            raise Stopped(page.locator(".refusal").first.inner_text())
        self.looked_at("home", page)

    def _report_batch(self, asked: Asked) -> None:
        self.on(asked)
        page = self.at(MAKER, "/reports")
        row = page.locator("table[aria-labelledby=batches] tr", has_text=asked.words[-1])
        self._download(page, row.get_by_role("link", name="下载"))

    def _reconcile(self, asked: Asked) -> None:
        self.on(asked)
        page = self.at(MAKER, "/reports")
        page.get_by_role("link", name="的调节表").click()
        self._download(page, page.get_by_role("link", name="下载"))

    def _months(self, _asked: Asked) -> None:
        page = self.at(MAKER, "/reports")
        self.looked_at("reports", page)
        for link in page.get_by_role("link", name="下载月报").all():
            self._download(page, link)

    def _close(self, asked: Asked) -> None:
        self.on(asked)
        page = self.at(MAKER, "/reports")
        month = read_month(asked.words[-1]).chinese
        page.get_by_role("link", name=month, exact=True).click()
        page.locator("#close").wait_for()
        self.looked_at("month", page)
        self.send(page.locator("#close"), "月结", said="已月结")


def files_of(name: str, content: bytes) -> dict[str, bytes]:
    """What was downloaded by its name: itself, or what the archive holds."""
    if not name.endswith(".zip"):
        return {name: content}
    with ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def _copy(content: bytes, target: io.BytesIO) -> None:
    target.write(content)
