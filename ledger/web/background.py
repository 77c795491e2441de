"""What the server does while nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from threading import Timer

# Seconds in which the desk answers whoever has just changed the books.
FIRST_THE_DESK = 1.0


class Afterwards:
    """A job that is done a second after it is asked for, once however often that was meanwhile,
    and never twice at the same time. It ends with the program, wherever it is.
    """

    def __init__(self, job: Callable[[], object]) -> None:
        self._job = job
        self._asking = Lock()
        self._working = Lock()
        self._is_asked = False

    def begin(self) -> None:
        with self._asking:
            if self._is_asked:
                return
            self._is_asked = True
        timer = Timer(FIRST_THE_DESK, self.run)
        timer.daemon = True
        timer.start()

    def run(self) -> None:
        """Now. Nobody hears of it when it fails: whoever needs it does it for himself."""
        with self._working:
            # Whoever asks from here on asks for more than this can see.
            with self._asking:
                self._is_asked = False
            try:
                self._job()
            except Exception:
                return
