"""The sentences of a refusal as its source has them, for who looks up what was said."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from textwrap import dedent

from ledger.base.plain_files import not_plain
from ledger.base.refusals import Refusal

# ``mark`` is left out: it marks the parts that are put into sentences.
SPOKEN = frozenset({"_", "gettext", "ngettext"})
# What a sentence leaves open: a day, a batch, a file.
OPEN = re.compile(r"\{(?!\{)[^{}]*\}")
# Pages of the browser speak Chinese alone.
CHINESE = re.compile("[\u4e00-\u9fff]")
# A piece of a sentence that nobody would look up: "row {row}", the name of a field.
LEAST_WORDS = 3


def sentences(kind: type[Refusal]) -> list[str]:
    """What a refusal may say: its own sentences, or what others tell it, or what its parent says.

    A class without words of its own is told them by its module, or by ``not_plain``.
    """
    source = inspect.getsource(kind)
    own = [message for message in messages(ast.parse(dedent(source))) if is_sentence(message)]
    if own:
        return list(dict.fromkeys(own[:1] + [one for one in own[1:] if has_words(one)]))
    told = loose_messages(not_plain.__module__ if not_plain.__name__ in source else kind.__module__)
    found = list(dict.fromkeys(message for message in told if has_words(message)))
    above = next(base for base in kind.__bases__ if issubclass(base, Refusal))
    return found if found or above is Refusal else sentences(above)


def messages(tree: ast.AST) -> Iterator[str]:
    """What is said in some source, in its order; of a number's two forms the first."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(words)), *_rest]):
                if name in SPOKEN:
                    yield words
            case ast.JoinedStr(values=parts):
                said = "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts
                )
                if CHINESE.search(said):
                    yield said


@cache
def loose_messages(module: str) -> tuple[str, ...]:
    """What a module says outside its classes."""
    source = inspect.getsource(import_module(module))
    tree = ast.parse(source)
    functions = [node for node in tree.body if not isinstance(node, ast.ClassDef)]
    return tuple(message for function in functions for message in messages(function))


def is_sentence(message: str) -> bool:
    """Whether it says anything beside what it leaves open, as ``{file}: {problem}`` does not."""
    return bool(re.search(r"\w", OPEN.sub("", message)))


def has_words(message: str) -> bool:
    return len(re.findall(r"\w+", OPEN.sub("", message))) >= LEAST_WORDS


def with_gaps(sentence: str) -> str:
    """The sentence on a line of a table, with … for what it leaves open."""
    shown = OPEN.sub("…", sentence).replace("{{", "{").replace("}}", "}")
    return " ".join(shown.split()).replace("|", "\\|")
