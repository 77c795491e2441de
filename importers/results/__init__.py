"""A bank's result file (回盘): from its cells to an answer for each person of a batch."""
