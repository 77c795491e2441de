"""Who judges: processes of this machine, or those of a Dask cluster over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.province.at_work import MakeExecutor
from ledger.province.own_processes import OwnProcesses

TLS = "tls://"
# Seconds until a scheduler that does not answer is given up.
PATIENCE = "20s"


class ExtraMissing(Refusal):
    """What many counties take is not installed."""

    def __init__(self, package: str) -> None:
        message = _("this takes {package}, which is not installed here")
        super().__init__(message.format(package=package), package=package)


class SchedulerNotTls(Refusal):
    """A scheduler runs whatever it is sent by anybody: without TLS that is everybody."""

    def __init__(self, address: str) -> None:
        message = _(
            "{address} is no address of a scheduler over TLS, and no other is used: it begins with"
            " tls://"
        )
        super().__init__(message.format(address=address))


class CertificatesMissing(Refusal):
    """Dask has not been told its certificates."""

    def __init__(self) -> None:
        message = _(
            "Dask does not know its certificates: name them in"
            " DASK_DISTRIBUTED__COMM__TLS__CA_FILE,"
            " DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and"
            " DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY"
        )
        super().__init__(message)


class SchedulerSilent(Refusal):
    """Nobody answers there, or nobody whose certificate is known."""

    def __init__(self, address: str, kind: str) -> None:
        message = _("the scheduler at {address} does not answer ({kind}): start it, or correct it")
        super().__init__(message.format(address=address, kind=kind))


class Workers(NamedTuple):
    """Where tasks go, and how many are done at once."""

    make: MakeExecutor
    size: int


def require_extra(*packages: str) -> None:
    """Raises ExtraMissing for what is not installed."""
    for package in packages:
        if find_spec(package) is None:
            raise ExtraMissing(package)


def own_processes(size: int) -> Workers:
    """Processes of this machine, each begun anew: nothing of this one is in them."""
    return Workers(lambda: OwnProcesses(size), size)


@contextmanager
def of_scheduler(address: str) -> Iterator[Workers]:
    """The workers of a Dask scheduler.

    Raises SchedulerNotTls, ExtraMissing, CertificatesMissing or SchedulerSilent.
    """
    # guard: only-tls
    if not address.startswith(TLS):
        raise SchedulerNotTls(address)
    require_extra("distributed")
    client = _client(address)
    with client:
        size = sum(client.ncores().values())
        if not size:
            raise SchedulerSilent(address, _("no workers"))
        yield Workers(client.get_executor, size)


def _client(address: str) -> Any:
    # What Dask says of itself has no types.
    distributed: Any = import_module("distributed")
    security = distributed.security.Security(require_encryption=True)
    if not (security.tls_ca_file and security.tls_client_cert and security.tls_client_key):
        raise CertificatesMissing
    try:
        return distributed.Client(
            address, security=security, timeout=PATIENCE, set_as_default=False
        )
    except Exception as error:  # What the network says has a dozen classes.
        raise SchedulerSilent(address, type(error).__name__) from None
