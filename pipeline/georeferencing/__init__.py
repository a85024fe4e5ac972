"""Where coordinates lie: the CRS a file states, its datum, and whether both agree with the place."""
