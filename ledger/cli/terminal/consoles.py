"""Is somebody there, who reads and answers?"""

from __future__ import annotations

import io
import sys
from typing import TextIO


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at a stream, or types into it.

    Windows takes its null device, which a planned task has for its input, for a terminal.
    """
    if not stream.isatty():
        return False
    if sys.platform == "win32":
        try:
            return _is_console(stream.fileno())
        except io.UnsupportedOperation:
            # No file of the system's: it is what it says.
            return True
    return True


if sys.platform == "win32":
    import ctypes
    import msvcrt

    def _is_console(descriptor: int) -> bool:
        handle = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor))
        mode = ctypes.c_uint32()
        return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode)))
