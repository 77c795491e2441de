"""Names of census areas: communities of the 街道, villages of the 镇, a few very long ones."""

from __future__ import annotations

from itertools import product
from random import Random

# One word of each string makes a name; a string that begins with a blank may add nothing.
_COMMUNITY_WORDS = (
    "荆河 龙泉 善国 解放 新华 平行 塔寺 杏坛 大同 学院 文昌 府前 清源 红荷 墨子 春秋 奚仲 柳泉 "
    "永昌 益康 金河 安居 通盛 翠湖",
    "路 东 西 南 北 新村 花园 东苑 西苑 佳苑 家园 小区 桥 里 南园 北园",
    " 第一 第二",
)
_VILLAGE_WORDS = (
    " 前 后 东 西 南 北 大 小 上 下 中",
    "王 李 张 刘 陈 孙 赵 杨 徐 马 朱 周 吴 胡 高 宋 郭 韩 杜 邵 孔 颜 秦 满 田 任 姜 范 董 吕 魏 "
    "种 闵 狄",
    "庄 楼 村 寨 屯 桥 店 沟 岭 营 集 洼 官庄 家堂 家林 家岗",
)
_COMMUNITY_ENDINGS = ("社区", "社区居委会", "社区居民委员会")
_VILLAGE_ENDINGS = ("", "村", "村委会", "村民委员会")

LONG_NAMES = {
    "北辛街道": ("滕州经济开发区墨子科创园产业工人公寓第一社区居民委员会",),
    "滨湖镇": (
        "滨湖镇微山湖湿地红荷风景区渔业生产合作社第一居民委员会",
        "滨湖镇微山湖湿地红荷风景区渔业生产合作社第二居民委员会",
    ),
    "木石镇": ("木石镇鲁南高科技化工园区职工家属院第三居民委员会",),
}


def area_names(town: str, *, urban: bool, count: int, random: Random) -> list[str]:
    """``count`` different names; a town writes all of them the same way, after its own habit."""
    words = _COMMUNITY_WORDS if urban else _VILLAGE_WORDS
    ending = random.choice(_COMMUNITY_ENDINGS if urban else _VILLAGE_ENDINGS)
    stems = ["".join(parts) for parts in product(*(part.split(" ") for part in words))]
    names = [_ended(stem, ending) for stem in random.sample(stems, count)]
    long_names = LONG_NAMES.get(town, ())[:count]
    return [*long_names, *names[len(long_names) :]]


def _ended(stem: str, ending: str) -> str:
    return stem + (ending.removeprefix("村") if stem.endswith("村") else ending)
