"""The mask of a QR code is found in another way than ReportLab's, and is the same one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from reportlab.graphics.barcode.qrencoder import QRCode
from reportlab.graphics.barcode.qrencoder import QRErrorCorrectLevel

from reports.pdf.qr_modules import qr_modules


@settings(max_examples=40)
@given(st.text("0123456789abcdef:-BXYZ", min_size=1, max_size=150))
def test_a_code_is_the_one_that_reportlab_makes(payload: str) -> None:
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(payload)
    code.make()
    assert qr_modules(payload) == code.modules
