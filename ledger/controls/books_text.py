"""The text of the books, read before it is loaded, and loaded as it was read.

Beancount's own loader runs what the text names: plugins, from the books' folder too. Here every
file is read once. A builder hears of each option, plugin, include and directive when the parser
finds it, wherever in a line it stands; what is not of these books is refused, with its line, and
then nothing is loaded. The parser itself runs nothing. What was looked at is what is loaded, and
it comes out as Beancount's own loader would have it.
"""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.loader import LoadError
from beancount.parser import _parser  # type: ignore[attr-defined]
from beancount.parser import grammar

from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import not_plain
from ledger.base.plain_files import read_plain
from ledger.base.records import Mutable
from ledger.base.records import field
from ledger.base.refusals import Refusal
from ledger.base.refusals import reason
from ledger.controls import known_directives as known
from ledger.controls.included_files import included_names
from ledger.events.event_entries import is_in_events
from ledger.model.findings import Finding
from ledger.model.findings import in_file
from ledger.model.programme import Programme

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "UTF-8 BOM",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
# Where personal data and what is not yet committed stand: no document of the books is there.
NO_DOCUMENTS = ("payouts", "registry.db", "registry.db-journal")


class BooksNotPlain(Refusal):
    """The books hold what is not of them. Nothing of it was loaded."""

    def __init__(self, faults: Sequence[Finding], folder: Path) -> None:
        """``faults`` say what."""
        self.faults = tuple(faults)
        first = faults[0]
        file = os.path.relpath(first.source["filename"], folder).replace(os.sep, "/")
        message = _("{file}:{line}: {message}. Nothing was loaded")
        super().__init__(
            message.format(file=file, line=first.source["lineno"], message=first.message),
            faults=len(faults),
        )


class Texts(Mutable):
    """The files of the books as they were read, in the order in which they are included.

    ``contents`` are the bytes by file name, ``formats`` what main.beancount says of its format,
    ``patterns`` what it includes.
    ``marked`` are the files that begin with a byte order mark, which is passed over. ``faults`` say
    what is not of the books; ``programme`` is what whoever loads them has read already. ``instead``
    are contents by file name that are read in the place of those on the disk.
    """

    folder: Path
    contents: dict[str, bytes] = field(default_factory=dict)
    entries: list[data.Directive] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)
    formats: list[list[Any]] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    programme: Programme | None = None
    instead: Mapping[str, bytes] = field(default_factory=dict)


# What is being loaded here: the plugin needs not read it again.
_being_loaded: ContextVar[Texts | None] = ContextVar("_being_loaded", default=None)


def being_loaded() -> Texts | None:
    """The texts that are being loaded by us; None when Beancount's or Fava's own loader runs."""
    return _being_loaded.get()


@contextmanager
def while_loaded(texts: Texts) -> Iterator[None]:
    token = _being_loaded.set(texts)
    try:
        yield
    finally:
        _being_loaded.reset(token)


def read_texts(
    main: Path, instead: Mapping[str, bytes] | None = None, *, without_events: bool = False
) -> Texts:
    """Read and parse the books, and say what is not of them. Nothing of them is run.

    ``instead`` are contents, by the files' names in the books, as which they are read.
    """
    path = Path(os.path.normpath(main.absolute()))
    texts = Texts(path.parent)
    texts.instead = {str(path.parent / name): text for name, text in (instead or {}).items()}
    included = _read_file(texts, path, in_main=True)
    texts.patterns = [pattern for pattern, _line in included]
    if texts.options and (problem := known.refused_format(texts.formats)):
        # Whatever else is strange in them follows from it.
        texts.faults = [in_file(str(path), 1, "format", problem)]
        return texts
    for pattern, line in included:
        for name in _matching(texts, pattern, path, line):
            if without_events and is_in_events(name):
                continue
            if str(texts.folder / name) in texts.contents:
                message = _('the file "{file}" is included twice: take one of the lines out')
                texts.faults.append(in_file(str(path), line, "include", message.format(file=name)))
            else:
                _read_file(texts, texts.folder / name, in_main=False)
    texts.faults.sort(key=lambda fault: (fault.source["filename"] != str(path), *place_of(fault)))
    return texts


def read_more(folder: Path, contents: Mapping[str, bytes]) -> Texts:
    """The same of files that main.beancount includes, by their names and contents, alone."""
    texts = Texts(folder, instead=contents)
    for name in contents:
        _read_file(texts, Path(name), in_main=False)
    return texts


def place_of(fault: Finding) -> tuple[str, int]:
    """The file and the line, as texts are sorted."""
    return fault.source["filename"], fault.source["lineno"]


def _read_file(texts: Texts, path: Path, *, in_main: bool) -> list[tuple[str, int]]:
    """Add a file to the texts, and return what it includes, with the line."""
    builder = _Builder(str(path), texts.folder, in_main=in_main)
    try:
        content = texts.instead.get(str(path)) or read_plain(path)
    except OSError as error:
        texts.faults.append(in_file(str(path), 1, "place", unreadable(error)))
        return []
    texts.contents[str(path)] = content
    name = path.relative_to(texts.folder).as_posix()
    # Notepad puts the mark into what people edit. What the tool writes has none.
    if content.startswith(codecs.BOM_UTF8) and not is_in_events(name):
        texts.marked.append(name)
        content = content[len(codecs.BOM_UTF8) :]
    if problem := not_plain_text(content):
        texts.faults.append(in_file(str(path), *problem))
        return []
    try:
        _parser.Parser(builder).parse(io.BytesIO(content), filename=str(path), lineno=1)
    except Exception:  # A text can exhaust the parser: Beancount has no sentence for it.
        message = _("this file cannot be read; restore it from a backup")
        texts.faults.append(in_file(str(path), 1, "directive", message))
        return []
    entries, errors, options = builder.finalize()  # type: ignore[no-untyped-call]
    texts.entries += entries
    texts.errors += errors
    texts.options.append(options)
    texts.formats += builder.formats
    texts.faults += builder.faults
    return builder.included


def _matching(texts: Texts, pattern: str, main: Path, line: int) -> list[str]:
    """The files, relative to the books, that are included by a name or a pattern."""
    try:
        found = included_names(texts.folder, pattern)
    except NotPlain as strange:
        message = _("{file} is no folder of these books, but a link or something else")
        message = message.format(file=Path(strange.filename).relative_to(texts.folder).as_posix())
        texts.faults.append(in_file(str(main), line, "place", message))
        return []
    if not found:
        # In Beancount's words.
        message = f'File glob "{pattern}" does not match any files'
        texts.errors.append(LoadError(data.new_metadata("<load>", 0), message))
    return found


def not_plain_text(content: bytes) -> tuple[int, str, str] | None:
    """Line, code and sentence for what is not UTF-8 text as Beancount reads it, or None."""
    for mark, form in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            message = _("this file was saved as {form}: save it as UTF-8 without a byte order mark")
            return 1, "encoding", message.format(form=form)
    try:
        content.decode("utf-8")
        at = content.find(0)
    except UnicodeDecodeError as error:
        at = error.start
    if at < 0:
        return None
    message = _(
        "this file is not UTF-8 text from this line on: save it as UTF-8 if an editor has saved it"
        " in another encoding, such as GBK, or restore it from a backup"
    )
    return content.count(b"\n", 0, at) + 1, "encoding", message


def unreadable(error: OSError) -> str:
    """Why a file of the books was not read."""
    if isinstance(error, NotPlain):
        return not_plain(error.kind)
    return reason(error)


class _Builder(grammar.Builder):
    """Beancount's builder, to which the parser says what it finds, with an ear for what is strange.

    What is refused is not handed on: an option can hold a pattern that never ends.
    """

    def __init__(self, name: str, folder: Path, *, in_main: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.name = name
        self.folder = folder
        self.in_main = in_main
        self.faults: list[Finding] = []
        self.included: list[tuple[str, int]] = []
        self.formats: list[list[Any]] = []

    def refuse(self, line: int, code: str, problem: str | None) -> bool:
        if problem is not None:
            self.faults.append(in_file(self.name, line, code, problem))
        return problem is not None

    def option(self, filename: str, lineno: int, key: str, value: str) -> None:
        problem = known.refused_option(key, value, in_main=self.in_main)
        if not self.refuse(lineno, "option", problem):
            super().option(filename, lineno, key, value)  # type: ignore[no-untyped-call]

    def include(self, filename: str, lineno: int, include_filename: str) -> None:
        problem = known.refused_include(include_filename, in_main=self.in_main)
        if not self.refuse(lineno, "include", problem):
            self.included.append((include_filename, lineno))

    def plugin(self, filename: str, lineno: int, plugin_name: str, plugin_config: Any) -> None:
        problem = known.refused_plugin(plugin_name, plugin_config, in_main=self.in_main)
        if problem is None and self.options["plugin"]:
            problem = _("the plugin stands here a second time: take the line out")
        if not self.refuse(lineno, "plugin", problem):
            super().plugin(filename, lineno, plugin_name, plugin_config)  # type: ignore[no-untyped-call]

    def custom(
        self, filename: str, lineno: int, date: Any, dir_type: str, custom_values: Any, kvlist: Any
    ) -> Any:
        # Beancount's parser says None where there are none, and its own plugins fall over it.
        custom_values = custom_values or []
        values = [item.value for item in custom_values]
        if dir_type == known.BOOKS and self.in_main:
            self.formats.append(values)
        self.refuse(
            lineno, "directive", known.refused_custom(dir_type, values, in_main=self.in_main)
        )
        return super().custom(filename, lineno, date, dir_type, custom_values, kvlist)  # type: ignore[no-untyped-call]

    def document(
        self,
        filename: str,
        lineno: int,
        date: Any,
        account: str,
        document_filename: str,
        *rest: Any,
    ) -> Any:
        entry = super().document(filename, lineno, date, account, document_filename, *rest)  # type: ignore[no-untyped-call]
        self.refuse(
            lineno, "directive", known.refused_document(entry.filename, self.folder, NO_DOCUMENTS)
        )
        return entry

    def key_value(self, filename: str, lineno: int, key: str, value: Any) -> grammar.KeyValue:
        if key in known.OF_BEANCOUNT:
            self.refuse(lineno, "metadata", known.refused_key(key))
        return grammar.KeyValue(key, value)
