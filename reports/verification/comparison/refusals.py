"""Why nobody can say whether a file is what the books hold."""

from __future__ import annotations

from typing import Any

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal


class CannotSay(Refusal):
    """Neither what the books hold nor something else: the file or the word says too little."""

    def facts(self) -> dict[str, Any]:
        """The four fields of every answer of ``verify``."""
        return {"ok": False, "batch": None, "seal": None, "differences": []}


class NothingOfThatName(CannotSay):
    """What was typed is no file, no seal and no batch."""

    def __init__(self, subject: str) -> None:
        message = _(
            "there is no file {subject}, and it is neither a seal (16 characters from 0-9 and a-f)"
            " nor a batch such as B2020-001 nor the head of a chain (16 to 64 of these characters):"
            " check what was typed"
        )
        super().__init__(message.format(subject=subject))


class SealOrHead(CannotSay):
    """Digits that are a batch's seal and the beginning of an event's digest."""

    def __init__(self, subject: str) -> None:
        message = _(
            "{subject} is the seal of a batch and the beginning of an event's digest: type the"
            " event's number before it, or more of the digest, or verify the batch"
        )
        super().__init__(message.format(subject=subject))


class AFolder(CannotSay):
    """A folder where a file is asked for."""

    def __init__(self, name: str) -> None:
        message = _("{name} is a folder: name a file in it, or a batch such as B2020-001")
        super().__init__(message.format(name=name))


class EmptyFile(CannotSay):
    """A file to verify that has no bytes."""

    code = "nothing-to-verify"

    def __init__(self, name: str) -> None:
        message = _("{name} is empty: copy the file again from where it came")
        super().__init__(message.format(name=name))


class TooLarge(CannotSay):
    """Read whole it could take all memory."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is larger than any document of a batch, or has cells far below or far to the"
            " right of its table: is it the right file?"
        )
        super().__init__(message.format(name=name))


class UnknownKind(CannotSay):
    """Neither a PDF nor a table."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is neither a PDF nor a workbook nor a bank file: only documents of a batch can"
            " be verified; of a picture or another format, type the seal that is printed on it"
        )
        super().__init__(message.format(name=name))


class Encrypted(CannotSay):
    """A file that opens with a password only, or a PDF that nobody may copy from."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is protected, by a password or against copying: save or print it into a new"
            " file without that and try again, or type the seal that is printed on it"
        )
        super().__init__(message.format(name=name))


class Damaged(CannotSay):
    """A file that its format's reader cannot read."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is damaged and cannot be read: copy it again from where it came, or type the"
            " seal that is printed on the paper"
        )
        super().__init__(message.format(name=name))


class NoText(CannotSay):
    """A scan."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is a scan or a picture, whose text nobody can compare here: type the"
            " seal that is printed on it, and compare the rows with the sheet in the folder payouts"
        )
        super().__init__(message.format(name=name))


class LostText(CannotSay):
    """A PDF that shows characters and does not say which they are."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} looks right, but the program that made it has not kept which characters it"
            " shows: type the seal that is printed on it, or print it into a PDF by another program"
        )
        super().__init__(message.format(name=name))


class RowsToCorrect(CannotSay):
    """A workbook that a town gets, to correct the rows in it."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is a list of rows to correct, which is of no batch and carries no seal:"
            " import it on trial to see what it would change"
        )
        super().__init__(message.format(name=name))


class NotOfTheBooks(CannotSay):
    """No batch of these books is named in the file, and none has its rows."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} is of no batch of these books: neither its bytes nor a seal nor its rows are"
            " known here. Ask where it comes from, or look into the right books"
        )
        super().__init__(message.format(name=name))
