"""Take each guard of the money rules away, one at a time, and see a test fail.

    python scripts/guards.py [--list] [--write] [WORD ...]

A guard is a statement with a comment ``# guard: its-name``, at its end or on a line of its own
before it. ``tests/guards.toml`` says by that name what rule it keeps and which tests have to fail
without it; they have to pass in a copy that nobody has touched. A copy of the project is changed,
never the project. ``--write`` makes ``docs/guards.md``; words choose the guards whose name, rule or
file has one of them. Runs in the environment that ``scripts/test.py`` makes; exit status 1 when a
guard is not missed.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tokenize
import tomllib
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

CHECKOUT = Path(__file__).resolve().parents[1]
GUARDS = CHECKOUT / "tests" / "guards.toml"
PAGE = CHECKOUT / "docs" / "guards.md"
GUARDED = ("ledger", "importers", "reports", "scripts")
COPIED = (*GUARDED, "tests", "docs", "setup.cfg", "pyproject.toml", "README.md",
          "README.zh-CN.md")  # fmt: skip
MARKER = re.compile(r"# guard: (.+)")

INTRODUCTION = """# Guards of the money rules

Each line is a rule about money or people's data, the place in the code that keeps it, and the tests
that fail when that place is taken away. `python scripts/guards.py` takes each one away in a copy of
the project and runs its tests; it names a guard that nobody would miss. This page is made by
`python scripts/guards.py --write` from `tests/guards.toml` and the comments `# guard:` in the code.

| rule | kept in | missed by |
| --- | --- | --- |
"""


@dataclass(frozen=True)
class Guard:
    """A rule, the statement that keeps it, and what becomes of it when the guard is away.

    An ``if`` never holds, a ``for`` goes over nothing, another statement is not run; but when an
    expression is named, only this part goes (``without``) or is another one (``instead``).
    """

    name: str
    file: str
    rule: str
    test: str
    without: str = ""
    instead: tuple[str, str] | None = None

    @property
    def tests(self) -> list[str]:
        return self.test.split()


def read_guards(checkout: Path = CHECKOUT) -> list[Guard]:
    """The guards of the list, each of which is marked in the code once."""
    listed = tomllib.loads((checkout / GUARDS.relative_to(CHECKOUT)).read_text(encoding="utf-8"))
    files: dict[str, str] = {}
    for folder in GUARDED:
        for path in sorted((checkout / folder).rglob("*.py")):
            file = path.relative_to(checkout).as_posix()
            for name, line in marks(path.read_text(encoding="utf-8")):
                if name not in listed:
                    sys.exit(f"{file}:{line}: {GUARDS.name} has no guard {name}.")
                if name in files:
                    sys.exit(f"{file}:{line}: the guard {name} is marked in {files[name]} too.")
                files[name] = file
    if missing := ", ".join(listed.keys() - files.keys()):
        sys.exit(f"No statement is marked as {missing}, which {GUARDS.name} lists.")
    return [Guard(name, files[name], **guard) for name, guard in listed.items()]


def marks(source: str) -> Iterator[tuple[str, int]]:
    """The names of guards in a module, each with the line on which its statement begins."""
    if not MARKER.search(source):
        return
    names: list[str] = []
    begin = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            names += [name for text in MARKER.findall(token.string) for name in text.split(", ")]
        elif token.type == tokenize.NEWLINE:
            yield from ((name, begin) for name in names)
            names, begin = [], 0
        elif not begin and token.string.strip():
            begin = token.start[0]


def without_guard(source: str, guard: Guard) -> str:
    """The module as it would be if the guard were not there."""
    return ast.unparse(_TakenAway(guard, _lines(source)[guard.name]).visit(ast.parse(source)))


@cache
def _lines(source: str) -> dict[str, int]:
    return dict(marks(source))


class _TakenAway(ast.NodeTransformer):
    def __init__(self, guard: Guard, line: int) -> None:
        self.guard = guard
        self.line = line

    def visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.stmt) or node.lineno != self.line:
            return self.generic_visit(node)
        if self.guard.without:
            _Exchange(node, self.guard.without)
        elif self.guard.instead:
            _Exchange(node, *self.guard.instead)
        elif isinstance(node, ast.If):
            node.test = ast.Constant(False)
        elif isinstance(node, ast.For):
            node.iter = ast.Tuple([], ast.Load())
        else:
            return ast.Pass()
        return node


class _Exchange(ast.NodeTransformer):
    """Puts an expression, or nothing, for another in a statement, but not in those within it."""

    def __init__(self, statement: ast.stmt, old: str, new: str = "") -> None:
        self.statement = statement
        self.old = ast.dump(_argument(old))
        self.new = _argument(new) if new else None
        self.found = 0
        whole = ast.unparse(statement)
        self.visit(statement)
        if self.found != 1:
            sys.exit(f"{old} stands {self.found} times in {whole}")

    def visit(self, node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.stmt) and node is not self.statement:
            return node
        if ast.dump(node) == self.old:
            self.found += 1
            return self.new
        return self.generic_visit(node)


def _argument(text: str) -> ast.AST:
    """An expression, or a name with its value as calls have them."""
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    arguments: list[ast.AST] = [*call.args, *call.keywords]
    (argument,) = arguments
    return argument


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
    path.write_text(without_guard(whole, guard), encoding="utf-8", newline="\n")
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
            sys.exit("Some of the tests fail although every guard is there; correct them first.")


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
        or any(word in f"{guard.name} {guard.rule} {guard.file}" for word in arguments.words)
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
