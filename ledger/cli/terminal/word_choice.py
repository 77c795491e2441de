"""Choices that are typed as they are printed: a code of the books, or its word in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ledger.base.language import ngettext
from ledger.base.language import user_prefers_english


class WordChoice(click.types.StringParamType):
    """One of some codes, also by its Chinese word or by a part of that which no other has.

    What fits several, or none, is refused with the list.
    """

    name = "word"

    def __init__(self, chinese: Mapping[str, str]) -> None:
        self.chinese = chinese

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"[{'|'.join(self.chinese if user_prefers_english() else self.chinese.values())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        typed = str(value).strip()
        if typed in self.chinese:
            return typed
        whole = [code for code, word in self.chinese.items() if word == typed]
        parts = [code for code, word in self.chinese.items() if typed and typed in word]
        found = whole or parts
        if len(found) == 1:
            return found[0]
        choices = [f"{word} ({code})" for code, word in self.chinese.items()]
        # As click says it of its own choices.
        message = ngettext(
            "{value!r} is not {choice}.", "{value!r} is not one of {choices}.", len(choices)
        )
        return self.fail(message.format(value=typed, choices=", ".join(choices)), param, ctx)
