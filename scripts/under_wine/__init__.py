"""The Windows edition tried under Wine: the parts of ``scripts/test_windows.py``."""
