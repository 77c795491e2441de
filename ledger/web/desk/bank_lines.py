"""The page 流水: the account's lines, and what those are that nobody has explained yet."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from beancount.core.data import Transaction
from flask import request
from werkzeug.wrappers import Response as Answer

from importers.matching.suggestions import suggestions
from ledger.base.digests import digest
from ledger.base.language import page_gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.model.accounts import BANK
from ledger.model.accounts import is_suspense
from ledger.model.accounts import name_of
from ledger.model.accounts import within
from ledger.model.history import EnteredLine
from ledger.model.ids import BankLineId
from ledger.model.transitions import EventKind
from ledger.services.explanation_targets import explaining_accounts
from ledger.services.explanations import Explanation
from ledger.services.explanations import explain
from ledger.services.explanations import find_line
from ledger.services.explanations import plan_explanation
from ledger.services.statement_rules import PlannedRule
from ledger.services.statement_rules import add_rule
from ledger.services.statement_rules import plan_rule
from ledger.web.desk.desk import Desk
from ledger.web.desk.forms import Form
from ledger.web.desk.forms import Problem
from ledger.web.desk.forms import ShownAnew
from ledger.web.desk.front import NOT_DONE
from ledger.web.desk.routes import CLERK
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import POST
from ledger.web.desk.routes import Route
from ledger.web.views import View

Done = Answer | tuple[str, int]
FORM = "explain"
# The newest lines that are shown at once.
SHOWN = 300


class Line(Record):
    """A line of a statement as people read it; ``back`` is the event by which it was explained."""

    line: EnteredLine
    who: str
    text: str
    amount: str
    balance: str
    what: str
    may_be: Sequence[tuple[str, str]]
    back: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is known of it."""
        line = self.line
        return bool(line.suspense_fen) and not line.void_batch and not line.barred_batch


def show(desk: Desk) -> str:
    view = desk.view()
    books = view.books
    lines = sorted(books.history.lines.values(), key=lambda line: line.date)
    explained = _explained(books)
    fits = _fits(desk, view)
    said = [_line(line, explained, fits.get(line.id, ())) for line in reversed(lines)]
    return desk.render(
        "bank.html",
        on=view.on,
        is_cut=view.is_cut,
        unexplained=[one for one in reversed(said) if one.line.suspense_fen],
        lines=said[:SHOWN],
        more=max(0, len(said) - SHOWN),
        may=desk.may(CLERK),
    )


def show_line(desk: Desk, line: str) -> str:
    """A line that nobody has explained, and the entry that an explanation would make."""
    return _page(desk, line, Form(request.args))


def explain_line(desk: Desk, line: str) -> Done:
    """Book the explanation that was shown."""
    form = desk.form()
    try:
        with desk.work(seen=form.seen) as work:
            planned = plan_explanation(work, line, _target(form), _day(form))
            # guard: explained-as-shown
            if form.text("shown") != _digest(planned):
                raise ShownAnew
            explain(work, planned, note=mask_numbers(form.text("note")))
    except (Refusal, OSError) as refusal:
        return _page(desk, line, form, desk.problem(FORM, refusal)), NOT_DONE
    return desk.go(
        "/bank",
        _("{line} is explained: {account}.").format(
            line=planned.line.id, account=in_words(planned.name)
        ),
    )


def show_rule(desk: Desk, line: str) -> str:
    """A rule by which lines like this one are booked from now on, as the settings would have it."""
    return _rule_page(desk, line, Form(request.args))


def make_rule(desk: Desk, line: str) -> Done:
    """Write the rule that was shown."""
    form = desk.form()
    try:
        with desk.work(seen=form.seen) as work:
            planned = _planned_rule(work.books, find_line(work.books, line), form)
            # guard: rule-as-shown
            if form.text("shown") != _digest_of_rule(planned):
                raise ShownAnew
            add_rule(work, planned)
    except (Refusal, OSError) as refusal:
        return _rule_page(desk, line, form, desk.problem("rule", refusal)), NOT_DONE
    return desk.go(
        "/bank",
        _("Such lines are entered to {account} from now on.").format(
            account=in_words(planned.rule.account)
        ),
    )


def _planned_rule(books: Books, line: EnteredLine, form: Form) -> PlannedRule:
    counterparty, words = form.text("counterparty"), form.text("words")
    return plan_rule(books, line, form.text("target"), counterparty=counterparty, words=words)


def _digest_of_rule(planned: PlannedRule) -> str:
    return digest(f"{planned.after}\n{planned.text}".encode())[:32]


def _rule_page(desk: Desk, name: str, form: Form, problem: Problem | None = None) -> str:
    books = desk.whole()
    line = find_line(books, name)
    planned: PlannedRule | None = None
    if form.text("target"):
        try:
            planned = _planned_rule(books, line, form)
        except Refusal as refusal:
            problem = problem or desk.problem("rule", refusal)
    one = _line(line, _explained(books), ())
    typed = bool(form.sent)
    return desk.render(
        "bank_rule.html",
        one=one,
        accounts=[(account, in_words(account)) for account in explaining_accounts(books)],
        target=form.text("target"),
        counterparty=form.text("counterparty") if typed else one.who,
        words=form.text("words") if typed else "",
        planned=planned,
        shown=_digest_of_rule(planned) if planned else "",
        problem=problem,
    )


def _fits(desk: Desk, view: View) -> Mapping[BankLineId, Sequence[str]]:
    """What each unexplained line may be."""

    def make() -> Mapping[BankLineId, Sequence[str]]:
        with desk.place.registry() as registry:
            return suggestions(view.books, registry)

    return view.once("fits", make)


def _target(form: Form) -> str:
    """What the line is: shares of batches where they are typed, else what was picked."""
    return form.text("split") or form.text("target")


def _day(form: Form) -> Any:
    return form.day() if form.text("on") else None


def _page(desk: Desk, name: str, form: Form, problem: Problem | None = None) -> str:
    books = desk.whole()
    line = find_line(books, name)
    fits = _fits(desk, desk.books.view(desk.today()))
    planned: Explanation | None = None
    if _target(form) and line.suspense_fen and desk.may(CLERK):
        try:
            with desk.work(signs=False) as work:
                planned = plan_explanation(work, name, _target(form), _day(form))
        except (Refusal, OSError) as refusal:
            problem = problem or desk.problem(FORM, refusal)
    return desk.render(
        "bank_line.html",
        one=_line(line, _explained(books), fits.get(line.id, ())),
        batches=[batch.id for batch in books.history.batches.values()],
        accounts=[(account, in_words(account)) for account in explaining_accounts(books)],
        target=form.text("target"),
        split=form.text("split"),
        typed_day=form.text("on"),
        note=form.text("note"),
        planned=planned,
        parts=_parts(planned),
        shown=_digest(planned) if planned else "",
        may=desk.may(CLERK),
        problem=problem,
    )


def _parts(planned: Explanation | None) -> list[tuple[str, str]]:
    """The entry: what the line takes out goes there, and what it brings in comes from there."""
    if planned is None:
        return []
    return [
        (
            in_words(part.account)
            + (_(" ({batch})").format(batch=part.batch) if part.batch else ""),
            grouped(part.amount_fen),
        )
        for part in planned.parts
    ]


def in_words(account: str) -> str:
    """An account's name without what Beancount calls its kind; a batch is called as it is."""
    _kind, _colon, name = account.partition(":")
    return name.replace(":", " · ") or account


def _digest(planned: Explanation) -> str:
    """What was shown of an explanation."""
    shown = f"{planned.line.id} {planned.day} {planned.name} {list(planned.parts)}"
    return digest(shown.encode())[:32]


def _line(
    line: EnteredLine, explained: dict[str, tuple[int, Transaction]], may_be: Sequence[str]
) -> Line:
    entry = line.entry
    back, said = explained.get(line.id, (None, entry))
    return Line(
        line,
        mask_numbers(entry.payee or ""),
        mask_numbers(entry.narration or ""),
        grouped(line.amount_fen),
        "" if line.balance_fen is None else grouped(line.balance_fen),
        _what(line, said),
        [(name, in_words(name)) for name in may_be],
        back,
    )


def _what(line: EnteredLine, entry: Transaction) -> str:
    """What the line is in the books, by the entry that says it."""
    if line.suspense_fen:
        if line.void_batch:
            return _(
                "Not explained: may be what the bank took for the void batch {void_batch}"
            ).format(void_batch=line.void_batch)
        if line.barred_batch:
            return _("Not explained: batch {barred_batch} was submitted without approval").format(
                barred_batch=line.barred_batch
            )
        return _("Not explained")
    if line.by_hand:
        return _("Entry by hand {by_hand}").format(by_hand=line.by_hand)
    if line.batches:
        return _(", ").join(_("Batch {batch}").format(batch=batch) for batch, _fen in line.batches)
    others = [
        " · ".join(map(name_of, posting.account.split(":")[1:]))
        for posting in entry.postings
        if not within(posting.account, BANK) and not is_suspense(posting.account)
    ]
    return _(", ").join(dict.fromkeys(others))


def _explained(books: Books) -> dict[str, tuple[int, Transaction]]:
    """By which event in force each line was explained, and by which entry."""
    return {
        link: (event.seq, entry)
        for event in books.history.in_force
        if event.kind == EventKind.EXPLAINED
        for entry in event.entries
        for link in entry.links or ()
    }


ROUTES = (
    Route(GET, "/bank", show),
    Route(GET, "/bank/<line>", show_line, CLERK),
    Route(POST, "/bank/<line>", explain_line, CLERK),
    Route(GET, "/bank/<line>/rule", show_rule, CLERK),
    Route(POST, "/bank/<line>/rule", make_rule, CLERK),
)
