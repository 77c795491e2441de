"""Every form of the desk by which something is confirmed: one line a form in FORMS.

Whatever happens to the server or the browser while it is sent, nothing is done or all of it, and
the form filled in once more does it once.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.base.books_folder import PROGRAMME_FILE
from tests.support.approving import APPROVER
from tests.support.approving import CHECKER
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import Fields
from tests.support.desk_pages import fields_of
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.writing_commands import UNKNOWN_LINE
from tests.support.writing_commands import a_batch
from tests.support.writing_commands import a_batch_that_was_checked
from tests.support.writing_commands import a_batch_to_approve
from tests.support.writing_commands import a_closed_month
from tests.support.writing_commands import a_manager
from tests.support.writing_commands import a_number_of_another
from tests.support.writing_commands import a_return
from tests.support.writing_commands import a_roster
from tests.support.writing_commands import a_wrong_roster
from tests.support.writing_commands import an_unexplained_line
from tests.support.writing_commands import held_changes
from tests.support.writing_commands import nothing
from tests.support.writing_commands import somebody_left
from tests.support.writing_commands import submitted

PREPARED, RETURNED, LATER = "2020-11-10", "2020-11-18", "2020-12-02"
BATCH = "/disbursement/B2020-001"
WHY = {"reason": "已核实", "on": RETURNED}
LABOUR, OWN_LABOUR = "rate-S1-普查员", "line-01-30226劳务费"


@dataclass(frozen=True)
class Confirming:
    """A form: its route, what comes before, where it stands, and what is typed into it."""

    route: str
    prepare: Callable[[Office], object]
    page: str
    form: str
    typed: Mapping[str, Any]
    by: str = "O01"
    opened: Callable[[DeskPages, Office, Confirming], Fields] | None = None
    # What the second of two operators is answered; where it is as good as the first, nothing is
    # done twice, but for what each does for herself.
    second: int = 422
    is_shared: bool = True

    def fields(self, pages: DeskPages, office: Office) -> Fields:
        """The form as somebody sends it who has opened its page."""
        if self.opened is not None:
            return self.opened(pages, office, self)
        place = {"place": office.folder.parent}
        typed = {
            name: value.format(**place) if isinstance(value, str) else value
            for name, value in self.typed.items()
        }
        return {**pages.fields(self.page, self.form), **typed}


def _dropped(pages: DeskPages, office: Office, form: Confirming) -> Fields:
    """The file is in the tray, which a browser has for itself."""
    path = office.folder.with_name("a.xlsx")
    drop: Fields = {**pages.fields("/inbox", "drop")}
    drop["files"] = (io.BytesIO(path.read_bytes()), path.name)
    pages.post(str(drop.pop("action")), **drop)
    return {**pages.fields(form.page, form.form), **form.typed}


def _with_a_file(pages: DeskPages, _office: Office, form: Confirming) -> Fields:
    fields = {**pages.fields(form.page, form.form), **form.typed}
    return fields | {"files": (io.BytesIO(b"%PDF-1.4 signed"), "签字.pdf")}


def _looked_at(pages: DeskPages, _office: Office, form: Confirming) -> Fields:
    """What was typed is shown as the text that it would be; that is confirmed."""
    typed = {**pages.fields(form.page, form.form), **form.typed}
    shown = pages.post(str(typed.pop("action")), **typed)
    return fields_of(shown.text, "keep")


def _two_people(office: Office) -> None:
    a_number_of_another(office)
    office.run(
        "payees", "distinguish", "P000007", "--reason", "已核实", "--yes", "--date", RETURNED
    )


def _explained(office: Office) -> None:
    an_unexplained_line(office)
    office.run("explain", "--yes", UNKNOWN_LINE, TRAINING, "--date", "2020-11-20")


def _another_role(office: Office) -> None:
    path = office.folder / PROGRAMME_FILE
    role = '\n[[role]]\nname = "村干部"\npost = "none"\n'
    path.write_text(path.read_text(encoding="utf-8") + role, encoding="utf-8")


def _a_paper_lost(office: Office) -> None:
    a_batch(office)
    next(office.folder.glob("payouts/B2020-001/*汇总表.pdf")).unlink()


def person(name: str, prepare: Callable[[Office], object], number: int) -> Confirming:
    return Confirming(f"/people/<payee>/{name}", prepare, f"/people/P{number:06d}", name, WHY)


FORMS = (
    Confirming("/disbursement/plan", nothing, f"/disbursement/plan?on={PREPARED}", "plan", {}),
    Confirming("/disbursement/release", a_return, "/disbursement", "release",
               {**WHY, "payee": ["P000006"]}),
    Confirming("/disbursement/<batch>/approve", a_batch_that_was_checked, BATCH, "approve",
               {"on": "2020-11-11"}, APPROVER),
    Confirming("/disbursement/<batch>/reject", a_batch_to_approve, BATCH, "reject",
               {"on": "2020-11-11", "reason": "金额不对"}, CHECKER),
    Confirming("/disbursement/<batch>/submit", a_batch, BATCH, "submit", {"on": "2020-11-11"}),
    Confirming("/disbursement/<batch>/void", a_batch, BATCH, "void", {"on": "2020-11-11"}),
    Confirming("/disbursement/<batch>/refuse", submitted, BATCH, "refuse",
               {"on": "2020-11-12", "reason": "格式不符"}),
    Confirming("/disbursement/<batch>/restore", _a_paper_lost, BATCH, "restore", {},
               second=303),
    Confirming("/disbursement/<batch>/lists", a_batch, BATCH, "attach", {"on": "2020-11-12"},
               opened=_with_a_file),
    Confirming("/inbox/take", a_roster, "/inbox", "take", {}, opened=_dropped),
    Confirming("/inbox/imports/<import_id>", a_wrong_roster, "/inbox/imports/I000002", "back",
               {"reason": "导错"}),
    Confirming("/events/<int:seq>/reverse", a_return, "/events/3/reverse", "back",
               {**WHY, "reason": "导错了文件"}),
    Confirming("/bank/<line>", an_unexplained_line, f"/bank/{UNKNOWN_LINE}?target={TRAINING}",
               "explain", {}),
    Confirming("/bank/<line>/rule", _explained,
               f"/bank/{UNKNOWN_LINE}/rule?target={TRAINING}&words=货款", "rule", {}),
    Confirming("/reports/months/<month>/close", a_return, "/reports/months/2020-11", "close",
               {"on": "2020-12-01", "sure": "1"}),
    Confirming("/reports/months/<month>/reopen", a_closed_month, "/reports/months/2020-11",
               "reopen", {"on": LATER, "reason": "漏记"}),
    Confirming("/people/held", held_changes, "/people", "held",
               {**WHY, "payee": ["P000001"], "decision": "confirm"}),
    person("release", a_return, 6),
    person("cancel", a_return, 6),
    person("confirm", held_changes, 1),
    person("decline", held_changes, 1),
    person("distinguish", a_number_of_another, 7),
    person("withdraw", _two_people, 7),
    Confirming("/people/<payee>/name", nothing, "/people/P000001", "name", {**WHY, "name": "李龑"}),
    Confirming("/people/<payee>/post", nothing, "/people/P000001?post=370481101009009", "post",
               WHY),
    person("deactivate", nothing, 1),
    person("activate", somebody_left, 2),
    Confirming("/settings/budget", nothing,
               f"/settings/budget?kind=supplement&on={PREPARED}&{OWN_LABOUR}=1", "rules", {}),
    Confirming("/settings/rates", nothing, f"/settings/rates?on={PREPARED}&{LABOUR}=900", "rules",
               {}),
    Confirming("/settings/stages", nothing,
               "/settings/stages?code=S1&name=摸底&kind=fixed&on=2020-11-01", "rules", {}),
    Confirming("/settings/limits", nothing,
               f"/settings/limits?on={PREPARED}&limit-普查员=2000", "rules", {}),
    Confirming("/settings/taxes", nothing,
               f"/settings/taxes?on={PREPARED}&tax-普查员=工资薪金", "rules", {}),
    Confirming("/settings/approvals", nothing,
               f"/settings/approvals?on={PREPARED}&from=0&by=审核", "rules", {}),
    Confirming("/settings/towns/add", nothing, "/settings/towns", "add",
               {"code": "370481117", "name": "新设镇"}, opened=_looked_at),
    Confirming("/settings/towns/rename", nothing, "/settings/towns", "rename",
               {"town": "370481101", "name": "洪绪街道"}, opened=_looked_at),
    Confirming("/settings/towns/remove", nothing, "/settings/towns", "remove",
               {"town": "370481101", "into": "370481001"}, opened=_looked_at),
    Confirming("/settings/roles/add", nothing, "/settings/roles", "add",
               {"name": "村干部", "post": "none", "rate": "300", "on": PREPARED},
               opened=_looked_at),
    Confirming("/settings/roles/call", nothing, "/settings/roles", "call",
               {"role": "普查员", "words": "入户员"}, opened=_looked_at),
    Confirming("/settings/roles/remove", _another_role, "/settings/roles", "remove",
               {"role": "村干部"}, opened=_looked_at),
    Confirming("/settings/bank/profile", nothing, "/settings/bank/profile?begin=ccb&use=本行",
               "profile", {"step": "look"}, opened=_looked_at),
    Confirming("/settings/papers/unit", nothing, "/settings/papers", "unit", {"name": "某某普查办"},
               opened=_looked_at),
    Confirming("/settings/papers", nothing, "/settings/papers", "papers", {"title": "发放名单"},
               opened=_looked_at),
    Confirming("/settings/language", nothing, "/settings", "language", {"language": "en"}),
    Confirming("/settings/backup", nothing, "/settings", "backup",
               {"file": "{place}/账套.backup", "passphrase": "一二三", "again": "一二三"}),
    Confirming("/settings/operators/add", nothing, "/settings/operators", "add",
               {"name": "李审核", "role": ["审核"], "on": PREPARED}),
    Confirming("/settings/operators/retire", a_manager, "/settings/operators", "retire",
               {"operator": "O02", "reason": "调离", "on": LATER}),
    Confirming("/settings/operators/passphrase", nothing, "/settings/operators", "passphrase",
               {"old": "", "passphrase": "四五六", "again": "四五六"}, second=303,
               is_shared=False),
)  # fmt: skip
# What is posted and enters nothing: the session, the browser's own tray, and a step of the first
# visit that comes when there are books.
NOT_CONFIRMING = {
    "/login", "/logout", "/inbox/files", "/inbox/options", "/inbox/away", "/first/<step>",
}  # fmt: skip
