"""``import FOLDER``: every file in it, in one order, and nothing else that lies there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.office import day
from tests.support.roster_imports import imported
from tests.support.roster_imports import roster
from tests.support.roster_imports import row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two rosters, what Excel, macOS and Windows leave beside them, and a folder."""
    folder = tmp_path / "花名册"
    (folder / "往年").mkdir(parents=True)
    roster(folder / "往年" / "旧.xlsx", row(9))
    roster(folder / "乙.xlsx", row(2))
    roster(folder / "甲.xlsx", row(1), row(3, 身份证号="370481199003071234"))
    for name in ("~$甲.xlsx", ".DS_Store", "Thumbs.db", ".隐藏.xlsx"):
        (folder / name).write_bytes(b"x")
    return folder


def test_its_files_come_in_by_their_names(office: Office, folder: Path) -> None:
    files = imported(office, folder)
    assert [Path(file["file"]).name for file in files] == ["乙.xlsx", "甲.xlsx"]
    assert [file["added"] for file in files] == [1, 1]
    assert office.status()["payees"]["registered"] == 2


def test_what_is_passed_over_is_said(office: Office, folder: Path) -> None:
    answer = office.run("import", folder, "--json", "--date", "2020-10-19")
    names = [".DS_Store", ".隐藏.xlsx", "Thumbs.db", "~$甲.xlsx", "往年"]
    assert [Path(path).name for path in answer.json["passed_over"]] == names
    assert answer.err.startswith("Passed over: .DS_Store")


def test_folders_and_files_together_each_file_once(office: Office, folder: Path) -> None:
    files = imported(office, folder / "甲.xlsx", folder, folder / "往年")
    assert [Path(file["file"]).name for file in files] == ["甲.xlsx", "乙.xlsx", "旧.xlsx"]


def test_the_folder_of_what_was_sent_back(office: Office, folder: Path) -> None:
    """As the files in it: what was not corrected comes back once more."""
    imported(office, folder)
    (file,) = imported(office, folder / "待改")
    assert (file["rows"], file["added"], file["quarantined"]) == (1, 0, 1)


@pytest.mark.parametrize(("name", "code"), [("空", "nothing-in-folder"), ("", "folder-of-books")])
def test_a_folder_without_files_to_take_in(office: Office, name: str, code: str) -> None:
    folder = office.folder if not name else office.folder.with_name(name)
    folder.mkdir(exist_ok=True)
    refused = office.run("import", folder, "--json")
    assert (refused.status, refused.json["code"]) == (1, code)


def test_a_link_to_a_folder_is_the_folder(office: Office, folder: Path) -> None:
    link = folder.with_name("链接")
    try:
        link.symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert len(imported(office, link)) == 2
    with office.registry() as registry:
        assert len(registry.payees_as_of(day("2020-10-19"), -1)) == 2
