"""Verification: is a paper, a file or a seal what the books hold? The inverse of the writers."""
