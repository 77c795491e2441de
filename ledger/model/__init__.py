"""The vocabulary of the books: accounts, payees, rules, transitions, batches, seals."""
