"""What the installed packages need is named in setup.cfg, and locked file by file."""

from __future__ import annotations

import re
from configparser import ConfigParser
from fnmatch import fnmatch

import pytest
from lock import ranges
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.checkout import CHECKOUT

PACKAGES = ("ledger", "importers", "reports")


def test_every_data_file_is_packaged() -> None:
    settings = ConfigParser()
    settings.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    data = settings["options.package_data"]
    missing = []
    for package in PACKAGES:
        globs = [*data["*"].split(), *data.get(package, "").split()]
        for path in (CHECKOUT / package).rglob("*"):
            if path.is_dir() or path.suffix in (".py", ".pyc"):
                continue
            relative = path.relative_to(CHECKOUT / package).as_posix()
            if not any(
                fnmatch(relative, glob) and relative.count("/") == glob.count("/") for glob in globs
            ):
                missing.append(f"{package}/{relative}")
    assert missing == []


def test_every_folder_with_modules_is_a_package() -> None:
    for package in PACKAGES:
        for path in (CHECKOUT / package).rglob("*.py"):
            assert (path.parent / "__init__.py").is_file(), path


LOCKS = CHECKOUT / "scripts" / "locked"
# A package, its version, perhaps a marker, and the SHA-256 of each of its files.
LOCKED = re.compile(
    r"([a-z0-9-]+)==([0-9][a-z0-9.]*)( ; [^\n;]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
)


# A lock that goes on from another names it, and nothing else.
BEGINS_WITH = {"province.txt": ["-r work.txt"], "tests.txt": ["-r province.txt"]}


def locked(*names: str) -> dict[str, str]:
    """The version of each package that some locks name; a lock says nothing else."""
    found: list[tuple[str, str]] = []
    for name in names:
        text = (LOCKS / name).read_text(encoding="ascii")
        found += [(match[1], match[2]) for match in LOCKED.finditer(text)]
        lines = [line for line in LOCKED.sub("", text).splitlines() if line[:1] != "#"]
        # No address of an index, no path, no package without digests.
        assert lines == BEGINS_WITH.get(name, []), name
    assert len(dict(found)) == len(found), "a package is locked twice"
    return dict(found)


@pytest.mark.parametrize("name", ["windows.txt", "wine.txt"])
def test_what_is_locked_by_hand_is_locked_in_the_same_form(name: str) -> None:
    assert len(locked(name)) == 2


@pytest.mark.parametrize(
    ("extras", "files"),
    [
        ([], ["work.txt"]),
        (["province"], ["work.txt", "province.txt"]),
        (["bench", "province", "test"], ["work.txt", "province.txt", "tests.txt"]),
        (None, ["work.txt", "province.txt", "tests.txt"]),
    ],
)
def test_the_lock_keeps_to_the_ranges_of_setup_cfg(
    extras: list[str] | None, files: list[str]
) -> None:
    versions = locked(*files)
    wanted = [Requirement(line) for line in ranges(extras)]
    assert {"beancount", "fava", "setuptools"} <= {item.name for item in wanted}
    for item in wanted:
        assert item.specifier.contains(versions[canonicalize_name(item.name)]), item
