"""What is in a raw file before anyone has written an entry for it, and the entry it probably needs."""
