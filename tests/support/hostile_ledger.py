"""Books whose texts are written by somebody who wants script to run in the reader's browser.

Every text that Fava prints is one of them: what a bank's remark can hold, and what only whoever
gives away the books can write.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.cli import execute
from tests.support.acting import new_books
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office

# An element of ours, a script and an attribute that ends early; `owned` would say that one ran.
ELEMENT = "in-jected"
MARKUP = f"<{ELEMENT}></{ELEMENT}><img src=x onerror=window.owned=1><script>window.owned=1</script>"
ATTRIBUTE = f"' onmouseover=window.owned=1 x='><{ELEMENT}>"
# What a name of a file can hold.
NAME = f"<{ELEMENT}><img src=x onerror=window.owned=1>.pdf"

ENTRIES = f"""
2020-11-03 * "甲{MARKUP}" "乙{ATTRIBUTE}" #tag ^link-1
  remark: "丙{MARKUP}"
  address: "https://example.invalid/'><{ELEMENT}>"
  document: "{NAME}"
  {TRAINING}  812.34 CNY
    place: "丁{MARKUP}"
  {BANK}
2020-11-04 note {BANK} "{MARKUP}{ATTRIBUTE}"
2020-11-05 event "place{MARKUP}" "{MARKUP}"
2020-11-06 document {BANK} "{NAME}"
2020-11-06 custom "census-commitment" "odd{ATTRIBUTE}" "{MARKUP}" TRUE 2020-01-01 5.00 CNY {BANK}
2020-11-07 query "问{ATTRIBUTE}" "SELECT payee, narration WHERE account ~ '1002'"
2020-11-07 commodity CNY
  name: "{ATTRIBUTE}{MARKUP}"
2020-11-08 price USD 6.6 CNY
2020-11-09 balance {BANK} 1.00 CNY
2020-11-10 close {TRAINING}
"""


def hostile_office(folder: Path, capture: pytest.CaptureFixture[str] | None = None) -> Office:
    """An office that has paid a batch, with such entries written by hand."""
    office = Office(folder / "books", folder / "registry.key", capture)  # type: ignore[arg-type]
    new_books(office.folder, office.key)
    office.receive(1_220_000)
    office.register(3, town="370481001")
    words = ["-C", str(office.folder), "--key", str(office.key), "disburse", "--yes"]
    assert execute([*words, "--date", "2020-11-10"]) == 0
    office.hand(ENTRIES)
    (office.folder / "journal" / NAME).write_bytes(b"%PDF-1.4")
    return office
