"""What every answer tells the browser: no script but ours, no frame, no guess, no copy kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FAVA = "/books"
_NOBODY_ELSE = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
# Fava compiles WebAssembly for its editor and sets styles on elements; its fonts are files.
FOR_FAVA = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
) + _NOBODY_ELSE
FOR_OUR_PAGES = f"default-src 'self'; form-action 'self'; {_NOBODY_ELSE}"
PAGE_OF_THE_DOOR = f"default-src 'none'; form-action 'none'; {_NOBODY_ELSE}"
# Files that somebody else has made are shown as nothing but files.
FOR_DOCUMENTS = f"sandbox; {PAGE_OF_THE_DOOR}"
# Programs and styles, the same for all books.
STATIC = (f"{FAVA}/static/", "/static/")

ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    # Without the referrer a form would name no origin, which the door wants to know.
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_POLICY = "Content-Security-Policy"
_CACHE = "Cache-Control"


def with_headers(start_response: Callable[..., Any], path: str) -> Callable[..., Any]:
    """``start_response`` that adds them. A policy that the answer has of its own stays."""
    in_fava = path == FAVA or path.startswith(f"{FAVA}/")
    policy = FOR_FAVA if in_fava else FOR_OUR_PAGES
    replaced = {name.lower() for name, _value in ALWAYS}
    if not path.startswith(STATIC):
        replaced.add(_CACHE.lower())

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        kept = [(name, value) for name, value in headers if name.lower() not in replaced]
        names = {name.lower() for name, _value in kept}
        added = list(ALWAYS)
        if _CACHE.lower() not in names:
            added.append((_CACHE, "no-store"))
        if _POLICY.lower() not in names:
            added.append((_POLICY, policy))
        return start_response(status, [*kept, *added], *more)

    return start
