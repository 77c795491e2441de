"""Every long story of the tests is told once, on one core."""

from __future__ import annotations

import re

from tests.support.checkout import CHECKOUT
from tests.support.stories import STORIES

TELLS_A_STORY = re.compile(
    r'scope="module"\)\ndef story\(|\bwhole_office: Story|\byear: ByCommands'
)


def test_every_file_that_tells_a_story_is_kept_together() -> None:
    files = (CHECKOUT / "tests").rglob("test_*.py")
    telling = {
        file.relative_to(CHECKOUT).as_posix()
        for file in files
        if TELLS_A_STORY.search(file.read_text(encoding="utf-8"))
    }
    assert telling == STORIES.keys()
