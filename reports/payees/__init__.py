"""The list of people as a workbook outside the books."""
