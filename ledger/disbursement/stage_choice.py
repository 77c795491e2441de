"""Which stage somebody means: the one named, the last begun to look at, the only one to act in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.model.ids import StageCode
from ledger.model.rules import Rules
from ledger.model.rules import Stage


class NoSuchStage(Refusal):
    """The rules have no stage of that code, or it has not begun by that day."""

    def __init__(self, code: str, on: datetime.date, begun: Sequence[Stage]) -> None:
        message = _("no stage {code} has begun by {day}; choose one of these: {known}")
        super().__init__(
            message.format(code=code, day=on, known=listed(map(stage_words, begun))),
            stages=[stage.code for stage in begun],
        )


class StageNotNamed(Refusal):
    """What was asked for fits several stages."""

    def __init__(self, fitting: Sequence[Stage]) -> None:
        message = _("this fits several stages: {stages}; say which one is meant")
        super().__init__(
            message.format(stages=listed(map(stage_words, fitting))),
            stages=[stage.code for stage in fitting],
        )


def stage_words(stage: Stage) -> str:
    """``S2 入户登记``."""
    return f"{stage.code} {stage.name}".strip()


def stage_named(rules: Rules, code: StageCode, on: datetime.date) -> Stage:
    """The stage of a code, if it has begun. Raises NoSuchStage."""
    begun = rules.begun(on)
    for stage in begun:
        if stage.code == code:
            return stage
    raise NoSuchStage(code, on, begun)


def stage_to_show(rules: Rules, code: StageCode | None, on: datetime.date) -> Stage:
    """The stage of a code, or else the last begun. Raises NoSuchStage."""
    return rules.begun(on)[-1] if code is None else stage_named(rules, code, on)


def only_stage(fitting: Sequence[Stage], otherwise: Stage) -> Stage:
    """The one that fits; where none does ``otherwise``, whose refusal says why.

    Raises StageNotNamed.
    """
    if len(fitting) > 1:  # guard: stage-never-guessed
        raise StageNotNamed(fitting)
    return fitting[0] if fitting else otherwise
