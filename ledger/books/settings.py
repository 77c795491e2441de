"""``census-ledger.toml``: the unit's name, the bank's wishes, how paper looks. No money rules."""

from __future__ import annotations

from pathlib import Path

from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.toml_table import TomlTable
from ledger.base.toml_table import read_toml
from ledger.model.statement_rules import StatementRule
from ledger.model.statement_rules import read_rule

# The columns that headings may be added for.
ROSTER_FIELDS = (
    "name", "bank_name", "identity", "role", "town", "area", "area_name", "block", "phone", "bank",
    "account", "remark",
)  # fmt: skip

RESULT_FIELDS = ("account", "name", "amount", "handled", "status", "reason", "code", "remark")


class Settings(Record):
    """The settings of one set of books; ``key`` names the registry's key file.

    ``paid_words``, ``returned_words`` and ``pending_words`` are what the office's own bank calls a
    payment that was made, came back or is under way, beside the words that are known anyway.
    ``statement_number`` is the bank account's number or its last digits, empty when it is not to be
    compared;
    ``statement_layouts`` are read by the importer of statements. ``group`` is the group of this
    machine that may read payouts, statements and reports; empty when nobody else may.
    ``roster_headings`` and ``roster_footer`` are what else the towns' columns and last lines are
    called, ``result_headings`` what else the columns of the bank's results are.
    """

    unit: str
    key: str
    own_profile: str
    other_profile: str
    paid_words: tuple[str, ...]
    returned_words: tuple[str, ...]
    statement_number: str = ""
    group: str = ""
    statement_rules: tuple[StatementRule, ...] = ()
    statement_layouts: tuple[TomlTable, ...] = ()
    roster_headings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    roster_footer: tuple[str, ...] = ()
    result_headings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pending_words: tuple[str, ...] = ()


def read_settings(books: Path) -> Settings:
    """The settings of the books. Raises MalformedToml, which names the key."""
    return settings_in(read_toml(books / SETTINGS_FILE))


def settings_in(document: TomlTable) -> Settings:
    """The settings that a text has. Raises MalformedToml, which names the key."""
    unit, registry = document.table("unit"), document.table("registry")
    bank, payout = document.table("bank"), document.table("payout")
    statement, roster = document.table("statement"), document.table("roster")
    headings = roster.table("headings")
    result = document.table("result")
    of_results = result.table("headings")
    settings = Settings(
        unit=unit.line("name"),
        key=registry.matching(
            "key", r"[\w.-]+", form=_("must be a file's name of letters, digits, dots and hyphens")
        ),
        own_profile=bank.line("own_profile"),
        other_profile=bank.line("other_profile"),
        paid_words=bank.lines("paid_words", least=0),
        returned_words=bank.lines("returned_words", least=0),
        pending_words=bank.lines("pending_words", least=0),
        group=payout.matching(
            "group", r"[^\s:]*", "", form=_("must be a group's name, without blanks and colons")
        ),
        statement_number=statement.matching(
            "number", "[0-9]*", "", form=_("must be digits, or empty")
        ),
        statement_rules=tuple(map(read_rule, statement.tables("rule"))),
        statement_layouts=tuple(statement.tables("layout")),
        roster_headings=tuple(
            (field, words) for field in ROSTER_FIELDS if (words := headings.lines(field, least=0))
        ),
        roster_footer=roster.lines("footer", least=0),
        result_headings=tuple(
            (field, words) for field in RESULT_FIELDS if (words := of_results.lines(field, least=0))
        ),
    )
    for table in (
        *(unit, registry, bank, payout, statement, headings, roster, of_results, result, document),
    ):
        table.end()
    return settings
