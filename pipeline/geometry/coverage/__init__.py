"""Polygons that share their edges and never overlap: partition by medial lines, slivers, spikes, snapping."""
