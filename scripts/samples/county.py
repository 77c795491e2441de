"""The county and the programme of the demonstration: those of the default template."""

from __future__ import annotations

import datetime
from functools import cache

from ledger.books.new_programme import new_programme
from ledger.model.programme import Programme
from ledger.model.towns import Town


@cache
def programme() -> Programme:
    return new_programme(today=datetime.date(2020, 10, 16)).programme


def towns() -> tuple[Town, ...]:
    return programme().towns


ENUMERATOR, SUPERVISOR = programme().role_names
