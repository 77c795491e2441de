"""Why banks return payments: the closed list of classes, and what corrects each.

A result's text is sorted into these classes by :mod:`importers.results.answers`. The class says
what somebody has to do before the payment can be made again: the record is corrected (and then
differs from what was sent), or the person is released with a reason because the record was right.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.base.language import gettext
from ledger.base.language import in_chinese
from ledger.base.language import mark

OTHER = "OTHER"
FILE_REFUSED = "FILE_REFUSED"
# No returns, but answers that leave open what became of a payment: the bank is still at it, or
# has not made it because it takes it for one that it has.
PENDING = "PENDING"
DUPLICATE = "DUPLICATE"


class ReturnReason(NamedTuple):
    """A class of returns: ``meaning`` and ``remedy`` are English source strings.

    ``fields`` are the payee's fields one of which has to be corrected; empty where the record was
    right and a release is what the person waits for.
    """

    code: str
    meaning: str
    remedy: str
    fields: tuple[str, ...] = ()

    def meaning_text(self, *, chinese: bool = False) -> str:
        return in_chinese(self.meaning) if chinese else gettext(self.meaning)

    def remedy_text(self, *, chinese: bool = False) -> str:
        return in_chinese(self.remedy) if chinese else gettext(self.remedy)


_REASONS = (
    ReturnReason(
        "NAME_MISMATCH",
        mark("the account is held under another name"),
        mark("compare name and account with the card; enter the holder's name as the bank has it"),
        ("bank_name", "account"),
    ),
    ReturnReason(
        "ACCOUNT_NOT_FOUND",
        mark("the bank has no such account"),
        mark("enter the number from the person's card anew"),
        ("account",),
    ),
    ReturnReason(
        "CLOSED",
        mark("the account has been closed"),
        mark("enter another account of the person"),
        ("account", "bank"),
    ),
    ReturnReason(
        "FROZEN",
        mark("the account is frozen or locked"),
        mark("the person clears it up at the bank's counter, or names another account"),
    ),
    ReturnReason(
        "LOST",
        mark("the card has been reported lost"),
        mark("the person has the card replaced or unlocked at the bank's counter"),
    ),
    ReturnReason(
        "DORMANT_OR_TYPE",
        mark("the account is dormant or of a kind that takes no such payments"),
        mark("enter another account of the person, an ordinary current one"),
        ("account", "bank"),
    ),
    ReturnReason(
        "ID_MISMATCH",
        mark("the bank holds another identity number"),
        mark("compare the identity number with the card; the person corrects it where it is wrong"),
        ("identity",),
    ),
    ReturnReason(
        "BANK_NO_WRONG",
        mark("the card is not of the bank that was named"),
        mark("enter the bank that issued the card"),
        ("bank",),
    ),
    ReturnReason(
        "CARD_EXPIRED",
        mark("the card has expired or is not active"),
        mark("enter the number of a valid card"),
        ("account",),
    ),
    ReturnReason(
        "AMOUNT",
        mark("the amount is above a limit of the account or the bank"),
        mark("ask the bank for the limit, or name another account"),
    ),
    ReturnReason(
        "INSUFFICIENT",
        mark("the office's own account did not hold enough"),
        mark("put money into the office's account, then release"),
    ),
    ReturnReason(
        "RETURNED_LATER",
        mark("the other bank sent the money back"),
        mark("ask the bank for the reason; correct the account, or release"),
        ("account", "bank_name", "bank"),
    ),
    ReturnReason(
        FILE_REFUSED,
        mark("the bank refused the whole file"),
        mark("clear up with the bank what was wrong with the file, then release"),
    ),
    ReturnReason(
        OTHER,
        mark("the bank gave no reason that is known"),
        mark("ask the bank for the reason; correct the record, or release"),
        ("account", "bank_name", "bank"),
    ),
)
RETURN_REASONS = {reason.code: reason for reason in _REASONS}


def return_reason(code: str) -> ReturnReason:
    """The class of that code; what is not in the list is ``OTHER``."""
    return RETURN_REASONS.get(code, RETURN_REASONS[OTHER])
