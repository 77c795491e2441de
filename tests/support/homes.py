"""A user's own folder, which commands take for theirs: no test touches the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

# Windows is asked for the folder itself, whatever APPDATA says; the last name is platformdirs' own.
VARIABLES = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA")


def live_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Keys, settings and what a running server keeps are in this folder from now on."""
    for variable in VARIABLES:
        patch.setenv(variable, str(folder))
