"""A list of payments that were made before these books: from its cells to what can be entered."""
