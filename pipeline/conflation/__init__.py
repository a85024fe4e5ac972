"""Rows to things: what is there twice or in pieces, what its id is, in which polygon it lies."""
