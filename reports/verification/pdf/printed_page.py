"""A page of ours as it reads: what it says of itself above and below its table, and the table."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from collections.abc import Sequence

from ledger.base.records import Record
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from reports.documents import STATEMENT
from reports.documents import TITLE_ENDINGS
from reports.verification.pdf.pdf_words import PageWords
from reports.verification.pdf.printed_provenance import NOTHING_SAID
from reports.verification.pdf.printed_provenance import PrintedProvenance
from reports.verification.pdf.printed_provenance import take_provenance

# What each page says of itself, in the words of reports.pdf.signed_document and of the statement.
_HEAD = re.compile(
    r"(?P<title>.*?)编制单位：(?P<unit>.*?)镇（街道）：(?P<scope>.*?)"
    r"(?:批次状态：(?P<state>.*?))?单位：元\s*"
    r"发放批次：(?P<batch>.*?)补助期间：(?P<period>.*?)"
    r"(?:截至)?日期：\s*(?P<day>[\d 年月]{6,}日|\S+)"
)
_SEAL = re.compile(r"校验码：\s*(?P<seal>(?:\S{4} ?){4}|\S*)")
_PAGE = re.compile(r"第\s*(?P<page>\d+)\s*页\s*共\s*(?P<pages>\d+)\s*页")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_TOWN_CODE = re.compile(r"（(\d{9})）")
_BATCH = re.compile(r"B\d{4}-\d{3,}")


class PrintedPage(Record):
    """``number`` is the page's in the file, ``page`` and ``pages`` what is printed on it.

    Texts have no blanks; ``words`` are those of the table and of what stands below it. ``kind``
    is empty when the page is not of a batch's documents.
    """

    number: int
    kind: str
    title: str = ""
    unit: str = ""
    scope: str = ""
    state: str = ""
    batch: BatchId = NO_BATCH
    prepared: str = ""
    period: str = ""
    day: datetime.date | None = None
    seal: Seal = NO_SEAL
    provenance: PrintedProvenance = NOTHING_SAID
    page: int = 0
    pages: int = 0
    words: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    qr: frozenset[tuple[int, int]] | None = None

    @property
    def town(self) -> TownCode:
        """The town's code, empty on a document of the whole batch."""
        found = _TOWN_CODE.search(self.scope)
        return TownCode(found[1]) if found else NO_TOWN


def read_page(page: PageWords, labels: Collection[str]) -> PrintedPage:
    """What the page says. ``labels`` are those that its signature boxes may have."""
    text = " ".join(page.text.split())
    head = _HEAD.search(text)
    if head is None:
        return PrintedPage(page.number, "", words=tuple(text.split()), overlays=page.overlays)
    provenance, rest = take_provenance(f"{text[: head.start()]} {text[head.end() :]}")
    seal, number = _SEAL.search(rest), _PAGE.search(rest)
    for found in (seal, number):
        if found:
            rest = rest.replace(found.group(), " ", 1)
    said = {name: "".join((value or "").split()) for name, value in head.groupdict().items()}
    batch = _BATCH.match(said["batch"])
    return PrintedPage(
        number=page.number,
        kind=_kind(said["title"], said["batch"]),
        title=said["title"],
        unit=said["unit"],
        scope=said["scope"],
        state=said["state"],
        batch=BatchId(batch.group() if batch else said["batch"]),
        prepared=said["batch"][batch.end() :] if batch else "",
        period=said["period"],
        day=chinese_day(said["day"]),
        seal=Seal("".join(seal["seal"].split()).lower()) if seal else NO_SEAL,
        provenance=provenance,
        page=int(number["page"]) if number else 0,
        pages=int(number["pages"]) if number else 0,
        words=_without_labels(rest.split(), labels),
        overlays=page.overlays,
        qr=page.qr,
    )


def _kind(title: str, batch: str) -> str:
    # 发放情况表 and 发放汇总表 do not end in 发放表.
    for kind, word in TITLE_ENDINGS.items():
        if title.endswith(word):
            return kind
    return STATEMENT if batch.endswith("编制）") else ""


def _without_labels(words: list[str], labels: Collection[str]) -> tuple[str, ...]:
    """Without the signature boxes: known labels on one line or two, others that end in a colon."""
    while words:
        count = _words_of_label(words, labels) or int(words[-1].endswith("："))
        if not count:
            break
        del words[-count:]
    return tuple(words)


def _words_of_label(words: Sequence[str], labels: Collection[str]) -> int:
    """How many of the last words are a label that is known, 0 when they are none."""
    longest = max(map(len, labels), default=0)
    tail = ""
    for count, word in enumerate(reversed(words), 1):
        tail = word + tail
        if tail.endswith("：") and tail.removesuffix("：") in labels:
            return count
        if len(tail) > longest:
            break
    return 0


def chinese_day(text: str) -> datetime.date | None:
    """``2020年11月10日`` as a day; None when it is none."""
    found = _DAY.search(text)
    if not found:
        return None
    try:
        return datetime.date(*map(int, found.groups()))
    except ValueError:
        return None
