"""Wine, in which ``scripts/test_windows.py`` tries the Windows edition.

Standard library only. What Wine 8 lacks of Windows 10 is put beside it, for the tests alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMPILER = "x86_64-w64-mingw32-gcc"
PACKAGES = ("wine", "wine64", "gcc-mingw-w64-x86-64")
WHAT_TO_INSTALL = (
    f"To try the Windows edition, install Wine and MinGW (Debian: apt-get install"
    f" {' '.join(PACKAGES)})."
)
INSTALLING_SECONDS = 600
COMMAND_SECONDS = 600
# Wine's code page is this locale's, and its names of files are the system's if it knows the locale.
CHINESE = "zh_CN.UTF-8"
ANY_UTF_8 = Path("/usr/lib/locale/C.utf8")
# Libraries that are written in Rust ask Windows 10 for random bytes by this name.
RANDOM_BYTES = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
"""


def provide_wine() -> bool:
    """Whether there is Wine; root on Debian gets it installed. Says what it does."""
    if _is_there():
        return True
    geteuid = getattr(os, "geteuid", None)
    if geteuid is not None and geteuid() == 0 and shutil.which("apt-get") is not None:
        print("Installing Debian's wine for the tests of the Windows edition ...", flush=True)
        _install()
    if _is_there():
        return True
    print(WHAT_TO_INSTALL, flush=True)
    return False


def _is_there() -> bool:
    return all(map(shutil.which, ("wine", "wineserver", COMPILER)))


def _install() -> None:
    get = ["apt-get", "--quiet=2", "--option=DPkg::Lock::Timeout=120"]
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        try:
            subprocess.run(
                [*get, *step],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                timeout=INSTALLING_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return


@dataclass(frozen=True)
class Wine:
    """A Windows of its own, of the Chinese code page 936, in a folder that goes with it."""

    folder: Path

    @property
    def drive(self) -> Path:
        """Where C: lies."""
        return self.folder / "prefix" / "drive_c"

    def environment(self, **more: str) -> dict[str, str]:
        own = {
            "HOME": str(self.folder),
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            # Neither .NET nor a browser is asked for.
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "LC_ALL": CHINESE,
            "LOCPATH": str(self.folder / "locales"),
        }
        return {"PATH": os.environ["PATH"], **own, **more}

    def start(self, *words: str, cwd: Path, **more: str) -> subprocess.Popen[bytes]:
        """A program of Windows; its output goes through a pipe, or Wine looks for a terminal."""
        return subprocess.Popen(
            ["wine", *words],
            cwd=cwd,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *words: str, cwd: Path, **more: str) -> tuple[int, bytes]:
        """The exit status of a program of Windows, and what it says."""
        with self.start(*words, cwd=cwd, **more) as running:
            said, _none = running.communicate(timeout=COMMAND_SECONDS)
        return running.returncode, said


@contextmanager
def wine() -> Iterator[Wine]:
    """A new Windows 10, which is gone at the end with all that runs in it."""
    with tempfile.TemporaryDirectory(prefix="census-ledger-wine-") as name:
        made = Wine(Path(name))
        (made.folder / "locales").mkdir()
        (made.folder / "locales" / CHINESE).symlink_to(ANY_UTF_8)
        made.run("wineboot", "--init", cwd=made.folder)
        try:
            made.run("winecfg", "-v", "win10", cwd=made.folder)
            _add_random_bytes(made)
            yield made
        finally:
            for option in ("--kill", "--wait"):
                subprocess.run(["wineserver", option], env=made.environment(), check=False)


def _add_random_bytes(made: Wine) -> None:
    source = made.folder / "random_bytes.c"
    source.write_text(RANDOM_BYTES, encoding="ascii")
    library = made.drive / "windows" / "system32" / "bcryptprimitives.dll"
    subprocess.run(
        [COMPILER, "-O2", "-s", "-shared", "-o", library, source, "-ladvapi32"], check=True
    )
