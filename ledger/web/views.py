"""What the pages show as of a day, worked out once for all of them.

Views are kept by their days until the books or the registry change. The server answers several
requests at once; each view is worked out by one of them.
"""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TypeVar
from typing import cast

from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.collector import collector_off
from ledger.base.records import Record
from ledger.base.records import field
from ledger.books.books import Books
from ledger.books.registry_access import open_registry as registry_of
from ledger.books.settings import read_settings
from ledger.disbursement.payable import eligibility_by_stage
from ledger.figures.open_matters import OpenMatters
from ledger.figures.open_matters import open_matters
from ledger.figures.payee_listing import PayeeStatus
from ledger.figures.payee_listing import list_people
from ledger.figures.status import Status
from ledger.figures.status import status
from ledger.keys.registry_key import key_path
from ledger.model.ids import StageCode
from ledger.registry.registry import Registry

# Days that somebody looks at, going back and forth.
MOST = 12
# What a view remembers; where it has more to remember it begins anew.
MOST_MADE = 200
Made = TypeVar("Made")


class View(Record, dict=True):
    """The books cut off at a day, and what follows; ``whole`` are the books with later entries.

    ``by_stage`` are the people and where their money of each stage is, those too who have left and
    were never sent money.
    """

    on: datetime.date
    whole: Books
    books: Books
    status: Status
    open_matters: OpenMatters
    by_stage: Mapping[StageCode, Sequence[PayeeStatus]]
    _made: dict[Hashable, tuple[object]] = field(default_factory=dict)

    unshown = ("_made",)

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from the books and the registry of this view alone, made when somebody
        asks for it first. ``name`` says what it is, with everything else that it follows from.
        """
        found = self._made.get(name)
        if found is None:
            if len(self._made) >= MOST_MADE:
                self._made.clear()
            found = self._made[name] = (make(),)
        return cast(Made, found[0])

    @property
    def everybody(self) -> Sequence[PayeeStatus]:
        """The people by the stage that the figures are about."""
        return self.by_stage[self.status.stage]

    @cached_property
    def people(self) -> Sequence[PayeeStatus]:
        """Whom the books are about: those who are there, or were sent money."""
        return [one for one in self.everybody if one.payee.active or one.standing]

    @property
    def is_cut(self) -> bool:
        """Whether the books have entries after the day."""
        return self.whole is not self.books


def view_of(whole: Books, registry: Registry, on: datetime.date) -> View:
    """The view as of a day, by the very functions that the command asks."""
    books = whole.as_of(on)
    payees = registry.payees_as_of(on, books.history.last_prepared)
    eligibilities = eligibility_by_stage(books, registry, payees, on)
    eligibility = eligibilities[0]
    said = status(books, payees, eligibility, on, others=eligibilities[1:])
    return View(
        on=on,
        whole=whole,
        books=books,
        status=said,
        open_matters=open_matters(
            said, eligibilities, books.history, books.rules, books.ceilings(on)
        ),
        by_stage={
            each.stage: tuple(list_people(payees, books.history, each, everybody=True))
            for each in eligibilities
        },
    )


def open_registry(folder: Path, key_file: Path | None) -> Registry:
    """The registry of the books; ``key_file`` is its key where it is not the user's own.

    Raises a Refusal when it does not open.
    """
    return registry_of(folder, key_path(read_settings(folder).key, key_file))


class Views:
    """The views of one set of books. ``load`` gives the books as they were loaded last."""

    def __init__(
        self, folder: Path, load: Callable[[], Books], *, key_file: Path | None = None
    ) -> None:
        self.folder = folder
        self.key_file = key_file
        self._load = load
        self._lock = Lock()
        self._books: Books | None = None
        self._views: OrderedDict[tuple[datetime.date, int, int, str], View] = OrderedDict()

    def forget(self) -> None:
        """The ledger was loaded anew."""
        with self._lock:
            self._books = None
            self._views.clear()

    def whole(self) -> Books:
        """The books of every view, with all that is in them."""
        with self._lock:
            return self._whole()

    def _whole(self) -> Books:
        if self._books is None:
            self._books = self._load()
        return self._books

    def of(self, on: datetime.date) -> View:
        """The view as of a day. Raises a Refusal when registry or settings cannot be read."""
        with self._lock, open_registry(self.folder, self.key_file) as registry:
            # Two changes of the file may bear one time; its log tells them apart.
            state = (self.folder / REGISTRY_FILE).stat()
            key = (on, state.st_mtime_ns, state.st_size, registry.log.head())
            if key not in self._views:
                with collector_off():
                    self._views[key] = view_of(self._whole(), registry, on)
                while len(self._views) > MOST:
                    self._views.popitem(last=False)
            self._views.move_to_end(key)
            return self._views[key]
