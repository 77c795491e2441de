"""Processes of this machine that may be killed at any time, and take nothing but their task along.

Python's own pool has one queue for all: where a process is killed while a large task is handed over
or an answer is half written, it waits for ever. Here each process has a pipe to itself, which ends
when it does, and a thread that waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import local
from typing import Any

from ledger.base.records import Record


class WorkerDied(BrokenExecutor):
    """The process of a task is gone; others are not."""


class _Child(Record):
    process: SpawnProcess
    pipe: Connection

    def end(self) -> None:
        self.pipe.close()
        self.process.join()


class OwnProcesses(ThreadPoolExecutor):
    """So many processes, each begun when there is work for it, and again when it has died."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._own = local()
        self.children: list[_Child] = []

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return super().submit(self._in_child, call, arguments, named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait, cancel_futures=cancel_futures)
        for child in self.children:
            child.end()
        self.children.clear()

    def _in_child(self, call: Callable[..., Any], arguments: Any, named: Any) -> Any:
        child: _Child | None = getattr(self._own, "child", None)
        if child is None:
            child = self._own.child = _begun()
            self.children.append(child)
        try:
            child.pipe.send((call, arguments, named))
            return child.pipe.recv()
        except (EOFError, OSError):
            self._own.child = None
            self.children.remove(child)
            child.process.kill()
            child.end()
            raise WorkerDied from None


def _begun() -> _Child:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    # The pipe ends with the process: nobody else has its other side.
    theirs.close()
    return _Child(process, ours)


def _work(pipe: Connection) -> None:
    """In the process: one call after another, until there are no more."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            call, arguments, named = pipe.recv()
            pipe.send(call(*arguments, **named))
