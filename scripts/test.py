"""Run everything that has to pass: ruff, mypy --strict, the floors of imports and the tests.

    python3 scripts/test.py [PYTEST ARGUMENTS]

Makes its own environment in ``.venv`` the first time. Fava's pages are tested in the browser of
this machine; root on Debian gets one installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from browser_for_tests import provide_browser
from environment import CHECKOUT
from environment import TESTS
from environment import prepare

FIRST = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
}
# These take one core for a minute, beside the tests; what they say stands below.
BESIDE = {
    "mypy": ["-m", "mypy"],
    "lint-imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
}
KEPT, ERRORS = subprocess.PIPE, subprocess.STDOUT
ON_ALL_CORES = ["--numprocesses", "auto", "-p", "tests.support.stories"]
# What tests write is gone with them: in memory, where there is plenty, nobody waits for a disk.
MEMORY = Path("/dev/shm")
PLENTY_BYTES = 6 * 1024**3


def main(arguments: list[str]) -> int:
    python = prepare(TESTS)
    # Without a browser its tests fail and say so; the others run all the same.
    provide_browser()
    failed = []
    with folder_for_files() as environment, ThreadPoolExecutor(1) as beside:

        def run(name: str, words: Sequence[str], to: int | None = None) -> bytes:
            whole = [str(python), *words]
            done = subprocess.run(
                whole, cwd=CHECKOUT, env=environment, check=False, stdout=to, stderr=to and ERRORS
            )
            if done.returncode:
                failed.append(name)
            return done.stdout or b""

        for name, words in FIRST.items():
            print(f"== {name}", flush=True)
            run(name, words)
        heard = {name: beside.submit(run, name, words, KEPT) for name, words in BESIDE.items()}
        print("== pytest", flush=True)
        run("pytest", ["-m", "pytest", *(arguments or ON_ALL_CORES)])
        for name, said in heard.items():
            print(f"== {name}", flush=True)
            sys.stdout.buffer.write(said.result())
            sys.stdout.flush()
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


@contextmanager
def folder_for_files() -> Iterator[dict[str, str]]:
    """The environment in which the tests write to memory, where the user names no folder."""
    # Hundreds of tests start a program: none of them compiles it again.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    plenty = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= PLENTY_BYTES
    if "TMPDIR" in environment or not plenty:
        yield environment
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield environment | {"TMPDIR": folder}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
