"""What can be wrong with a row of a list of work, beside what can be wrong with one of a roster."""

from __future__ import annotations

from importers.rosters.problems import Problem
from importers.rosters.problems import Severity
from importers.rosters.problems import is_error
from ledger.base.language import mark

ERRORS: dict[str, str] = {
    "person_missing": mark("Nobody is named in this row; enter name and identity number"),
    "person_unknown": mark(
        "Nobody is registered with this identity number; compare it with the identity card, or"
        " hand the person in with a roster first"
    ),
    "person_unknown.name": mark(
        "Nobody of this name is registered in {town}; correct it, or enter the identity number"
    ),
    "payee_unknown": mark("Nobody is registered as {payee}; correct 人员编号, or leave it empty"),
    "payee_other": mark(
        "人员编号 is {payee}, whose identity number is another; correct the one that is wrong"
    ),
    "namesakes": mark(
        "{people} people of this name are registered there; enter the identity number of the one"
        " who is meant"
    ),
    "place_missing": mark(
        "The name alone does not tell who it is; enter the identity number, or the town"
    ),
    "name_other": mark(
        "{payee} has this number and another name; compare both with the identity card"
    ),
    "role_other": mark(
        "{payee} is registered as {role}; correct the role, or tell the census office that it has"
        " changed"
    ),
    "town_of_person": mark(
        "The person is registered in {town}; hand the row in with the list of that town, or correct"
        " the town"
    ),
    "post_other": mark(
        "The person is registered with another post, {post}; correct the code, or tell the census"
        " office that it has changed"
    ),
    "person_inactive": mark(
        "The person is registered as {payee}, who has left; delete the row, or tell the census"
        " office that she is back"
    ),
    "role_without_rate": mark(
        "Nobody who is {role} is paid in stage {stage}; delete the row, or tell the census office"
    ),
    "person_twice": mark(
        "The same person stands in row {others} too; keep one row of her, with all of her work"
    ),
    "person_on_lists": mark(
        "The same person stands in {place} too; keep her on one list, with all of her work"
    ),
    "quantity_missing": mark("How many {unit} is missing; enter the number, 0 if there is none"),
    "quantity_form": mark("This is not a number of {unit}; enter digits alone"),
    "quantity_unit": mark("The number is not one of {unit}; enter how many {unit} there are"),
    "quantity_negative": mark(
        "A number of {unit} is not below zero; enter how many there are, and take off by"
        " 扣减金额 and 扣减原因"
    ),
    "quantity_fraction": mark("A number of {unit} has at most {places} decimals; correct it"),
    "quantity_fraction.whole": mark("A number of {unit} is a whole one; correct it"),
    "quantity_absurd": mark("So many {unit} are more than one person does; correct the number"),
    "cell_merged": mark(
        "The cell is merged over several rows, and nobody can know how it is divided; undo the"
        " merge and enter the own number of each"
    ),
    "amount_missing": mark("The amount is missing; enter it in yuan, 0 if there is none"),
    "amount_form": mark("This is not an amount in yuan; enter digits alone"),
    "amount_negative": mark("An amount is not below zero; correct it"),
    "amount_absurd": mark("So much is not paid to one person; correct the amount"),
    "amount_above_most": mark(
        "The most that {role} is paid in this stage is {most}; correct the amount"
    ),
    "amount_other": mark(
        "By the work and the rate of the stage it is {due}, and here stands another amount;"
        " correct what is wrong, or empty the cell"
    ),
    "net_form": mark("This is not an amount in yuan; enter digits alone"),
    "net_negative": mark("An amount is not below zero; correct it"),
    "net_absurd": mark("So much is not paid to one person; correct the amount"),
    "net_other": mark(
        "The amount less the deduction is not what is said to be paid out; correct what is wrong"
    ),
    "deduction_form": mark("This is not an amount in yuan; enter digits alone"),
    "deduction_negative": mark("A deduction is entered without a sign before it; correct it"),
    "deduction_absurd": mark("So much is not taken off; correct the amount"),
    "deduction_above": mark(
        "More is taken off than there is; correct the deduction or what it is taken from"
    ),
    "deduction_without_reason": mark("Something is taken off without a reason; enter 扣减原因"),
    "reason_without_deduction": mark(
        "A reason for a deduction stands here, and no deduction; enter 扣减金额, or delete the"
        " reason"
    ),
}


class WorkProblem(Problem):
    """One thing wrong with one cell of a list of work, or what is wrong with one of a roster."""

    @property
    def severity(self) -> Severity:
        return "error" if self.code in ERRORS or is_error(self.code) else "warning"

    def template(self) -> str:
        variant = f"{self.code}.{self.variant}"
        return ERRORS.get(variant) or ERRORS.get(self.code) or Problem.template(self)
