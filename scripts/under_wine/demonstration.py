"""The demonstration on Windows: the same commands, typed under Wine."""

from __future__ import annotations

from pathlib import Path

from demonstration import Demonstration

from under_wine.machine import Wine

# What programs of Windows write into a pipe: the code page of Chinese Windows.
CODE_PAGE = "gbk"


class WineDemonstration(Demonstration):
    """Runs the edition's command in a folder of that Windows, and types as its editors do."""

    line_end = "\r\n"

    def __init__(
        self, python: Path, folder: Path, wine: Wine, edition: Path, **environment: str
    ) -> None:
        super().__init__(python, folder, **environment)
        self.wine = wine
        self.command = edition / "census-ledger.exe"

    def call(self, *arguments: str) -> int:
        status, said = self.answer(*arguments)
        print(shown(said), end="", flush=True)
        return status

    def answer(self, *arguments: str) -> tuple[int, bytes]:
        return self.wine.run(str(self.command), *arguments, cwd=self.folder, **self.environment)


def shown(said: bytes) -> str:
    """What a program of Windows says."""
    return said.decode(CODE_PAGE, "replace").replace("\r\n", "\n")
