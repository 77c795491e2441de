"""What is clicked or typed in the Windows edition: the command, the desk, a window for commands."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

# The launcher's own way to say: where this program lies.
SHEBANG = b"#!<launcher_dir>\\python\\python.exe\r\n"
MAIN = "import sys\nfrom ledger.cli import run\nsys.argv[0] = 'census-ledger'\nrun()\n"
# The same bytes each time.
WHEN = (2020, 1, 1, 0, 0, 0)

# A file that cmd reads by the code page of the machine: ASCII alone. A folder of books that is
# dropped on it is opened; else CENSUS_LEDGER_BOOKS, or "books" beside the edition's folder. What is
# typed behind it is handed on: --port 5001.
DESK = """\
@echo off
if not "%~1"=="" set "CENSUS_LEDGER_BOOKS=%~f1"
if not defined CENSUS_LEDGER_BOOKS set "CENSUS_LEDGER_BOOKS=%~dp0..\\books"
"%~dp0census-ledger.exe" desk %2 %3
if errorlevel 1 pause
"""
WINDOW = """\
@echo off
cd /d "%~dp0"
set "PATH=%~dp0;%PATH%"
cmd /k census-ledger --help
"""


def write_starters(folder: Path, launcher: bytes) -> None:
    """``census-ledger.exe`` beside ``python``, and two files to click."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py", WHEN), MAIN)
    command = launcher + SHEBANG + packed.getvalue()
    (folder / "census-ledger.exe").write_bytes(command)
    for name, text in (("工作台.cmd", DESK), ("命令行.cmd", WINDOW)):
        (folder / name).write_text(text, encoding="ascii", newline="\r\n")
