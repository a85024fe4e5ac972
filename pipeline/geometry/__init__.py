"""Algorithms over arrays of shapes and graphs; no word of the domain in it."""
