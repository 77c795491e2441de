"""What to do after a refusal, in words of the command: its options are unknown to the core."""

from __future__ import annotations

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.refusals import Refusal

# By the refusal's code; in braces stand its facts. Pages of the browser say the sentence alone.
NEXT_STEPS = {
    "another-history": mark("to accept, 'census-ledger accept-older --reason R'"),
    "approvals-missing": mark("who has the role runs 'census-ledger batch approve {batch}'"),
    "bank-may-pay": mark("'census-ledger batch void {batch} --bank-refused REASON' does so"),
    "batch-undecided": mark("name it with --batch B"),
    "batches-open": mark("'census-ledger batch list' shows them"),
    "before-the-batch": mark("give a later day with --date YYYY-MM-DD"),
    "before-the-event": mark("give a later day with --date YYYY-MM-DD"),
    "before-the-import": mark("give a later day with --date YYYY-MM-DD"),
    "before-the-line": mark("give a later day with --date YYYY-MM-DD"),
    "before-the-payee": mark("give a later day with --date YYYY-MM-DD"),
    "books-behind": mark("'census-ledger restore FILE DIR' does so"),
    "books-broken": mark("'census-ledger check' lists all"),
    "books-not-plain": mark("'census-ledger check' lists all"),
    "books-older-than-witness": mark("to accept, 'census-ledger accept-older --reason R'"),
    "cannot-pay-all": mark("--limit-to-funds pays just them"),
    "chain-broken": mark("'census-ledger restore FILE DIR' brings back a backup"),
    "closed-month-missing": mark("'census-ledger restore FILE DIR' does so"),
    "damaged": mark("'census-ledger verify SEAL' takes the seal"),
    "date-ahead": mark("give the day with --date YYYY-MM-DD"),
    "earlier-month-open": mark("'census-ledger month close {first}' closes it"),
    "encrypted": mark("'census-ledger verify SEAL' takes the seal"),
    "extra-missing": mark("'python3 scripts/install.py --province' brings it"),
    "file-passphrase-missing": mark(
        "type it at a terminal, or set CENSUS_LEDGER_BACKUP_PASSPHRASE"
    ),
    "files-not-of-batch": mark("'census-ledger batch restore {batch}' writes them"),
    "import-is-event": mark("'census-ledger reverse {event} --reason R' does so"),
    "key-missing": mark(
        "'census-ledger key import FILE' brings it here, and --key FILE says where it is"
    ),
    "key-strange": mark("name the key file itself with --key FILE"),
    "line-explained": mark("'census-ledger reverse EVENT --reason R' does so"),
    "list-lost": mark("'census-ledger restore FILE DIR' does so"),
    "log-broken": mark("'census-ledger restore FILE DIR' does so"),
    "lost-text": mark("'census-ledger verify SEAL' takes the seal"),
    "may-not-add-rules": mark("'census-ledger operator list' shows who has it"),
    "may-not-change-records": mark("'census-ledger operator list' shows who has it"),
    "month-closed": mark("'census-ledger month reopen {newest} --reason R' does so"),
    "month-closed-already": mark("'census-ledger month list' shows those that are closed"),
    "no-books": mark(
        "go there with 'cd', or name them with -C BOOKS; 'census-ledger -C DIR desk' makes new ones"
        " in the browser, 'census-ledger init DIR' here"
    ),
    "no-county-named": mark("name it with --county CODE"),
    "no-statement": mark("'census-ledger import' takes statements in"),
    "no-such-account": mark("a part of its name that no other has is enough, as in 30216"),
    "no-such-batch": mark("'census-ledger batch list' shows those there are"),
    "no-such-county": mark("name it with --county CODE"),
    "no-such-event": mark("'census-ledger operator log' shows their numbers"),
    "no-such-import": mark("'census-ledger imports list' shows their ids"),
    "no-such-line": mark("'census-ledger status' lists them"),
    "no-such-operator": mark("'census-ledger operator list' shows those there are"),
    "no-such-payee": mark("'census-ledger payees list' shows the ids"),
    "no-such-programme": mark("name it with --programme NAME"),
    "no-text": mark("'census-ledger verify SEAL' takes the seal"),
    "nobody-returned": mark("'census-ledger payees list --waiting' shows who waits for what"),
    "not-as-printed": mark("'census-ledger restore FILE DIR' does so"),
    "not-of-the-books": mark("name them with -C BOOKS"),
    "not-recognised": mark("say it with --as roster, --as workload, --as result or --as statement"),
    "not-to-confirm": mark("'census-ledger payees decline {payee}' declines it"),
    "not-to-reopen": mark("'census-ledger month list' shows those that are closed"),
    "not-to-reverse": mark("a batch is taken back by 'census-ledger batch void BATCH'"),
    "nothing-held": mark("'census-ledger payees held' shows what waits to be confirmed"),
    "nothing-to-decide": mark("'census-ledger payees held' shows what waits for a decision"),
    "numbers-paid": mark("'census-ledger payees distinguish {payee} --reason R' decides of one"),
    "operator-key-missing": mark("'census-ledger key import FILE' brings it here"),
    "operator-retired": mark("name another one with --operator"),
    "operator-unknown": mark("name yourself with --operator O01, or by CENSUS_LEDGER_OPERATOR"),
    "other-unit-stated": mark("name the stage with --stage S"),
    "paid-rows-missing": mark("'census-ledger restore FILE DIR' does so"),
    "passphrase-missing": mark("type it at a terminal, or set CENSUS_LEDGER_PASSPHRASE"),
    "port-in-use": mark("name it with --port N"),
    "port-refused": mark("name it with --port N"),
    "reason-missing": mark("give it with --reason R"),
    "records-changed": mark(
        "'census-ledger batch void {batch}', then 'census-ledger disburse' does so"
    ),
    "records-differ": mark("'census-ledger restore FILE DIR' does so"),
    "registry-behind": mark("'census-ledger restore FILE DIR' does so"),
    "registry-damaged": mark("'census-ledger restore FILE DIR' does so"),
    "registry-missing": mark("'census-ledger restore FILE DIR' does so"),
    "registry-older-than-witness": mark("to accept, 'census-ledger accept-older --reason R'"),
    "role-missing": mark("'census-ledger operator list' shows who has it"),
    "rows-missing": mark("'census-ledger restore FILE DIR' does so"),
    "rows-to-correct": mark("'census-ledger import FILE --dry-run' does so"),
    "settings-not-kept": mark("'census-ledger restore FILE DIR' does so"),
    "several-counties": mark("name it with --county CODE"),
    "stage-not-named": mark("name it with --stage S"),
    "stage-without-lists": mark("name it with --stage S"),
    "statement-not-result": mark("import it with --as statement"),
    "taxed-in-another-month": mark(
        "'census-ledger batch void {batch}', then 'census-ledger disburse' does so"
    ),
    "town-unknown": mark("name it with --town T"),
    "unfit-bank-name": mark("name it with --bank NAME"),
    "unit-unprintable": mark("name it with --unit UNIT"),
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
