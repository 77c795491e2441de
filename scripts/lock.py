"""Choose anew which files the set-up takes, from the ranges in setup.cfg: ``scripts/locked``.

    .venv/bin/python scripts/lock.py [--upgrade]

A version that is locked already stays while its range allows it; ``--upgrade`` takes the newest
of each. Runs uv, in the environment that ``scripts/test.py`` makes, and asks PyPI itself: the
digests are those that PyPI names today.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from configparser import ConfigParser
from pathlib import Path

from environment import CHECKOUT
from environment import LOCKED

# One version for every system and every Python from 3.11 on.
UNIVERSAL = ["--universal", "--python-version=3.11", "--fork-strategy=fewest"]
QUIET = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url"]
WORK = """\
# The files that the demonstration and daily work take, on every system, each by its SHA-256.
# Made by scripts/lock.py from the ranges in setup.cfg.
"""
PROVINCE = """\
# The files that many counties take beside them. Made by scripts/lock.py.
-r work.txt
"""
TESTS = """\
# The files that tests and benchmark take beside these. Made by scripts/lock.py.
-r province.txt
"""


def ranges(extras: Sequence[str] | None = None) -> list[str]:
    """What setup.cfg asks for with some extras, or with all, and what builds the checkout."""
    settings = ConfigParser()
    settings.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    build = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [settings["options"]["install_requires"]]
    choices = settings["options.extras_require"]
    parts += [choices[extra] for extra in (choices if extras is None else extras)]
    lines = [line for part in parts for line in part.split("\n") if line.strip()]
    others = [line for line in lines if not line.startswith("#")]
    return [*build["build-system"]["requires"], *others]


def packages_in(text: str) -> dict[str, str]:
    """The packages of a lock, each with its lines."""
    blocks = re.findall(r"^[a-z0-9].*(?:\n[ ].*)*\n", text, re.MULTILINE)
    return {re.split(r"==| ", block, maxsplit=1)[0]: block for block in blocks}


def compiled(requirements: Sequence[str], answer: Path, *options: str) -> dict[str, str]:
    """What uv chooses. It keeps the versions that ``answer`` names already."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--no-config"]
    # uv asks PyPI where nothing tells it otherwise, whatever indexes this machine knows.
    environment = {name: value for name, value in os.environ.items() if name[:3] != "UV_"}
    subprocess.run(
        [*command, *UNIVERSAL, *QUIET, f"--output-file={answer}", *options],
        input="\n".join(requirements).encode(),
        stdout=subprocess.DEVNULL,
        env=environment,
        check=True,
    )
    return packages_in(answer.read_text(encoding="utf-8"))


def main(arguments: list[str]) -> None:
    if arguments not in ([], ["--upgrade"]):
        sys.exit(__doc__)
    work, province, tests = (LOCKED / f"{name}.txt" for name in ("work", "province", "tests"))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.txt"
        for file in (work, province, tests):
            if file.exists() and not arguments:
                with whole.open("a", encoding="utf-8") as kept:
                    kept.writelines(packages_in(file.read_text(encoding="utf-8")).values())
        everything = compiled(ranges(), whole, "--generate-hashes")
        for_work = compiled(ranges(()), Path(folder) / "work.txt", f"--constraint={whole}")
        constraint = f"--constraint={whole}"
        for_many = compiled(ranges(["province"]), Path(folder) / "province.txt", constraint)
    for file, heading, names in (
        (work, WORK, for_work.keys()),
        (province, PROVINCE, for_many.keys() - for_work.keys()),
        (tests, TESTS, everything.keys() - for_many.keys()),
    ):
        text = heading + "".join(everything[name] for name in sorted(names))
        file.write_text(text, encoding="ascii", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
