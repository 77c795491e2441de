"""A bank statement: from its cells to lines that add up, and what each of them is."""
