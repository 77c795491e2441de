"""Books that somebody else has made: their text would run code, blind the checks, or reach out.

Each attack is a change of sound books; ``MARKER`` stands for a module in their folder that leaves
a file behind when it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAIN, RULES, HAND = "main.beancount", "rules.beancount", "journal/hand.beancount"
OTHERS = (RULES, "accounts.beancount", HAND, "events/000000-init.beancount")
BANK = "Assets:1002银行存款:01滕州农商行"
EVIL = "evil_of_the_books"
MARKER = "executed"
NOTE = f'2020-01-02 note {BANK} "x"\n'


@dataclass(frozen=True)
class Attack:
    """What is added to a file, the code of the finding, and the line within the text (or None).

    Without a code Beancount itself reads it as something else that is broken. ``audited``: the
    auditor's script, which loads nothing, has something to say of it.
    """

    name: str
    text: str | bytes
    code: str
    file: str = MAIN
    line: int | None = 1
    first: bool = False
    audited: bool = True

    @property
    def content(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode("utf-8")


def lay(books: Path, attack: Attack) -> int:
    """Change the books, and return the line at which the attack begins."""
    evil = f"from pathlib import Path\nPath(__file__).with_name({MARKER!r}).touch()\n"
    for folder in (books, books / "journal", books / "events", books.parent):
        for name in (EVIL, "import_config", "other"):
            (folder / f"{name}.py").write_text(evil, encoding="utf-8")
    (books.parent / "other.beancount").write_text(f'plugin "{EVIL}"\n', encoding="utf-8")
    (books / "events" / f"{EVIL}.py").unlink()
    (books / "events" / "import_config.py").unlink()
    (books / "events" / "other.py").unlink()
    path = books / attack.file
    before = path.read_bytes()
    added = attack.content + b"\n"
    path.write_bytes(added + before if attack.first else before + b"\n" + added)
    return 1 if attack.first else before.count(b"\n") + 2


def was_executed(books: Path) -> bool:
    return any(books.parent.rglob(MARKER))


def plugins() -> Iterator[Attack]:
    forms = {
        "plain": f'plugin "{EVIL}"',
        "configured": f'plugin "{EVIL}" "x"',
        "after garbage": f'garbage plugin "{EVIL}"',
        "after a broken entry": f'2020-01-01 * "x" plugin "{EVIL}"',
        "after a broken number": f'2020-13-45 plugin "{EVIL}"',
        "after a currency": f'CNYplugin "{EVIL}"',
        "indented": f'   plugin "{EVIL}"',
        "after a carriage return": f'\rplugin "{EVIL}"',
        "Windows lines": f'; x\r\nplugin "{EVIL}"\r\n',
        "after a long text": f'2020-01-02 note {BANK} "a\nb"\nplugin "{EVIL}"',
        "after a text that begins as a comment": f'2020-01-02 note {BANK} "a\n; b" plugin "{EVIL}"',
        "a heading": f'* x\nplugin "{EVIL}"',
        "quoted": f'plugin "{EVIL[:4]}\\{EVIL[4:]}"',
        "before a comment": f'plugin "{EVIL}" ; {RULES}',
        "with ours": f'plugin "ledger.plugin"\nplugin "{EVIL}"',
        "Beancount's own": 'plugin "beancount.plugins.auto"',
        "Fava's own": 'plugin "fava.plugins.link_documents"',
        "ours configured": 'plugin "ledger.plugin" "x"',
    }
    for name, text in forms.items():
        yield Attack(f"plugin, {name}", text, "plugin", line=None)
    broken = {
        "on the next line": f'plugin\n  "{EVIL}"',
        "form feed": f'\fplugin "{EVIL}"',
        "a text that never ends": f'2020-01-02 note {BANK} "a" "\nplugin "{EVIL}"\n"',
    }
    for name, text in broken.items():
        yield Attack(f"plugin, {name}", text, "", line=None)
    for file in OTHERS:
        yield Attack(f"plugin in {file}", f'plugin "{EVIL}"', "plugin", file)
        yield Attack(f"our plugin in {file}", 'plugin "ledger.plugin"', "plugin", file)


def options() -> Iterator[Attack]:
    values = {
        "plugin_processing_mode": "raw", "insert_pythonpath": "TRUE", "documents": "/etc",
        "inferred_tolerance_default": "*:1000000", "inferred_tolerance_multiplier": "1000000",
        "tolerance": "1", "tolerance_multiplier": "9", "infer_tolerance_from_cost": "TRUE",
        "booking_method": "NONE", "name_assets": "(a+)+$", "account_rounding": "Rounding",
        "long_string_maxlines": "9999999", "allow_pipe_separator": "TRUE", "render_commas": "TRUE",
        "display_precision": "CNY:1.000000", "conversion_currency": "XYZ", "filename": "x",
        "include": "/etc/passwd",
        "no_such_option": "x", "use_precise_interpolation": "TRUE", "plugin": "ledger.plugin",
    }  # fmt: skip
    for key, value in values.items():
        yield Attack(f"option {key}", f'option "{key}" "{value}"', "option", line=None)
    for file in OTHERS:
        for key in ("insert_pythonpath", "plugin_processing_mode", "title", "operating_currency"):
            yield Attack(f"option {key} in {file}", f'option "{key}" "raw"', "option", file)
    yield Attack("another currency", 'option "operating_currency" "USD"', "option")
    yield Attack("garbage", 'garbage option "plugin_processing_mode" "raw"', "option", line=None)
    yield Attack("first", 'option "plugin_processing_mode" "raw"', "option", first=True)


def includes() -> Iterator[Attack]:
    targets = (
        "/etc/passwd", "../other.beancount", "journal/../../other.beancount", "*.beancount",
        "**/*.beancount", "journal/*", "*/hand.beancount",
        "./journal/hand.beancount", "journal\\\\hand.beancount",
        "~/x.beancount", "$HOME/x.beancount", "C:/x.beancount", "C:x.beancount",
        "//host/x.beancount",
        "x.beancount.gpg", "x.asc", ".staging/x.beancount", "[j]ournal/hand.beancount", "",
        "journal/hand.beancount\\n", "registry.db",
    )  # fmt: skip
    for target in targets:
        yield Attack(f"include {target!r}", f'include "{target}"', "include", line=None)
    for target in ("events/000000-*.beancount", "journal/hand.beancount", "main.beancount"):
        text = f'include "{target}"'
        yield Attack(f"again {target!r}", text, "include", line=None, audited=False)
    for file in OTHERS:
        yield Attack(f"include in {file}", 'include "more.beancount"', "include", file)
    yield Attack("include after garbage", 'garbage include "../other.beancount"', "include")


def directives() -> Iterator[Attack]:
    customs = (
        '"fava-extension" "EVIL"', '"fava-extension" "reports.desk" "x"', '"fava-extension"',
        '"fava-option" "import-config" "other.py"', '"fava-option" "import-config" "../other.py"',
        '"fava-option" "import-dirs" "/etc"', '"fava-option" "import-dirs" "payouts"',
        '"fava-option" "import_config" "import_config.py"', '"fava-option" "insert-entry" "(a+)+$"',
        '"fava-option" "collapse-pattern" "(a+)+$"', '"fava-option" "default-file" "/etc/x"',
        '"fava-option" "default-file" "rules.beancount"',
        '"fava-option" "use-external-editor" "true"',
        '"fava-option" "default-page" "//evil.example/"', '"fava-option" "language" "../../x"',
        '"fava-option" "currency-column" "99999999"', '"fava-option" "indent" "x"', '"fava-option"',
        '"fava-option" "conversion-currencies" "USD"',
        '"fava-sidebar-link" "x" "javascript:alert(1)"', '"fava-sidebar-link"', '"budget" "x"',
        '"census-unknown" 1', '"autobean.share" "x"', '"import-config" "import_config.py"',
    )  # fmt: skip
    for custom in customs:
        text = f"2020-01-01 custom {custom.replace('EVIL', EVIL)}"
        code = "directive" if 'fava-option" language' not in custom else None
        yield Attack(f"custom {custom}", text, code or "ParserSyntaxError", line=None)
    for file in OTHERS:
        yield Attack(
            f"fava-option in {file}",
            '2020-01-01 custom "fava-option" "default-file" "journal/hand.beancount"',
            "directive",
            file,
        )
    for name in (
        "/etc/passwd",
        "../other.beancount",
        "payouts/B2020-001/x",
        "registry.db",
        ".lock",
    ):
        yield Attack(f"document {name}", f'2020-01-01 document {BANK} "{name}"', "directive")
    yield Attack("document in journal", f'2020-01-01 document {BANK} "../../x"', "directive", HAND)


def metadata() -> Iterator[Attack]:
    for key, value in (("filename", '"events/x"'), ("lineno", "5"), ("filename", "TRUE")):
        yield Attack(f"{key} {value}", f"{NOTE}  {key}: {value}", "metadata", HAND, line=2)
        yield Attack(
            f"pushmeta {key} {value}",
            f"pushmeta {key}: {value}\n{NOTE}popmeta {key}:",
            "metadata",
            HAND,
        )
    posting = f'2020-05-01 * "x"\n  {BANK}  1.00 CNY\n    lineno: 5\n  {BANK}  -1.00 CNY'
    yield Attack("of a posting", posting, "metadata", HAND, line=3)
    yield Attack("of an option", f"{NOTE}  lineno:", "metadata", HAND, line=2)


def encodings() -> Iterator[Attack]:
    for file in (MAIN, RULES, HAND):
        yield Attack(f"NUL in {file}", b"; x\x00", "encoding", file)
        yield Attack(f"GBK in {file}", "; 手工".encode("gbk"), "encoding", file)
        yield Attack(f"UTF-16 in {file}", b"\xff\xfe;\x00", "encoding", file, first=True)
        yield Attack(f"surrogates in {file}", b"; \xed\xa0\x80", "encoding", file)


ATTACKS = [*plugins(), *options(), *includes(), *directives(), *metadata(), *encodings()]
