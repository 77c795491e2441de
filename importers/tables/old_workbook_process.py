"""A process of its own that reads old workbooks (.xls), one after another.

A damaged file of the old format can make the reader ask for more memory than there is, or run
in a circle, and that ends the process. It is started by ``old_workbook.py``, and loads next to
nothing, so that it is there within some ten milliseconds. On its standard input come the files,
each after its length in eight bytes; so go its answers, on its standard output: a marshalled list
of (name, hidden, rows, columns, cells, merged ranges), where cells is None for too many, or a word
for why there is none. A day or a time among the cells is a tuple: see :func:`told`. It ends with
its input.
"""

from __future__ import annotations

import io
import marshal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO
    from typing import Any

MEMORY_LIMIT_BYTES = 2 * 1024**3
DAMAGED = b"damaged"
PASSWORD = b"password"
_LENGTH_BYTES = 8
_AS_IT_IS = (str, float, int, bool)


def send(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None when the stream has ended before it was whole."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    message = stream.read(int.from_bytes(length, "big"))
    return message if len(message) == int.from_bytes(length, "big") else None


def told(cell: Any) -> Any:
    """A cell as it can be marshalled: a day or a time by the name of its type, and its text; a
    length of time by its days, seconds and microseconds.
    """
    if type(cell) in _AS_IT_IS:
        return cell
    if hasattr(cell, "isoformat"):
        return type(cell).__name__, cell.isoformat()
    return type(cell).__name__, cell.days, cell.seconds, cell.microseconds


def main(library_folder: str, cell_limit: int) -> int:
    sys.path.append(library_folder)
    import python_calamine

    _limit_memory()

    def answer(content: bytes) -> bytes:
        sheets = []
        try:
            with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
                for metadata in workbook.sheets_metadata:
                    if metadata.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                        continue
                    hidden = metadata.visible is not python_calamine.SheetVisibleEnum.Visible
                    sheet = workbook.get_sheet_by_name(metadata.name)
                    rows, columns = (place + 1 for place in sheet.end or (-1, -1))
                    small = rows * columns <= cell_limit
                    cells = None
                    if small and rows:
                        given = sheet.to_python(skip_empty_area=False)
                        cells = [[told(cell) for cell in row] for row in given]
                    merged = sheet.merged_cell_ranges or []
                    sheets.append((metadata.name, hidden, rows, columns, cells, merged))
            return marshal.dumps(sheets)
        except python_calamine.PasswordError:
            return PASSWORD
        except BaseException:  # a panic of the reader is not an Exception
            return DAMAGED

    while (content := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, answer(content))
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    try:  # noqa: SIM105 - contextlib would take as long to load as Python itself
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    except (ValueError, OSError):  # macOS refuses
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
