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

# Options that stand before a command, each with a value.
OF_ALL = ("-C", "--operator")


def test_every_command_has_an_example() -> None:
    assert {*leaves(main)} <= EXAMPLES.keys()


@pytest.mark.parametrize("command", EXAMPLES)
def test_an_example_is_what_the_command_takes(command: str) -> None:
    """In English and in Chinese; nothing is done."""
    for example in EXAMPLES[command]:
        for line in (example, in_chinese(example)):
            words = shlex.split(line)
            while words[0] in OF_ALL:
                del words[:2]
            taken: click.Command = main
            context = click.Context(main, obj=Context())
            path: list[str] = []
            while isinstance(taken, click.Group):
                name, found, words = taken.resolve_command(context, words)
                assert name is not None and found is not None
                path.append(name)
                taken = found
            taken.make_context(path[-1], words, parent=context)
            assert " ".join(path).startswith(command)
            assert len(f"  census-ledger {line}") <= 80
