"""Counties judged side by side by an executor, whose workers may die.

A few tasks more than there are workers are under way, so that memory does not grow with the number
of counties. What was under way when workers died is done again, each by itself: a task whose worker
dies then, too, is its county's fault, and is named.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import BrokenExecutor
from concurrent.futures import CancelledError
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import wait
from itertools import islice

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.checking import Complaint
from ledger.province.judging import Judged
from ledger.province.judging import Task
from ledger.province.judging import judge

MakeExecutor = Callable[[], Executor]
# Under way for each worker: one in work, one waiting.
AHEAD = 2


class WorkersLost(Refusal):
    """The executor itself is gone: a scheduler that does not answer any more."""

    def __init__(self, kind: str) -> None:
        message = _(
            "the workers are gone ({kind}), and nothing was written: start them again, and repeat"
        )
        super().__init__(message.format(kind=kind))


def judge_all(make: MakeExecutor, tasks: Iterable[Task], *, workers: int) -> Iterator[Judged]:
    """Every task's answer, in whatever order they come. Raises WorkersLost."""
    left = iter(tasks)
    lost: list[Task] = []
    while True:
        yield from _until_lost(make, left, lost, workers * AHEAD)
        if not lost:
            return
        while lost:
            yield _alone(make, lost.pop())


def _until_lost(
    make: MakeExecutor, left: Iterator[Task], lost: list[Task], most: int
) -> Iterator[Judged]:
    """Until all is done, or the executor takes no more. ``lost`` is what workers have died of."""
    under_way: dict[Future[Judged], Task] = {}
    with make() as executor:
        is_broken = False
        while not is_broken or under_way:
            for task in () if is_broken else islice(left, most - len(under_way)):
                try:
                    under_way[executor.submit(judge, task)] = task
                except BrokenExecutor:
                    lost.append(task)
                    is_broken = True
                    break
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                task = under_way.pop(future)
                answer = _answer_of(future)
                if answer is None:
                    lost.append(task)
                else:
                    yield answer


def _alone(make: MakeExecutor, task: Task) -> Judged:
    """The answer of a task that may have killed its worker, and takes no other with it."""
    answer = None
    try:
        with make() as executor:
            answer = _answer_of(executor.submit(judge, task))
    except BrokenExecutor:
        pass
    if answer is not None:
        return answer
    message = _("the process that judged the bundle died twice: have it looked at")
    fault = Complaint("", 0, "worker-died", message)
    return Judged(task.name, digest(task.content), findings=(fault,))


def _answer_of(future: Future[Judged]) -> Judged | None:
    """None where a worker has died of it, or beside it. Raises WorkersLost."""
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except (Exception, CancelledError) as error:
        # Dask's word for a task that several workers have died of.
        if type(error).__name__ == "KilledWorker":
            return None
        raise WorkersLost(type(error).__name__) from error
