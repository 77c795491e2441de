"""Draw docs/refusals.md and docs/refusals.zh-CN.md: every reason for which a command says no.

The first has them by code, for programs, and by their English words; the second has the Chinese
sentences as a user reads them, by subject, and what to type then.

.venv/bin/python scripts/refusals.py, in the environment that scripts/test.py makes
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from refusal_words import sentences
from refusal_words import with_gaps

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from ledger.base.language import in_chinese  # noqa: E402
from ledger.base.refusals import Refusal  # noqa: E402
from ledger.cli.terminal.next_steps import NEXT_STEPS  # noqa: E402

PAGE = CHECKOUT / "docs" / "refusals.md"
CHINESE_PAGE = CHECKOUT / "docs" / "refusals.zh-CN.md"
FOLDERS = ("ledger", "importers", "reports")

INTRODUCTION = """# Refusals

[中文说明](refusals.zh-CN.md)

Every reason for which a command says no. With `--json` a refusal is one object: `error` is the
sentence, in the user's language and reworded at times; `code` is what programs go by, and stays;
`facts` holds what the sentence speaks of, such as a batch, a day or a row: amounts are text with
two decimals, and of a person there is the id alone. Each fact stands beside `facts` as well. The
exit status is 1. `import` says this of each file that it refuses. What they say stands
[below](#by-their-words), for whoever has read one and wants to know what to type.

This page is drawn by `scripts/refusals.py`. A code that was given is never taken back: a class
that gets another name keeps its code by `code = "…"`.

| room | code | meaning |
| --- | --- | --- |
"""

BY_WORDS = """
## By their words

… stands for what the sentence leaves open: a day, a batch, a file. On the desk the sentence stands
at the field that it speaks of, without a command.

| what is said | what to type | code |
| --- | --- | --- |
"""

CHINESE_INTRODUCTION = """# 程序说“无法办理”的，怎么办

[English](refusals.md)

照屏幕或页面上的那句话查：在浏览器里按 Ctrl-F，输入话里的几个字。`…` 处是日期、批次、文件名、人员编号这些。什么也没有改动，照办以后再来一次就行。

大多数的话自己就写着怎么办；要敲命令的，写在第二栏。在工作台上，话写在所说的那一栏旁边，改了再按一次即可。最后一栏是供程序用的代码。行被退回的原因另见[花名册](roster-problems.md)、[工作量表](work-list-problems.md)。
"""  # noqa: E501
CHINESE_HEAD = """
## {subject}

| 说的话 | 怎么办 | 代码 |
| --- | --- | --- |
"""
# Which rooms speak of what, the narrower rooms first.
SUBJECTS = {
    "花名册和更正表": ("importers/rosters", "importers/registration", "importers/corrections"),
    "工作量表": ("importers/workload",),
    "建账前已付的人": ("importers/paid_before",),
    "银行对账单": ("importers/statements", "importers/matching", "ledger/bank"),
    "银行回盘": ("importers/results",),
    "文件和表格": ("importers",),
    "发放": ("ledger/disbursement", "ledger/payments", "ledger/budget", "reports/payout"),
    "密钥、备份和登记库": ("ledger/keys", "ledger/registry"),
    "办理各项工作": ("ledger/services", "ledger/figures"),
    "工作台和命令": ("ledger/web", "ledger/cli"),
    "省市汇总": ("ledger/province",),
    "账套": ("ledger",),
    "核对纸和文件": ("reports/verification",),
    "单据和名单": ("reports",),
}


def of_this_class(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    """The subclasses of a class whose modules are loaded, and theirs."""
    for child in parent.__subclasses__():
        yield child
        yield from of_this_class(child)


def all_refusals() -> list[type[Refusal]]:
    """Every refusal of the tool, room by room."""
    for top in FOLDERS:
        for path in sorted((CHECKOUT / top).rglob("*.py")):
            module = path.parent if path.name == "__init__.py" else path.with_suffix("")
            import_module(".".join(module.relative_to(CHECKOUT).parts))
    ours = {kind for kind in of_this_class(Refusal) if kind.__module__.split(".")[0] in FOLDERS}
    return sorted(ours, key=lambda kind: (FOLDERS.index(top_of(kind)), room_of(kind), kind.code))


def top_of(kind: type[Refusal]) -> str:
    return kind.__module__.partition(".")[0]


def room_of(kind: type[Refusal]) -> str:
    """``ledger/books``: the folder of the class's module."""
    path = CHECKOUT.joinpath(*kind.__module__.split("."))
    return (path if path.is_dir() else path.parent).relative_to(CHECKOUT).as_posix()


def meaning(kind: type[Refusal]) -> str:
    """The first paragraph of the class's own docstring, on a line."""
    paragraph = (vars(kind)["__doc__"] or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("``", "`").replace("|", "\\|")


def next_step(kind: type[Refusal]) -> str:
    """What the command says after the sentence, in English."""
    return NEXT_STEPS.get(kind.code, "")


def page() -> str:
    """The page for docs/ in English."""
    rows = [
        f"| `{room_of(kind)}/` | `{kind.code}` | {meaning(kind)} |\n" for kind in all_refusals()
    ]
    said = sorted(
        (with_gaps(sentence), with_gaps(next_step(kind)), kind.code)
        for kind in all_refusals()
        for sentence in sentences(kind)
    )
    words = [f"| {sentence} | {step} | `{code}` |\n" for sentence, step, code in said]
    return INTRODUCTION + "".join(rows) + BY_WORDS + "".join(words)


def chinese_page() -> str:
    """The page for docs/ in Chinese: the sentences of each subject, in the order of the sounds."""
    parts = [CHINESE_INTRODUCTION]
    for subject in SUBJECTS:
        said = [
            (with_gaps(in_chinese(sentence)), with_gaps(in_chinese(next_step(kind) or "—")), kind)
            for kind in all_refusals()
            if subject_of(kind) == subject
            for sentence in sentences(kind)
        ]
        said.sort(key=lambda one: one[0].lstrip("… ：，“").encode("gb18030"))
        parts.append(CHINESE_HEAD.format(subject=subject))
        parts += [f"| {sentence} | {step} | `{kind.code}` |\n" for sentence, step, kind in said]
    return "".join(parts)


def subject_of(kind: type[Refusal]) -> str:
    """The first subject of which a room's beginning is that of the class."""
    room = f"{room_of(kind)}/"
    return next(
        subject
        for subject, rooms in SUBJECTS.items()
        if any(room.startswith(f"{one}/") for one in rooms)
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    CHINESE_PAGE.write_text(chinese_page(), encoding="utf-8", newline="\n")
