"""What one run of a program costs: wall time, processor time, peak memory.

Standard library only: the measuring process stays small, because a child begins with its peak.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


class RunFailed(Exception):
    """A measured program failed; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall and of processor time (user and system, with its own children); bytes.

    ``cpu`` and ``peak`` are None where the system does not tell (Windows).
    """

    wall: float
    cpu: float | None
    peak: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle, the least and the most of several runs."""

    median: float
    least: float
    most: float


def measure(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a program to its end. Raises RunFailed when it fails."""
    log = folder / "said.log"
    with log.open("wb") as said:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=said, stderr=subprocess.STDOUT
        )
        cpu, peak = _wait(child)
        wall = time.perf_counter() - start
    if child.returncode:
        words = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RunFailed(f"{' '.join(map(str, command))} failed:\n{words}")
    return Cost(wall, cpu, peak)


def _wait(child: subprocess.Popen[bytes]) -> tuple[float | None, int | None]:
    if sys.platform == "win32":
        child.wait()
        return None, None
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit


def spread(values: Sequence[float]) -> Spread:
    """Of one value or more."""
    return Spread(statistics.median(values), min(values), max(values))


def seconds(costs: Sequence[Cost]) -> Spread:
    """Processor time where the system tells it, else wall time: what ratios are made of."""
    return spread([cost.wall if cost.cpu is None else cost.cpu for cost in costs])


def peak_megabytes(costs: Sequence[Cost]) -> float | None:
    """The highest peak of the runs."""
    peaks = [cost.peak for cost in costs if cost.peak is not None]
    return max(peaks) / MEGABYTE if peaks else None
