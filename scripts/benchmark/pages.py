"""One page of the books as a browser is answered, in a fresh process.

    python scripts/benchmark/pages.py ours|floor BOOKS

``ours`` is the page of the disbursement in the application that ``desk`` starts; ``floor`` is
Fava's own page of the statement of income on the books without the plugin.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmark.stages import WITHOUT_PLUGIN


def ours(books: Path) -> str:
    from werkzeug.test import Client

    from ledger.web.server import whole_application

    answer = Client(whole_application(books)).get("/disbursement")
    return f"{answer.status_code} {len(answer.data)}"


def floor(books: Path) -> str:
    from fava.application import create_app

    client = create_app([books / WITHOUT_PLUGIN], load=True, read_only=True).test_client()
    slug = client.get("/", follow_redirects=True).request.path.split("/")[1]
    answer = client.get(f"/{slug}/api/income_statement")
    return f"{answer.status_code} {len(answer.data)}"


if __name__ == "__main__":
    said = {"ours": ours, "floor": floor}[sys.argv[1]](Path(sys.argv[2]))
    print(said)
    sys.exit(0 if said.startswith("200 ") else f"the page answers {said}")
