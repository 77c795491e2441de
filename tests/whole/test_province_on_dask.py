"""Bundles judged by a Dask cluster over TLS: the same bytes as by processes of one machine."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from provincial.cluster import PATIENCE
from provincial.cluster import Cluster

from tests.support.counties import COUNTIES
from tests.support.counties import MONTH
from tests.support.counties import Silent
from tests.support.counties import at_work
from tests.support.counties import bundle_of
from tests.support.counties import new_county

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="clusters run on other systems")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.end()


def test_a_cluster_gives_the_same_bytes_as_processes_and_a_dead_worker_changes_nothing(
    tmp_path: Path, cluster: Cluster
) -> None:
    bundles = tmp_path / "bundles"
    bundles.mkdir()
    for number, code in enumerate(COUNTIES[:2]):
        office = at_work(new_county(tmp_path / code, code, Silent()), number=50 * number)
        shutil.copy2(bundle_of(office), bundles)
    (bundles / "370502.zip").write_bytes(b"not a bundle")

    def consolidated(name: str, *options: str) -> dict[str, bytes]:
        out = tmp_path / name
        command = ["from ledger.cli import run; run()", "consolidate", str(bundles), "--out",
                   str(out), "--month", MONTH, *options]  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", *command],
            env=cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert (done.returncode, (out / "heads.json").exists()) == (1, True), done.stdout
        files = (path for path in sorted(out.rglob("*")) if path.is_file())
        return {
            path.relative_to(out).as_posix(): path.read_bytes()
            for path in files
            if path.name != ".lock"
        }

    expected = consolidated("processes", "--workers", "2")
    assert "tables/counties.parquet" in expected
    assert consolidated("by cluster", "--scheduler", cluster.address) == expected
    cluster.processes[1].send_signal(signal.SIGKILL)
    assert consolidated("by one worker", "--scheduler", cluster.address) == expected
