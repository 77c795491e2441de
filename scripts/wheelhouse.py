"""A folder of wheels, from which a computer without network installs the locked requirements.

    python3 scripts/wheelhouse.py FOLDER [--windows] [--python 3.12]

For this system, or for Windows; for the Python that runs this, or for another version. Carry the
folder and this checkout there, and run ``python3 scripts/install.py FOLDER``. Each file is one that
``scripts/locked`` names by its SHA-256, and is compared with it once more when it is installed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from edition.windows_wheels import for_windows
from edition.windows_wheels import options
from edition.windows_wheels import write_lock
from environment import LOCKED
from environment import WORK
from environment import prepare
from environment import take_locked


def fill(folder: Path, python: Path, version: str, *, windows: bool) -> None:
    """Put the wheels into a folder; those that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    to = ("--dest", str(folder))
    if not windows:
        locks = [LOCKED / lock for lock in WORK]
        take_locked(python, "download", locks, *to, f"--python-version={version}", "--no-deps")
        return
    with tempfile.TemporaryDirectory() as temporary:
        for lock in WORK:
            packages = for_windows((LOCKED / lock).read_text(encoding="ascii"))
            file = write_lock(Path(temporary) / lock, packages)
            take_locked(python, "download", [file], *to, *options(version))


def main(arguments: Sequence[str]) -> None:
    this = ".".join(map(str, sys.version_info[:2]))
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0], allow_abbrev=False
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the wheels go")
    parser.add_argument("--windows", action="store_true", help="wheels for Windows")
    parser.add_argument("--python", default=this, metavar="3.12", help=f"default: {this}")
    asked = parser.parse_args(arguments)
    folder = asked.folder.resolve()
    fill(folder, prepare(WORK), asked.python, windows=asked.windows)
    wheels = list(folder.glob("*.whl"))
    size = sum(path.stat().st_size for path in wheels) / 1_000_000
    print(f"{folder} holds {len(wheels)} wheels, {size:.0f} MB.")
    where = "py scripts\\install.py" if asked.windows else "python3 scripts/install.py"
    print(f"With this checkout, on the computer without network: {where} {folder.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
