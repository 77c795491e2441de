"""The books on the disk: loaded, rehearsed, written, recovered, checked, made."""
