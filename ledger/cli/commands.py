"""The commands by name, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from ledger.base.language import gettext as _
from ledger.base.outside_text import cleaned
from ledger.cli.examples import epilog

MODULES = {
    "init": "ledger.cli.init",
    "import": "ledger.cli.importing",
    "imports": "ledger.cli.imports",
    "disburse": "ledger.cli.disburse",
    "batch": "ledger.cli.batch",
    "explain": "ledger.cli.explain",
    "reverse": "ledger.cli.reverse",
    "payees": "ledger.cli.payees",
    "status": "ledger.cli.status",
    "report": "ledger.cli.report",
    "month": "ledger.cli.month",
    "verify": "ledger.cli.verify",
    "check": "ledger.cli.check",
    "desk": "ledger.cli.desk",
    "key": "ledger.cli.key",
    "operator": "ledger.cli.operator",
    "backup": "ledger.cli.backup",
    "restore": "ledger.cli.restore",
    "accept-older": "ledger.cli.accept_older",
    "bundle": "ledger.cli.bundle",
    "consolidate": "ledger.cli.consolidate",
}

# Names that commands had before; they are not listed.
OLD_NAMES = {"browse": "desk"}


class Words(click.types.StringParamType):
    """A text of the user's, without what cannot be seen."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return cleaned(super().convert(value, param, ctx))


WORDS = Words()


class CommandsByName(click.Group):
    """A group whose commands are modules with a ``command``, in the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = MODULES.get(OLD_NAMES.get(cmd_name, cmd_name))
        if module is None:
            return None
        command = import_module(module).command
        assert isinstance(command, click.Command)
        _speak(command, cmd_name)
        _read_as_words(command)
        return command


def _speak(command: click.Command, name: str) -> None:
    """Say what stands for options and commands in the user's language, and what is typed."""
    command.options_metavar = _("[OPTIONS]")
    command.epilog = epilog(name)
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for subname, subcommand in command.commands.items():
            _speak(subcommand, f"{name} {subname}")


def _read_as_words(command: click.Command) -> None:
    """Take every text as :class:`Words`, so that no command can forget it."""
    for parameter in command.params:
        if parameter.type is click.STRING:
            parameter.type = WORDS
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            _read_as_words(subcommand)
