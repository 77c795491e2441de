"""Files that a browser keeps, and shows nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED
from zipfile import ZipFile

from flask import Response
from flask import send_file

from ledger.web.headers import FOR_DOCUMENTS


def handed_out(content: bytes, name: str) -> Response:
    """A file under its name."""
    kind = "application/pdf" if name.endswith(".pdf") else "application/octet-stream"
    answer = send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = FOR_DOCUMENTS
    return answer


def handed_out_together(files: Mapping[str, bytes], name: str) -> Response:
    """Files by their names in one archive, which every browser takes with one click."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    return handed_out(packed.getvalue(), name)
