"""What a list of people comes to: by town and state, and who shares what should be one's own."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledger.base.masks import mask_account
from ledger.figures.payee_listing import PayeeStatus
from ledger.model.programme import Programme
from ledger.model.transitions import State

if TYPE_CHECKING:
    import pandas

TOTAL = "合计"
# What several people may share: the column of it, and whether it counts within a town alone.
SHARED = (("银行账号", False), ("联系电话", False), ("姓名", True), ("岗位", False))
SHARED_COLUMNS = ("相同项", "内容", "人数", "人员编号", "姓名", "镇街", "在岗", "补助状态")


def people_frame(people: Sequence[PayeeStatus], programme: Programme) -> pandas.DataFrame:
    """A row a person: who, where, and where the money is; ``fen`` is what was sent to her."""
    # It takes a third of a second to load, and only the list of people needs it.
    import pandas

    frame = pandas.DataFrame(
        {
            "人员编号": [person.payee.payee_id for person in people],
            "姓名": [person.payee.legal_name for person in people],
            "code": [person.payee.town for person in people],
            "镇街": [programme.town_name(person.payee.town) for person in people],
            "岗位": [
                person.payee.post.replace(":", " ") if person.payee.has_post else ""
                for person in people
            ],
            "联系电话": [person.payee.phone for person in people],
            "银行账号": [person.payee.account for person in people],
            "active": [person.payee.active for person in people],
            "在岗": ["是" if person.payee.active else "否" for person in people],
            "补助状态": [person.state.chinese for person in people],
            "fen": [person.standing.amount_fen if person.standing else 0 for person in people],
        }
    )
    # Of nobody pandas knows no types.
    return frame.astype({"active": bool, "fen": "int64"})


def by_town(frame: pandas.DataFrame, programme: Programme) -> pandas.DataFrame:
    """The towns in the order of their codes and all together: people, who is in office, how many
    are in each state, and what was paid, in fen.
    """
    import pandas

    states = [state.chinese for state in State]
    counts = pandas.crosstab(frame["code"], frame["补助状态"]).reindex(columns=states, fill_value=0)
    towns = frame.groupby("code")
    counts.insert(0, "人数", towns.size())
    counts.insert(1, "在岗", towns["active"].sum())
    paid = frame[frame["补助状态"] == State.PAID.chinese].groupby("code")["fen"].sum()
    counts["已付金额"] = paid.reindex(counts.index, fill_value=0)
    counts.index = pandas.Index([programme.town_name(code) for code in counts.index])
    counts.loc[TOTAL] = counts.sum()
    return counts.astype("int64")


def shared(
    frame: pandas.DataFrame, exported: Collection[str], *, unmasked: bool
) -> pandas.DataFrame:
    """Who has an account, a phone, a name within a town or a post that somebody else has too: a
    row a person, those who share together, if one of them is among the ids ``exported``. Of posts
    only people in office count.

    Nothing of it need be wrong: couples have one phone, and names repeat.
    """
    import pandas

    parts = []
    for column, within_town in SHARED:
        rows = frame[frame["active"]] if column == "岗位" else frame
        keys = ["code", column] if within_town else [column]
        rows = rows[(rows[column] != "") & rows.duplicated(keys, keep=False)]
        rows = rows.assign(wanted=rows["人员编号"].isin(exported))
        rows = rows[rows.groupby(keys)["wanted"].transform("any").astype(bool)]
        several = rows.assign(
            相同项=column, 内容=rows[column], 人数=rows.groupby(keys)[column].transform("size")
        )
        if column in ("银行账号", "联系电话") and not unmasked:
            several["内容"] = several["内容"].map(mask_account)
        parts.append(several.sort_values(keys, kind="stable"))
    return pandas.concat(parts)[list(SHARED_COLUMNS)]
