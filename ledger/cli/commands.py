"""The commands by name, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

MODULES = {
    "init": "ledger.cli.init",
    "import": "ledger.cli.importing",
    "disburse": "ledger.cli.disburse",
    "batch": "ledger.cli.batch",
    "status": "ledger.cli.status",
    "check": "ledger.cli.check",
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
        return command
