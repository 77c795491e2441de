"""The bank reconciliation as it is printed and signed."""
