"""Headings of rosters by their parts: whose number it is, of which paper, what it is called.

No list can hold them all: 收款方账号, 本人储蓄卡号, 社保卡金融账号 are accounts, each by the words
that it is made of. A heading that has any other word in it is not known by its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping

from importers.tables.headings import Named

# A heading that stands in a list counts before one that is known by its parts.
RANK = 1000

# With the words of the programme's roles, and of all its people together, in {people}.
_PERSON = (
    "(?:本人|个人|{people}|工作人员|人员|领款人|领取人|领款|领取|收款人|收款方"
    "|收款|受款人|持卡人|开户人|发放对象)的?"
)
_WHOSE = f"(?:{_PERSON})?"
_CODE = "(?:编码|代码|编号|号码|码|号)"
_PAID_BY = "(?:打卡|代发|补助发放|补贴发放|发放|补助|补贴|劳务费|报酬|工资|结算)?"
_BANKS = (
    "(?:农村?商业?银?行?|农信社|信用社|工商银行|工行|农业银行|农行|建设银行|建行|邮政储蓄|邮政|邮储"
    "|中国银行|社保卡的?(?:金融|银行)|社会保障卡的?(?:金融|银行)|金融社保|开户银?行|开户|银行|储蓄|借记|银联|惠民|一卡通)?"
)
_PARTS = {
    "name": _PERSON + "(?:姓名|名字|名称|全名)|(?:领取|受领|签领|收款)人员?|收款方",
    "identity": (
        _WHOSE + "(?:(?:18位)?(?:第?二代)?(?:居民|公民|有效)?(?:身份证|身份证件|身份|证件)"
        "的?(?:号码|编号|号)|(?:身份证)?ID(?:号码|号)?)"
    ),
    "account": (
        _WHOSE + _PAID_BY + _BANKS
        + "(?:(?:银行)?(?:卡|存折|折|卡折|存单|账户|储蓄卡|借记卡)的?(?:账号|卡号|号码|号)"
        "|账号|账户|账户号码)"
    ),
    "bank": (
        _WHOSE + "(?:银行卡|储蓄卡|卡|存折|账户|账号)?的?(?:开户|开卡|发卡|办卡|收款|所属|所在)?"
        "(?:银行|(?<=[户卡款属在])行|网点|支行|信用社)(?:类别|种类|类型|名称|全称|名|行别|信息)?|行别"
    ),
    "role": (
        "(?:{people}|{kinds}|人员|工作人员|本人)?(?:岗位|职务|身份|角色|性质)(?:类别|类型|名称|性质)?"
        "|{roles}(?:(?:或|及|和)?{roles})+"
    ),
    "area": (
        "(?:所属|所在|负责|承担)?的?(?:{area}|村级|村居|村社区|社区村|行政村|社区)(?:的)?"
        "(?:统一|区划|地址|统计用区划|统计)?(?:12位)?" + _CODE
    ),
    "block": (
        "(?:所属|所在|负责|承担|包干)?的?(?:{block}|小区)的?(?:统一|区划|地址|统计)?(?:15位)?"
        + _CODE
    ),
}  # fmt: skip
_NAME_AND_IDENTITY = (
    "(?:(?:{roles}|人员|领款人)?姓名)[及和与、/+&,]?(?:居民|公民)?身份证?(?:号码|号)"
)
_COUNTED = re.compile("(?<=[^0-9])[1-9]$")


def named_by_parts(
    listed: Callable[[str], Named | None], words: Mapping[str, Iterable[str]]
) -> Callable[[str], Named | None]:
    """What knows a heading by its parts; ``listed`` knows the words of the lists.

    ``words`` are what the programme calls its ``roles``, its ``people``, ``area`` and ``block``.

    A number behind a heading (银行卡号2, as spreadsheets name a second column) says nothing of it.
    """

    said = {f"{{{name}}}": f"(?:{'|'.join(map(re.escape, some))})" for name, some in words.items()}

    def compiled(pattern: str) -> re.Pattern[str]:
        for name, some in said.items():
            pattern = pattern.replace(name, some)
        return re.compile(pattern)

    name_and_identity = compiled(_NAME_AND_IDENTITY)
    fields = {field: compiled(pattern) for field, pattern in _PARTS.items()}

    def named(text: str) -> Named | None:
        word = _COUNTED.sub("", text)
        if word != text and (found := listed(word)):
            return found
        if name_and_identity.fullmatch(word):
            return Named("name_and_identity", RANK)
        for field, pattern in fields.items():
            if pattern.fullmatch(word):
                return Named(field, RANK)
        return None

    return named
