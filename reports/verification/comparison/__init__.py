"""Rows on paper held against the rows of the books, and the verdict."""
