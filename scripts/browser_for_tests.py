"""The browser of this machine, in which the tests look at Fava's pages.

Standard library only: ``scripts/test.py`` calls it before anything is installed. No browser is
downloaded apart from the system's own packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
)
WINDOWS_FOLDERS = ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA")
WINDOWS_PROGRAMS = (
    "Microsoft/Edge/Application/msedge.exe",
    "Google/Chrome/Application/chrome.exe",
)
MAC_PROGRAMS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WHAT_TO_INSTALL = (
    "The tests of Fava's pages need a browser: install Chromium, Google Chrome or Microsoft Edge"
    " (Debian: apt-get install chromium)."
)


def find_browser() -> Path | None:
    """The program of an installed browser that Playwright can drive."""
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            yield Path(found)
    for variable in WINDOWS_FOLDERS:
        folder = os.environ.get(variable)
        if folder:
            yield from (Path(folder) / program for program in WINDOWS_PROGRAMS)
    yield from map(Path, MAC_PROGRAMS)


def provide_browser() -> bool:
    """Whether there is a browser; root on Debian gets Chromium installed. Says what it does."""
    if find_browser():
        return True
    if _may_install():
        print("Installing Debian's chromium for the tests of Fava's pages ...", flush=True)
        _install()
    if find_browser():
        return True
    print(WHAT_TO_INSTALL, flush=True)
    return False


def _may_install() -> bool:
    geteuid = getattr(os, "geteuid", None)
    return geteuid is not None and geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    # The lists of packages may be missing, or older than the archive; to fetch them takes a while.
    for steps in (["install"], ["update", "install"]):
        said = [_apt_get(step) for step in steps]
        if not said[-1]:
            return
    print("\n".join(filter(None, said)), flush=True)


def _apt_get(step: str) -> str:
    """What apt-get complains of; nothing when it has done its work."""
    command = ["apt-get", "--quiet=2", "--option=DPkg::Lock::Timeout=120", step]
    if step == "install":
        command += ["--yes", "--no-install-recommends", "chromium"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.stderr.strip() or "apt-get failed" if done.returncode else ""
