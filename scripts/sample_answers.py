"""What the bank and the towns answer in the demonstration. Nobody is real.

    python scripts/sample_answers.py bank PAYOUTS DIR --date DAY
    python scripts/sample_answers.py towns SHEETS DIR

``bank`` gets the upload files of a batch (``books/payouts/B2020-001``) and writes its results into
``DIR/results`` and the lines of the office's account into ``DIR/银行流水.csv``. ``towns`` mends
the correction sheets in the folder SHEETS and writes them into DIR under their names.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from samples.bank import Fate
from samples.bank_days import Plan
from samples.bank_days import answer_batch
from samples.mending import mend


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
    count = Counter(decision.outcome.fate for decision in answer.decisions)
    paid = count[Fate.PAID] + count[Fate.LATER]
    print(
        f"{answer.batch}: {paid:,} paid, {count[Fate.RETURNED]} returned, {count[Fate.PENDING]}"
        f" under way; {len(answer.news)} with news later"
    )


def towns(arguments: argparse.Namespace) -> None:
    sheets, people = mend_sheets(arguments.sheets, arguments.folder, seed=arguments.seed)
    print(f"{people} people mended; sheets sent back: {len(sheets)}")


def mend_sheets(sheets: Path, folder: Path, *, seed: int) -> tuple[list[Path], int]:
    """Mend the sheets that have not come back yet; the answers, and how many people they mend."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {folder / sheet.name: sheet for sheet in sorted(sheets.glob("*.xlsx"))}
    answers = [target for target in targets if not target.exists()]
    return answers, sum(len(mend(targets[answer], answer, seed=seed)) for answer in answers)


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
