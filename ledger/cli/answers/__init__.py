"""What the commands answer, to programs and to people."""
