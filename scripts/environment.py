"""The project's own environment, ``.venv`` in the checkout, made when it is needed.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ENVIRONMENT = CHECKOUT / ".venv"
OLDEST_PYTHON = (3, 11)


def python_of(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(extras: str) -> Path:
    """Install the checkout with some extras into ``.venv`` and return its interpreter.

    What is installed is remembered, so that the second run starts at once. Ends the program
    with a sentence that says what to do when Python or venv is missing.
    """
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("census-ledger needs Python 3.11 or newer.")
    python = python_of(ENVIRONMENT)
    wanted = hashlib.sha256((CHECKOUT / "setup.cfg").read_bytes() + extras.encode()).hexdigest()
    stamp = ENVIRONMENT / f"installed-{extras}"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    print(f"Setting up {ENVIRONMENT} (once; it takes a minute or two) ...", flush=True)
    if not python.exists():
        _create()
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    installed = subprocess.run([*pip, "--editable", f"{CHECKOUT}[{extras}]"], check=False)
    if installed.returncode:
        sys.exit("pip could not install the project; its message is above.")
    stamp.write_text(wanted, encoding="ascii")
    return python


def _create() -> None:
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    except (subprocess.CalledProcessError, ImportError, OSError) as error:
        sys.exit(
            f"Python's venv does not work here ({error}).\n"
            "On Debian and Ubuntu: apt install python3-venv, then run this again."
        )
