"""Paying by bank: the formats of its files, who is payable by them, the batch proposed."""
