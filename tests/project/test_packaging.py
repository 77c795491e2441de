"""What the installed packages need beside their modules is named in setup.cfg."""

from __future__ import annotations

from configparser import ConfigParser
from fnmatch import fnmatch

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
