"""What somebody is owed: a rate by a quantity, within bounds, less what is taken off."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import audit as auditor
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.recorded_rates import RecordedRate
from ledger.model.recorded_rates import write_rates
from ledger.model.rules import StageKind
from ledger.model.work_done import WorkDone
from ledger.model.work_done import is_quantity
from ledger.model.work_done import quantity_text
from ledger.payments.amount_owed import amount_owed
from ledger.payments.amount_owed import is_allowed
from ledger.payments.entered_work import EnteredWork
from ledger.payments.entered_work import owed_as_entered
from ledger.payments.entered_work import work_of
from tests.support.auditor import audit
from tests.support.beginnings import beginning
from tests.support.forged_events import AWAITED
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import entry
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import Office

ITEM = "30226劳务费:01两员补助"
FIXED = RecordedRate(400_00, ITEM)
HOUSEHOLD = RecordedRate(10_00, ITEM, StageKind.PER_UNIT, 200_00, 1500_00)
LISTED = RecordedRate(300_00, ITEM, StageKind.LISTED)


@pytest.mark.parametrize(
    ("rate", "done", "fen"),
    [
        (FIXED, None, 400_00),
        (FIXED, WorkDone(deduction_fen=50_00), 350_00),
        (HOUSEHOLD, WorkDone("86"), 860_00),
        (HOUSEHOLD, WorkDone("19.5"), 200_00),
        (HOUSEHOLD, WorkDone("151"), 1500_00),
        (HOUSEHOLD, WorkDone("151", deduction_fen=100_00), 1400_00),
        (RecordedRate(33, ITEM, StageKind.PER_UNIT), WorkDone("0.5"), 17),
        (RecordedRate(1, ITEM, StageKind.PER_UNIT), WorkDone("2.5"), 3),
        (LISTED, WorkDone("", 120_00, 20_00), 100_00),
    ],
)
def test_what_is_owed(rate: RecordedRate, done: WorkDone | None, fen: int) -> None:
    owed = amount_owed(rate, done)
    assert owed and owed.gross_fen == fen
    assert is_allowed(rate, owed)


@pytest.mark.parametrize("rate", [HOUSEHOLD, LISTED, FIXED._replace(only_listed=True)])
def test_nobody_is_owed_anything_without_a_list(rate: RecordedRate) -> None:
    assert amount_owed(rate, None) is None


def test_nothing_and_too_much_are_not_allowed() -> None:
    for rate, done in (
        (FIXED, WorkDone(deduction_fen=400_00)),
        (LISTED, WorkDone("", 300_01)),
        (LISTED, WorkDone("", 0)),
        (LISTED, WorkDone("", 300_00, -1)),
    ):
        owed = amount_owed(rate, done)
        assert owed and not is_allowed(rate, owed)


def test_a_quantity_is_written_in_one_way() -> None:
    assert [quantity_text(Decimal(text)) for text in ("12", "12.50", "0.125", "1E+2")] == [
        "12", "12.5", "0.125", "100"]  # fmt: skip
    assert not any(map(is_quantity, ["", "0", "0.0", "012", "1.50", "1.0", "-1", "1e2", "1.2345"]))
    for none in ("0", "-3", "0.0001", "NaN", "Infinity"):
        with pytest.raises(ValueError):
            quantity_text(Decimal(none))


rates = st.builds(
    RecordedRate,
    st.integers(1, 10**6),
    st.just(ITEM),
    st.sampled_from(StageKind),
    st.integers(0, 10**5),
    st.none() | st.integers(10**5, 10**8),
    st.booleans(),
).map(
    lambda rate: rate._replace(
        minimum_fen=rate.minimum_fen * (rate.kind is StageKind.PER_UNIT),
        maximum_fen=rate.maximum_fen if rate.kind is StageKind.PER_UNIT else None,
        only_listed=rate.only_listed and rate.kind is StageKind.FIXED,
    )
)
works = st.builds(
    WorkDone,
    st.decimals(0, 10**4, places=3).filter(bool).map(quantity_text),
    st.integers(0, 10**6),
    st.integers(0, 10**5),
)


@given(rates, works)
def test_amounts_are_exact_and_the_auditor_computes_the_same(
    rate: RecordedRate, done: WorkDone
) -> None:
    owed = amount_owed(rate, done)
    assert owed is not None
    if rate.kind is StageKind.PER_UNIT:
        exact = Fraction(done.quantity) * rate.amount_fen
        bounded = max(exact, Fraction(rate.minimum_fen))
        if rate.maximum_fen is not None:
            bounded = min(bounded, Fraction(rate.maximum_fen))
        assert abs(owed.gross_fen + done.deduction_fen - bounded) <= Fraction(1, 2)
        assert rate.minimum_fen <= owed.gross_fen + owed.deduction_fen
    work = work_of(owed, rate.kind)
    as_entered = owed_as_entered(rate, work)
    assert as_entered == (owed if is_allowed(rate, owed) else None)
    assert audited_fen(rate, work) == (as_entered.gross_fen if as_entered else 0)


WRONG = st.sampled_from(["", "0", "1", "1.50", "0.00", "10.00", "10", "2e1", "300.01", "-1.00"])


@given(rates, st.builds(EnteredWork, WRONG, WRONG, WRONG))
def test_what_an_entry_cannot_say_is_no_amount(rate: RecordedRate, work: EnteredWork) -> None:
    """Both judges agree on every writing that passes the auditor's grammar."""
    text = "\n".join([
        '2020-11-12 * "某人" "补助" #census-subsidy ^B2020-001 ^P000001',
        '  payee-id: "P000001"', '  role: "普查员"', *lines_of(work),
        f"  {EXPENSE}  800.00 CNY", f"  {AWAITED}  -800.00 CNY",
    ])  # fmt: skip
    said = auditor.ENTRY.fullmatch(text)
    owed = owed_as_entered(rate, work)
    if said is None:
        assert owed is None
    else:
        assert audited_fen(rate, work) == (owed.gross_fen if owed else 0)


def lines_of(work: EnteredWork) -> list[str]:
    named = zip(("quantity", "rate", "deduction"), work, strict=True)
    return [f'  {key}: "{value}"' for key, value in named if value]


def audited_fen(rate: RecordedRate, work: EnteredWork) -> int:
    """What the auditor's script computes from the header and the entry."""
    said = auditor.RECORDED.fullmatch(write_rates({"普查员": rate}))
    assert said is not None
    text = "\n".join([
        '2020-11-12 * "某人" "补助" #census-subsidy ^B2020-001 ^P000001',
        '  payee-id: "P000001"', '  role: "普查员"', *lines_of(work),
        f"  {EXPENSE}  800.00 CNY", f"  {AWAITED}  -800.00 CNY",
    ])  # fmt: skip
    entered = auditor.ENTRY.fullmatch(text)
    assert entered is not None
    role, item, fen, kind, least, most, _listed = said.groups()
    of_header = auditor.Rate(
        role, "S1", "", int(fen), item, kind or "fixed", int(least or 0), most or ""
    )
    return of_header.due(entered)


# Forged.

RATE = f"普查员:{ITEM}=1000,per-unit,min=20000,max=150000"


@beginning
def by_household(funded: Office) -> Office:
    """Books whose second stage is paid by households."""
    funded.rule('2020-01-01 custom "census-stage" "S1" "清查摸底" "fixed"')
    funded.rule('2020-01-01 custom "census-stage" "S2" "入户登记" "per-unit" "户"')
    funded.rule(
        f'2020-01-01 custom "census-rate" "普查员" "S2" 10.00 CNY "{ITEM}"\n'
        "  minimum: 200.00 CNY\n  maximum: 1500.00 CNY"
    )
    return funded


@pytest.mark.parametrize(
    ("below", "yuan", "said", "audited"),
    [
        ('stage: "S2" quantity: "70" rate: "10.00"', "700.00", "", ""),
        ('stage: "S2" quantity: "80" rate: "10.00"', "700.00", "is owed 800.00", "应为 800.00"),
        ('stage: "S2" quantity: "70" rate: "11.00"', "770.00", "not say the work", "应为 0.00"),
        ('stage: "S2" rate: "10.00"', "700.00", "does not say the work", "应为 0.00"),
        ('stage: "S2"', "800.00", "does not say the work", "应为 0.00"),
        (
            'stage: "S2" quantity: "70" rate: "10.00" deduction: "0.00"',
            "700.00", "does not say the work", "应为 0.00",
        ),
        ('stage: "S1" quantity: "70" rate: "10.00"', "700.00", "for another stage", "阶段不是"),
        ('quantity: "70" rate: "10.00"', "700.00", "for another stage", "阶段不是"),
    ],
)  # fmt: skip
def test_an_entry_is_the_rate_by_the_quantity(
    by_household: Office, below: str, yuan: str, said: str, audited: str
) -> None:
    words = below.replace('" ', '"\n  ')
    paid = entry(EXPENSE, AWAITED, yuan=yuan).replace("  Expenses", f"  {words}\n  Expenses")
    meta = f'  stage: "S2"\n  rates: "{RATE}"\n'
    forge(by_household, "prepared", f" 1 {yuan} CNY", paid, meta=meta)
    found = messages(by_household)
    problems = audit(by_household.folder).problems(f"events/{by_household.events()[-1].name}")
    assert said in found
    assert audited in problems
    if not said:
        assert "owed" not in found
        assert "应为" not in problems


def test_the_bounds_are_those_of_the_rules(by_household: Office) -> None:
    paid = entry(EXPENSE, AWAITED, yuan="1600.00").replace(
        "  Expenses", '  stage: "S2"\n  quantity: "160"\n  rate: "10.00"\n  Expenses'
    )
    meta = f'  stage: "S2"\n  rates: "{RATE.replace("150000", "160000")}"\n'
    forge(by_household, "prepared", " 1 1600.00 CNY", paid, meta=meta)
    assert "maximum 1,500.00" in messages(by_household)
    name = f"events/{by_household.events()[-1].name}"
    assert "标准不是规则里" in audit(by_household.folder).problems(name)
