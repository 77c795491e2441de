"""What whoever changes a record is told of a batch that was made by the old one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.language import listed

if TYPE_CHECKING:
    from ledger.model.history import History
    from ledger.model.ids import PayeeId


def tell_of_batches(
    history: History, payees: Iterable[PayeeId], *, leaving: bool
) -> list[dict[str, Any]]:
    """Say on stderr in which batches their money waits, and what can be done; as programs read it.

    ``leaving`` are people who have left; of others the name, the bank or the account is another.
    """
    from ledger.payments.batch_records import waiting_batches

    found = []
    for name, people in waiting_batches(history, payees).items():
        batch = history.batches[name]
        if batch.submitted is None:
            advice = _(
                "{people}: batch {batch} was made by the old record and will not be submitted:"
                " 'census-ledger batch void {batch}', then 'census-ledger disburse'."
            )
        elif leaving:
            advice = _(
                "{people}: batch {batch} is with the bank, and the money is under way. If the bank"
                " returns it, 'census-ledger payees cancel' ends it; if the bank has paid it, it"
                " is to be asked back."
            )
        else:
            advice = _(
                "{people}: batch {batch} is with the bank by the old record. If the bank returns"
                " it, the next batch pays by the new one; if the bank has paid it, the money went"
                " by the old one."
            )
        click.echo(advice.format(people=listed(people), batch=name), err=True)
        found.append({"batch": name, "state": batch.state, "payees": people})
    return found
