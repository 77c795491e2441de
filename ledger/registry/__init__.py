"""The encrypted registry of people, its log of changes and the rows of batches."""
