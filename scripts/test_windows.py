"""Try the Windows edition under Wine, on Linux.

    python3 scripts/test_windows.py [--short] [FOLDER]

FOLDER is an edition that ``scripts/windows_edition.py`` has made; without one it is made. Books of
Linux are approved, paid and reported in it, and come back; they answer a browser; the year of the
demonstration is worked from the first roster to the last report, unless it has to be ``--short``.
Root on Debian gets Wine installed; elsewhere it says what to install, with exit status 77.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from pathlib import Path

from demo import whole_story
from demonstration import Demonstration
from edition.windows_wheels import options
from environment import LOCKED
from environment import WORK
from environment import prepare
from environment import take_locked
from under_wine.browsing import desk_in_the_browser
from under_wine.carried import PASSPHRASE
from under_wine.carried import looked_at_on_linux
from under_wine.carried import made_on_linux
from under_wine.carried import paid_on_windows
from under_wine.demonstration import WineDemonstration
from under_wine.machine import Wine
from under_wine.machine import provide_wine
from under_wine.machine import wine
from windows_edition import PYTHON
from windows_edition import build

# As other test programs say that nothing was tried.
WITHOUT_WINE = 77


def install(edition: Path, python: Path, windows: Wine) -> Path:
    """Copy the edition onto that Windows, with the older wheels that Wine can run."""
    folder = windows.drive / "普查办 软件"
    shutil.copytree(edition, folder)
    packages = folder / "python" / "site-packages"
    for path in (*packages.glob("numpy*"), *packages.glob("pandas*")):
        shutil.rmtree(path)
    older = [LOCKED / "wine.txt"]
    take_locked(python, "install", older, "--target", str(packages), *options(PYTHON))
    return folder


def tried(edition: Path, python: Path, windows: Wine, work: Path, *, whole: bool) -> None:
    installed = install(edition, python, windows)
    key = {PASSPHRASE: "路上的口令", "CENSUS_LEDGER_OPERATOR": "O01"}

    def on_windows(name: str) -> WineDemonstration:
        folder = windows.drive / "users" / "普查办" / name
        folder.mkdir(parents=True)
        return WineDemonstration(python, folder, windows, installed, **key)

    def on_linux(name: str) -> Demonstration:
        home = work / name
        home.mkdir()
        return Demonstration(python, home, HOME=str(home), LC_ALL="C.UTF-8", **key)

    there, carried, back = on_linux("there"), on_windows("账 套"), on_linux("back")
    made_on_linux(there)
    shutil.copytree(there.folder / "inputs", carried.folder / "inputs")
    shutil.copy2(there.folder / "to-windows.backup", carried.folder)
    paid_on_windows(carried)
    shutil.copy2(carried.folder / "to-linux.backup", back.folder)
    looked_at_on_linux(back, carried.folder)
    desk_in_the_browser(carried)
    if whole:
        whole_story(on_windows("一年"))


def main(arguments: list[str]) -> None:
    # What waits, and a wish to end, leave no Windows running.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    whole = "--short" not in arguments
    folders = [argument for argument in arguments if argument != "--short"]
    if len(folders) > 1 or (folders and folders[0].startswith("-")):
        sys.exit(__doc__)
    if not provide_wine():
        sys.exit(WITHOUT_WINE)
    python = prepare(WORK)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        edition = Path(folders[0]).resolve() if folders else work / "edition"
        if folders and not (edition / "census-ledger.exe").is_file():
            sys.exit(f"No edition is at {edition}: scripts/windows_edition.py FOLDER makes one.")
        if not folders:
            build(edition)
        with wine() as windows:
            tried(edition, python, windows, work, whole=whole)
    print("\nThe Windows edition works under Wine.")


if __name__ == "__main__":
    main(sys.argv[1:])
