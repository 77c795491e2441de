"""Invented people: identity numbers and bank cards that pass every check and belong to nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from random import Random

from samples.names import Name
from samples.names import common_name

NEIGHBOURING_AREAS = ("370402", "370403", "370406", "370826", "370883", "320322", "371325")
DISTANT_AREAS = ("653121", "653125", "653221", "652901")
FIRST_BIRTH = date(1958, 1, 1)
LAST_BIRTH = date(2001, 12, 31)

RURAL_PREFIXES = ("621521", "622319", "622320")
RURAL_BANKS = (
    "{county}农商行",
    "{county}农商银行",
    "{county}农村商业银行{town}支行",
    "山东{county}农商银行{town}支行",
    "山东{county}农村商业银行股份有限公司{town}支行",
)
# Prefix of a 19-digit card, and how its bank is written down.
OTHER_BANKS = (
    ("622202", "中国工商银行{county}支行"),
    ("621226", "工商银行{county}善国路支行"),
    ("622848", "中国农业银行{whole}支行"),
    ("622848", "农业银行{county}{town}分理处"),
    ("621700", "中国建设银行{county}支行"),
    ("621700", "建设银行{county}荆河支行"),
    ("622188", "中国邮政储蓄银行{whole}支行"),
    ("621098", "邮储银行{county}{town}营业所"),
)
PHONE_PREFIXES = (
    *range(130, 133),
    *range(135, 140),
    150,
    151,
    152,
    156,
    158,
    159,
    176,
    182,
    187,
    188,
)
PASSBOOK_PREFIX = "9140114"
FIRST_PASSBOOK = 30
PASSBOOK_EVERY = 900


@dataclass(frozen=True, slots=True)
class Home:
    """The county that most of the people come from: the code that their identity numbers begin
    with, and its name, short and whole, as its banks have it.
    """

    code: str = "370481"
    name: str = "滕州"
    whole: str = "滕州市"


@dataclass(frozen=True, slots=True)
class Person:
    """``bank_name`` is empty where the bank spells the name as ``name`` does."""

    name: str
    bank_name: str
    identity: str
    phone: str
    bank: str
    account: str

    @property
    def sex(self) -> str:
        return "男" if int(self.identity[16]) % 2 else "女"

    @property
    def age(self) -> int:
        """In years on the census day, 1 November 2020."""
        return 2020 - int(self.identity[6:10]) - (self.identity[10:14] > "1101")


def with_check_character(first_17: str) -> str:
    """The identity number: GB 11643's check character is ISO 7064 MOD 11-2."""
    remainder = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first_17)) % 11
    return first_17 + "10X98765432"[remainder]


def with_luhn_digit(payload: str) -> str:
    """The card number: the payload and its Luhn check digit."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(payload)))
    return payload + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def digits(random: Random, count: int) -> str:
    return f"{random.randrange(10**count):0{count}d}"


def ends_as_rounded(number: str) -> bool:
    """Whether a long number ends in the zeros that a spreadsheet makes of all behind the 15th
    digit: of such a one nobody can say that there is nothing wrong with it."""
    return len(number) >= 18 and not number[15:].strip("0")


class People:
    """Makes people, no two with one identity number, phone or account."""

    def __init__(self, seed: int, home: Home = Home()) -> None:
        self._random = Random(f"{seed}:people")
        self._home = home
        self._taken: set[str] = set()
        self._made = 0

    def person(self, town: str, name: Name | None = None) -> Person:
        """One more person, who banks in the town of this name (without 镇 or 街道)."""
        self._made += 1
        name = name or common_name(self._random)
        bank, account = self._bank_account(town)
        return Person(
            name=name.legal,
            bank_name=name.bank,
            identity=self._unique(lambda: self._identity(name)),
            phone=self._unique(lambda: f"{self._random.choice(PHONE_PREFIXES)}{self._digits(8)}"),
            bank=bank,
            account=account,
        )

    def _digits(self, count: int) -> str:
        return digits(self._random, count)

    def _unique(self, make: Callable[[], str]) -> str:
        made = make()
        while made in self._taken or ends_as_rounded(made):
            made = make()
        self._taken.add(made)
        return made

    def _identity(self, name: Name) -> str:
        area = (
            self._home.code
            if self._random.random() < 0.93
            else self._random.choice(NEIGHBOURING_AREAS)
        )
        if len(name.legal) > 4:
            area = self._random.choice(DISTANT_AREAS)
        days = (LAST_BIRTH - FIRST_BIRTH).days
        birth = FIRST_BIRTH + timedelta(days=self._random.randint(0, days))
        order = 2 * self._random.randrange(1, 400) + name.male
        number = with_check_character(f"{area}{birth:%Y%m%d}{order:03d}")
        if ends_as_rounded(number):
            number = with_check_character(f"{area}{birth:%Y%m%d}{order + 2:03d}")
        return number

    def _bank_account(self, town: str) -> tuple[str, str]:
        home = self._home
        if self._made % PASSBOOK_EVERY == FIRST_PASSBOOK:
            return f"{home.name}农商银行{town}支行", self._unique(self._passbook)
        if self._random.random() < 0.85:
            length, prefix = 16, self._random.choice(RURAL_PREFIXES)
            spelling = self._random.choice(RURAL_BANKS)
        else:
            length, (prefix, spelling) = 19, self._random.choice(OTHER_BANKS)
        card = self._unique(lambda: with_luhn_digit(prefix + self._digits(length - 7)))
        return spelling.format(town=town, county=home.name, whole=home.whole), card

    def _passbook(self) -> str:
        """19 digits, the last of them one past what Luhn asks for."""
        card = with_luhn_digit(PASSBOOK_PREFIX + self._digits(11))
        return card[:-1] + str((int(card[-1]) + 1) % 10)
