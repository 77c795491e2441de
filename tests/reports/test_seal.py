"""The seal in print: four groups, and a QR code that any telephone reads."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdf
from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode
from reportlab.graphics.barcode.qrencoder import QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

from ledger.model.ids import NO_TOWN
from ledger.model.seal import grouped_seal
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import register_fonts
from reports.pdf.qr_seal import PICTURE_MODULE
from reports.pdf.qr_seal import QUIET_MODULES
from reports.pdf.qr_seal import dark_modules
from reports.pdf.qr_seal import define_qr
from reports.pdf.qr_seal import qr_picture
from reports.pdf.qr_seal import seal_payload
from tests.support.made_up_payments import BATCH
from tests.support.made_up_payments import SEAL
from tests.support.made_up_payments import TOWN

PAYLOAD = "census-ledger:B2020-001:370481001:a1b2c3d4e5f60718"


def test_four_groups_of_four() -> None:
    assert grouped_seal(SEAL) == "a1b2 c3d4 e5f6 0718"


def test_the_code_says_batch_town_and_seal() -> None:
    assert seal_payload(BATCH, TOWN, SEAL) == PAYLOAD
    assert seal_payload(BATCH, NO_TOWN, SEAL) == "census-ledger:B2020-001::a1b2c3d4e5f60718"


def test_every_module_is_drawn_once_and_shared_by_the_pages(tmp_path: Path) -> None:
    register_fonts()
    path = tmp_path / "qr.pdf"
    canvas = Canvas(str(path), initialFontName=REGULAR)
    define_qr(canvas, "seal", PAYLOAD, 82)
    for _page in range(3):
        canvas.doForm("seal")
        canvas.showPage()
    canvas.save()

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(PAYLOAD)
    code.make()
    count = len(code.modules)
    expected = {(r, c) for r in range(count) for c in range(count) if code.modules[r][c]}
    reader = pypdf.PdfReader(path)
    forms = {page["/Resources"]["/XObject"].raw_get("/FormXob.seal") for page in reader.pages}  # type: ignore[index]
    assert len(forms) == 1, "encoded once a document"
    assert drawn_modules(forms.pop().get_object().get_data().decode("ascii"), count) == expected


def test_the_picture_for_workbooks_shows_the_same_modules() -> None:
    picture = Image.open(BytesIO(qr_picture(PAYLOAD)))
    side = picture.width // PICTURE_MODULE
    assert picture.size == (side * PICTURE_MODULE, side * PICTURE_MODULE)
    dark = {
        (x // PICTURE_MODULE, side - 1 - y // PICTURE_MODULE)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == 0
    }
    assert dark == dark_modules(PAYLOAD)
    count = side - 2 * QUIET_MODULES
    assert {x for x, _y in dark} == set(range(QUIET_MODULES, QUIET_MODULES + count))


def drawn_modules(stream: str, count: int) -> set[tuple[int, int]]:
    """The dark modules (row from the top, column) inside a quiet zone of four."""
    dark = set()
    for x, y, width, height in re.findall(r"(\d+) (\d+) (\d+) (\d+) re", stream):
        assert height == "1"
        row = 4 + count - 1 - int(y)
        for column in range(int(x) - 4, int(x) - 4 + int(width)):
            assert 0 <= row < count
            assert 0 <= column < count
            assert (row, column) not in dark
            dark.add((row, column))
    return dark
