"""The monthly budget statement as figures: what a month's end looks like, and what led to it."""
