"""The interactive map: one HTML file that opens from disk, on a computer without a network."""

from pipeline.publish.webmap.build import build_map

__all__ = ["build_map"]
