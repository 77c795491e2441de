"""A province of made-up counties: their books by the real commands, and what is planted in them."""
