"""The page 设置: the programme and its towns, money rules, who signs, and the backup."""

from __future__ import annotations

import secrets
from pathlib import Path

from werkzeug.wrappers import Response as Answer

from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.disbursement.bank_file_plan import OTHER_BANK
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.model.operators import EVERY_ROLE
from ledger.model.operators import MAY_ADD_RULES
from ledger.model.operators import MAY_CHANGE_SETTINGS
from ledger.model.operators import MAY_MAKE
from ledger.model.operators import Operator
from ledger.model.operators import Role
from ledger.model.operators import roles_text
from ledger.model.transitions import EventKind
from ledger.services.backup import back_up
from ledger.services.backup import require_place
from ledger.services.bank_profiles import profiles_known
from ledger.services.custody import custody
from ledger.services.operators import add
from ledger.services.operators import change_passphrase
from ledger.services.operators import operators_of
from ledger.services.operators import retire
from ledger.services.operators import signed_events
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.people_list import EVENT_WORDS

Done = Answer | tuple[str, int]
MANAGERS = MAY_MAKE[EventKind.OPERATOR]
KEEPERS = frozenset({Role.MANAGER, Role.CLERK})
# So much of what was done is shown at once.
NEWEST = 200
NOT_THE_SAME = "两次输入的口令不同。"
NO_PASSPHRASE = "口令不能为空：没有口令，谁拿到备份都能打开。"
NO_FILE = "请写出备份文件的完整路径，例如 {example}"
NO_ROLE = "请至少选一个角色。"


def show(desk: Desk) -> str:
    return _page(desk)


def operators(desk: Desk) -> str:
    return _operators_page(desk)


def added(desk: Desk) -> Done:
    """Somebody new signs; the key is made here, under a passphrase of the new one's own."""
    form = desk.form()
    roles = [Role(name) for name in form.all("role") if name in list(Role)]
    if (problem := _passphrases("add", form.secret("passphrase"), form.secret("again"))) is None:
        problem = None if roles else Problem("add", "role", NO_ROLE)
    if problem:
        return _operators_page(desk, problem), NOT_DONE
    try:
        with desk.work(seen=form.seen) as work:
            operator = add(
                work,
                form.text("name"),
                roles,
                form.day(),
                registry_key=desk.place.registry_key(),
                random_hex=secrets.token_hex,
                passphrase=form.secret("passphrase"),
            )
    except (Refusal, OSError) as refusal:
        return _operators_page(desk, desk.problem("add", refusal)), NOT_DONE
    done = f"{operator.id} {operator.name}：{_roles(operator)}，可以在本机登录了。"
    return desk.go("/settings/operators", done)


def retired(desk: Desk) -> Done:
    """Somebody signs nothing any more; the registry gets a new key."""
    form = desk.form()
    try:
        with desk.work(seen=form.seen) as work:
            gone = retire(
                work,
                form.text("operator"),
                form.day(),
                reason=form.reason(),
                registry_key=desk.place.registry_key(),
                random_hex=secrets.token_hex,
            )
    except (Refusal, OSError) as refusal:
        return _operators_page(desk, desk.problem("retire", refusal)), NOT_DONE
    desk.session.note(
        "人员登记换了新密钥：请给其他机器带去新密钥，重新打印保险柜里的纸，并另做一次备份。"
    )
    return desk.go("/settings/operators", f"{gone.id} {gone.name} 已停用，以前签的仍然有效。")


def passphrase_changed(desk: Desk) -> Done:
    """One's own key is put under another passphrase."""
    form, login = desk.form(), desk.login
    assert login is not None, "the route asks for a role"
    problem = _passphrases("passphrase", form.secret("passphrase"), form.secret("again"))
    if problem:
        return _operators_page(desk, problem), NOT_DONE
    try:
        with desk.at_work:
            change_passphrase(
                desk.books.whole(),
                login.operator,
                form.secret("old"),
                form.secret("passphrase"),
                registry_key=desk.place.registry_key(),
                random_hex=secrets.token_hex,
            )
    except (Refusal, OSError) as refusal:
        problem = desk.problem("passphrase", refusal)
        return _operators_page(desk, problem), NOT_DONE
    return desk.go("/settings/operators", f"{login.operator} {login.name} 的口令已更换。")


def log(desk: Desk) -> str:
    """What was done, by whom and when, the newest first."""
    desk.books.look_again()
    books = desk.books.whole()
    events = list(signed_events(books))
    return desk.render(
        "log.html",
        events=[(one, EVENT_WORDS[one.kind]) for one in events[::-1][:NEWEST]],
        count=len(events),
        names={one.id: one.name for one in books.history.operators.values()},
    )


def backed_up(desk: Desk) -> Done:
    """Books, registry and keys in one file under a passphrase, outside the books."""
    form = desk.form()
    typed, passphrase = form.text("file"), form.secret("passphrase")
    problem = _passphrases("backup", passphrase, form.secret("again"))
    # guard: backup-has-a-passphrase
    if not passphrase:
        problem = Problem("backup", "passphrase", NO_PASSPHRASE)
    if not Path(typed).is_absolute():
        problem = Problem("backup", "file", NO_FILE.format(example=_example(desk)))
    if problem:
        return _page(desk, problem), NOT_DONE
    try:
        require_place(Path(typed), desk.books.folder)
        with desk.work(with_errors=True) as work:
            made = back_up(
                work,
                Path(typed),
                passphrase,
                registry_key=desk.place.registry_key(),
                random_hex=secrets.token_hex,
            )
    except (Refusal, OSError) as refusal:
        return _page(desk, desk.problem("backup", refusal)), NOT_DONE
    if made.faults:
        desk.session.note(f"账里有 {made.faults} 处问题，照原样备份了：请看“账簿”里的错误。")
    size = f"{made.size / 1e6:,.1f}"
    return desk.go(
        "/settings",
        f"已备份到事件 {made.seq}：{made.files:,} 个文件，{size} MB，已读回核对。"
        "口令请与备份分开保管，备份放到另一块盘上。",
    )


def _passphrases(form: str, one: str, again: str) -> Problem | None:
    return None if one == again else Problem(form, "again", NOT_THE_SAME)


def _page(desk: Desk, problem: Problem | None = None) -> str:
    desk.books.look_again()
    books = desk.books.whole()
    programme = books.programme
    kept = custody(books, desk.place.registry_key())
    return desk.render(
        "settings.html",
        programme=programme,
        settings=books.settings,
        profiles=_profiles(books),
        towns=[(town.code, town.name) for town in programme.towns],
        kept=kept,
        newest=len(books.history.events) - 1,
        example=_example(desk),
        may_add_rules=desk.may(MAY_ADD_RULES),
        may_change_settings=desk.may(MAY_CHANGE_SETTINGS),
        may_back_up=desk.may(KEEPERS),
        problem=problem,
    )


def _profiles(books: Books) -> list[str]:
    """For which accounts which file is made, by the title that its profile has."""
    settings, known = books.settings, profiles_known(books)
    used = ((OWN_BANK, settings.own_profile), (OTHER_BANK, settings.other_profile))
    return [f"{use} {known[name].title if name in known else name}" for use, name in used]


def _example(desk: Desk) -> str:
    folder = desk.books.folder.resolve()
    return str(Path.home() / f"{folder.name}-{desk.today()}.backup")


def _operators_page(desk: Desk, problem: Problem | None = None) -> str:
    desk.remember_state()
    desk.books.look_again()
    books = desk.books.whole()
    kept = custody(books, desk.place.registry_key())
    everybody = operators_of(books)
    return desk.render(
        "operators.html",
        operators=[(one, _roles(one), one.id in kept.without_passphrase) for one in everybody],
        active=[one for one in everybody if one.retired_seq is None],
        roles=[role.value for role in Role],
        chosen=desk.form().all("role"),
        may_name=desk.may(MANAGERS),
        problem=problem,
    )


def _roles(operator: Operator) -> str:
    return roles_text(operator.roles).replace(" ", "、")


ROUTES = (
    Route(GET, "/settings", show),
    Route(POST, "/settings/backup", backed_up, KEEPERS),
    Route(GET, "/settings/operators", operators),
    Route(POST, "/settings/operators/add", added, MANAGERS),
    Route(POST, "/settings/operators/retire", retired, MANAGERS),
    Route(POST, "/settings/operators/passphrase", passphrase_changed, EVERY_ROLE),
    Route(GET, "/settings/log", log),
)
