"""Paper: fonts, pages, tables and seals, the same look for every document."""
