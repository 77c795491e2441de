"""The documents keep up with the code: commands, options, problem codes, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import modules
import pictures
import pytest

from importers.rosters.problems import ERRORS
from importers.rosters.problems import OLDEST_EXPECTED
from importers.rosters.problems import WARNINGS
from importers.rosters.problems import YOUNGEST
from ledger.base.language import in_chinese
from ledger.cli import main
from ledger.disbursement.bank_profile import load_profile
from tests.support.checkout import CHECKOUT
from tests.support.commands import COMMANDS

READMES = ("README.md", "README.zh-CN.md")
HANDBOOKS = ("docs/handbook.md", "docs/handbook.zh-CN.md")
CHAPTERS = sorted(f"docs/handbook/{path.name}" for path in (CHECKOUT / "docs/handbook").glob("*"))
CHINESE = [name for name in CHAPTERS if name.endswith(".zh-CN.md")]
ENGLISH = [name.replace(".zh-CN.md", ".md") for name in CHINESE]
GUIDES = (*READMES, *HANDBOOKS, *CHAPTERS)
ALL_DOCUMENTS = sorted(
    path.relative_to(CHECKOUT).as_posix()
    for path in (*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"))
)
# Lines of other programs, whose options are their own.
OTHER_PROGRAMS = re.compile(
    r"audit\.py|demo\.py|test\.py|install\.py|wheelhouse\.py|\bpip\b|\bfava\b|\bapt\b|\bmypy\b"
)
CODE = re.compile(r"^```.*?^```|`[^`\n]+`|^ {4}.*?$", re.MULTILINE | re.DOTALL)
# The program's name, the options that stand before a command, and the words after them.
CALL = re.compile(r"census-ledger((?: (?:-C|--key) \S+)*)((?: [a-z]+(?:-[a-z]+)*\b)+)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

# How the page of roster problems fills in what a message leaves open.
SAMPLES = {
    "youngest": str(YOUNGEST),
    "oldest": str(OLDEST_EXPECTED),
    "town": "〔镇街〕",
    "row_town": "〔另一镇街〕",
    "town_code": "〔镇街代码〕",
    "others": "〔行号〕",
    "payee": "〔人员编号〕",
    "place": "〔文件和行号〕",
    "role": "〔岗位〕",
    "post": "〔小区或普查区编码〕",
    "own_town": "〔镇街〕",
    "code_town": "〔编码所属镇街〕",
    "columns": "〔列名〕",
    "sign": "〔字符〕",
    "row_role": "〔本行岗位〕",
    "row_post": "〔本行编码〕",
    "issuer": "〔发卡银行〕",
    "digits": "〔位数〕",
    "people": "〔人数〕",
    "reference_day": "〔标准日〕",
    "roles": "〔各岗位〕",
    "area_word": "普查区",
    "block_word": "普查小区",
}


def text_of(document: str) -> str:
    return (CHECKOUT / document).read_text(encoding="utf-8")


def code_lines(document: str) -> Iterator[str]:
    """Every line of the code in a document, in fences and within sentences."""
    for code in CODE.findall(text_of(document)):
        yield from (line.strip("`") for line in code.splitlines())


def command_named(words: list[str]) -> click.Command:
    """The command that some words name; those that follow it are arguments."""
    command: click.Command = main
    context = click.Context(main)
    for word in words:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(context, word)
        assert found is not None, f"there is no command {' '.join(words)}"
        command = found
    return command


def options_of(command: click.Command) -> set[str]:
    names = {name for option in command.params for name in option.opts}
    return names | set(command.get_help_option_names(click.Context(command)))


@pytest.mark.parametrize("document", [*GUIDES, "docs/roster-problems.md"])
def test_every_command_that_is_shown_exists_and_takes_its_options(document: str) -> None:
    calls = [(line, call) for line in code_lines(document) for call in CALL.finditer(line)]
    for line, call in calls:
        command = command_named(call.group(2).split())
        known = options_of(command) | options_of(main)
        following = line[call.end() :].split("census-ledger")[0]
        assert set(OPTION.findall(following)) <= known, line


@pytest.mark.parametrize("document", [*GUIDES, "docs/roster-problems.md"])
def test_every_option_that_is_named_is_one_of_a_command(document: str) -> None:
    known = {name for command in COMMANDS.values() for name in options_of(command)}
    named = {
        option
        for line in text_of(document).splitlines()
        if not OTHER_PROGRAMS.search(line)
        for option in OPTION.findall(line)
    }
    assert named <= known


@pytest.mark.parametrize("chapters", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_every_command_is_shown(chapters: list[str]) -> None:
    text = "".join(text_of(chapter) for chapter in chapters)
    groups = [command for command in COMMANDS.values() if isinstance(command, click.Group)]
    for group in groups:
        for name in group.list_commands(click.Context(group)):
            words = name if group is main else f"{group.name} {name}"
            assert re.search(rf"census-ledger[^\n`]*? {words}\b", text), words


@pytest.mark.parametrize("pair", [READMES, HANDBOOKS, *zip(ENGLISH, CHINESE, strict=True)])
def test_two_languages_have_the_same_sections_and_link_each_other(pair: tuple[str, str]) -> None:
    headings = [re.findall(r"^#+ (?:\d+\. )?", text_of(name), re.MULTILINE) for name in pair]
    assert headings[0] == headings[1]
    for name, other in (pair, pair[::-1]):
        assert f"({Path(other).name})" in text_of(name)


def test_a_handbook_leads_to_each_of_its_chapters() -> None:
    assert sorted(CHAPTERS) == sorted(ENGLISH + CHINESE)
    for handbook, chapters in zip(HANDBOOKS, (ENGLISH, CHINESE), strict=True):
        for chapter in chapters:
            assert f"({chapter.removeprefix('docs/')})" in text_of(handbook)


def test_every_picture_is_taken_by_the_script_and_shown_in_both_languages() -> None:
    """Small, so that whoever fetches the project does not wait for them."""
    there = {path.stem: path.stat().st_size for path in (CHECKOUT / "docs/pictures").iterdir()}
    assert there.keys() == set(pictures.NAMES)
    assert max(there.values()) <= 60_000
    assert sum(there.values()) <= 1_000_000
    for chapters in (CHINESE, ENGLISH):
        shown = " ".join(map(text_of, chapters))
        assert set(re.findall(r"\(\.\./pictures/([a-z-]+)\.png\)", shown)) == there.keys()


@pytest.mark.parametrize(("document", "handbook"), list(zip(READMES, HANDBOOKS, strict=True)))
def test_a_readme_is_one_screen_and_leads_to_the_handbook(document: str, handbook: str) -> None:
    text = text_of(document)
    assert len(text.splitlines()) <= 60
    assert f"({handbook})" in text
    assert "(docs/pictures/payout-sheet.png)" in text
    assert [line.strip() for line in text.splitlines() if line.startswith("    python3")] == [
        "python3 scripts/demo.py",
        "python3 scripts/test.py",
        "python3 scripts/install.py",
    ]


@pytest.mark.parametrize("document", ALL_DOCUMENTS)
def test_every_link_to_a_file_or_a_heading_leads_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text_of(document)):
        if target.startswith("https://"):
            continue
        file, _hash, anchor = target.partition("#")
        path = (CHECKOUT / document).parent / file if file else CHECKOUT / document
        assert path.is_file(), target
        if anchor:
            assert anchor in anchors(path.read_text(encoding="utf-8")), target


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("key", [*ERRORS, *WARNINGS])
def test_every_problem_of_a_roster_is_explained(key: str) -> None:
    """With its code and the very sentences that the towns read."""
    rows = [line for line in text_of("docs/roster-problems.md").splitlines() if line[:1] == "|"]
    code, _dot, _variant = key.partition(".")
    (row,) = (line for line in rows if line.startswith(f"| `{code}` |"))
    assert in_chinese((ERRORS | WARNINGS)[key]).format(**SAMPLES) in row
    assert row.rstrip(" |").rpartition("|")[2].strip()


def test_no_problem_is_explained_that_there_is_not() -> None:
    explained = re.findall(r"^\| `([a-z_]+)` \|", text_of("docs/roster-problems.md"), re.MULTILINE)
    assert sorted(explained) == sorted({key.partition(".")[0] for key in ERRORS | WARNINGS})


def test_the_bank_profile_of_the_architecture_page_can_be_used(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", text_of("docs/architecture.md"), re.M | re.S)
    (tmp_path / "my-bank.toml").write_text(example, encoding="utf-8", newline="\n")
    assert load_profile("my-bank", tmp_path).row_limit == 2000


@pytest.mark.parametrize("document", ["docs/architecture.md", *GUIDES])
def test_every_module_that_a_document_names_exists(document: str) -> None:
    """By its name alone, or by the whole of its path."""
    existing = [
        f"/{path.relative_to(CHECKOUT).as_posix()}"
        for folder in (*modules.FOLDERS, "tests")
        for path in (CHECKOUT / folder).rglob("*.py")
    ]
    for named in re.findall(r"`([\w/]+\.py)`", text_of(document)):
        assert any(path.endswith(f"/{named}") for path in existing), named


@pytest.mark.parametrize("document", [*GUIDES, "CHANGES.md", "docs/architecture.md"])
def test_every_folder_that_a_document_names_exists(document: str) -> None:
    tops = "ledger|importers|reports|scripts|tests"
    for named in re.findall(rf"`((?:{tops})/[\w/.-]*)`", text_of(document)):
        assert (CHECKOUT / named).exists(), named
