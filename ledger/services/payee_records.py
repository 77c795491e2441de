"""Decisions about a payee's record: held changes, the bank's spelling, the post, who has left.

Each decision is logged in the registry with its reason. One that was typed is kept as an original
of its own, so that every change has a source.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

from ledger.base.actor_and_clock import require_near
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.masks import mask_numbers
from ledger.base.outside_text import is_plain
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.figures.payee_listing import NoSuchPayee
from ledger.model.history import History
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.payees import Payee
from ledger.model.payees import same_account
from ledger.model.programme import PostKind
from ledger.model.programme import Programme
from ledger.model.transitions import State
from ledger.payments.eligibility import state_over_stages
from ledger.payments.eligibility import with_money_out
from ledger.registry.change_log import NO
from ledger.registry.change_log import YES
from ledger.registry.change_log import HeldChange
from ledger.registry.change_log import Source
from ledger.registry.registry import Registry
from ledger.services.releases import ReasonMissing
from ledger.services.unit_of_work import Work

LONGEST_NAME = 60
TOWN_DIGITS, AREA_DIGITS, BLOCK_DIGITS = 9, 12, 15
POST_FIELDS = ("role", "town", "area", "area_name", "block")


class NothingHeld(Refusal):
    """There is nothing to confirm or to decline of a payee."""

    def __init__(self, payee: PayeeId) -> None:
        message = _("no change of {payee} is held")
        super().__init__(message.format(payee=payee), payee=payee)


class NotToConfirm(Refusal):
    """What a change would give to a payee is somebody else's by now."""

    def __init__(self, payee: PayeeId, other: str, *, account: bool) -> None:
        number = _("account") if account else _("identity number")
        message = _(
            "the new {number} of {payee} is that of {other}; nothing was confirmed. Where {other}"
            " gets another one too, confirm both at once; else find out whose it is, and decline"
            " the change"
        )
        super().__init__(
            message.format(number=number, payee=payee, other=other),
            payee=payee,
            other=other,
            field="account" if account else "identity",
        )


class NotABankName(Refusal):
    """What no bank can have as the holder of an account."""

    def __init__(self) -> None:
        message = _(
            "the name at the bank is empty, longer than {longest} characters, or has digits in it;"
            " give it as the bank spells it"
        )
        super().__init__(message.format(longest=LONGEST_NAME))


class RoleUnclear(Refusal):
    """A post that no role has, or several."""

    def __init__(self, roles: Sequence[str]) -> None:
        if roles:
            message = _("{roles} have such posts: change the person's role by a roster")
        else:
            message = _("no role of the programme has such posts")
        super().__init__(message.format(roles=listed(roles)), roles=list(roles))


class NotAPost(Refusal):
    """What is no code of a census block or area of the county."""

    def __init__(self, code: str) -> None:
        message = _(
            "{code} is no post: give the 15 digits of a census block for an enumerator, or the 12"
            " of a census area for a supervisor; they begin with the code of a town"
        )
        super().__init__(message.format(code=mask_numbers(code)))


class MoneyWasSent(Refusal):
    """A post for which money was sent and not taken back: what is paid for it stays with it."""

    def __init__(self, payee: PayeeId, state: State) -> None:
        message = _(
            "{payee} is {state} for her post, and what was sent for a post stays with it; only the"
            " post of somebody who is due is changed"
        )
        super().__init__(
            message.format(payee=payee, state=state.word), payee=payee, state=state.value
        )


class AlreadySo(Refusal):
    """A decision that would change nothing."""


def chosen(payees: Iterable[Payee], ids: Sequence[PayeeId]) -> list[Payee]:
    """The payees of these ids, each once, in the order given. Raises NoSuchPayee."""
    by_id = {payee.payee_id: payee for payee in payees}
    for payee_id in ids:
        if payee_id not in by_id:
            raise NoSuchPayee(payee_id)
    return [by_id[payee_id] for payee_id in dict.fromkeys(ids)]


def held_of(registry: Registry, payees: Sequence[Payee]) -> list[HeldChange]:
    """What is open of these payees, of each at least one change. Raises NothingHeld."""
    serials = {payee.serial for payee in payees}
    held = [change for change in registry.held.open() if change.serial in serials]
    waiting = {change.serial for change in held}
    for payee in payees:
        if payee.serial not in waiting:
            raise NothingHeld(payee.payee_id)
    return held


def confirm(work: Work, held: Sequence[HeldChange], reason: str, on: datetime.date) -> None:
    """Make held changes, all of them or none. They count from the day ``on``.

    Raises ReasonMissing, and NotToConfirm when a number is another payee's by now.
    """
    reason = kept_reason(work, reason, on)
    payees = {payee.serial: payee for payee in work.registry.payees()}
    for change in held:
        values: dict[str, Any] = {change.field: change.new}
        payees[change.serial] = replace(payees[change.serial], **values)
    _require_own(payees, held)  # guard: account-not-anothers
    with work.changing_records() as registry:
        for change in held:
            registry.change(
                payees[change.serial],
                {change.field: (change.old, change.new)},
                change.source,
                on=on,
                reason=reason,
            )


def _require_own(payees: Mapping[int, Payee], held: Sequence[HeldChange]) -> None:
    """Raises NotToConfirm where two people would have one number."""
    for field in ("identity", "account"):
        same: Callable[[str], str] = same_account if field == "account" else str
        asked = {same(change.new): change.serial for change in held if change.field == field}
        for other in payees.values():
            serial = asked.get(same(getattr(other, field)))
            if serial is not None and serial != other.serial:
                payee = payees[serial].payee_id
                raise NotToConfirm(payee, other.payee_id, account=field == "account")


def decline(work: Work, held: Sequence[HeldChange], reason: str, on: datetime.date) -> None:
    """Decide that held changes are not made; the same file does not bring them up again."""
    reason = kept_reason(work, reason, on)
    with work.changing_records() as registry:
        registry.held.decline(held, reason)


def set_bank_name(work: Work, payee: Payee, name: str, reason: str, on: datetime.date) -> None:
    """Write a payee's name as her bank spells it; the legal name stays. Raises NotABankName."""
    reason = kept_reason(work, reason, on)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or any(char.isdecimal() for char in name):
        raise NotABankName
    if not is_plain(name):
        raise NotABankName
    if name == payee.bank_name:
        message = _("the name of {payee} at the bank is that already")
        raise AlreadySo(message.format(payee=payee.payee_id))
    change = {"bank_name": (payee.bank_name, name)}
    with decision(work, "payees set-bank-name", [payee], reason, name=name) as source:
        work.registry.change(payee, change, source, on=on, reason=reason)


def with_post(payee: Payee, code: str, payees: Iterable[Payee], programme: Programme) -> Payee:
    """The payee on another post: 15 digits are a block, 12 a whole area.

    Her role stays if it has such posts; else it is the one that has. The area is called as
    ``payees`` of the same area have it. Raises NotAPost or RoleUnclear.
    """
    code = code.strip()
    town = programme.by_code.get(TownCode(code[:TOWN_DIGITS]))
    is_block = len(code) == BLOCK_DIGITS
    is_code = code.isascii() and code.isdigit() and len(code) in (AREA_DIGITS, BLOCK_DIGITS)
    if town is None or not is_code:
        raise NotAPost(code)
    code = town.code + code[TOWN_DIGITS:]
    area = code[:AREA_DIGITS]
    names = (other.area_name for other in payees if other.area == area and other.area_name)
    return replace(
        payee,
        role=_role_on(payee, "block" if is_block else "area", programme),
        town=town.code,
        area=area,
        area_name=next(names, ""),
        block=code if is_block else "",
    )


def _role_on(payee: Payee, kind: PostKind, programme: Programme) -> str:
    if programme.post_kind(payee.role) == kind:
        return payee.role
    roles = [role.name for role in programme.roles if role.post == kind]
    if len(roles) != 1:  # guard: role-of-the-post-clear
        raise RoleUnclear(roles)
    return roles[0]


def others_on_post(payees: Iterable[Payee], moved: Payee, history: History) -> list[Payee]:
    """Who else is on the post that somebody would be moved to, or has money for it."""
    out = with_money_out(history)
    return [
        one
        for one in payees
        if one.post == moved.post
        and one.serial != moved.serial
        and (one.active or one.payee_id in out)
    ]


def set_post(work: Work, payee: Payee, code: str, reason: str, on: datetime.date) -> Payee:
    """Correct a payee's post, and return her on it. Raises NotAPost, MoneyWasSent or AlreadySo."""
    reason = kept_reason(work, reason, on)
    state = state_over_stages(payee.payee_id, work.books.history)
    if state != State.DUE:  # guard: post-of-who-is-due
        raise MoneyWasSent(payee.payee_id, state)
    moved = with_post(payee, code, work.registry.payees(), work.books.programme)
    if moved.post == payee.post:
        raise AlreadySo(_("{payee} is on that post already").format(payee=payee.payee_id))
    changes = {
        field: (old, new)
        for field in POST_FIELDS
        if (old := getattr(payee, field)) != (new := getattr(moved, field))
    }
    with decision(work, "payees set-post", [payee], reason, post=moved.post) as source:
        work.registry.change(payee, changes, source, on=on, reason=reason)
    return moved


def set_active(
    work: Work, payees: Collection[Payee], active: bool, reason: str, on: datetime.date
) -> None:
    """Write that payees have left, or that they have not. Raises AlreadySo for one of whom it is.

    Who has left is owed nothing new, and what was returned is not paid again; what was sent stands.
    """
    reason = kept_reason(work, reason, on)
    for payee in payees:
        if payee.active == active:
            already = _("{payee} has not left") if active else _("{payee} has left already")
            raise AlreadySo(already.format(payee=payee.payee_id))
    change = {"active": (NO, YES) if active else (YES, NO)}
    name = "payees activate" if active else "payees deactivate"
    with decision(work, name, payees, reason) as source:
        for payee in payees:
            work.registry.change(payee, change, source, on=on, reason=reason)


def kept_reason(work: Work, reason: str, on: datetime.date) -> str:
    """The reason as it is kept. Raises ReasonMissing or DateAhead."""
    reason = mask_numbers(reason).strip()
    if not reason:
        raise ReasonMissing
    require_near(on, work.today)
    return reason


@contextmanager
def decision(
    work: Work, command: str, payees: Iterable[Payee], reason: str, **facts: str
) -> Iterator[Source]:
    """A transaction with what was typed, kept as the original that its changes come from."""
    stamp = work.acting.stamp()
    text = {
        "command": command,
        "payees": [payee.payee_id for payee in payees],
        **facts,
        "reason": reason,
        "by": stamp.by,
        "at": stamp.at,
    }
    content = json.dumps(text, ensure_ascii=False, sort_keys=True).encode("utf-8")
    with work.changing_records(stamp) as registry:
        yield Source(registry.keep_original(command, "decision", content), "", 0)
