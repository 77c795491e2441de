"""``census-ledger key``: copies of the registry's key."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.base.language import gettext as _
from ledger.cli.context import Context


@click.group("key", help=_("Keep or bring the key that opens the registry."))
def command() -> None:
    pass


@command.command("export", help=_("Write a copy of the key to FILE, for the safe."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def export_key(context: Context, file: Path) -> int:
    from ledger.books.recovery import finish_what_was_begun
    from ledger.books.settings import read_settings
    from ledger.keys.registry_key import key_path
    from ledger.keys.registry_key import read_key
    from ledger.keys.registry_key import require_apart
    from ledger.keys.registry_key import write_key

    finish_what_was_begun(context.folder, tolerant=True)
    settings = read_settings(context.folder)
    require_apart(file, context.folder)
    write_key(file, read_key(key_path(settings.key, context.key_file)))
    click.echo(_("A copy of the key is in {file}. Keep it apart from the books.").format(file=file))
    return 0


@command.command("import", help=_("Bring the key from FILE to this machine."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def import_key(context: Context, file: Path) -> int:
    from ledger.base import durable
    from ledger.base.books_folder import REGISTRY_FILE
    from ledger.books.recovery import finish_what_was_begun
    from ledger.books.settings import read_settings
    from ledger.keys.registry_key import key_path
    from ledger.keys.registry_key import read_key
    from ledger.keys.registry_key import require_apart
    from ledger.keys.registry_key import write_key
    from ledger.registry.registry import Registry

    finish_what_was_begun(context.folder, tolerant=True)
    settings = read_settings(context.folder)
    # From a stick, which knows no owners.
    key = read_key(file, carried=True)
    Registry(context.folder / REGISTRY_FILE, key).close()
    target = key_path(settings.key, context.key_file)
    require_apart(target, context.folder)
    if not target.exists() or read_key(target) != key:
        durable.make_folder(target.parent, private=True)
        write_key(target, key)
    click.echo(_("The key opens these books; it is now at {target}.").format(target=target))
    return 0
