"""What to do after a refusal, in words of the command: its options are unknown to the core."""

from __future__ import annotations

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.refusals import Refusal

# By the refusal's code; in braces stand its facts. Pages of the browser say the sentence alone.
NEXT_STEPS = {
    "approvals-missing": mark("who has the role runs 'census-ledger batch approve {batch}'"),
    "bank-may-pay": mark("'census-ledger batch void {batch} --bank-refused REASON' does so"),
    "batch-undecided": mark("name it with --batch B"),
    "books-broken": mark("'census-ledger check' lists all"),
    "books-not-plain": mark("'census-ledger check' lists all"),
    "cannot-pay-all": mark("--limit-to-funds pays just them"),
    "damaged": mark("'census-ledger verify SEAL' takes the seal"),
    "date-ahead": mark("give the day with --date YYYY-MM-DD"),
    "encrypted": mark("'census-ledger verify SEAL' takes the seal"),
    "files-not-of-batch": mark("'census-ledger batch restore {batch}' writes them"),
    "import-is-event": mark("'census-ledger reverse {event} --reason R' does so"),
    "key-missing": mark(
        "'census-ledger key import FILE' brings it here, and --key FILE says where it is"
    ),
    "earlier-month-open": mark("'census-ledger month close {first}' closes it"),
    "file-passphrase-missing": mark(
        "type it at a terminal, or set CENSUS_LEDGER_BACKUP_PASSPHRASE"
    ),
    "key-strange": mark("name the key file itself with --key FILE"),
    "line-explained": mark("'census-ledger reverse EVENT --reason R' does so"),
    "lost-text": mark("'census-ledger verify SEAL' takes the seal"),
    "nothing-to-decide": mark("'census-ledger payees held' shows what waits for a decision"),
    "numbers-paid": mark("'census-ledger payees distinguish {payee} --reason R' decides of one"),
    "month-closed": mark("'census-ledger month reopen {newest} --reason R' does so"),
    "month-closed-already": mark("'census-ledger month list' shows those that are closed"),
    "no-books": mark(
        "go there with 'cd', name them with -C BOOKS, or make them with 'census-ledger init DIR'"
    ),
    "no-county-named": mark("name it with --county CODE"),
    "several-counties": mark("name it with --county CODE"),
    "no-statement": mark("'census-ledger import' takes statements in"),
    "no-such-account": mark("a part of its name that no other has is enough, as in 30216"),
    "no-such-batch": mark("'census-ledger batch list' shows those there are"),
    "no-such-event": mark("'census-ledger operator log' shows their numbers"),
    "no-such-import": mark("'census-ledger imports list' shows their ids"),
    "no-such-line": mark("'census-ledger status' lists them"),
    "no-such-payee": mark("'census-ledger payees list' shows the ids"),
    "no-text": mark("'census-ledger verify SEAL' takes the seal"),
    "not-of-the-books": mark("name them with -C BOOKS"),
    "not-recognised": mark("say it with --as roster, --as workload, --as result or --as statement"),
    "not-to-reopen": mark("'census-ledger month list' shows those that are closed"),
    "not-to-confirm": mark("'census-ledger payees decline {payee}' declines it"),
    "nothing-held": mark("'census-ledger payees held' shows what waits to be confirmed"),
    "operator-unknown": mark("name yourself with --operator O01, or by CENSUS_LEDGER_OPERATOR"),
    "port-in-use": mark("name it with --port N"),
    "port-refused": mark("name it with --port N"),
    "reason-missing": mark("give it with --reason R"),
    "records-changed": mark(
        "'census-ledger batch void {batch}', then 'census-ledger disburse' does so"
    ),
    "rows-to-correct": mark("'census-ledger import FILE --dry-run' does so"),
    "other-unit-stated": mark("name the stage with --stage S"),
    "stage-without-lists": mark("name it with --stage S"),
    "stage-not-named": mark("name it with --stage S"),
    "statement-not-result": mark("import it with --as statement"),
    "taxed-in-another-month": mark(
        "'census-ledger batch void {batch}', then 'census-ledger disburse' does so"
    ),
    "town-unknown": mark("name it with --town T"),
    "unknown-kind": mark("'census-ledger verify SEAL' takes the seal"),
}


def sentence_of(refusal: Refusal) -> str:
    """What is wrong, and then what to type, where the command has something for it."""
    step = NEXT_STEPS.get(refusal.code)
    if step is None:
        return str(refusal)
    sentence = str(refusal).rstrip(".。")
    step = gettext(step).format(**refusal.facts())
    return _("{sentence}; {step}").format(sentence=sentence, step=step)
