"""The one way in which the tool says no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Something that was asked for cannot be done, and nothing was changed.

    Every failure a user can meet is a subclass whose message, in the user's language, says
    what is wrong, where, and what to do. The command prints it on one line and exits with 1.
    """

    def facts(self) -> dict[str, Any]:
        """What a program is told beside the message: fields of the JSON answer."""
        return {}
