"""The money rules as the books state them, and what is available by them."""
