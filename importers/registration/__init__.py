"""What a roster changes in the registry, and what is held or refused."""
