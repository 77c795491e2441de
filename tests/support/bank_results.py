"""Answers of the bank for tests: a CSV as the office might get it, written from what was sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from ledger.base.money import plain
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction
from ledger.model.instructions import thaw
from ledger.registry.change_log import Source
from ledger.registry.change_log import record_of_payee
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import with_luhn_digit

PAID = ("交易成功", "")
CLOSED = ("交易失败", "账户已销户")
WRONG_NAME = ("交易失败", "户名不符")
FROZEN = ("交易失败", "账户已冻结")
PENDING = ("处理中", "")
SENT_BACK = ("交易失败", "退汇")
# Words that nobody knows: the bank has made good for something, and nobody knows for what.
UNCLEAR = ("已人工补记", "")

HEADINGS = ("收款账号", "收款户名", "交易金额", "交易状态", "失败原因")


def rows_of(office: Office, batch: str = "B2020-001") -> list[Instruction]:
    """What was sent in a batch."""
    digest = office.books().history.batches[BatchId(batch)].rows
    with office.registry() as registry:
        content = registry.frozen(digest)
    assert content is not None
    return thaw(content)


def result_file(
    office: Office,
    answers: Mapping[str, tuple[str, str]],
    *,
    batch: str = "B2020-001",
    name: str = "回盘.csv",
    amounts: Mapping[str, int] | None = None,
) -> Path:
    """A result with an answer (status, reason) for some; ``amounts`` are wrong on purpose."""
    lines = [
        (
            row.account,
            row.bank_name,
            plain((amounts or {}).get(row.payee_id, row.amount_fen)),
            *answers[row.payee_id],
        )
        for row in rows_of(office, batch)
        if row.payee_id in answers
    ]
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *lines])
    path = office.folder.with_name(name)
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


def take_result(
    office: Office,
    answers: Mapping[str, tuple[str, str]],
    *,
    on: str = "2020-11-15",
    batch: str = "B2020-001",
    name: str = "回盘.csv",
) -> Answer:
    """Import such a result."""
    path = result_file(office, answers, batch=batch, name=name)
    return office.run("import", path, "--batch", batch, "--date", on, "--json")


def everyone(answer: tuple[str, str], *payees: int) -> dict[str, tuple[str, str]]:
    """The same answer for several payees by their numbers."""
    return {f"P{number:06d}": answer for number in payees}


def correct(office: Office, payee: str, *, on: str = "2020-01-01", **changes: str) -> None:
    """Change somebody's record, as a corrected roster does: another account unless it is said."""
    with office.recording() as registry:
        (person,) = [one for one in registry.payees() if one.payee_id == payee]
        new = changes or {"account": with_luhn_digit("62152188" + person.account[8:-1])}
        before = record_of_payee(person)
        fields = {field: (before[field], value) for field, value in new.items()}
        content = f"made up {len(registry.originals())}".encode()
        source = registry.keep_original("made-up.xlsx", "roster", content)
        registry.change(person, fields, Source(source, "Sheet1", 2), on=day(on))


def release(office: Office, *payees: str, reason: str, on: str) -> Answer:
    """Let people be paid whose record was right."""
    return office.run(
        "payees", "release", *payees, "--reason", reason, "--date", on, "--yes", "--json"
    )
