"""Who works on this machine when nobody is named: an operator's id in a file beside the keys."""

from __future__ import annotations

from pathlib import Path

from ledger.base import durable
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.keys.private_file import read_private
from ledger.model.operators import OPERATOR_ID


class DefaultOperatorUnreadable(Refusal):
    """The file that names this machine's operator cannot be read."""

    def __init__(self, path: Path) -> None:
        message = _("{path} names no operator: it holds one id, such as O01; correct or remove it")
        super().__init__(message.format(path=path))


def read_default_operator(path: Path) -> str | None:
    """The id, or None where nobody has been named.

    Raises DefaultOperatorUnreadable, KeyStrange or KeyOpen.
    """
    try:
        operator = read_private(path).decode("ascii").strip()
    except FileNotFoundError:
        return None
    except ValueError:
        raise DefaultOperatorUnreadable(path) from None
    if not OPERATOR_ID.fullmatch(operator):
        raise DefaultOperatorUnreadable(path)
    return operator


def write_default_operator(path: Path, operator: str) -> None:
    """From now on this one, unless another is named."""
    durable.replace_file(path, f"{operator}\n".encode("ascii"), mode=durable.FOR_THE_OWNER)
