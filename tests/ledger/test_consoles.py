"""Whether somebody is there who reads and answers."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from ledger.cli.terminal.consoles import is_terminal


def test_nobody_sits_at_the_null_device() -> None:
    """Which a planned task has for its input; Windows calls it a terminal."""
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        assert not is_terminal(nothing)


def test_a_stream_that_is_no_file_says_it_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.StringIO("y\n")
    assert not is_terminal(typed)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    assert is_terminal(typed)
