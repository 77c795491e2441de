"""What comes in: rosters, bank statements, bank results."""
