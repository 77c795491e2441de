"""A province of made-up counties, whose books are made by the real commands and consolidated.

    python3 scripts/province.py [DIR] [--counties 137] [--people 500]

Each county of DIR/counties (DIR is ``province`` by default) has a few towns, pays a batch, hears
from its bank, closes a month and hands a bundle up. The bundles are consolidated into DIR/out, and
again when some counties were broken in known ways: everything that was planted is found, and
nothing else, or the program ends with status 1. Nobody is real.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from demonstration import fresh_folder
from environment import CHECKOUT
from environment import PROVINCE
from environment import prepare


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=CHECKOUT / "province")
    parser.add_argument("--counties", type=int, default=137, metavar="N")
    parser.add_argument("--people", type=int, default=500, metavar="N")
    asked = parser.parse_args(arguments)
    if asked.counties < 20 or asked.people < 20:
        parser.error("at least 20 counties of 20 people each: there is something planted in each")
    folder = asked.folder.resolve()
    python = prepare(PROVINCE)
    fresh_folder(folder)
    paths = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "scripts")])
    return subprocess.run(
        [str(python), "-m", "provincial.story", str(folder), str(asked.counties),
         str(asked.people)],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        check=False,
    ).returncode  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
