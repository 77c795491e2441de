"""What a bank's file cannot carry, found before the batch, so that one name does not stop all."""

from __future__ import annotations

import re

from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.refusals import Refusal
from ledger.disbursement.bank_profile import TEXT_PROBLEMS
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import codes_of_bank

UNSENDABLE = {
    "bank_name_missing": mark("the name at the bank is missing"),
    "bank_name_characters": mark("the name has a character that the bank's file cannot hold"),
    "bank_name_encoding": mark("the name has a character that the bank's encoding lacks"),
    "bank_name_too_long": mark("the name is longer than the bank allows"),
    "account_missing": mark("the account number is missing"),
    "account_characters": mark("the account number has other characters than digits"),
    "account_too_long": mark("the account number is longer than the bank allows"),
    "bank_missing": mark("the opening bank is missing"),
    "bank_characters": mark("the opening bank has a character that the bank's file cannot hold"),
    "bank_encoding": mark("the opening bank has a character that the bank's encoding lacks"),
    "bank_too_long": mark("the opening bank's name is longer than the bank allows"),
    "bank_code_missing": mark("no bank code is known for the opening bank"),
    "bank_code_doubtful": mark("several bank codes fit the opening bank"),
    "amount_missing": mark("there is no amount to pay"),
    "amount_limit": mark("the amount is more than the bank takes at once"),
}
ACCOUNT_NUMBER = re.compile("[0-9-]+")  # passbook accounts of some banks have hyphens

# A spreadsheet would run what begins with one of these when somebody opens a CSV file to look.
FORMULA_SIGNS = ("=", "+", "-", "@")


class UnsendableInstruction(Refusal):
    """A row of the batch cannot go into the bank's file."""

    def __init__(self, number: int, reason: str) -> None:
        """``reason`` is a key of UNSENDABLE."""
        self.number = number
        self.reason = reason
        message = _("row {number} of the batch cannot go into the bank's file: {reason}")
        super().__init__(
            message.format(number=number, reason=_(UNSENDABLE[reason])), row=number, reason=reason
        )


class UnsendableRemark(Refusal):
    """The bank's file cannot hold the remark."""

    def __init__(self, remark: str, profile: BankProfile, problem: str) -> None:
        """``problem`` is a key of TEXT_PROBLEMS."""
        self.problem = problem
        message = _("the remark {remark} {problem} ({profile})")
        super().__init__(
            message.format(remark=remark, problem=_(TEXT_PROBLEMS[problem]), profile=profile.title),
            problem=problem,
        )


def why_unsendable(
    profile: BankProfile, *, bank_name: str, account: str, bank: str, amount_fen: int
) -> str | None:
    """Why the payment cannot go into this bank's file: a key of UNSENDABLE, or None."""
    texts = {"bank_name": bank_name, "account": account, "bank": bank}
    for column in profile.columns:
        if column.value in texts:
            text = texts[column.value]
            if column.value == "account" and text.strip() and not ACCOUNT_NUMBER.fullmatch(text):
                return "account_characters"
            if profile.file_type == "csv" and text.startswith(FORMULA_SIGNS):
                return f"{column.value}_characters"
            problem = profile.text_problem(column, text)
            if problem:
                return f"{column.value}_{problem}"
        if column.value == "bank_code":
            codes = codes_of_bank(profile, bank)
            if len(codes) != 1:  # guard: one-bank-code
                return "bank_code_doubtful" if codes else "bank_code_missing"
        if column.value == "amount":
            if amount_fen <= 0:
                return "amount_missing"
            if column.below_fen is not None and amount_fen >= column.below_fen:
                return "amount_limit"
    return None


def remark_text(profile: BankProfile, remark: str | None) -> str:
    """The remark for every row: the caller's, or else the profile's. Raises UnsendableRemark."""
    text = profile.remark if remark is None else remark
    for column in profile.columns:
        problem = profile.text_problem(column, text) if column.value == "remark" else None
        if problem:
            raise UnsendableRemark(text, profile, problem)
    return text
