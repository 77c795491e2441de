"""The demonstration's bank account: its statements, what the lines are, and that it all agrees."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from demonstration import Demonstration

STATEMENTS = Path("inputs", "statements")
SETTINGS = "census-ledger.toml"
FUND = "Expenses:5001业务活动费用:01本级财政"

# Words of the bank's lines, and the line of the budget that they are spent from.
SPENDING = (
    (("培训",), "30216培训费"),
    (("印制",), "30202印刷费"),
    (("平板电脑",), "31002办公设备购置"),
    (("租赁",), "30239其他交通费用"),
    (("办公用品",), "30201办公费"),
    (("邮寄", "通信"), "30207邮电费"),
    (("差旅",), "30211差旅费"),
    (("会议",), "30215会议费"),
    (("数据编码",), "30227委托业务费"),
)
RULE = """
[[statement.rule]]
words = [{words}]
direction = "out"
account = "{account}"
"""
WHAT_IT_WAS = ("01本级财政:30299", "--note", "普查宣传网页维护费，有合同和发票")


def office_rules(demo: Demonstration) -> None:
    """What the office spends its money on, told once."""
    demo.say("The office tells what its spending is by the words of the bank's lines.")
    rules = spending_rules()
    others = len(rules) - 1
    demo.enter(SETTINGS, "".join(rules), shown=f"{rules[0]}# ... and {others} more of that kind")


def spending_rules() -> list[str]:
    """A ``[[statement.rule]]`` for each purpose."""
    return [
        RULE.format(words=", ".join(f'"{word}"' for word in words), account=f"{FUND}:{line}")
        for words, line in SPENDING
    ]


def statements(
    demo: Demonstration, *periods: str, newest_first: bool = False, owner: str = ""
) -> str:
    """Get the statements of some periods (``2020-11-01/2020-11-30``) from the bank, import them.

    ``owner`` is whose account it is, where it is not that of the year 2020. Returns the last
    balance on them, as the bank has it.
    """
    order = ["--newest-first"] if newest_first else []
    if owner:
        order += ["--owner", owner]
    said = demo.script("sample_answers.py", "statement", "inputs", *periods, *order)
    lines = [line.split() for line in said.splitlines()]
    folder = demo.folder / STATEMENTS
    demo.must("import", files=[folder / words[0].rstrip(":") for words in lines])
    return lines[-1][-1]


def whole_year(demo: Demonstration) -> str:
    """The rest of the year, the line that nobody knows, and whether the books agree.

    Returns what the bank has in the end.
    """
    demo.say("The year is over. November is asked for once more, whole: only new lines go in.")
    november = "2020-11-01/2020-11-30"
    balance = statements(demo, november, "2020-12-01/2020-12-31", newest_first=True)
    demo.say("Where everything stands. One line of the bank's is explained by nothing.")
    demo.must("status", "--date", "2020-12-31")
    suspense = demo.ask("status", "--date", "2020-12-31")["suspense"]
    if [line["amount"] for line in suspense["unexplained"]] != ["-3600.00"]:
        sys.exit("The demonstration stops here: there should be one line of -3600.00.")
    demo.say("The liaison has looked for the contract, and says what it was.")
    line = suspense["unexplained"][0]["line"]
    demo.must("explain", "--yes", line, *WHAT_IT_WAS, "--date", "2020-12-31")
    demo.say("Do the books agree with the bank? The command fails when they differ.")
    demo.must("report", "reconciliation", "--date", "2020-12-31")
    demo.say("The year is over and right: it is closed, and its reports are kept.")
    demo.must("month", "close", "2020-12", "--date", "2021-01-05")
    demo.say("The leaders' monthly reports, each as of its month's end.")
    demo.must("report", "month", "--all")
    demo.must("check")
    return balance


def show_that_books_and_bank_agree(status: Any, balance: str) -> None:
    """Stop unless every line is explained and the books have what the bank has."""
    if status["suspense"]["lines"] or status["suspense"]["amount"] != "0.00":
        sys.exit("The demonstration stops here: a line of the bank's is still unexplained.")
    if status["cash"]["bank"] != balance:
        sys.exit("The demonstration stops here: the books and the bank do not agree.")
    print(f"# On the bank's statement: {balance}; in the books: {status['cash']['bank']}.")
