"""Whose card it is: a bank's spelling of the person's own name, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from importers.rosters.checks import UnplacedProblem
from importers.tables.cell_text import HAS_HANZI
from ledger.base.outside_text import is_damaged
from ledger.model.name_characters import DOT
from ledger.model.name_characters import is_printable

LONGEST_STAND_IN = 6


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
    ends = {0}
    for character in name:
        if _is_rare(character):
            ends = {end + taken for end in ends for taken in _in_its_place(bank_name[end:])}
        else:
            ends = {end + 1 for end in ends if bank_name[end : end + 1] == character}
    return len(bank_name) in ends


def _in_its_place(rest: str) -> Iterator[int]:
    """How many characters may stand for a rare one: none, another, or some letters or signs."""
    for taken in range(min(len(rest), LONGEST_STAND_IN) + 1):
        if taken < 2 or not HAS_HANZI.search(rest[:taken]):
            yield taken


def _is_rare(character: str) -> bool:
    """Whether a bank may lack a character: GB 2312 is what the oldest of its programs have."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return not is_printable(character)
