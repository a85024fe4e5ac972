"""Along a boundary: its segments, what a ray from it meets, which side it is on."""
