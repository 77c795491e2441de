"""The programme of new books: a template, the county's towns, the rules that go with it.

Towns come from the national list, which is read here alone; the books keep their own.
"""

from __future__ import annotations

import datetime
import gzip
import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.base.books_folder import PROGRAMME_FILE
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.base.records import field
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import Value
from ledger.base.toml_edit import with_values
from ledger.base.toml_table import content_of
from ledger.base.toml_table import parse_toml
from ledger.model.programme import Programme
from ledger.model.programme_file import NAME
from ledger.model.programme_file import programme_of

TEMPLATES = Path(__file__).parent / "programmes"
TOWNS_FILE = TEMPLATES / "towns.tsv.gz"
DEFAULT_PROGRAMME = "population-census-2020"
RULES_TEMPLATE = Path(__file__).parent / "template" / "rules.beancount"

SUBSIDY_LINE = "30226劳务费"
# By the part of an account's name that is a fund's: the account of its income.
FUNDS = {
    "01本级财政": "Income:4001财政拨款收入:01本级财政",
    "02上级补助": "Income:4601非同级财政拨款收入:02上级补助",
}
# Economic classes that such an office spends under.
OTHER_LINES = (
    "30201办公费",
    "30202印刷费",
    "30204手续费",
    "30207邮电费",
    "30211差旅费",
    "30215会议费",
    "30216培训费",
    "30227委托业务费",
    "30239其他交通费用",
    "30299其他商品和服务支出",
    "31002办公设备购置",
)

BUDGET_LINES = (SUBSIDY_LINE, *OTHER_LINES)

TOWNS_COMMENT = (
    "# 县和它的镇（街道）。改名、新增、合并都在这里改；以前的编码和名称写在 former 里，"
    "花名册里照样认得。"
)
# A county as it stands in the template: its own table and those of its towns, up to the next table.
_TABLE = re.compile(r"^\s*\[\[?[\w.]+\]\]?\s*(?:#.*)?$")
_OF_COUNTY = re.compile(r"^\s*(?:\[county\]|\[\[town\]\])")
_BANK_ACCOUNT = re.compile(r'(?m)^(\[bank\]\n(?:(?!\[).*\n)*?account\s*=\s*)"[^"\n]*"')
# Names in a refusal: more would not be read.
COUNTIES_NAMED = 30


class County(NamedTuple):
    """A county-level unit of the national list; ``towns`` are codes with names."""

    code: str
    province: str
    city: str
    name: str
    towns: tuple[str, ...]

    @property
    def words(self) -> str:
        """``370404 山东省枣庄市峄城区``."""
        city = self.city if self.city[-1] in "市州盟区" and self.city != self.name else ""
        return f"{self.code} {self.province}{city if city != '市辖区' else ''}{self.name}"


class FirstFigures(Record):
    """What the first rules say, in fen: ``budget`` by the fund's and the line's part of an account,
    ``rates`` of everybody of a role; ``document`` is the paper that gave the budget.
    """

    budget: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rates: Mapping[str, int] = field(default_factory=dict)
    document: str = ""


class NewProgramme(Record):
    """What ``init`` writes: ``programme.toml`` as a text and as it is read, and the rules."""

    text: str
    programme: Programme
    rules: str

    @property
    def opening(self) -> datetime.date:
        """The first day of the books: that of the year of the reference day."""
        return self.programme.reference_day.replace(month=1, day=1)

    def with_figures(self, figures: FirstFigures) -> NewProgramme:
        """The same with the office's own budget and rates in its rules."""
        return replace(self, rules=_rules_to_fill(self.programme, figures))

    def with_values(self, values: Mapping[str, Value]) -> NewProgramme:
        """The same with other values in ``programme.toml``. Raises MalformedToml."""
        text = with_values(PROGRAMME_FILE, self.text, values)
        return replace(self, text=text, programme=programme_of(parse_toml(PROGRAMME_FILE, text)))

    @property
    def unit(self) -> str:
        """What the office is called where nobody says it."""
        return f"{self.programme.county_name}{self.programme.name}领导小组办公室"


NO_FIGURES = FirstFigures()


class NoSuchProgramme(Refusal):
    """Neither a template nor a file is called so."""

    def __init__(self, name: str) -> None:
        message = _("there is no programme {name}: name one of {templates}, or a file")
        super().__init__(message.format(name=name, templates=listed(template_names())), name=name)


class NoSuchCounty(Refusal):
    """The national list has no county like that."""

    def __init__(self, name: str) -> None:
        message = _(
            "there is no county {name} in the national list: write its code of six digits or its"
            " whole name, as in 370404 or 峄城区"
        )
        super().__init__(message.format(name=name), county=name)


class SeveralCounties(Refusal):
    """A county's name that several have."""

    def __init__(self, name: str, counties: Sequence[County]) -> None:
        more = ["…"] if len(counties) > COUNTIES_NAMED else []
        shown = listed([county.words for county in counties[:COUNTIES_NAMED]] + more)
        message = _("several counties are called {name}: {counties}; write the code of yours")
        super().__init__(
            message.format(name=name, counties=shown),
            counties=[county.code for county in counties],
        )


class NoCountyNamed(Refusal):
    """A template that is of no county."""

    def __init__(self, name: str) -> None:
        message = _("the programme {name} is of no county yet: say which county it is in")
        super().__init__(message.format(name=name))


class UnfitBankName(Refusal):
    """A name that cannot be a part of an account's name."""

    def __init__(self, name: str) -> None:
        message = _("{name} cannot name the bank account: letters, characters and digits alone")
        super().__init__(message.format(name=name))


def new_programme(
    name: str = DEFAULT_PROGRAMME,
    *,
    today: datetime.date,
    county: str | None = None,
    bank: str | None = None,
) -> NewProgramme:
    """The programme of a template or a file, in its own county or in another.

    Raises NoSuchProgramme, NoSuchCounty, SeveralCounties, NoCountyNamed, UnfitBankName, or
    MalformedToml.
    """
    is_template = name in template_names()
    file = TEMPLATES / f"{name}.toml" if is_template else Path(name)
    if not (is_template or file.is_file()):
        raise NoSuchProgramme(name)
    text = content_of(file).replace("{today}", str(today))
    parse_toml(file.name, text)  # What is no TOML is said to be none.
    own = _county_of(text)
    found = find_county(county) if county is not None else None
    if found is None and own is None:
        raise NoCountyNamed(name)
    is_another = found is not None and found.code != own
    if found is not None and is_another:
        text = _in_county(text, found)
    if bank is not None:
        if not re.fullmatch(NAME, bank):
            raise UnfitBankName(bank)
        text = _BANK_ACCOUNT.sub(rf'\g<1>"{bank}"', text)
    programme = programme_of(parse_toml(file.name, text))
    illustration = TEMPLATES / f"{name}.beancount"
    if is_template and not is_another and illustration.exists():
        rules = illustration.read_text(encoding="utf-8")
    else:
        rules = _rules_to_fill(programme)
    return NewProgramme(text, programme, rules)


def _county_of(text: str) -> str | None:
    """The code of the county that a template is of already."""
    county = _parted(text)[1]
    found = re.search(r'(?m)^\s*code\s*=\s*"([0-9]{6})"', county)
    return found[1] if found else None


def _parted(text: str) -> tuple[str, str]:
    """A template without its county and towns, and these."""
    parts: dict[bool, list[str]] = {False: [], True: []}
    of_county = False
    for line in text.splitlines(keepends=True):
        if _TABLE.match(line):
            of_county = _OF_COUNTY.match(line) is not None
        parts[of_county].append(line)
    return "".join(parts[False]), "".join(parts[True])


def _in_county(text: str, county: County) -> str:
    """The template with the towns of the national list in place of what towns it has."""
    kept, _own = _parted(text)
    kept = kept.replace(TOWNS_COMMENT, "").rstrip("\n")
    lines = [
        kept,
        "",
        TOWNS_COMMENT,
        "[county]",
        f'code = "{county.code}"',
        f'name = "{county.name}"',
    ]
    for town in county.towns:
        lines += ["", "[[town]]", f'code = "{town[:9]}"', f'name = "{town[9:]}"']
    return "\n".join(lines) + "\n"


def subsidy_item(programme: Programme) -> str:
    """The line and item that the programme's payments are charged to."""
    return f"{SUBSIDY_LINE}:01{programme.payment}"


def _rules_to_fill(programme: Programme, figures: FirstFigures = NO_FIGURES) -> str:
    """Rules with the figures there are; the other lines wait for theirs."""
    opening = programme.reference_day.replace(month=1, day=1)
    budget, rates = [], []
    for fund in FUNDS:
        for line in BUDGET_LINES:
            said = f"Expenses:5001业务活动费用:{fund}:{line}"
            amount_fen = figures.budget.get((fund, line))
            if amount_fen is not None:
                said = f'{said} {plain(amount_fen)} CNY "initial"'
                budget.append(f'{opening} custom "census-budget" {said}')
                if figures.document:
                    budget.append(f"  document: {json.dumps(figures.document, ensure_ascii=False)}")
            elif fund == next(iter(FUNDS)):
                budget.append(f'; {opening} custom "census-budget" {said} 金额 CNY "initial"')
    for role in programme.role_names:
        amount_fen = figures.rates.get(role)
        rate = f'{opening} custom "census-rate" "{role}"'
        item = f'CNY "{subsidy_item(programme)}"'
        said = "; " + rate + " 金额 " if amount_fen is None else f"{rate} {plain(amount_fen)} "
        rates.append(said + item)
    text = RULES_TEMPLATE.read_text(encoding="utf-8").replace("{opening}", str(opening))
    return text.replace("{budget}", "\n".join(budget)).replace("{rates}", "\n".join(rates))


def template_names() -> list[str]:
    return sorted(path.stem for path in TEMPLATES.glob("*.toml"))


def find_county(text: str) -> County:
    """The county of a code or a name. Raises NoSuchCounty or SeveralCounties."""
    wanted = "".join(text.split())
    found = [
        county
        for county in national_list()
        if wanted in (county.code, county.name, county.city + county.name)
        or wanted == f"{county.province}{county.city}{county.name}"
    ]
    if not found:
        raise NoSuchCounty(text)
    if len(found) > 1:  # guard: county-never-guessed
        raise SeveralCounties(text, found)
    return found[0]


def counties_like(text: str) -> list[County]:
    """Counties whose code begins with a text, or whose name with province and city has its words;
    those that are called so themselves come first.
    """
    words = text.split()
    found = [
        county
        for county in national_list()
        if words
        and (
            county.code.startswith(words[0])
            or all(word in f"{county.province}{county.city}{county.name}" for word in words)
        )
    ]
    return sorted(found, key=lambda county: words[-1] not in county.name)


def national_list() -> Iterator[County]:
    """Every county-level unit with its towns."""
    with gzip.open(TOWNS_FILE, "rt", encoding="utf-8") as file:
        for line in file:
            code, province, city, name, *towns = line.rstrip("\n").split("\t")
            yield County(code, province, city, name, tuple(code + town for town in towns))
