"""Lists of work done (工作量表): from their cells to what each person has done."""
