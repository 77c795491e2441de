"""What is wrong with the cells of a roster, column by column.

Each check takes a column as it stood (``cells``) and as it was read (``texts``), in the order
of the rows, and yields a finding for each row that has one. The first thing wrong with a cell
is its finding: what follows from it would only confuse.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache

from importers.rosters.card_issuers import Card
from importers.rosters.card_issuers import card_of
from importers.rosters.card_issuers import names_another_bank
from importers.rosters.check_digits import is_right_card
from importers.rosters.check_digits import is_right_identity
from importers.rosters.problems import OLDEST_EXPECTED
from importers.rosters.problems import YOUNGEST
from importers.rosters.words import role_of
from importers.rosters.words import roster_words
from importers.rosters.words import vocabulary
from importers.tables.cell_text import HAS_HANZI
from importers.tables.cell_text import is_date
from importers.tables.cell_text import is_hanzi
from importers.tables.cell_text import is_number
from importers.tables.cell_text import is_scientific
from importers.tables.cell_text import person_name
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from ledger.base.outside_text import COMMON_NAME
from ledger.base.outside_text import is_damaged
from ledger.base.records import Record
from ledger.base.records import field as record_field
from ledger.model.name_characters import DOT
from ledger.model.name_characters import fits_gbk
from ledger.model.name_characters import is_printable
from ledger.model.payees import same_account

EARLIEST_BIRTH_YEAR = "1900"
# Of a number Excel keeps no more and writes zeros for the others, 0 for the check digit too.
EXACT_DIGITS = 15
# From so many digits on the zeros are too many for chance.
DIGITS_FOR_ONE_ROUNDED = 18
# Fewer accounts than this may well all end in a zero.
FEWEST_FOR_ROUNDED = 5
SHORTEST_ACCOUNT = 12
LONGEST_ACCOUNT = 30

IDENTITY = re.compile("[0-9]{17}[0-9X]")
_ACCOUNT = re.compile(f"[0-9]{{{SHORTEST_ACCOUNT},{LONGEST_ACCOUNT}}}")
_LATIN_NAME = re.compile("[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ .'-]+")
_PHONE = re.compile("1[3-9][0-9]{9}|(?:0[0-9]{2,3})?[2-9][0-9]{6,7}")


# From so many characters on a name may be two that stand on two lines.
FEWEST_OF_TWO_NAMES = 3
_BANKS_IN_LETTERS = frozenset(
    {"ICBC", "ABC", "CCB", "BOC", "BCM", "PSBC", "CMB", "CITIC", "CEB", "CIB", "SPDB"}
)
_NO_BANKS = frozenset(
    {
        "本人",
        "是的",
        "正确",
        "无误",
        "有卡",
        "已办",
        "未办",
        "已核",
        "已核对",
        "一致",
        "相同",
        "不变",
        "本人卡",
    }
)


class UnplacedProblem(Record):
    """A problem before it has a place: ``position`` counts the rows of the roster from 0."""

    position: int
    field: str
    code: str
    parameters: Mapping[str, str] = record_field(default_factory=dict)


def check_names(
    cells: Iterable[Cell], names: Iterable[str], bank_names: Iterable[str]
) -> Iterator[UnplacedProblem]:
    """``bank_names`` are empty where the bank spells the name alike; bank files are GBK."""
    rows = zip(cells, names, bank_names, strict=True)
    for position, (cell, name, bank_name) in enumerate(rows):
        # Nearly every one.
        if cell == name and not bank_name and COMMON_NAME.fullmatch(name):
            continue
        if not name:
            yield UnplacedProblem(position, "name", "name_missing")
        elif len(name) > FEWEST_OF_TWO_NAMES and _is_two_names(cell):
            yield UnplacedProblem(position, "name", "name_of_two")
        elif len(name) < 2:
            yield UnplacedProblem(position, "name", "name_short")
        elif not _is_name(name):
            yield UnplacedProblem(position, "name", "name_characters", {"sign": _sign_in(name)})
        elif bank_name and is_damaged(bank_name):
            parameters = {"sign": _sign_in(bank_name)}
            yield UnplacedProblem(position, "bank_name", "name_characters", parameters)
        else:
            if not fits_gbk(bank_name or name):
                yield UnplacedProblem(
                    position, "bank_name" if bank_name else "name", "name_not_in_gbk"
                )
            if not is_printable(name):
                yield UnplacedProblem(position, "name", "name_not_printable")


def _is_name(text: str) -> bool:
    """Whether a text has the characters of a name, Chinese with dots between them or Latin."""
    return all(map(is_hanzi, text.split(DOT))) or _LATIN_NAME.fullmatch(text) is not None


def _sign_in(name: str) -> str:
    """The first character that no name has."""
    return next((sign for sign in name if sign != DOT and not HAS_HANZI.match(sign)), name[:1])


def _is_two_names(cell: Cell) -> bool:
    """Whether names of two people stand on two lines of a cell."""
    if not isinstance(cell, str) or not ("\n" in cell or "\r" in cell):
        return False
    lines = [person_name(line) for line in cell.splitlines()]
    return len([line for line in lines if len(line) > 1]) > 1 and all(
        _is_name(line) for line in lines if line
    )


def check_identities(
    cells: Iterable[Cell], texts: Sequence[str], tables: Sequence[int]
) -> Iterator[UnplacedProblem]:
    """``tables`` are the numbers of the tables where the rows stand.

    One of eleven numbers that were rounded has the right check digit by chance: it is known by
    the company of others, and without any is doubtful.
    """
    codes = list(map(identity_problem, cells, texts))
    rounded = _tables_with("identity_rounded", codes, tables)
    for position, (code, text, table) in enumerate(zip(codes, texts, tables, strict=True)):
        if code in ("", "identity_elderly") and _ends_in_zeros(text):
            # guard: rounded-identity
            yield UnplacedProblem(position, "identity", _zeros("identity", table in rounded))
        elif code:
            yield UnplacedProblem(position, "identity", code)


def _ends_in_zeros(number: str) -> bool:
    """Whether a number has more digits than Excel keeps, and every further one is a zero."""
    return len(number) > EXACT_DIGITS and not number[EXACT_DIGITS:].strip("0")


def _tables_with(code: str, codes: Iterable[str], tables: Iterable[int]) -> frozenset[int]:
    return frozenset(table for own, table in zip(codes, tables, strict=True) if own == code)


def _zeros(field: str, rounded: bool) -> str:
    """The code of a number that ends in zeros and whose check digit is right."""
    return f"{field}_rounded" if rounded else "number_zeros"


def identity_problem(cell: Cell, identity: str) -> str:
    """The code of what is wrong with an identity number (GB 11643-1999), or an empty string.

    The first six digits are where the number was given out, not where the person was born or
    lives, and are not looked at.
    """
    if not identity:
        return "identity_missing"
    if cell != identity:
        if is_date(cell):
            return "number_as_date"
        if len(identity) > EXACT_DIGITS and is_number(cell):
            return "identity_rounded"
    if not IDENTITY.fullmatch(identity):
        return _misformed_identity(identity)
    if not _has_date_of_birth(identity):
        return "identity_date"
    if not is_right_identity(identity):
        # A text that ends like this was a number once: Excel has made zeros of its last digits.
        return "identity_rounded" if _ends_in_zeros(identity) else "identity_check_digit"
    born = identity[6:14]
    too_old, old_enough = _ages_on(vocabulary().programme.reference_day)
    if born > old_enough:
        return "identity_age"
    return "identity_elderly" if born <= too_old else ""


def _misformed_identity(identity: str) -> str:
    if is_scientific(identity):
        return "identity_rounded"
    old = len(identity) == 15 and identity.isascii() and identity.isdigit()
    return "identity_old" if old else "identity_form"


def _has_date_of_birth(identity: str) -> bool:
    """Whether the eight digits of an identity number that are to be a day are one."""
    try:
        datetime.date.fromisoformat(identity[6:14])
    except ValueError:
        return False
    return identity[6:10] >= EARLIEST_BIRTH_YEAR


@lru_cache(maxsize=8)
def _ages_on(day: datetime.date) -> tuple[str, str]:
    """The last day of birth, as identity numbers have it, of who is older on a day than is
    expected, and of who is old enough.
    """
    too_old, old_enough = (
        f"{day.year - years:04}{day.month:02}{day.day:02}"
        for years in (OLDEST_EXPECTED + 1, YOUNGEST)
    )
    return too_old, old_enough


def check_accounts(
    cells: Iterable[Cell],
    accounts: Sequence[str],
    identities: Iterable[str],
    cards: Iterable[Card | None],
    tables: Sequence[int],
) -> Iterator[UnplacedProblem]:
    """``cards`` are those that the accounts are, ``tables`` the numbers of the tables where the
    rows stand.
    """
    codes = _account_codes(cells, accounts, identities, tables)
    for position, (code, account, card) in enumerate(zip(codes, accounts, cards, strict=True)):
        if card and code in ("", "account_luhn") and len(account) != card.digits:
            parameters = {"issuer": card.issuer.name, "digits": str(card.digits)}
            yield UnplacedProblem(position, "account", "account_length", parameters)
        elif code:
            yield UnplacedProblem(position, "account", code)


def _account_codes(
    cells: Iterable[Cell], accounts: Sequence[str], identities: Iterable[str], tables: Sequence[int]
) -> list[str]:
    """A code, or an empty string, for each account; those that were rounded are told by three
    zeros and a wrong Luhn digit, or by others of the table.

    A genuine number among them comes back too, and is typed as it was.
    """
    codes = list(map(account_problem, cells, accounts, identities))
    sound = [row for row, code in enumerate(codes) if code in ("", "account_luhn")]
    zeros = [row for row in sound if _ends_in_zeros(accounts[row])]
    all_rounded = _tables_of_zeros_only(accounts, tables, sound) if zeros else ()
    for row in zeros:
        long = len(accounts[row]) >= DIGITS_FOR_ONE_ROUNDED
        # guard: rounded-account
        if tables[row] in all_rounded or (long and codes[row] == "account_luhn"):
            codes[row] = "account_rounded"
    rounded = _tables_with("account_rounded", codes, tables)
    for row in zeros:
        if codes[row] == "" and len(accounts[row]) >= DIGITS_FOR_ONE_ROUNDED:
            codes[row] = _zeros("account", tables[row] in rounded)
    return codes


def _tables_of_zeros_only(
    accounts: Sequence[str], tables: Sequence[int], rows: Iterable[int]
) -> frozenset[int]:
    """The tables in which every account of more digits than Excel keeps ends in zeros."""
    long: dict[int, set[str]] = {}
    for row in rows:
        if len(accounts[row]) > EXACT_DIGITS:
            long.setdefault(tables[row], set()).add(accounts[row])
    return frozenset(
        table
        for table, numbers in long.items()
        if len(numbers) >= FEWEST_FOR_ROUNDED and all(map(_ends_in_zeros, numbers))
    )


def account_problem(cell: Cell, account: str, identity: str) -> str:
    """The code of what is wrong with a bank account, or an empty string.

    A number is refused even when it is short: its leading zeros are gone.
    """
    if not account:
        return "account_missing"
    as_typed = cell == account and _ACCOUNT.fullmatch(account) is not None
    if not as_typed and is_date(cell):
        return "number_as_date"
    if not as_typed and (is_number(cell) or is_scientific(account)):
        return "account_rounded"
    bare = same_account(account)
    if bare == identity or _is_identity(bare):
        return "account_is_identity"
    if not as_typed:
        if isinstance(cell, str) and _has_two_accounts(cell):  # guard: accounts-not-glued
            return "account_several"
        if not _ACCOUNT.fullmatch(account):
            return "account_form"
    return "" if is_right_card(account) else "account_luhn"


def _has_two_accounts(cell: str) -> bool:
    """Whether a cell holds two numbers, each as long as an account, or one that is a whole card:
    groups of four digits, and a number that goes on in the next line, are one.
    """
    if cell.isdigit():
        return False
    groups = [group for group in re.split("[^0-9]+", plain_text(cell)) if len(group) > 1]
    if len(groups) < 2:
        return False
    long = [group for group in groups if len(group) >= SHORTEST_ACCOUNT]
    return len(long) > 1 or any(map(_is_whole_card, long))


def _is_whole_card(number: str) -> bool:
    card = card_of(number)
    return card is not None and len(number) == card.digits and is_right_card(number)


def _is_identity(text: str) -> bool:
    return (
        len(text) == 18
        and IDENTITY.fullmatch(text) is not None
        and _has_date_of_birth(text)
        and is_right_identity(text)
    )


def check_banks(
    banks: Sequence[str], cards: Iterable[Card | None], names: Iterable[str]
) -> Iterator[UnplacedProblem]:
    """``cards`` are those that the accounts are."""
    problems = {bank: _bank_problem(bank) for bank in set(banks)}
    for position, (bank, card, name) in enumerate(zip(banks, cards, names, strict=True)):
        problem = problems[bank] or (_not_a_bank(bank) if bank == name else "")
        if problem:  # guard: bank-is-a-bank
            yield UnplacedProblem(position, "bank", problem)
        elif card and names_another_bank(bank, card.issuer):
            parameters = {"issuer": card.issuer.name}
            yield UnplacedProblem(position, "bank", "bank_not_of_card", parameters)


def _bank_problem(bank: str) -> str:
    """What is wrong with the words for a bank whoever's it is, or an empty string."""
    if not bank:
        return "bank_missing"
    return _not_a_bank(bank) if role_of(bank) or not _may_be_bank(bank) else ""


def _may_be_bank(text: str) -> bool:
    """Whether a text can be a bank's name: words, and none that stands for something else."""
    if text in roster_words().ditto or text in roster_words().vacant or text in _NO_BANKS:
        return False
    return len(HAS_HANZI.findall(text)) > 1 or text.upper() in _BANKS_IN_LETTERS


def _not_a_bank(text: str) -> str:
    return "bank_ditto" if text in roster_words().ditto else "bank_form"


def check_phones(phones: Iterable[str]) -> Iterator[UnplacedProblem]:
    """An empty phone is nothing to complain about: nobody is paid by phone."""
    for position, phone in enumerate(phones):
        if phone and not _PHONE.fullmatch(phone):
            yield UnplacedProblem(position, "phone", "phone_form")
