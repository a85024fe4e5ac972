"""Graphs over shapes: who is adjacent to whom, average linkage, constrained region growing."""
