"""The books: what money is where, and what may happen to it."""
