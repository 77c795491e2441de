"""What the bank and the towns answer in the demonstration. Nobody is real.

    python scripts/sample_answers.py bank PAYOUTS DIR --date DAY
    python scripts/sample_answers.py statement DIR PERIOD... [--owner NAME] [--advance YUAN]
    python scripts/sample_answers.py move DIR AMOUNT OTHER ACCOUNT WORDS --date DAY
    python scripts/sample_answers.py towns SHEETS DIR

``bank`` gets the upload files of a batch (``books/payouts/B2020-001``) and writes its results into
``DIR/results``. ``statement`` writes what has happened on the office's account into
``DIR/statements``, a file for each PERIOD such as ``2020-11-01/2020-11-30``: the batches and what
the office has spent in 2020, or on another owner's account only what ``move`` has moved. ``towns``
corrects the correction sheets in the folder SHEETS and writes them into DIR under their names.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples.account import Movement
from samples.account import account_lines
from samples.account import lines_between
from samples.account_export import OWNER
from samples.account_export import export_statement
from samples.account_memory import remember
from samples.account_memory import remembered
from samples.account_year import ADVANCE
from samples.account_year import year_2020
from samples.bank import Fate
from samples.bank_days import Plan
from samples.bank_days import answer_batch
from samples.correction import correct

STATEMENTS = "statements"


def bank(arguments: argparse.Namespace) -> None:
    plan = Plan(
        returned_share=arguments.returned,
        pending=arguments.pending,
        later=arguments.later,
        parts=arguments.parts,
    )
    answer = answer_batch(
        arguments.payouts, arguments.folder, plan, on=arguments.date, seed=arguments.seed
    )
    remember(arguments.folder, answer.movements)
    count = Counter(decision.outcome.fate for decision in answer.decisions)
    paid = count[Fate.PAID] + count[Fate.LATER]
    print(
        f"{answer.batch}: {paid:,} paid, {count[Fate.RETURNED]} returned, {count[Fate.PENDING]}"
        f" under way; {len(answer.news)} with news later"
    )


def statement(arguments: argparse.Namespace) -> None:
    """Each file ends with its day, so that an earlier one says nothing of what came later."""
    folder = arguments.folder
    year = year_2020(arguments.advance) if arguments.owner == OWNER else []
    moved = [*year, *remembered(folder)]
    for since, until in arguments.periods:
        lines = account_lines(moved, until=until)
        path = export_statement(
            folder / STATEMENTS,
            lines,
            since,
            until,
            newest_first=arguments.newest_first,
            owner=arguments.owner,
        )
        count = len(lines_between(lines, since, until))
        balance = lines[-1].balance if lines else "0.00"
        print(f"{path.name}: {count} lines, the last balance {balance}")


def move(arguments: argparse.Namespace) -> None:
    """Money in, or out when the amount is below zero."""
    amount_fen = int(Decimal(arguments.amount) * 100)
    moved = Movement(
        arguments.date, amount_fen, arguments.other, arguments.account, arguments.words
    )
    remember(arguments.folder, [moved])
    print(f"{arguments.date}: {arguments.amount} {arguments.other} {arguments.words}")


def period(text: str) -> tuple[date, date]:
    """The days of ``2020-11-01/2020-11-30``. Raises ValueError."""
    since, until = text.split("/")
    return date.fromisoformat(since), date.fromisoformat(until)


def towns(arguments: argparse.Namespace) -> None:
    sheets, people = correct_sheets(arguments.sheets, arguments.folder, seed=arguments.seed)
    print(f"{people} people corrected; sheets sent back: {len(sheets)}")


def correct_sheets(sheets: Path, folder: Path, *, seed: int) -> tuple[list[Path], int]:
    """Correct the sheets that have not come back yet; the answers, and the people in them."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {folder / sheet.name: sheet for sheet in sorted(sheets.glob("*.xlsx"))}
    answers = [target for target in targets if not target.exists()]
    return answers, sum(len(correct(targets[answer], answer, seed=seed)) for answer in answers)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Answer as the bank or as the towns.")
    parser.add_argument("--seed", type=int, default=2020, metavar="S")
    roles = parser.add_subparsers(required=True)
    of_bank = roles.add_parser("bank")
    of_bank.add_argument("payouts", type=Path, metavar="PAYOUTS")
    of_bank.add_argument("folder", type=Path, metavar="DIR")
    of_bank.add_argument("--date", type=date.fromisoformat, required=True, metavar="DAY")
    of_bank.add_argument("--returned", type=float, default=0.005, metavar="SHARE")
    of_bank.add_argument("--pending", type=int, default=0, metavar="N")
    of_bank.add_argument("--later", type=int, default=0, metavar="N")
    of_bank.add_argument("--parts", type=int, default=1, metavar="N")
    of_bank.set_defaults(answer=bank)
    of_account = roles.add_parser("statement")
    of_account.add_argument("folder", type=Path, metavar="DIR")
    of_account.add_argument("periods", type=period, nargs="+", metavar="PERIOD")
    of_account.add_argument("--newest-first", action="store_true")
    of_account.add_argument("--owner", default=OWNER, metavar="NAME")
    of_account.add_argument("--advance", default=ADVANCE, metavar="YUAN")
    of_account.set_defaults(answer=statement)
    of_money = roles.add_parser("move")
    of_money.add_argument("folder", type=Path, metavar="DIR")
    for word in ("amount", "other", "account", "words"):
        of_money.add_argument(word, metavar=word.upper())
    of_money.add_argument("--date", type=date.fromisoformat, required=True, metavar="DAY")
    of_money.set_defaults(answer=move)
    of_towns = roles.add_parser("towns")
    of_towns.add_argument("sheets", type=Path, metavar="SHEETS")
    of_towns.add_argument("folder", type=Path, metavar="DIR")
    of_towns.set_defaults(answer=towns)
    return parser.parse_args(arguments)


def main() -> None:
    arguments = parsed(sys.argv[1:])
    arguments.answer(arguments)


if __name__ == "__main__":
    main()
