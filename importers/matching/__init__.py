"""What each line of a statement is: whether it is new, and which of our payments it is."""
