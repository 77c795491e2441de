"""The page 收件: files are dropped, each is told what it is and previewed, and taken in."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response
from flask import request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.base.digests import digest
from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.language import ngettext
from ledger.base.language import page_gettext
from ledger.base.masks import mask_numbers
from ledger.base.refusals import Refusal
from ledger.figures.imports import taken_files
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from ledger.services.importing import ImportRequest
from ledger.services.importing import import_files
from ledger.web.day import read_day
from ledger.web.desk.desk import Desk
from ledger.web.desk.downloads import handed_out
from ledger.web.desk.downloads import handed_out_together
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import ShownAnew
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.inbox_answers import Said
from ledger.web.desk.inbox_answers import say
from ledger.web.desk.progress import counted
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import TAKERS
from ledger.web.desk.routes import Route
from ledger.web.desk.tray import Dropped
from ledger.web.page_words import page_language

Done = Answer | tuple[str, int]
KINDS = {
    "roster": mark("Roster"),
    "workload": mark("Workload list"),
    "paid-before": mark("Paid before these books"),
    "result": mark("Bank result"),
    "statement": mark("Bank statement"),
}
OPTIONS = ("on", "kind", "town", "stage", "batch", "consent", "reason")
# The newest files of the log that are shown at once.
LOGGED = 60
INBOX = "/inbox"


class HolderInDoubt(Refusal):
    """A statement's account is in a name that nobody has said to be the office's."""

    def __init__(self, holders: Sequence[str]) -> None:
        message = _("the account is in the name of {holders}, and not of the office: is it yours?")
        super().__init__(message.format(holders="、".join(map(mask_numbers, holders))))


class NothingChosen(Refusal):
    """No file was chosen."""

    def __init__(self) -> None:
        super().__init__(_("no file was chosen: choose files or a folder"))


def show(desk: Desk) -> str:
    return _page(desk)


def drop(desk: Desk) -> Done:
    """Put files into the tray."""
    tray = desk.session.tray
    sent = [file for file in request.files.getlist("files") if file.filename]
    kept = [file for file in sent if not is_litter(str(file.filename).rpartition("/")[2])]
    if not kept:
        return _page(desk, desk.problem("drop", NothingChosen())), NOT_DONE
    tray.answers.clear()
    for file in kept:
        tray.put(str(file.filename), file.read())
    passed = len(sent) - len(kept)
    over = (
        page_gettext(", {passed} that are no files were passed over").format(passed=passed)
        if passed
        else ""
    )
    return desk.go(
        INBOX,
        ngettext(
            "{count} file put in{over}; not taken in yet: please look at the preview below.",
            "{count} files put in{over}; not taken in yet: please look at the preview below.",
            len(kept),
        ).format(count=len(kept), over=over),
    )


def choose(desk: Desk) -> Done:
    """How the files are to be taken: what is shown next is by that."""
    form = desk.form()
    chosen = {name: form.text(name) for name in OPTIONS if form.text(name)}
    chosen["reason"] = mask_numbers(chosen.get("reason", ""))
    before, desk.session.tray.options = desk.session.tray.options, chosen
    try:
        _asked(desk, dry_run=True)
    except Refusal as refusal:
        desk.session.tray.options = before
        return _page(desk, desk.problem("choose", refusal)), NOT_DONE
    return desk.go(INBOX)


def put_away(desk: Desk) -> Answer:
    """Take a file from the tray, or all of them, without taking it in."""
    tray, number = desk.session.tray, desk.form().text("number")
    for one in [number] if number else list(tray.files):
        tray.remove(one)
    return desk.go(INBOX)


def take(desk: Desk) -> Done:
    """Take one of the files in, or all, as the preview showed them."""
    form, tray = desk.form(), desk.session.tray
    number = form.text("number")
    files = [file for file in tray.files.values() if number in ("", file.number)]
    try:
        # guard: taken-as-chosen
        if not files or form.text("shown") != _shown(tray.options, tray.files):
            raise ShownAnew
        wanted = _asked(desk, dry_run=False, holder=form.is_on("holder"))
        with desk.work(seen=form.seen, with_errors=True) as work:
            paths = [file.path for file in files]
            outcomes = import_files(work, paths, wanted, track=partial(counted, desk))
            unit = work.books.settings.unit
    except (Refusal, OSError) as refusal:
        return _page(desk, desk.problem("take", refusal)), NOT_DONE
    said = [say(outcome, unit, desk.without_folders) for outcome in outcomes]
    taken = [file.number for file, one in zip(files, said, strict=True) if one.is_good]
    tray.keep_returned(file.number for file in files)
    tray.answers = [(file.name, one) for file, one in zip(files, said, strict=True)]
    for number in taken:
        tray.remove(number)
    return desk.go(
        INBOX,
        ngettext(
            "{count} file taken in, {count2} not.",
            "{count} files taken in, {count2} not.",
            len(taken),
        ).format(count=len(taken), count2=len(files) - len(taken)),
    )


def returned(desk: Desk, name: str) -> Response:
    """A workbook that goes back to a town."""
    content = desk.session.tray.returned.get(name)
    if content is None:
        raise NotFound
    return handed_out(content, name)


def all_returned(desk: Desk) -> Response:
    """Every workbook that goes back: a browser takes but ten files one shortly after another."""
    files = desk.session.tray.returned
    if not files:
        raise NotFound
    return handed_out_together(files, "退回镇街的表.zip")


def _asked(desk: Desk, *, dry_run: bool, holder: bool = False) -> ImportRequest:
    """How the files are to be taken. Raises NotADay."""
    options = desk.session.tray.options
    towns = desk.known().programme.by_code

    def ask(holders: Sequence[str]) -> None:
        # guard: holder-asked-at-the-desk
        if not holder:
            raise HolderInDoubt(holders)

    kind: Any = options.get("kind") if options.get("kind") in KINDS else None
    batch = options.get("batch")
    return ImportRequest(
        kind=kind,
        town=towns.get(TownCode(options.get("town", ""))),
        batch=BatchId(batch) if batch else None,
        on=read_day(options["on"]) if options.get("on") else desk.today(),
        consent=bool(options.get("consent")),
        reason=options.get("reason", "") if options.get("consent") else "",
        dry_run=dry_run,
        stage=options.get("stage", ""),
        ask=ask,
    )


def _shown(options: Mapping[str, str], files: Mapping[str, Dropped]) -> str:
    """Which files were shown, and how they were to be taken."""
    parts = [*sorted(options.items()), *((one.number, one.sha256) for one in files.values())]
    return digest(repr(parts).encode())[:32]


def _previews(desk: Desk, state: str) -> tuple[dict[str, Said], Problem | None]:
    """What each file in the tray would do, all of them together, as a dry run says."""
    tray = desk.session.tray
    if not tray.files or not desk.may(TAKERS):
        return {}, None
    key = f"{state} {_shown(tray.options, tray.files)} {desk.today()} {page_language()}"
    if tray.preview[0] != key:
        files = list(tray.files.values())
        try:
            wanted = _asked(desk, dry_run=True)
            with desk.work(with_errors=True, signs=False) as work:
                paths = [file.path for file in files]
                outcomes = import_files(work, paths, wanted, track=partial(counted, desk))
                unit = work.books.settings.unit
        except (Refusal, OSError) as refusal:
            return {}, desk.problem("choose", refusal)
        said = {
            file.number: say(outcome, unit, desk.without_folders)
            for file, outcome in zip(files, outcomes, strict=True)
        }
        tray.preview = (key, said)
    return tray.preview[1], None


def _page(desk: Desk, problem: Problem | None = None) -> str:
    books = desk.whole()
    tray = desk.session.tray
    previews, refused = _previews(desk, desk.state)
    with desk.place.registry() as registry:
        log = list(_log(desk, books, taken_files(registry, books.history)))
    good = [number for number, said in previews.items() if said.is_good]
    return desk.render(
        "inbox.html",
        files=list(tray.files.values()),
        previews=previews,
        good=len(good),
        holder=next((said.holder for said in previews.values() if said.holder), ""),
        shown=_shown(tray.options, tray.files),
        options=tray.options,
        kinds={kind: page_gettext(word) for kind, word in KINDS.items()},
        towns=[(town.code, town.name) for town in books.programme.towns],
        stages=[(stage.code, stage.name) for stage in books.rules.named_stages],
        batches=[batch.id for batch in books.history.batches.values() if batch.submitted],
        answers=tray.answers,
        returned=list(tray.returned),
        log=log[:LOGGED],
        more=max(0, len(log) - LOGGED),
        may=desk.may(TAKERS),
        may_take_back=desk.may(CLERK),
        problem=problem or refused,
    )


def _log(desk: Desk, books: Any, files: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The files that were taken in, the newest first."""
    names = {one.id: one.name for one in books.history.operators.values()}
    for one in reversed(files):
        stands = one.state.value == "standing"
        back = f"{INBOX}/imports/{one.id}" if one.event is None else f"/events/{one.event}/reverse"
        yield {
            "file": one,
            "kind": page_gettext(KINDS.get(one.kind, one.kind)),
            "by": f"{one.by} {names.get(one.by, '')}",
            "state": page_gettext("In force") if stands else page_gettext("Taken back"),
            "back": back if stands else "",
        }


ROUTES = (
    Route(GET, INBOX, show),
    Route(POST, f"{INBOX}/files", drop, TAKERS),
    Route(POST, f"{INBOX}/options", choose, TAKERS),
    Route(POST, f"{INBOX}/away", put_away, TAKERS),
    Route(POST, f"{INBOX}/take", take, TAKERS),
    Route(GET, f"{INBOX}/returned/<name>", returned, TAKERS),
    Route(GET, f"{INBOX}/returned.zip", all_returned, TAKERS),
)
