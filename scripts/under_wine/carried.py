"""Books made on Linux go to Windows and come back: nothing in them depends on the system.

They travel as an office carries them: in a backup, with the keys of two operators.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from demo import rosters
from demo_account import office_rules
from demo_account import statements
from demo_returns import bank_gets
from demo_returns import result_files
from demo_returns import results
from demonstration import Demonstration

PASSPHRASE = "CENSUS_LEDGER_BACKUP_PASSPHRASE"
BATCH = "B2020-001"
PEOPLE = 150
AS_CHECKER = ("--operator", "O02")
END = ("--yes", "--date", "2020-12-01")


def made_on_linux(demo: Demonstration) -> None:
    """A small office, whose batches somebody else has to approve."""
    demo.say("On Linux: a small office, and a batch that waits for its checker.")
    demo.script("sample_data.py", "inputs", "--people", str(PEOPLE))
    demo.new_books("--approvals", "check", "--name", "张经办")
    office_rules(demo)
    demo.must("operator", "add", "李审核", "--role", "审核", "--date", "2020-01-10")
    statements(demo, "2020-01-01/2020-10-19")
    rosters(demo)
    demo.must("disburse", "--date", "2020-10-20", "--yes")
    demo.must("backup", "to-windows.backup")


def paid_on_windows(demo: Demonstration) -> None:
    """Restored, verified, approved, paid and reported."""
    demo.say("On Windows: the books come out of the backup, and the checker approves.")
    restored(demo, "to-windows.backup")
    demo.must(*AS_CHECKER, "batch", "approve", BATCH, "--yes", "--date", "2020-10-21")
    demo.must("batch", "submit", BATCH, "--yes", "--date", "2020-10-21")
    bank_gets(demo, BATCH, "2020-10-22")
    results(demo, "2020-10-23", *result_files(demo, BATCH))
    statements(demo, "2020-10-01/2020-11-30")
    (sheet, *_others) = sorted((demo.folder / "books" / "payouts" / BATCH).rglob("*.pdf"))
    demo.must("verify", files=[sheet])
    demo.must("month", "close", "2020-10", *END)
    demo.must("report", "month", "--all")
    demo.must("check")
    demo.must("backup", "to-linux.backup")


def looked_at_on_linux(demo: Demonstration, windows: Path) -> None:
    """Restored and verified, and every month's report drawn anew, to the same byte."""
    demo.say("On Linux again, with another home: the same reports.")
    restored(demo, "to-linux.backup")
    reports = demo.folder / "books" / "reports"
    shutil.rmtree(reports)
    demo.must("report", "month", "--all")
    drawn = {path.name: path.read_bytes() for path in reports.glob("*.pdf")}
    there = windows / "books" / "reports"
    if not drawn or drawn != {path.name: path.read_bytes() for path in there.glob("*.pdf")}:
        sys.exit("The monthly reports of Linux and of Windows differ.")
    print(f"# {len(drawn)} monthly reports, the same bytes on both.")


def restored(demo: Demonstration, backup: str) -> None:
    print(f"$ census-ledger restore {backup} books --yes", flush=True)
    if demo.call("restore", backup, "books", "--yes"):
        sys.exit("The backup could not be restored.")
    demo.must("check")
