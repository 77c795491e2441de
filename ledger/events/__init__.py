"""Event files: how they are written and read, and the history that they add up to."""
