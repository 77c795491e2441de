"""The licence texts of everything that the Windows edition carries."""

from __future__ import annotations

import re
import shutil
import sys
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TEXTS = re.compile(r"licen[cs]e|copying|notice|authors|ofl", re.IGNORECASE)
LIST = "清单.txt"
HEADING = """\
本文件夹里每个组成部分的名称、版本、许可证和许可证全文所在的文件夹。
Every part of this folder: its name, version, licence, and the folder with its licence texts.

"""


def collect(site_packages: Path, python: Path, folder: Path) -> None:
    """Copy the licence texts into a folder, with a list.

    Ends the program for a package that has none of its own, and of which none is known here.
    """
    (folder / "python").mkdir(parents=True)
    for path in python.glob("LICENSE*.txt"):
        shutil.copy2(path, folder / "python")
    lines = ["python 3.11.9  PSF-2.0  → python", "census-ledger.exe (distlib)  PSF-2.0  → python"]
    for info in sorted(site_packages.glob("*.dist-info")):
        about = HeaderParser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
        name = f"{about['Name']}-{about['Version']}"
        texts = _texts(site_packages, info, about["Name"])
        if not texts:
            sys.exit(f"{name} has no licence text: put one into {__file__}.")
        for place, text in texts.items():
            target = folder / name / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
        lines.append(f"{about['Name']} {about['Version']}  {_licence(about)}  → {name}")
    (folder / LIST).write_text(HEADING + "\n".join(lines), encoding="utf-8-sig", newline="\r\n")


def _texts(site_packages: Path, info: Path, name: str) -> dict[str, bytes]:
    """The licence texts of a package: its own, or what stands for them where it ships none."""
    found = {
        path.relative_to(info).as_posix().removeprefix("licenses/"): path.read_bytes()
        for path in sorted(info.rglob("*"))
        if path.is_file() and (path.parent != info or TEXTS.search(path.name))
    }
    if found:
        return found
    if name == "beancount":
        return {"GPL-2.0.txt": (CHECKOUT / "LICENSE").read_bytes()}
    if name == "ply":
        # It stands in front of its modules.
        source = (site_packages / "ply" / "lex.py").read_text(encoding="utf-8")
        return {"LICENSE.txt": source.partition("\n__version__")[0].encode("utf-8")}
    if name == "xlwt":
        return {"LICENSES.txt": Path(__file__).with_name("xlwt_licences.txt").read_bytes()}
    return {}


def _licence(about: Message) -> str:
    """What a package says of its licence, in a few words."""
    said = about["License-Expression"] or about["License"] or ""
    classified = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    first = said.strip().partition("\n")[0]
    return first if 0 < len(first) < 80 else ", ".join(classified) or "见全文 (see its text)"
