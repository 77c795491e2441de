"""What needs attention, on top of each page: the leaders' matters, and errors of the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ledger.base.language import ngettext
from ledger.base.language import page_gettext as _
from ledger.web.links import ERRORS
from ledger.web.page_words import rules_words
from ledger.web.views import View
from reports.wording.open_matters import Matter as About
from reports.wording.open_matters import open_matter_items


class Matter(NamedTuple):
    """Something that needs attention, and the address of the page about it."""

    title: str
    detail: str
    link: str
    about: About | None = None


def matters(view: View, errors: int, here: Callable[..., str]) -> list[Matter]:
    """Errors of the books first: with them every figure may be wrong. Then approval rules that
    were changed, until a batch is approved by them.

    ``here`` makes the address of a page of ours.
    """
    found = []
    if errors:
        found.append(
            Matter(
                ngettext(
                    "The ledger has {errors} error", "The ledger has {errors} errors", errors
                ).format(errors=errors),
                _(
                    "Figures may be wrong; nothing can be paid before they are mended. See "
                    "the page of errors."
                ),
                ERRORS,
            )
        )
    if before := view.status.rules_before:
        said = _(
            "Earlier batches asked for {rules}; this is said until a batch is approved by the rules"
            " of now."
        ).format(rules=rules_words(before))
        found.append(Matter(_("Approval rules were changed"), said, here("/disbursement")))
    for item in open_matter_items(view.open_matters, view.status, _):
        path, query = _PAGES.get(item.about, ("/disbursement", {}))
        found.append(Matter(item.title, item.detail, here(path, **query), item.about))
    return found


# The page that is about a matter, and what it is asked.
_PAGES: dict[About | None, tuple[str, dict[str, str]]] = {
    About.MISSING: ("/budget", {}),
    About.EXCEEDED: ("/budget", {}),
    About.SHORT: ("/budget", {}),
    About.PAYABLE: ("/disbursement/plan", {}),
    About.RETURNED: ("/people", {"state": "returned"}),
    About.UNKNOWN: ("/people", {"state": "unknown"}),
    About.BLOCKED: ("/people", {"state": "blocked"}),
    About.SUSPENSE: ("/bank", {}),
    About.TRANSIT: ("/bank", {}),
}
