"""Web pages in one file (MHTML), as Excel saves a workbook "as a web page" under any name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from importers.tables.refusals import DamagedWorkbook
from importers.tables.refusals import NotATable
from importers.tables.text_encoding import decoded
from ledger.base.language import gettext as _

if TYPE_CHECKING:
    from email.message import Message

_BEGINNING = re.compile(rb"\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:", re.I)
_ROW = re.compile(r"<tr[\s>]", re.IGNORECASE)
_HEADERS_BYTES = 4096


def is_single_file_page(content: bytes) -> bool:
    """Whether a file has the headers of a letter, as a page in one file does."""
    beginning = content[:_HEADERS_BYTES]
    return bool(_BEGINNING.match(beginning)) and b"content-type:" in beginning.lower()


def pages_within(name: str, content: bytes) -> list[str]:
    """The text of each page that the file holds. Raises NotATable where there is none."""
    try:
        parts = [part for part in _parts(content) if part.get_content_type() == "text/html"]
        contents = [part.get_payload(decode=True) for part in parts]
    except Exception as error:  # the standard library has many ways to say it
        raise DamagedWorkbook(name) from error
    pages = [decoded(name, page) for page in contents if isinstance(page, bytes) and page.strip()]
    # The page of a workbook's frames has none.
    pages = [page for page in pages if _ROW.search(page)]
    if not pages:
        raise NotATable(name, _("a web page without a table"))
    return pages


def _parts(content: bytes) -> list[Message]:
    # Hardly any file is one, and the library takes as long to load as a roster.
    import email
    import email.policy

    return list(email.message_from_bytes(content, policy=email.policy.compat32).walk())
