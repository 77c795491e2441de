"""Bring the Chinese catalogue up to date with the messages in the code.

    .venv/bin/python scripts/catalogue.py [--check]

New messages are added to ``ledger/base/locale/zh_CN/LC_MESSAGES/census-ledger.po`` without a
translation, those that are gone are dropped, and the ``.mo`` is compiled. With ``--check``
nothing is written: the exit status says whether something would be, or is still to translate.
"""

from __future__ import annotations

import datetime
import io
import sys
from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.messages.pofile import write_po

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / "ledger" / "base" / "locale" / "zh_CN" / "LC_MESSAGES"
PO_FILE = FOLDER / "census-ledger.po"
MO_FILE = FOLDER / "census-ledger.mo"
PACKAGES = ("importers", "ledger", "reports")
KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "mark": None,
    "in_chinese": None,
    "page_gettext": None,
}
METHODS = [("**.py", "python"), ("**/templates/*.html", "jinja2.ext:babel_extract")]
# As the pages' own templates are compiled.
OPTIONS = {"**/templates/*.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}

# Usage and its errors come from click itself, which asks our catalogue. These are the messages
# that a user of this tool can meet, in the words of click 8.1 to 8.5: taking all of the installed
# version would make the catalogue depend on it, and most are for those who write commands.
CLICK_MESSAGES: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Positional arguments",
    "Show this message and exit.",
    "Show the version and exit.",
    "default: {default}",
    "env var: {var}",
    "required",
    "Error: {message}",
    "Error: invalid input",
    "Aborted!",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    "No such command {name!r}.",
    "No such option {name!r}.",
    "No such option: {name}",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Choose from:\n\t{choices}",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    (
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
    ),
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "file",
    "directory",
    "path",
)

# Babel would write the time of day, and the same messages would not give the same bytes.
CREATED = datetime.datetime(2020, 11, 1, tzinfo=datetime.UTC)
# Header lines that change by themselves or say nothing.
NOISE = (b"Project-Id-Version", b"-Date:", b"EMAIL@ADDRESS", b"LL@li.org", b"Generated-By")


def messages_in_code() -> Catalog:
    """Every message of the packages and of templates, and those of click that a user can meet."""
    catalogue = Catalog(locale="zh_CN", domain="census-ledger", fuzzy=False)
    for package in PACKAGES:
        extracted = extract_from_dir(
            CHECKOUT / package, keywords=KEYWORDS, method_map=METHODS, options_map=OPTIONS
        )
        for file, _line, message, comments, context in extracted:
            catalogue.add(
                message,
                locations=[(f"{package}/{Path(file).as_posix()}", 0)],
                auto_comments=comments,
                context=context,
            )
    for message in CLICK_MESSAGES:
        catalogue.add(message, locations=[("click", 0)])
    return catalogue


def read_catalogue() -> Catalog:
    """The catalogue as it is in the ``.po`` file."""
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="census-ledger")


def updated() -> Catalog:
    """The catalogue of the project, with the messages of the code."""
    catalogue = read_catalogue()
    catalogue.update(messages_in_code(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, one place a file, without dates that change."""
    text = io.BytesIO()
    write_po(text, catalogue, width=100, omit_header=False, sort_by_file=True, include_lineno=False)
    lines = text.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not any(word in line for word in NOISE))


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue compiled."""
    catalogue.creation_date = catalogue.revision_date = CREATED
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def forms(text: Iterable[str] | str | None) -> tuple[str, ...]:
    """A message or a translation with its plurals, in whichever of its types Babel gives it."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def translations(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What the catalogue says: the forms of each translation by those of its message."""
    forms_by_message = {forms(message.id): forms(message.string) for message in catalogue}
    return {message: own for message, own in forms_by_message.items() if any(message) and any(own)}


def compiled_translations() -> dict[tuple[str, ...], tuple[str, ...]]:
    """:func:`translations` of the ``.mo`` file."""
    with MO_FILE.open("rb") as file:
        return translations(read_mo(file))


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that have no translation."""
    known = translations(catalogue)
    every = [forms(message.id) for message in catalogue if message.id]
    return [message[0] for message in every if message not in known]


def complaints() -> list[str]:
    """What is out of date: empty when the catalogue is that of the code."""
    catalogue = updated()
    found = [f"no translation: {message}" for message in untranslated(catalogue)]
    if po_bytes(catalogue) != PO_FILE.read_bytes():
        found.append(f"{PO_FILE.name} does not hold the messages of the code")
    if compiled_translations() != translations(read_catalogue()):
        found.append(f"{MO_FILE.name} is not the compilation of {PO_FILE.name}")
    return found


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        found = complaints()
        print("\n".join(found), end="\n" if found else "")
        return int(bool(found))
    PO_FILE.write_bytes(po_bytes(updated()))
    catalogue = read_catalogue()
    MO_FILE.write_bytes(mo_bytes(catalogue))
    missing = untranslated(catalogue)
    print(f"{len(catalogue)} messages, {len(missing)} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
