"""Every command that writes, for the tests that let it fail: one line a command in COMMANDS.

A command that fails anywhere has done nothing or all of it; the next finds sound books, and the
same command again gives what it gives on books where nothing has failed.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from ledger.base import durable
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import REGISTRY_FILE
from ledger.base.books_folder import STAGING
from ledger.base.digests import digest
from ledger.base.records import replace
from ledger.cli.context import Context
from ledger.keys.default_operator import write_default_operator
from ledger.keys.places import default_operator_path
from ledger.keys.places import witness_path
from ledger.registry.anchors import AnchorState
from tests.support.approving import APPROVER
from tests.support.approving import CHECKER
from tests.support.approving import approve
from tests.support.approving import with_colleagues
from tests.support.bank_account import Account
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import result_file
from tests.support.bank_results import rows_of
from tests.support.faulty_disk import KEPT_BY_OTHERS
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import made_up
from tests.support.office import new_office
from tests.support.office import with_luhn_digit
from tests.support.roster_imports import roster
from tests.support.roster_imports import row
from tests.support.snapshots import forget
from tests.support.snapshots import keep
from tests.support.snapshots import snapshots_of
from tests.support.work_lists import STAGES
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

# When a command was prepared: its name, and the time at which it is run again and again.
PREPARED: dict[str, datetime.datetime] = {}
# A document that was being written when the command was killed: the next one begins it anew.
LEFT_TO_BE_REPLACED = "reports/*.new"
SHEETS_MADE = re.compile(r'"correction_sheets": \[[^]]*\]')
FINGERPRINT = re.compile(r'"fingerprint": "[^"]*"')
SHEETS_REFUSED = re.compile(r"^the result is entered, but the correction sheets .*\n", re.MULTILINE)
NEVER_SEEN = re.compile(r"^This machine had never written to these books.*\n", re.MULTILINE)
# The third line of the statement below: an id is the same in every statement of the account.
UNKNOWN_LINE = "Le4e69bb2e110"
IS_EVENT = re.compile(r"events/\d{6}-")
VARIES = ("events/", "HEAD", "registry.db", "census-ledger.toml")


class SameChance:
    """Chance that is the same whenever a command is run: keys, and what makes a seal unlike any."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, size: int) -> str:
        self.asked += 1
        return digest(f"chance {self.asked}".encode())[: 2 * size]


@dataclass(frozen=True)
class Command:
    """``prepare`` brings a funded office, with six people due, to where the command is given.

    ``{desk}`` in an argument is the folder around the books. ``replaces`` is True for what puts a
    document in another's place, where it stays if the disk will not confirm it. What changes
    ``only_registry`` is written by SQLite, and meets no disk of ours.
    """

    name: str
    prepare: Callable[[Office], object]
    arguments: tuple[str, ...]
    replaces: bool = False
    only_registry: bool = False

    def run(self, office: Office) -> Answer:
        """Run it. The answer does not name the folder, nor the correction sheets made beside it.

        Which of these are made depends on what there is already; :meth:`Trial.repeat` looks for
        them. That they cannot be written undoes no result.
        """
        desk = office.folder.parent
        words = [argument.format(desk=desk) for argument in self.arguments]
        now = PREPARED.get(self.name, datetime.datetime.now().astimezone())
        clock = patch.object(Context, "clock", lambda _context: now)
        with patch("secrets.token_hex", SameChance()), clock:
            answer = office.run(*words)
        out, err = (text.replace(str(desk), "") for text in (answer.out, answer.err))
        out = FINGERPRINT.sub("", SHEETS_MADE.sub("", out))
        return Answer(answer.status, out, NEVER_SEEN.sub("", SHEETS_REFUSED.sub("", err)))


def nothing(_office: Office) -> None:
    pass


def no_books(office: Office) -> None:
    shutil.rmtree(office.folder)
    for path in keys_of(office):
        path.unlink()


def keys_of(office: Office) -> list[Path]:
    """The registry's key and what lies beside it."""
    return list(office.key.parent.glob(f"{office.key.stem}.*"))


def a_roster(office: Office) -> None:
    """Three new people, and one whose row goes back."""
    rows = [row(number) for number in (101, 102, 103)]
    bad = row(104, 身份证号="370481199003071234")
    roster(office.folder.with_name("a.xlsx"), *rows, bad)


def a_list_of_work(office: Office) -> None:
    """Of three people; one more row goes back."""
    office.rule(STAGES)
    rows = (work_row(1), work_row(2, 85, 20, "漏登"), work_row(3), work_row(4, -1))
    work_list(office.folder.with_name("量.xlsx"), *rows, title="工作量汇总表")


def a_batch(office: Office) -> None:
    office.disburse()


def a_scan(office: Office) -> None:
    """A town has signed its list."""
    a_batch(office)
    office.folder.with_name("签字.pdf").write_bytes(b"%PDF-1.4 signed")


def a_later_roster(office: Office) -> None:
    """One of a town whose people are in the bank: an account and a phone changed, one gone."""
    a_batch(office)
    changed = row(1, 银行卡号=with_luhn_digit("621521777777777"), 联系电话="13900009999")
    roster(office.folder.with_name("b.xlsx"), changed, row(2), row(101))


def a_wrong_roster(office: Office) -> None:
    """It has registered three, changed an account and a phone, and been half confirmed."""
    roster(office.folder.with_name("b.xlsx"), row(1), row(2))
    office.run("import", office.folder.with_name("b.xlsx"))
    a_roster(office)
    changed = row(1, 银行卡号=with_luhn_digit("621521777777777"), 联系电话="13900009999")
    roster(office.folder.with_name("c.xlsx"), changed, row(101), row(102))
    office.run("import", office.folder.with_name("c.xlsx"), "--yes")


def a_withdrawn_roster(office: Office) -> None:
    """The corrected one has come."""
    a_wrong_roster(office)
    office.run("imports", "take-back", "I000002", "--reason", "导错", "--yes")
    roster(office.folder.with_name("d.xlsx"), row(101), row(105))


def held_changes(office: Office) -> None:
    a_later_roster(office)
    office.run("import", office.folder.with_name("b.xlsx"))


def somebody_left(office: Office) -> None:
    office.run("payees", "deactivate", "P000002", "--reason", "辞职", "--yes")


def a_number_of_another(office: Office) -> None:
    """Somebody new has the account that another's money went to."""
    a_batch(office)
    account = rows_of(office)[0].account
    correct(office, "P000001")
    office.register(1, change=lambda payee: replace(payee, account=account))


def submitted(office: Office) -> None:
    a_batch(office)
    office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")


def a_result(office: Office) -> None:
    """Of six people four are paid; one is unclear, and one account is closed."""
    submitted(office)
    answers = everyone(PAID, 1, 2, 3, 4) | everyone(PENDING, 5) | everyone(CLOSED, 6)
    result_file(office, answers)


def by(office: Office, operator: str) -> None:
    """Who works at this machine from now on."""
    write_default_operator(default_operator_path(office.key), operator)


def a_batch_to_approve(office: Office) -> None:
    """It asks for two approvals."""
    with_colleagues(office)
    a_batch(office)
    by(office, CHECKER)


def a_batch_that_was_checked(office: Office) -> None:
    """The last approval, which hands its papers out."""
    a_batch_to_approve(office)
    approve(office, CHECKER)
    by(office, APPROVER)


def others_at_work(office: Office) -> None:
    with_colleagues(office)


def a_manager(office: Office) -> None:
    office.run("operator", "add", "李主任", "--role", "管理")


def a_return(office: Office) -> None:
    a_result(office)
    office.run("import", office.folder.with_name("回盘.csv"), "--date", "2020-11-15")


def a_corrected_sheet(office: Office) -> None:
    """The town has filled in another account of her whose payment came back."""
    a_return(office)
    (sheet,) = office.folder.with_name("退回更正").iterdir()
    book = load_workbook(sheet)
    page: Any = book.active
    column = [cell.value for cell in page[3]].index("银行账号")
    page[4][column].value = with_luhn_digit("621521000000999")
    book.save(office.folder.with_name("改好.xlsx"))


def a_statement(office: Office) -> None:
    """The receipt that is in the books by hand, a batch's debit, and a line that nobody knows."""
    submitted(office)
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-12", "-4800.00", "", "代发")
    account.move("2020-11-13", "-66.00", "某店", "货款")
    account.statement(office.folder.with_name("流水.csv"))


def payments_before(office: Office) -> None:
    """Two people were paid by hand, and one row comes back."""
    people = [made_up(number) for number in (1, 2, 3)]
    days = ("2020-09-15", "2020-10-08", "九月")
    rows = [
        [payee.legal_name, payee.identity, paid_on, "800.00", "记-1"]
        for payee, paid_on in zip(people, days, strict=True)
    ]
    headings = ["姓名", "身份证号", "发放日期", "金额", "凭证号"]
    lines = [",".join(line) for line in (headings, *rows)]
    office.folder.with_name("已付.csv").write_text("\n".join(lines), encoding="utf-8")


def an_unexplained_line(office: Office) -> None:
    a_statement(office)
    office.run("import", office.folder.with_name("流水.csv"))


def a_closed_month(office: Office) -> None:
    a_return(office)
    office.run("month", "close", "2020-11", "--yes")


def command(
    name: str, prepare: Callable[[Office], object], line: str, **exceptions: bool
) -> Command:
    return Command(name, prepare, (*line.split(), "--json"), **exceptions)


COMMANDS = (
    command("init", no_books, "init {desk}/books"),
    command("import roster", a_roster, "import {desk}/a.xlsx"),
    command("import workload", a_list_of_work, "import {desk}/量.xlsx --stage S2"
            " --date 2020-11-10"),
    command("import correction", a_corrected_sheet, "import {desk}/改好.xlsx --yes"
            " --date 2020-11-18", only_registry=True),
    command("import later roster", a_later_roster, "import {desk}/b.xlsx --yes"),
    command("imports take-back", a_wrong_roster, "imports take-back I000002 --reason 导错 --yes",
            only_registry=True),
    command("import corrected roster", a_withdrawn_roster, "import {desk}/d.xlsx",
            only_registry=True),
    command("payees confirm", held_changes, "payees confirm P000001 --reason 来函 --yes"
            " --date 2020-11-18", only_registry=True),
    command("payees decline", held_changes, "payees decline P000001 --reason 查无此事 --yes"
            " --date 2020-11-18", only_registry=True),
    command("payees distinguish", a_number_of_another, "payees distinguish P000007"
            " --reason 已核实 --yes --date 2020-11-18", only_registry=True),
    command("payees set-bank-name", nothing, "payees set-bank-name P000001 李龑 --reason 银行写法"
            " --yes --date 2020-11-18", only_registry=True),
    command("payees set-post", nothing, "payees set-post P000001 370481101009009 --reason 镇街更正"
            " --yes --date 2020-11-18", only_registry=True),
    command("payees deactivate", nothing, "payees deactivate P000001 P000002 --reason 辞职 --yes"
            " --date 2020-11-18", only_registry=True),
    command("payees activate", somebody_left, "payees activate P000002 --reason 未辞职 --yes"
            " --date 2020-11-18", only_registry=True),
    command("disburse", nothing, "disburse --yes --date 2020-11-10"),
    command("disburse and hold", others_at_work, "disburse --yes --date 2020-11-10"),
    command("batch approve", a_batch_to_approve, "batch approve B2020-001 --yes"
            " --date 2020-11-11"),
    command("batch approve at last", a_batch_that_was_checked, "batch approve B2020-001 --yes"
            " --date 2020-11-11"),
    command("batch reject", a_batch_to_approve, "batch reject B2020-001 --reason 金额不对 --yes"
            " --date 2020-11-11"),
    command("batch attach", a_scan, "batch attach B2020-001 {desk}/签字.pdf --date 2020-11-12"),
    command("batch submit", a_batch, "batch submit B2020-001 --yes --date 2020-11-11"),
    command("batch void", a_batch, "batch void B2020-001 --yes --date 2020-11-11"),
    command("batch void --file", submitted, "batch void B2020-001 --yes --date 2020-11-12"
            " --bank-refused 格式不符 --file B2020-001-本行-1.xlsx"),
    command("import result", a_result, "import {desk}/回盘.csv --date 2020-11-15"),
    command("payees release", a_return, "payees release P000006 --reason 已核实 --yes"
            " --date 2020-11-18"),
    command("payees cancel", a_return, "payees cancel P000006 --reason 不在岗 --yes"
            " --date 2020-11-18"),
    command("import statement", a_statement, "import {desk}/流水.csv"),
    command("import paid before", payments_before, "import {desk}/已付.csv --as paid-before"
            " --yes"),
    command("explain", an_unexplained_line, f"explain --yes {UNKNOWN_LINE} 01本级财政:30216"
            " --date 2020-11-20"),
    command("reverse", a_return, "reverse 3 --reason 导错了文件 --yes --date 2020-11-18"),
    command("month close", a_return, "month close 2020-11 --yes --date 2020-12-01"),
    command("month reopen", a_closed_month, "month reopen 2020-11 --reason 漏记 --yes"
            " --date 2020-12-02"),
    command("report month of a closed one", a_closed_month, "report month 2020-11", replaces=True),
    command("operator retire", a_manager, "operator retire O02 --reason 调离"),
    # Of several towns each workbook is whole by itself.
    command("report towns", a_batch, "report towns B2020-001 --town 370481001", replaces=True),
    command("report batch", a_return, "report batch B2020-001 --date 2020-11-30",
            replaces=True),
    command("report month", a_return, "report month 2020-11", replaces=True),
    command("report reconciliation", an_unexplained_line,
            "report reconciliation --date 2020-11-30", replaces=True),
)  # fmt: skip


def each(commands: Iterable[Command]) -> pytest.MarkDecorator:
    """Run a test for each of these commands, under its name."""
    return pytest.mark.parametrize("command", list(commands), ids=lambda command: command.name)


every_command = each(COMMANDS)
every_command_on_our_disk = each(command for command in COMMANDS if not command.only_registry)


class Trial:
    """A command on copies of the same office: once where nothing fails, then where it does.

    Nothing is kept of the books the first time, and what they have come to is kept ever after.
    """

    def __init__(self, command: Command, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.command = command
        self.capture = capture
        self.folder = folder
        self.kept: dict[Path, bytes] = {}
        (folder / "start").mkdir()
        start = new_office(folder / "start", capture)
        start.receive(1_220_000)
        start.register(3, town="370481001")
        start.register(3, town="370481101")
        command.prepare(start)
        PREPARED[command.name] = datetime.datetime.now().astimezone()
        self.before = picture(start)
        self.untouched = what_stands_there(start)
        office = self.office()
        self.first = command.run(office)
        assert self.first.status == 0
        self.after = picture(office)
        new = what_stands_there(office).keys() - self.untouched.keys()
        self.writes_events = MAIN_FILE not in new and any(map(IS_EVENT.match, new))
        self.handed_back = handed_back(office)
        assert self.after != self.before
        self.second = command.run(office)
        self.twice = picture(office)
        assert office.check() == []
        self.kept = self.as_kept()
        self.repeated: list[Any] = []
        self.judged: dict[str, bool] = {}

    def office(self, desk: Path | None = None) -> Office:
        """A copy of the office as it was before the command, or of another: always there."""
        copy = self.folder / "copy"
        if copy.exists():
            shutil.rmtree(copy)
        shutil.copytree(desk or self.folder / "start", copy)
        office = Office(copy / "books", copy / "registry.key", self.capture)
        witness_path(office.key).unlink(missing_ok=True)
        forget(office)
        for path, content in self.kept.items() if desk is None else ():
            durable.write_file(path, content, mode=durable.FOR_THE_OWNER)
        return office

    def as_kept(self) -> dict[Path, bytes]:
        """What is kept of the books before the command, which does the same with it."""
        office = self.office()
        if not self.before:
            return {}
        keep(office)
        kept = {path: path.read_bytes() for path in snapshots_of(office)}
        assert self.command.run(office) == self.first
        assert picture(office) == self.after
        return kept

    def keep(self, office: Office) -> Path:
        """Keep the office as it is now, to be copied."""
        kept = self.folder / "kept"
        if kept.exists():
            shutil.rmtree(kept)
        return Path(shutil.copytree(office.folder.parent, kept))

    def done(self, office: Office) -> bool:
        """Whether the command was done wholly. It was so, or not at all, and can be repeated.

        What was left just as it was another time is judged once.
        """
        if not is_settled(office):
            return self._judge(office)
        left = all_that_lies_there(office)
        if left not in self.judged:
            self.judged[left] = self._judge(office)
        return self.judged[left]

    def _judge(self, office: Office) -> bool:
        """It is repeated once on what the next command makes of what was left in the same way."""
        require_sound(office)
        seen = picture(office)
        done = bool(seen == self.after)
        assert done or seen == self.before
        left = (seen, what_stands_there(office), rows_in_registry(office))
        if left not in self.repeated:
            self.repeat(office, done=done)
            self.repeated.append(left)
        return done

    def repeat(self, office: Office, *, done: bool) -> None:
        again = self.command.run(office)
        assert again == (self.second if done else self.first)
        require_anchored(office)
        assert picture(office) == (self.twice if done else self.after)
        assert handed_back(office) == self.handed_back
        require_sound(office)


_trials: dict[str, Trial] = {}


def trial_of(
    command: Command,
    temporary: pytest.TempPathFactory,
    capture: pytest.CaptureFixture[str],
) -> Trial:
    """The command's trial, which is prepared once."""
    if command.name not in _trials:
        _trials[command.name] = Trial(command, temporary.mktemp("trial"), capture)
    trial = _trials[command.name]
    trial.capture = capture
    return trial


def require_sound(office: Office) -> None:
    """The next command finds no fault, and clears away what the last one has left."""
    if (office.folder / MAIN_FILE).exists():
        assert office.check() == []
        assert not (office.folder / STAGING).exists()
    else:
        assert "there are no books" in office.run("status").err


def require_anchored(office: Office) -> None:
    """Every event has its anchor, and after a command that writes nothing is pending."""
    assert anchors_left(office) == {(True, True)}


def anchors_left(office: Office) -> set[tuple[bool, bool]]:
    """Of the registry's anchors: is it certain, and is its event in the books?"""
    if not (office.folder / MAIN_FILE).exists():
        return set()
    events = {digest(path.read_bytes()) for path in office.events()}
    with office.registry() as registry:
        anchors = registry.anchors.all()
    assert events <= {anchor.sha256 for anchor in anchors}
    return {(anchor.state is AnchorState.CERTAIN, anchor.sha256 in events) for anchor in anchors}


def picture(office: Office) -> Any:
    """All that the books hold, but for the time of day and what follows from it."""
    if not (office.folder / MAIN_FILE).exists():
        return None
    return office.status(), records(office), what_stands_there(office)


def records(office: Office) -> list[Any]:
    """Everybody's record, what was changed of it, and what is held."""
    with office.registry() as registry:
        return [
            (
                payee,
                [(change.field, change.new) for change in registry.changes(payee.serial)],
                [(held.field, held.new, held.verdict) for held in registry.held.of(payee.serial)],
            )
            for payee in registry.payees()
        ]


def what_stands_there(office: Office) -> dict[str, str]:
    """Every file and folder of the books, with the digest of what is always the same."""
    found = {}
    for path in office.folder.rglob("*"):
        name = path.relative_to(office.folder).as_posix()
        if fnmatch(name, LEFT_TO_BE_REPLACED):
            continue
        varies = name.startswith(VARIES) or path.is_dir()
        found[name] = "" if varies else digest(path.read_bytes())
    return {name: content for name, content in found.items() if name not in KEPT_BY_OTHERS}


def is_settled(office: Office) -> bool:
    """Whether SQLite has nothing to undo that it had begun: to look at the rows would do it."""
    return not list(office.folder.glob(f"{REGISTRY_FILE}-*"))


def all_that_lies_there(office: Office) -> str:
    """A digest of the books, of what is around them, and of who may read it.

    The registry counts by its rows: enciphered, they never are the same bytes.
    """
    desk = office.folder.parent
    found = [
        (
            path.relative_to(desk).as_posix(),
            path.stat().st_mode,
            "" if path.is_dir() or path.name == REGISTRY_FILE else digest(path.read_bytes()),
        )
        for path in sorted(desk.rglob("*"))
    ]
    return digest(repr((found, rows_in_registry(office, "*"))).encode())


def rows_in_registry(office: Office, what: str = "count(*)") -> Any:
    """How many rows each table has, or what else is asked of them."""
    if not (office.folder / MAIN_FILE).exists():
        return None
    with office.registry() as registry:
        tables = registry.file.read("select name from sqlite_master where type = 'table'")
        return [(name, registry.file.read(f"select {what} from {name}")) for (name,) in tables]


def handed_back(office: Office) -> dict[str, str]:
    """The files around the books, but for the keys."""
    desk = office.folder.parent
    keys = keys_of(office)
    around = [path for path in desk.rglob("*") if not path.is_relative_to(office.folder)]
    return {
        path.relative_to(desk).as_posix(): digest(path.read_bytes())
        for path in around
        if path.is_file() and path not in keys
    }


def one_line(answer: Answer) -> str:
    """What a refused command has said: one line, no traceback, the same in JSON."""
    assert answer.status == 1
    (line,) = answer.err.splitlines()
    assert line.startswith("Refused: ")
    assert json.loads(answer.out)
    return line
