"""The liaison's desk: our pages in Fava, and Fava served on this machine alone.

Fava loads this module by the directive ``custom "fava-extension" "reports.desk"`` of the books.
"""

from __future__ import annotations

from reports.desk.page import Desk
from reports.desk.pages import BudgetPage
from reports.desk.pages import DisbursementPage
from reports.desk.pages import PeoplePage

__all__ = ["BudgetPage", "Desk", "DisbursementPage", "PeoplePage"]
