"""The liaison's desk: our pages in Fava, and Fava served on this machine alone.

Fava loads this module by the directive ``custom "fava-extension" "ledger.web"`` of the books.
"""

from __future__ import annotations

from ledger.web.page import Desk
from ledger.web.pages import BudgetPage
from ledger.web.pages import DisbursementPage
from ledger.web.pages import PeoplePage

__all__ = ["BudgetPage", "Desk", "DisbursementPage", "PeoplePage"]
