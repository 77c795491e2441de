"""Dated rules are added to the file of rules: shown as text, proven by loading them, then kept.

Nothing that stands in the file is touched. What is added is loaded with the books before it is
written: it has to be read as what was meant, and may break no rule that was not broken before.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence

from ledger.base import durable
from ledger.base.books_folder import RULES_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.money import CURRENCY
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.outside_text import cleaned
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.books import load_books
from ledger.events.event_text import quoted
from ledger.model.operators import MAY_ADD_RULES
from ledger.model.operators import Operator
from ledger.model.operators import roles_text
from ledger.model.rules import BudgetChange
from ledger.model.rules import Rate
from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.services.unit_of_work import Work


class MayNotAddRules(Refusal):
    """The operator may not add rules of money."""

    def __init__(self, operator: str) -> None:
        roles = roles_text(MAY_ADD_RULES)
        message = _("operator {operator} may not add rules of money: that takes {roles}")
        super().__init__(
            message.format(operator=operator, roles=roles), operator=operator, roles=roles
        )


class NothingAdded(Refusal):
    """No rule was given."""

    def __init__(self) -> None:
        super().__init__(_("nothing is to be added: give an amount at least"))


class RulesRefused(Refusal):
    """With the rules added the books would be wrong. They were not written."""

    def __init__(self, first: str) -> None:
        message = _("with these rules the books would be wrong, and they were not written: {first}")
        super().__init__(message.format(first=first))


class RulesChanged(Refusal):
    """The file of rules is not what it was when the text was shown."""

    def __init__(self) -> None:
        message = _("{file} was changed meanwhile: nothing was written; look at the text again")
        super().__init__(message.format(file=RULES_FILE))


class AddedRules(Record):
    """What is to be added, and the paper that says so."""

    budget: Sequence[BudgetChange] = ()
    rates: Sequence[Rate] = ()
    stages: Sequence[Stage] = ()
    document: str = ""


class PlannedRules(Record):
    """The text that is added, the file with it, and the books as they would be then."""

    text: str
    content: bytes
    books: Books

    @property
    def digest(self) -> Digest:
        """Of the whole file: what was shown is what is written."""
        return digest(self.content)


def plan_rules(
    books: Books, operator: Operator | None, added: AddedRules, today: datetime.date
) -> PlannedRules:
    """What would be written, proven. ``books`` are as they stand.

    Raises MayNotAddRules, NothingAdded or RulesRefused.
    """
    # guard: rules-by-manager
    if operator is None or MAY_ADD_RULES.isdisjoint(operator.roles):
        raise MayNotAddRules(operator.id if operator else "")
    if not added.budget and not added.rates and not added.stages:
        raise NothingAdded
    before = read_plain(books.folder / RULES_FILE)
    heading = f"; {today} {operator.id} {cleaned(operator.name)}"
    text = "\n".join([heading, *_directives(books.rules, added)]) + "\n"
    newline = "\r\n" if b"\r\n" in before else "\n"
    joint = "" if before.endswith(b"\n") or not before else newline
    content = before + (joint + newline + text.replace("\n", newline)).encode("utf-8")
    after = load_books(books.folder, {RULES_FILE: content})
    _require_no_new_error(books, after)
    _require_as_meant(books, after, added)
    _require_enough(books, after, today)
    return PlannedRules(text, content, after)


def add_rules(work: Work, added: AddedRules, expected: Digest) -> PlannedRules:
    """Write the rules that were shown: the file is the old one or the new one, whatever happens.

    Raises RulesChanged, or what :func:`plan_rules` raises.
    """
    by = work.books.history.operators.get(work.acting.actor.operator)
    planned = plan_rules(work.books, by, added, work.today)
    # guard: rules-as-shown
    if planned.digest != expected:
        raise RulesChanged
    path = work.books.folder / RULES_FILE
    durable.replace_file(path, planned.content)
    work.books = planned.books
    return planned


def _directives(rules: Rules, added: AddedRules) -> Iterator[str]:
    for named in added.stages:
        words = [named.code, named.name, named.kind, *filter(None, [named.unit])]
        yield f'{named.date} custom "census-stage" {" ".join(map(quoted, words))}'
    for change in added.budget:
        fund = rules.fund(change.fund)
        assert fund is not None, "a change is of a fund of the rules"
        amount = f"{plain(change.amount_fen)} {CURRENCY}"
        account = f"{fund.expenses}:{change.line}"
        yield f'{change.date} custom "census-budget" {account} {amount} {quoted(change.kind)}'
        yield from _document(added.document)
    for rate in added.rates:
        stage = f"{quoted(rate.stage)} " if rules.named_stages else ""
        amount = f"{plain(rate.amount_fen)} {CURRENCY}"
        head = f'{rate.date} custom "census-rate" {quoted(rate.role)}'
        yield f"{head} {stage}{amount} {quoted(rate.item)}"
        if rate.minimum_fen:
            yield f"  minimum: {plain(rate.minimum_fen)} {CURRENCY}"
        if rate.maximum_fen is not None:
            yield f"  maximum: {plain(rate.maximum_fen)} {CURRENCY}"
        if rate.listed:
            yield "  listed: TRUE"
        yield from _document(added.document)


def _document(document: str) -> Iterator[str]:
    if document.strip():
        yield f"  document: {quoted(document.strip())}"


def _require_no_new_error(before: Books, after: Books) -> None:
    """Raises RulesRefused, also for what is a fact: no rule makes one."""
    known = Counter(describe(error, before.folder) for error in before.errors)
    found = Counter(describe(error, after.folder) for error in after.errors)
    new = found - known
    if new:  # guard: added-rules-sound
        raise RulesRefused(next(iter(new)))


def _require_as_meant(before: Books, after: Books, added: AddedRules) -> None:
    """Raises RulesRefused where the text says anything else, or more, than was asked for."""
    old, new = before.rules, after.rules
    budget = Counter(new.budget) - Counter(old.budget)
    rates = Counter(new.rates) - Counter(old.rates)
    stages = Counter(new.named_stages) - Counter(old.named_stages)
    as_asked = budget == Counter(added.budget) and rates == Counter(added.rates)
    others = replace(new, budget=old.budget, rates=old.rates, named_stages=old.named_stages) == old
    count = len(after.entries) - len(before.entries)
    asked = len(added.budget) + len(added.rates) + len(added.stages)
    # guard: added-rules-as-meant
    if not as_asked or stages != Counter(added.stages) or not others or count != asked:
        raise RulesRefused(_("the text would be read as something else than what was asked for"))


def _require_enough(before: Books, after: Books, today: datetime.date) -> None:
    """Raises RulesRefused where a line would be given less than is spent or bound of it."""
    old, new = before.ceilings(today).lines_fen, after.ceilings(today).lines_fen
    for line, left_fen in new.items():
        # guard: not-below-what-is-spent
        if left_fen < min(0, old.get(line, 0)):
            message = _("of {line} {amount} more is spent or bound than it would have")
            raise RulesRefused(message.format(line=line.line, amount=grouped(-left_fen)))
