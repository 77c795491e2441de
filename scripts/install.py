"""Install census-ledger for daily work, into ``.venv`` of this checkout.

    python3 scripts/install.py [FOLDER | --province]

From the index that pip asks; or from a FOLDER of wheels that ``scripts/wheelhouse.py`` has made,
and then without any network. ``--province`` brings what ``consolidate`` takes besides, from the
index. Says where the command is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from environment import PROVINCE
from environment import WORK
from environment import prepare


def main(arguments: list[str]) -> None:
    many_counties = arguments == ["--province"]
    if many_counties:
        arguments = []
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        sys.exit(__doc__)
    for folder in map(Path, arguments):
        if not list(folder.glob("*.whl")):
            sys.exit(f"There are no wheels in {folder}.")
        os.environ["PIP_NO_INDEX"] = "1"
        # An address, since pip takes several places there, with blanks between them.
        os.environ["PIP_FIND_LINKS"] = folder.resolve().as_uri()
    programs = prepare(PROVINCE if many_counties else WORK).parent
    command = programs / ("census-ledger.exe" if os.name == "nt" else "census-ledger")
    print(f"The command: {command}")


if __name__ == "__main__":
    main(sys.argv[1:])
