from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.instructions import Instruction
from ledger.model.instructions import freeze
from ledger.model.instructions import thaw

texts = st.text(st.characters(codec="utf-8"))
instructions = st.builds(Instruction, st.integers(1), *[texts] * 12, st.integers(0), st.booleans())


@given(st.lists(instructions))
def test_frozen_rows_thaw_to_what_was_sent(rows: list[Instruction]) -> None:
    assert thaw(freeze(rows)) == rows


def test_rows_of_unknown_columns_are_no_rows() -> None:
    with pytest.raises(ValueError, match="unknown columns"):
        thaw(b'["number", "salary"]\n[1, 2]\n')
