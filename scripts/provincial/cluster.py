"""A Dask cluster of this machine over TLS, for trials and measurements."""

from __future__ import annotations

import datetime
import ipaddress
import os
import re
import subprocess
import sys
from pathlib import Path
from time import monotonic
from time import sleep

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from environment import CHECKOUT

PATIENCE = 120.0


class Cluster:
    """A scheduler and its workers, each a process of its own; what they say is in ``folder``."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.folder = folder
        self.certificate, self.key = certificate(folder)
        self.processes: list[subprocess.Popen[str]] = []
        files = (f"--tls-ca-file={self.certificate}", f"--tls-cert={self.certificate}",
                 f"--tls-key={self.key}", "--no-dashboard")  # fmt: skip
        self.start(
            "scheduler", "dask_scheduler", *files, "--protocol=tls", "--host=127.0.0.1", "--port=0"
        )
        self.address = self.said("scheduler", r"Scheduler at:\s+(tls://\S+)")
        for number in range(workers):
            name = f"worker{number}"
            place = f"--local-directory={folder}"
            self.start(name, "dask_worker", self.address, *files, "--nthreads=1", "--no-nanny",
                       "--protocol=tls", place)  # fmt: skip
            self.said(name, r"(Registered) to")

    @property
    def environment(self) -> dict[str, str]:
        """What tells Dask its certificates."""
        client = "DASK_DISTRIBUTED__COMM__TLS__CLIENT"
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "scripts")]),
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
    """A certificate that signs itself, good for both sides for a day, and its key."""
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
