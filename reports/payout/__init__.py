"""What is printed of a batch: payout sheets, the summary, the workbook."""
