"""At every confirm of the desk: a killed server, a closed tab, two operators do it once or not.

The server is forked, and its child kills itself just before a change of the disk; the one that is
left then answers as the next one does. ``confirming_forms.py`` has the forms.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from contextlib import redirect_stdout
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ledger.base.digests import digest
from ledger.cli import execute
from ledger.events.event_file import read_head
from ledger.keys.places import witness_path
from ledger.model.operators import Role
from ledger.web.desk.application import ROUTES
from ledger.web.desk.meanwhile import state_of
from tests.support.approving import NAMES
from tests.support.child_process import in_child
from tests.support.child_process import needs_fork
from tests.support.closed_tabs import Line
from tests.support.closed_tabs import as_sent
from tests.support.closed_tabs import open_line
from tests.support.confirming_forms import FORMS
from tests.support.confirming_forms import NOT_CONFIRMING
from tests.support.confirming_forms import Confirming
from tests.support.crash import dying
from tests.support.crash import is_change
from tests.support.desk_pages import DeskPages
from tests.support.desk_pages import Fields
from tests.support.desk_pages import notes
from tests.support.desk_pages import refusals
from tests.support.homes import live_in
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import new_office
from tests.support.writing_commands import records

# What follows from the rest, later where a command was killed, or is told by the records.
LEFT_OUT = ("HEAD", "registry.db", ".staging", ".witness", ".lock")
# The papers of a batch stand in one of two places, and go from one to the other after the event.
PAPERS = re.compile(r"books/payouts/(?:\.held/)?(?=B2020-)")
# A key that was left by a killed command is nobody's: the next operator gets another.
KEY = re.compile(r"registry\.O\d\d\.key")
# The first operator, one who was added with every role, and those with one each.
AT_WORK = ("测试员", "钱主任", *NAMES.values())


def test_every_form_that_confirms_is_here() -> None:
    posted = {route.path for route in ROUTES if route.method == "POST"}
    assert {form.route for form in FORMS} == posted - NOT_CONFIRMING


class Kept:
    """What commands say, for an office that several tests share."""

    def __init__(self) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()

    def readouterr(self) -> tuple[str, str]:
        said = self.out.getvalue(), self.err.getvalue()
        for stream in (self.out, self.err):
            stream.seek(0)
            stream.truncate()
        return said


class Trial:
    """A form on the same office again and again: how it is before, and once it is done."""

    def __init__(self, form: Confirming, start: Path, folder: Path, kept: Any) -> None:
        self.form = form
        self.start = start
        folder.mkdir()
        self.office = Office(folder / "books", folder / "registry.key", kept)
        self.as_before()
        self.files: dict[str, str] = self.contents()
        self.before = self.done()
        self.after: Any = None
        self.pages = DeskPages(self.office).log_in(form.by)
        self.fields = form.fields(self.pages, self.office)
        self.other = max(self.office.books().history.operators)

    def as_before(self) -> None:
        shutil.rmtree(self.office.folder.parent)
        shutil.copytree(self.start, self.office.folder.parent)
        # To this machine they are no copy of others.
        witness_path(self.office.key).unlink(missing_ok=True)

    def contents(self) -> dict[str, str]:
        """Every file around the books, and of the books."""
        place = self.office.folder.parent
        return {
            path.relative_to(place).as_posix(): digest(path.read_bytes())
            for path in place.rglob("*")
            if path.is_file() and not any(word in path.as_posix() for word in LEFT_OUT)
        }

    def done(self) -> Any:
        """Which files are new, changed or gone, and everybody's record: no salt and no time."""
        now, before = self.contents(), self.files
        differing = {name for name in now | before if now.get(name) != before.get(name)}
        changed = {KEY.sub("key", name) for name in differing if not PAPERS.match(name)}
        there = {KEY.sub("key", PAPERS.sub("", name)) for name in now}
        return changed, there, records(self.office)

    def require_once(self) -> None:
        """It has been done once, to sound books, as whoever did it before has done it."""
        done = self.done()
        assert done != self.before
        self.after = self.after or done
        assert done == self.after
        assert self.faults() == []

    def state(self) -> str:
        with self.office.registry() as registry:
            return state_of(read_head(self.office.folder), registry)

    def faults(self) -> Any:
        """What ``check`` finds."""
        arguments = ["-C", self.office.folder, "--key", self.office.key, "check", "--json"]
        with redirect_stdout(io.StringIO()) as said:
            execute([str(word) for word in arguments])
        return json.loads(said.getvalue())["errors"]

    def another_browser(self, operator: str = "") -> DeskPages:
        return self.pages.another_browser().log_in(operator or self.form.by)

    def answer(self, fields: Fields | None = None) -> Answer:
        """Send the form in the browser that has opened it; how often the disk was changed."""
        seen = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            seen += is_change(event, arguments)

        sys.addaudithook(count)
        status, said = send(self.pages, self.fields)
        return Answer(status, str(seen), said)


def send(pages: DeskPages, fields: Fields) -> tuple[int, str]:
    """The status of the answer, and why it was refused."""
    typed = dict(fields)
    answer = pages.post(str(typed.pop("action")), **typed)
    return answer.status_code, " ".join(refusals(answer))


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Path]:
    """The office before a form, made once for all forms that begin there."""
    return {}


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: form.route)
def trial(
    request: pytest.FixtureRequest,
    starts: dict[Any, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Trial]:
    form: Confirming = request.param
    kept: Any = Kept()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(kept.out),
        redirect_stderr(kept.err),
    ):
        live_in(tmp_path_factory.mktemp("home"), patch)
        # No machine dies here, and nobody waits for its disk.
        patch.setattr("os.fsync", lambda _descriptor: None)
        patch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
        if form.prepare not in starts:
            folder = starts[form.prepare] = tmp_path_factory.mktemp("start")
            start = new_office(folder, kept)
            start.receive(1_220_000)
            start.register(3, town="370481001")
            start.register(3, town="370481101")
            form.prepare(start)
            start.run(
                "--operator",
                "O01",
                "operator",
                "add",
                "钱主任",
                *(f"--role={role}" for role in Role),
            )
        yield Trial(form, starts[form.prepare], tmp_path_factory.mktemp("copy") / "desk", kept)


@pytest.fixture(autouse=True)
def home_of_the_trial() -> None:
    """The trial has a home of its own, for all its tests."""


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with open_line() as line:
        yield line


@needs_fork
def test_a_killed_server_has_done_nothing_or_all(trial: Trial) -> None:
    """And the form filled in once more does it once, where it was not done."""
    whole = in_child(trial.answer)
    assert whole is not None
    assert (whole.status, whole.err) == (303, "")
    trial.require_once()
    changes = int(whole.out)
    for moment in sorted({max(1, changes // 2), changes}) if changes else ():
        trial.as_before()
        killed = in_child(lambda: dying(moment, trial.answer))  # noqa: B023
        # It may have had less to do than the first time.
        assert killed is None or killed.status == 303
        browser = trial.another_browser()
        browser.page("/")
        if trial.done() != trial.after:
            assert send(browser, trial.form.fields(browser, trial.office)) == (303, "")
        trial.require_once()


def test_a_closed_tab_has_done_it_once_and_the_next_page_says_so(trial: Trial, line: Line) -> None:
    """What was sent in part has done nothing, and the whole is sent after it."""
    trial.as_before()
    browser = trial.another_browser()
    request = as_sent(browser, trial.form.fields(browser, trial.office))
    assert line.hang_up(browser, request[:-5]) == 400
    assert trial.done() == trial.before
    assert line.hang_up(browser, request) == 303
    trial.require_once()
    assert notes(browser.our("/")) != []
    # The tab that is opened once more sends the form again.
    assert line.hang_up(browser, request) == 409
    trial.require_once()


def test_of_two_operators_at_once_one_does_it_and_the_other_is_told(trial: Trial) -> None:
    """Each has opened the form in a browser of her own."""
    trial.as_before()
    browsers = [trial.another_browser(), trial.another_browser(trial.other)]
    sent = [(browser, trial.form.fields(browser, trial.office)) for browser in browsers]
    state = trial.state()
    answers: list[tuple[int, str]] = []
    threads = [Thread(target=lambda one=one: answers.append(send(*one))) for one in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, (status, said) = sorted(answers)
    assert (first, status) == ((303, ""), trial.form.second), answers
    if trial.form.is_shared:
        trial.require_once()
    # And by whom what was done, where the books or the registry have it in their history.
    if status != 303:
        assert said
        assert trial.state() == state or any(name in said for name in AT_WORK), said
