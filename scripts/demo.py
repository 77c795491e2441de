"""The main job from rosters to payout sheets, on made-up data of the real size.

    python3 scripts/demo.py [DIR]

Makes sample inputs in DIR/inputs and books in DIR/books (DIR is ``demo`` by default) by running
the real commands one after another, as the liaison would type them.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import CHECKOUT
from environment import prepare

MARKER = ".census-ledger-demo"

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


class Demonstration:
    """Runs commands in the demonstration's folder and shows them as they would be typed."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.python = python
        self.folder = folder
        self.command = python.parent / ("census-ledger.exe" if os.name == "nt" else "census-ledger")

    def say(self, text: str) -> None:
        print(f"\n# {text}", flush=True)

    def run(self, *arguments: str, files: Sequence[Path] = (), shown: str = "") -> int:
        """Run ``census-ledger`` on the books; ``files`` follow, ``shown`` stands for them."""
        typed = " ".join([*arguments, shown]).rstrip()
        print(f"$ census-ledger -C books {typed}", flush=True)
        names = [str(path.relative_to(self.folder)) for path in files]
        whole = [str(self.command), "-C", "books", *arguments, *names]
        return subprocess.run(whole, cwd=self.folder, check=False).returncode

    def must(self, *arguments: str, files: Sequence[Path] = (), shown: str = "") -> None:
        if self.run(*arguments, files=files, shown=shown):
            sys.exit("The demonstration stops here: the command above has failed.")

    def enter(self, file: str, text: str) -> None:
        """What the liaison types into a file of the books."""
        print(f"# ... into books/{file}:{text.rstrip()}", flush=True)
        with (self.folder / "books" / file).open("a", encoding="utf-8", newline="\n") as books:
            books.write(text)


def fresh_folder(folder: Path) -> None:
    """An empty folder for the demonstration; one that an earlier run has made is replaced."""
    if folder.exists() and not (folder / MARKER).exists():
        if not folder.is_dir() or any(folder.iterdir()):
            sys.exit(f"{folder} is not empty and is not an earlier demonstration.")
    elif folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            sys.exit(f"An earlier demonstration cannot be removed; close what has it open. {error}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()


def main(arguments: list[str]) -> None:
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        sys.exit(__doc__)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    folder = Path(arguments[0] if arguments else CHECKOUT / "demo").resolve()
    python = prepare("samples")
    fresh_folder(folder)
    demo = Demonstration(python, folder)

    demo.say("Rosters of 21 towns, 7,100 enumerators and 1,250 supervisors. Nobody is real.")
    print("$ python scripts/sample_data.py inputs", flush=True)
    samples = [str(python), str(CHECKOUT / "scripts" / "sample_data.py"), str(folder / "inputs")]
    if subprocess.run(samples, check=False).returncode:
        sys.exit("The sample inputs could not be made.")

    demo.say("New books, and the advance that has arrived.")
    print("$ census-ledger init books", flush=True)
    if subprocess.run([str(demo.command), "init", "books"], cwd=folder, check=False).returncode:
        sys.exit("The books could not be made.")
    demo.enter("journal/hand.beancount", ADVANCE)

    demo.say("The towns' rosters: good rows go in, bad rows come back as workbooks to mend.")
    rosters = sorted((folder / "inputs" / "rosters").iterdir())
    rosters = [path for path in rosters if path.is_file()]
    demo.must("import", files=rosters, shown="inputs/rosters/*")
    demo.say("The towns have mended them.")
    corrected = sorted((folder / "inputs" / "corrected").iterdir())
    demo.must("import", files=corrected, shown="inputs/corrected/*")

    demo.say("Can everybody be paid? No: the tool says what can be paid from what.")
    if demo.run("disburse", "--date", "2020-10-20", "--dry-run") != 1:
        sys.exit("The demonstration stops here: this should have been refused.")
    demo.must("disburse", "--date", "2020-10-20", "--limit-to-funds", "--yes")
    demo.must("batch", "submit", "B2020-001", "--approved-by", "王主任", "--date", "2020-10-21")

    demo.say("The rest of the appropriation and money from above arrive.")
    demo.enter("rules.beancount", SUPPLEMENT)
    demo.enter("journal/hand.beancount", REMAINDER)
    demo.must("disburse", "--date", "2020-11-10", "--yes")
    demo.must("batch", "submit", "B2020-002", "--approved-by", "王主任", "--date", "2020-11-11")

    demo.say("Where everything stands.")
    demo.must("status", "--date", "2020-11-30")
    demo.must("check")
    print_ending(folder, python)


def print_ending(folder: Path, python: Path) -> None:
    """Where to look."""
    payouts = folder / "books" / "payouts"
    programs = python.parent
    print(
        f"""
# Where to look
  payout sheets, workbook and bank files   {payouts / "B2020-001"}
                                           {payouts / "B2020-002"}
  what came back to the towns              {folder / "inputs" / "rosters" / "待改"}
  the books as plain text                  {folder / "books"}
  the books in a browser                   {programs / "fava"} {folder / "books" / "main.beancount"}
  the command                              {programs / "census-ledger"} --help"""
    )


if __name__ == "__main__":
    main(sys.argv[1:])
