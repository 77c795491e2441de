"""Whether rules and accounts fit the programme: its roles have the rates, its towns accounts."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from ledger.base.books_folder import ACCOUNTS_FILE
from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.model.accounts import Place
from ledger.model.accounts import code_of
from ledger.model.accounts import subsidy_account
from ledger.model.findings import Finding
from ledger.model.findings import at
from ledger.model.findings import in_file
from ledger.model.programme import Programme
from ledger.model.programme_file import read_programme
from ledger.model.rules import Rules

OF_A_ROLE = ("census-rate", "census-limit", "census-tax")


def check_programme(
    folder: Path, entries: Sequence[data.Directive], rules: Rules, programme: Programme | None
) -> Iterator[Finding]:
    """What is wrong; ``programme`` is None where nobody has read it yet."""
    path = str(folder / PROGRAMME_FILE)
    try:
        programme = programme or read_programme(folder)
    except Refusal as refusal:
        yield in_file(path, 1, "programme", str(refusal))
        return
    for entry in entries:
        if isinstance(entry, data.Custom) and entry.type in OF_A_ROLE and entry.values:
            role = entry.values[0].value
            # guard: rates-of-known-roles
            if role not in programme.by_role:
                message = _("a role is {roles}").format(roles=listed(programme.role_names))
                yield at(entry, "rule", message)
    opened = {
        (place.fund, code_of(place.town))
        for entry in entries
        if isinstance(entry, data.Open)
        and (place := subsidy_account(entry.account, {})) is not None
        and place.place == Place.AWAITED
    }
    for town in programme.towns:
        codes = {town.code, *(former.code for former in town.former)}
        missing = [
            fund.component
            for fund in rules.funds
            if not any((fund.component, code) in opened for code in codes)
        ]
        # guard: towns-have-accounts
        if missing:
            message = _(
                "no accounts are open for {town} in {funds}: copy the lines of another town in"
                " {file}, and put this one's code and name into them"
            )
            message = message.format(town=town.component, funds=listed(missing), file=ACCOUNTS_FILE)
            yield in_file(path, 1, "programme", message)
