"""One made-up county from empty books to its bundle, by the real commands in one process."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import redirect_stderr
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from samples.names import common_name
from samples.people import with_check_character
from samples.people import with_luhn_digit

from ledger.base.money import plain
from ledger.books.books import load_books
from ledger.books.registry_access import open_registry
from ledger.cli import execute
from ledger.model.ids import BatchId
from ledger.model.instructions import Instruction
from ledger.registry.frozen_rows import rows_of_batch

MONTH, DAY = "2020-11", "2020-11-30"
RATE_FEN = 50_000
BATCH = BatchId("B2020-001")
BANKS = ("622202 中国工商银行", "622848 中国农业银行", "621700 中国建设银行", "622188 邮储银行")
# Of a hundred people each: what the bank answers.
RETURNED, UNCLEAR = 3, 1
REASONS = ("账户已销户", "户名不符", "账户已冻结")
ROSTER = ("姓名", "身份证号", "岗位", "普查区", "普查小区编码", "开户行", "银行卡号", "联系电话")
STATEMENT = (
    "交易日期", "对方户名", "收入金额", "支出金额", "余额", "对方账号", "摘要", "交易流水号",
)  # fmt: skip
RESULT = ("收款账号", "收款户名", "交易金额", "交易状态", "失败原因")


@dataclass(frozen=True)
class Plan:
    """What a county is to be: its code, its towns, and what is planted in it.

    ``planted`` are people by their places, who have others' identity numbers or accounts. Whose
    bank ``pays_all`` sends nothing back.
    """

    folder: Path
    code: str
    name: str
    towns: tuple[str, ...]
    people: int
    public: Path
    rate_fen: int = RATE_FEN
    closes: bool = True
    only_figures: bool = False
    pays_all: bool = False
    planted: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class Person:
    """A row of a roster."""

    name: str
    identity: str
    area: str
    bank: str
    account: str
    phone: str

    def cells(self) -> tuple[str, ...]:
        town = self.area[:9]
        return (
            self.name, self.identity, "普查员", f"{town[-3:]}区", self.area, self.bank,
            self.account, self.phone,
        )  # fmt: skip


def people_of(plan: Plan) -> list[Person]:
    """The people of a county: the same for the same code."""
    random = Random(plan.code)
    planted = {place: (identity, account) for place, identity, account in plan.planted}
    found = []
    for place in range(plan.people):
        town = plan.towns[place % len(plan.towns)]
        born = datetime.date(1958, 1, 1) + datetime.timedelta(random.randrange(15_000))
        identity = with_check_character(f"{plan.code}{born:%Y%m%d}{place % 1000:03d}")
        prefix, _blank, bank = random.choice(BANKS).partition(" ")
        account = with_luhn_digit(f"{prefix}{plan.code}{place:06d}")
        other_identity, other_account = planted.get(place, ("", ""))
        number = place // len(plan.towns)
        found.append(
            Person(
                common_name(random).legal,
                other_identity or identity,
                f"{town}{1 + number // 200:03d}{number % 200:03d}",
                f"{bank}{plan.name}支行",
                other_account or account,
                f"139{int(plan.code[-4:]):04d}{place:04d}",
            )
        )
    return found


class County:
    """The county at work. Every command has to succeed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.folder = plan.folder
        self.books = plan.folder / "books"
        self.key = plan.folder / "registry.key"

    def must(self, *arguments: str | Path) -> Any:
        """What a command answers in JSON."""
        said, complained = io.StringIO(), io.StringIO()
        words = ["-C", str(self.books), "--key", str(self.key), *map(str, arguments), "--json"]
        with redirect_stdout(said), redirect_stderr(complained):
            status = execute(words)
        if status:
            raise SystemExit(f"{self.plan.code}: {words}: {said.getvalue()}{complained.getvalue()}")
        return json.loads(said.getvalue())

    def make(self) -> Any:
        """Everything up to the bundle; what ``status`` says of it."""
        self.folder.mkdir(parents=True)
        self.must("init", self.books, "--county", self.plan.code, "--name", "演示员")
        self._rules()
        self._rosters()
        self._statement("2020-10-19", self.plan.people * self.plan.rate_fen + 100_000_00, "财政局")
        self.must("disburse", "--yes", "--date", "2020-11-10")
        self.must("batch", "submit", BATCH, "--yes", "--date", "2020-11-11")
        self.must("import", self._result(), "--batch", BATCH, "--date", "2020-11-15")
        self._statement("2020-11-12", -self.plan.people * self.plan.rate_fen, "代发")
        if self.plan.closes:
            self.must("month", "close", MONTH, "--yes", "--date", "2020-12-01")
        self.bundle(self.plan.folder.parent.parent / "bundles" / f"{self.plan.code}.zip")
        return self.must("status", "--date", DAY)

    def bundle(self, path: Path) -> None:
        options = ["--figures", "--month", MONTH] if self.plan.only_figures else []
        path.unlink(missing_ok=True)
        self.must("bundle", path, "--for", self.plan.public, *options)

    def _rules(self) -> None:
        expenses, item = "Expenses:5001业务活动费用:01本级财政", "30226劳务费:01两员补助"
        budget_fen = self.plan.people * self.plan.rate_fen * 5 // 4
        text = (
            f'\n2020-01-10 custom "census-budget" {expenses}:30226劳务费 {plain(budget_fen)} CNY'
            f' "initial"\n2020-01-10 custom "census-budget" {expenses}:30201办公费 50000.00 CNY'
            f' "initial"\n2020-01-10 custom "census-rate" "普查员" {plain(self.plan.rate_fen)} CNY'
            f' "{item}"\n'
        )
        path = self.books / "rules.beancount"
        path.write_text(path.read_text("utf-8") + text, encoding="utf-8", newline="\n")

    def _rosters(self) -> None:
        people = people_of(self.plan)
        paths = []
        for town in self.plan.towns:
            rows = [one.cells() for one in people if one.area.startswith(town)]
            paths.append(_csv(self.folder / f"{town}.csv", ROSTER, rows))
        self.must("import", *paths, "--date", "2020-10-16")

    def _statement(self, on: str, amount_fen: int, who: str) -> None:
        account = self.folder / "balance"
        before = int(account.read_text("ascii")) if account.exists() else 0
        account.write_text(str(before + amount_fen), encoding="ascii")
        into, out = (plain(amount_fen), "") if amount_fen > 0 else ("", plain(-amount_fen))
        name = f"{self.plan.name}{who}" if amount_fen > 0 else ""
        words = "普查经费" if amount_fen > 0 else who
        row = (on, name, into, out, plain(before + amount_fen), "", words, f"S{on}")
        self.must("import", _csv(self.folder / f"{on}.csv", STATEMENT, [row]))

    def _result(self) -> Path:
        rows = [
            (row.account, row.bank_name, plain(row.amount_fen), *answer)
            for row, answer in zip(self.sent(), self._answers(), strict=False)
        ]
        return _csv(self.folder / "result.csv", RESULT, rows)

    def sent(self) -> list[Instruction]:
        """What was sent in the batch."""
        batch = load_books(self.books).history.batches[BATCH]
        with open_registry(self.books, self.key) as registry:
            return rows_of_batch(registry, batch)

    def _answers(self) -> Iterator[tuple[str, str]]:
        random = Random(f"bank of {self.plan.code}")
        pays_all = self.plan.pays_all or self.plan.planted
        for _place in range(self.plan.people):
            number = random.randrange(100)
            if number < RETURNED and not pays_all:
                yield "交易失败", random.choice(REASONS)
            elif number < RETURNED + UNCLEAR and not pays_all:
                yield "处理中", ""
            else:
                yield "交易成功", ""


def _csv(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return path


def make(plan: Plan) -> Any:
    """Make a county in this process; what its ``status`` says."""
    os.environ["LANGUAGE"] = "zh_CN"
    return County(plan).make()
