"""Whether the outlines of subdistricts or communities fit together: what they leave open between them, what
two of them cover.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from pipeline.geometry.coverage import slivers
from pipeline.georeferencing import crs

#: What is wider is ground of its own. Two publications of one district's outline were found to lie 100 m
#: apart (docs/coordinates.md).
HAIR_M = 100.0


def left_open(territories: gpd.GeoDataFrame) -> str:
    """Holes, and hairs narrower than HAIR_M: how many, how much ground, and where the largest is; "" for
    none.
    """
    return _told(slivers.gaps(territories.geometry.to_numpy(), HAIR_M), None, territories.crs)


def covered_twice(territories: gpd.GeoDataFrame, code: str) -> str:
    """Overlaps: how many, how much ground, and where the largest is, of which two; "" for none."""
    shared, one, other = slivers.overlaps(territories.geometry.to_numpy())
    names = territories[code].to_numpy(dtype=object)
    return _told(
        shared, [f"{names[a]} and {names[b]}, " for a, b in zip(one, other, strict=True)], territories.crs
    )


def _told(shapes: Any, whose: list[str] | None, given_crs: Any) -> str:
    if not len(shapes):
        return ""
    size = shapely.area(shapes)
    worst = int(np.argmax(size))
    at = crs.to_wgs84(shapely.point_on_surface(shapes[worst : worst + 1]), given_crs, "wgs84")[0]
    place = f"{whose[worst] if whose else ''}longitude {at.x:.6f}, latitude {at.y:.6f}"
    largest = f"{size[worst]:,.1f} m², about {slivers.width(shapes[worst]):,.1f} m wide, at {place}"
    return f"{len(shapes)}, {size.sum():,.1f} m²; the largest {largest}"
