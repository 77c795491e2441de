"""The set-up takes only files whose SHA-256 is locked, whatever pip's settings and indexes say.

With a small checkout of its own and a real index on this machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import environment
import install
import pytest
import wheelhouse

from tests.support.package_index import served
from tests.support.package_index import wheel

# Builds the small checkout without any tool that would have to be fetched.
BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "small-1.0.dist-info/"
    with zipfile.ZipFile(folder + "/small-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("small.py", "")
        archive.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1.0\\n")
        archive.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n"
                         "Tag: py3-none-any\\n")
        archive.writestr(info + "RECORD", "")
    return "small-1.0-py3-none-any.whl"
"""
PROJECT = """\
[build-system]
requires = ["not-to-be-had>=1"]
build-backend = "backend"
backend-path = ["."]
"""


@dataclass(frozen=True)
class Small:
    """A checkout whose lock names coin 1.0, and the index that it is to come from."""

    folder: Path
    index: Path

    @property
    def locked(self) -> Path:
        return self.folder / "scripts" / "locked"

    @property
    def installed(self) -> Path:
        """Where packages are installed."""
        made = self.folder / ".venv"
        (found,) = [*made.glob("Lib/site-packages"), *made.glob("lib/python*/site-packages")]
        return found

    def lock(self, sha256: str, file: str = "work.txt") -> None:
        self.locked.mkdir(parents=True, exist_ok=True)
        text = f"coin==1.0 \\\n    --hash=sha256:{sha256}\n"
        (self.locked / file).write_text(text, encoding="ascii")

    def offer(self, version: str, code: str) -> str:
        return wheel(self.index / "coin", "coin", version, code)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with nothing but pip: refused files do not come there."""
    folder = tmp_path_factory.mktemp("empty") / ".venv"
    venv.create(folder, with_pip=True)
    return environment.python_of(folder)


def copy_of(python: Path, folder: Path, *, with_pip: bool, clear: bool) -> None:
    """A new environment, which takes seconds to make, as a copy of an empty one."""
    assert with_pip
    if clear:
        shutil.rmtree(folder)
    shutil.copytree(python.parent.parent, folder, symlinks=True)


@pytest.fixture
def small(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Small]:
    checkout = Small(tmp_path / "账 套", tmp_path / "index")
    checkout.folder.mkdir()
    checkout.lock(checkout.offer("1.0", "VALUE = 'right'"))
    for name, text in (("setup.cfg", ""), ("pyproject.toml", PROJECT), ("backend.py", BACKEND)):
        (checkout.folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(environment, "CHECKOUT", checkout.folder)
    monkeypatch.setattr(environment, "ENVIRONMENT", checkout.folder / ".venv")
    for module in (environment, wheelhouse):
        monkeypatch.setattr(module, "LOCKED", checkout.locked)
    monkeypatch.setattr(venv, "create", partial(copy_of, empty))
    for name in os.environ:
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with served(checkout.index) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        yield checkout


def test_what_is_locked_is_installed_once_and_then_needs_no_index(
    small: Small, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = environment.prepare(environment.WORK)
    assert (small.installed / "coin.py").read_text(encoding="utf-8") == "VALUE = 'right'"
    assert (small.installed / "small.py").exists()
    capsys.readouterr()
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/")
    monkeypatch.setattr(subprocess, "run", None)
    assert environment.prepare(environment.WORK) == python
    assert capsys.readouterr().out == ""


def test_a_changed_wheel_is_refused_and_nothing_counts_as_set_up(small: Small) -> None:
    small.offer("1.0", "VALUE = 'changed'")
    for _attempt in range(2):
        with pytest.raises(SystemExit, match=r"it was changed\. Nothing was installed"):
            environment.prepare(environment.WORK)
        assert not (small.installed / "coin.py").exists()
        assert not (small.folder / ".venv" / "installed").exists()


def test_what_pip_installed_before_there_was_a_lock_is_not_kept(small: Small) -> None:
    """pip looks at no file of a package that is there in the locked version."""
    environment.prepare(environment.WORK)
    (small.folder / ".venv" / "installed").unlink()
    (small.installed / "coin.py").write_text("VALUE = 'changed'", encoding="utf-8")
    environment.prepare(environment.WORK)
    assert (small.installed / "coin.py").read_text(encoding="utf-8") == "VALUE = 'right'"


def test_another_digest_in_the_lock_takes_the_file_anew(small: Small) -> None:
    environment.prepare(environment.WORK)
    small.lock(small.offer("1.0", "VALUE = 'corrected by its makers'"))
    environment.prepare(environment.WORK)
    assert "corrected" in (small.installed / "coin.py").read_text(encoding="utf-8")


def test_a_second_lock_and_other_settings_are_added_to_what_is_there(small: Small) -> None:
    environment.prepare(environment.WORK)
    (small.installed / "mark").touch()
    medal = wheel(small.index / "medal", "medal", "2.0")
    text = f"-r work.txt\nmedal==2.0 \\\n    --hash=sha256:{medal}\n"
    (small.locked / "province.txt").write_text("-r work.txt\n", encoding="ascii")
    (small.locked / "tests.txt").write_text(text, encoding="ascii")
    (small.folder / "setup.cfg").write_text("[metadata]\n", encoding="utf-8")
    environment.prepare(environment.TESTS)
    assert (small.installed / "medal.py").exists()
    assert (small.installed / "mark").exists()


def test_an_environment_does_not_take_itself_away(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(small.folder / ".venv"))
    with pytest.raises(SystemExit, match="run this with the system's Python"):
        environment.prepare(environment.WORK)


def modules_in(python: Path) -> set[str]:
    return {
        path.name for path in python.parent.parent.rglob("*.py") if path.parent.name[:4] == "site"
    }


SETTINGS = {
    "no digests asked for": "require-hashes = false",
    "the changed file named": "find-links = {changed}",
    "the changed file named, with its digest": "find-links = {changed}#sha256={digest}",
    "a folder with the changed file": "find-links = {changed.parent}",
    "a second index": "extra-index-url = {hostile}",
    "a constraint to the changed file": "constraint = {constraint}",
    "a requirement of the changed file": "requirement = {requirement}",
}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
def test_no_setting_of_pip_lets_a_changed_file_in(
    small: Small, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    hostile = tmp_path / "hostile"
    digest = wheel(hostile / "coin", "coin", "1.0", "VALUE = 'changed'")
    changed = hostile / "coin" / "coin-1.0-py3-none-any.whl"
    # Only the hostile places have the locked version.
    (small.index / "coin" / changed.name).unlink()
    constraint, requirement = tmp_path / "constraint.txt", tmp_path / "requirement.txt"
    constraint.write_text(f"coin @ {changed.as_uri()}\n", encoding="utf-8")
    requirement.write_text(f"coin @ {changed.as_uri()} --hash=sha256:{digest}\n", encoding="utf-8")
    with served(hostile) as address:
        text = setting.format(
            changed=changed, digest=digest, hostile=address,
            constraint=constraint, requirement=requirement,
        )  # fmt: skip
        configuration = tmp_path / "pip.conf"
        configuration.write_text(f"[install]\n{text}\n", encoding="utf-8")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
        with pytest.raises(SystemExit):
            environment.install_locked(empty, environment.WORK)
    assert not (modules_in(empty) & {"coin.py"})


def test_a_source_is_not_built_even_if_its_digest_is_locked(
    small: Small, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tools would be fetched without a lock, and run."""
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: coin\nVersion: 1.0\n",
        "pyproject.toml": PROJECT.replace('"not-to-be-had>=1"', ""),
        "backend.py": BACKEND.replace("build_editable", "build_wheel").replace("small", "coin"),
    }
    source = tmp_path / "source" / "coin-1.0.tar.gz"
    for name, text in files.items():
        path = tmp_path / "source" / "coin-1.0" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with tarfile.open(source, "w:gz") as archive:
        archive.add(source.parent / "coin-1.0", "coin-1.0")
    (small.index / "coin" / "coin-1.0-py3-none-any.whl").unlink()
    small.lock(hashlib.sha256(source.read_bytes()).hexdigest())
    monkeypatch.setenv("PIP_FIND_LINKS", source.parent.as_uri())
    monkeypatch.setenv("PIP_NO_BINARY", ":all:")
    with pytest.raises(SystemExit):
        environment.install_locked(empty, environment.WORK)
    assert "coin.py" not in modules_in(empty)


def test_a_lock_without_digests_installs_nothing(small: Small, empty: Path) -> None:
    (small.locked / "work.txt").write_text("coin==1.0\n", encoding="ascii")
    with pytest.raises(SystemExit):
        environment.install_locked(empty, environment.WORK)
    assert "coin.py" not in modules_in(empty)


def test_another_version_is_not_taken(small: Small, empty: Path) -> None:
    """Whichever of these pip took for the locked one, it would install."""
    (small.index / "coin" / "coin-1.0-py3-none-any.whl").unlink()
    for version in ("1.0.1", "1.0.post1", "1.0+local", "2.0"):
        small.offer(version, "VALUE = 'another'")
    with pytest.raises(SystemExit):
        environment.install_locked(empty, environment.WORK)
    assert "coin.py" not in modules_in(empty)


def test_what_settings_of_pip_ask_for_beside_the_lock_is_not_installed(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A requirement that brings its own digest, and a constraint that the lock cannot keep."""
    more, constraint = tmp_path / "more.txt", tmp_path / "constraint.txt"
    digest = wheel(small.index / "medal", "medal", "2.0")
    more.write_text(f"medal==2.0 --hash=sha256:{digest}\n", encoding="utf-8")
    constraint.write_text("coin<1\n", encoding="utf-8")
    monkeypatch.setenv("PIP_REQUIREMENT", str(more))
    monkeypatch.setenv("PIP_CONSTRAINT", str(constraint))
    environment.prepare(environment.WORK)
    assert (small.installed / "coin.py").exists()
    assert not (small.installed / "medal.py").exists()


def test_packages_on_pythonpath_do_not_count_as_installed(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path / "wheels", "coin", "1.0", "VALUE = 'changed'")
    with zipfile.ZipFile(tmp_path / "wheels" / "coin-1.0-py3-none-any.whl") as archive:
        archive.extractall(tmp_path / "elsewhere")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "elsewhere"))
    environment.prepare(environment.WORK)
    assert (small.installed / "coin.py").exists()


def test_an_index_that_cannot_be_reached_is_said_to_be(
    small: Small, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(SystemExit, match="pip cannot reach its index"):
        environment.install_locked(empty, environment.WORK)


def test_a_folder_of_wheels_is_enough_where_there_is_no_index(
    small: Small,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wheels = tmp_path / "带来 的"
    wheelhouse.main([str(wheels)])
    assert [path.name for path in wheels.iterdir()] == ["coin-1.0-py3-none-any.whl"]
    shutil.rmtree(small.folder / ".venv")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/")
    install.main([str(wheels)])
    assert (small.installed / "coin.py").exists()
    assert "The command: " in capsys.readouterr().out


def test_what_many_counties_take_is_installed_from_its_lock(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    medal = wheel(small.index / "medal", "medal", "2.0")
    text = f"-r work.txt\nmedal==2.0 \\\n    --hash=sha256:{medal}\n"
    (small.locked / "province.txt").write_text(text, encoding="ascii")
    install.main(["--province"])
    assert (small.installed / "coin.py").exists()
    assert (small.installed / "medal.py").exists()
    assert "The command: " in capsys.readouterr().out


def test_a_wheel_that_was_changed_on_its_way_is_not_installed(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path / "wheels", "coin", "1.0", "VALUE = 'changed'")
    with pytest.raises(SystemExit, match=r"it was changed\. Nothing was installed"):
        install.main([str(tmp_path / "wheels")])
    with pytest.raises(SystemExit, match="no wheels"):
        install.main([str(small.folder)])


def test_wheels_for_windows_are_fetched_on_any_system(small: Small, empty: Path) -> None:
    """What only other systems need is not among them."""
    for_windows = small.offer("1.0", "VALUE = 'Windows'")
    place = small.index / "coin" / "coin-1.0-py3-none-any.whl"
    place.rename(place.with_name("coin-1.0-cp311-cp311-win_amd64.whl"))
    text = (
        f"coin==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{for_windows}\n"
        f"medal==2.0 ; sys_platform != 'win32' \\\n    --hash=sha256:{for_windows}\n"
    )
    (small.locked / "work.txt").write_text(text, encoding="ascii")
    wheels = small.folder / "wheels"
    wheelhouse.fill(wheels, empty, "3.11", windows=True)
    assert [path.name for path in wheels.iterdir()] == ["coin-1.0-cp311-cp311-win_amd64.whl"]
