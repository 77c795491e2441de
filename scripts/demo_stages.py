"""The demonstration of a census that is paid in stages: by visits, within a limit, taxed."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from demo_account import statements
from demo_returns import SHEETS
from demo_returns import bank_gets
from demo_returns import result_files
from demo_returns import results
from demonstration import Demonstration

PROGRAMME = "agricultural-census-2026"
WORK = Path("inputs", "work")
ANSWERS = Path("inputs", "corrected")
MONTH = "2026-10"
ITEM = '"30226劳务费:01两员补助"'
RULES = f"""
; 演示的假设：预算、三个阶段、标准、上限和个人所得税。
2026-09-01 custom "census-budget" Expenses:5001业务活动费用:01本级财政:30226劳务费 \
{{budget}} CNY "initial"
2026-09-01 custom "census-stage" "S1" "宣传摸底" "fixed"
2026-10-08 custom "census-stage" "S2" "清查登记" "per-unit" "户"
2026-10-18 custom "census-stage" "S3" "验收补差" "listed"
2026-09-01 custom "census-rate" "普查员" "S1" 400.00 CNY {ITEM}
2026-09-01 custom "census-rate" "普查指导员" "S1" 500.00 CNY {ITEM}
2026-10-08 custom "census-rate" "普查员" "S2" 10.00 CNY {ITEM}
  minimum: 200.00 CNY
  maximum: 1500.00 CNY
2026-10-18 custom "census-rate" "普查员" "S3" 600.00 CNY {ITEM}
2026-10-18 custom "census-rate" "普查指导员" "S3" 800.00 CNY {ITEM}
2026-09-01 custom "census-limit" "普查员" 2000.00 CNY
2026-09-01 custom "census-tax" "普查员" "劳务报酬"
2026-09-01 custom "census-tax" "普查指导员" "工资薪金"
"""
# Yuan a person that the bureau gives: more than the three stages come to.
GIVEN_EACH = 2200
OWNER = "{county}第四次全国农业普查领导小组办公室"
# The other side of a line, its account, and the words.
BUREAU = ("{county}财政局", "91370400000000000011", "第四次全国农业普查经费")
TAX_OFFICE = ("国家税务总局{county}税务局", "91370400000000000133", "代扣代缴个人所得税")


def tell(demo: Demonstration, county: str, people: int | None) -> None:
    """From empty books of a county until everybody has what is owed in each stage."""
    demo.say("New books of another county for another programme.")
    demo.new_books("--county", county, "--programme", PROGRAMME, "--name", "演示员")
    programme = (demo.folder / "books" / "programme.toml").read_text(encoding="utf-8")
    name = tomllib.loads(programme)["county"]["name"]
    size = ("--people", str(people)) if people else ()
    demo.script("sample_stages.py", "inputs", "--county", name, *size)
    rosters(demo, name)
    first_stage(demo)
    visits(demo)
    beyond(demo)
    limited(demo)
    taxed(demo, name)
    show_that_all_stages_are_paid(demo)


def rosters(demo: Demonstration, county: str) -> None:
    owner = OWNER.format(county=county)
    demo.say("The towns have no codes of posts yet, but names of blocks: one warning a file.")
    demo.must("import", "--date", "2026-09-07", files=sent(demo, "inputs/rosters"))
    count = demo.ask("status", "--date", "2026-09-07")["payees"]["registered"]
    given = f"{count * GIVEN_EACH}.00"
    demo.enter("rules.beancount", RULES.format(budget=given))
    moved(demo, "2026-09-08", given, BUREAU, county)
    statements(demo, "2026-09-01/2026-09-09", owner=owner)


def first_stage(demo: Demonstration) -> None:
    demo.say("The first stage: the same for everybody of a role.")
    pay(demo, "B2026-001", "S1", "2026-09-10", "--returned", "0.02")
    demo.say("What came back is mended by the towns or at the counter, and paid again.")
    paid_again(demo, "B2026-002", "S1", "2026-09-18")


def visits(demo: Demonstration) -> None:
    demo.say("The second stage: ten yuan a household, at least 200 and at most 1,500.")
    demo.must("import", "--stage", "S2", "--date", "2026-10-09", files=sent(demo, WORK / "S2"))
    demo.say("Some rows were wrong. The towns send them once more, and they alone.")
    corrected = sent(demo, WORK / "S2-更正")
    demo.must("import", "--stage", "S2", "--date", "2026-10-10", files=corrected)
    pay(demo, "B2026-003", "S2", "2026-10-12", "--returned", "0.01", "--pending", "6")


def beyond(demo: Demonstration) -> None:
    demo.say("The third stage in the same month: the lists say amounts, and the tax adds up.")
    demo.must("import", "--stage", "S3", "--date", "2026-10-19", files=sent(demo, WORK / "S3"))
    demo.say(
        "Who would be above the limit, and whose tax waits for the bank, is left out, and why."
    )
    pay(demo, "B2026-004", "S3", "2026-10-20", "--returned", "0.02")
    demo.say("The bank knows of those payments now.")
    results(demo, "2026-10-22", "B2026-003-后续.csv")
    paid_again(demo, "B2026-005", "S2", "2026-10-23")
    paid_again(demo, "B2026-006", "S3", "2026-10-26")


def limited(demo: Demonstration) -> None:
    demo.say("Nobody's amount is ever cut: the towns lower it themselves.")
    lowered = sent(demo, WORK / "S3-更正")
    demo.must("import", "--stage", "S3", "--date", "2026-10-28", files=lowered)
    pay(demo, "B2026-007", "S3", "2026-10-29", "--returned", "0")


def taxed(demo: Demonstration, county: str) -> None:
    owner = OWNER.format(county=county)
    demo.say("The month's tax: the declaration of everybody who was paid, and its summary.")
    statements(demo, "2026-09-10/2026-10-31", owner=owner)
    demo.must("report", "tax", MONTH)
    due = demo.ask("status", "--date", "2026-10-31")["cash"]["tax_due"]
    demo.say("The tax office takes what was withheld.")
    moved(demo, "2026-11-12", f"-{due}", TAX_OFFICE, county)
    statements(demo, "2026-11-01/2026-11-20", owner=owner)
    demo.must("status", "--date", "2026-11-20")
    demo.must("report", "month", MONTH)
    demo.must("check")


def moved(
    demo: Demonstration, day: str, amount: str, other_side: tuple[str, str, str], county: str
) -> None:
    """Money that comes or goes on the office's account beside its batches."""
    words = [text.format(county=county) for text in other_side]
    # An amount below zero would be taken for an option.
    demo.script("sample_answers.py", "move", "--date", day, "inputs", "--", amount, *words)


def pay(demo: Demonstration, batch: str, stage: str, day: str, *fate: str) -> None:
    """A batch of a stage, sent on its day and answered the day after."""
    demo.must("disburse", "--stage", stage, "--date", day, "--yes")
    demo.must("batch", "submit", batch, "--yes", "--date", day)
    answered = f"{day[:-2]}{int(day[-2:]) + 1:02d}"
    bank_gets(demo, batch, answered, *fate)
    results(demo, answered, *result_files(demo, batch))


def paid_again(demo: Demonstration, batch: str, stage: str, day: str) -> None:
    """Who came back is mended or released, and paid what was sent before."""
    before = sent(demo, ANSWERS)
    demo.script("sample_answers.py", "towns", SHEETS.as_posix(), ANSWERS.as_posix())
    corrected = [path for path in sent(demo, ANSWERS) if path not in before]
    if corrected:
        signed = ("--yes", "--reason", "镇街已签字盖章确认")
        demo.must("import", *signed, "--date", day, files=corrected)
    waiting = demo.ask("payees", "list", "--waiting", "--stage", stage, "--date", day)["payees"]
    ids = [person["id"] for person in waiting if person["batch"]]
    if ids:
        because = ("--reason", "本人已到柜台办理", "--date", day, "--yes")
        demo.must("payees", "release", *ids, *because)
    pay(demo, batch, stage, day, "--returned", "0")


def show_that_all_stages_are_paid(demo: Demonstration) -> None:
    """Stop unless everybody has what is owed in every stage, and so has the tax office."""
    status = demo.ask("status", "--date", "2026-11-20")
    for stage in status["stages"]:
        if any(stage[state] for state in ("blocked", "due", "in_bank", "returned", "unknown")):
            sys.exit(f"The demonstration stops here: somebody waits in {stage['code']}.")
        print(f"# {stage['code']} {stage['name']}: {stage['paid']:,} paid, {stage['amount']} yuan.")
    if status["cash"]["tax_due"] != "0.00" or status["suspense"]["lines"]:
        sys.exit("The demonstration stops here: tax is due, or a line is unexplained.")
    print(f"# Tax that is still due: {status['cash']['tax_due']}.")


def sent(demo: Demonstration, folder: str | Path) -> Sequence[Path]:
    """The workbooks in a folder of the demonstration; none where there is none."""
    return sorted((demo.folder / folder).glob("*.xlsx"))
