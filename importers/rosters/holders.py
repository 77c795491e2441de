"""Whose card it is: a bank's spelling of the person's own name, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from importers.rosters.checks import UnplacedProblem
from importers.tables.cell_text import HANZI
from importers.tables.cell_text import HAS_HANZI
from ledger.base.outside_text import is_damaged
from ledger.model.name_characters import DOT
from ledger.model.name_characters import is_printable


def check_holders(
    names: Sequence[str], bank_names: Sequence[str], payee_ids: Sequence[str]
) -> Iterator[UnplacedProblem]:
    """Accounts whose holder is called otherwise than the person, though a bank can write her name.

    Of somebody whom the office itself lists (``payee_ids``) the holder's name is a change to be
    confirmed, like any other.
    """
    for position, (name, bank_name, payee) in enumerate(
        zip(names, bank_names, payee_ids, strict=True)
    ):
        if not bank_name or bank_name == name or payee:
            continue
        # guard: holder-is-the-person
        if name and not is_damaged(bank_name) and not may_be_spelt(name, bank_name):
            yield UnplacedProblem(position, "bank_name", "holder_other")


def may_be_spelt(name: str, bank_name: str) -> bool:
    """Whether a bank may spell a name so: what it cannot write, it writes otherwise.

    Names in letters, with a dot or of more than four characters are cut or spelt by each bank in
    its way. In any other name only a character that banks do not have may be another one.
    """
    if DOT in name or DOT in bank_name or not HAS_HANZI.search(name):
        return True
    if not HAS_HANZI.search(bank_name):
        return True
    # In its place stands another character, or some letters or signs, or nothing.
    pattern = "".join(
        f"(?:.|[^{HANZI}]{{1,6}})?" if _is_rare(character) else re.escape(character)
        for character in name
    )
    return re.fullmatch(pattern, bank_name) is not None


def _is_rare(character: str) -> bool:
    """Whether a bank may lack a character: GB 2312 is what the oldest of its programs have."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return not is_printable(character)
