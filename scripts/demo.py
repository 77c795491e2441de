"""The year 2020 from rosters to the last payment, on made-up data of the real size.

    python3 scripts/demo.py [DIR]
    python3 scripts/demo.py --programme agricultural-census-2026 [--county 峄城区] [DIR]

Makes sample inputs in DIR/inputs and books in DIR/books (DIR is ``demo`` by default) by running
the real commands one after another, as the liaison would type them. The second way is the autumn
of another county and another census: three stages, lists of work, a limit, income tax.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import demo_stages
from demo_account import STATEMENTS
from demo_account import office_rules
from demo_account import show_that_books_and_bank_agree
from demo_account import statements
from demo_account import whole_year
from demo_returns import RESULTS
from demo_returns import SHEETS
from demo_returns import corrected_and_paid_again
from demo_returns import first_results
from demo_returns import second_results
from demo_returns import show_that_all_are_paid
from demonstration import Demonstration
from demonstration import fresh_folder
from environment import CHECKOUT
from environment import WORK
from environment import prepare

SUPPLEMENT = """
; 演示的假设：上级补助补足缺口。
2020-11-02 custom "census-budget" Expenses:5001业务活动费用:02上级补助:30226劳务费 \
3280000.00 CNY "supplement"
"""


def main(arguments: list[str]) -> None:
    asked = parsed(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    folder = asked.folder.resolve()
    python = prepare(WORK)
    fresh_folder(folder)
    demo = Demonstration(python, folder)
    if asked.programme:
        demo_stages.tell(demo, asked.county, asked.people)
    else:
        whole_story(demo)
    print_ending(folder, python)


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=CHECKOUT / "demo", metavar="DIR")
    parser.add_argument("--programme", choices=[demo_stages.PROGRAMME])
    parser.add_argument("--county", default="峄城区", metavar="NAME")
    parser.add_argument("--people", type=int, metavar="N")
    return parser.parse_args(arguments)


def whole_story(demo: Demonstration) -> None:
    """The year, in a folder with nothing in it."""
    new_books(demo)
    rosters(demo)
    within_the_advance(demo)
    first_results(demo)
    everybody_else(demo)
    second_results(demo)
    corrected_and_paid_again(demo)
    demo.say("What became of the second batch, on paper.")
    demo.must("report", "batch", "B2020-002", "--date", "2020-12-07")
    balance = whole_year(demo)
    status = demo.ask("status", "--date", "2020-12-31")
    show_that_books_and_bank_agree(status, balance)
    show_that_all_are_paid(status)


def new_books(demo: Demonstration) -> None:
    demo.say("Rosters of 21 towns, 7,100 enumerators and 1,250 supervisors. Nobody is real.")
    demo.script("sample_data.py", "inputs")
    demo.say("New books.")
    demo.new_books()
    office_rules(demo)
    demo.say("The bank's first statement: the advance has arrived.")
    statements(demo, "2020-01-01/2020-10-19")


def rosters(demo: Demonstration) -> None:
    demo.say("The towns' rosters: good rows go in, bad rows come back as workbooks to correct.")
    sent = sorted((demo.folder / "inputs" / "rosters").iterdir())
    sent = [path for path in sent if path.is_file()]
    demo.must("import", "--date", "2020-10-16", files=sent, shown="inputs/rosters/*")
    demo.say("The towns have corrected them.")
    corrected = sorted((demo.folder / "inputs" / "corrected").iterdir())
    demo.must("import", "--date", "2020-10-19", files=corrected, shown="inputs/corrected/*")


def within_the_advance(demo: Demonstration) -> None:
    demo.say("Can everybody be paid? No: the tool says what can be paid from what.")
    if demo.run("disburse", "--date", "2020-10-20", "--dry-run") != 1:
        sys.exit("The demonstration stops here: this should have been refused.")
    demo.must("disburse", "--date", "2020-10-20", "--limit-to-funds", "--yes")
    demo.must("batch", "submit", "B2020-001", "--yes", "--date", "2020-10-21")


def everybody_else(demo: Demonstration) -> None:
    demo.say("The debit of the first batch and what came back; more money arrives, some is spent.")
    demo.enter("rules.beancount", SUPPLEMENT)
    statements(demo, "2020-10-01/2020-11-09")
    demo.must("disburse", "--date", "2020-11-10", "--yes")
    demo.must("batch", "submit", "B2020-002", "--yes", "--date", "2020-11-11")


def print_ending(folder: Path, python: Path) -> None:
    """Where to look."""
    books, inputs, programs = folder / "books", folder / "inputs", python.parent
    sent = (inputs / demo_stages.WORK.name / "S2", inputs / "rosters")
    came_back = next(place for one in sent if (place := one / "待改").exists())
    print(
        f"""
# Where to look
  payout sheets, workbooks and bank files  {books / "payouts"}
  what came back to the towns              {came_back}
  the bank's results                       {inputs / RESULTS.name}
  the bank's statements                    {inputs / STATEMENTS.name}
  correction sheets for the towns          {inputs / RESULTS.name / SHEETS.name}
  monthly reports and reconciliation       {books / "reports"}
  the books as plain text                  {books}
  the books in a browser                   {programs / "census-ledger"} -C {books} desk
  the command                              {programs / "census-ledger"} --help"""
    )


if __name__ == "__main__":
    main(sys.argv[1:])
