"""The ``census-ledger`` command: it parses, calls one function and prints."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from ledger.base.file_names import is_litter
from ledger.base.language import gettext as _
from ledger.base.language import speak_through_click
from ledger.base.outside_text import is_valid
from ledger.base.outside_text import shown
from ledger.base.refusals import Refusal
from ledger.base.refusals import SystemRefused
from ledger.cli.commands import CommandsByName
from ledger.cli.context import Context
from ledger.cli.examples import epilog
from ledger.cli.terminal.failure import report_click_exception
from ledger.cli.terminal.failure import report_defect
from ledger.cli.terminal.failure import report_refusal
from ledger.cli.terminal.streams import prepare_streams
from ledger.cli.terminal.streams import report_lost_answer
from ledger.model.operators import OPERATOR_ID

speak_through_click()
# What the user's environment says in place of options.
SETTINGS = ("CENSUS_LEDGER_BOOKS", "CENSUS_LEDGER_KEY", "CENSUS_LEDGER_OPERATOR")


@click.command(
    cls=CommandsByName,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]..."),
    help=_("Money of a county census office: budget, subsidies and payments in verifiable books."),
    epilog=epilog(""),
)
@click.option(
    "-C",
    "books",
    type=click.Path(path_type=Path),
    envvar="CENSUS_LEDGER_BOOKS",
    default=Path(),
    metavar="BOOKS",
    help=_("The folder of the books. Default: the current folder, or CENSUS_LEDGER_BOOKS."),
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("The file with the registry's key. Default: the user's own, or CENSUS_LEDGER_KEY."),
)
@click.option(
    "--operator",
    envvar="CENSUS_LEDGER_OPERATOR",
    metavar="O02",
    help=_("Who acts. Default: this machine's own operator, or CENSUS_LEDGER_OPERATOR."),
)
@click.version_option(package_name="census-ledger", message="%(prog)s %(version)s")
@click.pass_obj
def main(context: Context, books: Path, key_file: Path | None, operator: str | None) -> None:
    # Beancount takes a/.. away from a path, and where a is a link, that is another folder.
    # guard: books-above-a-link
    context.folder = books.resolve() if ".." in books.parts else books
    context.key_file = key_file
    if operator is not None and not OPERATOR_ID.fullmatch(operator):
        message = _("{operator} is no operator: an id is like O01")
        raise click.UsageError(message.format(operator=operator))
    context.operator = operator


def execute(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status: 0 done, 1 refused or findings, 2 usage."""
    context = Context()
    try:
        require_valid_words(arguments)
        result = main.main(
            args=list(arguments), prog_name="census-ledger", obj=context, standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except Refusal as refusal:
        return report_refusal(refusal, as_json=context.as_json)
    except OSError as error:
        return report_refusal(SystemRefused(error), as_json=context.as_json)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.ClickException, click.Abort) as problem:
        return report_click_exception(problem)
    except Exception as defect:
        return report_defect(defect)


class WordsInvalid(Refusal):
    """Bytes where words are asked for that are no text."""

    def __init__(self, word: str) -> None:
        message = _("{word} is no valid text (UTF-8): type it anew, or give the file another name")
        super().__init__(message.format(word=shown(word)))


def require_valid_words(arguments: Iterable[str]) -> None:
    """Raises WordsInvalid for what cannot be written anywhere, unless it is a file's name.

    An archive from elsewhere may leave names in other bytes, and what is in the file counts.
    """
    settings = [f"{name}={os.environ[name]}" for name in SETTINGS if name in os.environ]
    for word in (*arguments, *settings):
        if not is_valid(word) and not Path(word).is_file():
            raise WordsInvalid(word)


def run() -> None:
    """The entry point of the installed command."""
    arguments = sys.argv[1:]
    output = prepare_streams(as_json="--json" in arguments)
    # A command makes a ledger and documents, and ends: looking for garbage among them takes a
    # tenth of its time and finds next to nothing. ``desk``, which stays, turns it on again.
    gc.disable()
    status = execute(expand_wildcards(arguments) if os.name == "nt" else arguments)
    lost = output.was_lost()
    if lost is not None:
        status = report_lost_answer(lost)
    leave(status)


def leave(status: int) -> NoReturn:
    """End the process, when everything that was opened is closed.

    Python would first let go of the ledger, object by object: a sixteenth of a command's time.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


def expand_wildcards(arguments: Sequence[str]) -> list[str]:
    """``rosters\\*.xlsx`` as the files it means, which on Windows no shell does for us."""
    expanded: list[str] = []
    for argument in arguments:
        path = Path(argument)
        has_wildcard = bool(set(path.name) & set("*?"))
        files = sorted(path.parent.glob(path.name)) if has_wildcard else []
        expanded += [str(file) for file in files if not is_litter(file.name)] or [argument]
    return expanded
