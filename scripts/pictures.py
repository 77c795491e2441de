"""Take the handbook's pictures anew, from the demonstration's year clicked through on the desk.

    .venv/bin/python scripts/pictures.py [--people N]

Writes ``docs/pictures/*.png``, in few colours so that they stay small. It takes the environment of
the tests, a browser and poppler's pdftoppm; some minutes for everybody.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from environment import CHECKOUT
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from PIL import Image
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import ViewportSize

from ledger.web.desk.first_answers import keep_answers
from ledger.web.server import NewOffice
from tests.support.browser import Window
from tests.support.browser import answering
from tests.support.browser import running_browser
from tests.support.demonstrated_year import EVERYBODY
from tests.support.demonstrated_year import MAKER
from tests.support.year_at_desk import AtDesk

PICTURES = CHECKOUT / "docs" / "pictures"
# The pages, and what the browser itself says: Debian has that in chromium-l10n.
CHINESE = {"LANGUAGE": "zh_CN", "CENSUS_LEDGER_PASSPHRASE": ""}
COLOURS = 16
# Rows of the workbook that is drawn.
LONGEST = 12
SIZE: ViewportSize = {"width": 1000, "height": 720}
# The moments of the year at which a page is taken, and the picture of each.
MOMENTS = {
    "operators": "desk-operators",
    "login": "desk-login",
    "inbox": "desk-inbox",
    "plan": "desk-plan",
    "batch": "desk-batch",
    "submit": "desk-submit",
    "rules": "desk-rules",
    "rule": "desk-rule",
    "home": "desk-home",
    "release": "desk-release",
    "lines": "desk-lines",
    "explain": "desk-explain",
    "month": "desk-month",
    "reports": "desk-reports",
}
# When there is most to see; any other is taken the first time.
DAYS = {"inbox": "2020-10-16", "plan": "2020-10-20"}
# Where a page is looked at that is longer than the picture.
PARTS = {"desk-release": "#waiting"}
# What is looked at besides on the day before those are released who came back.
PLACES = {
    "desk-results": "/disbursement/B2020-002",
    "desk-people": "/people",
    "desk-person": "/people/{payee}",
    "desk-budget": "/budget",
    "desk-settings": "/settings",
    "desk-bank-file": "/settings/bank",
    "fava": "/books/ledger/income_statement/",
}
# What stands in the field of the backup, whatever the machine is.
BACKUP = "E:\\备份\\滕州市-2020-11-23.backup"
SAFE = "E:\\保险柜密钥.pdf"
PAPERS = {
    "payout-sheet": "payouts/B2020-001/*发放表-*.pdf",
    "monthly-report": "reports/2020-11-*.pdf",
}
WORKBOOK = "workbook-back"
FIRST_VISIT = "desk-first"
NAMES = (*MOMENTS.values(), *PLACES, *PAPERS, WORKBOOK, FIRST_VISIT)
# What was answered before the last step to new books.
ANSWERS = {
    "unit": {"county": "370481", "unit": "滕州市第七次全国人口普查领导小组办公室"},
    "programme": {"programme": "population-census-2020"},
    "budget": {"rate-普查员": "800", "rate-普查指导员": "800", "line-01-30226劳务费": "5800000"},
    "bank": {"account": "滕州农商行", "words": "农商、农信", "remark": "两员补助"},
}
SHEET = """
<style>
  body {{ margin: 0; font: 13px sans-serif; }} table {{ border-collapse: collapse; }}
  table {{ table-layout: fixed; width: {width}px; }}
  th {{ background: #eee; font-weight: normal; color: #555; }}
  th, td {{ border: 1px solid #ccc; padding: 2px 4px; text-align: left; vertical-align: top; }}
  td {{ overflow-wrap: anywhere; }}
</style>
<table>{columns}{rows}</table>
"""
# A column's width is in characters; a digit is so many pixels wide.
DIGIT = 6.2


class Photographer(AtDesk):
    """Takes each picture the first time that there is something to see."""

    def __init__(self, folder: Path, people: int, browser: Browser) -> None:
        super().__init__(folder, people, browser)
        self.taken: set[str] = set()

    def looked_at(self, name: str, page: Page) -> None:
        picture = MOMENTS.get(name, "")
        if picture and picture not in self.taken and DAYS.get(name, str(self.day)) == str(self.day):
            self.take(picture, page)
        if name == "disbursement":
            self.look_around()

    def look_around(self) -> None:
        listed = self.ask("payees", "list", "--waiting", "--date", str(self.day))["payees"]
        for picture, place in PLACES.items():
            page = self.at(MAKER, place.format(payee=listed[0]["id"]))
            page.wait_for_load_state("networkidle")
            if picture == "desk-settings":
                page.get_by_label("备份文件").fill(BACKUP)
            self.take(picture, page)
        self.take("desk-home", self.at(MAKER, "/"))

    def take(self, picture: str, page: Page) -> None:
        before = page.viewport_size
        page.set_viewport_size(SIZE)
        part = PARTS.get(picture, "html")
        page.locator(part).first.evaluate("part => part.scrollIntoView()")
        save(picture, page.screenshot())
        assert before is not None
        page.set_viewport_size(before)
        self.taken.add(picture)

    def take_papers(self) -> None:
        for picture, pattern in PAPERS.items():
            path = sorted(self.books.glob(pattern))[0]
            drawn = subprocess.run(
                ["pdftoppm", "-png", "-r", "85", "-f", "1", "-l", "1", str(path)],
                check=True,
                capture_output=True,
            )
            save(picture, drawn.stdout, 8)

    def take_workbook(self) -> None:
        """The first sheet of the longest workbook that went back, drawn as a table."""
        paths = sorted((self.folder / "inputs" / "rosters" / "待改").glob("*.xlsx"))
        sheets = [load_workbook(path).worksheets[0] for path in paths]
        sheet = max((one for one in sheets if one.max_row <= LONGEST), key=lambda one: one.max_row)
        widths = [one.width * DIGIT for one in sheet.column_dimensions.values()]
        columns = "".join(f"<col style='width: {width}px'>" for width in (26, *widths))
        page = self.browser.new_page(viewport={"width": 2000, "height": 900})
        page.set_content(
            SHEET.format(width=26 + sum(widths), columns=columns, rows="".join(rows_of(sheet)))
        )
        save(WORKBOOK, page.locator("table").screenshot())
        page.close()


def take_first_visit(folder: Path, browser: Browser) -> None:
    """The last step to new books."""
    keep_answers(folder, ANSWERS)
    application = NewOffice(folder, key_file=folder.with_name("new.key"), edit=False)
    with answering(application, folder) as server:
        window = Window(browser, server, viewport=SIZE)
        page = window.enter().page
        page.get_by_label("您的姓名").fill("王会计")
        page.get_by_label("保险柜密钥").fill(SAFE)
        page.evaluate("scrollTo(0, 0)")
        save(FIRST_VISIT, page.screenshot())
        window.close()


def rows_of(sheet: Any) -> Iterator[str]:
    """The rows of a sheet as HTML, with the colours of its cells."""
    letters = [get_column_letter(number) for number in range(1, sheet.max_column + 1)]
    yield f"<tr><th></th>{''.join(f'<th>{letter}</th>' for letter in letters)}</tr>"
    for row in sheet.iter_rows():
        cells = [f"<th>{row[0].row}</th>"]
        if row[0].value and not any(cell.value for cell in row[1:]):
            cells.append(f"<td colspan={len(row)}>{html.escape(str(row[0].value))}</td>")
        else:
            for cell in row:
                colour = cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else "fff"
                text = "" if cell.value is None else html.escape(str(cell.value))
                cells.append(f'<td style="background: #{colour}">{text}</td>')
        yield f"<tr>{''.join(cells)}</tr>"


def save(picture: str, content: bytes, colours: int = COLOURS) -> None:
    """Keep a picture in few colours."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.thumbnail((SIZE["width"], SIZE["width"]))
    few = image.quantize(colours, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{picture}.png", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the handbook's pictures anew.")
    parser.add_argument("--people", type=int, default=EVERYBODY, metavar="N")
    people = parser.parse_args().people
    PICTURES.mkdir(exist_ok=True)
    os.environ.update(CHINESE)
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = folder
        with running_browser(Path(folder)) as browser:
            year = Photographer(Path(folder, "year"), people, browser)
            year.folder.mkdir()
            year.tell()
            year.take_papers()
            year.take_workbook()
            take_first_visit(Path(folder, "滕州账套"), browser)
    missing = set(NAMES) - {path.stem for path in PICTURES.glob("*.png")}
    if missing:
        sys.exit(f"Not taken: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
