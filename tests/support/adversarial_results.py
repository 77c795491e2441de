"""The adversarial bank's result files, honest ones and bent ones.

A bent file has one thing wrong among rows that are right: what is wrong is its ``trick``.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from enum import Enum
from hashlib import sha256
from random import Random

from samples.bank import PAID
from samples.bank import Decision
from samples.bank import Fate
from samples.bank import Outcome
from samples.bank import returned
from samples.bank_answers import FORMS
from samples.bank_tables import masked_account
from samples.bank_upload import SentRow
from samples.bank_words import ACCEPTED_TEXTS
from samples.people import digits
from samples.people import with_luhn_digit


class Verdict(Enum):
    """What a careful reader does with a file.

    TAKE: every answer in it was true when it was written and is about one payment of the batch; it
    is accepted, and changes nothing where it came before (see ``AdversarialBank.is_current`` for
    one that has been overtaken). REFUSE: refused whole, nothing changes. EITHER: refused
    whole, or some of its rows taken; then nobody becomes paid or returned of whom ``decisions``
    does not say so (to hold somebody for unknown is allowed).
    """

    TAKE = "take"
    REFUSE = "refuse"
    EITHER = "either"


@dataclass(frozen=True)
class ResultSent:
    """A result file, and the truth about it that its reader must not know.

    ``decisions`` are the true answers in it, ``trick`` is empty for an honest file.
    """

    batch: str
    name: str
    content: bytes = field(repr=False)
    decisions: tuple[Decision, ...] = field(repr=False)
    verdict: Verdict
    trick: str = ""

    @property
    def honest(self) -> bool:
        return not self.trick


# What a bank may say of a payment that it has made good for in some way, or is at again.
UNCLEAR_TEXTS = ("冲账成功", "补发成功", "已挂账", "失败，将自动重发", "业务已撤销", "07")
ORDINARY_FORMS = ("icbc", "icbc", "csv", "csv", "xls", "html")


def honest_file(
    batch: str, decisions: Sequence[Decision], everyone: Sequence[SentRow], random: Random
) -> ResultSent:
    """These answers in some form. ``everyone`` are the batch's rows, which masking may confuse."""
    form = random.choice(ORDINARY_FORMS)
    masked = random.random() < 0.2
    doubtful = masked and confusable(everyone)
    verdict = Verdict.EITHER if doubtful else Verdict.TAKE
    name, content = written(batch, decisions, form, random, masked=masked)
    return ResultSent(batch, name, content, tuple(decisions), verdict)


def written(
    batch: str, decisions: Sequence[Decision], form: str, random: Random, *, masked: bool = False
) -> tuple[str, bytes]:
    """Name and bytes; the same bytes have the same name.

    A list may count its own lines instead of the office's numbers.
    """
    suffix, result = FORMS[form]
    options: dict[str, bool] = {"masked": masked}
    if form == "csv":
        options["renumbered"] = random.random() < 0.5
    content = result(decisions, **options)
    return f"{batch}-{sha256(content).hexdigest()[:8]}{suffix}", content


def confusable(rows: Sequence[SentRow]) -> bool:
    """Whether masked accounts leave two of the rows alike."""
    seen = {(row.name, masked_account(row.account), row.amount) for row in rows}
    return len(seen) < len(rows)


def _change_one(
    decisions: Sequence[Decision], random: Random, change: Callable[[Decision], Decision]
) -> list[Decision]:
    place = random.randrange(len(decisions))
    return [change(d) if at == place else d for at, d in enumerate(decisions)]


def _insert(decisions: Sequence[Decision], random: Random, more: Decision) -> list[Decision]:
    place = random.randint(0, len(decisions))
    return [*decisions[:place], more, *decisions[place:]]


def _wrong_amount(decisions: Sequence[Decision], random: Random) -> list[Decision]:
    """One row is a fen off."""
    off = random.choice((-1, 1))

    def change(decision: Decision) -> Decision:
        fen = decision.row.fen + off
        return replace(decision, row=replace(decision.row, amount=f"{fen // 100}.{fen % 100:02d}"))

    return _change_one(decisions, random, change)


def _wrong_account(decisions: Sequence[Decision], random: Random) -> list[Decision]:
    """One digit of an account is another."""

    def change(decision: Decision) -> Decision:
        account = decision.row.account
        place = random.randrange(6, len(account))
        digit = str((int(account[place]) + random.randint(1, 9)) % 10)
        account = account[:place] + digit + account[place + 1 :]
        return replace(decision, row=replace(decision.row, account=account))

    return _change_one(decisions, random, change)


def _names_swapped(decisions: Sequence[Decision], random: Random) -> list[Decision]:
    """Two people's names have changed places, if two have different names; else one is wrong."""
    one = random.randrange(len(decisions))
    others = [d.row.name for d in decisions if d.row.name != decisions[one].row.name]
    name = random.choice(others) if others else "甄无此"
    bent = list(decisions)
    for place, decision in enumerate(decisions):
        if place == one:
            bent[place] = replace(decision, row=replace(decision.row, name=name))
        elif decision.row.name == name:
            row = replace(decision.row, name=decisions[one].row.name)
            bent[place] = replace(decision, row=row)
    return bent


def _stranger(decisions: Sequence[Decision], random: Random) -> list[Decision]:
    """A row of somebody whom nobody has sent."""
    account = with_luhn_digit("621521" + digits(random, 9))
    row = replace(random.choice(decisions).row, number="", name="甄无此", account=account)
    return _insert(decisions, random, Decision(row, PAID))


def _twice(decisions: Sequence[Decision], random: Random) -> list[Decision]:
    """A row stands there twice: has the bank paid twice?"""
    return _insert(decisions, random, random.choice(decisions))


def _contradiction(decisions: Sequence[Decision], random: Random) -> list[Decision]:
    """A row is both paid and returned."""
    decision = random.choice(decisions)
    other = returned("CLOSED", random) if decision.outcome.is_success else PAID
    return _insert(decisions, random, replace(decision, outcome=other))


REFUSED_TRICKS: dict[str, Callable[[Sequence[Decision], Random], list[Decision]]] = {
    "wrong amount": _wrong_amount,
    "wrong account": _wrong_account,
    "names swapped": _names_swapped,
    "stranger": _stranger,
    "twice": _twice,
    "contradiction": _contradiction,
}
FOREIGN, TRUNCATED, ACCEPTED, HANDLED = "foreign row", "truncated", "accepted", "handled"
TRICKS = (*REFUSED_TRICKS, FOREIGN, TRUNCATED, ACCEPTED, HANDLED)


def bent_file(
    batch: str,
    decisions: Sequence[Decision],
    foreign: Sequence[SentRow],
    trick: str,
    random: Random,
) -> ResultSent:
    """These answers with one of ``TRICKS``; ``foreign`` are rows of other batches.

    Raises ValueError when there is nothing to bend.
    """
    if not decisions or (trick == FOREIGN and not foreign):
        raise ValueError(f"nothing to play this trick with: {trick}")
    if trick == TRUNCATED:
        return _truncated(batch, decisions, random)
    if trick in (ACCEPTED, HANDLED):
        return _half_answered(batch, decisions, trick, random)
    if trick == FOREIGN:
        bent = _insert(decisions, random, Decision(random.choice(foreign), PAID))
    else:
        bent = REFUSED_TRICKS[trick](decisions, random)
    name, content = written(batch, bent, random.choice(ORDINARY_FORMS), random)
    return ResultSent(batch, name, content, (), Verdict.REFUSE, trick)


def _truncated(batch: str, decisions: Sequence[Decision], random: Random) -> ResultSent:
    """The file's end is missing. What is left of a text file may be a valid part."""
    form = random.choice(ORDINARY_FORMS)
    name, content = written(batch, decisions, form, random)
    content = content[: random.randint(1, len(content) - 1)]
    verdict = Verdict.REFUSE if form == "icbc" else Verdict.EITHER
    return ResultSent(batch, name, content, tuple(decisions), verdict, TRUNCATED)


def _half_answered(
    batch: str, decisions: Sequence[Decision], trick: str, random: Random
) -> ResultSent:
    """A row that sounds paid and is not: the order was accepted, or a part was paid."""
    place = random.randrange(len(decisions))
    row = decisions[place].row
    outcome = Outcome(Fate.PENDING, random.choice(ACCEPTED_TEXTS))
    form = random.choice(ORDINARY_FORMS)
    if trick == HANDLED:
        less = row.fen - 1
        outcome = Outcome(Fate.PAID, handled=f"{less // 100}.{less % 100:02d}")
        form = random.choice(("icbc", "xls"))  # the list has no such column
    true = tuple(decision for at, decision in enumerate(decisions) if at != place)
    bent = [*decisions[:place], Decision(row, outcome), *decisions[place + 1 :]]
    name, content = written(batch, bent, form, random)
    return ResultSent(batch, name, content, true, Verdict.EITHER, trick)
