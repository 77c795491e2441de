"""Which stages are paid by what lists of work say, and what they count."""

from __future__ import annotations

from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.model.rules import StageKind


def stages_with_lists(rules: Rules) -> list[Stage]:
    """Those that are paid by units, by amounts that a list names, or to whom a list names."""
    by_list = {rate.stage for rate in rules.rates if rate.listed}
    return [
        stage
        for stage in rules.stages
        if stage.kind is not StageKind.FIXED or stage.code in by_list
    ]


def counted_units(rules: Rules) -> tuple[str, ...]:
    """What is counted in any stage."""
    return tuple(dict.fromkeys(stage.unit for stage in rules.stages if stage.unit))
