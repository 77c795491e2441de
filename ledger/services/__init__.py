"""What people do to the books, a module for each."""
