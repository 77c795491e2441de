"""What to do after a refusal, in words of the command: its options are unknown to the core."""

from __future__ import annotations

from ledger.base.language import gettext
from ledger.base.language import gettext as _
from ledger.base.language import mark
from ledger.base.refusals import Refusal

# By the refusal's code. Pages of the browser say the sentence alone.
NEXT_STEPS = {
    "books-broken": mark("'census-ledger check' lists all"),
    "books-not-plain": mark("'census-ledger check' lists all"),
    "date-ahead": mark("give the day with --date YYYY-MM-DD"),
    "key-missing": mark(
        "'census-ledger key import FILE' brings it here, and --key FILE says where it is"
    ),
    "key-strange": mark("name the key file itself with --key FILE"),
    "no-books": mark(
        "go there with 'cd', name them with -C BOOKS, or make them with 'census-ledger init DIR'"
    ),
    "no-statement": mark("'census-ledger import' takes statements in"),
    "no-such-batch": mark("'census-ledger batch list' shows those there are"),
    "no-such-payee": mark("'census-ledger payees list' shows the ids"),
    "cannot-pay-all": mark("--limit-to-funds pays just them"),
}


def sentence_of(refusal: Refusal) -> str:
    """What is wrong, and then what to type, where the command has something for it."""
    step = NEXT_STEPS.get(refusal.code)
    if step is None:
        return str(refusal)
    sentence = str(refusal).rstrip(".。")
    return _("{sentence}; {step}").format(sentence=sentence, step=gettext(step))
