"""What every test stands on: English messages, a home of its own, an office."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import sys
from collections.abc import Generator
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING
from typing import Any
from zlib import crc32

# Messages are compared in their source language, and click asks the environment only once.
os.environ["LANGUAGE"] = "en"

import pytest
from hypothesis import HealthCheck
from hypothesis import settings
from werkzeug.routing import Rule

from importers.rosters.words import Vocabulary
from importers.rosters.words import reading_by
from ledger.web import background
from tests.support.beginnings import Beginnings
from tests.support.beginnings import beginning
from tests.support.eventful_office import an_eventful_year
from tests.support.homes import live_in
from tests.support.office import Office
from tests.support.taxed_office import TAXED_RULES
from tests.support.tengzhou import PROGRAMME

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.demonstrated_year import ByCommands
    from tests.support.whole_office import Story

# A test that is slow on a busy machine is not wrong.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.register_profile("thorough", settings.get_profile("untimed"), max_examples=200)
settings.load_profile("untimed")

SHARE_OF_ATTACKS = 12


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--twice",
        action="store_true",
        help="every command with and without what was kept of the books (tests/support/twice.py)",
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="every moment of every command, every history of small worlds, 10,000 machine steps",
    )
    parser.addoption(
        "--machine-steps",
        type=int,
        help="how many steps tests/support/state_machine.py takes in all (2,500)",
    )
    parser.addoption(
        "--desk-people",
        type=int,
        default=250,
        help="how many people the year has that tests/whole/test_year_at_desk.py clicks through",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Before tests are collected: each takes its settings when it is defined."""
    if config.getoption("--thorough"):
        settings.load_profile("thorough")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """There is no garbage among what is imported and collected, and looking for it takes a third
    of the time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def guessed_once() -> Iterator[None]:
    """The same passphrase with the same salt gives the same key: a tenth of a second is taken
    once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashlib, "scrypt", cache(hashlib.scrypt))
        yield


@pytest.fixture(scope="session", autouse=True)
def routed_once() -> Iterator[None]:
    """For each address of a page werkzeug compiles a function, and for those of the next desk the
    same ones again: two thirds of a desk's start.
    """
    compiled = Rule._compile_builder
    kept: dict[str, Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        made_of = repr((append_unknown, rule.rule, rule._trace, rule.defaults))
        if made_of not in kept:
            kept[made_of] = compiled(rule, append_unknown)
        return kept[made_of]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_in_the_background() -> Iterator[None]:
    """What a desk does afterwards comes into no other test: whoever wants it there, does it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "Timer", NeverOver)
        yield


class NeverOver(Timer):
    def start(self) -> None:
        """It is not even begun."""


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new home for every test. pytest's own folders are found a number each by looking at all
    that there are, which takes longer with every test.
    """
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path]) -> None:
    """No test touches the user's keys or settings."""
    home = next(homes)
    home.mkdir()
    live_in(home, monkeypatch)
    monkeypatch.delenv("CENSUS_LEDGER_BOOKS", raising=False)
    monkeypatch.delenv("CENSUS_LEDGER_KEY", raising=False)


@pytest.fixture(autouse=True)
def rosters_of_tengzhou() -> Iterator[None]:
    """Rosters that are read without books are of the default programme."""
    with reading_by(Vocabulary(PROGRAMME)):
        yield


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether everything is tried of what is else tried by its share."""
    chosen: bool = request.config.getoption("--thorough")
    return chosen


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Whoever waits at a pipe for ever fails. Windows has none."""
    if sys.platform == "win32":
        yield
        return

    def wake(_signal: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def twice(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, thorough: bool) -> None:
    """Every command of an office is run with what was kept of its books, and without."""
    from tests.support.twice import TRIED
    from tests.support.twice import give_twice

    give_twice(monkeypatch, first=number_of(request), tried=len(TRIED) if thorough else 1)


@pytest.fixture
def loads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for each time that a command loads the books whole."""
    if request.config.getoption("--twice"):
        pytest.skip("each command is given once more, with nothing kept")
    from tests.support.snapshots import loads_counted

    return loads_counted(monkeypatch)


@pytest.fixture(autouse=True)
def twice_if_chosen(request: pytest.FixtureRequest, thorough: bool) -> None:
    """So are some of the tests of books that somebody has tampered with: always the same ones."""
    attacks = request.node.get_closest_marker("attacks") is not None
    some = thorough or number_of(request) % SHARE_OF_ATTACKS == 0
    if (attacks and some) or request.config.getoption("--twice"):
        request.getfixturevalue("twice")


def number_of(request: pytest.FixtureRequest) -> int:
    """The same for a test in every run."""
    return crc32(request.node.name.encode())


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    return Beginnings(tmp_path_factory.mktemp("beginnings"))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], beginnings: Beginnings) -> Office:
    """New books: funds and lines, no money yet, nobody registered."""
    return beginnings.new(tmp_path, capsys)


@beginning
def funded(office: Office) -> Office:
    """An office with the advance in the bank and six people in two towns."""
    office.receive(1_220_000)
    office.register(3, town="370481001")
    office.register(3, town="370481101")
    return office


@beginning
def eventful(funded: Office) -> Office:
    """Events of every kind have come."""
    an_eventful_year(funded)
    return funded


@beginning
def taxed(funded: Office) -> Office:
    """The same six people, of whom 320.00 each is withheld of 2,400.00."""
    funded.rule(TAXED_RULES)
    return funded


@pytest.fixture(scope="session")
def whole_office(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The office's whole year, told once; ``stories.py`` keeps its tests together."""
    from tests.support.whole_office import tell

    return tell(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ByCommands:
    """The demonstration's year by commands, told once; ``stories.py`` keeps its tests together."""
    from tests.support.demonstrated_year import ByCommands

    with pytest.MonkeyPatch.context() as patch:
        live_in(tmp_path_factory.mktemp("home"), patch)
        patch.setenv("CENSUS_LEDGER_PASSPHRASE", "")
        people = request.config.getoption("--desk-people")
        told = ByCommands(tmp_path_factory.mktemp("year"), people)
        told.tell()
    return told


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser of this machine, started once; ``stories.py`` keeps its tests together."""
    # Playwright is loaded where it is used alone.
    from tests.support.browser import running_browser

    with running_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser
