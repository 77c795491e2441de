"""An event's text read back as Beancount reads it from its file.

The entries of a batch are alike: what Beancount makes anew for each of a hundred thousand people is
made once. It is the same, in less than two thirds of the memory.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser import _parser  # type: ignore[attr-defined]
from beancount.parser import grammar

from ledger.books.booking import book


class _Builder(grammar.Builder):
    """Beancount's own, which also keeps how many decimals amounts are shown with, and looks at an
    account's name each time that it comes.

    Values of metadata stay apart: Beancount tells by them whether a key stands twice.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._texts: dict[str, str] = {}
        self._amounts: dict[tuple[str, object], Amount] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def _dcupdate(self, number: object, currency: object) -> None:
        pass

    def account(self, filename: str, lineno: int, account: str) -> str:
        named: str = self.accounts.get(account) or super().account(  # type: ignore[no-untyped-call]
            filename, lineno, account
        )
        return named

    def posting(
        self,
        filename: str,
        lineno: int,
        account: str,
        units: Any,
        *others: object,
    ) -> data.Posting:
        if isinstance(units, Amount):
            # By its digits: 800 is not 800.00.
            units = self._amounts.setdefault((str(units.number), units.currency), units)
        made: data.Posting = super().posting(filename, lineno, account, units, *others)  # type: ignore[no-untyped-call]
        return made

    def key_value(self, filename: str, lineno: int, key: str, value: object) -> Any:
        return grammar.KeyValue(self._texts.setdefault(key, key), value)

    def _unpack_txn_strings(self, txn_strings: Any, meta: Any) -> Any:
        found = super()._unpack_txn_strings(txn_strings, meta)  # type: ignore[no-untyped-call]
        if found is None:
            return None
        payee, narration = found
        return payee, self._texts.setdefault(narration, narration)

    def _finalize_tags_links(self, tags: Any, links: Any) -> Any:
        found, those = super()._finalize_tags_links(tags, links)  # type: ignore[no-untyped-call]
        return self._sets.setdefault(found, found), those


def read_back(content: bytes, path: Path) -> tuple[list[data.Directive], list[Any]]:
    """An event's entries as Beancount reads them from its file, and what is wrong with them."""
    builder = _Builder()
    _parser.Parser(builder).parse(io.BytesIO(content), filename=str(path), lineno=1)
    parsed, errors, read = builder.finalize()  # type: ignore[no-untyped-call]
    booked, booking_errors = book(parsed, read)
    return booked, [*errors, *booking_errors]
