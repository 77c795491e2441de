"""``census-ledger key``: the registry's key, and operators' own, on their way to other machines."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context

OPERATOR = click.option(
    "--operator",
    "operator",
    metavar="O02",
    help=_("The key of this operator, and not the registry's."),
)


@click.group("key", help=_("Keep or bring the key that opens the registry, or an operator's."))
def command() -> None:
    pass


@command.command(
    "export",
    help=_("Write the key to FILE under a passphrase; to FILE.pdf on paper, for the safe."),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@OPERATOR
@click.pass_obj
def export_key(context: Context, file: Path, operator: str | None) -> int:
    from ledger.books.recovery import finish_what_was_begun
    from ledger.cli.terminal.passphrases import new_passphrase_for
    from ledger.services.key_copies import export_key as export
    from ledger.services.key_copies import require_free

    finish_what_was_begun(context.folder, tolerant=True)
    registry_key = context.registry_key()
    if file.suffix.lower() == ".pdf":
        return onto_paper(context, file, operator)
    require_free(file, context.folder)
    export(
        context.folder,
        file,
        new_passphrase_for(file),
        operator,
        registry_key=registry_key,
        random_hex=context.random_hex,
    )
    message = _("{file} holds the key, under its passphrase: carry the two apart.")
    click.echo(message.format(file=file))
    return 0


def onto_paper(context: Context, file: Path, operator: str | None) -> int:
    """The registry's key as a sheet to be printed."""
    from ledger.books.registry_access import key_in_use
    from ledger.books.settings import read_settings
    from reports.keys.document import write_key_paper
    from reports.keys.sheet import registry_key_paper

    if operator is not None:
        message = _("an operator's key does not go on paper: name another operator if it is lost")
        raise click.UsageError(message)
    settings = read_settings(context.folder)
    key = key_in_use(context.folder, context.registry_key())
    paper = registry_key_paper(settings.unit, settings.key, context.today(), key)
    write_key_paper(file, context.folder, paper)
    message = _("Print {file}, put it into the safe, and remove the file.")
    click.echo(message.format(file=file))
    return 0


@command.command("import", help=_("Bring the key from FILE, or from paper, to this machine."))
@click.argument("file", metavar="FILE", required=False, type=click.Path(path_type=Path))
@OPERATOR
@click.option("--typed", is_flag=True, help=_("Type the registry's key in from the paper."))
@click.pass_obj
def import_key(context: Context, file: Path | None, operator: str | None, typed: bool) -> int:
    from ledger.books.recovery import finish_what_was_begun
    from ledger.cli.terminal.passphrases import passphrase_for
    from ledger.cli.terminal.typed_key import typed_key
    from ledger.services.key_copies import import_key as bring
    from ledger.services.key_copies import import_registry_key

    if typed == (file is not None) or (typed and operator):
        raise click.UsageError(_("give the FILE that holds the key, or --typed for paper"))
    finish_what_was_begun(context.folder, tolerant=True)
    registry_key = context.registry_key()
    if file is None:
        key = typed_key().hex()
        imported = import_registry_key(context.folder, key, registry_key=registry_key)
    else:
        imported = bring(
            context.folder, file, passphrase_for(file), operator, registry_key=registry_key
        )
    if imported.operator is None:
        message = _("The key opens these books; it is now at {target}.")
        click.echo(message.format(target=imported.path))
        return 0
    message = _("The key of operator {operator} is now at {target}.")
    click.echo(message.format(operator=imported.operator, target=imported.path))
    if imported.is_default:
        message = _("Operator {operator} works on this machine when nobody else is named.")
        click.echo(message.format(operator=imported.operator))
    return 0


@command.command(
    "province", help=_("Make the province's pair of keys in DIR: one stays, one goes to counties.")
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def make_province_key(context: Context, folder: Path) -> int:
    from ledger.cli.terminal.passphrases import new_passphrase_for
    from ledger.keys.province_key import KEY_BYTES
    from ledger.keys.province_key import PRIVATE_FILE
    from ledger.keys.province_key import PUBLIC_FILE
    from ledger.keys.province_key import fingerprint_of_key
    from ledger.keys.province_key import require_no_pair
    from ledger.keys.province_key import write_pair
    from ledger.keys.stretching import SALT_BYTES

    require_no_pair(folder)
    seed, salt = (bytes.fromhex(context.random_hex(size)) for size in (KEY_BYTES, SALT_BYTES))
    passphrase = new_passphrase_for(folder / PRIVATE_FILE)
    key = write_pair(folder, passphrase, seed=seed, salt=salt)
    message = _("{file} opens what counties seal: keep it here, and its passphrase apart.")
    click.echo(message.format(file=folder / PRIVATE_FILE))
    message = _("{file} goes to every county; its digits are {digits}, to be compared there.")
    digits = fingerprint_of_key(key.public)
    click.echo(message.format(file=folder / PUBLIC_FILE, digits=digits))
    return 0
