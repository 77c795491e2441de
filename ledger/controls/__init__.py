"""What has to hold in the books as a whole: invariants, balances, what was entered and sent."""
