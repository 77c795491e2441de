"""Workbooks that go back to whoever sent a file, beside it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from importers.corrections.workbook_layout import first_name
from importers.corrections.workbook_layout import keep_beside
from ledger.base.file_names import file_name
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason

PROBLEM_FOLDER = "待改"
CHANGE_FOLDER = "变更确认"
RETURNED_FOLDERS = (PROBLEM_FOLDER, CHANGE_FOLDER)


class WorkbookRefused(Refusal):
    """What is to be corrected or confirmed cannot be handed back, so nothing goes in either."""

    def __init__(self, path: Path, error: OSError) -> None:
        message = _(
            "{path} cannot be written ({error}), so nothing of the file was taken; copy the file"
            " to a folder of your own and import it from there"
        )
        super().__init__(message.format(path=path, error=reason(error)))


def beside(path: Path, name: str, write: Callable[[io.BytesIO], object]) -> Path:
    """A workbook in the folder ``name`` beside the file; of one that was corrected where it came
    back, beside the first. Raises WorkbookRefused.
    """
    home, stem = path.parent, Path(file_name(path)).stem
    if home.name in RETURNED_FOLDERS:
        stem = first_name(home, stem)
        home = home.parent
    folder = home / name
    try:
        return keep_beside(folder, stem, write)
    except OSError as error:
        raise WorkbookRefused(folder, error) from error
