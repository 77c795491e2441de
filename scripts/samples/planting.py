"""Plants the defects of the plan among the rows of the towns."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from ledger.model.towns import Town
from samples.county import ENUMERATOR
from samples.defects import DUPLICATE
from samples.defects import PLAN
from samples.defects import AnyDefect
from samples.defects import Elsewhere
from samples.defects import PairDefect
from samples.office import Worker
from samples.sheets import Cell
from samples.sheets import Row


def plant(office: dict[Town, list[Worker]], *, seed: int) -> dict[Town, list[Row]]:
    """Every town's rows, in the order of its workers, with the defects of the plan among them."""
    by_name = {town.name: workers for town, workers in office.items()}
    rows = {}
    for town, workers in office.items():
        random = Random(f"{seed}:defects:{town.code}")
        # Sorting is stable: who is left is shuffled, the enumerators first.
        waiting = random.sample(workers, len(workers))
        waiting.sort(key=lambda worker: worker.post.role != ENUMERATOR)
        spoiled: dict[str, Row] = {}
        for defect in PLAN.get(town.name, ()):
            for row in _spoil(defect, waiting, by_name):
                corrected = row.corrected or row.worker
                spoiled[corrected.person.identity] = row
        rows[town] = [
            spoiled.get(worker.person.identity) or Row(worker=worker) for worker in workers
        ]
    return rows


def _spoil(defect: AnyDefect, waiting: list[Worker], office: dict[str, list[Worker]]) -> list[Row]:
    """The rows of one defect, for workers taken off those ``waiting``."""
    if isinstance(defect, PairDefect):
        return _spoil_pair(defect, waiting.pop(0), waiting.pop(0))
    if isinstance(defect, Elsewhere):
        worker = waiting.pop(0)
        known = next(
            other
            for other in office[defect.first_town]
            if other.post.role == ENUMERATOR and not other.person.bank_name
        )
        return [_row(defect, replace(worker, person=known.person), corrected=worker)]
    worker = next(filter(defect.prefers, waiting), waiting[0])
    waiting.remove(worker)
    return [_row(defect, worker, corrected=worker, cell=defect.spoil(worker))]


def _spoil_pair(defect: PairDefect, first: Worker, second: Worker) -> list[Row]:
    if defect is DUPLICATE:
        wrong = replace(second, person=first.person)
    else:
        card = replace(second.person, bank=first.person.bank, account=first.person.account)
        wrong = replace(second, person=card)
    return [_row(defect, first, corrected=first), _row(defect, wrong, corrected=second)]


def _row(defect: AnyDefect, worker: Worker, *, corrected: Worker, cell: Cell | None = None) -> Row:
    return Row(
        worker=worker,
        spoiled={} if cell is None else {defect.field: cell},
        defect=defect.code,
        defect_field=defect.field,
        what=defect.what,
        corrected=corrected,
    )
