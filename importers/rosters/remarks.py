"""What stands in 备注: words by which somebody is not to be paid, or the card is another's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from functools import lru_cache

from importers.rosters.checks import UnplacedProblem
from importers.rosters.sheets import RosterTable
from importers.rosters.words import roster_words
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import words
from importers.tables.spelling import squeezed

_RELATIVES = (
    "母亲|父亲|妈妈?|爸爸?|妻子?|丈夫|老婆|老公|爱人|配偶|儿子|女儿|儿媳|女婿|孩子|哥哥?|姐姐?|弟弟?|妹妹?|婆婆|公公"
    "|岳父|岳母|嫂子?|家属|家人|亲属|亲戚|他人|别人|其他人|旁人"
)
_PAPERS = "卡|存折|折子|账|帐|户"
# Compiled for the first remark: most rosters have none.
_ANOTHERS = (
    f"(?:{_RELATIVES}).{{0,8}}(?:{_PAPERS}|代领|代收|收款)|非本人|不是本人|代领|代收|借用"
    f"|(?:{_PAPERS}).{{0,4}}(?:是|为|属)(?:{_RELATIVES})|本人无卡|无卡|没有卡|未办卡"
)
_NOT_TO_BE_PAID = (
    "(?:不|勿|停|暂缓|缓|免|别|无需|不用|不再|取消|未)(?:予|予以|需|要|用|得|再|能)?(?:发|付|打|领取|领|支|补|拨|转)"
    "|暂不|暂停|不再?(?:担任|从事|做|干)|不在岗|退出|离岗|接替|已(?:经)?(?:辞|离(?!休|异|婚)|退(?!休|伍|役)|调|去世|死|故|换|更换|撤|停|不干|不做|注销|销户|挂失)"
    "|(?:辞|离|停|撤|免)职|去世|死亡|病故|身故|作废|重复|冻结|挂失|销户|注销|失效|停用|过期"
    "|(?:卡|账|帐|号|证|名).{0,4}(?:错|有误|不符|不对|有问题|丢|遗失|坏|不一致|待核|待查|待定|未核|不准)"
    "|待核|待查|待确认|待更换|待换|换人|改由|更换为|顶替|替换|替代|已由.*(?:代|接)"
)


def check_remarks(tables: Iterable[RosterTable]) -> Iterator[UnplacedProblem]:
    """Rows that go back for what is remarked of them: it is for the town to say what holds.

    A remark stands in 备注, or beside the table where nothing is written over it.
    """
    position = 0
    for table in tables:
        whole = table.header.whole
        places = [
            *table.all_of("remark"),
            *(place for place, heading in enumerate(whole) if not heading),  # guard: lone-remark
        ]
        asked = [n for n, heading in enumerate(whole) if re.match(_WHETHER, squeezed(heading))]
        related = [n for n, heading in enumerate(whole) if re.match(_RELATION, squeezed(heading))]
        people = table.body.people if places or asked or related else ()
        for place, (_number, row) in enumerate(people, position):
            codes = [_code_of(words(cell)) for one in places if (cell := row[one]) != ""]
            if any(plain_text(row[one]) not in _HERSELF for one in related):  # guard: whose-card
                codes.append("remark_anothers")
            # guard: whether-paid
            if any(plain_text(row[one]) in _NO for one in asked):
                codes.append("remark_unpaid")
            if any(codes):  # guard: remarks-are-read
                yield UnplacedProblem(place, "remark", next(filter(None, codes)))
        position += len(table.body.people)


def _code_of(text: str) -> str:
    return _code(text) or ("remark_unpaid" if _denies_a_role(text) else "")


# What asks whether somebody is to be paid, and what says that she is not.
_WHETHER = "是否(?:发|领|在岗|在职|享受|核发|应发|可发|支付)"
_NO = frozenset({"否", "不", "无", "×", "X", "x", "N", "n", "0", "不是"})
# What asks how she is related to whoever holds the card, and what says that she does herself.
_RELATION = "与.{0,3}(?:持卡|开户|卡主|账户|收款|领款|存折).*关系"
_HERSELF = frozenset({"", "本人", "自己", "同一人", "本人卡", "是本人", "/", "-", "—", "无"})

# What is said of somebody with whom nothing is wrong.
_IN_ORDER = "无误|没错|无错误?|没有?问题|无问题|未发现"


def _denies_a_role(text: str) -> bool:
    """不是普查员, 非指导员."""
    return ("不是" in text or "非" in text) and any(
        no + word in text for word in roster_words().roles for no in ("不是", "非")
    )


@lru_cache(maxsize=4096)
def _code(text: str) -> str:
    text = re.sub(_IN_ORDER, "", text)
    if re.search(_ANOTHERS, text):
        return "remark_anothers"
    return "remark_unpaid" if re.search(_NOT_TO_BE_PAID, text) else ""
