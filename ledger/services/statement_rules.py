"""A rule for statement lines is made from one that somebody has explained: always so."""

from __future__ import annotations

import json
from collections.abc import Sequence

from importers.matching.suggestions import as_bank_line
from ledger.base import durable
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.outside_text import cleaned
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.toml_table import content_of
from ledger.base.toml_table import parse_toml
from ledger.books.books import Books
from ledger.books.rehearsal import require_role
from ledger.books.settings import settings_in
from ledger.model.history import EnteredLine
from ledger.model.statement_rules import IN
from ledger.model.statement_rules import OUT
from ledger.model.statement_rules import StatementRule
from ledger.model.transitions import EventKind
from ledger.services.explanation_targets import find_account
from ledger.services.unit_of_work import Work


class RuleWithoutWords(Refusal):
    """A rule that would fit every line."""

    def __init__(self) -> None:
        super().__init__(_("a rule knows its lines by the other side, or by words of the text"))


class RuleMissesLine(Refusal):
    """A rule that does not fit the line from which it is made."""

    def __init__(self) -> None:
        super().__init__(
            _("the other side or the text of the line does not have these words: take some it has")
        )


class PlannedRule(Record):
    """A rule, as ``text`` at the end of the settings; ``fits`` are unexplained lines that it fits.

    ``after`` is what the settings say now.
    """

    rule: StatementRule
    text: str
    fits: Sequence[EnteredLine]
    after: str


def plan_rule(
    books: Books, line: EnteredLine, account: str, *, counterparty: str, words: str
) -> PlannedRule:
    """The rule by which lines like this one are booked against an account from now on.

    Raises NoSuchAccount, NotToExplainBy, RuleWithoutWords, RuleMissesLine or MalformedToml.
    """
    named = [_words(counterparty), _words(words)]
    if not any(named):  # guard: rule-knows-its-lines
        raise RuleWithoutWords
    rule = StatementRule(
        account=find_account(books, account),
        counterparty=named[0],
        words=named[1],
        direction=IN if line.amount_fen > 0 else OUT,
    )
    if not rule.fits(as_bank_line(line)):  # guard: rule-fits-its-line
        raise RuleMissesLine
    after = content_of(books.folder / SETTINGS_FILE)
    unexplained = [one for one in books.history.lines.values() if one.suspense_fen]
    fits = [one for one in unexplained if rule.fits(as_bank_line(one))]
    return PlannedRule(rule, _text(rule), fits, after)


def add_rule(work: Work, planned: PlannedRule) -> None:
    """Write a planned rule behind those that the settings have.

    Raises RoleMissing, or MalformedToml where the settings could not be read with it.
    """
    require_role(work.books.history, work.acting.actor.operator, EventKind.EXPLAINED)
    path = work.books.folder / SETTINGS_FILE
    text = f"{planned.after.rstrip()}\n\n{planned.text}"
    settings_in(parse_toml(path.name, text))
    durable.replace_file(path, text.encode("utf-8"))


def _words(text: str) -> tuple[str, ...]:
    """What was typed, without numbers of anybody."""
    said = mask_numbers(cleaned(text)).strip()
    return (said,) if said else ()


def _text(rule: StatementRule) -> str:
    """The rule as the settings have it."""
    fields = [
        ("counterparty", list(rule.counterparty)),
        ("words", list(rule.words)),
        ("direction", rule.direction),
        ("account", rule.account),
    ]
    said = [f"{key} = {_value(value)}" for key, value in fields if value]
    return "\n".join(["[[statement.rule]]", *said, ""])


def _value(value: object) -> str:
    """A text or texts in quotation marks: TOML's are JSON's."""
    return json.dumps(value, ensure_ascii=False)
