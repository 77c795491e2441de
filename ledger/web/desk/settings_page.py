"""The page 设置: the programme and its towns, money rules, who signs, and the backup."""

from __future__ import annotations

import secrets
from pathlib import Path

from werkzeug.wrappers import Response as Answer

from ledger.base.language import CHINESE
from ledger.base.language import ENGLISH
from ledger.base.language import mark
from ledger.base.language import page_gettext as _
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
from ledger.services.page_language import change_language
from ledger.services.page_language import language_of
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.page_words import event_word
from ledger.web.page_words import role_words
from ledger.web.page_words import use_word

Done = Answer | tuple[str, int]
MANAGERS = MAY_MAKE[EventKind.OPERATOR]
KEEPERS = frozenset({Role.MANAGER, Role.CLERK})
# So much of what was done is shown at once.
NEWEST = 200
NOT_THE_SAME = mark("The two passphrases differ.")
NO_PASSPHRASE = mark(
    "The passphrase cannot be empty: without one, whoever gets the backup can open it."
)
NO_FILE = mark("Please give the whole path of the backup, such as {example}")
NO_ROLE = mark("Please choose at least one role.")


def show(desk: Desk) -> str:
    return _page(desk)


def operators(desk: Desk) -> str:
    return _operators_page(desk)


def added(desk: Desk) -> Done:
    """Somebody new signs; the key is made here, under a passphrase of the new one's own."""
    form = desk.form()
    roles = [Role(name) for name in form.all("role") if name in list(Role)]
    if (problem := _passphrases("add", form.secret("passphrase"), form.secret("again"))) is None:
        problem = None if roles else Problem("add", "role", _(NO_ROLE))
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
    done = _("{operator} {operator2}: {roles}; can log in on this machine now.").format(
        operator=operator.id, operator2=operator.name, roles=_roles(operator)
    )
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
        _(
            "The register of people has a new key: bring it to the other machines, "
            "print the paper in the safe again, and make another backup."
        )
    )
    return desk.go(
        "/settings/operators",
        _("{gone} {gone2} is retired; what was signed stays good.").format(
            gone=gone.id, gone2=gone.name
        ),
    )


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
    return desk.go(
        "/settings/operators",
        _("The passphrase of {operator} {login} is changed.").format(
            operator=login.operator, login=login.name
        ),
    )


def log(desk: Desk) -> str:
    """What was done, by whom and when, the newest first."""
    desk.books.look_again()
    books = desk.books.whole()
    events = list(signed_events(books))
    return desk.render(
        "log.html",
        events=[(one, event_word(one.kind)) for one in events[::-1][:NEWEST]],
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
        problem = Problem("backup", "passphrase", _(NO_PASSPHRASE))
    if not Path(typed).is_absolute():
        problem = Problem("backup", "file", _(NO_FILE).format(example=_example(desk)))
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
        desk.session.note(
            _(
                "The books have {faults} faults and were backed up as they are: please "
                "see the errors in the ledgers."
            ).format(faults=made.faults)
        )
    size = f"{made.size / 1e6:,.1f}"
    return desk.go(
        "/settings",
        _(
            "Backed up to event {seq}: {files} files, {size} MB, read back and "
            "compared. Please keep the passphrase apart from the backup, and the "
            "backup on another disk."
        ).format(seq=made.seq, files=f"{made.files:,}", size=size),
    )


def language_changed(desk: Desk) -> Done:
    """The pages speak another language from now on, Fava's among them."""
    form = desk.form()
    try:
        with desk.work(with_errors=True) as work:
            change_language(work, form.text("language"))
    except (Refusal, OSError) as refusal:
        return _page(desk, desk.problem("language", refusal)), NOT_DONE
    # It is said in the new one.
    desk.books.look_again()
    return desk.go("/settings", _("The pages are in this language from now on."))


def _passphrases(form: str, one: str, again: str) -> Problem | None:
    return None if one == again else Problem(form, "again", _(NOT_THE_SAME))


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
        languages={CHINESE: _("Chinese"), ENGLISH: _("English")},
        spoken=language_of(books),
        may_add_rules=desk.may(MAY_ADD_RULES),
        may_change_settings=desk.may(MAY_CHANGE_SETTINGS),
        may_back_up=desk.may(KEEPERS),
        problem=problem,
    )


def _profiles(books: Books) -> list[str]:
    """For which accounts which file is made, by the title that its profile has."""
    settings, known = books.settings, profiles_known(books)
    used = ((OWN_BANK, settings.own_profile), (OTHER_BANK, settings.other_profile))
    return [f"{use_word(use)} {known[name].title if name in known else name}" for use, name in used]


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
    return role_words(roles_text(operator.roles).split())


ROUTES = (
    Route(GET, "/settings", show),
    Route(POST, "/settings/backup", backed_up, KEEPERS),
    Route(POST, "/settings/language", language_changed, MAY_CHANGE_SETTINGS),
    Route(GET, "/settings/operators", operators),
    Route(POST, "/settings/operators/add", added, MANAGERS),
    Route(POST, "/settings/operators/retire", retired, MANAGERS),
    Route(POST, "/settings/operators/passphrase", passphrase_changed, EVERY_ROLE),
    Route(GET, "/settings/log", log),
)
