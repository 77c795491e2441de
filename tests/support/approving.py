"""Several people at work on the same books, and rules that ask for approvals."""

from __future__ import annotations

from ledger.model.operators import Role
from tests.support.office import Answer
from tests.support.office import Office

MAKER, CHECKER, APPROVER, CASHIER = "O01", "O02", "O03", "O04"
NAMES = {CHECKER: "审核员", APPROVER: "审批人", CASHIER: "出纳员"}
ROLES = {CHECKER: Role.CHECKER, APPROVER: Role.APPROVER, CASHIER: Role.CASHIER}
# Of six people 4,800.00 are asked for: two approvals from 4,000.00 on, one below.
RULES = (
    '2020-01-10 custom "census-approval" 0.00 CNY "审核"',
    '2020-01-10 custom "census-approval" 4000.00 CNY "审核" "审批"',
)


def with_colleagues(office: Office, *rules: str) -> Office:
    """The office with a checker, an approver and a cashier beside its first operator."""
    for operator, role in ROLES.items():
        added = office.run("operator", "add", NAMES[operator], "--role", role, "--json")
        assert added.json["id"] == operator
    for rule in rules or RULES:
        office.rule(rule)
    return office


def approve(
    office: Office, by: str, batch: str = "B2020-001", *more: str, on: str = "2020-11-11"
) -> Answer:
    return office.run(
        "--operator", by, "batch", "approve", batch, "--yes", "--json", "--date", on, *more
    )


def reject(
    office: Office,
    by: str,
    batch: str = "B2020-001",
    reason: str = "金额不对",
    on: str = "2020-11-11",
) -> Answer:
    return office.run(
        "--operator", by, "batch", "reject", batch, "--reason", reason, "--yes", "--json",
        "--date", on,
    )  # fmt: skip


def submit(
    office: Office, by: str = CASHIER, batch: str = "B2020-001", on: str = "2020-11-12"
) -> Answer:
    return office.run("--operator", by, "batch", "submit", batch, "--yes", "--json", "--date", on)
