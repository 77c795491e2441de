"""What lies with the user and not in the books: keys, signatures, and what was seen last."""
