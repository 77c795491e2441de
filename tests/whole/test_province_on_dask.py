"""Bundles judged by a Dask cluster over TLS: the same bytes as by processes of one machine."""

from __future__ import annotations

import datetime
import ipaddress
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from time import sleep

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.checkout import CHECKOUT
from tests.support.counties import COUNTIES
from tests.support.counties import MONTH
from tests.support.counties import Silent
from tests.support.counties import at_work
from tests.support.counties import bundle_of
from tests.support.counties import new_county

PATIENCE = 120.0
pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="clusters run on other systems")


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate, self.key = certificate(folder)
        self.processes: list[subprocess.Popen[str]] = []
        files = (f"--tls-ca-file={self.certificate}", f"--tls-cert={self.certificate}",
                 f"--tls-key={self.key}", "--no-dashboard")  # fmt: skip
        self.start(
            "scheduler", "dask_scheduler", *files, "--protocol=tls", "--host=127.0.0.1", "--port=0"
        )
        self.address = self.said("scheduler", r"Scheduler at:\s+(tls://\S+)")
        for name in ("one", "two"):
            place = f"--local-directory={folder}"
            self.start(name, "dask_worker", self.address, *files, "--nthreads=1", "--no-nanny",
                       "--protocol=tls", place)  # fmt: skip
            self.said(name, r"(Registered) to")

    @property
    def environment(self) -> dict[str, str]:
        client = "DASK_DISTRIBUTED__COMM__TLS__CLIENT"
        return {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "LANGUAGE": "en",
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(self.certificate),
            f"{client}__CERT": str(self.certificate),
            f"{client}__KEY": str(self.key),
        }

    def start(self, name: str, module: str, *options: str) -> None:
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.{module}", *options],
                    stdout=log, stderr=log, env=self.environment, cwd=self.folder, text=True,
                )
            )  # fmt: skip

    def said(self, name: str, pattern: str) -> str:
        """What a process has said, as soon as it has."""
        until = monotonic() + PATIENCE
        while monotonic() < until:
            text = (self.folder / f"{name}.log").read_text()
            if found := re.search(pattern, text):
                return found[1]
            sleep(0.1)
        raise AssertionError(text)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that signs itself, good for both sides."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "province")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "province.pem", folder / "province.key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


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
