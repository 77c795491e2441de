"""The parts of the Windows edition; ``scripts/test_windows.py`` tries the whole under Wine."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from edition import licences
from edition.pages import write_pages
from edition.starters import write_starters
from edition.windows_wheels import for_windows
from edition.windows_wheels import holds
from environment import LOCKED

TEXT_OF = {
    "metadata": "Metadata-Version: 2.1\nName: coin\nVersion: 1.0\nLicense-Expression: MIT\n",
    "list": "coin 1.0  MIT  → coin-1.0",
}


@pytest.mark.parametrize(
    ("marker", "on_windows"),
    [
        ("sys_platform == 'win32'", True),
        ("sys_platform != 'win32'", False),
        ("os_name == 'nt' and platform_machine == 'AMD64'", True),
        ("platform_system == 'Linux' or implementation_name == 'pypy'", False),
        ("python_full_version < '3.12'", True),
        ("python_full_version >= '3.11.10'", False),
        ("implementation_name != 'PyPy' and platform_python_implementation != 'PyPy'", True),
    ],
)
def test_a_marker_is_judged_as_windows_would(marker: str, *, on_windows: bool) -> None:
    assert holds(marker) is on_windows


@pytest.mark.parametrize(
    "marker", ["python_version < '3.12'", "python_version != '3.12'", "os_name is 'nt'", "== 'x'"]
)
def test_a_marker_that_is_not_understood_is_not_guessed(marker: str) -> None:
    with pytest.raises(SystemExit, match="not understood"):
        holds(marker)


@pytest.mark.parametrize(
    "name", ["work.txt", "province.txt", "tests.txt", "windows.txt", "wine.txt"]
)
def test_the_lock_of_windows_lacks_only_what_is_of_other_systems(name: str) -> None:
    text = (LOCKED / name).read_text(encoding="ascii")
    packages = for_windows(text)
    named = set(re.findall(r"^([a-z0-9.-]+)==", text, re.MULTILINE))
    assert named - packages.keys() == ({"python-magic"} if name == "work.txt" else set())
    assert all("--hash=sha256:" in lines and " ; " not in lines for lines in packages.values())


def test_what_is_clicked_is_read_in_every_code_page(tmp_path: Path) -> None:
    write_starters(tmp_path, b"MZ launcher")
    clicked = [path.read_bytes() for path in tmp_path.glob("*.cmd")]
    assert len(clicked) == 2
    for content in clicked:
        assert content.isascii()
        assert content.count(b"\n") == content.count(b"\r\n")
    command = (tmp_path / "census-ledger.exe").read_bytes()
    assert command.startswith(b"MZ launcher#!<launcher_dir>\\python\\python.exe\r\n")
    with zipfile.ZipFile(io.BytesIO(command)) as archive:
        compile(archive.read("__main__.py"), "__main__.py", "exec")


def test_every_link_of_the_pages_leads_somewhere(tmp_path: Path) -> None:
    write_pages(tmp_path)
    pages = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert tmp_path / "docs" / "handbook.zh-CN.html" in pages
    for page, text in pages.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            address, _hash, anchor = link.partition("#")
            target = (page.parent / address).resolve() if address else page
            if "://" in address or not target.is_relative_to(tmp_path / "docs"):
                continue
            assert target.is_file(), f"{page.name}: {link}"
            named = f'id="{unquote(anchor)}"'
            assert not anchor or named in pages[target], f"{page.name}: {link}"


def packages_with(folder: Path, *texts: str) -> Path:
    """An installed package with some licence texts."""
    info = folder / "site-packages" / "coin-1.0.dist-info"
    (info / "licenses").mkdir(parents=True)
    (info / "METADATA").write_text(TEXT_OF["metadata"], encoding="utf-8")
    for text in texts:
        (info / text).write_text("Permission is hereby granted", encoding="utf-8")
    python = folder / "python"
    python.mkdir()
    (python / "LICENSE.txt").write_text("PSF", encoding="utf-8")
    return info.parent


def test_each_package_has_its_licence_in_the_folder(tmp_path: Path) -> None:
    packages = packages_with(tmp_path, "licenses/LICENSE")
    licences.collect(packages, tmp_path / "python", tmp_path / "许可证")
    assert (tmp_path / "许可证" / "coin-1.0" / "LICENSE").is_file()
    assert (tmp_path / "许可证" / "python" / "LICENSE.txt").is_file()
    assert TEXT_OF["list"] in (tmp_path / "许可证" / licences.LIST).read_text(encoding="utf-8")


def test_a_package_without_a_licence_text_is_not_carried(tmp_path: Path) -> None:
    packages = packages_with(tmp_path)
    with pytest.raises(SystemExit, match=r"coin-1\.0 has no licence text"):
        licences.collect(packages, tmp_path / "python", tmp_path / "许可证")
