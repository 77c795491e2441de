"""How fast a province judges counties: by one worker and by two, and what its own process holds.

    python scripts/benchmark/counties.py BUNDLES [REPEAT]

BUNDLES is the folder of that name that ``scripts/province.py`` leaves. Prints JSON: counties a
second, wall clock, the best of REPEAT runs, by processes and by workers of a Dask cluster over
TLS; their ratios; processor time a county; megabytes that the process which adds up holds at its
peak, for half of the counties and for all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from ledger.province.heads import NO_HEADS
from ledger.province.judging import Task
from ledger.province.judging import judge
from ledger.province.limits import NO_LIMITS
from ledger.province.workers import TLS
from ledger.province.workers import of_scheduler
from ledger.province.workers import own_processes
from ledger.services.consolidating import Asked
from ledger.services.consolidating import bundles_in
from ledger.services.consolidating import consolidate

DAY = "2020-11-30"
COUNTIES_OF_THE_COUNTRY = 2_900


def once(paths: list[Path], workers: str) -> dict[str, float]:
    """One consolidation in this process, with so many others or by a scheduler's address."""
    asked = Asked(DAY, "2020-11", NO_LIMITS, None, bytes(32))
    far = workers.startswith(TLS)
    with of_scheduler(workers) if far else nullcontext(own_processes(int(workers))) as others:
        began = time.monotonic()
        made = consolidate(paths, NO_HEADS, asked, others)
        seconds = time.monotonic() - began
    assert made.counties, made.failed
    return {"seconds": seconds, "megabytes": megabytes()}


def megabytes() -> float:
    """What this process has held at its peak, since it was begun: Linux says."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def fresh(
    folder: Path, count: int, workers: str, environment: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """The same in a process of its own, begun for it."""
    command = [sys.executable, __file__, str(folder), "once", str(count), workers]
    answer: dict[str, Any] = json.loads(subprocess.check_output(command, env=environment))
    return answer


def by_cluster(folder: Path, count: int, workers: int, repeat: int) -> float:
    """Seconds by so many workers of a cluster, the best of some runs, once they have begun."""
    # Not in the processes whose megabytes are told.
    from provincial.cluster import Cluster

    with tempfile.TemporaryDirectory(prefix="census-ledger-bench-") as scratch:
        cluster = Cluster(Path(scratch), workers)
        try:
            runs = [
                fresh(folder, count, cluster.address, cluster.environment)["seconds"]
                for _number in range(1 + repeat)
            ]
        finally:
            cluster.end()
    return float(min(runs[1:]))


def processor_time(paths: list[Path]) -> float:
    """Seconds that a county takes of one core, once everything is loaded."""
    tasks = [Task(path.name, path.read_bytes(), DAY, "en") for path in paths[:21]]
    judge(tasks[0])
    began = time.process_time()
    for task in tasks[1:]:
        judge(task)
    return (time.process_time() - began) / len(tasks[1:])


def main(arguments: list[str]) -> None:
    folder, *more = arguments
    paths = bundles_in([Path(folder)])
    if more[:1] == ["once"]:
        print(json.dumps(once(paths[: int(more[1])], more[2])))
        return
    repeat = int(more[0]) if more else 3
    best = {
        workers: min(
            (fresh(Path(folder), len(paths), str(workers)) for _number in range(repeat)),
            key=lambda run: run["seconds"],
        )
        for workers in (1, 2)
    }
    dask = {workers: by_cluster(Path(folder), len(paths), workers, repeat) for workers in (1, 2)}
    seconds = processor_time(paths)
    print(
        json.dumps(
            {
                "counties": len(paths),
                "cores": os.cpu_count(),
                "one": round(len(paths) / best[1]["seconds"], 2),
                "two": round(len(paths) / best[2]["seconds"], 2),
                "ratio": round(best[1]["seconds"] / best[2]["seconds"], 2),
                "dask_one": round(len(paths) / dask[1], 2),
                "dask_two": round(len(paths) / dask[2], 2),
                "dask_ratio": round(dask[1] / dask[2], 2),
                "processor_seconds_a_county": round(seconds, 3),
                "megabytes_half": round(fresh(Path(folder), len(paths) // 2, "2")["megabytes"]),
                "megabytes_all": round(best[2]["megabytes"]),
                "hours_of_a_core_for_the_country": round(
                    seconds * COUNTIES_OF_THE_COUNTRY / 3600, 2
                ),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
