"""The rates that a batch was made by are recorded with it; nothing else judges a void batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.ids import BatchId
from ledger.model.recorded_rates import RecordedRate
from ledger.model.recorded_rates import read_rates
from ledger.model.recorded_rates import write_rates
from ledger.model.rules import StageKind
from tests.support.auditor import audit
from tests.support.auditor import edit
from tests.support.bank_results import CLOSED
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.forged_events import AWAITED
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import entry
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import Office

pytestmark = pytest.mark.attacks

BATCH = BatchId("B2020-001")
ITEM = "30226劳务费:01两员补助"
OTHER_ITEM = "30226劳务费:02普查补贴"
PREPARED = "events/000001-prepared-B2020-001.beancount"


def rules(office: Office) -> Path:
    return office.folder / "rules.beancount"


def wrong_amount(office: Office) -> None:
    """700 was typed where the notice says 800."""
    edit(rules(office), '"普查员" 800.00', '"普查员" 700.00')


def wrong_item(office: Office) -> None:
    """The subsidies were charged to an item that is not theirs."""
    edit(rules(office), f'CNY "{ITEM}"', f'CNY "{OTHER_ITEM}"')
    path = office.folder / "accounts.beancount"
    text = path.read_text(encoding="utf-8")
    others = [line.replace(ITEM, OTHER_ITEM) for line in text.splitlines() if ITEM in line]
    path.write_text("\n".join([text, *others, ""]), encoding="utf-8", newline="\n")


def void(office: Office, on: str = "2020-11-11") -> None:
    assert office.run("batch", "void", BATCH, "--yes", "--date", on).status == 0


MISTAKES = [wrong_amount, wrong_item]
Mistake = Callable[[Office], None]


def corrected(office: Office, before: str) -> None:
    rules(office).write_text(before, encoding="utf-8", newline="\n")


def test_a_batch_records_the_rates_that_it_was_made_by(funded: Office) -> None:
    funded.disburse()
    batch = funded.books().history.batches[BATCH]
    assert batch.rates == {"普查员": RecordedRate(800_00, ITEM)}
    assert batch.rates["普查员"].line == "30226劳务费"
    header = funded.events()[-1].read_text(encoding="utf-8").partition("\n\n")[0]
    assert f'\n  rates: "普查员:{ITEM}=80000"\n' in header


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_rate_is_corrected_once_the_batch_is_void(funded: Office, mistake: Mistake) -> None:
    """Nothing was sent: the batch is taken back, the rule corrected, and everybody paid."""
    right = rules(funded).read_text(encoding="utf-8")
    mistake(funded)
    wrong = funded.disburse().json
    void(funded)
    corrected(funded, right)
    assert funded.check() == []
    assert audit(funded.folder).findings == []
    again = funded.disburse(on="2020-11-11").json
    assert (again["payees"], again["amount"]) == (wrong["payees"], "4800.00")
    assert funded.check() == []
    assert audit(funded.folder).findings == []
    assert funded.status()["budget"]["spent"] == "4800.00"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_while_the_batch_stands_the_rules_may_not_say_something_else(
    funded: Office, mistake: Mistake
) -> None:
    """One finding, at the batch, which says both rates; the next batch is not made before."""
    funded.disburse()
    mistake(funded)
    (error,) = [error for error in funded.check() if error["code"] == "rate"]
    assert (error["file"], error["line"]) == (PREPARED, 1)
    assert f"800.00 ({ITEM})" in error["message"]
    assert "once the batch is void" in error["message"]
    assert (PREPARED, 1) in audit(funded.folder).places
    funded.register(1)
    assert funded.disburse(on="2020-11-12").json["code"] == "books-broken"


def test_a_rate_that_is_gone(funded: Office) -> None:
    funded.disburse()
    text = rules(funded).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if '"census-rate" "普查员"' not in line]
    rules(funded).write_text("\n".join(kept), encoding="utf-8", newline="\n")
    (error,) = funded.check()
    assert (error["code"], "the rules say —" in error["message"]) == ("rate", True)
    assert audit(funded.folder).places == {(PREPARED, 1)}


def test_a_rate_from_a_later_day_leaves_the_batch_as_it_is(funded: Office) -> None:
    funded.disburse()
    funded.rule(f'2020-11-20 custom "census-rate" "普查员" 750.00 CNY "{ITEM}"')
    funded.register(1)
    assert funded.disburse(on="2020-11-21").json["amount"] == "750.00"
    assert funded.check() == []
    assert audit(funded.folder).findings == []


def test_what_is_made_again_is_what_came_back_whatever_the_rate_is_now(funded: Office) -> None:
    """A batch of re-issues alone owes nothing new, and records no rate."""
    funded.disburse()
    take_result(funded, everyone(CLOSED, 1))
    correct(funded, "P000001")
    funded.rule(f'2020-11-20 custom "census-rate" "普查员" 750.00 CNY "{ITEM}"')
    assert funded.disburse(on="2020-11-21").json["amount"] == "800.00"
    assert funded.books().history.batches[BatchId("B2020-002")].rates == {}
    assert funded.check() == []
    assert audit(funded.folder).findings == []


# Forged.


def one_more(office: Office, rates: str, yuan: str = "800.00") -> tuple[str, str]:
    """A batch of one person whose header records some rates: what check and the auditor say."""
    office.register(1)
    paid = entry(EXPENSE, AWAITED, batch="B2020-002", payees="P000007", yuan=yuan)
    meta = f'  rates: "{rates}"\n' if rates else ""
    forge(office, "prepared", f" 1 {yuan} CNY", paid, batch="B2020-002", meta=meta)
    return messages(office), audit(office.folder).problems(f"events/{office.events()[-1].name}")


def test_an_entry_is_what_its_batch_has_recorded(funded: Office) -> None:
    funded.disburse()
    said, audited = one_more(funded, f"普查员:{ITEM}=70000")
    assert "P000007 is owed 700.00, and this entry pays 800.00" in said
    assert "发给 P000007 800.00，应为 700.00" in audited


def test_a_recorded_rate_that_no_rule_knows_of(funded: Office) -> None:
    """Header and entries agree, and the rules do not."""
    funded.disburse()
    said, audited = one_more(funded, f"普查员:{ITEM}=75000", yuan="750.00")
    assert "is owed" not in said
    assert f"made by 750.00 ({ITEM}) for 普查员, and the rules say 800.00 ({ITEM})" in said
    assert "B2020-002 记录的普查员标准不是规则里 2020-11-12 的" in audited


@pytest.mark.parametrize("rates", ["", "普查指导员:30226劳务费:01两员补助=80000", "普查员=80000"])
def test_a_batch_that_records_no_rate_of_somebodys_role(funded: Office, rates: str) -> None:
    funded.disburse()
    said, audited = one_more(funded, rates)
    assert "the batch has recorded no rate of the role" in said
    assert "发给 P000007 800.00，应为 0.00" in audited


@given(
    st.dictionaries(
        st.sampled_from(["普查员", "普查指导员", "协管员"]),
        st.builds(
            RecordedRate,
            st.integers(1, 10**9 - 1),
            st.sampled_from([ITEM, OTHER_ITEM, "30202印刷费"]),
            st.sampled_from(StageKind),
            st.integers(0, 10**9),
            st.none() | st.integers(1, 10**9),
            st.booleans(),
        ),
    )
)
def test_what_is_recorded_is_read_back(rates: dict[str, RecordedRate]) -> None:
    text = write_rates(rates)
    assert read_rates(text) == rates
