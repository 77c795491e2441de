"""One person's subsidy: who is owed, whom the money reaches, what an entry or answer changes."""
