"""Answers read from the books: status, execution, the month, who waits, what has happened."""
