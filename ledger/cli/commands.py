"""The commands by name, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from ledger.base.language import gettext as _

MODULES = {
    "init": "ledger.cli.init",
    "import": "ledger.cli.importing",
    "disburse": "ledger.cli.disburse",
    "batch": "ledger.cli.batch",
    "explain": "ledger.cli.explain",
    "payees": "ledger.cli.payees",
    "status": "ledger.cli.status",
    "report": "ledger.cli.report",
    "verify": "ledger.cli.verify",
    "check": "ledger.cli.check",
    "browse": "ledger.cli.browse",
    "key": "ledger.cli.key",
}


class CommandsByName(click.Group):
    """A group whose commands are modules with a ``command``, in the order of the work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = MODULES.get(cmd_name)
        if module is None:
            return None
        command = import_module(module).command
        assert isinstance(command, click.Command)
        _speak(command)
        return command


def _speak(command: click.Command) -> None:
    """Say what stands for options and commands in the user's language."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for subcommand in command.commands.values():
            _speak(subcommand)
