"""查账：不借助 census-ledger，检查它的账套。

An auditor's check of the books of census-ledger, with no line of code in common with it. It is made
to be read, by auditors in China, and so speaks Chinese; docs/handbook.md has it in English.

    python audit.py 账套            问题一条一行（文件:行号: 问题），然后是汇总
    python audit.py 账套 --list     另把每一笔发放写成 CSV：付给谁、多少钱、何时、凭什么
    python audit.py 账套 --fingerprint 指纹     与保险柜里那张纸上的指纹比对

退出码：0 没有发现问题，1 发现问题，2 没有账套。只读文件，只用标准库，Python 3.8 起可用。
用之前请读一遍：从 main 往下读，每个 must 是一项检查，先写须怎样，再写否则是什么问题。

账套是 UTF-8 文本（加密的人员登记库不打开）。动钱的每件事是一个事件，一个文件，例如
events/000004-result-B2020-001.beancount，首行是日期、序号、种类、批次、人数、金额：

    2020-10-22 custom "census-event" 4 "result" "B2020-001" 2 1600.00 CNY
      previous: "上一事件文件的 SHA-256"      HEAD 里是最新事件的序号和 SHA-256
      original: "银行回盘文件的 SHA-256"      可以向银行另要一份来比对

    2020-10-22 * "荆河街道 2 人" "两员补助 已支付" #census-subsidy ^B2020-001 ^P000001 ^P000002
      Liabilities:2307其他应付款:01待发:01本级财政:370481001荆河街道  1600.00 CNY
      Assets:1021其他货币资金:01代发在途  -1600.00 CNY
        batch: "B2020-001"

一个人的补助任何时候都只在一处：费用科目（未发）、01待发（代发中）、01代发在途（已支付）、02退回、
03待查。一条分录把 ^P… 各人的补助从借方科目移到贷方科目；哪类事件可以怎样移动，见下面的 MOVES。
编制批次（prepared）的首行另有三个 SHA-256：entries 是各笔的摘要的，每笔一行，排过序；rows 是登记库
所存明细的；manifest 是 payouts/批次/manifest.json 的，那里又有各发放表和银行文件的；asks 是要求谁
审核、审批，每次是一个 approved 事件，由编制人以外不同的人签这三个 SHA-256。纸上的校验码是
“entries rows 日期 salt”的 SHA-256 的前 16 位。各岗位的标准，首行的 rates 是编制时的，各笔须与它
相同；没有作废的，它和 asks 又须与 rules.beancount 里那一天的相同。冲销（reversed）与 reverses
所指的事件借贷相反，两个事件此后都不计入。建账前已付（paid-before）不属于批次，一人一条分录，日期是付款
那天，借费用、贷经费来源的收入，不动银行存款，document 是付款凭证；连同在它之前列支的，各阶段
合计不超过限额。月份按次序结账（closed），只有最后结账的可以重开（reopened）；结了账的月份里不再有
新的，事件以外的交易、余额断言和规则与结账时的摘要 outside 相符。attached 把签了字、扫描好的
名单归档到批次，original 是它的 SHA-256，一份名单只归档一次。

不检查：登记库和 rows 本身；预算、经费来源和银行存款的额度；放行是否应当；对账单和手工分录，只看它们
不动补助。每个事件都有操作员的签名；没有操作员的密钥，改不了也加不了。有人从头另做一套账，签名是另一些人的：
请用 --fingerprint 与纸上的指纹相比，再与纸上的校验码、早先抄下的 HEAD 相比。
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import stat
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from functools import lru_cache
from functools import partial
from hashlib import sha256
from hashlib import sha512
from pathlib import Path
from typing import Any
from unicodedata import category

TRANSIT = "Assets:1021其他货币资金:01代发在途"
PAYABLE = "Liabilities:2307其他应付款"
TAX = "Liabilities:2102其他应交税费:01个人所得税"
# 一个人一个月的劳务报酬合并为一次（个人所得税法实施条例第十四条），按国家税务总局公告2018年第61号
# 第八条和预扣率表二预扣：4000 元以下减除 800 元，以上减除两成；20%，20000 元以上 30% 减 2000 元，
# 50000 元以上 40% 减 7000 元。
TAX_FROM, LABOUR = "2019-01-01", "劳务报酬"
TAX_CLASSES = (LABOUR, "工资薪金", "不征税")
PLACES = {"01待发": "代发中", "02退回": "退回", "03待查": "待查"}
MOVES = {
    "prepared": "未发→代发中 退回→代发中",
    "result": "代发中→已支付 代发中→退回 代发中→待查 待查→已支付 待查→退回 已支付→退回",
    "void": "代发中→未发 代发中→退回",
    "cancelled": "退回→未发",
    **dict.fromkeys(("approved", "submitted", "attached", "reversed"), ""),
}
BEFORE = "paid-before"
REVERSIBLE = f"result released cancelled statement explained workload attached {BEFORE}".split()
RUNNING = "operator accepted closed reopened"
OF_NO_BATCH = f"init released statement explained reversed workload {BEFORE} {RUNNING}".split()
# 每类事件由担任哪个角色（之一）的操作员签名；首个事件由它自己指定的操作员签名；O00 只能指定操作员。
SIGNERS = {
    "管理": RUNNING,
    "审核 审批": "approved",
    "出纳": "submitted result",
    "经办": f"prepared void released cancelled statement explained workload attached {BEFORE}",
}
SIGNED_BY = {kind: roles for roles, kinds in SIGNERS.items() for kind in kinds.split()}
OUTCOME = {"已支付": "paid", "退回": "returned", "待查": "unknown", "代发中": "in_bank"}
ENDED = {"void": "作废", "cancelled": "取消发放"}

# 事件文件由空行分成几段：首行和附注是一段，每条分录是一段。每段都须是下面的形式，一字不差。
DAY = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
TEXT = r'"[^"\\\n\udc80-\udcff]*(?:\\.[^"\\\n\udc80-\udcff]*)*"'  # 后者是不合 UTF-8 的字节
MONEY = r"[0-9]{1,13}\.[0-9]{2}"
QUANTITY = r"(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{0,2}[1-9])?"
ACCOUNT = r"[A-Z][a-z]+(?::[\w-]+)+"
BATCH = "B[0-9]{4}-(?:[0-9]{3}|[1-9][0-9]{3,6})"
PAYEE, NUMBER = "P(?:[0-9]{6}|[1-9][0-9]{6,8})", "[0-9]{1,9}"
HEADER = re.compile(
    rf'(?P<day>{DAY}) custom "census-event" (?P<seq>{NUMBER}) "(?P<kind>[a-z-]+)"'
    rf'(?: "(?P<batch>{BATCH})?"(?: (?P<count>{NUMBER}) (?P<amount>{MONEY}) CNY)?)?'
    rf"(?:\n  (?:[a-z-]+|p[0-9]{{6,9}}): {TEXT})*"
)
# 工作量表的一行：某人的数量或金额，以及扣减；只在表上、不计数量的写 listed。
WORK = re.compile(
    rf"(?:quantity=(?P<quantity>[0-9]{{1,7}}(?:\.[0-9]{{1,3}})?)|amount=(?P<amount>{MONEY})|listed)"
    rf"(?: deduction=(?P<off>{MONEY}))?"
)
ENTRY = re.compile(
    rf"(?P<day>{DAY}) \* (?P<name>{TEXT}) {TEXT} #census-subsidy"
    rf"(?: \^(?P<batch>{BATCH}))?(?P<payees>(?: \^{PAYEE})+)"
    rf'(?:\n  payee-id: "(?P<payee>{PAYEE})")?(?:\n  role: "(?P<role>\w+)")?'
    rf'(?:\n  stage: "(?P<stage>S[1-9][0-9]?)")?(?:\n  quantity: "(?P<quantity>{QUANTITY})")?'
    rf'(?:\n  rate: "(?P<rate>{MONEY})")?(?:\n  deduction: "(?P<deduction>{MONEY})")?'
    rf"(?:\n  document: (?P<paper>{TEXT}))?"
    rf"(?:\n  reason[a-z-]*: {TEXT})*"
    rf'\n  (?P<debit>{ACCOUNT})  (?P<amount>{MONEY}) CNY(?:\n    batch: "(?P=batch)")?'
    rf'\n  (?P<credit>{ACCOUNT})  -(?P<credited>{MONEY}) CNY(?:\n    batch: "(?P=batch)")?'
    rf"(?:\n  {TAX}  (?P<tax>-?{MONEY}) CNY)?"
)
BANK_LINE = re.compile(
    rf"{DAY} [*!] {TEXT} {TEXT}(?: \^(?:L[0-9a-f]{{12}}|{PAYEE}))+"
    rf"(?:\n  [a-z-]+: (?:{TEXT}|-?{MONEY}|{DAY}))*"
    rf'(?:\n  {ACCOUNT}  -?{MONEY} CNY(?:\n    batch: "{BATCH}")?)*'
)
# 账套是数据。Beancount 和 Fava 会执行文本里写的插件、扩展、导入配置，有的选项会关掉检查，所以手写的
# 文件里只许有下面这些行；此外凡是像插件、选项、包含、自定义指令的文字，即使在注释和引号里，也报告。
WORDS = "plugin|option|include|custom|document|filename|lineno"
SHOWING = (
    "auto-reload|currency-column|fiscal-year-end|indent|language|locale|sidebar-show-queries"
    "|upcoming-events|(?:account|invert|show|uptodate)-[a-z-]+"
)
SHOWN = "(?:[Tt]rue|[Ff]alse|[0-9]{1,3}|[0-9]{2}-[0-9]{2}|[A-Za-z]{2,3}(?:_[A-Za-z]{2,4})?)"
ALLOWED = (
    rf'option "title" "(?![^"]*(?:{WORDS}))[^"\\\n]*"',
    r'option "operating_currency" "CNY"',
    r'plugin "ledger\.plugin"',
    r'include "\w[\w/-]*\*?[\w-]*\.beancount"',
    rf'{DAY} custom "fava-option" "(?:{SHOWING})" "{SHOWN}"',
    rf'{DAY} custom "fava-option" "default-file" "journal/hand\.beancount"',
    rf'{DAY} custom "fava-option" "default-page" "[a-z_]+/"',
    rf'{DAY} custom "census-books" 3',
)
ALLOWED_LINE = re.compile(rf"^(?:{'|'.join(ALLOWED)})[ \t]*$", re.MULTILINE)
RULES = "census-(?:fund|budget|stage|rate|limit|commitment|approval|tax)"
STRANGE = re.compile(
    r'(?P<plugin>plugin\s*")|(?P<option>option\s*")|(?P<include>include\s*")'
    rf'|(?P<custom>custom\s*"(?!{RULES}"))'
    r"|(?P<key>(?:filename|lineno)\s*:)"
    r'|(?P<document>document\s+\S+\s*"(?:[/.~]|\w:|payouts|registry|[^"]*(?:\.\.|\\)))'
)
SAID = {
    "plugin": "插件会被执行，不是本账套的",
    "option": "选项不是本账套的，可能关掉检查",
    "include": "包含的文件没有检查",
    "custom": "自定义指令不是本账套的",
    "key": "附注冒充分录的文件或行号",
    "document": "附件不在 journal、statements、reports 里",
}
# 事件以外、与结账时的摘要比对的：交易、余额断言、规则，和写在下面的分录行、附注。
NUM = r"-?[0-9][0-9,]*(?:\.[0-9]*)?"
VALUE = rf"{TEXT}|{ACCOUNT}|{DAY}|{NUM}(?: +CNY)?|TRUE|FALSE"
OUTSIDE = re.compile(
    rf"(?P<day>{DAY}) +(?:(?P<flag>[*!]|txn)(?P<words>(?: +{TEXT}){{1,2}})"
    rf"(?P<signs>(?: +[#^][\w./-]+)*)|balance +(?P<account>{ACCOUNT}) +(?P<amount>{NUM})"
    rf'(?: *~ *(?P<near>{NUM}))? +CNY|custom +"(?P<rule>{RULES})"(?P<values>(?: +(?:{VALUE}))*))'
)
COUNTS = re.compile(rf'[0-9]{{4}}[-/]\S+ +(?:[*!]|txn|balance|custom +"{RULES}")|push|pop')
BELOW = re.compile(
    rf"(?P<account>{ACCOUNT})(?: +(?P<amount>{NUM}) +CNY)?"
    rf"|(?P<key>[a-z][\w-]*): *(?P<value>{VALUE})"
)
FIGURE = r"([0-9]{1,9}(?:\.[0-9]{1,2})?)\s+CNY"
STAGE = re.compile(
    rf'({DAY})\s+custom\s+"census-stage"\s+"(S[1-9][0-9]?)"\s+"([^"]+)"\s+"(fixed|per-unit|listed)"'
    r'(?:\s+"([^"]+)")?\s*(?:;.*)?'
)
RATE = re.compile(
    rf'({DAY})\s+custom\s+"census-rate"\s+"([^"]+)"(?:\s+"(S[1-9][0-9]?)")?\s+{FIGURE}'
    r'\s+"([^"]+)"\s*(?:;.*)?'
)
RECORDED = re.compile(
    r"([^\s:=]+):([^\s=,]+)=([0-9]{1,9})(?:,(per-unit|listed))?"
    r"(?:,min=([0-9]{1,11}))?(?:,max=([0-9]{1,11}))?(,only-listed)?"
)
BOUND = re.compile(rf"\s+(?:(minimum|maximum): *{FIGURE}|(listed): *(TRUE|FALSE))\s*(?:;.*)?")
LIMIT = re.compile(rf'({DAY})\s+custom\s+"census-limit"\s+"([^"]+)"\s+{FIGURE}\s*(?:;.*)?')
APPROVAL = re.compile(
    rf'({DAY})\s+custom\s+"census-approval"\s+([0-9]{{1,12}}(?:\.[0-9]{{1,2}})?)\s+CNY'
    r'((?:\s+"(?:审核|审批)")*)\s*(?:;.*)?'
)
TAX_CLASS = re.compile(
    rf'({DAY})\s+custom\s+"census-tax"\s+"([^"]+)"\s+"({"|".join(TAX_CLASSES)})"\s*(?:;.*)?'
)
DIGESTS = ("entries", "rows", "manifest")


@dataclass
class Rate:
    """rules.beancount 里一个岗位在一个阶段的标准。"""

    role: str
    stage: str
    day: str
    fen: int
    item: str
    kind: str = "fixed"
    least: int = 0
    most: str = ""
    listed: bool = False

    def due(self, entry: re.Match[str]) -> int:
        """一笔应发多少分，扣减以后；写法不合的是 0。"""
        quantity, rate, deduction = entry.group("quantity", "rate", "deduction")
        unit = fen_of(rate or "0")
        fits = bool(quantity) == (self.kind == "per-unit") and quantity != "0"
        fits = fits and bool(rate) == (self.kind != "fixed") and deduction != "0.00"
        fits = fits and (unit == self.fen if self.kind == "per-unit" else unit <= self.fen)
        fen = self.owed(quantity or "0", unit) - fen_of(deduction or "0")
        return max(0, fen) if fits else 0

    def before(self, said: re.Match[str] | None) -> tuple[int, int]:
        """建账前可以付过多少分，最少、最多：定额，或表上工作量应发的；表上还没有的，不超过标准。"""
        if said is None or (said["quantity"] and not Decimal(said["quantity"])):
            most = int(self.most or 0) if self.kind == "per-unit" else self.fen
            return (most if self.kind == "fixed" and not self.listed else 0), most
        fen = self.owed(said["quantity"] or "0", fen_of(said["amount"] or "0"))
        fen -= fen_of(said["off"] or "0")
        return fen, fen

    def owed(self, quantity: str, amount: int) -> int:
        """应发多少分，还没有扣减：定额，表上列明的，或标准乘数量，四舍五入到分，在最低、最高之间。"""
        if self.kind != "per-unit":
            return amount if self.kind == "listed" else self.fen
        exact = (self.fen * Decimal(quantity)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        fen = max(self.least, int(exact))
        return min(fen, int(self.most or fen))

    def recorded(self) -> str:
        """编制批次时首行 rates 里的写法。"""
        parts = [f"{self.role}:{self.item}={self.fen}"]
        parts += [self.kind] if self.kind != "fixed" else []
        parts += [f"min={self.least}"] if self.least else []
        parts += [f"max={self.most}"] if self.most else []
        return ",".join([*parts, *(["only-listed"] if self.listed else [])])


@dataclass
class Payment:
    """一个批次发给一个人的一笔。"""

    entry: re.Match[str]
    owner: str  # 经费来源:镇街
    item: str  # 列支的科目和明细
    fen: int  # 银行付多少分
    tax: int  # 代扣了多少分
    due: int  # 应发多少分
    kind: str  # new 新发，re-issue 重发，before 建账前已付
    state: str
    event: Event  # 凭它成为现在的状态
    tax_class: str  # 岗位在个人所得税上是什么
    first: Payment | None = None  # 重发的，最初的那一笔
    gone: bool = False  # 作废，或取消发放
    listed: bool = True  # 工作量是编制时工作量表上的

    def day(self) -> str:
        return max(self.event.head["day"], self.entry["day"])

    def digest_line(self) -> str:
        fund, _, town = self.owner.partition(":")
        codes = [re.sub("[^0-9].*", "", name) for name in (town, fund)]
        parts = [*self.entry.group("payee", "role"), *codes, self.item.partition(":")[0]]
        stage, quantity, deduction = self.entry.group("stage", "quantity", "deduction")
        work = [stage or "", quantity or "", fen_of(deduction or "0"), self.tax]
        parts += [self.fen, self.kind, *(work if any(work) else [])]
        return "|".join(map(str, parts))


@dataclass
class Event:
    """一个事件文件：首行，附注，分录和行号。编制批次的事件也代表批次，payments 是各人的一笔，due 是
    规则要求谁审核、审批，approvals 是已经审核、审批的角色和操作员。"""

    file: str
    head: re.Match[str]
    facts: dict[str, str]
    entries: list[tuple[int, re.Match[str]]]
    payments: dict[str, Payment]
    due: list[str] = field(default_factory=list)
    approvals: dict[str, str] = field(default_factory=dict)

    def asks(self) -> list[str]:
        return self.facts.get("asks", "").split()

    def missing(self) -> list[str]:
        return [role for role in self.asks() if role not in self.approvals]

    def seal(self) -> str:
        facts = " ".join(self.facts.get(name, "") for name in ("entries", "rows"))
        sealed = f"{facts} {self.head['day']} {self.facts.get('salt', '')}"
        return sha256(sealed.encode("utf-8", "replace")).hexdigest()[:16]

    def stage(self) -> str:
        return self.facts.get("stage", "S1")

    def limits(self) -> dict[str, str]:
        """编制时各岗位各阶段合计的限额，分。"""
        return dict(re.findall(r"([^\s=]+)=([0-9]{1,11})", self.facts.get("limits", "")))

    def rates(self) -> dict[str, Rate]:
        """编制时本阶段各岗位的标准。"""
        found: dict[str, Rate] = {}
        for text in self.facts.get("rates", "").split(" "):
            said = RECORDED.fullmatch(text)
            if said:
                role, item, fen, kind, least, most, listed = said.groups()
                kind, stage = kind or "fixed", self.stage()
                bounds = int(least or 0), most or "", bool(listed)
                found[role] = Rate(role, stage, "", int(fen), item, kind, *bounds)
        return found

    def tax_classes(self) -> dict[str, str]:
        """编制时各岗位在个人所得税上是什么。"""
        return dict(re.findall(r"([^\s=]+)=([^\s=]+)", self.facts.get("tax-classes", "")))

    def states(self) -> Counter[str]:
        return Counter(payment.state for payment in self.payments.values())

    def evidence(self) -> str:
        """银行文件的 SHA-256，或者银行拒收、取消发放的原因。"""
        return next(filter(None, map(self.facts.get, ("original", "bank-refused", "reason"))), "")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="不借助 census-ledger，检查它的账套。")
    parser.add_argument("books", metavar="账套", type=Path)
    parser.add_argument("--list", action="store_true", help="另把每一笔发放写成 CSV")
    parser.add_argument("--fingerprint", metavar="指纹", help="纸上的指纹，须与账套的相同")
    options = parser.parse_args(arguments)
    audit = Audit(Path(os.path.realpath(options.books)))
    if not audit.names_in("events"):
        print(f"{options.books} 里没有账套：文件夹 events 没有，打不开，或是空的", file=sys.stderr)
        return 2
    audit.read_rules()
    audit.read_chain()
    audit.read_reversals()
    for event in audit.events:
        audit.take(event)
    if options.fingerprint:
        same = re.sub("[^0-9a-f]", "", options.fingerprint.lower()) == audit.fingerprint()
        problem = f"账套的指纹是 {audit.fingerprint()}，不是纸上的：是另做的一套"
        audit.must("events", 1, same, problem)
    audit.check_months()
    audit.check_asks()
    audit.check_receipts()
    audit.check_rates()
    audit.check_limits()
    audit.check_payouts()
    audit.check_other_files()
    if options.list:
        sys.stdout.buffer.write(csv_of(audit).encode("utf-8-sig", "backslashreplace"))
    print(report_of(audit), file=sys.stderr if options.list else sys.stdout, flush=True)
    return 1 if audit.findings else 0


@dataclass
class Operator:
    """谁可以签名：公钥、角色；停用以后的事件不能再签。"""

    key: str
    roles: list[str]
    retired: bool = False


class Audit:
    """读到了什么，发现了什么问题。"""

    def __init__(self, books: Path) -> None:
        self.books = books
        self.findings: list[str] = []
        self.stages: dict[str, str] = {}  # 各阶段：fixed 定额、per-unit 按量、listed 按表
        self.begun: dict[str, str] = {}  # 各阶段的起始日
        self.rates: list[Rate] = []
        self.limits: list[tuple[str, str, int]] = []  # 起始日、岗位、各阶段合计不超过多少分
        self.items: set[str] = set()  # 列支过补助的科目和明细
        self.taxes: list[tuple[str, str, str]] = []  # 起始日、岗位、在个人所得税上是什么
        self.approvals: list[tuple[str, int, list[str]]] = []  # 起始日、从多少分起、角色
        self.events: list[Event] = []
        self.head = ""
        self.batches: dict[str, Event] = {}
        self.people: dict[str, list[Payment]] = {}
        self.before: list[Event] = []  # 建账前已付
        self.submitted: set[str] = set()
        self.reversed: set[str] = set()
        self.work: dict[str, dict[str, Any]] = {}  # 按阶段，各人在工作量表上的日期和一行
        self.filed: set[str] = set()  # 归档的签字名单
        self.operators: dict[str, Operator] = {}
        self.closed: list[tuple[str, Event]] = []  # 结了账的月份，按次序
        self.compared = True  # 事件以外的都读懂了

    def must(self, file: str, line: int, condition: bool, problem: str) -> bool:
        if not condition:
            self.findings.append(f"{file}:{line}: {problem}")
        return condition

    def names_in(self, folder: str) -> list[str]:
        with suppress(OSError, ValueError):
            if self.is_plain(folder):
                return sorted(path.name for path in (self.books / folder).iterdir())
        return []

    def is_plain(self, file: str) -> bool:
        """是文件或文件夹，一路上没有符号链接；管道和设备一打开就可能永远等下去，链接会通到别处。"""
        parts = Path(file).parts
        for count in range(1, len(parts) + 1):
            mode = os.lstat(self.books.joinpath(*parts[:count])).st_mode
            if not (stat.S_ISDIR(mode) or (count == len(parts) and stat.S_ISREG(mode))):
                return False
        return True

    def bytes_of(self, file: str) -> bytes:
        with suppress(OSError, ValueError, MemoryError):
            if self.is_plain(file):
                return (self.books / file).read_bytes()
        self.must(file, 1, False, "文件缺失，或无法读取")
        return b""

    def lines_of(self, file: str) -> list[str]:
        text = self.bytes_of(file).decode("utf-8", "surrogateescape")
        return text.removeprefix("\ufeff").split("\n")  # 记事本加在最前面的字节顺序标记

    def read_rules(self) -> None:
        lines = self.lines_of("rules.beancount")
        for number, text in enumerate(lines, 1):
            stage, rate = STAGE.fullmatch(text), RATE.fullmatch(text)
            limit, approval = LIMIT.fullmatch(text), APPROVAL.fullmatch(text)
            if stage:
                self.stages[stage[2]], self.begun[stage[2]] = stage[4], stage[1]
            if rate:
                self.read_rate(rate, lines[number:])
            if limit:
                self.limits.append((limit[1], limit[2], fen_of(limit[3])))
            if approval:
                day, amount, roles = approval.groups()
                self.approvals.append((day, fen_of(amount), re.findall(r"\w+", roles)))
            tax = TAX_CLASS.fullmatch(text)
            if tax:
                self.taxes.append((tax[1], tax[2], tax[3]))
            known = stage or rate or limit or approval or tax or text.lstrip().startswith(";")
            if re.search("census-(?:stage|rate|limit|approval|tax)", text) and not known:
                self.must("rules.beancount", number, False, "这条规则读不懂")
        for one in self.rates:
            one.kind = self.stages.get(one.stage, "fixed")

    def read_rate(self, rate: re.Match[str], after: list[str]) -> None:
        """一条标准和写在下面的最低、最高、只发名单上的人。"""
        day, role, stage, amount, item = rate.groups()
        one = Rate(role, stage or "S1", day, fen_of(amount), item)
        for text in after:
            bound = BOUND.fullmatch(text)
            if bound is None and (not text[:1].isspace() or not text.strip()):
                break
            if bound and bound[1] == "minimum":
                one.least = fen_of(bound[2])
            elif bound and bound[1]:
                one.most = str(fen_of(bound[2]))
            elif bound:
                one.listed = bound[4] == "TRUE"
        self.rates.append(one)
        self.items.add(item)

    def read_chain(self) -> None:
        before, digest, due = "", "0" * 64, 0
        for name in self.names_in("events"):
            file = f"events/{name}"
            content = self.bytes_of(file)
            event = self.read_event(file, content.decode("utf-8", "surrogateescape"))
            if event:
                seq, kind, batch = event.head.group("seq", "kind", "batch")
                stem = "-".join(filter(None, [f"{int(seq):06d}", kind, batch]))
                self.must(file, 1, name == f"{stem}.beancount", "文件名与首行不符")
                if self.must(file, 1, int(seq) == due, f"此处应为事件 {due}：缺少，或被调换"):
                    same = event.facts.get("previous") == digest
                    problem = f"写入后被改动：SHA-256 不是事件 {due} 的 previous"
                    self.must(before or file, 1, same, problem)
                due = int(seq)
                self.items.update(rate.item for rate in event.rates().values())
                self.check_signature(event, content)
                self.events.append(event)
            before, digest, due = file, sha256(content).hexdigest(), due + 1
        self.head = f"{due - 1} {digest}"
        same = " ".join(self.lines_of("HEAD")).split() == self.head.split()
        problem = f"不是 {before} 的序号和 SHA-256：其一被改动（命令中断也会这样）"
        self.must("HEAD", 1, same, problem)

    def check_signature(self, event: Event, content: bytes) -> None:
        """附注的最后一行是签名，签的是文件里除这一行以外的全部；签名人担任这类事件要的角色。"""
        must, facts, kind = partial(self.must, event.file, 1), event.facts, event.head["kind"]
        if kind == "init" and not self.operators:
            self.operators["O00"] = Operator(facts.get("safe", ""), [])
            self.name_operator(event)
        by = facts.get("by", "")
        signer = self.operators.get(by, Operator("", []))
        # 谁可以办，谁就可以冲销；谁可以审核、审批，谁就可以退回
        judged = facts.get("of", "") if kind == "reversed" else kind
        judged = "approved" if kind == "void" and "rejected" in facts else judged
        may = not {*SIGNED_BY.get(judged, "").split()}.isdisjoint(signer.roles)
        may = may or (by, kind) == ("O00", "operator")
        may = may or (kind == "init" and event.head["seq"] == "0" and by == facts.get("operator"))
        must(may and not signer.retired, f"操作员 {by} 不能签这类事件")
        line = f'\n  signature: "{facts.get("signature", "")}"\n'.encode()
        head, blank, rest = content.partition(b"\n\n")
        head = head.rstrip(b"\n") + b"\n"
        at_end = head.endswith(line) and content.count(b"signature:") == 1
        signed = head[: 1 - len(line)] + blank[1:] + rest
        valid = verify_signature(signer.key, sha256(signed).digest(), facts.get("signature", ""))
        must(at_end and valid, f"不是操作员 {by} 签名时的样子：写入后被改动，或签名不对")
        if kind == "operator" and facts.get("change") == "retired":
            self.operators.setdefault(facts.get("operator", ""), Operator("", [])).retired = True
        elif kind == "operator":
            self.name_operator(event)

    def name_operator(self, event: Event) -> None:
        name, key = event.facts.get("operator", ""), event.facts.get("key", "")
        known = {one.key for one in self.operators.values()}
        fits = re.fullmatch("O[0-9]{2,5}", name) and name not in self.operators and key not in known
        if self.must(event.file, 1, bool(fits), f"不能这样指定操作员 {name}"):
            self.operators[name] = Operator(key, event.facts.get("roles", "").split())

    def fingerprint(self) -> str:
        """事件 0 的 SHA-256 的前 16 位：与纸上的指纹相同，才是原来的账套，不是另做的一套。"""
        first = next(iter(self.names_in("events")), "")
        return sha256(self.bytes_of(f"events/{first}")).hexdigest()[:16]

    def read_event(self, file: str, text: str) -> Event | None:
        first, *blocks = text.rstrip("\n").split("\n\n")
        head = HEADER.fullmatch(first)
        if head is None or head["kind"] not in (MOVES if head["batch"] else OF_NO_BATCH):
            self.must(file, 1, False, "首行或附注读不懂，整个文件没有计入")
            return None
        facts = {key: value[1:-1] for key, value in re.findall(rf"  ([a-z0-9-]+): ({TEXT})", first)}
        self.must(file, 1, len(facts) == first.count("\n"), "附注写了两次")
        self.must(file, 1, not re.search(r"\n +(?:filename|lineno):", text), SAID["key"])
        event, line = Event(file, head, facts, [], {}), first.count("\n") + 3
        for block in blocks:
            entry = (ENTRY if is_of_subsidies(event) else BANK_LINE).fullmatch(block)
            self.must(file, line, entry is not None, "这条分录读不懂，没有计入")
            event.entries += [(line, entry)] if entry else []
            line += block.count("\n") + 2
        return event

    def read_reversals(self) -> None:
        """冲销的事件指明一个较早的、还没有冲销的事件，与它借贷相反。"""
        earlier: dict[str, Event] = {}
        for event in self.events:
            if event.head["kind"] == "reversed":
                target = earlier.get(event.facts.get("reverses", ""), event)
                of = target.head["kind"]
                same = of == event.facts.get("of") and moved_by(event, "") == moved_by(target, "-")
                may = of in REVERSIBLE and target.file not in self.reversed and same
                may = may and "reason" in event.facts
                if self.must(event.file, 1, may, "不能这样冲销：分录不是所指事件的借贷相反"):
                    self.reversed.add(target.file)
            earlier[event.head["seq"]] = event

    def take(self, event: Event) -> None:
        """一个事件移动补助；移动的就是首行所说的。"""
        must, head, facts = partial(self.must, event.file, 1), event.head, event.facts
        name, kind = head["batch"], head["kind"]
        if event.file in self.reversed:
            return
        if kind == "workload":
            self.take_work(event)
        if kind == BEFORE:
            self.pay_before(event)
        if kind not in MOVES or kind == "reversed":
            return
        known = (kind == "prepared") == (name not in self.batches)
        if not must(known, f"{name} 编制了两次，或从未编制：整个文件没有计入"):
            return
        batch = self.batches.setdefault(name, event)
        must("作废" not in batch.states(), f"{name} 已经作废")
        moved = [each for line, entry in event.entries for each in self.move(event, line, entry)]
        freed = kind in ("prepared", "void", "cancelled")
        tax = sum(each.tax for each in moved) if freed else 0
        fen, said = sum(each.fen for each in moved) + tax, fen_of(head["amount"] or "0")
        same = (int(head["count"] or 0), said) == (len(moved), fen)
        must(same, f"人数和金额不是分录的 {len(moved)} 人 {yuan_of(fen)}")
        must(fen_of(facts.get("tax", "0")) == tax, f"首行的 tax 不是分录的 {yuan_of(tax)}")
        if kind == "prepared":
            batch.due = self.due_of(batch)
            lines = "\n".join(sorted(each.digest_line() for each in moved))
            same = sha256(lines.encode()).hexdigest() == facts.get("entries")
            must(same, "各笔的摘要不是首行的 entries")
        if kind == "result":
            states = batch.states()
            states["退回"] += states["取消发放"]
            outcome = " ".join(f"{word}={states[state]}" for state, word in OUTCOME.items())
            must(outcome == facts.get("outcome"), f"首行的 outcome 不是此后的 {outcome}")
            must(event.evidence() != "", "没有银行回盘文件的 SHA-256")
        if kind == "approved":
            self.approve(event, batch)
        if kind == "attached":
            filed = event.evidence()
            fits = bool(re.fullmatch("[0-9a-f]{64}", filed)) and filed not in self.filed
            must(fits, "签字名单归档了两次，或没有 SHA-256")
            self.filed.add(filed)
        if kind == "submitted":
            must(not batch.missing(), f"没有{'、'.join(batch.missing())}就提交了银行")
            same = head["day"][:7] == batch.head["day"][:7] or "tax" not in batch.facts
            must(same, "代扣了税的批次没有在当月提交银行，应当作废")
        if kind == "void":
            if "rejected" in facts:
                roles = self.operators.get(facts.get("by", ""), Operator("", [])).roles
                asked = not {*batch.asks()}.isdisjoint(roles)
                other = facts.get("by") != batch.facts.get("by") and name not in self.submitted
                must(asked and other, "退回的人没有被要求审核、审批，或就是编制人，或已提交银行")
            must({*batch.states()} == {"作废"}, "没有撤回批次中的全部人员")
            may = name not in self.submitted or "bank-refused" in facts
            must(may, "已提交银行，没有被银行拒收，不能作废")
        if kind in ("submitted", "result"):
            self.submitted.add(name)

    def take_work(self, event: Event) -> None:
        """一张工作量表：各人的数量、金额、扣减，加起来是首行所说的；已发放的人不能再改。"""
        must, head, facts = partial(self.must, event.file, 1), event.head, event.facts
        stage, total, fen = facts.get("stage", ""), Decimal(0), 0
        found: dict[str, Any] = {}
        for key, text in facts.items():
            said = WORK.fullmatch(text)
            if not re.fullmatch("p[0-9]{6,9}", key) or not must(bool(said), f"{key} 读不懂"):
                continue
            must(self.standing(key.upper(), stage)[0] == "未发", f"{key} 已经发放，不能再改工作量")
            found[key.upper()] = said
            total += Decimal(said["quantity"] or "0") if said else 0
            fen += fen_of(said["amount"] or "0") if said else 0
        same = (int(head["count"] or 0), fen_of(head["amount"] or "0")) == (len(found), fen)
        same = same and facts.get("quantity") == format(total.normalize(), "f")
        must(same and bool(found), "人数、金额、数量不是各行加起来的")
        must("original" in facts, "没有工作量表文件的 SHA-256")
        known = self.work.get(stage, {})
        for payee, said in found.items():
            day, before = known.get(payee, ("", None))
            same = before is not None and before.group() == said.group()
            found[payee] = (day if same else head["day"], said)
        self.work[stage] = {**known, **found}

    def listed(self, event: Event, entry: re.Match[str], rate: Rate | None) -> bool:
        """一笔新发的数量、列明的金额、扣减，就是编制那天工作量表上的；不凭表发的没有表。"""
        work = self.work.get(event.facts.get("stage", "S1"), {})
        day, said = work.get(entry["payee"] or "", ("", None))
        quantity, amount, off = entry.group("quantity", "rate", "deduction")
        if rate is None or said is None or day > entry["day"]:
            return rate is None or (rate.kind == "fixed" and not rate.listed and off is None)
        amount = amount if rate.kind == "listed" else None
        return [quantity, amount, off] == list(said.group("quantity", "amount", "off"))

    def pay_before(self, event: Event) -> None:
        """建账前已付：一人一条分录，未发→已支付，另一边是收入；金额是按首行 rates 应发的。"""
        rates = event.rates()
        days = [entry["day"] for _, entry in event.entries]
        total = sum(fen_of(entry["amount"]) for _, entry in event.entries)
        said = (int(event.head["count"] or 0), fen_of(event.head["amount"] or "0"))
        same = said == (len(days), total) and min(days, default="") == event.head["day"]
        self.must(event.file, 1, same, "人数、金额或日期不是分录的")
        for line, entry in event.entries:
            must, payee = partial(self.must, event.file, line), entry["payee"] or ""
            source, owner, item = self.place_of(entry["debit"])
            may = source == "未发" and entry["credit"].startswith("Income:") and not entry["batch"]
            may = may and entry["credited"] == entry["amount"] and entry["tax"] is None
            if not must(may and entry["payees"] == f" ^{payee}", "不能有这样的分录"):
                continue
            must((entry["paper"] or '""') != '""', "没有付款凭证")
            stage = event.stage()
            state, last = self.standing(payee, stage)
            must((entry["stage"] or "S1") == stage, f"{payee} 的阶段不是事件的")
            must(state == "未发", f"{payee} 的补助是{state}，不是未发")
            must(not last or last.day() <= entry["day"], f"{payee} 的日期倒退")
            fen = fen_of(entry["amount"])
            rate = rates.get(entry["role"], Rate("", "", "", 0, ""))
            least, due = rate.before(self.work.get(stage, {}).get(payee, ("", None))[1])
            fits = least <= fen <= due
            must(fits, f"付给 {payee} {yuan_of(fen)}，标准是 {yuan_of(due)}")
            payment = Payment(entry, owner, item, fen, 0, due, "before", "已支付", event, "")
            event.payments[payee] = payment
            self.people.setdefault(payee, []).append(payment)
        self.before.append(event)

    def due_of(self, batch: Event) -> list[str]:
        """规则要求谁审核、审批：各档金额取当日有效的一条，前后三天编制、没有作废的批次合并计算。"""
        day = date.fromisoformat(batch.head["day"])
        in_force = {fen: roles for start, fen, roles in sorted(self.approvals) if start <= str(day)}
        total = 0
        for other in self.batches.values():
            near = abs((date.fromisoformat(other.head["day"]) - day).days) <= 3
            if near and "作废" not in other.states():
                total += fen_of(other.head["amount"] or "0")
        reached = [fen for fen in sorted(in_force) if fen <= total]
        return [role for role in ("审核", "审批") if reached and role in in_force[reached[-1]]]

    def approve(self, event: Event, batch: Event) -> None:
        """审核、审批的人不是编制人，一人一次；签的是这个批次的三个 SHA-256。"""
        must, facts = partial(self.must, event.file, 1), event.facts
        by, role, name = facts.get("by", ""), facts.get("role", ""), batch.head["batch"]
        waits = {*batch.states()} == {"代发中"} and name not in self.submitted
        must(waits and role in batch.missing(), f"{name} 此时不要求这一审核、审批：{role}")
        must(role in self.operators.get(by, Operator("", [])).roles, f"{by} 没有这个角色：{role}")
        other = by != batch.facts.get("by") and by not in batch.approvals.values()
        must(other, f"{by} 编制了 {name}，或已经审核、审批过")
        same = [facts.get(key) for key in DIGESTS] == [batch.facts.get(key) for key in DIGESTS]
        if must(same, f"审核、审批的不是编制时的 {name}"):
            batch.approvals[role] = by

    def check_asks(self) -> None:
        for name, batch in self.batches.items():
            asks, due = batch.facts.get("asks", ""), " ".join(batch.due)
            same = asks == due or "作废" in batch.states()
            problem = f"{name} 要求的是“{asks}”，规则要求“{due}”"
            self.must(batch.file, 1, same, problem)

    def move(self, event: Event, line: int, entry: re.Match[str]) -> list[Payment]:
        """一条分录的各人从借方科目移到贷方科目；返回各人的一笔。"""
        must, kind, name = partial(self.must, event.file, line), *event.head.group("kind", "batch")
        source, owner, item = self.place_of(entry["debit"])
        target, other, _ = self.place_of(entry["credit"])
        step, moved = f"{source}→{target}", []
        sides, tax = (
            [fen_of(entry["amount"]), fen_of(entry["credited"])],
            fen_of(entry["tax"] or "0"),
        )
        fen, gross = min(sides), max(sides)
        side = (source if tax < 0 else target) if tax else "未发"
        sound = gross - fen == abs(tax) and sides[0] - sides[1] + tax == 0 and side == "未发"
        if not must(step in MOVES[kind].split() and sound, f"不能有这样的分录：{step}"):
            return []
        must((entry["day"], entry["batch"]) == (event.head["day"], name), "日期或批次不是事件的")
        must("" in (owner, other) or owner == other, "补助换了经费来源或镇街")
        rates, stage = event.rates(), self.batches[name].stage()
        limits = event.limits()
        payments, payees = self.batches[name].payments, entry["payees"].replace("^", "").split()
        must(len({*payees}) == len(payees), "一人写了两次")
        for payee in payees:
            state, last = self.standing(payee, stage)
            must(state == source, f"{payee} 的补助是{state}，不是{source}")
            must(not last or last.day() <= entry["day"], f"{payee} 的日期倒退")
            if kind == "prepared":
                must(entry["payee"] == payee, f"payee-id 不是 {payee}")
                same = entry["stage"] == event.facts.get("stage")
                must(same, f"{payee} 的阶段不是 {name} 的")
                rate = rates.get(entry["role"])
                due = rate.due(entry) if rate else 0
                tax_class = event.tax_classes().get(entry["role"], "")
                payment = Payment(
                    entry, owner, item, fen, abs(tax), due, "new", "", event, tax_class
                )
                if source == "退回" and last:
                    payment.kind, payment.item, payment.due = "re-issue", last.item, last.fen
                    payment.first = last.first or last
                    again = not any(entry.group("quantity", "rate", "deduction"))
                    must(again, f"{payee} 是重发，不应再写工作量")
                    must(owner == last.owner, f"{payee} 是别的经费来源或镇街的")
                else:
                    problem = self.tax_problem(payee, payment)
                    must(not problem, problem)
                problem = f"发给 {payee} {yuan_of(gross)}，应为 {yuan_of(payment.due)}"
                must(gross == payment.due > 0, problem)
                payment.listed = source == "退回" or self.listed(event, entry, rate)
                payments[payee] = payment
                if source == "未发" and entry["role"] in limits:
                    total, limit = gross + self.owed_before(payee), int(limits[entry["role"]])
                    problem = f"{payee} 各阶段合计 {yuan_of(total)}，超过限额 {yuan_of(limit)}"
                    must(total <= limit, problem)
                self.people.setdefault(payee, []).append(payment)
            if must(payee in payments, f"{payee} 不在 {name} 中"):
                payment = payments[payee]
                payment.state, payment.event = ENDED.get(kind, target), event
                must(self.standing(payee, stage)[0] == target, f"{payee} 的补助此后不是{target}")
                must(payment.owner == (owner or other), f"{payee} 是别的经费来源或镇街的")
                moved.append(payment)
                if target == "未发":
                    first = payment.first or payment
                    first.gone, payment.tax = True, first.tax
                    must(tax == first.tax, f"{payee} 代扣了 {yuan_of(first.tax)}，退的不是这么多")
        owed = sum(payment.fen for payment in moved)
        must(fen == owed, f"金额不是发给各人的 {yuan_of(owed)}")
        return moved

    def tax_problem(self, payee: str, now: Payment) -> str:
        """新发的一笔，代扣的税是不是当月合计应扣的，减去当月已扣的；不是的，返回是什么问题。"""
        day, gross = now.event.head["day"], now.fen + now.tax
        if now.tax_class not in ("", LABOUR):
            return f"{payee} 不应代扣" if now.tax else ""
        charged = [one for one in self.charged(payee) if one.tax_class in ("", LABOUR)]
        earlier = [one for one in charged if one.entry["day"][:7] == day[:7]]
        total = tax_of(gross + sum(one.fen + one.tax for one in earlier))
        due = max(0, total - sum(one.tax for one in earlier))
        if total and (not now.tax_class or day < TAX_FROM):
            return f"{payee} 当月应代扣个人所得税，而岗位在个人所得税上是什么没有写明"
        if total and any(one.kind == "before" for one in earlier):
            return f"{payee} 当月建账前已付过，扣了多少税不清楚，税算不定"
        if total and any(one.state in ("代发中", "待查") for one in earlier):
            return f"{payee} 当月前一笔银行还没有回盘，税算不定"
        return "" if now.tax == due else f"{payee} 应代扣 {yuan_of(due)}，扣了 {yuan_of(now.tax)}"

    def owed_before(self, payee: str) -> int:
        """一个人各阶段已经编制的应发多少分：作废、取消的不算，退回的算，重发的不重复算。"""
        return sum(one.fen + one.tax for one in self.charged(payee))

    def charged(self, payee: str) -> list[Payment]:
        """一个人各阶段已经列支、没有作废也没有取消的各笔。"""
        every = self.people.get(payee, [])
        return [one for one in every if one.kind != "re-issue" and not one.gone]

    def standing(self, payee: str, stage: str) -> tuple[str, Payment | None]:
        """一个人在一个阶段的补助现在在哪里，以及最后没有作废的一笔。"""
        every = [one for one in self.people.get(payee, []) if one.state != "作废"]
        live = [one for one in every if (one.entry["stage"] or "S1") == stage]
        last = live[-1] if live else None
        return last.state if last and last.state != "取消发放" else "未发", last

    def check_rates(self) -> None:
        """没有作废的批次，编制时的标准和个人所得税就是规则里那一天的；建账前已付的，标准也是。"""
        for name, batch in self.batches.items():
            day = batch.head["day"]
            for role in {} if "作废" in batch.states() else batch.rates():
                self.check_rate(batch, name, role, day)
                taxes = [(start, what) for start, one, what in self.taxes if one == role]
                in_force = max([("", ""), *(each for each in taxes if each[0] <= day)])[1]
                same = in_force == batch.tax_classes().get(role, "")
                self.must(batch.file, 1, same, f"{name} 记录的{role}个人所得税不是规则里 {day} 的")
        for event in self.before:
            paid = event.payments.values()
            for role, day in sorted({(one.entry["role"], one.entry["day"]) for one in paid}):
                self.check_rate(event, "建账前已付", role, day)

    def check_rate(self, event: Event, name: str, role: str, day: str) -> None:
        said = event.rates().get(role, Rate(role, "S1", "", 0, ""))
        rates = [rate for rate in self.rates if rate.role == role and rate.day <= day]
        rates = [rate for rate in rates if rate.stage == said.stage]
        rate = max(rates, key=lambda rate: rate.day, default=None)
        same = rate is not None and rate.recorded() == said.recorded()
        self.must(event.file, 1, same, f"{name} 记录的{role}标准不是规则里 {day} 的")

    def check_limits(self) -> None:
        """没有作废的批次，阶段在规则里，那一天已经开始；编制时的限额就是规则里那一天的。"""
        begun_by_then = self.begun or {"S1": ""}
        for name, batch in self.batches.items():
            has = begun_by_then.get(batch.stage(), "9") <= batch.head["day"]
            problem = f"规则里 {batch.head['day']} 还没有 {name} 的阶段 {batch.stage()}"
            self.must(batch.file, 1, has or "作废" in batch.states(), problem)
            begun = sorted(one for one in self.limits if one[0] <= batch.head["day"])
            due = {role: str(fen) for _, role, fen in begun if role in batch.rates()}
            same = due == batch.limits() or "作废" in batch.states()
            self.must(batch.file, 1, same, f"{name} 记录的限额不是规则里那一天的")
        for event in self.before:
            for payee, payment in event.payments.items():
                self.check_limit_before(event, payee, payment)

    def check_limit_before(self, event: Event, payee: str, payment: Payment) -> None:
        """建账前已付的，连同在它之前列支的，各阶段合计不超过限额。"""
        role, day = payment.entry["role"], payment.entry["day"]
        limits = [fen for start, one, fen in sorted(self.limits) if one == role and start <= day]
        charged = self.charged(payee)
        first = [one is payment for one in charged].index(True) + 1
        total = sum(one.fen + one.tax for one in charged[:first])
        problem = f"{payee} 各阶段合计 {yuan_of(total)}，超过限额 {yuan_of((limits or [0])[-1])}"
        self.must(event.file, 1, not limits or total <= limits[-1], problem)

    def place_of(self, account: str) -> tuple[str, str, str]:
        """科目所示：补助在哪里，是哪个经费来源和镇街的，在哪里列支。"""
        parts = account.split(":")
        item = ":".join(parts[3:-1])
        if account == TRANSIT:
            return "已支付", "", ""
        if len(parts) == 5 and account.startswith(f"{PAYABLE}:") and parts[2] in PLACES:
            return PLACES[parts[2]], ":".join(parts[3:]), ""
        if parts[0] == "Expenses" and item in self.items:
            return "未发", f"{parts[2]}:{parts[-1]}", item
        return "", "", ""

    def check_months(self) -> None:
        """月份按次序结账，从最后一个重开；结了账的月份里没有新的，事件以外的与结账时一样。"""
        for event in self.events:
            must, kind, facts = partial(self.must, event.file, 1), event.head["kind"], event.facts
            month, newest = facts.get("month", ""), self.closed[-1][0] if self.closed else ""
            days = [event.head["day"], *[entry.group()[:10] for _, entry in event.entries]]
            must(min(days)[:7] > newest, f"{newest} 已经结账，其中不能再有新的")
            if kind == "closed":
                due = bool(re.fullmatch("[0-9]{4}-(?:0[1-9]|1[0-2])", month))
                due = due and event.head["day"][:7] > month and newest in ("", month_before(month))
                if must(due, "月份没有按次序结账，或还没有过完"):
                    self.closed.append((month, event))
            elif kind == "reopened":
                may = month == newest and "reason" in facts and self.closed
                if must(bool(may), "只能写明原因，重开最后结账的月份"):
                    self.closed.pop()
        outside = [self.read_outside(file) for file in self.included()] if self.closed else []
        lines = sorted(line for some in outside for line in some or ())
        self.compared = None not in outside
        for month, event in self.closed if self.compared else ():
            text = "\n".join(line for line in lines if line[2:9] <= month)
            same = sha256(text.encode("utf-8", "replace")).hexdigest() == event.facts.get("outside")
            problem = f"{month} 结账以后，事件以外的交易、余额断言或规则又有改动"
            self.must(event.file, 1, same, problem)

    def included(self) -> list[str]:
        """main.beancount 和它包含的文件，事件除外。"""
        text = "\n".join(self.lines_of("main.beancount"))
        named = re.findall(r'^include "(\w[\w/-]*\*?[\w-]*\.beancount)"', text, re.MULTILINE)
        paths = [path for name in named for path in sorted(self.books.glob(name))]
        files = [path.relative_to(self.books).as_posix() for path in paths if path.name[0] != "."]
        return ["main.beancount", *(file for file in files if not file.startswith("events/"))]

    def read_outside(self, file: str) -> list[str] | None:
        """一个文件里的交易、余额断言和规则，写法不同而内容相同的，行也相同；有读不懂的是 None。"""
        found: list[list[Any]] = []
        counts = False
        facts: dict[str, str] = {}
        for line in self.lines_of(file):
            text = re.sub(rf"({TEXT})|;.*", lambda part: part[1] or "", line).rstrip()
            if text and not text[0].isspace():
                said, counts = OUTSIDE.fullmatch(text), bool(COUNTS.match(text))
                if counts and said is None:
                    return None
                facts = {}
                found += [directive_of(said, facts)] if said else []
            elif text and counts:
                below = BELOW.fullmatch(text.strip())
                if below is None:
                    return None
                if below["key"]:
                    facts[below["key"]] = value_of(below["value"])
                else:
                    facts = {}
                    amount = value_of(f"{below['amount']} CNY") if below["amount"] else ""
                    found[-1][-1].append([below["account"], amount, "", "", facts])
        for directive in found:
            postings = directive[-1] if isinstance(directive[-1], list) else []
            open_ones = [posting for posting in postings if not posting[1]]
            if len(open_ones) > 1:
                return None
            for posting in open_ones:
                rest = -sum(Decimal(other[1].split()[0]) for other in postings if other[1])
                posting[1] = value_of(f"{rest} CNY")
        return [
            json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            for each in found
        ]

    def check_receipts(self) -> None:
        by_stage: dict[tuple[str, str], list[Payment]] = {}
        for payee, each in self.people.items():
            for payment in each:
                by_stage.setdefault((payee, payment.entry["stage"] or ""), []).append(payment)
                same = payment.listed or payment.state == "作废"
                batch = self.batches.get(payment.entry["batch"], payment.event)
                self.must(batch.file, 1, same, f"{payee} 的工作量不是工作量表上的")
        for (payee, _), payments in by_stage.items():
            received = sum(payment.fen for payment in payments if payment.state == "已支付")
            due = max(payment.due for payment in payments)
            problem = f"{payee} 共收到 {yuan_of(received)}，标准是 {yuan_of(due)}"
            self.must(payments[-1].event.file, 1, received <= due, problem)

    def check_payouts(self) -> None:
        """审核、审批齐全以前，批次的文件在 payouts/.held，谁也不能拿去付款。"""
        names = [f"payouts/{name}" for name in self.names_in("payouts") if name != ".held"]
        names += [f"payouts/.held/{name}" for name in self.names_in("payouts/.held")]
        held = {name: "/.held" if batch.missing() else "" for name, batch in self.batches.items()}
        due = [f"payouts{place}/{name}" for name, place in held.items()]
        for folder in sorted({*names, *due}) if names else []:
            name = folder.rpartition("/")[2]
            if not self.must(folder, 1, name in self.batches, "没有事件编制过这个批次"):
                continue
            where = "没有审核、审批的批次，文件不在 payouts/.held；或已经齐全，还在那里"
            if self.must(folder, 1, folder in due, where):
                self.check_papers(folder, self.batches[name])

    def check_papers(self, folder: str, batch: Event) -> None:
        must = partial(self.must, f"{folder}/manifest.json", 1)
        content = self.bytes_of(f"{folder}/manifest.json")
        same = sha256(content).hexdigest() == batch.facts.get("manifest")
        if not must(same, "SHA-256 不是批次首行的 manifest"):
            return
        try:
            manifest = json.loads(content)
            digests = {str(paper["name"]): paper["sha256"] for paper in manifest["files"]}
            must(manifest["seal"] == batch.seal(), "校验码不是批次的")
        except (ValueError, TypeError, KeyError, RecursionError):
            must(False, "清单读不懂")
            return
        again = self.restored(folder, batch)
        beside = {"manifest.json", "restored.json"} if again else {"manifest.json"}
        for name in sorted({*self.names_in(folder), *digests} - beside):
            file = f"{folder}/{name}"
            if self.must(file, 1, name in digests, "清单里没有这个文件"):
                found, due = sha256(self.bytes_of(file)).hexdigest(), digests[name]
                same = found == due or again.get(name) == (due, found)
                self.must(file, 1, same, "生成后被改动：SHA-256 不是清单所记的")

    def restored(self, folder: str, batch: Event) -> dict[str, tuple[str, str]]:
        """restored.json：逐行核对后重新生成、字节不同的文件，新旧两个 SHA-256，由经办签名。"""
        file = f"{folder}/restored.json"
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            said = json.loads((self.books / file).read_bytes()) if self.is_plain(file) else {}
            signature, by = str(said.pop("signature")), self.operators[said["by"]]
            text = "census-restored\n" + json.dumps(said, ensure_ascii=False, sort_keys=True)
            may = "经办" in by.roles and not by.retired and said["batch"] == batch.head["batch"]
            if may and verify_signature(by.key, sha256(text.encode()).digest(), signature):
                return {one["name"]: (one["sha256"], one["restored"]) for one in said["files"]}
        return {}

    def check_other_files(self) -> None:
        """批次的事件以外，不动补助的科目，不提补助和人员（对账单可以说一笔退款是谁的）。"""
        items = "|".join(map(re.escape, sorted(self.items)))
        accounts = rf"{PAYABLE}:(?:{'|'.join(PLACES)})|Expenses(?::[^\s:]+){{2}}:(?:{items})"
        account = re.compile(rf"(?:{accounts})(?![^\s:])")
        mention = re.compile(r"#census-subsidy|\^P[0-9]{6}")
        taken = {event.file for event in self.events if is_of_subsidies(event)}
        for path in sorted(self.books.rglob("*")):
            file = path.relative_to(self.books).as_posix()
            self.must(file, 1, not os.path.islink(path), "符号链接，里面没有检查")  # noqa: PTH114
            self.check_place(file, path)
            if path.suffix == ".beancount" and not file.startswith("events/"):
                self.check_hand_text(file)
            is_text = path.suffix == ".beancount" and file not in taken
            for number, line in enumerate(self.lines_of(file) if is_text else [], 1):
                text = re.sub(TEXT, '""', line)  # 引号里的话不记账，也不是链接和标签
                moves = (text[:1].isspace() or " pad " in text) and account.search(text)
                found = mention.search(text) or re.search(r'custom\s*"census-event"', line)
                stray = moves or (not file.startswith("events/") and found)
                self.must(file, number, not stray, "补助只能在批次的事件里")
                credited = re.search(rf"\s{TAX}\s+-", text) and not file.startswith("events/")
                self.must(file, number, not credited, "个人所得税只能由批次代扣")
                self.must(file, number, not re.search("[\udc80-\udcff]", line), "不是 UTF-8 文本")

    def check_place(self, file: str, path: Path) -> None:
        """管道、设备；没有完成的命令留下的，或来历不明的。"""
        with suppress(OSError):
            kind = stat.S_IFMT(os.lstat(path).st_mode)
            plain = kind in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)
            self.must(file, 1, plain, "管道、套接字或设备，没有打开")
        staged = Path(file).parent.name == ".staging"
        self.must(file, 1, not staged, "命令中断留下的，或来历不明，没有检查")

    def check_hand_text(self, file: str) -> None:
        """手写的文件里，除 ALLOWED 以外，没有会执行的、会关掉检查的。"""
        text = self.bytes_of(file).decode("utf-8", "replace").removeprefix("\ufeff")
        self.must(file, 1, "\0" not in text, "不是普通的 UTF-8 文本")
        if file == "main.beancount":
            ours = re.findall(rf'^{DAY} custom "census-books" 3[ \t]*$', text, re.MULTILINE)
            self.must(file, 1, len(ours) == 1, "账套不是第 3 号格式，本程序只查这一格式")
            text = ALLOWED_LINE.sub("", text)
        for found in STRANGE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            self.must(file, line, False, SAID[str(found.lastgroup)])


def is_of_subsidies(event: Event) -> bool:
    """批次的事件，建账前已付，以及它的冲销：分录移动补助。"""
    return bool(event.head["batch"]) or BEFORE in (event.head["kind"], event.facts.get("of"))


def moved_by(event: Event, minus: str) -> list[object]:
    """首行的批次、人数、金额，和每条分录的链接、科目、金额；minus 是 "-" 时借贷相反。"""
    entries: list[object] = [event.head.group("batch", "count", "amount")]
    for _, entry in event.entries:
        lines = re.findall(rf"\n  ({ACCOUNT})  (-?{MONEY}) CNY", entry.group())
        turned = sorted((account, (minus + money).replace("--", "")) for account, money in lines)
        entries.append((sorted(re.findall(r" \^([BLP]\w[\w-]*)", entry.group())), turned))
    return entries


def directive_of(said: re.Match[str], facts: dict[str, str]) -> list[Any]:
    """一条交易、余额断言或规则；附注 facts 和交易的分录行随后填入。"""
    if said["flag"]:
        payee, narration = (["", *map(value_of, re.findall(TEXT, said["words"]))])[-2:]
        flag = said["flag"].replace("txn", "*")
        return [said["day"], flag, payee, narration, sorted(said["signs"].split()), facts, []]
    if said["account"]:
        amounts = [value_of(f"{said['amount']} CNY"), value_of(said["near"] or '""')]
        return [said["day"], "balance", said["account"], *amounts, facts]
    values = [value_of(value) for value in re.findall(VALUE, said["values"])]
    return [said["day"], said["rule"], *values, facts]


def value_of(text: str) -> str:
    """引号里的话；数字不论补零和逗号；其余照写。"""
    if text[0] == '"':
        signs = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b"}
        return re.sub(r"\\(.)", lambda sign: signs.get(sign[1], sign[1]), text[1:-1])
    if text in ("TRUE", "FALSE"):
        return text.capitalize()
    number, _, currency = text.partition(" ")
    if not re.fullmatch(NUM, number):
        return text
    value = Decimal(number.replace(",", ""))
    written = format(value.normalize(), "f") if value else "0"
    return f"{written} {currency.strip()}".strip()


def month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04d}-{(number + 10) % 12 + 1:02d}"


class Shown(io.TextIOWrapper):
    """标准输出和标准错误：写出去的都经过 shown。"""

    def write(self, text: str) -> int:
        return super().write(shown(text))


def shown(text: str) -> str:
    """终端会照办、或者看不见的字符（移动光标、改变书写方向、零宽等），写成 \\u001b 这样。"""
    unseen = {one for one in {*text} - {"\n", "\t"} if category(one) in "Cc Cf Cs Zl Zp"}
    return text.translate({ord(one): json.dumps(one)[1:-1] for one in unseen})


def report_of(audit: Audit) -> str:
    """问题，然后是汇总，可以与补助标准的文件、纸上的校验码、抄下的 HEAD 相比。"""
    lines = [*audit.findings]
    lines += [
        " ".join(["标准", *([rate.stage] if audit.stages else []), rate.role, yuan_of(rate.fen)])
        + f"（{rate.day} 起）"
        for rate in audit.rates
    ]
    for name, batch in audit.batches.items():
        states = "，".join(f"{state} {count:,}" for state, count in batch.states().items())
        total = yuan_of(sum(payment.fen for payment in batch.payments.values()))
        seal = " ".join(re.findall("....", batch.seal()))
        lines.append(f"批次 {name} {batch.head['day']} {total} 元 校验码 {seal}：{states}")
    payments = [payment for each in audit.people.values() for payment in each]
    paid = yuan_of(sum(payment.fen for payment in payments if payment.state == "已支付"))
    lines.append(f"事件 {len(audit.events)} 个，{len(audit.people):,} 人，已支付 {paid} 元")
    lines.append(f"HEAD {audit.head}")
    if not audit.names_in("payouts"):
        lines.append("没有 payouts：发放表和银行文件没有比对")
    if audit.closed:
        lines.append(f"已结账至 {audit.closed[-1][0]}")
    if not audit.compared:
        lines.append("事件以外的有读不懂的写法，没有与结账时的摘要比对")
    found = f"发现 {len(audit.findings)} 个问题，见上"
    return "\n".join([*lines, found if audit.findings else "没有发现问题"])


def csv_of(audit: Audit) -> str:
    """每一笔发放，Excel 可以打开的 CSV；像公式的文字前面加撇号。"""
    table = io.StringIO()
    writer = csv.writer(table)
    heads = "批次,编制日期,人员,姓名,岗位,经费来源,镇街,金额,代扣税,发放,状态,状态日期,事件,凭据"
    writer.writerow(heads.split(","))
    listed = [*audit.batches.items(), *(("", event) for event in audit.before)]
    for name, batch in listed:
        for payee, payment in batch.payments.items():
            entry, event = payment.entry, payment.event
            fund, _, town = payment.owner.partition(":")
            cells = [name, entry["day"], payee, entry["name"][1:-1], entry["role"], fund, town]
            cells += [f"{Decimal(fen) / 100:.2f}" for fen in (payment.fen, payment.tax)]
            cells += [payment.kind, payment.state]
            cells += [payment.day(), event.file, (entry["paper"] or "")[1:-1] or event.evidence()]
            writer.writerow(re.sub(r"^(?=[=+\-@\t\r])", "'", shown(cell or "")) for cell in cells)
    return table.getvalue()


def fen_of(amount: str) -> int:
    return int(Decimal(amount) * 100)


def tax_of(fen: int) -> int:
    """一个月的劳务报酬应预扣多少分，四舍五入到分。"""
    taxed = (fen - 80000) * 100 if fen <= 400000 else fen * 80
    rate, less = (20, 0) if taxed <= 2000000 * 100 else (30, 200000)
    rate, less = (40, 700000) if taxed > 5000000 * 100 else (rate, less)
    return max(0, taxed * rate - less * 10000 + 5000) // 10000


def yuan_of(fen: int) -> str:
    return f"{Decimal(fen) / 100:,.2f}"


# 签名的验证：Ed25519（RFC 8032），只用整数运算。曲线 -x² + y² = 1 + D·x²·y² 上的点写成
# (X, Y, Z, X·Y/Z)，x = X/Z，y = Y/Z，都是除以 PRIME 的余数。
PRIME, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
NOTHING = (0, 1, 1, 0)


def verify_signature(public_hex: str, digest: bytes, signature_hex: str) -> bool:
    """签名是不是公钥的主人对 digest 签的。公钥和签名是小写十六进制。"""
    if not re.fullmatch("[0-9a-f]{192}", public_hex + signature_hex) or len(public_hex) != 64:
        return False
    public, r = bytes.fromhex(public_hex), bytes.fromhex(signature_hex[:64])
    s = int.from_bytes(bytes.fromhex(signature_hex[64:]), "little")
    key, base = point_of(public), point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))
    if key is None or base is None or s >= ORDER:
        return False
    h = int.from_bytes(sha512(r + public + digest).digest(), "little") % ORDER
    x, y, z, t = key
    minus = (PRIME - x, y, z, PRIME - t)
    both, found = added(base, minus), NOTHING
    for bit in range(252, -1, -1):  # found = s·base - h·key
        found = added(found, found)
        step = (NOTHING, base, minus, both)[(s >> bit & 1) + 2 * (h >> bit & 1)]
        found = added(found, step) if step is not NOTHING else found
    x, y = (part * pow(found[2], -1, PRIME) % PRIME for part in found[:2])
    return (y + (x % 2 << 255)).to_bytes(32, "little") == r


def added(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    a = (one[1] - one[0]) * (other[1] - other[0]) % PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c, d = 2 * D * one[3] * other[3] % PRIME, 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


@lru_cache(maxsize=None)
def point_of(text: bytes) -> tuple[int, int, int, int] | None:
    """32 个字节所写的点：y 和 x 的奇偶。写法不合、不在曲线上、8 倍为零（谁都能签）的都不是公钥。"""
    y, odd = int.from_bytes(text, "little") % 2**255, text[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    x = PRIME - x if x % 2 != odd else x
    point = eight = (x, y, 1, x * y % PRIME)
    for _ in range(3):
        eight = added(eight, eight)
    return point if y < PRIME and (x * x - square) % PRIME == 0 and eight[0] else None


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"  # Python 3.14 起，argparse 会用颜色
    for output in ("stdout", "stderr"):  # 终端不一定有每个字
        stream = getattr(sys, output)
        setattr(sys, output, Shown(stream.buffer, stream.encoding, "backslashreplace"))
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # 例如 | head 已经看够了
        os._exit(1)
