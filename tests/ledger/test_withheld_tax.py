"""Income tax is withheld where people are paid, and the books say of whom, how much and when."""

from __future__ import annotations

import re

import pytest
from beancount import loader

from ledger.base.money import plain
from ledger.model.accounts import INCOME_TAX
from reports.pdf.amount_in_words import amount_in_words
from tests.ledger.test_paid_before import payment
from tests.ledger.test_paid_before import taken
from tests.support.auditor import audit
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import correct
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import rows_of
from tests.support.bank_results import take_result
from tests.support.forged_events import AWAITED
from tests.support.forged_events import EXPENSE
from tests.support.forged_events import RETURNED
from tests.support.forged_events import entry as plain_entry
from tests.support.forged_events import forge
from tests.support.forged_events import messages
from tests.support.office import BANK
from tests.support.office import Office
from tests.support.pdf_text import by_pypdf
from tests.support.taxed_office import LABOUR

STAGES = (
    '2020-10-01 custom "census-stage" "S1" "清查" "fixed"\n'
    '2020-10-01 custom "census-stage" "S2" "登记" "fixed"\n'
    '2020-10-01 custom "census-rate" "普查员" "S2" 2400.00 CNY "30226劳务费:01两员补助"\n'
)
RATE = '2020-10-01 custom "census-rate" "普查员" {amount}.00 CNY "30226劳务费:01两员补助"\n'


def tax_balance(office: Office) -> str:
    """What stands on the account of the income tax; what is owed is above zero."""
    return plain(-sum(change.amount_fen for change in office.books().flows.tax))


def sound(office: Office) -> bool:
    """Neither check nor the auditor has anything to say."""
    assert office.check() == []
    found = audit(office.folder)
    assert found.status == 0, found.text
    return True


def test_a_batch_charges_gross_pays_net_and_owes_the_rest_to_the_tax_office(taxed: Office) -> None:
    made = taxed.disburse()
    assert (made.json["amount"], made.json["tax"], made.json["net"]) == (
        "14400.00", "1920.00", "12480.00")  # fmt: skip
    text = taxed.events()[-1].read_text(encoding="utf-8")
    assert 'tax: "1920.00"' in text
    assert 'tax-classes: "普查员=劳务报酬"' in text
    assert f"  {INCOME_TAX}  -320.00 CNY" in text
    assert {(row.amount_fen, row.tax_fen) for row in rows_of(taxed)} == {(2080_00, 320_00)}
    status = taxed.status()
    (batch,) = status["batches"]
    assert (batch["amount"], batch["tax"], batch["net"]) == ("14400.00", "1920.00", "12480.00")
    assert status["cash"]["tax_due"] == "1920.00"
    assert status["funds"][0]["spent"] == "14400.00"
    assert status["cash"]["promised"] == "12480.00"
    assert sound(taxed)


def test_tables_show_what_is_due_withheld_and_sent(taxed: Office) -> None:
    row = r"14,400\.00\s+1,920\.00\s+12,480\.00"
    assert re.search(row, taxed.run("disburse", "--dry-run", "--date", "2020-11-10").out)
    taxed.disburse()
    shown = taxed.run("batch", "show", "B2020-001").out
    assert re.search(row, shown)
    assert re.search(r"7,200\.00\s+960\.00\s+6,240\.00", shown)
    (town, _other) = taxed.run("batch", "show", "B2020-001", "--json").json["towns"]
    assert (town["amount"], town["tax"], town["net"]) == ("7200.00", "960.00", "6240.00")


def test_line_fund_and_cash_are_charged_gross(taxed: Office) -> None:
    """1,220,000.00 are here: the last person whom the gross amounts reach is the last one paid."""
    before = taxed.status()["cash"]["available"]
    assert taxed.disburse().status == 0
    after = taxed.status()["cash"]["available"]
    assert float(before) - float(after) == 14_400


def test_a_return_leaves_the_tax_and_a_payment_made_again_withholds_nothing(taxed: Office) -> None:
    taxed.disburse()
    take_result(taxed, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6))
    assert tax_balance(taxed) == "1920.00"
    correct(taxed, "P000005")
    again = taxed.disburse(on="2020-11-20").json
    assert (again["amount"], again["tax"], again["net"]) == ("2080.00", "0.00", "2080.00")
    assert tax_balance(taxed) == "1920.00"
    assert sound(taxed)


def test_a_cancellation_takes_back_expense_and_tax(taxed: Office) -> None:
    taxed.disburse()
    take_result(taxed, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6))
    cancelled = taxed.run(
        "payees", "cancel", "P000005", "--reason", "不符合条件", "--date", "2020-12-03", "--yes"
    )
    assert cancelled.status == 0, cancelled.err
    assert tax_balance(taxed) == "1600.00"
    assert taxed.status()["funds"][0]["spent"] == "12000.00"
    assert sound(taxed)


def test_what_came_back_twice_is_cancelled_with_the_tax_of_the_first_time(taxed: Office) -> None:
    taxed.disburse()
    take_result(taxed, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6))
    correct(taxed, "P000005")
    taxed.disburse(on="2020-11-20")
    take_result(taxed, everyone(CLOSED, 5), on="2020-11-22", batch="B2020-002", name="二.csv")
    assert taxed.run(
        "payees", "cancel", "P000005", "--reason", "不符合条件", "--date", "2020-12-03", "--yes"
    ).status == 0  # fmt: skip
    assert tax_balance(taxed) == "1600.00"
    assert sound(taxed)


def test_a_cancellation_that_is_reversed_is_owed_to_the_tax_office_again(taxed: Office) -> None:
    taxed.disburse()
    take_result(taxed, everyone(PAID, 1, 2, 3, 4) | everyone(CLOSED, 5, 6))
    taxed.run("payees", "cancel", "P000005", "--reason", "错", "--date", "2020-12-03", "--yes")
    event = str(len(taxed.events()) - 1)
    back = taxed.run("reverse", event, "--reason", "弄错了人", "--date", "2020-12-04", "--yes")
    assert back.status == 0, back.err
    assert tax_balance(taxed) == "1920.00"
    assert sound(taxed)
    assert taxed.run("report", "tax", "2020-12", "--json").json["code"] == "nothing-to-declare"


def test_a_void_takes_back_everything(taxed: Office) -> None:
    taxed.disburse()
    voided = taxed.run("batch", "void", "B2020-001", "--date", "2020-11-11", "--yes")
    assert voided.status == 0, voided.err
    assert tax_balance(taxed) == "0.00"
    assert taxed.status()["funds"][0]["spent"] == "0.00"
    assert taxed.disburse(on="2020-11-12").json["tax"] == "1920.00"
    assert sound(taxed)


def test_a_role_in_no_class_is_paid_nothing_of_which_tax_is_due(funded: Office) -> None:
    funded.rule(RATE.format(amount=801))
    refused = funded.disburse()
    assert refused.json["refused"]["reason"] == "nothing_due"
    assert [skip["reason"] for skip in refused.json["skipped"]] == ["no_tax_class"]


@pytest.mark.parametrize("line", ["工资薪金", '不征税"\n  document: "滕财预〔2020〕9号'])
def test_of_wages_and_of_what_is_not_taxed_nothing_is_withheld(funded: Office, line: str) -> None:
    funded.rule(RATE.format(amount=2400) + LABOUR.replace("劳务报酬", line))
    assert funded.disburse().json["tax"] == "0.00"
    assert sound(funded)


def test_who_was_found_not_entitled_and_is_paid_after_all_is_taxed_once(taxed: Office) -> None:
    taxed.disburse()
    take_result(taxed, everyone(PAID, 1, 2, 3, 4, 6) | everyone(CLOSED, 5))
    for command in (
        ("payees", "cancel", "P000005", "--reason", "错", "--date", "2020-11-16", "--yes"),
    ):
        assert taxed.run(*command).status == 0
    assert release(taxed, "P000005", reason="核实", on="2020-11-17").status == 0
    assert taxed.disburse(on="2020-11-18").json["tax"] == "320.00"
    assert tax_balance(taxed) == "1920.00"
    assert sound(taxed)


def test_a_class_that_is_written_afterwards_for_an_earlier_day_is_found(funded: Office) -> None:
    funded.disburse()
    funded.rule(LABOUR)
    assert [error["code"] for error in funded.check()] == ["tax"]
    assert "个人所得税不是规则里" in audit(funded.folder).text


def test_a_taxed_batch_is_submitted_in_its_month_or_void(taxed: Office) -> None:
    taxed.disburse(on="2020-11-30")
    late = taxed.run("batch", "submit", "B2020-001", "--date", "2020-12-01", "--yes", "--json")
    assert late.json["code"] == "taxed-in-another-month"
    forge(taxed, "submitted", day="2020-12-01")
    assert "is submitted in that month or void" in messages(taxed)
    assert "没有在当月提交银行" in audit(taxed.folder).text


def test_by_hand_tax_is_paid_and_never_withheld(taxed: Office) -> None:
    taxed.disburse()
    taxed.hand(f'2020-12-10 * "税务局" "缴税"\n  {INCOME_TAX}  1920.00 CNY\n  {BANK}\n')
    assert tax_balance(taxed) == "0.00"
    assert sound(taxed)
    taxed.hand(f'2020-12-10 * "税务局" "退"\n  {INCOME_TAX}  -0.01 CNY\n  {BANK}  0.01 CNY\n')
    assert [error["code"] for error in taxed.check()] == ["outside_event"]
    assert "个人所得税只能由批次代扣" in audit(taxed.folder).text


GROSS, NET, TAX = "2400.00", "2080.00", "320.00"


def entry(debit: str, credit: str, net: str, tax: str, *, back: bool = False) -> str:
    """An entry of P000001 with a third posting: tax that is withheld, or comes back."""
    gross = plain(round((float(net) + float(tax)) * 100))
    figures = [(debit, net if back else gross), (credit, f"-{gross}" if back else f"-{net}")]
    figures += [(INCOME_TAX, tax if back else f"-{tax}")]
    head = plain_entry(debit, credit).split("\n  " + debit)[0]
    return head + "".join(f"\n  {account}  {amount} CNY" for account, amount in figures) + "\n"


@pytest.mark.parametrize(
    ("kind", "forged", "values", "said"),
    [
        (
            "cancelled", entry(RETURNED, EXPENSE, "2080.00", "300.00", back=True),
            " 1 2380.00 CNY", "320.00 was withheld, and this entry takes back 300.00",
        ),
        (
            "cancelled", plain_entry(RETURNED, EXPENSE, yuan="2080.00"),
            " 1 2080.00 CNY", "320.00 was withheld, and this entry takes back 0.00",
        ),
        (
            "result", entry(AWAITED, RETURNED, "2080.00", "320.00", back=True),
            " 1 2080.00 CNY", "tax is withheld where an expense is charged",
        ),
    ],
)  # fmt: skip
def test_a_forged_entry_that_moves_another_tax_is_found(
    taxed: Office, kind: str, forged: str, values: str, said: str
) -> None:
    taxed.disburse()
    if kind == "cancelled":
        take_result(taxed, everyone(CLOSED, 1) | everyone(PAID, 2, 3, 4, 5, 6), on="2020-11-12")
    forge(taxed, kind, values, forged)
    assert said in messages(taxed)
    assert audit(taxed.folder).status == 1


@pytest.mark.parametrize(
    ("net", "tax", "said"),
    [
        ("2080.01", "319.99", "of P000001 320.00 is to be withheld"),
        ("2400.00", "0.00", "of P000001 320.00 is to be withheld"),
        ("2079.99", "320.01", "of P000001 320.00 is to be withheld"),
    ],
)
def test_a_batch_that_withholds_another_tax_is_found(
    taxed: Office, net: str, tax: str, said: str
) -> None:
    """By bean-check's plugin, by check and by the auditor alike, though the entry balances."""
    taxed.disburse()
    path = taxed.events()[-1]
    text = path.read_text(encoding="utf-8")
    first, rest = text.split("^P000001", 1)
    withheld = "" if tax == "0.00" else f"  {INCOME_TAX}  -{tax} CNY\n"
    rest = rest.replace("-2080.00", f"-{net}", 1)
    rest = rest.replace(f"  {INCOME_TAX}  -320.00 CNY\n", withheld, 1)
    path.write_text(f"{first}^P000001{rest}", encoding="utf-8", newline="\n")
    assert said in "\n".join(error["message"] for error in taxed.check())
    _entries, errors, _options = loader.load_file(str(taxed.folder / "main.beancount"))
    assert said in "\n".join(error.message for error in errors)
    assert "P000001 应代扣 320.00" in audit(taxed.folder).text


def test_sheets_print_gross_tax_and_net_and_are_verified(taxed: Office) -> None:
    """In words stands what people are sent: of three people in a town 3 x 2,080.00."""
    made = taxed.disburse().json
    papers = [taxed.folder / file["path"] for file in made["files"]]
    sheet = next(path for path in papers if path.suffix == ".pdf" and "370481001" in path.name)
    (page,) = by_pypdf(sheet)
    assert re.search(r"2,400\.00\s+320\.00\s+2,080\.00", page)
    assert re.search(r"7,200\.00\s+960\.00\s+6,240\.00", page)
    assert amount_in_words(6240_00) in "".join(page.split())
    summary = next(path for path in papers if path.suffix == ".pdf" and "汇总" in path.name)
    text = "".join("".join(by_pypdf(summary)).split())
    assert "应发14,400.00元，代扣个人所得税1,920.00元" in text
    assert "应发合计代扣税实发合计" in text
    assert "7,200.00960.006,240.00" in text
    for path in papers:
        answer = taxed.run("verify", path, "--json")
        assert answer.status == 0, (path.name, answer.out)


def test_a_batch_of_a_role_in_no_class_that_pays_what_is_taxed_is_found(taxed: Office) -> None:
    """Somebody has taken the class out of the batch, and the tax with it."""
    taxed.disburse()
    path = taxed.events()[-1]
    text = path.read_text(encoding="utf-8").replace('  tax-classes: "普查员=劳务报酬"\n', "")
    text = text.replace(f"  {INCOME_TAX}  -320.00 CNY\n", "").replace("-2080.00", "-2400.00")
    path.write_text(text.replace('  tax: "1920.00"\n', ""), encoding="utf-8", newline="\n")
    found = "\n".join(error["message"] for error in taxed.check())
    assert "nobody has said what the role is to the income tax" in found
    assert "was made with 普查员 as — to the income tax" in found
    assert "岗位在个人所得税上是什么没有写明" in audit(taxed.folder).text


def test_a_header_that_says_another_tax_is_found(taxed: Office) -> None:
    taxed.disburse()
    path = taxed.events()[-1]
    text = path.read_text(encoding="utf-8").replace('tax: "1920.00"', 'tax: "1919.00"')
    path.write_text(text, encoding="utf-8", newline="\n")
    said = "the header says 1919.00 of tax, and the entries withhold 1920.00"
    assert said in [error["message"] for error in taxed.check()]
    assert "首行的 tax 不是分录的 1,920.00" in audit(taxed.folder).text


def test_who_was_paid_in_the_month_before_the_books_waits_for_another_month(taxed: Office) -> None:
    """Nobody here knows what was withheld of it: both payments would be one sum."""
    taken(
        taxed,
        payment(1, 发放日期="2020-11-02", 金额=2400),
        payment(2, 发放日期="2020-10-31", 金额=2400),
    )
    taxed.rule(STAGES)
    made = taxed.disburse("--stage", "S2").json
    assert (made["payees"], made["tax"]) == (5, "1600.00")
    skipped = {skip["reason"]: skip["payees"] for skip in made["skipped"]}
    assert skipped["tax_paid_before"] == ["P000001"]
    assert taxed.disburse("--stage", "S2", on="2020-12-01").json["tax"] == "320.00"
    assert sound(taxed)
    taxed.run("batch", "submit", "B2020-001", "--yes", "--date", "2020-11-11")
    said = taxed.run("report", "tax", "2020-11", "--json").json
    assert (said["people"], said["elsewhere"]) == (5, 1)
