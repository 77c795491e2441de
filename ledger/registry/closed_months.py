"""What is kept of closed months: their reports as they were printed, and their figures."""

from __future__ import annotations

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.model.months import Month
from ledger.registry.registry_file import RegistryFile


class ClosedMonthMissing(Refusal):
    """The registry does not hold what was kept of a closed month."""

    def __init__(self, month: Month) -> None:
        message = _(
            "the registry does not hold the report of {month}, which is closed: restore books and"
            " registry from the same backup"
        )
        super().__init__(message.format(month=month), month=str(month))


class ClosedMonths:
    """Contents in the registry's file by their digests, which closings name."""

    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def keep(self, content: bytes) -> Digest:
        """In a transaction."""
        sha256 = digest(content)
        self._file.execute("insert or ignore into closed_months values (?, ?)", (sha256, content))
        return sha256

    def content(self, month: Month, sha256: Digest) -> bytes:
        """What was kept of a month under a digest. Raises ClosedMonthMissing."""
        for (content,) in self._file.read(
            "select content from closed_months where sha256 = ?", (sha256,)
        ):
            if digest(bytes(content)) == sha256:  # guard: kept-as-closed
                return bytes(content)
        raise ClosedMonthMissing(month)
