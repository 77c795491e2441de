"""The bank's statements in: only what is new, proven by the balances, and nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.model.accounts import SUSPENSE
from tests.support.bank_account import FINANCE_BUREAU
from tests.support.bank_account import Account
from tests.support.bank_account import Movement
from tests.support.bank_account import a_year
from tests.support.bank_account import funded_account
from tests.support.bank_account import take_statement
from tests.support.office import APPROPRIATION
from tests.support.office import BANK
from tests.support.office import GRANT
from tests.support.office import Office

FEES = "Expenses:5001业务活动费用:01本级财政:30204手续费"
INTEREST = "Income:4604利息收入"


@pytest.fixture
def account() -> Account:
    return a_year()


def the_file(answer: Any) -> Any:
    assert answer.status == 0, answer.err
    (file,) = answer.json["files"]
    return file


def balances(office: Office) -> dict[str, str]:
    """What the entries of statements and explanations have put on each account."""
    sums: dict[str, Any] = {}
    for event in office.books().history.events:
        if event.kind in ("statement", "explained"):
            for entry in event.entries:
                for posting in entry.postings:
                    assert posting.units is not None and posting.units.number is not None
                    sums[posting.account] = sums.get(posting.account, 0) + posting.units.number
    return {account: str(amount) for account, amount in sums.items() if amount}


def test_every_line_goes_where_the_rules_say(office: Office, account: Account) -> None:
    file = the_file(take_statement(office, account))
    assert (file["kind"], file["rows"], file["entries"], file["duplicates"]) == (
        "statement", 5, 5, 0,
    )  # fmt: skip
    assert (file["opening"], file["closing"]) == ("0.00", "4501446.90")
    assert (file["matched"], file["suspense"]) == (0, 1)
    assert balances(office) == {
        BANK: "4501446.90",
        APPROPRIATION: "-1220000.00",
        INTEREST: "-1525.40",
        FEES: "12.50",
        GRANT: "-3280000.00",
        SUSPENSE: "66.00",
    }
    status = office.status()
    assert status["cash"]["bank"] == "4501446.90"
    assert [fund["received"] for fund in status["funds"]] == ["1220000.00", "3280000.00"]
    assert office.check() == []


def test_the_opening_of_the_last_day_is_asserted_and_never_its_close(
    office: Office, account: Account
) -> None:
    take_statement(office, account)
    (event,) = [path for path in office.events() if "statement" in path.name]
    assert '\n  bank-had: "2020-11-05 1221512.90"\n' in event.read_text(encoding="utf-8")


def test_the_books_as_of_a_day_within_a_statement(office: Office, account: Account) -> None:
    take_statement(office, account)
    assert office.status("2020-05-07")["cash"]["bank"] == "0.00"
    assert office.status("2020-06-30")["cash"]["bank"] == "1221525.40"
    assert office.status("2020-11-04")["suspense"]["lines"] == 0
    assert office.status("2020-11-05")["suspense"]["lines"] == 1


def test_the_same_statement_twice_adds_nothing(office: Office, account: Account) -> None:
    take_statement(office, account)
    before = office.events()
    file = the_file(take_statement(office, account))
    assert (file["entries"], file["duplicates"], file["repeated"]) == (0, 5, True)
    assert office.events() == before


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
def test_an_overlapping_statement_adds_only_new_lines(
    office: Office, account: Account, newest_first: bool
) -> None:
    take_statement(office, account, until="2020-07-01", name="上半年.csv")
    path = account.statement(
        office.folder.with_name("全年.csv"), since="2020-06-01", newest_first=newest_first
    )
    file = the_file(office.run("import", path, "--json"))
    assert (file["rows"], file["entries"], file["duplicates"]) == (4, 2, 2)
    assert office.status()["cash"]["bank"] == "4501446.90"
    assert office.check() == []


def test_more_may_come_on_the_last_day(office: Office, account: Account) -> None:
    take_statement(office, account, name="一.csv")
    account.move("2020-11-05", "-10.00", "", "手续费")
    file = the_file(take_statement(office, account, since="2020-11-05", name="二.csv"))
    assert (file["entries"], file["duplicates"]) == (1, 2)
    assert office.check() == []


def test_statements_are_taken_by_their_days(office: Office, account: Account) -> None:
    late = account.statement(office.folder.with_name("a.csv"), since="2020-07-01")
    early = account.statement(office.folder.with_name("b.csv"), until="2020-06-30")
    files = office.run("import", late, early, "--json").json["files"]
    assert [file["entries"] for file in files] == [3, 2]
    assert office.check() == []


def test_a_gap_is_refused(office: Office, account: Account) -> None:
    take_statement(office, account, until="2020-05-31", name="五月.csv")
    refused = take_statement(office, account, since="2020-07-01", name="七月.csv")
    assert refused.status == 1
    assert "import the statement of the time between first" in refused.err
    assert "row 2" in refused.err and "1,221,525.40" in refused.err
    assert office.status()["cash"]["bank"] == "1220000.00"


def edit(lines: list[Movement], place: int, yuan: str) -> None:
    """Somebody changes an amount, and every balance after it so that it adds up."""
    changed = replace(lines[place], yuan=yuan)
    difference = changed.amount_fen - lines[place].amount_fen
    lines[place] = changed
    for later in range(place, len(lines)):
        balance = lines[later].balance_fen + difference
        lines[later] = replace(lines[later], balance_fen=balance)


def raised(lines: list[Movement]) -> None:
    edit(lines, 1, "2525.40")


def without_a_line(lines: list[Movement]) -> None:
    edit(lines, 1, "0.00")
    del lines[1]


def with_another_line(lines: list[Movement]) -> None:
    lines.insert(2, replace(lines[1], yuan="0.00", serial="S00099", who="某人"))
    edit(lines, 2, "1.00")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (raised, ["row 3", "1,525.40", "2,525.40", "an earlier statement shows"]),
        (without_a_line, ["a line is missing", "1,525.40"]),
        (with_another_line, ["row 4", "is not in them"]),
    ],
)
def test_an_edited_statement_is_refused(
    office: Office,
    account: Account,
    change: Callable[[list[Movement]], None],
    words: list[str],
) -> None:
    """Its own balances add up; what was imported before tells."""
    take_statement(office, account, until="2020-07-01", name="上半年.csv")
    before = office.events()
    path = account.statement(office.folder.with_name("改过.csv"), change=change)
    refused = office.run("import", path)
    assert refused.status == 1
    for word in words:
        assert word in refused.err
    assert office.events() == before


def test_an_amount_changed_by_a_fen_is_refused_at_its_row(office: Office, account: Account) -> None:
    def change(lines: list[Movement]) -> None:
        lines[2] = replace(lines[2], yuan="-12.51")

    path = account.statement(office.folder.with_name("改过.csv"), change=change)
    refused = office.run("import", path)
    assert refused.status == 1
    assert "row 4" in refused.err
    assert [path.name for path in office.events()] == ["000000-init.beancount"]


@pytest.mark.parametrize("on", ["2020-01-01", "2020-05-08"])
def test_what_was_in_the_bank_before_is_entered_by_hand(office: Office, on: str) -> None:
    account = Account(opening_fen=5_000_00)
    account.move("2020-05-08", "100.00", FINANCE_BUREAU, "普查经费")
    refused = take_statement(office, account)
    assert refused.status == 1
    assert "5,000.00" in refused.err and "opening balance" in refused.err
    office.hand(f'{on} * "期初余额"\n  {BANK}  5000.00 CNY\n  {APPROPRIATION}')
    assert the_file(take_statement(office, account))["entries"] == 1
    assert office.status()["cash"]["bank"] == "5100.00"
    assert office.check() == []


def test_a_line_that_was_entered_by_hand_is_not_entered_again(office: Office) -> None:
    office.receive(1_220_000, on="2020-05-07")
    account = funded_account()
    account.move("2020-05-09", "-5.00", "", "手续费")
    assert the_file(take_statement(office, account))["entries"] == 2
    assert office.status()["cash"]["bank"] == "1219995.00"
    assert office.status()["funds"][0]["received"] == "1220000.00"
    assert office.check() == []


def test_what_the_bank_has_not_paid_yet_waits_for_its_line(office: Office) -> None:
    """A cheque by hand: books and bank differ by it, and the next statement has it."""
    account = Account()
    account.move("2020-05-08", "1000.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-05-30", "-5.00", "", "手续费")
    office.hand(f'2020-05-20 * "打印店" "支票"\n  {BANK}  -300.00 CNY\n  {FEES}')
    assert the_file(take_statement(office, account, name="五月.csv"))["entries"] == 2
    assert "bank-had:" not in office.events()[-1].read_text(encoding="utf-8")
    account.move("2020-06-03", "-300.00", "打印店", "支票")
    account.move("2020-06-30", "2.00", "", "结息")
    assert the_file(take_statement(office, account, since="2020-06-01"))["entries"] == 2
    assert 'bank-had: "2020-06-30 ' in office.events()[-1].read_text(encoding="utf-8")
    assert office.status()["cash"]["bank"] == "697.00"
    assert office.check() == []


def test_an_entry_by_hand_among_lines_of_the_bank_says_what_to_do(
    office: Office, account: Account
) -> None:
    """A cheque is dated within the time of statements that are in; its line may come later."""
    take_statement(office, account)
    cheque = f'2020-{{day}} * "打印店" "支票"\n  {BANK}  -300.00 CNY\n  {FEES}'
    hand = office.folder / "journal" / "hand.beancount"
    before = hand.read_text(encoding="utf-8")
    office.hand(cheque.format(day="10-15"))
    (error,) = office.check()
    assert error["file"].startswith("events/")
    assert "1,221,512.90" in error["message"] and "from this day on" in error["message"]
    hand.write_text(before, encoding="utf-8", newline="\n")
    office.hand(cheque.format(day="11-05"))
    assert office.check() == []
    account.move("2020-11-08", "-300.00", "打印店", "支票")
    assert the_file(take_statement(office, account, name="二.csv"))["entries"] == 1
    assert office.status()["cash"]["bank"] == "4501146.90"
    assert office.check() == []


def test_another_account_is_refused(office: Office, account: Account) -> None:
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8").replace('number = ""', 'number = "4321"')
    settings.write_text(text, encoding="utf-8", newline="\n")
    path = account.statement(office.folder.with_name("流水.csv"))
    refused = office.run("import", of_account(path, "9012 3456 7890 1234"))
    assert refused.status == 1
    assert "1234" in refused.err and "4321" in refused.err
    assert "9012" not in refused.err


def of_account(path: Path, number: str) -> Path:
    """The bank says in a title of which account the statement is."""
    lines = path.read_text(encoding="utf-8-sig")
    path.write_text(f"账号,{number}\n{lines}", encoding="utf-8", newline="")
    return path


def test_statements_say_to_one_another_of_which_account_they_are(
    office: Office, account: Account
) -> None:
    """The settings say no number. The other account has the balance that would fit."""
    first = account.statement(office.folder.with_name("一.csv"), until="2020-06-30")
    answer = office.run("import", of_account(first, "9012 3456 7890 1234"))
    assert "the account that ends in 1234" in answer.out
    assert "9012" not in answer.out
    later = account.statement(office.folder.with_name("二.csv"), since="2020-07-01")
    refused = office.run("import", of_account(later, "9012 3456 7890 9999"))
    assert refused.status == 1
    assert "9999" in refused.err and "1234" in refused.err and "9012" not in refused.err
    account.statement(later, since="2020-07-01")
    answer = office.run("import", of_account(later, "****1234"))
    assert (answer.status, "ends in" in answer.out) == (0, False)


def test_a_number_in_the_settings_counts_before_that_of_the_statements(
    office: Office, account: Account
) -> None:
    first = account.statement(office.folder.with_name("一.csv"), until="2020-06-30")
    office.run("import", of_account(first, "9012345678901234"))
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8").replace('number = ""', 'number = "9999"')
    settings.write_text(text, encoding="utf-8", newline="\n")
    later = account.statement(office.folder.with_name("二.csv"), since="2020-07-01")
    assert office.run("import", of_account(later, "9012345678909999")).status == 0


def test_a_line_before_the_books_begin_is_refused_with_its_row(office: Office) -> None:
    account = Account()
    account.move("2019-12-20", "100.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-05-08", "100.00", FINANCE_BUREAU, "普查经费")
    refused = take_statement(office, account)
    assert refused.status == 1
    for words in ("row 2", "2019-12-20", "begin on 2020-01-01", "hand.beancount"):
        assert words in refused.err
    assert "census-ledger.toml" not in refused.err


def test_a_day_that_has_not_come_yet_is_refused_with_its_row(
    office: Office, account: Account
) -> None:
    """Once it is entered, no statement could follow, and no event is ever taken out."""
    account.move("2098-01-02", "5.00", "", "结息")
    refused = take_statement(office, account)
    assert refused.status == 1
    assert "row 7" in refused.err and "2098-01-02" in refused.err
    assert len(office.events()) == 1


@pytest.mark.parametrize(
    "barred",
    [
        BANK,
        "Assets:1021其他货币资金:01代发在途",
        "Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道",
        "Expenses:5001业务活动费用:01本级财政:30226劳务费:01两员补助:370481001荆河街道",
    ],
)
def test_a_rule_for_money_that_only_batches_move_is_refused(
    office: Office, account: Account, barred: str
) -> None:
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8").replace(INTEREST, barred)
    settings.write_text(text, encoding="utf-8", newline="\n")
    refused = take_statement(office, account)
    assert refused.status == 1
    assert barred in refused.err and "census-ledger.toml" in refused.err


def test_a_rule_for_an_account_that_is_not_open_is_refused(
    office: Office, account: Account
) -> None:
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8").replace(INTEREST, "Income:4605其他")
    settings.write_text(text, encoding="utf-8", newline="\n")
    refused = take_statement(office, account)
    assert refused.status == 1
    assert "Income:4605其他" in refused.err and "census-ledger.toml" in refused.err


def test_a_dry_run_writes_nothing(office: Office, account: Account) -> None:
    path = account.statement(office.folder.with_name("流水.csv"))
    file = the_file(office.run("import", path, "--dry-run", "--json"))
    assert file["entries"] == 5
    assert len(office.events()) == 1
    assert office.status()["cash"]["bank"] == "0.00"


def test_the_original_is_kept(office: Office, account: Account, tmp_path: Path) -> None:
    file = the_file(take_statement(office, account))
    with office.registry() as registry:
        assert file["sha256"] in registry.originals()


def test_no_account_number_enters_the_books(office: Office) -> None:
    account = Account()
    number = "6215210000012345678"
    account.move("2020-05-08", "100.00", FINANCE_BUREAU, f"普查经费 {number}", account=number)
    take_statement(office, account)
    text = office.events()[-1].read_text(encoding="utf-8")
    assert number not in text and "5678" in text


def test_an_excess_that_a_statement_reveals_is_written_and_reported(office: Office) -> None:
    """It keeps money from being paid, and no fact from being entered; a receipt heals it."""
    account = Account()
    account.move("2020-05-08", "900.00", FINANCE_BUREAU, "普查经费")
    account.move("2020-05-09", "-950.00", "", "手续费")
    office.register(1)
    file = the_file(take_statement(office, account, name="一.csv"))
    assert len(file["facts"]) == 2
    assert {error["code"] for error in office.check()} == {"fund_exceeded", "bank_below_zero"}
    assert office.disburse().status == 1
    account.move("2020-05-09", "10000.00", FINANCE_BUREAU, "普查经费")
    file = the_file(take_statement(office, account, name="二.csv"))
    assert file["facts"] == []
    assert office.check() == []
    assert office.disburse().status == 0


def test_the_answer_for_people(office: Office, account: Account) -> None:
    path = account.statement(office.folder.with_name("流水.csv"))
    answer = office.run("import", path)
    assert "5 new lines of 5" in answer.out
    assert "0.00 before, 4,501,446.90 after" in answer.out
    assert "某某商店" in answer.out and "census-ledger explain" in answer.out


FIXED = """
[[statement.layout]]
header = ["日子", "进", "出", "结存"]
date = "日子"
in = "进"
out = "出"
balance = "结存"
"""


def test_a_layout_of_the_settings_makes_a_file_a_statement(office: Office) -> None:
    """Nobody could know these headings."""
    path = office.folder.with_name("怪表.csv")
    path.write_text("日子,进,出,结存,谁\n2020-05-08,100.00,,100.00,财政局\n", encoding="utf-8")
    assert office.run("import", path).status == 1
    settings = office.folder / "census-ledger.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + FIXED, encoding="utf-8", newline="\n")
    file = the_file(office.run("import", path, "--json"))
    assert (file["kind"], file["entries"], file["closing"]) == ("statement", 1, "100.00")
