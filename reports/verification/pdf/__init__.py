"""Printed pages read back: words, rows, headings, what is drawn over them."""
