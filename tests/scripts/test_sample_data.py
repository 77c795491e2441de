"""The sample office: 21 broken rosters of invented people, and every defect where it is said to be.

What the files hold is read here by a small reader of the test's own, which looks for the headings
as a person would and knows nothing of the town's layout.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from python_calamine import SheetVisibleEnum
from sample_data import make
from sample_data import split_people
from samples.layouts import FIELD_OF_HEADING
from samples.town_layouts import LAYOUTS

from tests.support.tengzhou import TOWNS
from tests.support.tengzhou import find_town

ENUMERATORS = 60
SUPERVISORS = 21
CODES = {
    "name_missing",
    "identity_missing",
    "identity_check_digit",
    "identity_date",
    "identity_age",
    "identity_old",
    "identity_rounded",
    "role_unknown",
    "town_unknown",
    "block_code",
    "account_missing",
    "account_form",
    "account_rounded",
    "account_is_identity",
    "bank_missing",
    "duplicate_in_file",
    "account_shared",
    "registered_elsewhere",
}
ROLES = {"普查员": "普查员", "普查指导员": "普查指导员", "指导员": "普查指导员"}
DOTS = str.maketrans(dict.fromkeys("•・‧．", "·"))
PLAIN_FIELDS = ("identity", "account", "phone", "area", "block")


@dataclass(frozen=True)
class Entry:
    """One person's row: ``cells`` as they stand, ``text`` with the typing seen through."""

    file: str
    sheet: str
    line: int
    cells: dict[str, object]

    @property
    def place(self) -> tuple[str, str, int]:
        return self.file, self.sheet, self.line

    def text(self, field: str) -> str:
        cell = self.cells.get(field, "")
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return re.sub(r"[\s']", "", unicodedata.normalize("NFKC", str(cell))).upper()

    @property
    def block(self) -> str:
        block = self.text("block")
        return self.text("area") + block if len(block) == 3 else block

    @property
    def role(self) -> str:
        return ROLES[self.text("role")]


Lines = list[tuple[str, int, list[object]]]


def visible_lines(path: Path) -> Lines:
    """(sheet, line counted from 1, cells) of everything that is not hidden."""
    if path.suffix == ".csv":
        content = path.read_bytes()
        encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030"
        rows = csv.reader(content.decode(encoding).splitlines())
        return [("", line, list(row)) for line, row in enumerate(rows, 1)]
    workbook = CalamineWorkbook.from_path(path)
    lines: Lines = []
    for sheet in workbook.sheets_metadata:
        if sheet.visible is SheetVisibleEnum.Visible:
            table = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            lines += [(sheet.name, line, list(row)) for line, row in enumerate(table, 1)]
    return lines


def headings(row: list[object]) -> dict[str, int]:
    """Field to column, for the cells of a row that are headings."""
    words = [re.sub(r"\s", "", str(cell)) for cell in row]
    return {FIELD_OF_HEADING[word]: at for at, word in enumerate(words) if word in FIELD_OF_HEADING}


def entries(path: Path) -> Iterator[Entry]:
    sheet_read, columns = "", dict[str, int]()
    for sheet, line, row in visible_lines(path):
        if sheet != sheet_read:
            sheet_read, columns = sheet, {}
        found = headings(row)
        if found:
            columns |= found
        elif columns and str(row[columns["area"]]).isdigit():
            yield Entry(path.name, sheet, line, {field: row[at] for field, at in columns.items()})


@dataclass(frozen=True)
class Office:
    folder: Path
    rosters: list[Entry]
    corrected: list[Entry]
    planted: list[dict[str, str]]

    @property
    def planted_places(self) -> set[tuple[str, str, int]]:
        return {(row["file"], row["sheet"], int(row["row"])) for row in self.planted}

    @property
    def good(self) -> list[Entry]:
        return [entry for entry in self.rosters if entry.place not in self.planted_places]

    @property
    def registrable(self) -> list[Entry]:
        return self.good + self.corrected

    def with_code(self, code: str) -> list[Entry]:
        places = {
            (row["file"], row["sheet"], int(row["row"]))
            for row in self.planted
            if row["code"] == code
        }
        return [entry for entry in self.rosters if entry.place in places]


def read_office(folder: Path) -> Office:
    with (folder / "planted_defects.csv").open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    rosters, corrected = (
        [entry for path in sorted((folder / name).iterdir()) for entry in entries(path)]
        for name in ("rosters", "corrected")
    )
    return Office(folder, rosters, corrected, planted)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office")
    make(folder, enumerators=ENUMERATORS, supervisors=SUPERVISORS)
    return read_office(folder)


def passes_check_character(identity: str) -> bool:
    """ISO 7064 MOD 11-2, from the standard: the weighted sum is congruent to 1."""
    values = [10 if character == "X" else int(character) for character in identity]
    return sum(value * pow(2, 17 - at, 11) for at, value in enumerate(values)) % 11 == 1


def passes_luhn(account: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(account)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def test_every_town_sends_one_roster(office: Office) -> None:
    files = sorted((office.folder / "rosters").iterdir())
    assert Counter(path.suffix for path in files) == {".xlsx": 17, ".xls": 2, ".csv": 2}
    assert {town.name for town in TOWNS} == set(LAYOUTS)
    people = Counter(entry.file for entry in office.rosters)
    assert len(people) == len(TOWNS)
    assert min(people.values()) >= 3


def test_everyone_asked_for_is_registrable_and_no_one_else(office: Office) -> None:
    registrable = office.registrable
    assert len(registrable) == ENUMERATORS + SUPERVISORS
    for field in ("identity", "account", "phone"):
        assert len({entry.text(field) for entry in registrable}) == len(registrable)
    assert Counter(entry.role for entry in registrable) == {
        "普查员": ENUMERATORS,
        "普查指导员": SUPERVISORS,
    }


def test_each_has_a_post_of_her_own(office: Office) -> None:
    areas = {e.text("area") for e in office.registrable if e.role == "普查指导员"}
    blocks = {e.block for e in office.registrable if e.role == "普查员"}
    assert len(areas) == SUPERVISORS
    assert len(blocks) == ENUMERATORS
    assert all(re.fullmatch(r"\d{12}", area) and find_town(area[:9]) for area in areas)
    assert all(re.fullmatch(r"\d{15}", block) and block[:12] in areas for block in blocks)


def test_everyone_is_an_adult_with_a_valid_identity_number(office: Office) -> None:
    for entry in office.registrable:
        identity = entry.text("identity")
        assert re.fullmatch(r"\d{17}[\dX]", identity)
        assert passes_check_character(identity)
        birth = date.fromisoformat(f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}")
        assert date(1958, 1, 1) <= birth <= date(2001, 12, 31)


def test_accounts_are_plausible_and_only_passbooks_fail_luhn(office: Office) -> None:
    for entry in office.registrable:
        account = entry.text("account")
        assert re.fullmatch(r"\d{16}|\d{19}", account)
        assert passes_luhn(account) != account.startswith("9140114")
        rural = account[:6] in ("621521", "622319", "622320", "914011")
        assert rural == ("农商" in entry.text("bank") or "农村商业" in entry.text("bank"))


def test_every_kind_of_defect_is_planted(office: Office) -> None:
    assert {row["code"] for row in office.planted} == CODES
    assert 20 <= len(office.planted) <= 30
    assert 8 <= len({row["file"] for row in office.planted}) <= 11
    assert len(office.corrected) == len(office.planted)
    assert all(row["what"] for row in office.planted)


def test_a_defect_stands_in_the_cell_that_the_list_names(office: Office) -> None:
    lines = {
        (path.name, sheet, line): row
        for path in (office.folder / "rosters").iterdir()
        for sheet, line, row in visible_lines(path)
    }
    by_place = {entry.place: entry for entry in office.rosters}
    for row in office.planted:
        file, sheet, line = row["file"], row["sheet"], int(row["row"])
        heading_rows = [lines[file, sheet, above] for above in range(1, min(line, 7))]
        [column] = {
            at for cells in heading_rows for at, c in enumerate(cells) if c == row["column"]
        }
        field = FIELD_OF_HEADING[row["column"]]
        assert lines[file, sheet, line][column] == by_place[file, sheet, line].cells[field]


@pytest.mark.parametrize(
    ("code", "field", "pattern"),
    [
        ("name_missing", "name", ""),
        ("identity_missing", "identity", ""),
        ("identity_check_digit", "identity", r"\d{17}[\dX]"),
        ("identity_date", "identity", r"\d{10}0231\d{3}[\dX]"),
        ("identity_age", "identity", r"\d{6}20040517\d{3}[\dX]"),
        ("identity_old", "identity", r"\d{15}"),
        ("identity_rounded", "identity", r"\d{15}\d{3}"),
        ("role_unknown", "role", "厨师"),
        ("town_unknown", "town", "南沙镇"),
        ("block_code", "block", r"\d{14}"),
        ("account_missing", "account", ""),
        ("account_form", "account", r"\d{11}|(?=.*[A-Z])[\dA-Z]{13}"),
        ("account_rounded", "account", r"\d{15}0|\d{19}|\d\.\d{5}E\+1[58]"),
        ("account_is_identity", "account", r"\d{17}[\dX]"),
        ("bank_missing", "bank", ""),
    ],
)
def test_a_defective_cell_says_what_its_code_means(
    office: Office, code: str, field: str, pattern: str
) -> None:
    found = office.with_code(code)
    assert found
    assert all(re.fullmatch(pattern, entry.text(field)) for entry in found)


def test_check_character_defects_fail_and_the_others_pass(office: Office) -> None:
    for code, passes in (
        ("identity_check_digit", False),
        ("identity_date", True),
        ("identity_age", True),
    ):
        for entry in office.with_code(code):
            assert passes_check_character(entry.text("identity")) is passes


def test_an_account_that_is_an_identity_number_is_her_own(office: Office) -> None:
    for entry in office.with_code("account_is_identity"):
        assert entry.text("account") == entry.text("identity")


def test_numbers_are_text_but_for_those_that_excel_rounded(office: Office) -> None:
    rounded = {
        entry.place
        for code in ("identity_rounded", "account_rounded")
        for entry in office.with_code(code)
    }
    numbers = {
        entry.place
        for entry in office.rosters + office.corrected
        for field in PLAIN_FIELDS
        if not isinstance(entry.cells[field], str)
    }
    assert numbers
    assert numbers <= rounded
    assert {place for place in rounded if not place[0].endswith(".csv")} == numbers


def test_a_duplicate_comes_back_twice_and_its_second_block_gets_another_person(
    office: Office,
) -> None:
    first, second = office.with_code("duplicate_in_file")
    assert first.file == second.file
    assert first.text("identity") == second.text("identity")
    assert first.block != second.block
    answers = {e.block: e.text("identity") for e in office.corrected}
    assert answers[first.block] != answers[second.block]
    assert first.text("identity") in answers.values()


def test_a_shared_account_belongs_to_two_people_of_one_file(office: Office) -> None:
    first, second = office.with_code("account_shared")
    assert first.file == second.file
    assert first.text("account") == second.text("account")
    assert first.text("identity") != second.text("identity")


def test_who_is_registered_elsewhere_stands_in_a_town_of_a_lower_code(office: Office) -> None:
    [again] = office.with_code("registered_elsewhere")
    [earlier] = [e for e in office.good if e.text("identity") == again.text("identity")]
    assert earlier.text("area")[:9] < again.text("area")[:9]
    [answer] = [e for e in office.corrected if e.block == again.block]
    assert answer.text("identity") != again.text("identity")


def test_a_name_beyond_gbk_has_a_bank_name_and_others_have_none(office: Office) -> None:
    beyond = 0
    for entry in office.registrable:
        name = re.sub(r"\s", "", str(entry.cells["name"])).translate(DOTS)
        try:
            name.encode("gbk")
        except UnicodeEncodeError:
            beyond += 1
            assert entry.text("bank_name").encode("gbk")
        else:
            assert entry.text("bank_name") == ""
    assert beyond == 5


def test_dotted_names_come_with_every_dot(office: Office) -> None:
    names = "".join(str(entry.cells["name"]) for entry in office.registrable)
    assert set("·•・‧．") <= set(names)


def test_a_hidden_sheet_holds_people_who_are_not_registered(office: Office) -> None:
    workbook = openpyxl.load_workbook(office.folder / "rosters" / "滨湖镇两员补助花名册.xlsx")
    [hidden] = [sheet for sheet in workbook if sheet.sheet_state == "hidden"]
    cells = {str(cell) for row in hidden.iter_rows(values_only=True) for cell in row}
    known = {entry.text("identity") for entry in office.registrable}
    assert any(passes_check_character(cell) for cell in cells if re.fullmatch(r"\d{17}.", cell))
    assert not cells & known


def test_layouts_differ_as_towns_do(office: Office) -> None:
    heading_lines = set()
    for path in (office.folder / "rosters").iterdir():
        lines = visible_lines(path)
        heading_lines.add(next(line for _, line, row in lines if len(headings(row)) > 3))
    assert heading_lines == {1, 2, 3, 4, 5, 6}
    every_heading = {c.heading for layout in LAYOUTS.values() for c in layout.parsed_columns}
    assert every_heading >= set(FIELD_OF_HEADING) - {"编号"}


def test_a_two_line_header_is_merged_over_its_group(office: Office) -> None:
    workbook = openpyxl.load_workbook(
        office.folder / "rosters" / "北辛街道两员花名册（含账户）.xlsx"
    )
    merged = {str(cells) for cells in workbook.worksheets[0].merged_cells.ranges}
    assert {"A1:L1", "B2:D2", "I2:K2", "A2:A3", "L2:L3"} <= merged


def test_dongshahe_writes_its_former_name_and_code(office: Office) -> None:
    rows = [entry for entry in office.rosters if entry.file.startswith("东沙河镇")]
    assert rows
    for entry in rows:
        assert entry.text("town") == "东沙河镇"
        assert entry.text("area").startswith("370481100")


def test_the_same_seed_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    make(tmp_path, enumerators=ENUMERATORS, supervisors=SUPERVISORS)
    for path in office.folder.rglob("*.*"):
        assert (tmp_path / path.relative_to(office.folder)).read_bytes() == path.read_bytes()


def test_another_seed_gives_other_people_and_the_same_totals(
    office: Office, tmp_path: Path
) -> None:
    make(tmp_path, enumerators=ENUMERATORS, supervisors=SUPERVISORS, seed=7)
    other = read_office(tmp_path)
    here, there = ({e.text("identity") for e in o.registrable} for o in (office, other))
    assert len(there) == len(here)
    assert not here & there


def test_the_real_size_is_the_default(tmp_path: Path) -> None:
    make(tmp_path)
    full = read_office(tmp_path)
    assert len({entry.text("identity") for entry in full.registrable}) == 8350
    assert Counter(e.role for e in full.registrable) == {"普查员": 7100, "普查指导员": 1250}
    names = Counter(entry.text("name") for entry in full.registrable)
    assert names.most_common(1)[0][1] >= 10
    cards = Counter(len(entry.text("account")) for entry in full.registrable)
    assert 0.82 < cards[16] / cards.total() < 0.88


def test_people_are_split_as_in_the_real_office() -> None:
    assert split_people(8350) == (7100, 1250)
    assert split_people(100_000) == (85_030, 14_970)
    assert split_people(63) == (42, 21)


def test_an_office_too_small_for_its_towns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        make(tmp_path, enumerators=41, supervisors=21)
    with pytest.raises(ValueError, match="cannot be split"):
        make(tmp_path, enumerators=60, supervisors=20)
