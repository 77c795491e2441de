"""Where a user's files for some books lie: beside the registry's key, under its name."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from ledger.model.operators import OPERATOR_ID


def _beside(registry_key: Path, ending: str) -> Path:
    """``k-5f327977.key`` gives ``k-5f327977.O01.key``; any other name is taken whole."""
    name = registry_key.name.removesuffix(".key") or registry_key.name
    return registry_key.with_name(f"{name}.{ending}")


def operator_key_path(registry_key: Path, operator: str) -> Path:
    """An operator's own key."""
    return _beside(registry_key, f"{operator}.key")


def default_operator_path(registry_key: Path) -> Path:
    """Where it stands who works on this machine when nobody is named."""
    return _beside(registry_key, "default")


def witness_path(registry_key: Path) -> Path:
    """What this machine has seen of the books."""
    return _beside(registry_key, "witness")


def snapshot_path(registry_key: Path) -> Path:
    """What the books have come to, as it is kept between commands."""
    return _beside(registry_key, "snapshot")


def pending_key_path(registry_key: Path) -> Path:
    """The registry's next key, while the registry is put under it."""
    return _beside(registry_key, "pending")


def operators_with_keys(registry_key: Path) -> list[str]:
    """The ids of the operators whose key files are here, in order."""
    name = re.compile(re.escape(_beside(registry_key, "").name) + rf"({OPERATOR_ID.pattern})\.key")
    found: list[str] = []
    with suppress(OSError):
        for other in registry_key.absolute().parent.iterdir():
            match = name.fullmatch(other.name)
            if match:
                found.append(match.group(1))
    return sorted(found, key=lambda operator: (len(operator), operator))
