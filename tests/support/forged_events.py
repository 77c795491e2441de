"""Forging events: rightly named, chained and signed, with a HEAD that fits: no chain complains."""

from __future__ import annotations

import zlib

from ledger.base.actor_and_clock import Signing
from ledger.base.books_folder import HEAD_FILE
from ledger.base.digests import digest
from ledger.events.event_file import event_file_name
from ledger.events.event_file import read_event_files
from ledger.events.signatures import signed
from ledger.model.ids import BatchId
from ledger.model.operators import FIRST_OPERATOR
from ledger.registry.registry import Registry
from tests.support.acting import actor_of
from tests.support.office import Office

TOWN = "370481001荆河街道"
OTHER_TOWN = "370481101洪绪镇"
FUND = "01本级财政"
EXPENSE = f"Expenses:5001业务活动费用:{FUND}:30226劳务费:01两员补助:{TOWN}"
AWAITED = f"Liabilities:2307其他应付款:01待发:{FUND}:{TOWN}"
RETURNED = f"Liabilities:2307其他应付款:02退回:{FUND}:{TOWN}"
TRANSIT = "Assets:1021其他货币资金:01代发在途"
DAY = "2020-11-12"


def entry(
    debit: str,
    credit: str,
    *,
    payees: str = "P000001",
    yuan: str = "800.00",
    batch: str = "B2020-001",
    on: str = DAY,
) -> str:
    """An entry of an event as the tool would write it."""
    links = " ".join(f"^{link}" for link in [batch, *payees.split()])
    first = payees.split()[0]
    lines = [
        f'{on} * "某人" "两员补助" #census-subsidy {links}',
        f'  payee-id: "{first}"',
        '  role: "普查员"',
    ]
    for account, amount in ((debit, yuan), (credit, f"-{yuan}")):
        lines.append(f"  {account}  {amount} CNY")
        if account == TRANSIT:
            lines.append(f'    batch: "{batch}"')
    return "\n".join(lines) + "\n"


def result(office: Office, *entries: str, people: int, yuan: str, outcome: str) -> None:
    """Forge a result whose header agrees with its entries."""
    forge(office, "result", f" {people} {yuan} CNY", *entries, meta=f'  outcome: "{outcome}"\n')


def forge(
    office: Office,
    kind: str,
    values: str = "",
    *entries: str,
    batch: str = "B2020-001",
    meta: str = "",
    by: str = FIRST_OPERATOR,
    signer: Signing | None = None,
    day: str = DAY,
) -> None:
    """Write an event whose place in the chain is right, signed with the first operator's key or
    with another.
    """
    events = office.events()
    seq, previous = len(events), digest(events[-1].read_bytes())
    named = f' "{batch}"' if batch else ""
    header = (
        f'{day} custom "census-event" {seq} "{kind}"{named}{values}\n  previous: "{previous}"\n'
        + f'  by: "{by}"\n{meta}'
    )
    path = office.folder / "events" / event_file_name(seq, kind, BatchId(batch))
    signer = signer or actor_of(office.folder, office.key).signer
    assert signer is not None
    text = "\n".join([header, *entries])
    path.write_bytes(signed(text.encode("utf-8"), signer))
    head = f"{seq} {digest(path.read_bytes())}\n"
    (office.folder / HEAD_FILE).write_text(head, encoding="ascii")


def anchored(office: Office) -> None:
    """Let the registry be certain of every event: who forges them has its key."""
    files = read_event_files(office.folder)
    with office.registry() as registry:
        known = {anchor.seq for anchor in registry.anchors.all()}
        registry.anchors.pend([(one.seq, one.sha256) for one in files if one.seq not in known])
        registry.anchors.settle(files[-1].seq)


def execute_in_registry(office: Office, *statements: str) -> None:
    """What somebody does to the registry who has its key."""
    with office.registry() as registry:
        registry.file.execute("pragma foreign_keys = off")
        with registry.file.all_or_none():
            for statement in statements:
                registry.file.execute(statement)


def exchange_rows(registry: Registry, sha256: str, content: bytes) -> None:
    """Other rows in place of those that were sealed. In a transaction."""
    registry.file.execute(
        "update frozen_rows set content = ? where sha256 = ?", (zlib.compress(content), sha256)
    )


def messages(office: Office) -> str:
    """What check says of the newest event, one line each."""
    name = f"events/{office.events()[-1].name}"
    return "\n".join(error["message"] for error in office.check() if error["file"] == name)
