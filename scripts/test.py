"""Run everything that has to pass: ruff, mypy --strict, the floors of imports and the tests.

    python3 scripts/test.py [PYTEST ARGUMENTS]

Makes its own environment in ``.venv`` the first time. Fava's pages are tested in the browser of
this machine; root on Debian gets one installed.
"""

from __future__ import annotations

import subprocess
import sys

from browser_for_tests import provide_browser
from environment import CHECKOUT
from environment import TESTS
from environment import prepare

ON_ALL_CORES = ["--numprocesses", "auto", "-p", "tests.support.stories"]


def main(arguments: list[str]) -> int:
    python = prepare(TESTS)
    # Without a browser its tests fail and say so; the others run all the same.
    provide_browser()
    steps = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "lint-imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
        "pytest": ["-m", "pytest", *(arguments or ON_ALL_CORES)],
    }
    failed = []
    for name, step in steps.items():
        print(f"== {name}", flush=True)
        if subprocess.run([python, *step], cwd=CHECKOUT, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
