"""What goes back to a town to be corrected: its rows, its returned people, changes to confirm."""
