"""What the roles of a batch were to the income tax, as its header records it.

``普查员=劳务报酬``: the role and its class; a role is left out whose class nobody has said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ledger.model.rules import TaxClass

TAX_CLASSES = "tax-classes"
# What is withheld of the whole batch, in yuan.
TAX = "tax"


def write_tax_classes(classes: Mapping[str, TaxClass | None]) -> str:
    """The classes in the form that a batch's header records."""
    said = sorted((role, one) for role, one in classes.items() if one is not None)
    return " ".join(f"{role}={one.value}" for role, one in said)


def read_tax_classes(text: str) -> dict[str, TaxClass]:
    """The classes of a header by role; what is unreadable is left out."""
    found = re.findall(r"([^\s=]+)=([^\s=]+)", text)
    return {role: TaxClass(name) for role, name in found if name in list(TaxClass)}
