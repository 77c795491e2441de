"""The province's monthly report: its pages, one after the other."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO

from ledger.base.digests import Digest
from ledger.books.provenance import NO_PROVENANCE
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from ledger.model.seal import grouped_seal
from ledger.province.consolidation import Consolidation
from ledger.province.matters import Matter
from reports.documents import USUAL_BOXES
from reports.monthly.details import Part
from reports.monthly.details import draw_details
from reports.monthly.details import laid_out
from reports.monthly.summary_page import SummaryPages
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date
from reports.province.figures import ProvinceFigures
from reports.province.figures import counties_text
from reports.province.lists import county_list
from reports.province.lists import double_list
from reports.province.lists import failed_list
from reports.province.lists import head_list
from reports.province.lists import returns_by_bank
from reports.province.lists import returns_by_reason
from reports.province.region_bars import RegionBars
from reports.wording.province_matters import province_items

TITLE = "经费汇总月报"
NUMERALS = "三四五六七八九十"
DIGEST_DIGITS = 16


class ProvinceHeading(Heading, kw_only=True):
    """Of no batch and of no books of its own; its digest is over all HEADs."""

    digest: Digest

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"汇总范围：{self.unit}", f"报告月份：{self.period}", "单位：元"),
            ("", f"截至日期：{chinese_date(self.on)}", ""),
        )

    def summary(self) -> tuple[str, ...]:
        """The head lines of the first page, one below the other."""
        return (
            f"汇总范围：{self.unit}",
            f"报告月份：{self.period}（截至日期：{chinese_date(self.on)}）",
        )

    @property
    def document_title(self) -> str:
        return f"{self.period}{self.title}"

    @property
    def foot(self) -> str:
        """How the digest over all HEADs begins; the last page has the whole."""
        return f"汇总摘要 {grouped_seal(self.digest[:DIGEST_DIGITS])}"


def heading_of(consolidation: Consolidation) -> ProvinceHeading:
    on = datetime.date.fromisoformat(consolidation.day)
    names = [name or code for code, name in consolidation.provinces]
    return ProvinceHeading(
        title=TITLE,
        unit=drawable("、".join(names)) or "—",
        batch=NO_BATCH,
        on=on,
        period=f"{on.year}年{on.month}月",
        seal=NO_SEAL,
        scope="",
        provenance=NO_PROVENANCE,
        digest=Digest(consolidation.heads.digest),
    )


def write_province_sheet(
    file: BytesIO, consolidation: Consolidation, found: Sequence[Matter]
) -> int:
    """Write the report as a PDF and return its number of pages.

    In what counties call themselves a mark stands for a character that the fonts cannot draw.
    """
    heading = heading_of(consolidation)
    front = SummaryPages(
        ProvinceFigures(consolidation),
        province_items(found),
        USUAL_BOXES,
        title=heading.title,
        head=[*heading.summary(), counties_text(consolidation)],
    )
    details = laid_out(parts_of(consolidation))
    document = SignedDocument(
        file, heading, frame=PORTRAIT, boxes=(), pages=front.pages + len(details)
    )
    front.draw(document)
    draw_details(document, details)
    document.save()
    return document.pages


def parts_of(consolidation: Consolidation) -> list[Part]:
    """The details, numbered. What there is nothing of has no part."""
    parts: list[Part] = []

    def title(words: str) -> str:
        return f"{NUMERALS[len(parts)]}、{words}"

    if consolidation.counties:
        parts.append(RegionBars(title("预算、到位与支付进度"), consolidation))
        parts.append(county_list(title("各县（市、区）执行情况"), consolidation))
    if any(county.figures.returns for county in consolidation.counties):
        parts.append(returns_by_reason(title("退回原因"), consolidation))
        parts.append(returns_by_bank(title("退回的开户银行"), consolidation))
    if consolidation.doubles:
        parts.append(double_list(title("两县重复支付"), consolidation))
    if consolidation.failed:
        parts.append(failed_list(title("未通过核验的上报"), consolidation))
    parts.append(head_list(title("各县账套链首"), consolidation))
    return parts
