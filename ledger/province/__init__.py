"""Many counties: what a county hands up of its books, and what a province makes of it."""
