"""The examples under the help of commands: each command has one, and each can be typed."""

from __future__ import annotations

import shlex

import click
import pytest

from ledger.base.language import in_chinese
from ledger.cli import main
from ledger.cli.context import Context
from ledger.cli.examples import EXAMPLES
from tests.whole.test_writing_commands import leaves


def test_every_command_has_an_example() -> None:
    assert {*leaves(main)} <= EXAMPLES.keys()


@pytest.mark.parametrize("command", EXAMPLES)
def test_an_example_is_what_the_command_takes(command: str) -> None:
    """In English and in Chinese; nothing is done."""
    for example in EXAMPLES[command]:
        for line in (example, in_chinese(example)):
            context = main.make_context("census-ledger", shlex.split(line), obj=Context())
            taken: click.Command = main
            rest = [*context.protected_args, *context.args]
            path = []
            while isinstance(taken, click.Group):
                name, found, rest = taken.resolve_command(context, rest)
                assert found is not None
                path.append(str(name))
                taken = found
                if isinstance(taken, click.Group):
                    assert rest
            taken.make_context(path[-1], list(rest), parent=context)
            assert not command or " ".join(path).startswith(command)
            assert len(f"  census-ledger {line}") <= 80
