"""A year's books at the stages that the commands are measured on, made by the real commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from demo_account import spending_rules
from environment import CHECKOUT

REAL_SIZE = 8350
SUBSIDY_YUAN = 800
SUPPLEMENT_YUAN = 3_280_000
BUDGET = (
    '2020-11-02 custom "census-budget" Expenses:5001业务活动费用:02上级补助:30226劳务费'
    ' {yuan}.00 CNY "supplement"\n'
)
BATCH = "B2020-001"
PLUGIN_LINE = 'plugin "ledger.plugin"\n'
WITHOUT_PLUGIN = "without-plugin.beancount"


class Stages:
    """Books and inputs of so many people below a folder; each stage is a copy that stays.

    ``DISBURSE`` is what the measured batch is made by, from the books ``registered``.
    """

    DISBURSE: tuple[str, ...] = ("disburse", "--date", "2020-11-10", "--yes")

    def __init__(self, folder: Path, python: Path, payees: int) -> None:
        self.folder = folder
        self.python = python
        self.payees = payees
        self.inputs = folder / "inputs"
        # Compiled modules are kept, as an installed copy has them.
        inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self.environment = {
            **inherited,
            "CENSUS_LEDGER_KEY": str(folder / "registry.key"),
            "BEANCOUNT_DISABLE_LOAD_CACHE": "1",
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "scripts")]),
            "PYTHONUTF8": "1",
            "LANGUAGE": "en",
        }
        name = "census-ledger.exe" if os.name == "nt" else "census-ledger"
        self.command = str(python.parent / name)

    def make(self) -> None:
        """Everything, unless an earlier run has made it here."""
        sources = [str(CHECKOUT / name) for name in ("ledger", "importers", "reports", "scripts")]
        self._run([str(self.python), "-m", "compileall", "-q", *sources])
        done = self.folder / "made"
        if done.exists():
            return
        for old in self.folder.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        self._story()
        self._script("benchmark/recording.py", self.folder, *self.DISBURSE)
        done.touch()

    def _story(self) -> None:
        """From new books to a statement after the answers of the bank."""
        self._new_books()
        self._ledger("import", "--date", "2020-10-16", *self.rosters())
        corrected = sorted((self.inputs / "corrected").iterdir())
        self._ledger("import", "--date", "2020-10-19", *corrected)
        self._keep("registered")
        self._ledger(*self.DISBURSE)
        self._keep("prepared")
        self._ledger("batch", "submit", BATCH, "--yes", "--date", "2020-11-11")
        self._keep("submitted")
        payouts = self.books / "payouts" / BATCH
        self._script("sample_answers.py", "bank", payouts, self.inputs, "--date", "2020-11-12")
        self._ledger("import", "--date", "2020-11-12", *self.results())
        self._keep("answered")
        self._statement("2020-11-10/2020-12-31")
        self._ledger("import", *self.statements()[-1:])
        self._keep("stated")

    @property
    def books(self) -> Path:
        """The books that the stages are copies of."""
        return self.folder / "books"

    def rosters(self) -> list[Path]:
        return [path for path in sorted((self.inputs / "rosters").iterdir()) if path.is_file()]

    def results(self) -> list[Path]:
        return [path for path in sorted((self.inputs / "results").iterdir()) if path.is_file()]

    def statements(self) -> list[Path]:
        """In the order of their days."""
        return sorted(path for path in (self.inputs / "statements").iterdir() if path.is_file())

    def fresh(self, stage: str) -> Path:
        """A copy of the books of a stage for one run, of which this machine has seen nothing."""
        copy = self.folder / "run"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / "stages" / stage, copy)
        # Whoever signs but for the first has been added in a run.
        seen_or_added = ("registry.witness", "registry.snapshot*", "registry.O0[2-9].key")
        for pattern in seen_or_added:
            for seen in self.folder.glob(pattern):
                seen.unlink()
        return copy

    def _new_books(self) -> None:
        self._script("sample_data.py", self.inputs, "--people", str(self.payees))
        self._run([self.command, "init", str(self.books)])
        extra_yuan = max(0, self.payees - REAL_SIZE) * SUBSIDY_YUAN
        with (self.books / "rules.beancount").open("a", encoding="utf-8", newline="\n") as rules:
            rules.write(BUDGET.format(yuan=SUPPLEMENT_YUAN + extra_yuan))
        toml = self.books / "census-ledger.toml"
        with toml.open("a", encoding="utf-8", newline="\n") as settings:
            settings.write("".join(spending_rules()))
        if extra_yuan:
            self._script("benchmark/extra_money.py", self.inputs, str(extra_yuan))
        self._statement("2020-01-01/2020-11-09")
        self._ledger("import", *self.statements())
        self._keep("new")

    def _statement(self, period: str) -> None:
        self._script("sample_answers.py", "statement", self.inputs, period)

    def _keep(self, stage: str) -> None:
        """Keep a copy, which can be loaded without the plugin too."""
        kept = self.folder / "stages" / stage
        shutil.copytree(self.books, kept)
        main = (kept / "main.beancount").read_text(encoding="utf-8")
        without = kept / WITHOUT_PLUGIN
        without.write_text(main.replace(PLUGIN_LINE, ""), encoding="utf-8", newline="\n")

    def _ledger(self, *arguments: str | Path) -> None:
        self._run([self.command, "-C", str(self.books), *map(str, arguments)])

    def _script(self, name: str, *arguments: str | Path) -> None:
        self._run([str(self.python), str(CHECKOUT / "scripts" / name), *map(str, arguments)])

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
