"""The programme of most tests: the default one, the population census of 2020 in 滕州市."""

from __future__ import annotations

import datetime

from ledger.books.new_programme import new_programme

PROGRAMME = new_programme(today=datetime.date(2020, 10, 16)).programme
TOWNS = PROGRAMME.towns
ROLES = PROGRAMME.role_names
ENUMERATOR, SUPERVISOR = ROLES
find_town = PROGRAMME.find_town
