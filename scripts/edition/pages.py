"""The documents as pages that any browser shows: ``python pages.py FOLDER``.

Windows opens no Markdown. Runs in the project's own environment.
"""

from __future__ import annotations

import re
import sys
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

CHECKOUT = Path(__file__).resolve().parents[2]
STYLE = (
    "body{max-width:52em;margin:2em auto;padding:0 1em;line-height:1.6;"
    'font-family:"Microsoft YaHei","Noto Sans SC",sans-serif}'
    "pre{background:#f4f4f4;padding:.8em;overflow:auto}code{font-family:Consolas,monospace}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}"
    "img{max-width:100%}"
)


def anchor(heading: str) -> str:
    """The name by which links lead to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page(text: str) -> str:
    """A document in Markdown as a page; its links to other documents lead to their pages."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(text)
    title = "census-ledger"
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            before.attrSet("id", anchor(token.content))
            title = token.content if before.tag == "h1" else title
        for child in token.children or ():
            _lead_to_pages(child)
    body = markdown.renderer.render(tokens, markdown.options, {})
    return (
        f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style>\n{body}"
    )


def _lead_to_pages(token: Token) -> None:
    address = token.attrs.get("href")
    if isinstance(address, str) and "://" not in address:
        token.attrs["href"] = re.sub(r"\.md(?=$|#)", ".html", address)


def write_pages(folder: Path) -> None:
    """The READMEs, the changes and what is in docs/, in the same places as in the checkout."""
    documents = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
    for document in documents:
        target = folder / document.relative_to(CHECKOUT).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(document.read_text(encoding="utf-8")), "utf-8", newline="\n")
    for picture in (CHECKOUT / "docs").rglob("*.png"):
        target = folder / picture.relative_to(CHECKOUT)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(picture.read_bytes())


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
