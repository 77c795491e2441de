"""The demonstration's folder, and commands run in it as the liaison would type them.

Standard library only: the project's own environment runs what needs more.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from environment import CHECKOUT

MARKER = ".census-ledger-demo"


class Demonstration:
    """Runs commands in the demonstration's folder and shows them as they would be typed."""

    line_end = "\n"

    def __init__(self, python: Path, folder: Path, **environment: str) -> None:
        self.python = python
        self.folder = folder
        self.environment = environment
        self.command = python.parent / ("census-ledger.exe" if os.name == "nt" else "census-ledger")

    def say(self, text: str) -> None:
        print(f"\n# {text}", flush=True)

    def call(self, *arguments: str) -> int:
        """Run ``census-ledger`` and let it speak; the exit status."""
        return self._started(arguments, stdout=None).returncode

    def answer(self, *arguments: str) -> tuple[int, bytes]:
        """Run ``census-ledger``; the exit status, and what it says on standard output."""
        done = self._started(arguments, stdout=subprocess.PIPE)
        return done.returncode, done.stdout

    def _started(
        self, arguments: Sequence[str], stdout: int | None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(self.command), *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=stdout,
            check=False,
        )

    def new_books(self, *options: str) -> None:
        typed = ["init", "books", *options]
        print(f"$ census-ledger {' '.join(typed)}", flush=True)
        if self.call(*typed):
            sys.exit("The books could not be made.")

    def run(self, *arguments: str, files: Sequence[Path] = (), shown: str = "") -> int:
        """Run ``census-ledger`` on the books; ``files`` follow, ``shown`` stands for them."""
        names = [path.relative_to(self.folder).as_posix() for path in files]
        typed = " ".join([*arguments, *([shown] if shown else names)])
        print(f"$ census-ledger -C books {typed}", flush=True)
        return self.call("-C", "books", *arguments, *names)

    def must(self, *arguments: str, files: Sequence[Path] = (), shown: str = "") -> None:
        if self.run(*arguments, files=files, shown=shown):
            sys.exit("The demonstration stops here: the command above has failed.")

    def ask(self, *arguments: str) -> Any:
        """What a command answers to programs; it is not shown."""
        status, said = self.answer("-C", "books", *arguments, "--json")
        if status:
            sys.exit(f"The demonstration stops here: {' '.join(arguments)} has failed.")
        return json.loads(said)

    def script(self, name: str, *arguments: str) -> str:
        """Run a script of this folder: what the towns and the bank do. Returns what it says."""
        print(f"$ python scripts/{name} {' '.join(arguments)}", flush=True)
        whole = [str(self.python), str(CHECKOUT / "scripts" / name), *arguments]
        done = subprocess.run(
            whole, cwd=self.folder, check=False, stdout=subprocess.PIPE, encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        print(done.stdout, end="", flush=True)
        if done.returncode:
            sys.exit("The demonstration stops here: the script above has failed.")
        return done.stdout

    def enter(self, file: str, text: str, *, shown: str = "") -> None:
        """What the liaison types into a file of the books; ``shown`` stands for a long text."""
        print(f"# ... into books/{file}:{(shown or text).rstrip()}", flush=True)
        path = self.folder / "books" / file
        with path.open("a", encoding="utf-8", newline=self.line_end) as books:
            books.write(text)


def fresh_folder(folder: Path) -> None:
    """An empty folder for the demonstration; one that an earlier run has made is replaced."""
    if folder.exists() and not (folder / MARKER).exists():
        if not folder.is_dir() or any(folder.iterdir()):
            sys.exit(f"{folder} is not empty and is not an earlier demonstration.")
    elif folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            sys.exit(f"An earlier demonstration cannot be removed; close what has it open. {error}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
