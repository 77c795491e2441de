"""What ``payees`` says of people by whose numbers money went for others. Masked."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

from ledger.base.language import gettext as _
from ledger.cli.terminal.output import print_table
from ledger.registry.record_fields import field_name

if TYPE_CHECKING:
    from ledger.model.payees import Payee
    from ledger.registry.distinctions import SameNumber


def same_numbers_json(pairs: Iterable[SameNumber]) -> list[dict[str, Any]]:
    """Of each the person, the field of the number, and for whom money went by it."""
    return [{"payee": pair.payee, "field": pair.field, "paid_for": pair.other} for pair in pairs]


def print_same_numbers(
    pairs: Sequence[SameNumber], payees: Iterable[Payee], *, err: bool = False
) -> None:
    """A line for each."""
    names = {payee.payee_id: payee.legal_name for payee in payees}
    rows: list[list[str | int]] = [
        [pair.payee, names.get(pair.payee, "—"), field_name(pair.field), pair.other,
         names.get(pair.other, "—")]
        for pair in pairs
    ]  # fmt: skip
    print_table(
        _("Money went by their numbers for others: are they two people?"),
        [_("id"), _("name"), _("number"), _("paid for"), _("name")],
        rows,
        err=err,
    )
