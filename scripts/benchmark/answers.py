"""What a run of the benchmark says: figures by row, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from benchmark.costs import Cost
from benchmark.costs import peak_megabytes
from benchmark.costs import seconds
from benchmark.costs import spread
from benchmark.rows import Row

SIDES = ("ours", "floor", "peer")
TITLES = ("row", "side", "cpu s", "min", "max", "wall s", "peak MB", "ours : it", "most allowed")
NOTE = (
    "Seconds are medians; ratios are of processor time (user and system, with child processes), of"
    " wall time where the system does not tell it."
)


def figures(row: Row, costs: Mapping[str, Sequence[Cost]], payees: int) -> dict[str, Any]:
    """Everything about a row, by side; ratios are ours to the side's."""
    found: dict[str, Any] = {"row": row.name, "payees": payees}
    ours = seconds(costs["ours"]).median
    for side, some in costs.items():
        cpu, wall = seconds(some), spread([cost.wall for cost in some])
        found[side] = {
            "seconds": {"median": cpu.median, "min": cpu.least, "max": cpu.most},
            "wall": {"median": wall.median, "min": wall.least, "max": wall.most},
            "peak_megabytes": peak_megabytes(some),
            "ratio": ours / cpu.median,
        }
    limits = row.limits_for(payees)
    floor = seconds(costs["floor"]).median
    allowed = limits.times and limits.times * floor + limits.per_person * payees
    mine = found["ours"]
    found["targets"] = [
        {"of": unit, "most": most, "met": value <= most}
        for unit, most, value in (
            ("cpu s", allowed, mine["seconds"]["median"]),
            ("wall s", limits.seconds, mine["wall"]["median"]),
            ("MB", limits.megabytes, mine["peak_megabytes"]),
        )
        if most is not None and value is not None
    ]
    return found


def whole_job(found: Sequence[Mapping[str, Any]]) -> float | None:
    """The peer's time from rosters to sheets as a multiple of ours, where both were measured."""
    job = [row for row in found if row["row"] in ("import", "disburse")]
    if len(job) < 2 or any("peer" not in row for row in job):
        return None
    return sum(_median(row["peer"]) for row in job) / sum(_median(row["ours"]) for row in job)


def _median(side: Mapping[str, Any]) -> float:
    return float(side["seconds"]["median"])


def table(found: Sequence[Mapping[str, Any]]) -> str:
    """The rows as text, a line for each side."""
    lines: list[tuple[str, ...]] = [TITLES]
    for row in found:
        lines += [_line(row, side) for side in SIDES if side in row]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    job = whole_job(found)
    if job is not None:
        text.append(f"From rosters to sheets the peer takes {job:.1f} times as long as we do.")
    return "\n".join([*text, NOTE])


def _line(row: Mapping[str, Any], side: str) -> tuple[str, ...]:
    here = row[side]
    cpu, wall, peak = here["seconds"], here["wall"], here["peak_megabytes"]
    targets = ", ".join(
        f"{one['most']:.2f} {one['of']} {'met' if one['met'] else 'MISSED'}"
        for one in row["targets"]
    )
    return (
        row["row"] if side == "ours" else "",
        side,
        f"{cpu['median']:.2f}",
        f"{cpu['min']:.2f}",
        f"{cpu['max']:.2f}",
        f"{wall['median']:.2f}",
        "-" if peak is None else f"{peak:.0f}",
        "" if side == "ours" else f"{here['ratio']:.2f}",
        targets if side == "ours" else "",
    )
