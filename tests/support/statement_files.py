"""The banks' layouts, filled with the made-up year: files for tests, and what they should say.

``python -m tests.support.statement_files`` writes them anew into ``tests/support/data/statements``.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from importers.tables.cells import Cell
from ledger.base.money import grouped
from ledger.base.money import plain
from tests.support.statement_forms import FORMS
from tests.support.statement_story import ACCOUNT
from tests.support.statement_story import OWNER
from tests.support.statement_story import Moved
from tests.support.statement_story import Shown
from tests.support.statement_story import golden
from tests.support.statement_story import story

FOLDER = Path(__file__).parent / "data" / "statements"

Write = Callable[[Moved], Cell]
Titles = Callable[[Sequence[Moved]], Sequence[Sequence[Cell]]]


def _nothing(lines: Sequence[Moved]) -> Sequence[Sequence[Cell]]:
    return []


@dataclass(frozen=True)
class BankLayout:
    """A bank's layout: what stands below each heading, above the headings and below the lines."""

    file: str
    form: str
    columns: Mapping[str, Write]
    shown: Shown
    titles: Titles = _nothing
    footer: Titles = _nothing
    newest_first: bool = False
    reversals: bool = False
    number: str = field(default="")

    @property
    def lines(self) -> list[Moved]:
        return story(reversals=self.reversals)

    @property
    def golden(self) -> str:
        return golden(self.lines, self.shown)

    def rows(self, lines: Sequence[Moved] | None = None) -> list[list[Cell]]:
        lines = self.lines if lines is None else list(lines)
        ordered = lines[::-1] if self.newest_first else lines
        return [
            *map(list, self.titles(lines)),
            list(self.columns),
            *([write(line) for write in self.columns.values()] for line in ordered),
            *map(list, self.footer(lines)),
        ]

    def content(self, lines: Sequence[Moved] | None = None) -> bytes:
        return FORMS[self.form](self.rows(lines))


def _came(unused: Cell = "", written: Callable[[int], Cell] = grouped) -> Write:
    def write(line: Moved) -> Cell:
        return written(line.fen) if line.is_in_column and line.fen else unused

    return write


def _went(unused: Cell = "", written: Callable[[int], Cell] = grouped) -> Write:
    def write(line: Moved) -> Cell:
        return unused if line.is_in_column or not line.fen else written(-line.fen)

    return write


def _always(text: Cell) -> Write:
    return lambda _line: text


def _time(form: str) -> Write:
    return lambda line: line.when.strftime(form)


def _flag(came: str, went: str) -> Write:
    return lambda line: came if line.is_in_column else went


def _who(line: Moved) -> str:
    return line.who


def _account(line: Moved) -> str:
    return line.account


def _summary(line: Moved) -> str:
    return line.summary


def _use(line: Moved) -> str:
    return line.use


def _remark(line: Moved) -> str:
    return line.remark


def _serial(line: Moved) -> str:
    return line.serial


def _balance(line: Moved) -> str:
    return grouped(line.balance_fen)


def _sums(lines: Sequence[Moved]) -> tuple[int, int]:
    came = sum(line.fen for line in lines if line.is_in_column)
    return came, -sum(line.fen for line in lines if not line.is_in_column)


def _absolute(line: Moved) -> str:
    return plain(line.fen if line.is_in_column else -line.fen)


def _signed(line: Moved) -> str:
    return ("+" if line.fen >= 0 else "") + plain(line.fen)


_ICBC_13 = BankLayout(
    "工行企业13列.CSV",
    "quoted-with-tabs",
    {
        "凭证号": _always("0"),
        "本方账号": _always(ACCOUNT),
        "对方账号": _account,
        "交易时间": _time("%Y-%m-%d %H:%M:%S"),
        "借/贷": _flag("贷", "借"),
        "借方发生额": _went(),
        "贷方发生额": _came(),
        "对方行号": _always("102454000016"),
        "摘要": _summary,
        "用途": _use,
        "对方单位名称": _who,
        "余额": _balance,
        "个性化信息": _remark,
    },
    Shown(),
    titles=lambda _lines: [["[HISTORYDETAIL]"]],
    reversals=True,
    number=ACCOUNT,
)

_ICBC_12 = BankLayout(
    "工行企业12列.xlsx",
    "workbook",
    {
        "本方账号": _always(ACCOUNT),
        "对方账号": _account,
        "交易时间": lambda line: line.when,
        "借/贷": _flag("贷", "借"),
        "金额": lambda line: abs(line.fen) / 100,
        "凭证号": _always("000000000"),
        "对方单位": _who,
        "对方行号": _always(""),
        "用途": _use,
        "摘要": _summary,
        "附言": _remark,
        "个性化信息": _always(""),
    },
    Shown(balances=False),
    titles=lambda _lines: [["历史明细查询"], [""]],
    newest_first=True,
    number=ACCOUNT,
)

_ICBC_14 = BankLayout(
    "工行企业14列.CSV",
    "old-workbook",
    {
        "凭证号": _always(""),
        "对方账号": _account,
        "交易时间": _time("%Y-%m-%d %H:%M:%S"),
        "借贷标志": _flag("贷", "借"),
        "对方单位": _who,
        "对方行号": _always(""),
        "用途": _use,
        "摘要": _summary,
        "附言": _remark,
        "回单个性化信息": _always(""),
        "转入金额": _came(0.0, lambda fen: fen / 100),
        "转出金额": _went(0.0, lambda fen: fen / 100),
        "支付凭证种类": _always("其他"),
        "余额": lambda line: line.balance_fen / 100,
    },
    Shown(),
)

_ICBC_11 = BankLayout(
    "工行企业11列.csv",
    "with-byte-order-mark",
    {
        "对方账号": _account,
        "交易时间": _time("%Y-%m-%d-%H.%M.%S.123456"),
        "借贷标志": _flag("贷", "借"),
        "对方单位": _who,
        "对方行号": _always("102"),
        "用途": _use,
        "摘要": _summary,
        "附言": _remark,
        "发生额": _absolute,
        "余额": _balance,
        "币种": _always("人民币"),
    },
    Shown(),
    newest_first=True,
    reversals=True,
)


def _booked(write: Write) -> Write:
    return lambda line: write(line) if line.fen else "-"


_ICBC_PERSONAL = BankLayout(
    "工行个人.csv",
    "padded",
    {
        "交易日期": _time("%Y-%m-%d"),
        "摘要": _summary,
        "交易场所": _always(""),
        "交易国家或地区简称": _always("CHN"),
        "钞/汇": _always("钞"),
        "交易金额(收入)": _always("-"),
        "交易金额(支出)": _always("-"),
        "交易币种": _always("-"),
        "记账金额(收入)": _booked(_came()),
        "记账金额(支出)": _booked(_went()),
        "记账币种": _always("人民币"),
        "余额": _balance,
        "对方户名": _who,
    },
    Shown(times=False, accounts=False, texts=("summary",)),
    titles=lambda _lines: [
        ["明细查询文件下载"],
        [""],
        ["卡号: 6222****1234", '"卡别名: "'],
        [""],
        ["子账户序号: 00000", "子账户类别: 活期"],
        [""],
    ],
    footer=lambda lines: [
        ['" "'],
        ["人民币合计", *[""] * 7, *map(grouped, _sums(lines)), "", ""],
    ],
    newest_first=True,
    number="6222****1234",
)

_ABC_CORPORATE = BankLayout(
    "农行企业.xls",
    "old-workbook",
    {
        "交易时间": _time("%Y%m%d %H:%M:%S"),
        "收入金额": _came("", plain),
        "支出金额": _went("", plain),
        "账户余额": lambda line: plain(line.balance_fen),
        "交易行名": _always("滕州支行营业部"),
        "对方省市": _always(""),
        "对方账号": _account,
        "对方户名": _who,
        "交易用途": lambda line: line.use or "--",
    },
    Shown(texts=("use",)),
    titles=lambda _lines: [["账户明细"], ["账号:15-270101040001234"]],
    footer=lambda lines: [
        ["汇总收入金额", plain(_sums(lines)[0]), "汇总支出金额", plain(_sums(lines)[1])]
    ],
    reversals=True,
    number="15-270101040001234",
)

_ABC_PERSONAL = BankLayout(
    "农行个人.csv",
    "comma-separated",
    {
        "交易日期": _time("%Y%m%d"),
        "交易时间": _time("%H%M%S"),
        "交易摘要": _summary,
        "交易金额": _signed,
        "本次余额": lambda line: plain(line.balance_fen),
        "对手信息": lambda line: line.who or "--",
        "日 志 号": lambda line: line.serial if line.fen else "0000000000",
        "交易渠道": _always("超级网银"),
        "交易附言": _remark,
    },
    Shown(accounts=False, texts=("summary", "remark"), serials=True),
)

_CCB = BankLayout(
    "建行企业.xlsx",
    "workbook",
    {
        "账号": _always(ACCOUNT),
        "账户名称": _always(OWNER),
        "交易时间": _time("%Y%m%d %H:%M:%S"),
        "借方发生额（支取）": _went(0, lambda fen: fen / 100),
        "贷方发生额（收入）": _came(0, lambda fen: fen / 100),
        "余额": lambda line: line.balance_fen / 100,
        "币种": _always("人民币元"),
        "对方户名": _who,
        "对方账号": _account,
        "对方开户机构": _always("中国建设银行滕州支行"),
        "记账日期": _time("%Y%m%d"),
        "摘要": _summary,
        "备注": _remark,
        "账户明细编号-交易流水号": _serial,
        "企业流水号": _always(""),
        "凭证种类": _always(""),
        "凭证号": _always("0"),
    },
    Shown(texts=("summary", "remark"), serials=True),
    number=ACCOUNT,
)


def _boc_titles(lines: Sequence[Moved]) -> list[list[Cell]]:
    came = [line.fen for line in lines if line.fen > 0]
    went = [line.fen for line in lines if line.fen < 0]
    return [
        ["查询账号[ Inquirer account number ]", "230200001234"],
        ["总笔数[ Total number ]", len(lines)],
        ["借方发生总笔数[ Total Numbers of Debited Payments ]", len(went)],
        ["借方发生总额[ Total Debit Amount of Payments ]", grouped(-sum(went))],
        ["贷方发生总笔数[ Total Numbers of Credited Payments ]", len(came)],
        ["贷方发生总额[ Total Credit Amount of Payments ]", grouped(sum(came))],
        ["查询时间范围[ Time Range ]", "20201101-20201130"],
    ]


def _side(payers: bool, write: Callable[[Moved], str], own: str) -> Write:
    return lambda line: write(line) if (line.fen > 0) is payers else own


_BOC_COLUMNS: dict[str, Write] = {
    "交易类型[ Transaction Type ]": lambda line: "来账" if line.fen > 0 else "往账",
    "业务类型[ Business type ]": _always("转账"),
    "付款人开户行号[ Account holding bank number of payer ]": _always(""),
    "付款人开户行名[ Payer account bank ]": _always(""),
    "付款人账号[ Debit Account No. ]": _side(True, _account, "230200001234"),
    "付款人名称[ Payer's Name ]": _side(True, _who, OWNER),
    "收款人开户行行号[ Account holding bank number of beneficiary ]": _always(""),
    "收款人开户行名[ Beneficiary account bank ]": _always(""),
    "收款人账号[ Payee's Account Number ]": _side(False, _account, "230200001234"),
    "收款人名称[ Payee's Name ]": _side(False, _who, OWNER),
    "交易日期[ Transaction Date ]": _time("%Y%m%d"),
    "交易时间[ Transaction time ]": _time("%H:%M:%S"),
    "交易货币[ Trade Currency ]": _always("CNY"),
    "交易金额[ Trade Amount ]": lambda line: plain(line.fen),
    "交易后余额[ After-transaction balance ]": lambda line: plain(line.balance_fen),
    "起息日期[ Value Date ]": _time("%Y%m%d"),
    "汇率[ Exchange rate ]": _always(""),
    "交易流水号[ Transaction reference number ]": _serial,
    "客户申请号[ Online Banking Transaction Ref.(Bank Ref.) ]": _always(""),
    "客户业务编号[ Customer Transaction Ref.(Customer Ref.) ]": _always(""),
    "凭证类型[ Voucher type ]": _always(""),
    "凭证号码[ Voucher number ]": _always(""),
    "记录标识号[ Record ID ]": _always("1"),
    "摘要[ Reference ]": _summary,
    "用途[ Purpose ]": _use,
    "交易附言[ Remark ]": _remark,
    "备注[ Remarks ]": _always(""),
    "名义付款人名称[ Nominal payer's name ]": _always("某人"),
}


def _boc(file: str, form: str, columns: Mapping[str, Write] = _BOC_COLUMNS) -> BankLayout:
    return BankLayout(
        file, form, columns, Shown(serials=True), titles=_boc_titles, number="230200001234"
    )


def _with_tab(write: Write) -> Write:
    return lambda line: f"{write(line)}\t"


_BOC_PERSONAL = BankLayout(
    "中行个人.csv",
    "comma-separated",
    {
        "记账日期": _time("%Y-%m-%d"),
        "记账时间": _time("%H:%M:%S"),
        "币别": _always("人民币"),
        "金额": lambda line: grouped(line.fen),
        "余额": _balance,
        "交易名称": _summary,
        "渠道": _always("银企对接"),
        "网点名称": _always("-------------------"),
        "附言": lambda line: line.remark or "----------",
        "对方账户名": lambda line: line.who or "-------------------",
        "对方卡号/账号": lambda line: line.account or "-------------------",
        "对方开户行": _always("-------------------"),
        "借记卡号": _always("3167"),
    },
    Shown(texts=("remark", "summary")),
    titles=lambda _lines: [["中国银行交易流水明细单"]],
    newest_first=True,
    number="3167",
)

_PSBC = BankLayout(
    "邮储企业.xls",
    "web-page",
    {
        "序号": _always("1"),
        "交易日期": _time("%Y/%m/%d"),
        "凭证种类": _always(""),
        "摘要": _summary,
        "支出金额": _went("-"),
        "收入金额": _came("-"),
        "余额": _balance,
        "对方账号": _account,
        "对方户名": _who,
        "用途": _use,
    },
    Shown(times=False, texts=("summary", "use")),
    titles=lambda lines: [
        ["账户交易明细"],
        ["账号：937001010001234567", "币种：人民币"],
        ["起始日期：2020-11-01", "截止日期：2020-11-30"],
        [f"总笔数：{len(lines)}笔 收入合计：{grouped(_sums(lines)[0])}元"],
        [""],
    ],
    footer=lambda lines: [
        ["合计", "", "", "", grouped(_sums(lines)[1]), grouped(_sums(lines)[0])],
        ["以上数据仅供参考，打印日期：2020-11-30"],
    ],
    number="937001010001234567",
)


def _rural(file: str, form: str, when: Write) -> BankLayout:
    return BankLayout(
        file,
        form,
        {
            "交易日期": when,
            "对方户名": _who,
            "收入金额": _came("0.00"),
            "支出金额": _went("0.00"),
            "余额": _balance,
            "账号": _always(ACCOUNT),
            "币种": _always("CNY"),
            "对方账号": _account,
            "用途": _use,
            "附言": _remark,
            "核心流水号": _serial,
        },
        Shown(times=False, texts=("use", "remark"), serials=True),
        titles=lambda _lines: [
            ["账户交易明细"],
            ["账号", ACCOUNT],
            ["户名", OWNER],
            ["起始日期", "2020-11-01", "截止日期", "2020-11-30"],
        ],
        number=ACCOUNT,
    )


BANK_LAYOUTS = (
    _ICBC_13,
    _ICBC_12,
    _ICBC_14,
    _ICBC_11,
    _ICBC_PERSONAL,
    _ABC_CORPORATE,
    _ABC_PERSONAL,
    _CCB,
    _boc("中行企业.txt", "barred"),
    _boc(
        "中行企业.csv",
        "with-byte-order-mark",
        {heading: _with_tab(write) for heading, write in _BOC_COLUMNS.items()},
    ),
    _boc("中行企业.xls", "old-workbook"),
    _BOC_PERSONAL,
    _PSBC,
    _rural("农商行企业.xlsx", "workbook", _time("%Y-%m-%d")),
    _rural("农商行企业.txt", "tabbed", _time("%Y年%m月%d日")),
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for layout in BANK_LAYOUTS:
        (FOLDER / layout.file).write_bytes(layout.content())
        golden_file = FOLDER / f"{layout.file}.golden.txt"
        golden_file.write_text(layout.golden, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
