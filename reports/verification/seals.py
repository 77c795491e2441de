"""A seal that was typed: whose it is, and what it may have been meant to be."""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.records import replace
from ledger.model.history import Batch
from ledger.model.ids import Seal
from ledger.model.seal import grouped_seal
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import Verdict
from reports.verification.seal_words import TypedSeal
from reports.verification.seal_words import near_seals


def verify_seal(evidence: Evidence, seal: TypedSeal) -> Verdict:
    """Whose seal it is. One that is nearly known is suggested and never taken for it."""
    by_seal = {batch.seal: batch for batch in evidence.batches.values()}
    verdict = Verdict("seal", grouped_seal(seal.digits))
    batch = by_seal.get(Seal(seal.digits))  # guard: near-seal
    if batch is None:
        return verdict.adding(problems=[_unknown_seal(seal, by_seal)])
    verdict = replace(verdict, batch=batch, town=seal.town)
    if seal.read_as:
        message = _("read {letters}: a seal has digits, and no letters but a to f")
        letters = listed(_("{one} as {other}").format(one=a, other=b) for a, b in seal.read_as)
        verdict = verdict.adding(notes=[message.format(letters=letters)])
    sealed = evidence.sealed(batch.id)
    towns = [
        {"code": code, "name": rows[0].town_name, "payees": len(rows)}
        for code, rows in sealed.by_town.items()
    ]
    verdict = replace(verdict, facts={"towns": towns})
    if seal.batch and seal.batch != batch.id:  # guard: qr-names-batch
        message = _("the code says batch {said}, but the seal is that of batch {batch}")
        verdict = verdict.adding(problems=[message.format(said=seal.batch, batch=batch.id)])
    if seal.town and seal.town not in sealed.by_town:
        town = evidence.books.programme.by_code.get(seal.town)
        message = _("batch {batch} pays nobody in {town}")
        name = town.component if town else seal.town
        verdict = verdict.adding(problems=[message.format(batch=batch.id, town=name)])
    return verdict


def _unknown_seal(seal: TypedSeal, by_seal: dict[Seal, Batch]) -> str:
    near = near_seals(seal.digits, by_seal)
    if near:
        message = _("no batch of these books has this seal. Did you mean {seals}? Look again")
        if seal.is_part:  # guard: seal-whole
            message = _("this is a part of {seals}: type all 16 characters, the rest may differ")
        suggestions = (f"{grouped_seal(one)} ({by_seal[one].id})" for one in near)
        return message.format(seals=listed(suggestions))
    if not seal.is_whole:
        message = _(
            "a seal has 16 characters, digits and the letters a to f, and these are {count}: look"
            " at it again"
        )
        return message.format(count=len(seal.digits))
    return _(
        "no batch of these books has this seal, and no event begins with it: the paper is not from"
        " these books, or it is forged"
    )
