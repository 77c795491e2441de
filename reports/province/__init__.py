"""The province's monthly report and workbook: what many counties' books add up to."""
