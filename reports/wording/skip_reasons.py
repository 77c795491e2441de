"""Why somebody is not paid now, in words: the one list for answers, statements and pages."""

from __future__ import annotations

from ledger.base.language import gettext
from ledger.base.language import in_chinese
from ledger.base.language import mark
from ledger.disbursement.payable import UNPRINTABLE
from ledger.disbursement.unsendable import UNSENDABLE
from ledger.model.return_reasons import return_reason
from ledger.payments.eligibility import Block
from ledger.payments.withholding import TaxDoubt

# By a state, by ``inactive``, by a Block or by what keeps somebody out of bank file and sheet.
SKIP_REASONS = {
    "paid": mark("paid before"),
    "in_bank": mark("in a batch that awaits the bank's result"),
    "unknown": mark("the bank's answer is unclear: never sent again before it is settled"),
    "inactive": mark("no longer active"),
    Block.RETURNED: mark("returned by the bank and not yet corrected or released"),
    Block.DISPUTED: mark("returned by the bank, which then said otherwise: ask it, then release"),
    Block.CANCELLED: mark("found not entitled"),
    Block.RETURNED_ELSEWHERE: mark(
        "returned by the bank in another stage, and not yet corrected or released"
    ),
    Block.ABOVE_LIMIT: mark("with it the limit of the role over all stages would be exceeded"),
    Block.POST_PAID: mark("somebody else has been paid for this block or area"),
    Block.NO_RATE: mark("the role has no rate on that day"),
    Block.NOT_OF_STAGE: mark("the role has no rate in this stage"),
    Block.NOT_LISTED: mark("not on a list of the work that was done in this stage"),
    Block.NOT_ALLOWED: mark("what the list of work comes to is nothing, or above the rate"),
    TaxDoubt.NO_CLASS: mark(
        "income tax has to be withheld of this month's sum, and the role has no tax class"
    ),
    TaxDoubt.NO_TABLE: mark("no table of the income tax is known for that day"),
    TaxDoubt.BEFORE: mark(
        "paid in this month before these books: what was withheld of it is not known here, so the"
        " next payment is of another month"
    ),
    TaxDoubt.AWAITS: mark(
        "the income tax depends on a payment of the month that the bank has not answered"
    ),
    Block.LATER_EVENT: mark("something later than that day has been entered for them"),
    Block.IDENTITY_PAID: mark(
        "money went by the identity number for somebody else: decide whether they are two people"
    ),
    Block.ACCOUNT_PAID: mark(
        "money went to the account for somebody else: decide whether they are two people"
    ),
    UNPRINTABLE: mark("a character of the name is not in the font of the sheets"),
    **UNSENDABLE,
}

RETURNED_FOR = mark("returned, {meaning}: {remedy}")


def skip_reason(reason: str, *, chinese: bool = False) -> str:
    """The reason in the user's language, or in Chinese for a document."""
    return in_chinese(SKIP_REASONS[reason]) if chinese else gettext(SKIP_REASONS[reason])


def waits_for(reason: str, reason_class: str, *, chinese: bool = False) -> str:
    """What somebody waits for: why the payment came back, and what has to be done."""
    if reason != Block.RETURNED or not reason_class:
        return skip_reason(reason, chinese=chinese)
    why = return_reason(reason_class)
    translate = in_chinese if chinese else gettext
    return translate(RETURNED_FOR).format(
        meaning=why.meaning_text(chinese=chinese), remedy=why.remedy_text(chinese=chinese)
    )
