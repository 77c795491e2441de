"""Rosters: from the cells of a table to people who can be registered and rows to correct."""
