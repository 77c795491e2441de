"""A file that is imported a second time undoes nothing that was corrected since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.model.payees import Payee
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.office import with_check_digit
from tests.support.office import with_luhn_digit
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.roster_files import roster
from tests.support.roster_files import workbook
from tests.support.roster_imports import imported

NEW_ACCOUNT = with_luhn_digit("621521777777777")
NEWER_ACCOUNT = with_luhn_digit("621521666666666")


@pytest.fixture
def first(office: Office, tmp_path: Path) -> Path:
    """A roster of two people, which was imported."""
    path = written(tmp_path / "花名册.xlsx", roster(person(1), person(2)))
    assert imported(office, path)[0]["added"] == 2
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def correction(path: Path, **changes: str) -> Path:
    """What a town sends back about P000001, known by her id."""
    headings = ["人员编号", *HEADINGS]
    cells = ["P000001", *person(1, changes=changes)]
    return written(path, workbook({"退回更正": [["荆河街道退回更正"], headings, cells]}))


def payee(office: Office) -> Payee:
    with office.registry() as registry:
        return registry.payees()[0]


def log(office: Office) -> list[str]:
    with office.registry() as registry:
        return [change.field for change in registry.changes(1)]


def counts(file: dict[str, Any]) -> tuple[int, ...]:
    kinds = ("added", "changed", "held", "quarantined", "unchanged", "superseded")
    return tuple(file[kind] for kind in kinds)


def test_a_roster_does_not_undo_a_later_correction(
    office: Office, first: Path, tmp_path: Path
) -> None:
    corrected = correction(tmp_path / "更正.xlsx", 银行卡号=NEW_ACCOUNT)
    assert counts(imported(office, corrected, "--yes")[0]) == (0, 1, 0, 0, 0, 0)
    for again in (first, corrected):
        for consent in ((), ("--yes",)):
            (file,) = imported(office, again, *consent)
            assert counts(file)[:4] == (0, 0, 0, 0)
            assert file["superseded"] == (again == first)
    assert payee(office).account == NEW_ACCOUNT
    assert log(office) == ["added", "account"]


def test_it_says_what_was_left_as_it_is(office: Office, first: Path, tmp_path: Path) -> None:
    imported(office, correction(tmp_path / "更正.xlsx", 银行卡号=NEW_ACCOUNT), "--yes")
    said = office.run("import", first, "--yes").out
    assert f"{first.name}: taken before; 1 record that was changed since stays as it is." in said
    assert "consent" not in said


def test_a_roster_does_not_register_anew_who_was_corrected_altogether(
    office: Office, first: Path, tmp_path: Path
) -> None:
    """Neither number is hers any more: she is known by the row that has registered her."""
    identity = with_check_digit("37048119770707888")
    corrected = correction(tmp_path / "更正.xlsx", 身份证号=identity, 银行卡号=NEW_ACCOUNT)
    assert imported(office, corrected, "--yes")[0]["changed"] == 1
    assert counts(imported(office, first, "--yes")[0]) == (0, 0, 0, 0, 2, 1)
    assert (payee(office).identity, payee(office).account) == (identity, NEW_ACCOUNT)
    assert office.status()["payees"]["registered"] == 2


def test_an_old_number_that_is_somebody_elses_now_is_no_problem_of_the_old_roster(
    office: Office, first: Path, tmp_path: Path
) -> None:
    imported(office, correction(tmp_path / "更正.xlsx", 银行卡号=NEW_ACCOUNT), "--yes")
    other = person(3, 银行卡号=made_up(1).account)
    assert imported(office, written(tmp_path / "又.xlsx", roster(other)))[0]["added"] == 1
    assert counts(imported(office, first, "--yes")[0]) == (0, 0, 0, 0, 2, 1)


def test_an_older_correction_does_not_undo_a_newer_one(
    office: Office, first: Path, tmp_path: Path
) -> None:
    one = correction(tmp_path / "一.xlsx", 银行卡号=NEW_ACCOUNT, 联系电话="13800000001")
    two = correction(tmp_path / "二.xlsx", 银行卡号=NEWER_ACCOUNT, 联系电话="13800000002")
    imported(office, one, "--yes")
    imported(office, two, "--yes")
    for again in (one, two, first):
        assert counts(imported(office, again, "--yes")[0])[:4] == (0, 0, 0, 0)
    assert (payee(office).account, payee(office).phone) == (NEWER_ACCOUNT, "13800000002")


def test_a_roster_that_changed_nothing_then_undoes_nothing_now(
    office: Office, first: Path, tmp_path: Path
) -> None:
    """It said of her what was registered already; what was corrected later is newer still."""
    same = written(tmp_path / "又.xlsx", roster(person(1), title="荆河街道两员花名册（二）"))
    assert counts(imported(office, same)[0]) == (0, 0, 0, 0, 1, 0)
    imported(office, correction(tmp_path / "更正.xlsx", 联系电话="13800000001"))
    assert counts(imported(office, same)[0]) == (0, 0, 0, 0, 1, 1)
    assert payee(office).phone == "13800000001"


def test_what_waits_for_consent_is_made_by_the_same_file(
    office: Office, first: Path, tmp_path: Path
) -> None:
    corrected = correction(tmp_path / "更正.xlsx", 银行卡号=NEW_ACCOUNT, 联系电话="13800000001")
    assert counts(imported(office, corrected)[0]) == (0, 1, 1, 0, 0, 0)
    imported(office, correction(tmp_path / "又.xlsx", 联系电话="13800000002"))
    assert counts(imported(office, corrected, "--yes")[0]) == (0, 1, 0, 0, 0, 0)
    assert (payee(office).account, payee(office).phone) == (NEW_ACCOUNT, "13800000002")


def test_another_file_that_says_so_goes_back_to_the_old_value(
    office: Office, first: Path, tmp_path: Path
) -> None:
    imported(office, correction(tmp_path / "更正.xlsx", 银行卡号=NEW_ACCOUNT), "--yes")
    back = correction(tmp_path / "改回.xlsx")
    assert counts(imported(office, back, "--yes")[0]) == (0, 1, 0, 0, 0, 0)
    assert payee(office).account == made_up(1).account


def test_the_same_file_twice_in_one_import(office: Office, first: Path, tmp_path: Path) -> None:
    copy = written(tmp_path / "复制.xlsx", first.read_bytes())
    imported(office, correction(tmp_path / "更正.xlsx", 银行卡号=NEW_ACCOUNT), "--yes")
    for file in imported(office, first, copy, "--yes"):
        assert counts(file) == (0, 0, 0, 0, 2, 1)


def test_a_roster_does_not_undo_a_corrected_post(office: Office, first: Path) -> None:
    """Its row says another post than hers by now, and is hers all the same."""
    office.run("payees", "set-post", "P000001", "370481001009009", "--reason", "来函", "--yes")
    assert counts(imported(office, first)[0]) == (0, 0, 0, 0, 2, 1)
    assert payee(office).block == "370481001009009"


def test_what_was_declined_or_changed_back_is_no_conflict(
    office: Office, first: Path, tmp_path: Path
) -> None:
    """Two accounts change places and back; the file that said so says nothing new."""
    one, two = (person(n, 银行卡号=made_up(3 - n).account) for n in (1, 2))
    swap = written(tmp_path / "对调.xlsx", roster(one, two))
    assert counts(imported(office, swap, "--yes")[0]) == (0, 2, 0, 0, 0, 0)
    back = written(tmp_path / "换回.xlsx", roster(person(1), person(2, 联系电话="13900000001")))
    assert counts(imported(office, back, "--yes")[0]) == (0, 2, 0, 0, 0, 0)
    for options in ([], ["--yes"]):
        assert counts(imported(office, swap, *options)[0])[:5] == (0, 0, 0, 0, 2)
    assert payee(office).account == made_up(1).account
