from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.instructions import Instruction
from ledger.model.instructions import freeze
from ledger.model.instructions import thaw
from ledger.model.instructions import thaw_of

texts = st.text(st.characters(codec="utf-8"))
numbers = st.integers(0, 2**63 - 1)
instructions = st.builds(Instruction, numbers, *[texts] * 12, numbers, st.booleans())


@given(st.lists(instructions))
def test_frozen_rows_thaw_to_what_was_sent(rows: list[Instruction]) -> None:
    assert thaw(freeze(rows)) == rows


@given(st.lists(instructions, max_size=6))
def test_a_frozen_row_is_a_line_of_json(rows: list[Instruction]) -> None:
    lines = freeze(rows).decode().split("\n")
    written = [json.dumps(row, ensure_ascii=False) for row in (Instruction._fields, *rows)]
    assert lines == [*written, ""]


@given(st.lists(instructions, max_size=6), st.data())
def test_rows_of_some_people_are_those_of_everybody_that_are_theirs(
    rows: list[Instruction], data: st.DataObject
) -> None:
    """Whatever stands in their ids and names, and whoever is asked for."""
    ids = st.one_of(st.sampled_from([row.payee_id for row in rows]), texts) if rows else texts
    payees = data.draw(st.sets(ids))
    assert thaw_of(freeze(rows), payees) == [row for row in rows if row.payee_id in payees]


def test_rows_of_unknown_columns_are_no_rows() -> None:
    with pytest.raises(ValueError, match="unknown columns"):
        thaw(b'["number", "salary"]\n[1, 2]\n')
