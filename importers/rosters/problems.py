"""What can be wrong with a row of a roster: the closed list, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ledger.base.language import gettext
from ledger.base.language import in_chinese
from ledger.base.language import mark
from ledger.base.records import Record
from ledger.base.records import field as record_field

Severity = Literal["error", "warning"]

# Ages on the census day, in years.
YOUNGEST = 18
OLDEST_EXPECTED = 75

ERRORS: dict[str, str] = {
    "name_missing": mark("The name is missing; enter it as on the identity card"),
    "name_characters": mark(
        "The name has {sign}, which no name has; enter the name anew as on the identity card, "
        "without digits, signs and notes"
    ),
    "name_short": mark("The name is one character only; enter it as on the identity card"),
    "name_of_two": mark(
        "Two names stand in the cell; give each person a row of her own, with her own numbers"
    ),
    "identity_missing": mark("The identity number is missing; enter its 18 characters"),
    "identity_form": mark(
        "The identity number does not have 18 characters, 17 digits and a digit or X; enter it "
        "from the identity card"
    ),
    "identity_old": mark(
        "The identity number has 15 digits and is no longer valid; enter the 18 characters of the "
        "present identity card"
    ),
    "identity_check_digit": mark(
        "A digit of the identity number is mistyped: it does not agree with the last character; "
        "compare it with the identity card"
    ),
    "identity_date": mark(
        "The identity number holds no possible date of birth; compare it with the identity card"
    ),
    "identity_age": mark(
        "By the identity number the person is under {youngest} on {reference_day}; compare it with "
        "the identity card, or name another worker"
    ),
    "identity_rounded": mark(
        "The identity number was stored as a number and its last digits are lost; set the cell's "
        "format to text and enter it anew from the identity card"
    ),
    "number_as_date": mark(
        "The spreadsheet has made a date of the number; set the cell's format to text and enter "
        "the number anew"
    ),
    "role_missing": mark("The role is missing; enter one of {roles}"),
    "role_unknown": mark("The role is not known; enter one of {roles}"),
    "role_doubted": mark(
        "Title, sheet and file name different roles; enter in the column 岗位 which of {roles} "
        "this is"
    ),
    "town_unknown": mark(
        "The town is missing, or the county has none of this name; enter its full name"
    ),
    "town_other": mark(
        "The row belongs to {row_town}, the roster to {town}; hand it in with the roster of "
        "{row_town}, or correct the town"
    ),
    "area_code": mark(
        "The code of the census area ({area_word}) is 12 digits, and in {own_town} begins with "
        "{town_code}; correct it"
    ),
    "area_missing": mark(
        "The code of the census area ({area_word}) is missing; enter its 12 digits"
    ),
    "block_code": mark(
        "The code of the census block ({block_word}) is 15 digits, of which the first 12 are the "
        "code of its area (in {own_town} they begin with {town_code}); where that is filled in, "
        "the last 3 will do"
    ),
    "code_of_town": mark(
        "The code belongs to {code_town}, and this list is of {own_town}; hand the row in with the "
        "list of {code_town}, and do not change the code"
    ),
    "block_missing": mark(
        "The code of the census block ({block_word}) is missing; enter its 15 digits"
    ),
    "account_missing": mark("The bank account is missing; enter the number of the person's card"),
    "account_form": mark(
        "A bank account has 12 to 30 digits and nothing else; compare it with the card"
    ),
    "account_rounded": mark(
        "The bank account was stored as a number and digits of it are lost; set the cell's format "
        "to text and enter it anew from the card"
    ),
    "account_is_identity": mark(
        "An identity number stands in place of the bank account; enter the number of the card"
    ),
    "account_several": mark(
        "Several accounts stand in the cell; keep the one to which is to be paid"
    ),
    "bank_missing": mark("The bank is missing; enter the bank that opened the account"),
    "formula_empty": mark(
        "The cell is a formula (公式) without a value; type the text itself instead of it"
    ),
    "row_struck": mark(
        "The row is struck out (删除线); delete it if the person is not to be paid, or else remove "
        "the line"
    ),
    "bank_ditto": mark(
        "A sign that stands for the row above is no bank; enter the bank that opened the account"
    ),
    "bank_form": mark("This is not the name of a bank; enter the bank that opened the account"),
    "holder_other": mark(
        "The holder of the account has another name than the person; only a card of her own is "
        "paid to: enter that card, or, if the holder was mistyped, correct the holder"
    ),
    "columns_differ": mark(
        "{columns} say different things, and nobody knows which holds; keep the right one, and "
        "empty the other"
    ),
    "remark_anothers": mark(
        "By the remark the card is not the person's own; enter a card of her own and delete the "
        "remark"
    ),
    "remark_unpaid": mark(
        "By the remark it is not sure that the person is to be paid; if she is, delete the remark, "
        "if not, delete the row"
    ),
    "duplicate_in_file": mark(
        "The same person stands in row {others} too; keep the right row and delete the other"
    ),
    "account_shared": mark(
        "The person in row {others} has the same bank account; enter the own account of each"
    ),
    "account_shared.registered": mark(
        "The bank account belongs to {payee} ({town}) already; each person needs an own account"
    ),
    "account_shared.roster": mark(
        "The person in {place} has the same bank account; enter the own account of each"
    ),
    "payee_unknown": mark(
        "Nobody is registered as {payee}; leave 人员编号 as it was, or empty for somebody new"
    ),
    "payee_other": mark(
        "The row has another name and another identity number than {payee}; leave 人员编号 empty "
        "for somebody new"
    ),
    "registered_elsewhere.registered": mark(
        "The person is registered ({payee}) as {role} of {post} in {town}, and this row says "
        "{row_role} of {row_post}; if that has changed, tell the census office; if it is a slip, "
        "correct it"
    ),
    "registered_elsewhere.roster": mark(
        "The person stands in {place} too, for {town}, {role} of {post}; only one post is paid: "
        "delete the wrong row"
    ),
}

WARNINGS: dict[str, str] = {
    "identity_elderly": mark(
        "By the identity number the person is over {oldest} on {reference_day}; make sure of it"
    ),
    "number_zeros": mark(
        "The number ends in zeros, as one does that a spreadsheet has rounded; compare it with the "
        "card or the identity card"
    ),
    "account_luhn": mark(
        "The last digit of the bank account does not agree with the others: right for some "
        "passbooks, else mistyped; compare it with the card"
    ),
    "account_length": mark(
        "A card of {issuer} that begins like this one has {digits} digits; compare it with the card"
    ),
    "bank_not_of_card": mark(
        "By its first digits the card is one of {issuer}, and another bank is named; compare both "
        "with the card"
    ),
    "same_name": mark(
        "Row {others} has the same name and another identity number; make sure that these are two "
        "people"
    ),
    "same_name.registered": mark(
        "{payee} of the same town has the same name and another identity number; make sure that "
        "these are two people"
    ),
    "same_name.roster": mark(
        "In {place} stands the same name of the same town with another identity number; make sure "
        "that these are two people"
    ),
    "same_person_elsewhere": mark(
        "Row {others} has the same name and phone number in another town; make sure that these are "
        "two people"
    ),
    "same_person_elsewhere.registered": mark(
        "{payee} of {town} has the same name and phone number; make sure that these are two people"
    ),
    "same_person_elsewhere.roster": mark(
        "In {place} stands the same name with the same phone number, for {town}; make sure that "
        "these are two people"
    ),
    "column_constant": mark(
        "All {people} people of the table have the same in this column; make sure that it was not "
        "filled down by mistake"
    ),
    "phone_form": mark("The phone number is neither a mobile nor a fixed one; correct it"),
    "name_not_in_gbk": mark(
        "Banks cannot write a character of this name; enter in the column 银行户名 how the bank "
        "spells the holder of the account"
    ),
    "name_not_printable": mark(
        "The payout sheet cannot print a character of this name; compare it with the identity "
        "card, and tell the census office if it is right"
    ),
    "former_town": mark("The former name or code of {town} was used; it was taken as {town_code}"),
    "row_hidden": mark(
        "The row is hidden (隐藏), by a filter (筛选) or by hand, and was read like any other; "
        "make sure that the person is to be paid"
    ),
    "posts_missing": mark(
        "The codes of the census blocks ({block_word}) or areas ({area_word}) of {people} people "
        "are missing; they were taken without"
    ),
    "row_added": mark(
        "This row was not among those that were sent back, or is a copy of one; it was taken as "
        "somebody new: make sure that it is"
    ),
    "post_shared": mark(
        "The same post is held in row {others} too; only one person of it will be paid"
    ),
    "post_shared.registered": mark(
        "The same post is held by {payee} already; only one person of it will be paid"
    ),
    "post_shared.roster": mark(
        "The same post is held in {place} too; only one person of it will be paid"
    ),
    "post_paid": mark(
        "{payee} has been paid for this post, or is at the bank; this person is paid only when she "
        "is released with a reason"
    ),
    "identity_paid": mark(
        "Money went by this identity number for {payee}, whose number was corrected since; this "
        "person is paid only when it is decided, with a reason, that they are two people"
    ),
    "account_paid": mark(
        "Money went to this account for {payee}, who has another one now; this person is paid "
        "only when it is decided, with a reason, that they are two people"
    ),
    "inactive": mark(
        "The person is registered as {payee}, who has left; the roster does not change that"
    ),
}

_MESSAGES = ERRORS | WARNINGS


def is_error(code: str) -> bool:
    """Errors keep a row out, warnings do not."""
    return code in ERRORS or f"{code}.registered" in ERRORS


class Problem(Record):
    """One thing wrong with one cell.

    ``sheet`` is empty for text files, ``row`` counts from 1 as the spreadsheet does, ``column``
    is the heading as it stands in the file, empty where the file has no such column, and
    ``field`` the field's own name. ``variant`` chooses another wording of the same code.
    ``parameters`` fill the message, and so do ``words``, the programme's own; nothing of them is
    personal.
    """

    sheet: str
    row: int
    column: str
    field: str
    code: str
    parameters: Mapping[str, str] = record_field(default_factory=dict)
    variant: str = ""
    words: Mapping[str, str] = record_field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return "error" if is_error(self.code) else "warning"

    def template(self) -> str:
        """The message, whose parameters are still to be filled in."""
        return _MESSAGES[f"{self.code}.{self.variant}" if self.variant else self.code]

    def message(self, *, chinese: bool = False) -> str:
        """What is wrong and what to do, in the user's language, or in Chinese for the towns."""
        text = self.template()
        translated = in_chinese(text) if chinese else gettext(text)
        fixed = {"youngest": YOUNGEST, "oldest": OLDEST_EXPECTED}
        return translated.format(**fixed, **self.words, **self.parameters)
