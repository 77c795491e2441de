"""The declaration of income tax: workbooks for the tax office, a summary, slips of each town."""
