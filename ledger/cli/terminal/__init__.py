"""How the command speaks to a terminal or to a program, and how it ends."""
