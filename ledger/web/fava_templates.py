"""Fava's templates as an office sees them: escaped, in our style, and in words of the office."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fava
from fava.context import g
from flask import Flask
from jinja2 import BaseLoader
from jinja2 import FileSystemLoader

from ledger.base.language import in_chinese
from ledger.web.page_words import EVENTS

# What stands in Fava's template, and what in its place; a newer Fava may have it otherwise, which
# a test asks for.
REPLACED = {
    "_layout.html": (
        ("<html>", '<html lang="{{ page_language() }}">'),
        (
            '<script type="module" src="{{ static_url(\'app.js\') }}"></script>',
            '<link rel="stylesheet" href="/static/fava.css">'
            '<script type="module" src="/static/fava.js"></script>'
            '<script type="module" src="{{ static_url(\'app.js\') }}"></script>',
        ),
        ("<body>", "<body{% if not ledger.edit %} class=\"reading\"{% endif %}>"),
    ),
    "_journal_table.html": (
        ("{{ short_type.get(type, type[:3]) }}", "{{ short_type.get(type, type[:3])|in_words }}"),
        ("<strong>{{ entry.type }}</strong>", "<strong>{{ entry.type|in_words }}</strong>"),
        ('"{{ value.value }}"', "{{ value.value|in_words }}"),
    ),
}  # fmt: skip
# Added to Fava's table of the journal: the row that asks fava.js for more.
MORE = """
{% macro more_of_the_journal(next, count, left, language) %}
<li class="more"><p><button type="button" data-next="{{ next }}">
{%- if language == "en" %}{{ count }} more of {{ left }}
{%- else %}再显示 {{ count }} 笔（还有 {{ left }} 笔）{% endif -%}
</button></p></li>
{%- endmacro %}
"""
# Words of rules, and the journal's short ones for kinds of entries.
EVENT_WORDS = {kind.value: word for kind, word in EVENTS.items()}
WORDS = {
    "Bal": "余额",
    "Close": "销户",
    "Doc": "凭证",
    "Note": "备注",
    "Open": "开户",
    "cus": "规则",
    "que": "查询",
    "census-approval": "审批规则",
    "census-books": "账套格式",
    "census-budget": "预算",
    "census-commitment": "合同",
    "census-event": "事项",
    "census-fund": "经费来源",
    "census-limit": "限额",
    "census-rate": "补助标准",
    "census-stage": "阶段",
    "census-tax": "个人所得税",
    "fava-option": "显示设置",
    "fixed": "定额",
    "initial": "年初预算",
    "listed": "按表",
    "per-unit": "按量",
    "supplement": "追加",
    "transfer": "调剂",
}


class EscapingLoader(BaseLoader):
    """Fava's templates, with what they print of the books escaped everywhere.

    The table of the journal switches it off, and the journal that is downloaded puts texts of the
    books between quotation marks.
    """

    def __init__(self) -> None:
        self.fava = FileSystemLoader(Path(fava.__file__).parent / "templates")

    def get_source(
        self, environment: Any, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, filename, is_fresh = self.fava.get_source(environment, template)
        # guard: fava-escapes
        source = source.replace("{% autoescape false %}", "{% autoescape true %}")
        if template == "beancount_file":
            source = re.sub(r'"([^"\n]*)\{\{ (\S+) \}\}', r'"\1{{ \2|within_quotes }}', source)
        for old, new in REPLACED.get(template, ()):
            source = source.replace(old, new)
        if template == "_journal_table.html":
            source += MORE
        return source, filename, is_fresh


def use_our_templates(application: Flask) -> None:
    """Let Fava print by them."""
    application.jinja_loader = EscapingLoader()
    application.add_template_filter(_within_quotes, "within_quotes")
    application.add_template_filter(in_words, "in_words")
    application.add_template_global(page_language, "page_language")


def page_language() -> str:
    """The language of Fava's pages, as HTML names it."""
    return "zh-CN" if (g.ledger.fava_options.language or "").startswith("zh") else "en"


def in_words(text: str) -> str:
    """A word of the books as the office says it; what is none stays."""
    if page_language() != "zh-CN":
        return text
    return in_chinese(EVENT_WORDS[text]) if text in EVENT_WORDS else WORDS.get(text, text)


def _within_quotes(text: object) -> str:
    """A text as it stands between the quotation marks of a ledger, on one line."""
    line = " ".join(str(text).split())
    return line.replace("\\", "\\\\").replace('"', '\\"')
