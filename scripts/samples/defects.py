"""The defects that a town's clerk makes, and which towns they are planted in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samples.county import ENUMERATOR
from samples.county import SUPERVISOR
from samples.office import Worker
from samples.people import with_check_character
from samples.sheets import Cell


def _always(worker: Worker) -> bool:
    return True


@dataclass(frozen=True)
class Defect:
    """One cell that is wrong: ``spoil`` makes it from the worker whose row it should be.

    ``prefers`` picks a telling person where the town has one.
    """

    code: str
    field: str
    what: str
    spoil: Callable[[Worker], Cell]
    prefers: Callable[[Worker], bool] = _always


@dataclass(frozen=True)
class PairDefect:
    """Two rows of a file that cannot both be right; both come back."""

    code: str
    field: str
    what: str


@dataclass(frozen=True)
class Elsewhere:
    """A row that repeats someone of a town earlier in the order of codes."""

    code: str
    field: str
    what: str
    first_town: str


def _as_excel_number(text: str) -> float:
    """Excel keeps fifteen digits of a number and fills up with zeros."""
    return float(text[:15] + "0" * (len(text) - 15))


def _wrong_check_character(worker: Worker) -> str:
    identity = worker.person.identity
    return identity[:-1] + ("3" if identity[-1] != "3" else "8")


def _swapped_digits(worker: Worker) -> str:
    """Two neighbouring digits of the order number swapped, as fingers do; else the last changed."""
    identity = worker.person.identity
    for place in (14, 15):
        left, right = identity[place], identity[place + 1]
        if left != right:
            return identity[:place] + right + left + identity[place + 2 :]
    return _wrong_check_character(worker)


def _on_31_february(worker: Worker) -> str:
    identity = worker.person.identity
    return with_check_character(identity[:10] + "0231" + identity[14:17])


def _of_her_child(worker: Worker) -> str:
    return with_check_character(worker.person.identity[:6] + "20040517" + "024")


def _with_letters(worker: Worker) -> str:
    account = worker.person.account
    return account[:5] + "O" + account[6:12] + "l"


NAME_MISSING = Defect("name_missing", "name", "the name is missing", lambda worker: "")
IDENTITY_MISSING = Defect(
    "identity_missing", "identity", "the identity number is missing", lambda worker: ""
)
IDENTITY_MISTYPED = Defect(
    "identity_check_digit", "identity", "the last character is wrong", _wrong_check_character
)
IDENTITY_SWAPPED = Defect(
    "identity_check_digit", "identity", "two digits are swapped", _swapped_digits
)
IDENTITY_DATE = Defect("identity_date", "identity", "born on 31 February", _on_31_february)
IDENTITY_AGE = Defect("identity_age", "identity", "the number of a child of sixteen", _of_her_child)
IDENTITY_OLD = Defect(
    "identity_old",
    "identity",
    "a number of fifteen digits, of the kind before 2013",
    lambda worker: worker.person.identity[:6] + worker.person.identity[8:17],
)
IDENTITY_ROUNDED = Defect(
    "identity_rounded",
    "identity",
    "stored as a number: Excel kept fifteen digits",
    lambda worker: _as_excel_number(worker.person.identity),
    prefers=lambda worker: worker.person.identity[-1] != "X",
)
ROLE_UNKNOWN = Defect("role_unknown", "role", "a cook", lambda worker: "厨师")
TOWN_UNKNOWN = Defect(
    "town_unknown", "town", "a town that the county does not have", lambda worker: "南沙镇"
)
BLOCK_CODE = Defect(
    "block_code",
    "block",
    "a digit of the block's code is missing",
    lambda worker: worker.post.block[:-1],
    prefers=lambda worker: worker.post.role == ENUMERATOR,
)
ACCOUNT_MISSING = Defect(
    "account_missing",
    "account",
    "a supervisor's account is missing",
    lambda worker: "",
    prefers=lambda worker: worker.post.role == SUPERVISOR,
)
ACCOUNT_LETTERS = Defect(
    "account_form", "account", "thirteen characters, letters among them", _with_letters
)
ACCOUNT_PHONE = Defect(
    "account_form",
    "account",
    "the phone number in place of the account",
    lambda worker: worker.person.phone,
)
ACCOUNT_ROUNDED = Defect(
    "account_rounded",
    "account",
    "sixteen digits stored as a number: Excel kept fifteen",
    lambda worker: _as_excel_number(worker.person.account),
    prefers=lambda worker: len(worker.person.account) == 16 and worker.person.account[-1] != "0",
)
ACCOUNT_ROUNDED_LONG = Defect(
    "account_rounded",
    "account",
    "a long card number stored as a number: Excel kept fifteen digits",
    lambda worker: _as_excel_number(worker.person.account),
    prefers=lambda worker: len(worker.person.account) == 19,
)
ACCOUNT_SCIENTIFIC = Defect(
    "account_rounded",
    "account",
    "saved as CSV by Excel, which wrote the number like 6.21521E+15",
    lambda worker: f"{int(worker.person.account):.5E}",
)
ACCOUNT_IS_IDENTITY = Defect(
    "account_is_identity",
    "account",
    "the identity number in place of the account",
    lambda worker: worker.person.identity,
)
BANK_MISSING = Defect("bank_missing", "bank", "the bank is missing", lambda worker: "")
DUPLICATE = PairDefect(
    "duplicate_in_file", "identity", "one person on two rows; another holds one of the blocks"
)
ACCOUNT_SHARED = PairDefect("account_shared", "account", "two people on one card")
REGISTERED_ELSEWHERE = Elsewhere(
    "registered_elsewhere",
    "block",
    "someone who stands in the roster of 龙泉街道 too; another holds this block",
    "龙泉街道",
)

AnyDefect = Defect | PairDefect | Elsewhere

# At most three rows a town, two of them enumerators': the smallest town has no more. Pairs and
# what needs an enumerator stand first.
PLAN: dict[str, tuple[AnyDefect, ...]] = {
    "荆河街道": (IDENTITY_MISTYPED, ACCOUNT_MISSING),
    "北辛街道": (IDENTITY_ROUNDED, ACCOUNT_ROUNDED, ROLE_UNKNOWN),
    "善南街道": (ACCOUNT_ROUNDED_LONG, ACCOUNT_IS_IDENTITY, IDENTITY_AGE),
    "洪绪镇": (ACCOUNT_PHONE, IDENTITY_SWAPPED),
    "南沙河镇": (BLOCK_CODE, TOWN_UNKNOWN, NAME_MISSING),
    "滨湖镇": (DUPLICATE, IDENTITY_MISSING),
    "西岗镇": (ACCOUNT_SHARED, IDENTITY_DATE),
    "鲍沟镇": (ACCOUNT_SCIENTIFIC, BANK_MISSING),
    "柴胡店镇": (IDENTITY_OLD, ACCOUNT_LETTERS),
    "东郭镇": (REGISTERED_ELSEWHERE,),
}
