"""From a passphrase to the key of a cipher: scrypt, with costs that are ours and no file's."""

from __future__ import annotations

import hashlib
import unicodedata

SALT_BYTES = 16
# A tenth of a second for each guess. An empty passphrase has nothing to be guessed.
COST = 2**15
COST_OF_NONE = 2
BLOCK, PARALLEL = 8, 1
# scrypt takes 128 times cost and block; OpenSSL wants a little more than that.
_MEMORY = 64 * 2**20


def stretched(passphrase: str, salt: bytes, cost: int = COST) -> bytes:
    """The cipher's key, 32 bytes. The same characters are the same passphrase, however a system
    spells them, in full width too: nobody sees what is typed.
    """
    return hashlib.scrypt(
        unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass"),
        salt=salt, n=cost, r=BLOCK, p=PARALLEL, maxmem=_MEMORY, dklen=32,
    )  # fmt: skip
