"""The office's own rules for statement lines: what a line is by its words, in the toml's order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ledger.base.language import gettext as _
from ledger.base.money import fen
from ledger.base.records import Record
from ledger.base.toml_table import TomlTable
from ledger.model.bank_lines import BankLine

IN = "in"
OUT = "out"
EITHER = "either"


class StatementRule(Record):
    """Lines that are booked against an account, when all that is said here fits.

    ``counterparty`` and ``words`` fit when any of them is found in the other side's name or in
    the line's text; amounts are in fen, without a sign, and both ends count.
    """

    account: str
    counterparty: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    direction: str = EITHER
    at_least_fen: int = 0
    at_most_fen: int | None = None

    def fits(self, line: BankLine) -> bool:
        amount_fen = abs(line.amount_fen)
        if self.direction != EITHER and (line.amount_fen > 0) != (self.direction == IN):
            return False
        if amount_fen < self.at_least_fen:
            return False
        if self.at_most_fen is not None and amount_fen > self.at_most_fen:
            return False
        if self.counterparty and not any(word in line.counterparty for word in self.counterparty):
            return False
        return not self.words or any(word in line.text for word in self.words)


def read_rule(table: TomlTable) -> StatementRule:
    """One ``[[statement.rule]]`` of the settings. Raises MalformedToml, which names the key."""
    counterparty = table.lines("counterparty", least=0)
    words = table.lines("words", least=0)
    if not counterparty and not words:
        raise table.refusal("words", _("a rule has words or a counterparty to know its lines by"))
    at_most = table.take("at_most", str, "")
    rule = StatementRule(
        account=table.line("account"),
        counterparty=counterparty,
        words=words,
        direction=table.one_of("direction", (IN, OUT, EITHER), EITHER),
        at_least_fen=_amount(table, "at_least", table.take("at_least", str, "0")),
        at_most_fen=_amount(table, "at_most", at_most) if at_most else None,
    )
    table.end()
    return rule


def _amount(table: TomlTable, key: str, text: str) -> int:
    try:
        return fen(Decimal(text.replace(",", "")))
    except (ValueError, ArithmeticError):
        raise table.refusal(key, _('must be an amount in quotes, such as "50.00"')) from None


def account_by_rules(line: BankLine, rules: Sequence[StatementRule]) -> str:
    """The account of the first rule that fits; empty when none does."""
    for rule in rules:
        if rule.fits(line):
            return rule.account
    return ""
