"""Nothing that somebody else has written works the terminal: neither ours nor the auditor's."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.cli import run
from ledger.cli.terminal.output import track
from tests.support.auditor import SCRIPT
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.statement_events import BankFeed

# A cleared screen, a filled clipboard, a bell, a line typed over, letters taken back, the same by
# C1, and text that runs backwards.
ATTACKS = [
    "\x1b[2J", "\x1b]52;c;aGk=\x07", "\x07", "好\r坏", "坏\b\b好", "\x9b2J", "\u202e坏", "\u2066坏",
    "\x7f", "\U000e0041",
]  # fmt: skip
ALL = "".join(ATTACKS)


# Of a command that has not ended by itself: something has come out of it.
NOT_ENDED = 70


def installed(office: Office, *arguments: str) -> tuple[int, str]:
    """The installed command's status, and what it wrote on both streams."""
    options = ["-C", str(office.folder), "--key", str(office.key)]
    if hasattr(os, "fork"):
        return forked([*options, *arguments])
    code = "from ledger.cli import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", code, *options, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        env={**os.environ, "LANGUAGE": "en"},
    )  # fmt: skip
    return done.returncode, done.stdout.decode("utf-8")


def forked(arguments: list[str]) -> tuple[int, str]:
    """The same in a process that need not import everything first."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for number in (1, 2):
                os.dup2(write_end, number)
            sys.stdout, sys.stderr = (os.fdopen(n, "w", closefd=False) for n in (1, 2))
            # What this process wants done at its end is not the child's.
            atexit._clear()
            sys.argv = ["census-ledger", *arguments]
            run()
        finally:
            os._exit(NOT_ENDED)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    _child, ended = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(ended)
    assert status != NOT_ENDED, said
    return status, said.decode("utf-8")


def require_plain(said: str) -> None:
    """Nothing but letters, newlines and tabs."""
    assert "Traceback" not in said
    strange = {one for one in said if not one.isprintable()} - {"\n", "\t"}
    assert strange == set(), ascii(said)


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--date"), (), ("batch", "show"), ("import",), ("payees", "seek"),
        ("payees", "find"), ("payees", "list", "--state"), ("verify",),
    ],
)  # fmt: skip
def test_an_argument_that_is_told_again(
    office: Office, arguments: tuple[str, ...], attack: str
) -> None:
    status, said = installed(office, *arguments, attack)
    assert status in ((0,) if "find" in arguments else (1, 2))
    require_plain(said)


@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize("attack", [*ATTACKS, ALL], ids=ascii)
def test_what_somebody_typed_into_the_books(
    office: Office, attack: str, options: tuple[str, ...]
) -> None:
    """In a payee, a narration, an account and metadata; Beancount's own words tell it again."""
    office.hand(
        f'2020-06-01 * "{attack}" "{attack}"\n  note: "{attack}"\n  {TRAINING}  5.00 CNY\n'
        f"  {BANK}  -4.00 CNY"
    )
    office.hand(f'2020-06-02 note Assets:1002银行存款:09无 "{attack}"')
    office.hand(f'2020-06-02 custom "{attack}" "{attack}"')
    office.hand(f"{attack} 2020-06-02 {attack}")
    for command in ("check", "status"):
        status, said = installed(office, command, *options)
        require_plain(said)
        if options and status == 1 and said.startswith("{"):
            json.loads(said[: said.rindex("}") + 1])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
def test_names_of_files(office: Office, attack: str) -> None:
    (office.folder / "events" / f"000009-{attack}.beancount").write_text("", encoding="utf-8")
    (office.folder / "payouts" / f"B2020-001{attack}").mkdir()
    for command in ("check", "status", "disburse"):
        require_plain(installed(office, command)[1])
    require_plain(audited(office.folder))
    file = office.folder.with_name(f"名册{attack}.xlsx")
    file.write_bytes(b"no workbook")
    require_plain(installed(office, "import", str(file))[1])


@pytest.mark.parametrize("attack", [*ATTACKS, ALL], ids=ascii)
def test_the_words_of_a_bank(office: Office, attack: str) -> None:
    """Past the reader of statements, which takes a file with control characters for no table."""
    feed = BankFeed()
    feed.move("2020-05-08", "66.00", who=f"某某{attack}", text=f"货款{attack}")
    feed.enter(office)
    for command in (["status"], ["status", "--json"], ["check"]):
        status, said = installed(office, *command)
        assert status == 0
        require_plain(said)


def audited(books: Path, *options: str) -> str:
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(SCRIPT), str(books), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode("utf-8").replace("\r\n", "\n").replace("\ufeff", "", 1)


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
def test_the_auditor(funded: Office, tmp_path: Path, attack: str) -> None:
    """Its findings, its list and its words about its own arguments; in an event that was forged."""
    funded.disburse()
    event = funded.events()[-1]
    text = event.read_text(encoding="utf-8").replace('* "', f'* "{attack}')
    event.write_text(text, encoding="utf-8", newline="\n")
    require_plain(audited(funded.folder))
    listed = audited(funded.folder, "--list")
    require_plain(listed)
    assert "P000001" in listed
    require_plain(audited(tmp_path / attack))
    require_plain(audited(funded.folder, attack))


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_a_terminal_gets_plain_text_and_our_own_bar(office: Office) -> None:
    """The progress bar is drawn with control sequences of our own, and nothing else is."""
    import pty

    bar = "from ledger.cli.terminal.output import track; list(track([1, 2], '甲'))"
    words = f"import click; click.echo({ALL!r}); click.echo({ALL!r}, err=True); print({ALL!r})"
    for code, has_sequences in ((words, False), (bar, True)):
        start = (
            "from ledger.cli.terminal.streams import prepare_streams;"
            " prepare_streams(as_json=False)"
        )
        ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "ascii"}
        subprocess.run(
            [sys.executable, "-c", f"{start}; {code}"],
            stdout=theirs, stderr=theirs, stdin=theirs, check=True, env=environment,
        )  # fmt: skip
        said = os.read(ours, 100_000).decode("utf-8").replace("\r\n", "\n")
        os.close(ours)
        os.close(theirs)
        assert ("\x1b" in said) == has_sequences, ascii(said)
        if not has_sequences:
            require_plain(said)


def test_no_bar_where_nobody_looks() -> None:
    items = [1, 2]
    assert track(items, "甲") is items
