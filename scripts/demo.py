"""The main job from rosters to the last payment, on made-up data of the real size.

    python3 scripts/demo.py [DIR]

Makes sample inputs in DIR/inputs and books in DIR/books (DIR is ``demo`` by default) by running
the real commands one after another, as the liaison would type them.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from demo_returns import RESULTS
from demo_returns import SHEETS
from demo_returns import first_results
from demo_returns import mended_and_paid_again
from demo_returns import second_results
from demo_returns import show_that_all_are_paid
from demonstration import Demonstration
from demonstration import fresh_folder
from environment import CHECKOUT
from environment import prepare

SUPPLEMENT = """
; 演示的假设：上级补助补足缺口。
2020-11-02 custom "census-budget" Expenses:5001业务活动费用:02上级补助:30226劳务费 \
3280000.00 CNY "supplement"
"""
ADVANCE = """
2020-05-08 * "滕州市财政局" "普查经费预拨款"
  Assets:1002银行存款:01滕州农商行                       1220000.00 CNY
  Income:4001财政拨款收入:01本级财政                     -1220000.00 CNY
"""
REMAINDER = """
2020-11-02 * "滕州市财政局" "普查经费剩余拨款"
  Assets:1002银行存款:01滕州农商行                       4580000.00 CNY
  Income:4001财政拨款收入:01本级财政                     -4580000.00 CNY

2020-11-05 * "枣庄市统计局" "两员补助上级补助资金"
  Assets:1002银行存款:01滕州农商行                       3280000.00 CNY
  Income:4601非同级财政拨款收入:02上级补助               -3280000.00 CNY

2020-11-06 * "滕州宾馆" "两员业务培训"
  Expenses:5001业务活动费用:01本级财政:30216培训费        286500.00 CNY
  Assets:1002银行存款:01滕州农商行                        -286500.00 CNY

2020-11-06 * "滕州印刷厂" "普查表册印制"
  Expenses:5001业务活动费用:01本级财政:30202印刷费        197380.00 CNY
  Assets:1002银行存款:01滕州农商行                        -197380.00 CNY
"""


def main(arguments: list[str]) -> None:
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        sys.exit(__doc__)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    folder = Path(arguments[0] if arguments else CHECKOUT / "demo").resolve()
    python = prepare("samples")
    fresh_folder(folder)
    demo = Demonstration(python, folder)
    new_books(demo)
    rosters(demo)
    within_the_advance(demo)
    first_results(demo)
    everybody_else(demo)
    second_results(demo)
    mended_and_paid_again(demo)
    demo.say("What became of the second batch, on paper; and where everything stands.")
    demo.must("report", "batch", "B2020-002", "--date", "2020-12-07")
    demo.must("status", "--date", "2020-12-07")
    demo.must("check")
    show_that_all_are_paid(demo, "2020-12-07")
    print_ending(folder, python)


def new_books(demo: Demonstration) -> None:
    demo.say("Rosters of 21 towns, 7,100 enumerators and 1,250 supervisors. Nobody is real.")
    demo.script("sample_data.py", "inputs")
    demo.say("New books, and the advance that has arrived.")
    print("$ census-ledger init books", flush=True)
    made = [str(demo.command), "init", "books"]
    if subprocess.run(made, cwd=demo.folder, check=False).returncode:
        sys.exit("The books could not be made.")
    demo.enter("journal/hand.beancount", ADVANCE)


def rosters(demo: Demonstration) -> None:
    demo.say("The towns' rosters: good rows go in, bad rows come back as workbooks to mend.")
    sent = sorted((demo.folder / "inputs" / "rosters").iterdir())
    sent = [path for path in sent if path.is_file()]
    demo.must("import", files=sent, shown="inputs/rosters/*")
    demo.say("The towns have mended them.")
    corrected = sorted((demo.folder / "inputs" / "corrected").iterdir())
    demo.must("import", files=corrected, shown="inputs/corrected/*")


def within_the_advance(demo: Demonstration) -> None:
    demo.say("Can everybody be paid? No: the tool says what can be paid from what.")
    if demo.run("disburse", "--date", "2020-10-20", "--dry-run") != 1:
        sys.exit("The demonstration stops here: this should have been refused.")
    demo.must("disburse", "--date", "2020-10-20", "--limit-to-funds", "--yes")
    demo.must("batch", "submit", "B2020-001", "--approved-by", "王主任", "--date", "2020-10-21")


def everybody_else(demo: Demonstration) -> None:
    demo.say("The rest of the appropriation and money from above arrive.")
    demo.enter("rules.beancount", SUPPLEMENT)
    demo.enter("journal/hand.beancount", REMAINDER)
    demo.must("disburse", "--date", "2020-11-10", "--yes")
    demo.must("batch", "submit", "B2020-002", "--approved-by", "王主任", "--date", "2020-11-11")


def print_ending(folder: Path, python: Path) -> None:
    """Where to look."""
    books, inputs, programs = folder / "books", folder / "inputs", python.parent
    print(
        f"""
# Where to look
  payout sheets, workbooks and bank files  {books / "payouts"}
  what came back to the towns              {inputs / "rosters" / "待改"}
  the bank's results                       {inputs / RESULTS.name}
  correction sheets for the towns          {inputs / RESULTS.name / SHEETS.name}
  the statement of the second batch        {books / "reports"}
  the books as plain text                  {books}
  the books in a browser                   {programs / "fava"} {books / "main.beancount"}
  the command                              {programs / "census-ledger"} --help"""
    )


if __name__ == "__main__":
    main(sys.argv[1:])
