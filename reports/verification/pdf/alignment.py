"""Words on paper brought back into cells: which words are which cell, when some are changed.

A cell may be set on several lines, so it can be several words. When every cell is as expected the
words are taken one after the other; only what is left between is weighed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.records import Record

# A cell of more words than this is taken as several.
MOST_WORDS = 12
MISSING_COST = 0.9
EXTRA_COST = 0.9


class Alignment(Record):
    """``cells`` are the words found for each expected cell, as (from, to), or None where nothing
    was; ``extra`` are the places of words that belong to no cell.
    """

    cells: tuple[tuple[int, int] | None, ...]
    extra: tuple[int, ...]

    def is_whole(self, words: Sequence[str], expected: Sequence[str]) -> bool:
        """Whether every word stands for exactly what was expected."""
        return not self.extra and all(
            span is not None and "".join(words[span[0] : span[1]]) == cell
            for span, cell in zip(self.cells, expected, strict=True)
        )


def align(words: Sequence[str], expected: Sequence[str]) -> Alignment:
    """The words as cells. ``expected`` has no blanks and no empty cells."""
    front = _spans_forward(words, expected)
    if len(front) == len(expected) and (front[-1][1] if front else 0) == len(words):
        return Alignment(tuple(front), ())
    # Cells that may have taken a piece of what follows are weighed again.
    front = front[:-1]
    reversed_words = [word[::-1] for word in reversed(words)]
    reversed_cells = [cell[::-1] for cell in reversed(expected[len(front) :])]
    start = front[-1][1] if front else 0
    back = _spans_forward(reversed_words[: len(words) - start], reversed_cells)[:-1]
    stop = len(words) - (back[-1][1] if back else 0)
    middle = expected[len(front) : len(expected) - len(back)]
    spans, extra = _weigh(words[start:stop], middle)
    return Alignment(
        (
            *front,
            *((span[0] + start, span[1] + start) if span else None for span in spans),
            *((len(words) - end, len(words) - begin) for begin, end in reversed(back)),
        ),
        tuple(place + start for place in extra),
    )


def _spans_forward(words: Sequence[str], expected: Sequence[str]) -> list[tuple[int, int]]:
    """The words of each cell from the front, as long as they are exactly the cells."""
    spans = []
    place = 0
    for cell in expected:
        end = _end_of(words, place, cell)
        if end is None:
            break
        spans.append((place, end))
        place = end
    return spans


def _end_of(words: Sequence[str], start: int, cell: str) -> int | None:
    read = 0
    for place in range(start, len(words)):
        if not cell.startswith(words[place], read):
            return None
        read += len(words[place])
        if read == len(cell):
            return place + 1
    return None


def _weigh(
    words: Sequence[str], expected: Sequence[str]
) -> tuple[list[tuple[int, int] | None], list[int]]:
    """The cheapest way to make cells of words (dynamic programming over both lists)."""
    rows, columns = len(expected) + 1, len(words) + 1
    cost = [[0.0] * columns for _row in range(rows)]
    step: list[list[tuple[int, int]]] = [[(0, 0)] * columns for _row in range(rows)]
    for cell in range(rows):
        for word in range(columns):
            if cell == word == 0:
                continue
            best, taken = float("inf"), (0, 0)
            if word:
                best, taken = cost[cell][word - 1] + EXTRA_COST, (0, 1)
            if cell:
                missing = cost[cell - 1][word] + MISSING_COST
                if missing < best:
                    best, taken = missing, (1, 0)
                read = ""
                for count in range(1, min(word, MOST_WORDS) + 1):
                    read = words[word - count] + read
                    if count > 1 and len(read) > 2 * len(expected[cell - 1]) + 4:
                        break
                    price = cost[cell - 1][word - count] + _unlikeness(read, expected[cell - 1])
                    if price < best:
                        best, taken = price, (1, count)
            cost[cell][word], step[cell][word] = best, taken
    return _walk_back(step, len(expected), len(words))


def _walk_back(
    step: list[list[tuple[int, int]]], cell: int, word: int
) -> tuple[list[tuple[int, int] | None], list[int]]:
    spans: list[tuple[int, int] | None] = [None] * cell
    extra = []
    while cell or word:
        cells, words = step[cell][word]
        if cells and words:
            spans[cell - 1] = (word - words, word)
        elif words:
            extra.append(word - 1)
        cell, word = cell - cells, word - words
    return spans, extra[::-1]


def _unlikeness(read: str, expected: str) -> float:
    """0 for the same text, up to 1.6 for one that shares neither its beginning nor its end."""
    if read == expected:
        return 0.0
    shorter = min(len(read), len(expected))
    front = 0
    while front < shorter and read[front] == expected[front]:
        front += 1
    back = 0
    while back < shorter - front and read[-1 - back] == expected[-1 - back]:
        back += 1
    share = (front + back) / max(len(read), len(expected))
    same_form = _form(read) == _form(expected)
    return (1.0 if same_form else 1.6) - 0.8 * share


def _form(text: str) -> str:
    """Whether it is an amount, a number, or words."""
    if text.replace(",", "").replace(".", "").isdigit():
        return "amount" if "." in text else "number"
    return "words"
