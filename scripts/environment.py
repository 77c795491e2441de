"""The project's own environment, ``.venv`` in the checkout, made when it is needed.

Only files whose SHA-256 stands in ``scripts/locked`` are installed, whichever index this
machine's pip asks: an index can hold files back, but change none. Standard library only: it runs
before anything is installed.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ENVIRONMENT = CHECKOUT / ".venv"
LOCKED = CHECKOUT / "scripts" / "locked"
OLDEST_PYTHON = (3, 11)

# What the files below install; the second begins with the first.
WORK = ("work.txt",)
PROVINCE = ("work.txt", "province.txt")
TESTS = ("work.txt", "province.txt", "tests.txt")
# What the checkout's own installation is made from.
SETTINGS = ("setup.cfg", "pyproject.toml")
# The settings of pip that say where files come from, and how they are reached.
SOURCES = ("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy",
           "cert", "client-cert", "timeout", "default-timeout", "retries")  # fmt: skip


def python_of(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(locks: Sequence[str]) -> Path:
    """Install the checkout and what some locks name into ``.venv``; return its interpreter.

    What is installed is remembered, so that the second run starts at once and needs no network.
    Ends the program with a sentence that says what to do when that cannot be done.
    """
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("census-ledger needs Python 3.11 or newer.")
    python, stamp = python_of(ENVIRONMENT), ENVIRONMENT / "installed"
    there = _remembered(stamp) if python.exists() else {}
    stale = {name for name, digest in there.items() if digest != _digest(name)}
    if not stale and {*locks, *SETTINGS} <= there.keys():
        return python
    print(f"Setting up {ENVIRONMENT} (once; it takes a minute or two) ...", flush=True)
    stamp.unlink(missing_ok=True)
    # pip looks at no file of a package that is there already: what another lock, or none,
    # has brought is not kept.
    # guard: environment-of-this-lock
    if not there or stale - {*SETTINGS}:
        _create()
        there = {}
    if not {*locks} <= there.keys():
        install_locked(python, locks)
    _install_checkout(python)
    names = sorted({*there, *locks, *SETTINGS})
    lines = "".join(f"{_digest(name)} {name}\n" for name in names)
    stamp.write_text(lines, encoding="ascii", newline="\n")
    return python


def install_locked(python: Path, locks: Sequence[str]) -> None:
    """Install what some locks name, or end the program with a sentence and install nothing."""
    take_locked(python, "install", [LOCKED / lock for lock in locks])


def take_locked(python: Path, command: str, locks: Sequence[Path], *options: str) -> None:
    """Let pip install or download what some locks name, or end the program with a sentence.

    Wheels only: a source would be built, with tools that no lock names.
    """
    # guard: only-locked-digests, only-wheels
    wanted = ["--require-hashes", "--only-binary=:all:"]
    for lock in locks:
        wanted += ["--requirement", str(lock)]
    failed = run_pip(python, command, *options, *wanted, settings=sources(python))
    if failed is not None:
        sys.exit(_what_to_do(failed))


def sources(python: Path) -> dict[str, str]:
    """What pip's settings on this machine say about where files come from, as variables.

    Nothing else of them counts: a requirement or a constraint among them would bring a digest of
    its own beside the locked one.
    """
    listed = subprocess.run(
        [str(python), "-I", "-m", "pip", "config", "list"],
        stdout=subprocess.PIPE, text=True, errors="replace", check=False,
    ).stdout  # fmt: skip
    found = dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)
    return {
        f"PIP_{name.upper().replace('-', '_')}": ast.literal_eval(found[f"{section}.{name}"])
        for section in ("global", "install", ":env:")
        for name in SOURCES
        if f"{section}.{name}" in found
    }


def _digest(name: str) -> str:
    path = (LOCKED if name in TESTS else CHECKOUT) / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _remembered(stamp: Path) -> dict[str, str]:
    """The digest of each file that the environment was made from."""
    if not stamp.is_file():
        return {}
    lines = stamp.read_text(encoding="ascii", errors="replace").splitlines()
    return {name: digest for digest, _space, name in (line.partition(" ") for line in lines)}


def _create() -> None:
    if Path(sys.prefix) == ENVIRONMENT:
        sys.exit(
            f"{ENVIRONMENT} has to be made anew and cannot do that itself: "
            "run this with the system's Python."
        )
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    except (subprocess.CalledProcessError, ImportError) as error:
        sys.exit(
            f"Python's venv does not work here ({error}).\n"
            "On Debian and Ubuntu: apt install python3-venv, then run this again."
        )
    except OSError as error:
        sys.exit(
            f"{ENVIRONMENT} cannot be made ({error}).\n"
            "End what still runs from it, such as the books in a browser, then run this again."
        )


def _install_checkout(python: Path) -> None:
    """The checkout itself, with what is there already: nothing is fetched to build it."""
    nothing_fetched = ["--no-index", "--no-deps", "--no-build-isolation"]
    editable = ["install", *nothing_fetched, "--editable", str(CHECKOUT)]
    if run_pip(python, *editable, settings={}) is not None:
        sys.exit("pip could not install the project; its message is above.")


def run_pip(python: Path, command: str, *arguments: str, settings: dict[str, str]) -> str | None:
    """Let pip do something; what it said when it could not, and None when it could.

    With these settings alone, and isolated from ``PYTHONPATH``, where it would find packages and
    take them for installed.
    """
    # guard: pip-settings
    others = {name: value for name, value in os.environ.items() if name[:4].upper() != "PIP_"}
    done = subprocess.run(
        [str(python), "-I", "-m", "pip", command, "--quiet", *arguments],
        env={**others, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull}
        | settings,
        stderr=subprocess.PIPE,
        check=False,
    )
    said = done.stderr.decode(errors="replace")
    print(said, end="", file=sys.stderr, flush=True)
    return said if done.returncode else None


def _what_to_do(said: str) -> str:
    if "DO NOT MATCH THE HASHES" in said:
        return (
            f"A file that was offered to pip is not the one that {LOCKED} names (its message is "
            "above): it was changed. Nothing was installed. Let pip ask another index (python -m "
            "pip config list says which it asks) and run this again."
        )
    if "Connection" in said or "connection" in said:
        return (
            "pip cannot reach its index (its message is above). Nothing was installed. Connect "
            "this computer, or tell pip of an index that it can reach (python -m pip config set "
            "global.index-url ADDRESS), and run this again."
        )
    return f"pip could not install what {LOCKED} names; its message is above."
