"""The encrypted registry of people, its log of changes, its key and the rows of batches."""
