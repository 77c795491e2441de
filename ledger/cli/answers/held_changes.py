"""What ``payees`` says of held changes, to programs and to people. Masked."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.masks import mask_field
from ledger.cli.terminal.output import print_table
from ledger.registry.record_fields import field_name
from reports.wording.record_changes import value_words

if TYPE_CHECKING:
    from ledger.model.history import History
    from ledger.model.payees import Payee
    from ledger.registry.change_log import HeldChange


def held_json(
    changes: Sequence[HeldChange],
    payees: Sequence[Payee],
    history: History,
    files: Mapping[Digest, str],
) -> list[dict[str, Any]]:
    """Held changes of the payees; ``files`` are names by SHA-256."""
    from ledger.payments.eligibility import MONEY_OUT
    from ledger.payments.eligibility import state_over_stages

    by_serial = {payee.serial: payee for payee in payees}
    found = []
    for change in changes:
        payee = by_serial[change.serial]
        state = state_over_stages(payee.payee_id, history)
        found.append(
            {
                "payee": payee.payee_id,
                "name": payee.legal_name,
                "town": payee.town,
                "state": state.value,
                "needs": "reason" if state in MONEY_OUT else "consent",
                "field": change.field,
                "old": mask_field(change.field, change.old),
                "new": mask_field(change.field, change.new),
                "file": files.get(change.source.sha256, ""),
                "source": change.source.sha256,
                "sheet": change.source.sheet,
                "row": change.source.row,
                "by": change.held_by,
                "at": change.held_at,
            }
        )
    return found


def print_held_changes(
    changes: Sequence[HeldChange],
    payees: Sequence[Payee],
    history: History,
    files: Mapping[Digest, str],
    *,
    err: bool = False,
) -> None:
    """A line for each change."""
    from ledger.payments.eligibility import state_over_stages

    if not changes:
        click.echo(_("Nothing is held."), err=err)
        return
    by_serial = {payee.serial: payee for payee in payees}
    rows = []
    for change in changes:
        payee = by_serial[change.serial]
        rows.append(
            [payee.payee_id, payee.legal_name, state_over_stages(payee.payee_id, history).word,
             field_name(change.field), value_words(change.field, change.old),
             value_words(change.field, change.new), files.get(change.source.sha256, "—"),
             str(change.source.row), change.held_at[:10]]
        )  # fmt: skip
    print_table(
        _("Changes that wait to be confirmed"),
        [_("id"), _("name"), _("state"), _("field"), _("from"), _("to"), _("file"), _("row"),
         _("since")],
        rows,
        err=err,
    )  # fmt: skip
