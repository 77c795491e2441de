"""The benchmark: commands beside a floor, and beside what an office's IT would write."""
