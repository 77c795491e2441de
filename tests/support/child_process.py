"""Something done in a child process, which may die of it."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable

import pytest

from tests.support.office import Answer

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")

# Around the sizes of an event, a bank file, a workbook, the registry and a payout sheet.
FILE_SIZES = (0, 200, 2_000, 5_000, 10_000, 20_000, 40_000, 41_000, 43_500, 1_000_000)


def in_child(
    work: Callable[[], Answer], *, file_size: int | None = None, fatal: bool = False
) -> Answer | None:
    """The answer of a command that runs in a child; None when the child was killed.

    No file can grow beyond ``file_size`` bytes: who tries gets an error, or is killed where that
    is ``fatal``.
    """
    read_end, write_end = os.pipe()
    gc.freeze()  # or the child's collector would copy all of our memory
    child = os.fork()
    if child == 0:
        status = 70
        try:
            if file_size is not None:
                limit_files(file_size, fatal=fatal)
            os.write(write_end, pickle.dumps(work()))
            status = 0
        finally:
            os._exit(status)
    gc.unfreeze()
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    _child, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return None
    assert os.WEXITSTATUS(ended) == 0
    answer = pickle.loads(said)
    assert isinstance(answer, Answer)
    return answer


def limit_files(size: int, *, fatal: bool) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if fatal else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
