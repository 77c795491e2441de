"""What is in a PDF: its text as two programs read it, its fonts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

PageTexts = Callable[[Path], list[str]]


def by_pypdf(path: Path) -> list[str]:
    """The text of every page in the order in which it was drawn."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def by_pdftotext(path: Path) -> list[str]:
    """The text of every page as it stands on the paper."""
    command = [poppler("pdftotext"), "-layout", "-enc", "UTF-8", str(path), "-"]
    output = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    return output.split("\f")[:-1]


READERS: list[PageTexts] = [by_pypdf, by_pdftotext]


def outline_of(path: Path) -> list[tuple[str, int]]:
    """The entries of the outline, each with the page that it leads to, counted from 1."""
    reader = pypdf.PdfReader(path)
    entries = []
    for entry in reader.outline:
        assert isinstance(entry, pypdf.generic.Destination)
        page = reader.get_destination_page_number(entry)
        assert page is not None
        entries.append((str(entry.title), page + 1))
    return entries


def poppler(program: str) -> str:
    """Where a program of poppler is; without it the test is skipped."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def font_dictionaries(path: Path) -> list[pypdf.generic.DictionaryObject]:
    """Every font of the document, once."""
    fonts = {}
    for page in pypdf.PdfReader(path).pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            fonts[font["/Name"]] = font
    return list(fonts.values())
