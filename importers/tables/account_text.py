"""Account numbers that a bank shows only in part: ``6215****1234``."""

from __future__ import annotations

import re
from typing import NamedTuple

_MASKED_ACCOUNT = re.compile("([0-9]{0,40})[*X•●]{1,40}([0-9]{0,40})")


class MaskedAccount(NamedTuple):
    """``6215****1234``: what is shown of an account before and after the mask."""

    prefix: str
    suffix: str

    def fits(self, account: str) -> bool:
        return (
            account.startswith(self.prefix)
            and account.endswith(self.suffix)
            and len(account) > len(self.prefix) + len(self.suffix)
        )


def masked_account(text: str) -> MaskedAccount | None:
    """What a masked account shows; None for a whole one and for anything else."""
    found = _MASKED_ACCOUNT.fullmatch(text)
    return MaskedAccount(*found.groups()) if found else None
