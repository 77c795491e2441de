"""The benchmark: what the commands cost beside a floor, and beside what an office's IT would write."""
