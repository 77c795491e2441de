"""The auditor's script: what it says of sound books, and that it finds whatever was done to them.

Every change of this page is one that ``check`` finds too, except where it says otherwise.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import audit as script
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.keys.signing import Signer
from ledger.keys.signing import public_key_of
from ledger.keys.signing import verify
from ledger.model.seal import grouped_seal
from tests.support.acting import new_books
from tests.support.auditor import SCRIPT
from tests.support.auditor import audit
from tests.support.auditor import chained_anew
from tests.support.auditor import edit
from tests.support.auditor import event
from tests.support.auditor import tell
from tests.support.ed25519_vectors import KEYS_OF_NOBODY
from tests.support.ed25519_vectors import OF_EIGHT
from tests.support.ed25519_vectors import ORDER
from tests.support.ed25519_vectors import PRIME
from tests.support.ed25519_vectors import RFC_8032
from tests.support.office import Office

pytestmark = pytest.mark.attacks

PAYABLE = "Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道"
RETURNED = "Liabilities:2307其他应付款:02退回:01本级财政"
PREPARED = "events/000001-prepared-B2020-001.beancount"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


@pytest.fixture
def office(told: Office, tmp_path: Path) -> Office:
    return told.copied(tmp_path)


# What it is.


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else names_of(node))
    }
    assert imported - {"__future__"} < sys.stdlib_module_names


def names_of(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def test_it_can_be_read_in_one_sitting() -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 1250


def test_it_leaves_the_books_alone(office: Office) -> None:
    before = everything_in(office.folder)
    assert audit(office.folder, "--list").status == 0
    assert everything_in(office.folder) == before


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


# Sound books.


def test_sound_books(told: Office) -> None:
    report = audit(told.folder)
    assert (report.status, report.findings) == (0, [])
    assert "没有发现问题" in report.text


def test_new_books(tmp_path: Path) -> None:
    new_books(tmp_path / "books", tmp_path / "key")
    report = audit(tmp_path / "books")
    assert (report.status, report.findings) == (0, [])
    assert "没有 payouts" in report.text


def test_what_paper_and_notes_are_compared_with(told: Office) -> None:
    """Rates, the seal of every batch, what it has come to, and HEAD."""
    text = audit(told.folder).text
    for batch in told.books().history.batches.values():
        (line,) = (line for line in text.splitlines() if line.startswith(f"批次 {batch.id} "))
        assert f"{batch.date} " in line
        assert f"校验码 {grouped_seal(batch.seal)}：" in line
    assert "已支付 4，退回 2，取消发放 1，待查 1" in text
    assert "标准 普查员 800.00（2020-01-10 起）" in text
    assert "12 人，已支付 4,800.00 元" in text
    assert f"HEAD {(told.folder / 'HEAD').read_text(encoding='ascii').strip()}" in text


def test_every_payment_is_listed_with_its_evidence(told: Office) -> None:
    """Who was paid, when, how much, and the digest of the very file in which the bank says so."""
    report = audit(told.folder, "--list")
    assert (report.status, len(report.payments)) == (0, 8 + 2 + 2 + 3)
    paid = next(row for row in report.payments if row["人员"] == "P000004")
    assert paid == {
        "批次": "B2020-001", "编制日期": "2020-11-10", "人员": "P000004", "姓名": "周一甲",
        "岗位": "普查员", "经费来源": "01本级财政", "镇街": "370481001荆河街道",
        "金额": "800.00", "代扣税": "0.00", "发放": "new", "状态": "已支付",
        "状态日期": "2020-11-14",
        "事件": "events/000004-result-B2020-001.beancount",
        "凭据": hashlib.sha256((told.folder.parent / "二.csv").read_bytes()).hexdigest(),
    }  # fmt: skip
    again = [row for row in report.payments if row["人员"] == "P000008"]
    assert [(row["批次"], row["发放"], row["状态"]) for row in again] == [
        ("B2020-001", "new", "退回"), ("B2020-002", "re-issue", "已支付"),
    ]  # fmt: skip
    cancelled = next(row for row in report.payments if row["人员"] == "P000006")
    assert (cancelled["状态"], cancelled["凭据"]) == ("取消发放", "不在岗")


def test_a_name_is_no_formula(office: Office) -> None:
    chained_anew(office, lambda books: edit(event(books, "prepared"), "周一甲", "=1+1"))
    payments = audit(office.folder, "--list").payments
    assert next(row for row in payments if row["人员"] == "P000004")["姓名"] == "'=1+1"


def test_without_the_papers_it_says_so(office: Office) -> None:
    (office.folder / "payouts").rename(office.folder.parent / "payouts")
    report = audit(office.folder)
    assert report.status == 0
    assert "没有 payouts：发放表和银行文件没有比对" in report.text


@pytest.mark.parametrize("path", ["nowhere", "empty", "file"])
def test_no_books(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty" / "events").mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"")
    report = audit(tmp_path / path)
    assert report.status == 2
    assert f"{path} 里没有账套" in report.text


# The chain.


def changed_byte(books: Path) -> None:
    edit(event(books, "prepared"), "周一甲", "周一乙")


def missing(books: Path) -> None:
    event(books, "submitted").unlink()


def missing_at_the_end(books: Path) -> None:
    event(books, "", -1).unlink()


def swapped(books: Path) -> None:
    one, other = event(books, "result"), event(books, "result", 1)
    contents = one.read_bytes(), other.read_bytes()
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])


def misnamed(books: Path) -> None:
    path = event(books, "prepared")
    path.rename(path.with_name("000001-submitted-B2020-001.beancount"))


def changed_at_the_end(books: Path) -> None:
    edit(event(books, "prepared", -1), "2020-11-23T", "2020-11-24T")


def changed_head(books: Path) -> None:
    path = books / "HEAD"
    path.write_text(f"13 {'0' * 64}\n", encoding="ascii")


def lost_head(books: Path) -> None:
    (books / "HEAD").unlink()


def head_of_another_event(books: Path) -> None:
    edit(books / "HEAD", "13 ", "11 ")


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (changed_byte, PREPARED),
        (missing, "events/000003-result-B2020-001.beancount"),
        (missing_at_the_end, "HEAD"),
        (swapped, "events/000003-result-B2020-001.beancount"),
        (misnamed, "events/000001-submitted-B2020-001.beancount"),
        (changed_head, "HEAD"),
        (lost_head, "HEAD"),
        (head_of_another_event, "HEAD"),
    ],
)
def test_a_broken_chain(office: Office, change: Callable[[Path], None], file: str) -> None:
    change(office.folder)
    report = audit(office.folder)
    assert report.status == 1
    assert (file, 1) in report.places
    assert "chain" in {error["code"] for error in office.check()}


def test_an_event_beyond_head_is_named(office: Office) -> None:
    """``check`` has moved HEAD by then: a command that was killed leaves it so."""
    path = event(office.folder, "", -2)
    head = f"12 {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
    (office.folder / "HEAD").write_text(head, encoding="ascii")
    report = audit(office.folder)
    assert report.places == {("HEAD", 1)}
    assert "命令中断也会这样" in report.text
    assert office.check() == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_event(told: Office, data: st.DataObject) -> None:
    """Whatever stands there instead: it is found, and nothing in it can stop the script."""
    paths = [*sorted((told.folder / "events").iterdir()), told.folder / "HEAD"]
    path = data.draw(st.sampled_from(paths))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    replaced = data.draw(st.integers(at, min(len(content), at + 40)))
    new = data.draw(st.binary(max_size=5) | st.sampled_from([b"\n\n", b'"', b"CNY", b"\xff"]))
    path.write_bytes(content[:at] + new + content[replaced:])
    try:
        changed = path.read_bytes() != content
        blank = path.name == "HEAD" and path.read_bytes().split() == content.split()
        assert script.main([str(told.folder)]) == (1 if changed and not blank else 0)
    finally:
        path.write_bytes(content)


# Batches and people, in a chain that fits.


def another_name_of_a_person(books: Path) -> None:
    edit(event(books, "prepared"), '^P000004\n  payee-id: "P000004"',
         '^P000013\n  payee-id: "P000013"')  # fmt: skip


def another_town(books: Path) -> None:
    for account in ("01两员补助", "01待发:01本级财政"):
        edit(event(books, "prepared"), f"{account}:370481001荆河街道", f"{account}:370481101洪绪镇")


def too_much(books: Path) -> None:
    edit(event(books, "prepared"), "  800.00 CNY", "  900.00 CNY")
    edit(event(books, "prepared"), "  -800.00 CNY", "  -900.00 CNY")
    edit(event(books, "prepared"), "6400.00 CNY", "6500.00 CNY")


def another_count(books: Path) -> None:
    edit(event(books, "prepared"), '"B2020-001" 8 ', '"B2020-001" 9 ')


def another_outcome(books: Path) -> None:
    edit(event(books, "result"), "paid=3", "paid=4")


def a_void_of_some(books: Path) -> None:
    path = event(books, "void")
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("\n2020-")], encoding="utf-8", newline="\n")


def not_balanced(books: Path) -> None:
    edit(event(books, "result"), "  2400.00 CNY", "  2400.01 CNY")


def of_another_day(books: Path) -> None:
    edit(event(books, "result", 1), '\n2020-11-14 * "荆河', '\n2020-11-13 * "荆河')


def before_it_was_sent(books: Path) -> None:
    path = event(books, "result", -1)
    text = path.read_text(encoding="utf-8").replace("2020-11-21", "2020-11-18")
    path.write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        (another_name_of_a_person, (PREPARED, 1), "各笔的摘要不是首行的 entries"),
        (another_town, (PREPARED, 1), "各笔的摘要不是首行的 entries"),
        (too_much, (PREPARED, 15), "发给 P000001 900.00，应为 800.00"),
        (another_count, (PREPARED, 1), "人数和金额不是分录的 8 人 6,400.00"),
        (another_outcome, (3, 1), "outcome 不是此后的 paid=3"),
        (a_void_of_some, (12, 1), "没有撤回批次中的全部人员"),
        (not_balanced, (3, 10), "不能有这样的分录"),
        (of_another_day, (4, 10), "日期或批次不是事件的"),
        (before_it_was_sent, (10, 10), "P000009 的日期倒退"),
    ],
)
def test_a_forged_event_in_a_chain_that_fits(
    office: Office, change: Callable[[Path], None], place: tuple[str | int, int], problem: str
) -> None:
    chained_anew(office, change)
    file, line = place
    if isinstance(file, int):
        file = f"events/{sorted((office.folder / 'events').iterdir())[file].name}"
    report = audit(office.folder)
    assert report.status == 1
    assert (file, line) in report.places
    assert problem in report.problems(file)
    assert (file, line) in {(error["file"], error["line"]) for error in office.check()}


def test_a_person_under_another_spelling_of_her_id(office: Office) -> None:
    """P0000001 would be somebody else to a program that does not look."""
    path = event(office.folder, "prepared", -1)
    text = path.read_text(encoding="utf-8").replace("P000012", "P0000001")
    chained_anew(office, lambda _books: write(path, text))
    assert "这条分录读不懂" in audit(office.folder).problems(f"events/{path.name}")


def test_a_void_that_puts_money_elsewhere(office: Office) -> None:
    """Whoever was to be paid again would be due anew. ``check`` leaves it to the next batch."""
    path = event(office.folder, "void")
    text = path.read_text(encoding="utf-8").replace(
        "Expenses:5001业务活动费用:01本级财政:30226劳务费:01两员补助:", f"{RETURNED}:"
    )
    chained_anew(office, lambda _books: write(path, text))
    report = audit(office.folder)
    assert (f"events/{path.name}", 7) in report.places
    assert "P000010 的补助此后不是退回" in report.problems(f"events/{path.name}")


def test_a_result_without_evidence(office: Office) -> None:
    """``check`` looks for the original in the registry only when the event names one."""
    path = event(office.folder, "result")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if "original:" not in line)
    chained_anew(office, lambda _books: write(path, text))
    assert "没有银行回盘文件的 SHA-256" in audit(office.folder).problems(
        "events/000003-result-B2020-001.beancount"
    )


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def test_rates_that_were_lowered_afterwards(office: Office) -> None:
    edit(office.folder / "rules.beancount", '"普查员" 800.00', '"普查员" 700')
    report = audit(office.folder)
    assert (PREPARED, 1) in report.places
    assert "B2020-001 记录的普查员标准不是规则里 2020-11-10 的" in report.problems(PREPARED)
    assert report.places == {(error["file"], error["line"]) for error in office.check()}


def test_a_rate_from_a_day_on(office: Office) -> None:
    """Old payments keep the rate of their day, and a void batch the one that it has recorded."""
    office.rule('2020-11-20 custom "census-rate" "普查员" 750.5 CNY "30226劳务费:01两员补助" ; 新')
    report = audit(office.folder)
    last = "events/000013-prepared-B2020-004.beancount"
    assert "标准 普查员 750.50（2020-11-20 起）" in report.text
    assert {file for file, _line in report.places} == {last}
    assert {error["file"] for error in office.check()} == {file for file, _ in report.places}


def test_a_rate_that_cannot_be_read(office: Office) -> None:
    office.rule('2020-12-01 custom "census-rate" "普查员" 800 USD "30226劳务费:01两员补助"')
    (finding,) = audit(office.folder).findings
    assert (finding[0], finding[2]) == ("rules.beancount", "这条规则读不懂")
    assert [(error["file"], error["line"]) for error in office.check()] == [finding[:2]]


# Papers and bank files.

BATCH = "payouts/B2020-001"
BANK_FILE = f"{BATCH}/B2020-001-本行-1.xlsx"


def changed_paper(books: Path) -> None:
    content = bytearray((books / BANK_FILE).read_bytes())
    content[-1] ^= 1
    (books / BANK_FILE).write_bytes(content)


def lost_paper(books: Path) -> None:
    (books / BANK_FILE).unlink()


def another_paper(books: Path) -> None:
    (books / BATCH / "B2020-001-本行-2.xlsx").write_bytes(b"more")


def changed_manifest(books: Path) -> None:
    edit(books / BATCH / "manifest.json", "本行", "他行")


def lost_manifest(books: Path) -> None:
    (books / BATCH / "manifest.json").unlink()


def strange_batch(books: Path) -> None:
    (books / "payouts" / "B2020-009").mkdir()


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (changed_paper, BANK_FILE),
        (lost_paper, BANK_FILE),
        (another_paper, f"{BATCH}/B2020-001-本行-2.xlsx"),
        (changed_manifest, f"{BATCH}/manifest.json"),
        (lost_manifest, f"{BATCH}/manifest.json"),
        (strange_batch, "payouts/B2020-009"),
    ],
)
def test_papers_that_are_not_the_batchs(
    office: Office, change: Callable[[Path], None], file: str
) -> None:
    change(office.folder)
    assert audit(office.folder).places == {(file, 1)}
    assert [error["file"] for error in office.check()] == [file]


def test_a_seal_that_the_manifest_has_not(office: Office) -> None:
    path = event(office.folder, "prepared")
    rows = path.read_text(encoding="utf-8").partition('  rows: "')[2][:64]
    chained_anew(office, lambda _books: edit(path, rows, "0" * 64))
    assert audit(office.folder).problems(f"{BATCH}/manifest.json") == "校验码不是批次的"


# Everything else in the folder.


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            '2020-11-25 * "发" #census-subsidy\n  {bank}  -800.00 CNY\n  {training}', id="tag"
        ),
        pytest.param('2020-11-25 * "发" ^P000001\n  {bank}  -800.00 CNY\n  {training}', id="link"),
        pytest.param(
            '2020-11-25 * "发"\n  {bank}  -800.00 CNY\n  {payable}', id="payable"
        ),
        pytest.param(
            '2020-11-25 * "发"\n  {bank}  -800.00 CNY\n'
            "  Expenses:5001业务活动费用:01本级财政:30226劳务费:01两员补助:370481001荆河街道",
            id="expense",
        ),
        pytest.param("2020-01-02 pad {payable} {bank}", id="pad"),
        pytest.param('2020-11-25 custom "census-event" 14 "released"', id="event"),
    ],
)  # fmt: skip
def test_a_subsidy_by_hand(office: Office, text: str) -> None:
    bank, training = (
        "Assets:1002银行存款:01滕州农商行", "Expenses:5001业务活动费用:01本级财政:30216培训费",
    )  # fmt: skip
    first = office.hand(text.format(bank=bank, training=training, payable=PAYABLE))
    report = audit(office.folder)
    assert report.status == 1
    assert {file for file, _line in report.places} == {"journal/hand.beancount"}
    assert min(report.places)[1] in range(first, first + 3)
    assert office.check() != []


def test_a_subsidy_in_a_statement(office: Office) -> None:
    path = event(office.folder, "statement")
    edit(path, "Assets:1021其他货币资金:01代发在途", PAYABLE)
    chained_anew(office, lambda _books: None)
    (finding,) = audit(office.folder).findings
    assert finding[0] == f"events/{path.name}"
    assert finding[2] == "补助只能在批次的事件里"
    assert finding[0] in {error["file"] for error in office.check()}


def test_other_entries_by_hand_are_no_business_of_it(office: Office) -> None:
    """Debits of a batch may be entered by hand, and so may anything that is no subsidy."""
    office.hand(
        '2020-11-24 * "代发" ^B2020-004\n  Assets:1021其他货币资金:01代发在途  2400.00 CNY\n'
        "  Assets:1002银行存款:01滕州农商行  -2400.00 CNY"
    )
    office.hand(f"2020-12-31 balance {PAYABLE}  -2400.00 ~ 0.00 CNY")
    office.hand(f"; {PAYABLE}：见 P000001")
    assert audit(office.folder).findings == []
    assert office.check() == []


def test_a_file_that_the_books_do_not_include(office: Office) -> None:
    """``check`` does not see it, and neither does Fava."""
    stray = office.folder / "journal" / "old.beancount"
    stray.write_text('2020-11-25 * "发" #census-subsidy ^P000001\n', encoding="utf-8")
    assert audit(office.folder).findings == [("journal/old.beancount", 1, "补助只能在批次的事件里")]
    assert office.check() == []


@pytest.mark.parametrize("pattern", ["../more.beancount", "/tmp/more.beancount", "notes.txt"])
def test_files_that_it_does_not_look_at(office: Office, pattern: str) -> None:
    """``check`` sees what is in them."""
    line = office.hand(f'include "{pattern}"')
    assert audit(office.folder).findings == [("journal/hand.beancount", line, "包含的文件没有检查")]


# Signatures.


@pytest.mark.parametrize(("_seed", "public", "message", "signature"), RFC_8032)
def test_signatures_that_the_standard_publishes(
    _seed: str, public: str, message: str, signature: str
) -> None:
    content = bytes.fromhex(message)
    assert script.verify_signature(public, content, signature)
    assert not script.verify_signature(public, content + b"x", signature)
    for strange in ("", signature[:-1], signature + "0", signature.upper(), f"{signature}\n"):
        assert not script.verify_signature(public, content, strange)
        assert not script.verify_signature(strange[:64], content, signature)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(0))
@settings(max_examples=40, deadline=None)
def test_a_signature_is_judged_as_by_the_ledger(seed: bytes, digest: bytes, bit: int) -> None:
    signer = Signer("O01", seed)
    signature = signer.sign(digest)
    assert script.verify_signature(signer.public, digest, signature)
    changed = bytearray.fromhex(signer.public + signature)
    changed[bit // 8 % 96] ^= 1 << bit % 8
    public, other = changed[:32].hex(), changed[32:].hex()
    assert not script.verify_signature(public, digest, other)
    assert not verify(public, digest, other)


def test_keys_of_nobody_are_judged_as_by_the_ledger() -> None:
    """Of such a key anybody makes signatures; OpenSSL takes them."""
    nothing = "01" + "00" * 63
    for public in KEYS_OF_NOBODY:
        for digest in (bytes([number]) * 32 for number in range(4)):
            assert not script.verify_signature(public, digest, nothing)
            assert not verify(public, digest, nothing)


def test_a_key_that_is_half_of_nobody_is_judged_as_by_the_ledger() -> None:
    """A key plus a point of eight: some digests verify, and both have to say which."""
    seed = bytes(range(32))
    x, y, z, _t = script.added(point(public_key_of(seed)), small_point(OF_EIGHT))
    inverse = pow(z, -1, PRIME)
    public = (y * inverse % PRIME + (x * inverse % PRIME % 2 << 255)).to_bytes(32, "little").hex()
    secret = (
        int.from_bytes(hashlib.sha512(seed).digest()[:32], "little") % 2**254 >> 3 << 3 | 2**254
    )
    verdicts = set()
    for number in range(40):
        digest = bytes([number]) * 32
        nonce = bytes([number + 1]) * 32
        # R is that of another key, whose secret is known: so this is a signature by hand.
        r = public_key_of(nonce)
        k = (
            int.from_bytes(hashlib.sha512(nonce).digest()[:32], "little") % 2**254 >> 3 << 3
            | 2**254
        )
        h = int.from_bytes(hashlib.sha512(bytes.fromhex(r + public) + digest).digest(), "little")
        s = (k + h % ORDER * secret) % ORDER
        signature = r + s.to_bytes(32, "little").hex()
        verdict = script.verify_signature(public, digest, signature)
        assert verdict == verify(public, digest, signature)
        verdicts.add(verdict)
    assert verdicts == {True, False}


def point(public: str) -> tuple[int, int, int, int]:
    found = script.point_of(bytes.fromhex(public))
    assert found is not None
    return found


def small_point(text: str) -> tuple[int, int, int, int]:
    """A point of which eight are nothing, which the script does not take for a key."""
    y = int.from_bytes(bytes.fromhex(text), "little")
    square = (y * y - 1) * pow(script.D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    return x, y, 1, x * y % PRIME


# Whatever is in the folder.


def nothing_in_an_event(books: Path) -> None:
    event(books, "prepared").write_bytes(b"")


def bytes_in_an_event(books: Path) -> None:
    event(books, "prepared").write_bytes(bytes(range(256)) * 100)


def another_encoding(books: Path) -> None:
    path = event(books, "prepared")
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))


def a_long_line(books: Path) -> None:
    text = "x\\" * 2_000_000
    event(books, "prepared").write_text(f'2020-11-10 * "{text}', encoding="utf-8")


def many_lines(books: Path) -> None:
    event(books, "prepared").write_text("  a: 1.00\n" * 300_000, encoding="utf-8")


def large_numbers(books: Path) -> None:
    edit(event(books, "prepared"), '"B2020-001" 8 ', f'"B2020-001" {"9" * 5000} ')


def a_folder_as_event(books: Path) -> None:
    (books / "events" / "000014-released.beancount").mkdir()


def a_stray_file(books: Path) -> None:
    (books / "events" / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")


def a_manifest_that_is_none(books: Path) -> None:
    text = "[" * 100_000
    (books / BATCH / "manifest.json").write_text(text, encoding="ascii")
    path = event(books, "prepared")
    old = path.read_text(encoding="utf-8").partition('manifest: "')[2][:64]
    edit(path, old, hashlib.sha256(text.encode("ascii")).hexdigest())


def no_rules(books: Path) -> None:
    (books / "rules.beancount").unlink()


def binary_rules(books: Path) -> None:
    (books / "rules.beancount").write_bytes(b"\xff\xfe\x00" * 1000)


def loops(books: Path) -> None:
    (books / "loop").symlink_to(books, target_is_directory=True)
    (books / "events" / "000014-released.beancount").symlink_to("000014-released.beancount")


def a_pipe(books: Path) -> None:
    os.mkfifo(books / "events" / "000014-released.beancount")


def a_name_in_no_encoding(books: Path) -> None:
    Path(os.fsdecode(os.fsencode(books / "events") + b"/000014-\xff.beancount")).write_bytes(b"")


CHAOS = [
    nothing_in_an_event, bytes_in_an_event, another_encoding, a_long_line, many_lines,
    large_numbers, a_folder_as_event, a_stray_file, a_manifest_that_is_none, no_rules, binary_rules,
]  # fmt: skip
if sys.platform == "linux":
    CHAOS += [loops, a_pipe, a_name_in_no_encoding]


@pytest.mark.parametrize("change", CHAOS)
def test_whatever_lies_there_is_a_finding(office: Office, change: Callable[[Path], None]) -> None:
    change(office.folder)
    report = audit(office.folder, "--list")
    assert report.status == 1
    assert report.findings


def test_events_that_are_a_loop(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("needs symbolic links")
    (tmp_path / "events").symlink_to("events")
    assert audit(tmp_path).status == 2
