"""Every command there is, as click knows them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.cli import main


def _commands(
    command: click.Command, context: click.Context, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The command and all below it, each with the words by which it is called."""
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _commands(below, context, (*path, name))


COMMANDS = dict(_commands(main, click.Context(main)))
