"""Dated rules are added to the file of rules: shown as text, proven by loading them, then kept.

Nothing that stands in the file is touched. What is added is loaded with the books before it is
written: it has to be read as what was meant, and may break no rule that was not broken before.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import chain

from ledger.base import durable
from ledger.base.books_folder import RULES_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.money import grouped
from ledger.base.outside_text import cleaned
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.books import load_books
from ledger.model.operators import MAY_ADD_RULES
from ledger.model.operators import Operator
from ledger.model.operators import roles_text
from ledger.model.rules import ApprovalRule
from ledger.model.rules import Limit
from ledger.model.rules import Rate
from ledger.model.rules import Rules
from ledger.model.rules import TaxClass
from ledger.model.rules import TaxRule
from ledger.services.rule_texts import AddedRule
from ledger.services.rule_texts import directive
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


class RuleOfThatDay(Refusal):
    """Another rule of that day says something of the same."""

    def __init__(self, on: datetime.date) -> None:
        message = _(
            "a rule of {day} says something of the same already, and none is taken back: let the"
            " new one begin on a later day"
        )
        super().__init__(message.format(day=on), day=str(on))


class UntaxedWithoutDocument(Refusal):
    """Nobody says by which paper payments to a role are free of the income tax."""

    def __init__(self, role: str) -> None:
        message = _("that {role} is paid without income tax is what a paper says: name the paper")
        super().__init__(message.format(role=role), role=role)


class AddedRules(Record):
    """What is to be added, and the paper that says so."""

    rules: Sequence[AddedRule] = ()
    document: str = ""


class PlannedRules(Record):
    """What is added, its text, the file with it, and the books as they would be then."""

    added: AddedRules
    text: str
    content: bytes
    books: Books

    @property
    def digest(self) -> Digest:
        """Of the whole file: what was shown is what is written."""
        return digest(self.content)


def plan_rules(
    books: Books,
    operator: Operator | None,
    added: AddedRules,
    today: datetime.date,
    beside: Mapping[str, bytes] | None = None,
) -> PlannedRules:
    """What would be written, proven. ``books`` are as they stand; ``beside`` are other files of
    them as they will be by then.

    Raises MayNotAddRules, NothingAdded, RuleOfThatDay, UntaxedWithoutDocument or RulesRefused.
    """
    # guard: rules-by-manager
    if operator is None or MAY_ADD_RULES.isdisjoint(operator.roles):
        raise MayNotAddRules(operator.id if operator else "")
    if not added.rules:
        raise NothingAdded
    _require_said_once(books.rules, added.rules)
    directives = [directive(books.rules, rule, added.document) for rule in added.rules]
    text = signed_lines(operator, today, chain.from_iterable(directives))
    content = with_lines(read_plain(books.folder / RULES_FILE), text)
    after = load_books(books.folder, {**(beside or {}), RULES_FILE: content})
    # guard: added-rules-sound
    if error := first_new_error(books, after):
        raise RulesRefused(error)
    _require_as_meant(books, after, added)
    _require_enough(books, after, today)
    return PlannedRules(added, text, content, after)


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


def _require_said_once(rules: Rules, added: Sequence[AddedRule]) -> None:
    """Raises RuleOfThatDay or UntaxedWithoutDocument."""
    said = {_subject(rule) for rule in _every(rules)}
    for rule in added:
        # guard: untaxed-by-named-paper
        if isinstance(rule, TaxRule) and rule.tax_class is TaxClass.NONE and not rule.document:
            raise UntaxedWithoutDocument(rule.role)
        subject = _subject(rule)
        # guard: one-rule-a-day
        if subject and subject in said:
            raise RuleOfThatDay(rule.date)
        said.add(subject)


def _subject(rule: Record) -> tuple[object, ...] | None:
    """What a rule speaks of, where only one of a day may; None where several may."""
    match rule:
        case Rate():
            return Rate, rule.date, rule.role, rule.stage
        case Limit() | TaxRule():
            return type(rule), rule.date, rule.role
        case ApprovalRule():
            return ApprovalRule, rule.date, rule.from_fen
    return None


def _every(rules: Rules) -> Iterator[Record]:
    """Every rule, of whichever kind."""
    return chain.from_iterable(getattr(rules, name) for name in rules.__struct_fields__)


def signed_lines(operator: Operator, today: datetime.date, lines: Iterable[str]) -> str:
    """Lines below a comment that says who adds them, and when."""
    heading = f"; {today} {operator.id} {cleaned(operator.name)}"
    return "\n".join([heading, *lines]) + "\n"


def with_lines(before: bytes, text: str) -> bytes:
    """A file with a text at its end, and with the ends of lines that it has."""
    newline = "\r\n" if b"\r\n" in before else "\n"
    joint = "" if before.endswith(b"\n") or not before else newline
    return before + (joint + newline + text.replace("\n", newline)).encode("utf-8")


def first_new_error(before: Books, after: Books) -> str:
    """What would be wrong with the books that is not now, also what is a fact: no rule makes one.
    Empty where nothing would be.
    """
    known = Counter(describe(error, before.folder) for error in before.errors)
    found = Counter(describe(error, after.folder) for error in after.errors)
    return next(iter(found - known), "")


def _require_as_meant(before: Books, after: Books, added: AddedRules) -> None:
    """Raises RulesRefused where the text says anything else, or more, than was asked for."""
    asked = Counter(_every(before.rules)) + Counter(added.rules)
    count = len(after.entries) - len(before.entries)
    # guard: added-rules-as-meant
    if Counter(_every(after.rules)) != asked or count != len(added.rules):
        raise RulesRefused(_("the text would be read as something else than what was asked for"))


def _require_enough(before: Books, after: Books, today: datetime.date) -> None:
    """Raises RulesRefused where a line would be given less than is spent or bound of it."""
    old, new = before.ceilings(today).lines_fen, after.ceilings(today).lines_fen
    for line, left_fen in new.items():
        # guard: not-below-what-is-spent
        if left_fen < min(0, old.get(line, 0)):
            message = _("of {line} {amount} more is spent or bound than it would have")
            raise RulesRefused(message.format(line=line.line, amount=grouped(-left_fen)))
