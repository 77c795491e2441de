"""The monthly report on paper, read back as leaders and auditors would."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from ledger.base.records import replace
from ledger.figures.batch_outcomes import Count
from ledger.figures.month_trail import ApprovedBatch
from ledger.figures.month_trail import ClosedMonth
from ledger.figures.month_trail import Given
from ledger.figures.month_trail import trail
from ledger.figures.monthly_lines import Row
from ledger.figures.monthly_lines import added
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.open_matters import Held
from ledger.figures.period_changes import PAID
from ledger.figures.period_changes import Happening
from ledger.figures.period_changes import Period
from ledger.figures.status import DueTax
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from ledger.model.ids import LineComponent
from ledger.model.ids import StageCode
from ledger.model.months import Month
from ledger.model.months import read_month
from ledger.model.operators import Role
from reports.monthly.change_table import MOST
from reports.monthly.cumulative_chart import curves_of
from reports.monthly.document import statement_of
from reports.monthly.sheet import write_monthly_sheet
from reports.pdf.colours import BLUE
from reports.pdf.colours import FAINT
from reports.pdf.colours import NAVY
from reports.pdf.colours import QUIET
from reports.pdf.colours import RED
from reports.pdf.colours import Colour
from reports.pdf.fonts import MissingGlyphs
from reports.pdf.page_formats import MM
from tests.support.bank_account import Account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID as SUCCESS
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.made_up_payments import PROVENANCE
from tests.support.monthly_text import Printed
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import font_dictionaries

every_reader = pytest.mark.parametrize("read", READERS)
PROJECT = "2020年第七次全国人口普查"
PARTS = [
    "一、总体情况",
    "二、需要决策的事项",
    "三、预算、到位资金与支出的累计进度",
    "四、各镇街补助发放情况",
    "五、分经费来源、分科目执行情况",
    "六、本月变动",
    "七、校验",
]
BOXES = ("制表", "复核", "负责人")

Change = Callable[[MonthlyReport], MonthlyReport]


@pytest.fixture
def november(funded: Office) -> MonthlyReport:
    """One payment came back, one is unclear, and the office has trained its people."""
    funded.disburse(on="2020-11-10")
    answers = {**everyone(CLOSED, 1), **everyone(PENDING, 2), **everyone(SUCCESS, 3, 4)}
    take_result(funded, answers, on="2020-11-20")
    funded.hand(f'2020-11-03 * "某某宾馆" "两员培训"\n  {TRAINING}  812.34 CNY\n  {BANK}')
    with funded.registry() as registry:
        return statement_of(funded.books(), registry, read_month("2020-11"))


def written(folder: Path, statement: MonthlyReport, project: str = PROJECT) -> Path:
    path = folder / "statement.pdf"
    pages = write_monthly_sheet(
        path, statement, project=project, boxes=BOXES, provenance=PROVENANCE
    )
    assert pages == len(pypdf.PdfReader(path).pages)
    return path


@every_reader
def test_every_page_says_whose_it_is_of_which_month_and_from_which_books(
    tmp_path: Path, november: MonthlyReport, read: PageTexts
) -> None:
    pages = read(written(tmp_path, november))
    assert len(pages) == 4
    for number, text in enumerate(pages, 1):
        words = "".join(text.split())
        assert words.startswith("经费预算执行情况月报")
        assert f"编制单位：{november.unit}" in words
        assert "报告月份：2020年11月" in words
        assert "单位：元" in words or number == 1
        assert f"项目：{PROJECT}" in words
        assert "截至日期：2020年11月30日" in words
        assert f"账套摘要{november.digest[:16]}" in words
        assert "账套指纹b5a697887f6e5d4c" in words
        assert f"第{number}页共4页" in words
    assert november.digest in "".join(pages[-1].split())


def test_its_parts_follow_one_another_and_make_the_outline(
    tmp_path: Path, november: MonthlyReport
) -> None:
    path = written(tmp_path, november)
    reader = pypdf.PdfReader(path)
    titles = [entry.title for entry in reader.outline]  # type: ignore[union-attr]
    assert titles == PARTS
    pages = [reader.get_destination_page_number(entry) for entry in reader.outline]  # type: ignore[arg-type]
    assert pages == [0, 0, 1, 1, 2, 3, 3]
    text = Printed(path).text
    assert [text.index(part) for part in PARTS] == sorted(text.index(part) for part in PARTS)


def test_it_says_in_which_language_it_is_and_what_it_is(
    tmp_path: Path, november: MonthlyReport
) -> None:
    reader = pypdf.PdfReader(written(tmp_path, november))
    assert str(reader.root_object["/Lang"]) == "zh-CN"
    assert reader.metadata is not None
    assert reader.metadata.title == "2020年11月经费预算执行情况月报"
    assert reader.metadata.author == november.unit


def test_all_of_its_fonts_are_embedded(tmp_path: Path, november: MonthlyReport) -> None:
    fonts = font_dictionaries(written(tmp_path, november))
    assert fonts
    assert all("/FontFile2" in str(font["/FontDescriptor"].get_object()) for font in fonts)


def test_the_same_statement_gives_the_same_bytes(tmp_path: Path, november: MonthlyReport) -> None:
    first = written(tmp_path, november).read_bytes()
    assert written(tmp_path, november).read_bytes() == first


def test_people_by_town_and_state(tmp_path: Path, november: MonthlyReport) -> None:
    """在册 已支付 代发中 退回 待查 未发; towns without people are left out."""
    printed = Printed(written(tmp_path, november))
    assert printed.towns == {"荆河街道": [3, 1, 0, 1, 1, 0], "洪绪镇": [3, 1, 2, 0, 0, 0]}
    assert re.search("^合计 6 2 2 1 1 0$", printed.text, re.MULTILINE)


def shapes(path: Path, page: int, pattern: str) -> list[tuple[float, ...]]:
    """The numbers of the drawing operators on a page that fit a pattern."""
    contents = pypdf.PdfReader(path).pages[page].get_contents()
    assert contents is not None
    found = re.findall(pattern, contents.get_data().decode("latin-1"))
    return [tuple(map(float, numbers)) for numbers in found]


def bars(path: Path, page: int, colour: Colour) -> list[tuple[float, ...]]:
    """Left, bottom, width and height of the bars of a colour."""
    number = r"(-?[\d.]+)"
    rectangle = rf"q {colour.operands()} rg {number} {number} {number} {number} re f Q"
    return shapes(path, page, rectangle)


def hatched(path: Path, page: int, colour: Colour) -> list[tuple[float, ...]]:
    """Left, bottom, width and height of what is hatched in a colour."""
    number = r"(-?[\d.]+)"
    style = rf"q {colour.operands()} RG [\d.]+ w"
    rectangle = rf"{style} q {number} {number} {number} {number} re W n "
    return shapes(path, page, rectangle)


def test_the_bars_are_as_long_as_the_people_are_many(
    tmp_path: Path, november: MonthlyReport
) -> None:
    """One after the other without a gap; beside them the colours of the legend."""
    path = written(tmp_path, november)
    legend, *paid = bars(path, 1, NAVY)
    assert legend[2] == pytest.approx(6 * MM, abs=0.02)
    (_legend, in_bank), (_legend, returned) = bars(path, 1, BLUE), hatched(path, 1, RED)
    first, second = paid
    assert first[2] == pytest.approx(second[2]) == pytest.approx(returned[2])
    assert in_bank[2] == pytest.approx(2 * first[2], abs=0.02)
    assert returned[0] == pytest.approx(first[0] + first[2], abs=0.02)
    assert in_bank[0] == pytest.approx(second[0] + second[2], abs=0.02)


def test_the_execution_rate_is_a_bar_too(tmp_path: Path, november: MonthlyReport) -> None:
    path = written(tmp_path, november)
    whole, _time = bars(path, 0, FAINT)
    (rate,), (gone,) = bars(path, 0, NAVY), bars(path, 0, QUIET)
    assert rate[2] / whole[2] == pytest.approx(float(november.total.rate or 0), abs=0.001)
    assert gone[2] / whole[2] == pytest.approx(float(november.time_gone), abs=0.001)


def test_the_chart_rises_as_the_money_does(tmp_path: Path, november: MonthlyReport) -> None:
    """From the first payment to the month's end, in steps; the highest line is the budget."""
    path = written(tmp_path, november)

    def curve(colour: Colour, width: float) -> list[tuple[float, float]]:
        operators = rf"q {colour.operands()} RG {width:g} w \[[^\]]*\] 0 d 1 j ([^S]*) S Q"
        contents = pypdf.PdfReader(path).pages[1].get_contents()
        assert contents is not None
        found = re.findall(operators, contents.get_data().decode("latin-1"))
        points = re.findall(r"(-?[\d.]+) (-?[\d.]+) [ml]", found[-1])
        return [(float(x), float(y)) for x, y in points]

    budget, received, _spent, paid = (curve(one.colour, one.width) for one in curves_of(november))
    base = paid[0][1]
    for points in (budget, received, paid):
        assert [x for x, _y in points] == sorted(x for x, _y in points)
        assert points[-1][0] == pytest.approx(budget[-1][0])
    share = (paid[-1][1] - base) / (budget[-1][1] - base)
    assert share == pytest.approx(float(november.total.rate or 0), abs=0.001)
    share = (received[-1][1] - base) / (budget[-1][1] - base)
    assert share == pytest.approx(1_220_000 / 5_800_000, abs=0.001)


def test_the_lines_of_the_chart_are_told_apart_without_colours(november: MonthlyReport) -> None:
    """Each is brighter or darker than what it lies upon, and narrower; none has the other's dash
    and brightness.
    """
    curves = curves_of(november)
    bright = [0.3 * c.colour.red + 0.59 * c.colour.green + 0.11 * c.colour.blue for c in curves]
    for (below, above), (under, over) in (((0, 1), bright[:2]), ((2, 3), bright[2:])):
        assert under - over > 0.4
        assert curves[below].width > 2 * curves[above].width
    assert bright[0] - bright[2] > 0.1
    assert curves[1].dash != curves[3].dash


def test_the_first_page_is_read_on_a_telephone(tmp_path: Path, november: MonthlyReport) -> None:
    """Shown 400 pixels wide, every character is 9 pixels high or more."""
    page = pypdf.PdfReader(written(tmp_path, november)).pages[0]
    contents = page.get_contents()
    assert contents is not None
    sizes = re.findall(r"/\S+ ([\d.]+) Tf", contents.get_data().decode("latin-1"))
    assert min(map(float, sizes)) * 400 / float(page.mediabox.width) > 9


def test_no_text_of_the_details_is_hard_to_read(tmp_path: Path, november: MonthlyReport) -> None:
    """A long text takes more lines."""
    first = next(one for one in november.happenings if one.entry is not None)
    assert first.entry is not None
    long = first._replace(entry=first.entry._replace(narration="两员业务培训费和资料费" * 12))
    path = written(tmp_path, replace(november, happenings=(long,)))
    for page in pypdf.PdfReader(path).pages[1:]:
        contents = page.get_contents()
        assert contents is not None
        sizes = re.findall(r"/\S+ ([\d.]+) Tf", contents.get_data().decode("latin-1"))
        assert min(map(float, sizes)) >= 7
    assert "两员业务培训费和资料费" * 12 in Printed(path).words


def test_what_is_left_is_split_into_what_has_not_arrived_and_what_can_be_spent(
    tmp_path: Path, november: MonthlyReport
) -> None:
    """The office has 1,220,000 of 5,800,000 yuan, and a contract takes what it takes."""
    headline = Printed(written(tmp_path, november)).headline
    left, undrawn, spendable = (
        headline[label][0] for label in ("结余（预算指标）", "尚未到位", "已到位可用")
    )
    assert undrawn == 4_580_000
    assert left == undrawn + spendable
    assert spendable * 100 == 122_000_000 - november.status.budget.spent_fen


def test_nobody_is_registered(tmp_path: Path, office: Office) -> None:
    office.receive(100)
    with office.registry() as registry:
        statement = statement_of(office.books(), registry, read_month("2020-06"))
    printed = Printed(written(tmp_path, statement))
    assert "截至月末尚无人员在册。" in printed.text
    assert "本月没有到账、支付和预算变动。" in printed.text


def test_what_changed_is_shown_with_its_evidence(tmp_path: Path, november: MonthlyReport) -> None:
    text = Printed(written(tmp_path, november)).text
    assert "11月20日 支付 本级财政劳务费：补助 2 人 1,600.00 批次 B2020-001" in text
    assert "11月3日 支付 培训费：某某宾馆 两员培训 812.34 手工凭证" in text
    assert "本月支付合计 2,412.34" in text


def test_a_line_of_a_statement_is_named_by_its_import_and_place(
    tmp_path: Path, funded: Office
) -> None:
    """And under the table by the days of the statement."""
    account = Account(opening_fen=122_000_000)
    account.move("2020-11-05", "66.00", "不明", "不明")
    account.move("2020-11-06", "-97.50", "手续费", "滕州农商行")
    assert take_statement(funded, account).status == 0
    funded.hand(
        '2020-11-30 * "印刷厂" "表册" ^HT-7\n  document: "凭证/0032.pdf"\n'
        f"  {TRAINING}  20.00 CNY\n  {BANK}"
    )
    funded.rule(
        '2020-11-01 custom "census-commitment" "HT-7" '
        "Expenses:5001业务活动费用:01本级财政:30216培训费 500.00 CNY"
    )
    books, november = funded.books(), read_month("2020-11")
    with funded.registry() as registry:
        statement = statement_of(books, registry, november)
    paid = next(one for one in statement.happenings if one.entry and "HT-7" in one.entry.links)
    lines = books.history.lines.values()
    line = next(one.entry for one in lines if one.amount_fen == -97_50)
    happened = (paid, paid._replace(entry=line))
    followed = trail(books, Period(november.first, november.last), happened)
    printed = Printed(written(tmp_path, replace(statement, happenings=happened, trail=followed)))
    assert "合同 HT-7、0032.pdf" in printed.text
    assert "银行对账单 I000001 第 2 笔" in printed.text
    assert "I000001为2020年11月5日至2020年11月6日的对账单" in printed.words


def test_changes_stand_by_day_and_the_smallest_of_very_many_are_added_up(
    tmp_path: Path, november: MonthlyReport
) -> None:
    """The sums are of all of them."""
    many = tuple(
        Happening(
            PAID,
            datetime.date(2020, 11, 1 + number * 7 % 30),
            FundCode("01"),
            LineComponent("30216培训费"),
            (100 - number) * 100,
        )
        for number in range(80)
    )
    text = Printed(written(tmp_path, replace(november, happenings=many))).text
    shown = re.findall(r"^11月(\d+)日 支付 培训费 (\S+)", text, re.MULTILINE)
    assert [int(day) for day, _yuan in shown] == sorted(int(day) for day, _yuan in shown)
    assert {yuan for _day, yuan in shown} == {f"{100 - number}.00" for number in range(MOST)}
    rest = sum(range(21, 21 + 80 - MOST))
    assert f"另有 {80 - MOST} 项较小的变动，金额合计 {rest:,}.00 元" in text
    assert f"本月支付合计 {sum(range(21, 101)):,}.00" in text


def test_stages_and_tax_have_parts_where_there_are_any(
    tmp_path: Path, november: MonthlyReport
) -> None:
    status = november.status
    (first,) = status.stages
    second = replace(first, code=StageCode("S2"), name="入户登记", amount_fen=123_45)
    due = DueTax(Month(2020, 11), 320_00, datetime.date(2020, 12, 15))
    more = replace(
        november,
        status=replace(status, stages=(first, second), tax=(due,)),
        money=november.money._replace(tax_due_fen=320_00),
    )
    printed = Printed(written(tmp_path, more))
    assert re.search("^四、各阶段补助发放情况$", printed.text, re.MULTILINE)
    assert re.search("^S2 入户登记 6 2 2 1 1 0 123.45$", printed.text, re.MULTILINE)
    assert f"五、各镇街补助发放情况（S1 {first.name}）" in printed.text
    assert re.search("^八、待缴的个人所得税$", printed.text, re.MULTILINE)
    assert "2020年11月 320.00 2020年12月15日" in printed.text
    assert printed.headline["待缴个人所得税"] == (Decimal("320.00"), "0.03")


def test_towns_go_on_upon_the_next_page(tmp_path: Path, november: MonthlyReport) -> None:
    """The largest county has more towns than a page holds beside the chart."""
    town = next(town for town in november.status.towns if town.people.registered)
    towns = tuple(replace(town, name=f"第{number}镇") for number in range(52))
    crowded = replace(november, status=replace(november.status, towns=towns))
    printed = Printed(written(tmp_path, crowded))
    assert len(printed.towns) == 52
    with_towns = [page for page in printed.pages if "镇街 发放进度" in page]
    assert ["各镇街补助发放情况（续）" in page for page in with_towns] == [False, True]


def test_approvals_and_closings_are_told_where_there_are_any(
    tmp_path: Path, november: MonthlyReport
) -> None:
    given = Given(Role.CHECKER, "O02 李某", datetime.date(2020, 11, 11))
    batch = ApprovedBatch(
        BatchId("B2020-001"), 6, 480_000, "O01 王某", (given, Given(Role.APPROVER))
    )
    closed = ClosedMonth(Month(2020, 10), "O01 王某", datetime.date(2020, 11, 3))
    told = november.trail._replace(batches=(batch,), closed=(closed,))
    text = Printed(written(tmp_path, replace(november, trail=told))).text
    assert "七、审批、结账与校验" in text
    assert (
        "批次 B2020-001 6 人、4,800.00 元；编制：O01 王某；审核：O02 李某 2020年11月11日；待审批"
        in text
    )
    assert "2020年10月结账 2020年11月3日 O01 王某" in text


def test_the_head_of_the_table_is_on_each_of_its_pages(
    tmp_path: Path, november: MonthlyReport
) -> None:
    line = november.rows[0]
    many = [replace(line, code=LineCode(f"{30000 + number}")) for number in range(60)]
    rows = (*many, added(many, FundCode("01"), "本级财政", 1), added(many, FundCode(""), "", 1))
    printed = Printed(written(tmp_path, replace(november, rows=rows)))
    with_table = [page for page in printed.pages if "五、分经费来源" in page]
    assert len(with_table) == 3
    assert all("科目编码 科目名称 年初预算" in page for page in with_table)
    assert ["（续）" in page for page in with_table] == [False, True, True]
    ((_sums, lines), _whole) = printed.funds
    assert len(lines) == 60


def test_ten_times_the_money_still_has_room(tmp_path: Path, november: MonthlyReport) -> None:
    """Amounts shrink, and none is cut off; contracts take a column more."""

    def larger(row: Row) -> Row:
        return replace(
            row,
            adjusted_fen=98_765_432_109_87,
            project_fen=98_765_432_109_87,
            committed_fen=98_765_432_109_87,
        )

    rows = tuple(map(larger, november.rows))
    printed = Printed(written(tmp_path, replace(november, rows=rows)))
    ((_sums, lines), *_others) = printed.funds
    assert all(str(row.amounts[1]) == "98765432109.87" for row in lines.values())


def test_more_matters_than_the_first_page_holds_go_on_a_page_of_their_own(
    tmp_path: Path, november: MonthlyReport
) -> None:
    funds = tuple((f"经费来源{number}", 100) for number in range(60))
    fund = november.status.funds[0]
    status = replace(november.status, funds=tuple(replace(fund, name=name) for name, _fen in funds))
    reasons = tuple((code, 1) for code in ("CLOSED", "FROZEN", "LOST", "OTHER", "NAME_MISMATCH"))
    returned = Held(Count(5, 4000_00), datetime.date(2020, 11, 1), reasons)
    short = Count(1, 800_00)
    decided = replace(november.open_matters, missing_fen=funds, returned=returned, short=short)
    crowded = replace(november, status=status, open_matters=decided)
    printed = Printed(written(tmp_path, crowded))
    assert "二、需要决策的事项（续）" in printed.pages[1]
    for number in range(60):
        assert f"经费来源{number}0.00元" in printed.words.replace("1.00元（", "0.00元（")
    numbers = re.findall(r"^(\d)\. ", "\n".join(printed.pages[:2]), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 1 + len(numbers))]


def test_leaders_decide_and_sign_on_the_first_page(tmp_path: Path, november: MonthlyReport) -> None:
    pages = Printed(written(tmp_path, november)).pages
    assert ["领导批示：" in page for page in pages] == [True, False, False, False]
    assert "制表： 复核： 负责人：" in pages[0]


def test_what_the_bank_wrote_and_no_font_has_is_marked(
    tmp_path: Path, november: MonthlyReport
) -> None:
    first = november.happenings[0]
    entry = next(one.entry for one in november.happenings if one.entry is not None)
    strange = first._replace(batch=NO_BATCH, entry=entry._replace(payee="某\U0010ffff厂"))
    printed = Printed(written(tmp_path, replace(november, happenings=(strange,))))
    assert "某〓厂" in printed.text


def test_what_the_settings_say_has_to_be_drawn(tmp_path: Path, november: MonthlyReport) -> None:
    with pytest.raises(MissingGlyphs):
        written(tmp_path, november, project="普查\U0010ffff")


def test_the_notes_say_what_the_columns_mean(tmp_path: Path, november: MonthlyReport) -> None:
    words = Printed(written(tmp_path, november)).words
    assert "不含预算会计的平行记账" in words
    assert "执行率＝项目累计支出÷调整预算" in words
    assert "分母为零的以“—”表示" in words
