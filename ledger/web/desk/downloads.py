"""Files that a browser keeps, and shows nowhere."""

from __future__ import annotations

from io import BytesIO

from flask import Response
from flask import send_file

from ledger.web.headers import FOR_DOCUMENTS


def handed_out(content: bytes, name: str) -> Response:
    """A file under its name."""
    kind = "application/pdf" if name.endswith(".pdf") else "application/octet-stream"
    answer = send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = FOR_DOCUMENTS
    return answer
