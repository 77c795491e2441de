"""What goes out: payout sheets, bank files, statements, the Fava pages."""
