"""The text of a dated rule, as it stands in the file of rules."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.money import CURRENCY
from ledger.base.money import plain
from ledger.events.event_text import quoted
from ledger.model.rules import ApprovalRule
from ledger.model.rules import BudgetChange
from ledger.model.rules import Limit
from ledger.model.rules import Rate
from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.model.rules import TaxRule

# What can be added to the rules that are there.
AddedRule = Stage | BudgetChange | Rate | Limit | ApprovalRule | TaxRule


def directive(rules: Rules, rule: AddedRule, document: str) -> Iterator[str]:
    """The lines of a rule that is added to others, and the paper that says so."""
    if isinstance(rule, TaxRule):
        document = rule.document
    yield f'{rule.date} custom "census-{_said(rules, rule)}'
    if isinstance(rule, Rate):
        yield from _below(rule)
    if document.strip():
        yield f"  document: {quoted(document.strip())}"


def _said(rules: Rules, rule: AddedRule) -> str:
    """Which kind of rule it is, and its values."""
    match rule:
        case Stage():
            words = [rule.code, rule.name, rule.kind, *filter(None, [rule.unit])]
            return f'stage" {_quoted(*words)}'
        case BudgetChange():
            fund = rules.fund(rule.fund)
            assert fund is not None, "a change is of a fund of the rules"
            account = f"{fund.expenses}:{rule.line}"
            return f'budget" {account} {_amount(rule.amount_fen)} {quoted(rule.kind)}'
        case Rate():
            stage = [rule.stage] if rules.named_stages else []
            amount = _amount(rule.amount_fen)
            return f'rate" {_quoted(rule.role, *stage)} {amount} {quoted(rule.item)}'
        case Limit():
            return f'limit" {quoted(rule.role)} {_amount(rule.amount_fen)}'
        case ApprovalRule():
            return f'approval" {_amount(rule.from_fen)} {_quoted(*rule.roles)}'.rstrip()
        case TaxRule():
            return f'tax" {_quoted(rule.role, rule.tax_class)}'


def _below(rate: Rate) -> Iterator[str]:
    if rate.minimum_fen:
        yield f"  minimum: {_amount(rate.minimum_fen)}"
    if rate.maximum_fen is not None:
        yield f"  maximum: {_amount(rate.maximum_fen)}"
    if rate.listed:
        yield "  listed: TRUE"


def _quoted(*words: str) -> str:
    return " ".join(map(quoted, words))


def _amount(amount_fen: int) -> str:
    return f"{plain(amount_fen)} {CURRENCY}"
