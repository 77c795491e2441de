"""The page 编制批次: who is due, what the money reaches, which ceiling binds, and the batch."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import request
from werkzeug.wrappers import Response as Answer

from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.digests import Digest
from ledger.base.language import ngettext
from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.disbursement.proposal import Proposal
from ledger.disbursement.proposal import Request
from ledger.model.accounts import name_of
from ledger.model.ids import FundCode
from ledger.model.ids import StageCode
from ledger.model.ids import TownCode
from ledger.model.operators import roles_text
from ledger.model.programme import Programme
from ledger.payments.allocation import CannotPay
from ledger.payments.eligibility import Eligibility
from ledger.services.disburse import disburse
from ledger.services.disburse import preview
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.progress import counted
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.page_words import role_words
from ledger.web.page_words import rules_words
from ledger.web.page_words import what_is_awaited
from ledger.web.page_words import why_not

FORM = "plan"
SALT_BYTES = 8
NAMED = 10


class Group(Record):
    """People who are not in the batch, and why; some of them by name."""

    reason: str
    count: int
    names: Sequence[str]


def show(desk: Desk) -> str:
    """The batch as it would be, by what the address asks for."""
    return _page(desk, Form(request.args))


def make(desk: Desk) -> Answer | tuple[str, int]:
    """Make the batch that was shown, or show what it would be now."""
    form = desk.form()
    try:
        wanted = _request(desk, form)
        with desk.work(seen=form.seen) as work:
            proposal, _files = disburse(
                work,
                wanted,
                salt=secrets.token_hex(SALT_BYTES),
                expected=Digest(form.text("digest")),
                track=partial(counted, desk),
            )
    except (Refusal, OSError) as refusal:
        return _page(desk, form, desk.problem(FORM, refusal)), NOT_DONE
    people, yuan = len(proposal.instructions), grouped(proposal.plan.amount_fen)
    done = ngettext(
        "Batch {batch} is prepared: {people} person, {yuan} yuan.",
        "Batch {batch} is prepared: {people} people, {yuan} yuan.",
        people,
    ).format(batch=proposal.batch, people=f"{people:,}", yuan=yuan)
    return desk.go(f"/disbursement/{proposal.batch}", done)


def _request(desk: Desk, form: Form) -> Request:
    """What is asked for. A town that nobody knows is none of the page's, and pays nobody."""
    on = form.day() if form.text("on") else desk.today()
    towns = tuple(TownCode(code) for code in form.all("town") if code)
    fund, stage = FundCode(form.text("fund")), StageCode(form.text("stage"))
    return Request(on, towns, fund or None, form.is_on("limit"), stage or None)


def _page(desk: Desk, form: Form, problem: Problem | None = None) -> str:
    """The plan as of now, and why there is none or the last was refused."""
    books = desk.whole()
    programme, actor = books.programme, _actor(desk)
    found: dict[str, Any] = {}
    on = desk.today()
    try:
        wanted = _request(desk, form)
        on = wanted.on

        def plan() -> tuple[dict[str, Any], Problem | None]:
            acting = Acting(actor, desk.sessions.clock)
            try:
                with desk.place.registry() as registry:
                    return _found(preview(books, registry, wanted, acting), programme), None
            except CannotPay as refusal:
                waiting = _waiting(refusal.eligibility, programme)
                return {"waiting": waiting}, desk.problem(FORM, refusal)

        found, refused = desk.once(("plan", wanted, actor.operator), plan)
        problem = problem or refused
    except Refusal as refusal:
        problem = problem or desk.problem(FORM, refusal)
    chosen = set(form.all("town"))
    return desk.render(
        "plan.html",
        on=on,
        towns=[(town.code, town.name, town.code in chosen) for town in programme.towns],
        funds=[
            (fund.code, _("Only {code} {name}").format(code=fund.code, name=fund.name))
            for fund in books.rules.funds
        ],
        fund=form.text("fund"),
        stages=[(stage.code, stage.name) for stage in books.rules.named_stages],
        stage=form.text("stage"),
        limit=form.is_on("limit"),
        problem=problem,
        **found,
    )


def _actor(desk: Desk) -> Actor:
    """Who tries it; what is only tried is not signed."""
    assert desk.login is not None, "the route asks for a role"
    return Actor(desk.login.operator)


def _found(proposal: Proposal, programme: Programme) -> dict[str, Any]:
    """What the page shows of a batch that can be made."""
    rows: dict[str, tuple[int, int]] = {}
    of_funds: dict[str, tuple[int, int]] = {}
    for one in proposal.instructions:
        for totals, key in ((rows, one.town_name), (of_funds, one.fund)):
            people, fen = totals.get(key, (0, 0))
            totals[key] = (people + 1, fen + one.amount_fen)
    names = {charge.fund.code: charge.fund.name for charge in proposal.plan.charges}
    files: dict[str, int] = {}
    for one in proposal.instructions:
        files[one.bank_file] = files.get(one.bank_file, 0) + 1
    left = proposal.plan.eligibility.needed_fen - proposal.plan.amount_fen
    before, now = proposal.rules_of_more, proposal.asked.rules
    return {
        "batch": proposal.batch,
        "stage_name": proposal.stage.name,
        "digest": proposal.plan_digest,
        "people": len(proposal.instructions),
        "yuan": grouped(proposal.plan.amount_fen),
        "tax": grouped(proposal.plan.tax_fen) if proposal.plan.tax_fen else "",
        "after_tax": grouped(proposal.plan.amount_fen - proposal.plan.tax_fen),
        "by_town": [(name, people, grouped(fen)) for name, (people, fen) in rows.items()],
        "by_fund": [
            (f"{code} {names[FundCode(code)]}", people, grouped(fen))
            for code, (people, fen) in sorted(of_funds.items())
        ],
        "ceilings": _ceilings(proposal, names),
        "files": list(files.items()),
        "left": (
            len(proposal.plan.eligibility.eligible) - len(proposal.instructions),
            grouped(left),
        ),
        "asked": role_words(roles_text(proposal.asked.roles).split()),
        "fewer": None if before is None else (rules_words(before), rules_words(now)),
        "waiting": _waiting(proposal.plan.eligibility, programme),
    }


def _ceilings(proposal: Proposal, names: dict[FundCode, str]) -> list[tuple[str, str, str]]:
    """What was available of lines, funds and cash, and what is left of it after the batch."""
    lines: dict[Any, int] = {}
    funds: dict[Any, int] = {}
    for charge in proposal.plan.charges:
        if charge.due.standing is None:
            key = (charge.fund.code, charge.due.line)
            lines[key] = lines.get(key, 0) + charge.due.amount_fen
            funds[charge.fund.code] = funds.get(charge.fund.code, 0) + charge.due.amount_fen
    rows = [
        (f"{names[line.fund]} · {name_of(line.line)}", fen, lines[line.fund, line.line])
        for line, fen in proposal.ceilings.lines_fen.items()
        if (line.fund, line.line) in lines
    ]
    rows += [
        (_("{names} (money received)").format(names=names[code]), fen, funds[code])
        for code, fen in proposal.ceilings.funds_fen.items()
        if code in funds
    ]
    rows.append((_("In the bank"), proposal.ceilings.cash_fen, proposal.plan.amount_fen))
    return [(name, grouped(fen), grouped(fen - used)) for name, fen, used in rows]


def _waiting(eligibility: Eligibility, programme: Programme) -> list[Group]:
    """Who is not in the batch: those who wait for something by name, the others by number."""
    groups: dict[str, list[str]] = {}
    for blocked in eligibility.blocked:
        payee = blocked.payee
        reason = what_is_awaited(blocked.reason, blocked.reason_class)
        town = programme.town_name(payee.town)
        groups.setdefault(reason, []).append(f"{payee.payee_id} {payee.legal_name} {town}")
    found = [Group(reason, len(names), names[:NAMED]) for reason, names in groups.items()]
    for reason, count in sorted(eligibility.settled.items()):
        found.append(Group(why_not(reason), count, ()))
    return found


ROUTES = (
    Route(GET, "/disbursement/plan", show, CLERK),
    Route(POST, "/disbursement/plan", make, CLERK),
)
