"""Bring the Chinese catalogue up to date with the messages in the code.

    .venv/bin/python scripts/catalogue.py [--check]

New messages are added to ``ledger/locale/zh_CN/LC_MESSAGES/census-ledger.po`` without a
translation, those that are gone are dropped, and the ``.mo`` is compiled. With ``--check``
nothing is written: the exit status says whether something would be.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.messages.pofile import write_po

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / "ledger" / "locale" / "zh_CN" / "LC_MESSAGES"
PO_FILE = FOLDER / "census-ledger.po"
MO_FILE = FOLDER / "census-ledger.mo"
PACKAGES = ("importers", "ledger", "reports")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None, "in_chinese": None}
# Usage, options and errors come from click itself, which asks our catalogue.
CLICK_FILES = ("core.py", "exceptions.py", "formatting.py", "parser.py", "types.py", "termui.py")


def empty() -> Catalog:
    """A catalogue without messages, with the project's header."""
    return Catalog(
        locale="zh_CN",
        domain="census-ledger",
        project="census-ledger",
        header_comment="# The messages of census-ledger in Chinese (GPL-2.0-or-later).",
        fuzzy=False,
    )


def messages_in_code() -> Catalog:
    """Every message of the packages, and those of click that a user can meet."""
    catalogue = empty()
    for package in PACKAGES:
        extracted = extract_from_dir(
            CHECKOUT / package, keywords=KEYWORDS, method_map=[("**.py", "python")]
        )
        for file, _line, message, comments, context in extracted:
            catalogue.add(
                message,
                locations=[(f"{package}/{file}", 0)],
                auto_comments=comments,
                context=context,
            )
    click_folder = Path(click.__file__).parent
    for file, _line, message, comments, context in extract_from_dir(
        click_folder, keywords=KEYWORDS, method_map=[("**.py", "python")]
    ):
        if file in CLICK_FILES:
            catalogue.add(
                message, locations=[(f"click/{file}", 0)], auto_comments=comments, context=context
            )
    return catalogue


def updated() -> Catalog:
    """The catalogue of the project, with the messages of the code."""
    with PO_FILE.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN", domain="census-ledger")
    catalogue.update(messages_in_code(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, one place a file, without dates that change."""
    text = io.BytesIO()
    write_po(text, catalogue, width=100, omit_header=False, sort_by_file=True, include_lineno=False)
    noise = (b"-Date:", b"EMAIL@ADDRESS", b"LL@li.org", b"Generated-By")
    lines = text.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not any(word in line for word in noise))


def mo_bytes(catalogue: Catalog) -> bytes:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def main(arguments: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not PO_FILE.exists():
        PO_FILE.write_bytes(po_bytes(empty()))
    catalogue = updated()
    untranslated = [message.id for message in catalogue if message.id and not message.string]
    new = po_bytes(catalogue)
    if "--check" in arguments:
        return int(bool(untranslated) or new != PO_FILE.read_bytes())
    PO_FILE.write_bytes(new)
    with PO_FILE.open("rb") as file:
        MO_FILE.write_bytes(mo_bytes(read_po(file, locale="zh_CN", domain="census-ledger")))
    print(f"{len(catalogue)} messages, {len(untranslated)} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
