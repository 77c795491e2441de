"""Books and registries say of which format they are; those of another one are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlcipher3
from beancount import loader

from ledger.registry.registry import Registry
from ledger.registry.registry_schema import VERSION
from ledger.registry.registry_schema import VersionUnknown
from ledger.web.fava_ledgers import FavaLedgers
from ledger.web.open_books import OpenBooks
from tests.support.auditor import audit
from tests.support.office import Office

FORMAT = '2020-01-01 custom "census-books" 3\n'
OTHERS = {
    "none": "",
    "older": FORMAT.replace("3\n", "1\n"),
    "newer": FORMAT.replace("3\n", "9\n"),
    "twice": FORMAT * 2,
    "both": FORMAT + FORMAT.replace("3\n", "1\n"),
    "text": FORMAT.replace("3\n", '"2"\n'),
    "more": FORMAT.replace("3\n", "2 3\n"),
    "empty": FORMAT.replace(" 3\n", "\n"),
}


@pytest.mark.parametrize("stated", OTHERS.values(), ids=OTHERS)
def test_books_of_another_format_are_not_read(funded: Office, stated: str) -> None:
    main = funded.folder / "main.beancount"
    text = main.read_text(encoding="utf-8")
    assert text.count(FORMAT) == 1
    main.write_text(text.replace(FORMAT, stated), encoding="utf-8")
    (error,) = funded.check()
    assert (error["file"], error["code"]) == ("main.beancount", "format")
    for command in (["status"], ["disburse", "--dry-run"]):
        refused = funded.run(*command)
        assert (refused.status, refused.err.count("\n")) == (1, 1)
        assert "not of format 3" in refused.err
    assert FavaLedgers(OpenBooks(funded.folder)).now().all_entries == []
    _entries, errors, _options = loader.load_file(main)
    assert "format" in {getattr(found, "code", "") for found in errors}
    assert audit(funded.folder).findings


def test_the_format_stands_in_main_alone(funded: Office) -> None:
    funded.hand(FORMAT)
    (error,) = funded.check()
    assert (error["file"], error["code"]) == ("journal/hand.beancount", "directive")


@pytest.mark.parametrize("number", [0, VERSION - 1, VERSION + 1])
def test_a_registry_of_another_version_is_left_alone(tmp_path: Path, number: int) -> None:
    path, key = tmp_path / "registry.db", "00" * 32
    Registry.create(path, key).close()
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"pragma key = \"x'{key}'\"")
    connection.execute(f"pragma user_version = {number}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(VersionUnknown, match=f"of version {number}"):
        Registry(path, key)
    assert path.read_bytes() == before
