"""The auditor at work: the script alone, without a package in reach, on books of the commands."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger.base.actor_and_clock import Signing
from ledger.base.digests import digest
from ledger.events.signatures import signed
from tests.support.acting import actor_of
from tests.support.acting import new_books
from tests.support.bank_account import Account
from tests.support.bank_results import CLOSED
from tests.support.bank_results import FROZEN
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.checkout import CHECKOUT
from tests.support.office import Office
from tests.support.verified_office import UNUSED
from tests.support.verified_office import QuietOffice

SCRIPT = CHECKOUT / "scripts" / "audit.py"
FINDING = re.compile(r"(.+?):(\d+): (.+)")


@dataclass(frozen=True)
class Report:
    """What the script said; ``findings`` are file, line and problem, ``payments`` the list."""

    status: int
    text: str
    findings: list[tuple[str, int, str]]
    payments: list[dict[str, str]]

    @property
    def places(self) -> set[tuple[str, int]]:
        return {(file, line) for file, line, _problem in self.findings}

    def problems(self, file: str) -> str:
        """What was found in a file, one line each."""
        return "\n".join(problem for name, _line, problem in self.findings if name == file)


def audit(books: Path, *options: str) -> Report:
    """Run it as an auditor does: isolated from this environment and its packages."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(SCRIPT), str(books), *options]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    out, err = done.stdout.decode("utf-8-sig"), done.stderr.decode("utf-8")
    assert "Traceback" not in err, err
    text, listed = (err, out) if "--list" in options else (out + err, "")
    found = filter(None, map(FINDING.fullmatch, text.splitlines()))
    return Report(
        done.returncode,
        text,
        [(finding[1], int(finding[2]), finding[3]) for finding in found],
        list(csv.DictReader(io.StringIO(listed))),
    )


def tell(folder: Path) -> Office:
    """Everything that happens to books, by the commands: twelve people in two towns.

    B2020-001 leaves P000005 returned, P000006 cancelled, P000007 unknown and P000008 paid again by
    B2020-002, whose first answer was unclear; B2020-003 is void and B2020-004 awaited.
    """
    office = QuietOffice(folder / "books", folder / "registry.key", UNUSED)
    new_books(office.folder, office.key)
    office.receive(1_220_000)
    office.register(5, town="370481001")
    office.register(3, town="370481101")
    assert office.disburse(on="2020-11-10").status == 0
    office.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    answers = everyone(PAID, 1, 2, 3) | everyone(FROZEN, 5, 6) | everyone(CLOSED, 8)
    take_result(office, answers, on="2020-11-13")
    take_result(office, everyone(PAID, 4) | everyone(PENDING, 7), on="2020-11-14", name="二.csv")
    take_statement(office)
    cancel = ("payees", "cancel", "P000006", "--reason", "不在岗", "--date", "2020-11-18", "--yes")
    assert office.run(*cancel).status == 0
    correct(office, "P000008")
    office.register(1)
    assert office.disburse(on="2020-11-19").json["payees"] == 2
    take_result(office, everyone(PENDING, 8), on="2020-11-20", batch="B2020-002", name="三.csv")
    take_result(office, everyone(PAID, 8, 9), on="2020-11-21", batch="B2020-002", name="四.csv")
    office.register(2)
    assert office.disburse(on="2020-11-22").status == 0
    assert office.run("batch", "void", "B2020-003", "--yes", "--date", "2020-11-22").status == 0
    office.register(1)
    assert office.disburse(on="2020-11-23").json["payees"] == 3
    assert office.check() == []
    return office


def take_statement(office: Office) -> None:
    """A receipt that is in the books by hand, a batch's debit, and a line that is explained."""
    account = Account()
    account.move("2020-05-08", "1220000.00", "财政局", "普查经费")
    account.move("2020-11-12", "-6400.00", "", "代发")
    account.move("2020-11-13", "-66.00", "某店", "货款")
    account.statement(office.folder.with_name("流水.csv"))
    assert office.run("import", office.folder.with_name("流水.csv")).status == 0
    (line,) = (line for line in office.books().history.lines.values() if line.suspense_fen)
    explain = ("explain", "--yes", line.id, "30216", "--note", "教材", "--date", "2020-11-17")
    assert office.run(*explain).status == 0


def event(books: Path, kind: str, number: int = 0) -> Path:
    """The ``number``-th event of a kind; below zero from the end."""
    return sorted((books / "events").glob(f"*-{kind}*.beancount"))[number]


def edit(path: Path, old: str, new: str) -> None:
    """Change a text where it stands first."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def chained_anew(
    office: Office, change: Callable[[Path], None], signer: Signing | None = None
) -> None:
    """Forge, and make every digest of the chain fit again.

    Every event is signed anew: with the operator's own key, or another.
    """
    books = office.folder
    signer = signer or actor_of(books, office.key).signer
    assert signer is not None
    change(books)
    previous = "0" * 64
    paths = sorted((books / "events").iterdir())
    for path in paths:
        text = path.read_text(encoding="utf-8")
        text = re.sub(r'(?m)^  previous: "\w*"', f'  previous: "{previous}"', text, count=1)
        text = re.sub(r'(?m)^  signature: "\w*"\n', "", text)
        path.write_bytes(signed(text.encode("utf-8"), signer))
        previous = digest(path.read_bytes())
    (books / "HEAD").write_text(f"{len(paths) - 1} {previous}\n", encoding="ascii", newline="\n")
