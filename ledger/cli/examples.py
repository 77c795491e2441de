"""What is typed, by command: an example or two under the help of each.

What is not marked is the same in each language.
"""

from __future__ import annotations

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import mark

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (mark("-C books status"), mark("-C books import inbox/")),
    "init": (
        mark("init books --county 110101"),
        mark("init books --unit 'Census Office' --approvals approve"),
    ),
    "import": (
        mark("import rosters/ --dry-run"),
        mark("import result.xlsx --batch B2020-001"),
    ),
    "imports": ("imports list",),
    "imports list": ("imports list",),
    "imports take-back": (mark("imports take-back I000007 --reason 'wrong file'"),),
    "disburse": (
        "disburse --dry-run",
        "disburse --town 110101001 --limit-to-funds",
    ),
    "batch": ("batch list", "batch show B2020-001"),
    "batch approve": ("--operator O02 batch approve B2020-001",),
    "batch attach": (
        mark("batch attach B2020-001 signed-list.pdf"),
        mark("batch attach B2020-001 --out lists/"),
    ),
    "batch list": ("batch list",),
    "batch reject": (mark("--operator O02 batch reject B2020-001 --reason 'amount'"),),
    "batch restore": ("batch restore B2020-001",),
    "batch show": ("batch show B2020-001",),
    "batch submit": ("batch submit B2020-001 --date 2020-11-11",),
    "batch void": (
        "batch void B2020-001",
        mark("batch void B2020-001 --bank-refused 'wrong format'"),
    ),
    "explain": (mark("explain L5f1c21a9 30216 --note 'training'"),),
    "reverse": (mark("reverse 17 --reason 'wrong file' --dry-run"),),
    "payees": ("payees find 1234", "payees list --waiting"),
    "payees activate": (mark("payees activate P000012 --reason 'has stayed'"),),
    "payees cancel": (mark("payees cancel P000012 --reason 'not entitled'"),),
    "payees confirm": (mark("payees confirm P000012 --reason 'asked by telephone'"),),
    "payees deactivate": (mark("payees deactivate P000012 --reason 'has left'"),),
    "payees decline": (mark("payees decline P000012 --reason 'a mistake'"),),
    "payees distinguish": (mark("payees distinguish P000012 --reason 'two people'"),),
    "payees export": (mark("payees export people.xlsx --town 110101001"),),
    "payees find": ("payees find 1234",),
    "payees held": ("payees held",),
    "payees list": (
        "payees list --waiting",
        "payees list --state returned",
    ),
    "payees release": (
        mark("payees release P000012 --reason 'account is open'"),
        mark("payees release --batch B2020-001 --class FROZEN --reason 'asked'"),
    ),
    "payees set-bank-name": (mark("payees set-bank-name P000012 'LI YAN' --reason 'so spelt'"),),
    "payees set-post": (mark("payees set-post P000012 110101001002003 --reason 'moved'"),),
    "payees show": ("payees show P000012",),
    "status": ("status", "status --date 2020-11-30"),
    "report": ("report month 2020-11",),
    "report batch": ("report batch B2020-001",),
    "report month": ("report month 2020-11", "report month --all"),
    "report reconciliation": ("report reconciliation --date 2020-11-30",),
    "report tax": ("report tax 2026-12",),
    "report towns": (
        "report towns B2020-001",
        "report towns B2020-001 --town 110101001",
    ),
    "month": ("month list",),
    "month close": ("month close 2020-11",),
    "month list": ("month list",),
    "month reopen": (mark("month reopen 2020-11 --reason 'a line was missed'"),),
    "verify": (
        mark("verify sheet.pdf"),
        "verify B2020-001",
    ),
    "check": ("check",),
    "desk": ("desk",),
    "key": (mark("key export key.pdf"),),
    "key export": (mark("key export key.pdf"),),
    "key import": (mark("key import key.txt"),),
    "key province": (mark("key province keys"),),
    "operator": ("operator list",),
    "operator add": (mark("operator add 'Wang Li' --role 审核"),),
    "operator list": ("operator list",),
    "operator log": ("operator log --from 2020-10-01",),
    "operator passphrase": ("operator passphrase",),
    "operator retire": (mark("operator retire O02 --reason 'has moved'"),),
    "backup": (mark("backup stick/books.backup"),),
    "restore": (mark("restore stick/books.backup books"),),
    "accept-older": (mark("accept-older --reason 'the disk broke'"),),
    "bundle": (
        mark("bundle stick/county.zip"),
        mark("bundle stick/county.zip --figures --for province.pub"),
    ),
    "consolidate": (
        mark("consolidate bundles/ --out province --month 2020-11"),
        mark("consolidate bundles/ --out province --key keys/province.key"),
    ),
}


def epilog(command: str) -> str | None:
    """The examples of a command as they stand under its help; None where there is none."""
    lines = EXAMPLES.get(command)
    if not lines:
        return None
    # The first character keeps click from joining the lines.
    return "\n".join(["\b", _("Examples:"), *(f"census-ledger {gettext(one)}" for one in lines)])
