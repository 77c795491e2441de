"""A process of its own that reads one old workbook (.xls) from its standard input.

A damaged file of the old format can make the reader ask for more memory than there is, or run
in a circle, and that ends the process. It is started by ``old_workbook.py``, without the
project's other modules and so within some ten milliseconds, and answers on its standard output
with a pickled list of (name, hidden, rows, columns, cells, merged ranges); cells is None for too
many.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sys

MEMORY_LIMIT_BYTES = 2 * 1024**3
EXIT_DAMAGED = 1
EXIT_PASSWORD = 3


def main(library_folder: str, cell_limit: int) -> int:
    sys.path.append(library_folder)
    import python_calamine

    _limit_memory()
    content = io.BytesIO(sys.stdin.buffer.read())
    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(content) as workbook:
            for metadata in workbook.sheets_metadata:
                if metadata.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                hidden = metadata.visible is not python_calamine.SheetVisibleEnum.Visible
                sheet = workbook.get_sheet_by_name(metadata.name)
                rows, columns = (place + 1 for place in sheet.end or (-1, -1))
                small = rows * columns <= cell_limit
                cells = sheet.to_python(skip_empty_area=False) if small and rows else None
                merged = sheet.merged_cell_ranges or []
                sheets.append((metadata.name, hidden, rows, columns, cells, merged))
    except python_calamine.PasswordError:
        return EXIT_PASSWORD
    except BaseException:  # a panic of the reader is not an Exception
        return EXIT_DAMAGED
    sys.stdout.buffer.write(pickle.dumps(sheets))
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
