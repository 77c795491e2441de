"""Rules by which income tax is withheld, for the offices of tests."""

from __future__ import annotations

LABOUR = '2020-10-01 custom "census-tax" "普查员" "劳务报酬"\n'
TAXED_RULES = (
    f'{LABOUR}2020-10-01 custom "census-rate" "普查员" 2400.00 CNY "30226劳务费:01两员补助"\n'
)
