"""Who is let in: whoever brings an address that was made for one use, and afterwards her cookie.

Everything is made from one secret of the running server. A second start of the command reads the
secret from the user's private file and makes an address itself, without asking the server for one.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections import OrderedDict
from threading import Lock

_TOKEN = re.compile(r"([0-9a-f]{16})([0-9a-f]{64})")
# Browsers of one user, and profiles in them.
MOST_SESSIONS = 32


def new_secret() -> str:
    """A secret that nobody has."""
    return secrets.token_hex(32)


class Proofs:
    """What only somebody can write who has the secret of the server at a port.

    A proof for one purpose is none for another, and none at another port: a program that listens
    elsewhere and passes on what it hears gets nothing that it could use.
    """

    def __init__(self, secret: str, port: int) -> None:
        self._secret = bytes.fromhex(secret)
        self._port = port

    def one_time_token(self) -> str:
        """A token that opens the door once."""
        nonce = new_nonce()
        return nonce + self.of("enter", nonce)

    def of(self, purpose: str, nonce: str) -> str:
        """The proof for a purpose."""
        text = f"{purpose}:{self._port}:{nonce}"
        return hmac.new(self._secret, text.encode(), "sha256").hexdigest()

    def holds(self, purpose: str, nonce: str, proof: str) -> bool:
        """Whether this is the proof for a purpose, found out in constant time."""
        return hmac.compare_digest(self.of(purpose, nonce).encode(), proof.encode())


def new_nonce() -> str:
    """A number that is used once: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def nonce_of(token: str) -> str:
    """What a token is told by, and its private file; empty when it is no token."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else ""


class Entry:
    """The sessions of a running server, and the tokens that have been used."""

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs
        self._lock = Lock()
        self._used: set[str] = set()
        self._sessions: OrderedDict[str, None] = OrderedDict()

    def was_used(self, token: str) -> bool:
        """Whether the token was good, and has been used."""
        with self._lock:
            return token in self._used

    def enter(self, token: str) -> str | None:
        """A new session for a token that nobody has used; None for any other text."""
        nonce = nonce_of(token)
        if not nonce or not self.proofs.holds("enter", nonce, token[len(nonce) :]):
            return None
        with self._lock:
            # guard: address-used-once
            if token in self._used:
                return None
            # Only who has the secret can make this grow.
            self._used.add(token)
            session = secrets.token_urlsafe(32)
            self._sessions[session] = None
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return session

    def knows(self, session: str) -> bool:
        """Whether this is a session, found out in constant time."""
        given = session.encode()
        with self._lock:
            found = [hmac.compare_digest(given, one.encode()) for one in self._sessions]
        return any(found)
