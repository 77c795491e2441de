"""Columns that are called only 户名 and 账号: the office's own, or the other side's.

Most banks repeat the own account in every row under such headings. Some mean the other side: then
another name and another number stand in each row, and no other column says who it was.
"""

from __future__ import annotations

from importers.statements.account_numbers import same_account
from importers.statements.body import Body
from importers.statements.cell_memory import account_said
from importers.statements.cell_memory import said
from importers.statements.own_account import number_in_titles
from importers.statements.words import is_nobodys
from ledger.base.records import replace

_OTHERS = (
    "other_name",
    "other_account",
    "payer_name",
    "payer_account",
    "payee_name",
    "payee_account",
)


def with_other_side(body: Body) -> Body:
    """The body with 户名 and 账号 as the other side's, where the rows show that they are.

    Without balances nothing proves that all rows are of one account: the columns stay the own.
    """
    header = body.header
    if any(map(header.all_of, _OTHERS)) or not header.all_of("balance"):
        return body
    pair = [_nobodys(body, "own_name"), _nobodys(body, "own_account")]
    if None in pair:
        return body
    name, account = pair
    assert name is not None
    assert account is not None
    names = set(map(said, body.columns[name])) - {""}
    accounts = set(map(account_said, body.columns[account])) - {""}
    own = number_in_titles(body)
    if len(body.rows) == 1:
        differ = bool(own and accounts) and not any(same_account(own, one) for one in accounts)
    else:
        differ = len(names) > 1 and len(accounts) > 1
    if not differ:
        return body
    columns = {
        field: tuple(column for column in found if column not in (name, account))
        for field, found in header.columns.items()
    }
    columns |= {"other_name": (name,), "other_account": (account,)}
    kept = {field: found for field, found in columns.items() if found}
    return replace(body, header=replace(header, columns=kept))


def _nobodys(body: Body, field: str) -> int | None:
    """The only column of a field, if its heading says neither 本方 nor 对方."""
    columns = body.header.all_of(field)
    if len(columns) != 1 or not is_nobodys(body.header.titles[columns[0]]):
        return None
    return columns[0]
