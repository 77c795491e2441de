"""Take each guard of the money rules away, one at a time, and see a test fail.

    python scripts/guards.py [--list] [--write] [WORD ...]

The guards are listed in ``tests/guards.toml``: where each stands, the code without it, and the
tests that have to fail then, and have to pass in a copy that nobody has touched. A copy of the
project is changed, never the project. ``--write`` makes ``docs/guards.md`` from the list; words
choose the guards whose rule or file has one of them. Runs in the environment that
``scripts/test.py`` makes; exit status 1 when a guard is not missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

CHECKOUT = Path(__file__).resolve().parents[1]
GUARDS = CHECKOUT / "tests" / "guards.toml"
PAGE = CHECKOUT / "docs" / "guards.md"
COPIED = ("ledger", "importers", "reports", "scripts", "tests", "docs", "setup.cfg",
          "pyproject.toml", "README.md", "README.zh-CN.md")  # fmt: skip

INTRODUCTION = """# Guards of the money rules

Each line is a rule about money or people's data, the place in the code that keeps it, and the tests
that fail when that place is taken away. `python scripts/guards.py` takes each one away in a copy of
the project and runs its tests; it names a guard that nobody would miss. This page is made by
`python scripts/guards.py --write` from `tests/guards.toml`.

| rule | kept in | missed by |
| --- | --- | --- |
"""


@dataclass(frozen=True)
class Guard:
    """A rule and the code that keeps it; ``find`` stands once in ``file``."""

    rule: str
    file: str
    find: str
    replace: str
    test: str

    @property
    def tests(self) -> list[str]:
        return self.test.split()


def read_guards() -> list[Guard]:
    return [Guard(**item) for item in tomllib.loads(GUARDS.read_text(encoding="utf-8"))["guard"]]


def page_of(guards: Sequence[Guard]) -> str:
    """The page for docs/, a line for each guard."""
    lines = [
        f"| {guard.rule} | `{guard.file}` | {', '.join(f'`{test}`' for test in guard.tests)} |\n"
        for guard in guards
    ]
    return INTRODUCTION + "".join(lines)


def copy_of_the_project(folder: Path) -> Path:
    for name in COPIED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(
                source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        else:
            shutil.copy(source, folder / name)
    return folder


def is_missed(guard: Guard, copy: Path) -> bool:
    """Whether a test fails in the copy without the guard. Puts the guard back."""
    path = copy / guard.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(guard.find, guard.replace), encoding="utf-8", newline="\n")
    try:
        return not pass_in(copy, guard.tests)
    finally:
        path.write_text(whole, encoding="utf-8", newline="\n")


def pass_in(copy: Path, tests: Sequence[str], *options: str) -> bool:
    """Whether tests pass in a copy of the project."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *options, *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        sys.exit(f"{tests}: pytest ended with {done.returncode}\n{done.stdout.decode()}")
    return done.returncode == 0


def require_that_they_pass(guards: Sequence[Guard]) -> None:
    """A test that fails anyway would miss nothing."""
    tests = sorted({test for guard in guards for test in guard.tests})
    with tempfile.TemporaryDirectory() as folder:
        if not pass_in(copy_of_the_project(Path(folder)), tests, "--numprocesses", "auto"):
            sys.exit("Some of the tests fail although every guard is there; mend them first.")


def try_all(guards: Sequence[Guard]) -> list[Guard]:
    """The guards whose absence no test notices."""
    unmissed = []
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(os.cpu_count() or 1):
            copies.put(copy_of_the_project(Path(folder) / str(number)))

        def attempt(guard: Guard) -> tuple[Guard, bool]:
            copy = copies.get()
            try:
                return guard, is_missed(guard, copy)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(copies.qsize()) as pool:
            for guard, missed in pool.map(attempt, guards):
                print(
                    f"{'ok    ' if missed else 'UNSEEN'}  {guard.file:38} {guard.rule}", flush=True
                )
                if not missed:
                    unmissed.append(guard)
    return unmissed


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the guards of the money rules away.")
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    guards = read_guards()
    if arguments.write:
        PAGE.write_text(page_of(guards), encoding="utf-8", newline="\n")
        return
    chosen = [
        guard
        for guard in guards
        if not arguments.words
        or any(word in f"{guard.rule} {guard.file}" for word in arguments.words)
    ]
    if arguments.list:
        for guard in chosen:
            print(f"{guard.file:38} {guard.rule}")
        return
    require_that_they_pass(chosen)
    unmissed = try_all(chosen)
    print(f"{len(chosen) - len(unmissed)} of {len(chosen)} guards are missed when they are gone.")
    sys.exit(1 if unmissed else 0)


if __name__ == "__main__":
    main()
