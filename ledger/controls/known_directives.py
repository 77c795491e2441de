"""What may stand in the text of the books: options, plugins, includes, directives, metadata.

Books are data. Beancount and Fava would run what their text names: plugins, extensions, import
configurations; and some of its options turn checks off. Only what these books need is known here,
and everything else is refused before anything is loaded.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.plain_files import Kind
from ledger.base.plain_files import way_to

PLUGIN = "ledger.plugin"
CURRENCY_OPTION = "operating_currency"
RULES = frozenset(
    f"census-{rule}"
    for rule in ("fund", "budget", "stage", "rate", "limit", "commitment", "approval", "tax")
)
EVENT = "census-event"
# Which names, events and tables the books have. Books of another format are not read.
BOOKS = "census-books"
FORMAT = 3
FAVA_OPTION = "fava-option"
# Beancount's own place of a directive would be another one under these keys.
OF_BEANCOUNT = frozenset({"filename", "lineno"})

_YES_OR_NO, _NUMBER, _LOCALE = (
    "true|false|True|False",
    "[0-9]{1,2}",
    "[A-Za-z]{2,3}(_[A-Za-z]{2,4})?",
)
# How Fava shows the books, and each value that does nothing else.
_DISPLAY = {
    "account-journal-include-children": _YES_OR_NO,
    "auto-reload": _YES_OR_NO,
    "currency-column": _NUMBER,
    "default-file": "journal/hand\\.beancount",
    "default-page": "(income_statement|balance_sheet|trial_balance|journal|query|errors)/",
    "fiscal-year-end": "[0-9]{2}-[0-9]{2}",
    "indent": "[0-9]",
    "invert-gains-losses-colors": _YES_OR_NO,
    "invert-income-liabilities-equity": _YES_OR_NO,
    "language": _LOCALE,
    "locale": _LOCALE,
    "show-accounts-with-zero-balance": _YES_OR_NO,
    "show-accounts-with-zero-transactions": _YES_OR_NO,
    "show-closed-accounts": _YES_OR_NO,
    "show-metadata-indicators": _YES_OR_NO,
    "sidebar-show-queries": _NUMBER,
    "upcoming-events": _NUMBER,
    "uptodate-indicator-grey-lookback-days": "[0-9]{1,3}",
}
_PART = re.compile(r"[^\W.~][^\\/:*?\[\]\"<>|\x00-\x1f~$%]*")


def refused_option(key: str, value: Any, *, in_main: bool) -> str | None:
    """Why an option may not stand there, or None."""
    if not in_main:
        return _(
            'the option "{key}" is not one for this file: options stand in main.beancount'
        ).format(key=key)
    # guard: only-known-options
    if key == "title" or (key == CURRENCY_OPTION and value == "CNY"):
        return None
    message = _(
        'the option "{key}" is not one of these books: only the title and the currency CNY are'
        " set; take the line out"
    )
    return message.format(key=key)


def refused_plugin(name: str, configuration: Any, *, in_main: bool) -> str | None:
    """Why a plugin may not be named there, or None."""
    # guard: only-our-plugin
    if in_main and name == PLUGIN and configuration is None:
        return None
    message = _(
        'the plugin "{name}" is not one of these books, and it was not run: take the line out'
        ' (main.beancount names "{ours}" alone, and nothing after it)'
    )
    return message.format(name=name, ours=PLUGIN)


def refused_include(pattern: str, *, in_main: bool) -> str | None:
    """Why a file may not be included by that name, or None."""
    if not in_main:
        return _(
            'the file "{file}" is not included from here: main.beancount alone includes files'
        ).format(file=pattern)
    *folders, name = pattern.split("/")
    known = all(_PART.fullmatch(part) for part in (*folders, name.replace("*", "x")))
    # guard: only-main-includes
    if known and name.endswith(".beancount"):
        return None
    message = _(
        'the file "{file}" is not one of these books: an include names a .beancount file in their'
        " folder, such as journal/2021.beancount"
    )
    return message.format(file=pattern)


def refused_custom(kind: str, values: Sequence[Any], *, in_main: bool) -> str | None:
    """Why a directive ``custom`` may not stand there, or None. ``values`` are its values alone."""
    # guard: only-known-customs
    if kind in RULES or kind == EVENT or (kind == BOOKS and in_main):
        return None
    if kind == FAVA_OPTION and in_main and len(values) == 2:
        name, value = values
        if isinstance(value, str) and re.fullmatch(_DISPLAY.get(str(name), "(?!)"), value):
            return None
    shown = " ".join([kind, *(str(value) for value in values[:1])])
    message = _('custom "{kind}" is not one of these books: take the directive out')
    return message.format(kind=shown)


def refused_format(stated: Sequence[Sequence[Any]]) -> str | None:
    """Why books that state these formats are not read, or None."""
    # guard: known-format
    if [list(values) for values in stated] == [[FORMAT]]:
        return None
    message = _(
        "these books are not of format {known}, which this census-ledger reads: use the"
        " census-ledger that they were made with"
    )
    return message.format(known=FORMAT)


def refused_key(key: str) -> str | None:
    """Why a directive may not have that metadata, or None."""
    # guard: no-other-place
    if key not in OF_BEANCOUNT:
        return None
    message = _('the metadata "{key}" would say that the entry stands elsewhere: take it out')
    return message.format(key=key)


def refused_document(filename: str, folder: Path, private: Sequence[str]) -> str | None:
    """Why a document may not be named, or None. ``private`` are names at the top of the books."""
    path = Path(os.path.normpath(filename))
    if path.is_relative_to(folder):
        parts = path.relative_to(folder).parts
        is_open = parts and parts[0].casefold() not in private and not parts[0].startswith(".")
        if is_open and Kind.LINK not in way_to(folder, path):
            return None
    message = _(
        'the document "{file}" is not among those of these books: keep it in their folder, in'
        " journal, statements or reports, without links"
    )
    return message.format(file=path.name)
