"""Names of invented people: common ones that repeat, rare characters, names with a dot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True)
class Name:
    """``bank`` is the bank's spelling where it differs from ``legal``, else empty."""

    legal: str
    male: bool
    bank: str = ""


# The number after each run of surnames is its share; the last runs are at home in the south of
# Shandong.
_SURNAME_SHARES = (
    ("王李张", 85),
    ("刘陈孙赵", 42),
    ("杨徐马朱", 28),
    ("周吴胡高宋郭", 17),
    ("韩杜邵孔颜秦满", 11),
    ("田任姜范董于吕魏程丁", 8),
    ("种闵生狄褚苗渠黄梁冯史", 5),
    ("庞龙邢侯段贺甘仇殷赖", 2),
)
_COMPOUND_SURNAMES = ("欧阳", "司马", "上官")
SURNAMES = (*(s for run, _ in _SURNAME_SHARES for s in run), *_COMPOUND_SURNAMES)
_SURNAME_WEIGHTS = tuple(
    accumulate([share for run, share in _SURNAME_SHARES for _ in run] + [1] * 3),
)

# Given names that a county has by the dozen: they make people of one name.
_COMMON_MALE = "伟 强 磊 军 勇 涛 建国 建华 志强 国强 海涛 鹏 超 刚 杰 玉柱 文明 成龙"
_COMMON_FEMALE = "芳 丽 敏 静 娟 燕 艳 玲 秀英 桂英 秀兰 红梅 婷婷 雪 霞 慧 春梅 爱华"
_FIRST_MALE = "建志国海文永德明光庆玉宝振家兴延广传守学立长金新宏茂凡绪"
_SECOND_MALE = "强军华民伟峰勇平波生东林山亮成龙祥忠刚义顺松利涛才田春福"
_FIRST_FEMALE = "秀桂玉春红海丽淑晓文爱美雪金彩凤翠月素冬延庆慧梦思雅"
_SECOND_FEMALE = "英兰梅芳云霞玲华珍荣花香红芹萍莲娟艳丽敏燕娜婷琴平侠"

# A name that GBK cannot carry stands in a town whose roster has a column for the bank's spelling.
RARE_NAMES = {
    "北辛街道": (Name("李䶮", True, "李龑"), Name("孙㛃", False, "孙JIE")),
    "西岗镇": (Name("赵𬭚", True, "赵CHUN"),),
    "东郭镇": (Name("张㛃", False, "张洁"), Name("满䶮", True, "满YAN")),
    "善南街道": (Name("杜龑", True),),
    "姜屯镇": (Name("刘喆", True),),
    "洪绪镇": (Name("种堃", True),),
    "官桥镇": (Name("马燚", False),),
}

# Whoever types the dot takes the one the keyboard offers.
DOTTED_NAMES = {
    "荆河街道": Name("买买提·阿不都", True),
    "龙泉街道": Name("阿依古丽•吐尔逊", False),
    "北辛街道": Name("努尔买买提・依明", True),
    "善南街道": Name("热依汗‧卡德尔", False),
    "东沙河街道": Name("艾力．玉素甫", True),
    "洪绪镇": Name("帕提古丽·买买提", False),
    "大坞镇": Name("木合塔尔•阿不力孜", True),
    "滨湖镇": Name("迪丽拜尔・艾合买提", False),
    "鲍沟镇": Name("麦麦提明‧图尔荪", True),
    "张汪镇": Name("阿卜杜拉．麦麦提", True),
    "界河镇": Name("古丽娜尔·艾买提", False),
    "龙阳镇": Name("玛丽亚木•阿卜杜热合曼", False),
}


def special_names(town: str) -> tuple[Name, ...]:
    """The rare and the dotted names that live in the town of this name."""
    dotted = DOTTED_NAMES.get(town)
    return RARE_NAMES.get(town, ()) + ((dotted,) if dotted else ())


def common_name(random: Random) -> Name:
    """A name as most people have: about one in five shares hers with many others."""
    male = random.random() < 0.38
    [surname] = random.choices(SURNAMES, cum_weights=_SURNAME_WEIGHTS)
    if random.random() < 0.22:
        given = random.choice((_COMMON_MALE if male else _COMMON_FEMALE).split())
    else:
        given = random.choice(_FIRST_MALE if male else _FIRST_FEMALE)
        given += random.choice(_SECOND_MALE if male else _SECOND_FEMALE)
    return Name(surname + given, male)
