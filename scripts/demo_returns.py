"""The demonstration's second half: the bank's results, money that comes back, paying again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from demo_account import statements
from demonstration import Demonstration

RESULTS = Path("inputs", "results")
SHEETS = RESULTS / "退回更正"
CORRECTED = Path("inputs", "corrected")


def first_results(demo: Demonstration) -> None:
    """A result in parts, and one of them twice."""
    demo.say("The bank answers for the first batch, for its first file in two parts.")
    bank_gets(demo, "B2020-001", "2020-10-22", "--parts", "2")
    results(demo, "2020-10-22", "B2020-001-本行-1-回盘-1.xlsx")
    results(demo, "2020-10-23", "B2020-001-本行-1-回盘-2.xlsx", "B2020-001-他行-1-回盘.csv")
    demo.say("The second part once more, by mistake.")
    results(demo, "2020-10-23", "B2020-001-本行-1-回盘-2.xlsx")


def second_results(demo: Demonstration) -> None:
    """Returns of every kind, two payments that the bank does not know of, one late return."""
    demo.say("The bank answers for the second batch; of two payments it knows nothing yet.")
    bank_gets(demo, "B2020-002", "2020-11-12", "--pending", "2", "--later", "1")
    results(demo, "2020-11-13", *result_files(demo, "B2020-002"))
    demo.say("What it could not deliver is back. The statement begins before what is known.")
    statements(demo, "2020-11-01/2020-11-16", newest_first=True)
    demo.say("Days later it knows, and another bank has sent back a payment that had been made.")
    results(demo, "2020-11-18", "B2020-002-后续.csv")


def corrected_and_paid_again(demo: Demonstration) -> None:
    """The towns correct, the others are released, and everyone who came back is paid again."""
    demo.say("The towns have corrected the records of their people.")
    demo.script("sample_answers.py", "towns", SHEETS.as_posix(), CORRECTED.as_posix())
    corrected = sorted((demo.folder / CORRECTED).iterdir())
    demo.must(
        "import", "--yes", "--date", "2020-11-20", files=corrected, shown="inputs/corrected/*"
    )
    demo.say("In whose record was nothing to correct? They have been to the bank's counter.")
    demo.must("payees", "list", "--waiting", "--date", "2020-11-23")
    release_the_others(demo, "2020-11-23")
    demo.say("They are paid again. It takes cash and no budget: that was charged the first time.")
    demo.must("disburse", "--date", "2020-11-24", "--yes")
    demo.must("batch", "submit", "B2020-003", "--yes", "--date", "2020-11-25")
    bank_gets(demo, "B2020-003", "2020-11-26", "--returned", "0")
    results(demo, "2020-11-27", *result_files(demo, "B2020-003"))


def release_the_others(demo: Demonstration, day: str) -> None:
    """Whose record was right: some by the class of the bank's reason, the others by their ids."""
    waiting = demo.ask("payees", "list", "--waiting", "--date", day)["payees"]
    by_class = [p for p in waiting if (p["batch"], p["class"]) == ("B2020-002", "FROZEN")]
    others = [person["id"] for person in waiting if person not in by_class]
    ending = ("--date", day, "--yes")
    if by_class:
        everyone = ("--batch", "B2020-002", "--class", "FROZEN")
        demo.must("payees", "release", *everyone, "--reason", "银行已解冻", *ending)
    if others:
        demo.must("payees", "release", *others, "--reason", "本人已到柜台办理", *ending)


def bank_gets(demo: Demonstration, batch: str, day: str, *fate: str) -> None:
    uploads = f"books/payouts/{batch}"
    demo.script("sample_answers.py", "bank", uploads, "inputs", "--date", day, *fate)


def results(demo: Demonstration, day: str, *names: str) -> None:
    demo.must("import", "--date", day, files=[demo.folder / RESULTS / name for name in names])


def result_files(demo: Demonstration, batch: str) -> list[str]:
    """The names of a batch's result files, the own bank's first."""
    names = [path.name for path in (demo.folder / RESULTS).glob(f"{batch}-*-回盘.*")]
    return sorted(names, key=lambda name: ("他行" in name, name))


def show_that_all_are_paid(status: Any) -> None:
    """Stop unless everyone is paid and no money is on its way."""
    people, transit = status["payees"], status["cash"]["in_transit"]
    if status["waiting"] or people["paid"] != people["registered"] or transit != "0.00":
        sys.exit("The demonstration stops here: somebody has not been paid.")
    print(f"# Paid: {people['paid']:,} of {people['registered']:,} people; in transit: {transit}.")
