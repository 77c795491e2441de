"""Any table that somebody sends: what its cells hold, whatever the file calls itself."""
