"""Two stages: nobody over the limit in all, and nobody twice in one, in whatever order.

Every step is tried in the books, in memory, and foretold by a model that knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.incoming import Incoming
from importers.incoming import open_file
from ledger.base.money import plain
from ledger.base.records import replace
from ledger.registry.registry import Registry
from tests.support.acting import actor_of
from tests.support.office import Office
from tests.support.office import with_luhn_digit
from tests.support.office_and_model import TOWNS
from tests.support.small_staged_world import StagedOffice
from tests.support.small_staged_world import StagedWorld
from tests.support.small_world import new_world
from tests.support.staged_model import S1
from tests.support.staged_model import S2
from tests.support.staged_model import Line
from tests.support.staged_model import StagedModel
from tests.support.work_lists import ITEM
from tests.support.work_lists import work_list

EQUAL, UNEQUAL = {S1: 400_00, S2: 400_00}, {S1: 401_00, S2: 399_00}
ACCOUNTS = (with_luhn_digit("621521500000001"), with_luhn_digit("621521500000002"))
# Room for the first stage and nine days of the second, and not for twenty.
DAYS, LIMIT_FEN = ("8.5", "20"), 1800_00
BEFORE_FEN = {S1: 800_00, S2: 425_09}
FIXED_AND_BY_DAYS = f"""
2020-10-01 custom "census-stage" "S1" "清查摸底" "fixed"
2020-10-01 custom "census-stage" "S2" "入户登记" "per-unit" "天"
2020-10-01 custom "census-rate" "普查员" "S2" 50.01 CNY "{ITEM}"
  minimum: 200.00 CNY
  maximum: 1500.00 CNY
2020-10-01 custom "census-limit" "普查员" {LIMIT_FEN // 100}.00 CNY
2020-10-01 custom "census-tax" "普查员" "劳务报酬"
"""


def prepare_instalments(office: Office, fen: Mapping[str, int], limit_fen: int) -> None:
    path = office.folder / "rules.beancount"
    text = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in text if "census-rate" not in line]
    for stage, name in ((S1, "清查摸底"), (S2, "入户登记")):
        kept.append(f'2020-01-10 custom "census-stage" "{stage}" "{name}" "fixed"')
        rate = f"{plain(fen[stage])} CNY"
        kept.append(f'2020-01-10 custom "census-rate" "普查员" "{stage}" {rate} "{ITEM}"')
    path.write_text("\n".join([*kept, ""]), encoding="utf-8", newline="\n")
    office.rule(f'2020-01-10 custom "census-limit" "普查员" {plain(limit_fen)} CNY')


def beginning(office: Office, model: StagedModel) -> StagedWorld:
    """One person, to whom nothing has happened, and money for five."""
    world = new_world(office, TOWNS[:1], subsidies=5)
    me = replace(world.payees[0], account=ACCOUNTS[0])
    model.register(me.payee_id, me.account)
    return StagedWorld(world.books, world.head, me, model, world.today)


def instalments(office: Office, fen: Mapping[str, int], limit_fen: int) -> StagedWorld:
    prepare_instalments(office, fen, limit_fen)
    return beginning(office, StagedModel(False, fen, limit_fen, (S1, S2)))


def at_work(
    office: Office,
    registry: Registry,
    before_fen: Mapping[str, int],
    lists: Sequence[tuple[Incoming, Line]] = (),
) -> StagedOffice:
    return StagedOffice(
        registry, actor_of(office.folder, office.key), ACCOUNTS, before_fen, tuple(lists)
    )


def numbers_of_worlds(small: StagedOffice, start: StagedWorld, *, depth: int) -> list[int]:
    """How many histories there are of one step, of two, and so on."""
    worlds, found = [start], []
    for _step in range(depth):
        tried = [(world, option()) for world in worlds for option in small.options(world)]
        worlds = [after for before, after in tried if after is not before]
        found.append(len(worlds))
    return found


@pytest.mark.parametrize(
    ("fen", "limit_fen", "numbers"),
    [(UNEQUAL, 800_00, [5, 27, 149, 845]), (EQUAL, 799_99, [5, 23, 105, 497, 2_405])],
    ids=["room for both", "room for one"],
)
def test_two_instalments_in_every_order(
    office: Office, fen: Mapping[str, int], limit_fen: int, numbers: list[int]
) -> None:
    """Whatever may be tried in four or five steps: batches of either stage, what the bank answers,
    voids, cancellations, releases, another account, a payment before the books, and reversals of
    any of it, however long ago.
    """
    start = instalments(office, fen, limit_fen)
    with office.registry() as registry:
        small = at_work(office, registry, fen)
        assert numbers_of_worlds(small, start, depth=len(numbers)) == numbers


def test_a_fixed_stage_and_one_by_days_in_every_order(office: Office) -> None:
    """The same, with two lists of work, the tax of the month, and room for the shorter list; what
    was paid before the books is what this one comes to.
    """
    office.rule(FIXED_AND_BY_DAYS)
    start = beginning(office, StagedModel(True, limit_fen=LIMIT_FEN, stages=(S1, S2)))
    lists = [(list_of(office, start, days), Line(Decimal(days))) for days in DAYS]
    with office.registry() as registry:
        small = at_work(office, registry, BEFORE_FEN, lists)
        assert numbers_of_worlds(small, start, depth=4) == [7, 46, 302, 1_981]


def list_of(office: Office, world: StagedWorld, days: str) -> Incoming:
    path = work_list(
        office.folder.with_name(f"工作量{days}.xlsx"),
        [world.me.legal_name, world.me.identity, float(days)],
        headings=("姓名", "身份证号", "天数"),
    )
    incoming = open_file(path, "workload")
    assert isinstance(incoming, Incoming)
    return incoming


@pytest.mark.parametrize("limit_fen", [800_00, 799_99])
def test_longer_histories_of_two_instalments(office: Office, limit_fen: int) -> None:
    """Twelve steps of those, as they are drawn."""
    start = instalments(office, EQUAL, limit_fen)
    with office.registry() as registry:
        small = at_work(office, registry, EQUAL)

        @settings(
            max_examples=40, deadline=None, phases=[Phase.generate], database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )  # fmt: skip
        @given(st.data())
        def story(data: st.DataObject) -> None:
            here = start
            for _step in range(12):
                here = data.draw(st.sampled_from(list(small.options(here))))()

        story()
