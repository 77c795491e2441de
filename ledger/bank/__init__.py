"""The bank account as the books have it, and its reconciliation with the bank."""
