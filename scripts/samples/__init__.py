"""What sample_data.py is made of: invented people, their posts, town layouts, planted defects."""
