"""The province's limits: what a role may be paid, and which books a county has, by fingerprint.

[[rate]]
programme = "第七次全国人口普查"   # every programme where it is missing
stage = "S1"                     # every stage
role = "普查员"
least = "300.00"
most = "1000.00"

[[county]]
code = "370481"
fingerprint = "a1b2 c3d4 e5f6 0718"   # as the paper in the county's safe has it
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.money import fen
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_table import TomlTable
from ledger.base.toml_table import read_toml
from ledger.province.county_figures import CountyFigures
from ledger.province.county_figures import RateRow

_AMOUNT = r"[0-9]{1,9}(?:\.[0-9]{2})?"


class NotTheCountysBooks(Refusal):
    """Books whose beginning is not the one on the county's paper."""

    def __init__(self, fingerprint: str) -> None:
        message = _(
            "the fingerprint of these books is {fingerprint}, and not the one that the province has"
            " written down for the county"
        )
        super().__init__(message.format(fingerprint=fingerprint), fingerprint=fingerprint)


class RateLimit(NamedTuple):
    """Between what a rate of a role is; empty texts stand for any."""

    programme: str
    stage: str
    role: str
    least_fen: int
    most_fen: int


class OutsideLimits(NamedTuple):
    """A rate that is not between its limits."""

    rate: RateRow
    least_fen: int
    most_fen: int


class Limits(Record):
    """``fingerprints`` are by the counties' codes, in sixteen hex digits."""

    rates: tuple[RateLimit, ...] = ()
    fingerprints: tuple[tuple[str, str], ...] = ()

    def require_fingerprint(self, county: str, fingerprint: str) -> None:
        """Raises NotTheCountysBooks where the province has written down another."""
        wanted = [known for code, known in self.fingerprints if code == county]
        # guard: fingerprint-of-the-county
        if wanted and re.sub("[^0-9a-f]", "", fingerprint) not in wanted:
            raise NotTheCountysBooks(fingerprint)

    def outside(self, figures: CountyFigures) -> list[OutsideLimits]:
        """The county's rates that are not as the province allows."""
        return [
            OutsideLimits(rate, limit.least_fen, limit.most_fen)
            for rate in figures.rates
            for limit in self.rates
            # guard: rates-within-limits
            if limit.programme in ("", figures.programme)
            and limit.stage in ("", rate.stage)
            and limit.role == rate.role
            and not limit.least_fen <= rate.rate_fen <= limit.most_fen
        ]


NO_LIMITS = Limits()


def read_limits(path: Path) -> Limits:
    """The limits in a file. Raises MalformedToml."""
    document = read_toml(path)
    limits = Limits(
        tuple(_rate(table) for table in document.tables("rate")),
        tuple(_county(table) for table in document.tables("county")),
    )
    document.end()
    return limits


def _rate(table: TomlTable) -> RateLimit:
    amount = _('must be an amount in quotes, as in "500.00"')
    least, most = (table.matching(key, _AMOUNT, form=amount) for key in ("least", "most"))
    limit = RateLimit(
        table.take("programme", str, ""),
        table.take("stage", str, ""),
        table.line("role"),
        fen(Decimal(least)),
        fen(Decimal(most)),
    )
    if limit.least_fen > limit.most_fen:
        raise table.refusal("most", _("is less than the least"))
    table.end()
    return limit


def _county(table: TomlTable) -> tuple[str, str]:
    code = table.matching("code", "[0-9]{6}", form=_("must be the county's six digits"))
    form = _("must be the sixteen digits of the fingerprint")
    fingerprint = table.matching("fingerprint", "(?:[0-9a-f]{4} ?){4}", form=form)
    table.end()
    return code, fingerprint.replace(" ", "")
