"""The command as a whole: fast help, clear usage, no traceback ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.books import recovery
from ledger.books import writing
from ledger.cli import expand_wildcards
from ledger.cli.commands import MODULES
from tests.support.office import Office

HEAVY = {"pandas", "numpy", "reportlab", "fava", "beancount", "sqlcipher3", "rich", "xlsxwriter"}


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from ledger.cli import execute\n"
        "assert execute(['--help']) == 0\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stderr.strip() == "[]"
    for command in MODULES:
        assert command in done.stdout


@pytest.mark.parametrize("command", [*MODULES, "batch list", "batch void", "key export"])
def test_every_command_has_help(office: Office, command: str) -> None:
    answer = office.run(*command.split(), "--help")
    assert answer.status == 0
    assert f"Usage: census-ledger {command}" in answer.out


def test_no_books_is_one_clear_line(office: Office, tmp_path: Path) -> None:
    office.folder = tmp_path / "nowhere"
    for command in ("status", "check", "disburse", "batch list"):
        refused = office.run(*command.split())
        assert refused.status == 1
        assert len(refused.err.strip().splitlines()) == 1
        assert "census-ledger init" in refused.err
    assert not office.folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("status", "--date", "yesterday"), ("import",), ("batch",), ("batch", "void")],
)
def test_wrong_usage_ends_with_2(office: Office, arguments: tuple[str, ...]) -> None:
    assert office.run(*arguments).status == 2


def test_settings_that_cannot_be_read_name_the_key(office: Office) -> None:
    path = office.folder / "census-ledger.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("own_profile =", "own_profil ="), encoding="utf-8")
    refused = office.run("status")
    assert refused.status == 1
    assert "bank.own_profile" in refused.err
    path.write_text("no = [toml", encoding="utf-8")
    assert "census-ledger.toml" in office.run("disburse", "--dry-run").err


def test_an_unknown_bank_profile_lists_those_there_are(funded: Office) -> None:
    path = funded.folder / "census-ledger.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"icbc-own"', '"icbc-owl"'), encoding="utf-8")
    refused = funded.run("disburse", "--dry-run", "--date", "2020-11-10")
    assert refused.status == 1
    assert "icbc-own" in refused.err


def test_a_defect_is_one_line_and_a_file_without_personal_numbers(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("370481199003071234 is at fault")

    monkeypatch.setattr(recovery, "load_kept", fail)
    answer = funded.run("status")
    assert answer.status == 1
    (line,) = answer.err.strip().splitlines()
    assert "RuntimeError" in line
    assert "Traceback" not in line
    path = Path(next(word for word in line.split() if word.endswith(".txt")))
    details = path.read_text(encoding="utf-8")
    path.unlink()
    assert "Traceback" in details
    assert "**************1234 is at fault" in details
    assert "3704811990" not in details


def test_an_interruption_after_the_commit_is_not_said_to_have_changed_nothing(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing.Writer, "finish", interrupt)
        interrupted = funded.run("disburse", "--yes", "--date", "2020-11-10")
    assert interrupted.status == 1
    assert "What was committed stands" in interrupted.err
    assert "Nothing was changed" not in interrupted.err
    assert funded.status()["payees"]["in_bank"] == 6
    assert funded.check() == []


def test_the_installed_command_answers_in_a_pipe(office: Office) -> None:
    program = Path(sys.executable).with_name("census-ledger")
    done = subprocess.run(
        [program, "-C", office.folder, "--key", office.key, "status"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "荆河街道" in done.stdout
    assert done.stderr == ""


def test_wildcards_mean_files_where_no_shell_expands_them(tmp_path: Path) -> None:
    for name in ("乙.xlsx", "甲.xlsx", "丙.csv"):
        (tmp_path / name).touch()
    pattern = str(tmp_path / "*.xlsx")
    found = expand_wildcards(["import", pattern, str(tmp_path / "*.ods"), "--yes"])
    names = sorted(str(tmp_path / name) for name in ("乙.xlsx", "甲.xlsx"))
    assert found == ["import", *names, str(tmp_path / "*.ods"), "--yes"]


def test_an_amount_is_never_broken_in_a_narrow_terminal(
    funded: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert "1,220,000.00" in funded.run("status").out


def test_beancounts_own_errors_say_what_to_do(office: Office) -> None:
    line = office.hand(
        '2020-06-01 * "x"\n  Assets:1002银行存款:09无  5.00 CNY\n'
        "  Assets:1002银行存款:01滕州农商行  -4.00 CNY"
    )
    said = office.run("check").out
    assert f"journal/hand.beancount:{line}: " in said
    assert "1.00 CNY is left over" in said
    assert "no account Assets:1002银行存款:09无" in said


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("events/000000-init.beancount", "; 事件\n".encode("utf-8-sig"), "UTF-8 BOM"),
        ("rules.beancount", "; 规则\n".encode("utf-16"), "UTF-16"),
        ("accounts.beancount", "; 会计科目\n".encode("gbk"), "GBK"),
    ],
)
def test_a_file_that_an_editor_saved_in_another_form_is_named(
    funded: Office, name: str, content: bytes, form: str
) -> None:
    """One line with the cause, not hundreds of its consequences."""
    (funded.folder / name).write_bytes(content)
    for command in ("status", "disburse"):
        refused = funded.run(command, "--json")
        assert refused.status == 1
        assert name in refused.json["error"]
        assert form in refused.json["error"]
    (error,) = funded.check()
    assert (error["file"], error["code"]) == (name, "encoding")


def test_what_the_system_refuses_is_one_line_in_the_users_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_LEDGER_BACKUP_PASSPHRASE", "carried")
    refused = office.run("key", "export", office.folder.parent / "no-stick" / "copy.key")
    assert refused.status == 1
    assert "no such file or folder" in refused.err
    assert not (office.folder.parent / "no-stick").exists()
    inside = office.run("key", "export", office.folder / "copy.key")
    assert inside.status == 1
    assert "apart" in inside.err


def test_many_errors_of_one_kind_are_counted(office: Office) -> None:
    for number in range(30):
        office.hand(f"2020-01-01 open Assets:1002银行存款:X{number} CNY")
    said = office.run("check")
    assert said.out.count("[account_code]") == 21
    assert "... and 10 more" in said.out
    assert "30 problems" in said.err
