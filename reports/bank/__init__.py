"""Files for the bank, by profile: written, and read back by another path."""
