"""A key on one sheet of paper: lines to be typed in again, a code for a telephone, its use."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO

from ledger.base.digests import digest
from ledger.base.records import Record
from ledger.books.provenance import NO_PROVENANCE
from ledger.keys.paper_words import paper_lines
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from ledger.model.seal import grouped_seal
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import require_glyphs
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.qr_seal import define_qr
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date
from reports.pdf.text_fitting import LEADING
from reports.pdf.text_fitting import paragraph

REGISTRY_TITLE = "登记库密钥"
SAFE_TITLE = "保险柜密钥 O00"
BOXES = ("打印", "封存", "保管", "日期")
WARNING = "放入保险柜，打印后删除本文件"

_FRAME = PORTRAIT
_WIDTH = _FRAME.right - _FRAME.left
_QR_FORM, _QR_SIDE = "key", 62 * MM
_TEXT_SIZE, _DIGIT_SIZE, _WARNING_SIZE, _FINGERPRINT_SIZE = 10.5, 17.0, 15.0, 14.0
_ROW = 13 * MM
_LINE_WIDTH, _CHECK_WIDTH = 18 * MM, 26 * MM
_GAP = 5 * MM


class KeyHeading(Heading, kw_only=True):
    """Of no batch, and so without a seal. ``books`` is the name of the books' key."""

    books: str

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"单位：{self.unit}", f"账套：{self.books}", ""),
            ("密级：机密，凭纸即可使用", f"打印日期：{chinese_date(self.on)}", ""),
        )

    @property
    def document_title(self) -> str:
        return f"{self.title} {self.books}"

    def texts(self) -> list[str]:
        return [*super().texts(), self.books]


class KeyPaper(Record):
    """A key to be printed, and the sentences that say what it is for and how it is used."""

    unit: str
    books: str
    on: datetime.date
    title: str
    key: bytes
    fingerprint: str
    about: tuple[str, ...]
    usage: tuple[str, ...]

    def __repr__(self) -> str:
        return f"KeyPaper({self.title!r}, {self.fingerprint!r})"


def registry_key_paper(unit: str, books: str, on: datetime.date, key: str) -> KeyPaper:
    """The registry's key, 64 hex digits, as a copy on paper."""
    return KeyPaper(
        unit=unit,
        books=books,
        on=on,
        title=REGISTRY_TITLE,
        key=bytes.fromhex(key),
        fingerprint=grouped_seal(digest(bytes.fromhex(key))[:16]),
        about=(
            "用途：打开登记库。登记库里是全部人员的身份证号、银行账号和电话，用这个密钥加密；"
            "密钥文件丢失或电脑损坏时，凭这张纸才能再打开。没有密钥，谁也打不开。",
            "得到这张纸和账套的人可以看到全部人员信息。不要拍照、复印或发送。",
        ),
        usage=(
            "重新录入：照上表逐行输入，空格和大小写不限；每行末两位是校验位，输错会指出是哪一行。",
            "二维码的内容是同样的 64 位数字，不含校验位。",
            "指纹用来核对是不是同一个密钥，它不是秘密。",
        ),
    )


def safe_key_paper(
    unit: str, books: str, on: datetime.date, seed: bytes, fingerprint: str
) -> KeyPaper:
    """The key in the safe, O00, which is on this paper and nowhere else.

    The ``fingerprint`` is that of the books.
    """
    return KeyPaper(
        unit=unit,
        books=books,
        on=on,
        title=SAFE_TITLE,
        key=seed,
        fingerprint=fingerprint,
        about=(
            "用途：指定操作员。管理员的密钥丢失，或者没有管理员时，凭这张纸新增操作员、停用操作员；"
            "它不能发放补助，也不能记账。电脑里不保存这个密钥，只有这张纸。",
            "得到这张纸的人可以把自己指定为操作员。不要拍照、复印或发送。",
        ),
        usage=(
            "录入：照上表逐行输入，空格和大小写不限；每行末两位是校验位，输错会指出是哪一行。",
            "二维码的内容是同样的 64 位数字，不含校验位。",
            "指纹是账套的，不是秘密，请抄给审计人员：整套账重新伪造时，指纹对不上。",
        ),
    )


def drawn(paper: KeyPaper) -> bytes:
    """The sheet as a PDF of one page. It never lies on the disk before it is in its place.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a unit that the font cannot draw.
    """
    heading = KeyHeading(
        title=paper.title,
        unit=paper.unit,
        batch=NO_BATCH,
        on=paper.on,
        period="",
        seal=NO_SEAL,
        scope="",
        provenance=NO_PROVENANCE,
        books=paper.books,
    )
    require_glyphs(heading.texts())
    content = BytesIO()
    document = SignedDocument(content, heading, frame=_FRAME, boxes=BOXES, pages=1)
    define_qr(document.canvas, _QR_FORM, paper.key.hex(), _QR_SIDE)
    canvas = document.begin_page()
    below = _draw_texts(canvas, paper.about, _FRAME.left, _FRAME.body_top - 2 * MM, _WIDTH)
    below = _draw_lines(canvas, paper_lines(paper.key), below - _GAP)
    below = _draw_usage(document, canvas, paper, below - _GAP)
    below = _draw_warning(canvas, below - _GAP)
    document.end_page(below - _GAP)
    document.save()
    return content.getvalue()


def _draw_texts(
    canvas: PageCanvas, texts: Sequence[str], left: float, top: float, width: float
) -> float:
    """Paragraphs below one another; returns their bottom."""
    step = 1.45 * _TEXT_SIZE
    for text in texts:
        for line in paragraph(text, width / _TEXT_SIZE):
            top -= step
            canvas.text(left, top + 0.3 * _TEXT_SIZE, line, _TEXT_SIZE)
        top -= 1.5 * MM
    return top


def _draw_lines(canvas: PageCanvas, lines: Sequence[str], top: float) -> float:
    """The table of digits: a column for each group, so that the eye keeps its place."""
    left, right = _FRAME.left, _FRAME.right
    groups = len(lines[0].split()) - 1
    width = (_WIDTH - _LINE_WIDTH - _CHECK_WIDTH) / groups
    edges = [left, left + _LINE_WIDTH]
    edges += [edges[1] + place * width for place in range(1, groups + 1)] + [right]
    bottom = top - 0.62 * _ROW
    baseline = (top + bottom) / 2 - 0.37 * _TEXT_SIZE
    _centre(canvas, "行", left, edges[1], baseline, _TEXT_SIZE)
    _centre(canvas, "密钥（只有数字 0–9 和字母 a–f）", edges[1], edges[-2], baseline, _TEXT_SIZE)
    _centre(canvas, "校验位", edges[-2], right, baseline, _TEXT_SIZE)
    for number, line in enumerate(lines, 1):
        canvas.rule(left, bottom, right, bottom)
        baseline = bottom - _ROW / 2 - 0.37 * _DIGIT_SIZE
        _centre(canvas, str(number), left, edges[1], baseline, _TEXT_SIZE)
        for text, start, end in zip(line.split(), edges[1:-1], edges[2:], strict=True):
            _centre(canvas, text, start, end, baseline, _DIGIT_SIZE)
        bottom -= _ROW
    for edge in (edges[1], edges[-2]):
        canvas.rule(edge, top, edge, bottom)
    canvas.frame(left, top, right, bottom)
    return bottom


def _draw_usage(document: SignedDocument, canvas: PageCanvas, paper: KeyPaper, top: float) -> float:
    """The code on the left, fingerprint and how it is used beside it."""
    document.canvas.saveState()
    document.canvas.translate(_FRAME.left, top - _QR_SIDE)
    document.canvas.doForm(_QR_FORM)
    document.canvas.restoreState()
    left = _FRAME.left + _QR_SIDE + _GAP
    baseline = top - 4 * MM - _FINGERPRINT_SIZE
    canvas.text(left, baseline, f"指纹：{paper.fingerprint}", _FINGERPRINT_SIZE, BOLD)
    below = baseline - _GAP / 2
    _draw_texts(canvas, paper.usage, left, below, _FRAME.right - left)
    return top - _QR_SIDE


def _draw_warning(canvas: PageCanvas, top: float) -> float:
    bottom = top - 2 * LEADING * _WARNING_SIZE
    baseline = (top + bottom) / 2 - 0.37 * _WARNING_SIZE
    _centre(canvas, WARNING, _FRAME.left, _FRAME.right, baseline, _WARNING_SIZE, BOLD)
    canvas.frame(_FRAME.left, top, _FRAME.right, bottom)
    return bottom


def _centre(
    canvas: PageCanvas,
    text: str,
    start: float,
    end: float,
    baseline: float,
    size: float,
    font: str = REGULAR,
) -> None:
    x = (start + end - text_width(text, font) * size) / 2
    canvas.text(x, baseline, text, size, font)
