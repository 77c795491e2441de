"""Is there a ``desk`` on these books already, and is what answers at its port really it?

The running server writes its port and its secret into a private file of the user. Who starts it
again proves that she has read the file, and asks for the same of what answers: a file that was left
behind, another program at the port and the server of other books do not pass.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from ledger.base.records import Record
from ledger.base.records import asdict
from ledger.web.door import HOST
from ledger.web.door import RUNNING
from ledger.web.entry import Proofs
from ledger.web.entry import new_nonce
from ledger.web.private_folder import private_folder
from ledger.web.private_folder import write_private

PATIENCE_SECONDS = 5
PROOF_LENGTH = 64


class Running(Record):
    """A server: its port, its secret, and whether it may edit."""

    port: int
    secret: str
    edit: bool

    @property
    def proofs(self) -> Proofs:
        return Proofs(self.secret, self.port)


def books_name(books: Path) -> str:
    """By what the books in a folder are told from others in the private folder."""
    path = os.path.normcase(books.resolve())
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def announce(books: Path, running: Running) -> None:
    """Let the next start find this server."""
    write_private(_state_file(books), json.dumps(asdict(running)))


def forget(books: Path, running: Running) -> None:
    """The server has ended; the file of a later one stays."""
    if _read(books) == running:
        with suppress(OSError):
            _state_file(books).unlink()


def find_running(books: Path) -> Running | None:
    """The server that runs on these books and has proven it."""
    running = _read(books)
    return running if running is not None and _proves_itself(running) else None


def _state_file(books: Path) -> Path:
    return private_folder() / f"{books_name(books)}.json"


def _read(books: Path) -> Running | None:
    try:
        said = json.loads(_state_file(books).read_text(encoding="utf-8"))
        running = Running(int(said["port"]), str(said["secret"]), said["edit"] is True)
        bytes.fromhex(running.secret)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return running


def _proves_itself(running: Running) -> bool:
    nonce = new_nonce()
    proof = running.proofs.of("ask", nonce)
    connection = http.client.HTTPConnection(HOST, running.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", f"{RUNNING}?{urlencode({'nonce': nonce, 'proof': proof})}")
        said = connection.getresponse().read(PROOF_LENGTH + 1).decode("ascii", "replace")
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return running.proofs.holds("answer", nonce, said)
