"""Books of the same size whose people are paid in three stages, for quantities, taxed."""

from __future__ import annotations

from pathlib import Path

import demo_stages

from benchmark.stages import Stages

COUNTY = "滕州市"
OWNER = demo_stages.OWNER.format(county=COUNTY)


class StagedBooks(Stages):
    """The second demonstration's story without its mistakes: ``registered`` are books in which
    the first stage is paid and the lists of the second are in, ``stated`` those with all three.
    """

    DISBURSE = ("disburse", "--stage", "S2", "--date", "2026-10-12", "--yes")

    def work(self, stage: str = "S2") -> list[Path]:
        """The towns' lists of the work done."""
        return sorted((self.inputs / "work" / stage).glob("*.xlsx"))

    def _story(self) -> None:
        self._new_books()
        self._ledger("import", "--date", "2026-09-07", *self.rosters())
        self._paid("B2026-001", "S1", "2026-09-10")
        self._keep("first")
        for day, stage in (("2026-10-09", "S2"), ("2026-10-10", "S2-更正")):
            self._ledger("import", "--stage", "S2", "--date", day, *self.work(stage))
        self._keep("registered")
        self._ledger(*self.DISBURSE)
        self._keep("prepared")
        self._answered("B2026-002", "2026-10-12")
        self._ledger("import", "--stage", "S3", "--date", "2026-10-19", *self.work("S3"))
        self._paid("B2026-003", "S3", "2026-10-20")
        self._statement("2026-09-10/2026-10-31")
        self._ledger("import", *self.statements()[-1:])
        self._keep("stated")

    def _new_books(self) -> None:
        self._script(
            "sample_stages.py", self.inputs, "--county", COUNTY, "--people", str(self.payees)
        )
        self._run([self.command, "init", str(self.books), "--county", COUNTY,
                   "--programme", demo_stages.PROGRAMME])  # fmt: skip
        given = f"{self.payees * demo_stages.GIVEN_EACH}.00"
        with (self.books / "rules.beancount").open("a", encoding="utf-8", newline="\n") as rules:
            rules.write(demo_stages.RULES.format(budget=given))
        bureau = [text.format(county=COUNTY) for text in demo_stages.BUREAU]
        self._script(
            "sample_answers.py", "move", "--date", "2026-09-08", self.inputs, "--", given, *bureau
        )
        self._statement("2026-09-01/2026-09-09")
        self._ledger("import", *self.statements())
        self._keep("new")

    def _paid(self, batch: str, stage: str, day: str) -> None:
        self._ledger("disburse", "--stage", stage, "--date", day, "--yes")
        self._answered(batch, day)

    def _answered(self, batch: str, day: str) -> None:
        """Given to the bank, which answers the day after."""
        self._ledger("batch", "submit", batch, "--yes", "--date", day)
        answered = f"{day[:-2]}{int(day[-2:]) + 1:02d}"
        self._script(
            "sample_answers.py", "bank", self.books / "payouts" / batch, self.inputs,
            "--date", answered,
        )  # fmt: skip
        results = [path for path in self.results() if path.name.startswith(batch)]
        known = [path for path in results if "回盘" in path.name]
        self._ledger("import", "--date", answered, *known)

    def _statement(self, period: str) -> None:
        self._script("sample_answers.py", "statement", self.inputs, period, "--owner", OWNER)
