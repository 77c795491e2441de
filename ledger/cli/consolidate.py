"""``census-ledger consolidate``: many counties' bundles into one folder of the province."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.language import ngettext
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.cli.context import Context
from ledger.cli.context import json_option
from ledger.cli.terminal.output import print_json
from ledger.cli.terminal.output import print_table

if TYPE_CHECKING:
    from ledger.province.consolidation import Consolidation
    from ledger.province.consolidation import Sums

# Findings of a county that are shown at the terminal; the folder and --json have more.
SHOWN = 3
# What people are owed who stand so.
OF_PEOPLE = frozenset({"in_bank_fen", "returned_fen", "unknown_fen"})


@click.command(
    "consolidate", help=_("Verify many counties' bundles, and add up what stands in them.")
)
@click.argument(
    "bundles", metavar="BUNDLE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=_("The province's folder: what came before is compared with, and the result is put."),
)
@click.option("--month", metavar="YYYY-MM", help=_("As of this month's end. Default: today."))
@click.option(
    "--limits",
    "limits_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("What roles may be paid, and the fingerprints of counties' books."),
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("The province's key: find people and accounts that two counties have paid."),
)
@click.option(
    "--scheduler", metavar="tls://HOST:PORT", help=_("A Dask scheduler, in place of processes.")
)
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", help=_("Processes. Default: one a core.")
)
@json_option
@click.pass_obj
def command(
    context: Context,
    bundles: tuple[Path, ...],
    folder: Path,
    month: str | None,
    limits_file: Path | None,
    key_file: Path | None,
    scheduler: str | None,
    workers: int | None,
) -> int:
    from ledger.cli.terminal.passphrases import passphrase_for
    from ledger.figures.month import last_day_to_report
    from ledger.keys.province_key import read_province_key
    from ledger.model.months import read_month
    from ledger.province.heads import HEADS_FILE
    from ledger.province.heads import read_heads
    from ledger.province.limits import NO_LIMITS
    from ledger.province.limits import read_limits
    from ledger.province.workers import of_scheduler
    from ledger.province.workers import own_processes
    from ledger.province.workers import require_extra
    from ledger.services.consolidating import Asked
    from ledger.services.consolidating import bundles_in
    from ledger.services.consolidating import consolidate
    from ledger.services.province_folder import province_folder
    from ledger.services.province_folder import write_all

    require_extra("polars")
    today = context.today()
    of_month = read_month(month) if month else None
    day = last_day_to_report(of_month, today) if of_month else today
    asked = Asked(
        day.isoformat(),
        str(of_month or ""),
        NO_LIMITS if limits_file is None else read_limits(limits_file),
        None if key_file is None else read_province_key(key_file, passphrase_for(key_file)),
        bytes.fromhex(context.random_hex(32)),
    )
    paths = bundles_in(bundles)
    processes = own_processes(min(workers or os.cpu_count() or 1, len(paths)))
    with (
        province_folder(folder),
        of_scheduler(scheduler) if scheduler else nullcontext(processes) as at_work,
    ):
        made = consolidate(paths, read_heads(folder / HEADS_FILE), asked, at_work)
        files = write_all(folder, made)
    if context.as_json:
        print_json(consolidation_json(folder, made, files))
    else:
        print_consolidation(folder, made)
    return 1 if made.failed else 0


def consolidation_json(folder: Path, made: Consolidation, files: list[str]) -> dict[str, Any]:
    """The answer for programs."""
    from ledger.province.consolidation import sums_of
    from ledger.province.matters import matters

    return {
        "out": str(folder),
        "as_of": made.day,
        "month": made.month or None,
        "digest": made.heads.digest,
        "previous": made.heads.previous or None,
        "total": {"counties": made.total.counties, **sums_json(made.total)},
        "counties": [
            {
                "county": county.figures.county,
                "name": county.figures.county_name,
                "programme": county.figures.programme,
                "bundle": county.bundle,
                "verified": county.is_verified,
                "event": county.known.seq,
                "head": county.known.head,
                "fingerprint": county.fingerprint,
                "new": county.is_new,
                "numbers": county.has_numbers,
                **sums_json(sums_of([county])),
            }
            for county in made.counties
        ],
        "failed": [
            {
                "bundle": failed.bundle,
                "county": failed.county,
                "findings": [one._asdict() for one in failed.findings],
                "more": failed.more,
            }
            for failed in made.failed
        ],
        "missing": [
            {"county": books.county, "name": known.name, "programme": books.programme}
            for books, known in made.missing
        ],
        "paid_twice": [
            {
                "field": double.field,
                "paid": [
                    {
                        "county": one.books.county,
                        "programme": one.books.programme,
                        "payee": one.payee,
                        "state": one.state,
                        "amount": plain(one.amount_fen),
                    }
                    for one in double.paid
                ],
            }
            for double in made.doubles
        ]
        if made.with_key
        else None,
        "matters": [
            {
                "subject": one.subject,
                "county": one.county,
                "count": one.number,
                "amount": plain(one.amount_fen),
                "since": one.since or None,
                "words": one.words or None,
            }
            for one in matters(made)
        ],
        "files": files,
    }


def sums_json(sums: Sums) -> dict[str, Any]:
    """Sums as programs read them: money as text, people and what they wait for apart."""
    parts: dict[str, dict[str, Any]] = {"money": {}, "people": {}, "amounts": {}}
    for name, value in sums._asdict().items():
        if name != "counties":
            kind = "amounts" if name in OF_PEOPLE else "money" if name[-4:] == "_fen" else "people"
            key = name.removesuffix("_fen")
            parts[kind][key] = value if kind == "people" else plain(value)
    return parts


def print_consolidation(folder: Path, made: Consolidation) -> None:
    """What came of it, in short; the report has the rest."""
    from ledger.model.seal import grouped_seal

    click.echo(_("As of {day}").format(day=made.day))
    regions = [(f"{code} {name}".strip(), sums) for (code, name), sums in made.prefectures.items()]
    print_table(
        _("Counties by prefecture (yuan)"),
        [_("prefecture"), _("counties"), _("budget"), _("received"), _("accrued"), _("paid"),
         _("returned")],
        [_row(name, sums) for name, sums in [*regions, (_("all"), made.total)]],
    )  # fmt: skip
    for failed in made.failed:
        message = ngettext(
            "{county}: {count} finding, and nothing of it counts:",
            "{county}: {count} findings, and nothing of it counts:",
            len(failed.findings) + failed.more,
        )
        count = len(failed.findings) + failed.more
        click.echo(message.format(county=failed.county or failed.bundle, count=f"{count:,}"))
        for one in failed.findings[:SHOWN]:
            place = f"{one.file}:{one.line}: " if one.file else ""
            click.echo(f"  {place}{one.message}")
    if made.with_key:
        message = ngettext(
            "{count} number that several counties have paid by.",
            "{count} numbers that several counties have paid by.",
            len(made.doubles),
        )
        click.echo(message.format(count=f"{len(made.doubles):,}"))
    message = _(
        "Digest over all HEADs {digits}: write it down; the next consolidation goes on from it."
    )
    click.echo(message.format(digits=grouped_seal(made.heads.digest[:16])))
    click.echo(_("Report, workbook and tables are in {folder}.").format(folder=folder))


def _row(name: str, sums: Sums) -> list[str | int]:
    amounts_fen = (
        *(sums.budget_fen, sums.received_fen, sums.accrued_fen, sums.paid_fen),
        sums.returned_fen,
    )
    return [name, sums.counties, *map(grouped, amounts_fen)]
