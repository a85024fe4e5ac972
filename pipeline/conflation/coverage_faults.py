"""Whether the outlines of subdistricts or communities fit together: what they leave open between them, what
two of them cover.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from pipeline.geometry.arrays import Geometries
from pipeline.geometry.coverage import slivers
from pipeline.georeferencing import crs

#: A gap that is wider is ground of its own. Two publications of one district's outline were found to lie
#: 100 m apart (docs/coordinates.md).
SLIVER_M = 100.0


def left_open(territories: gpd.GeoDataFrame) -> str:
    """Gaps between territories: holes, and slivers narrower than SLIVER_M.

    Parameters
    ----------
    territories : GeoDataFrame
        SUBDISTRICTS or COMMUNITIES, in a projected CRS, metres.

    Returns
    -------
    str
        How many, how much ground, and where the largest is (longitude and latitude in WGS 84); "" for none.
    """
    return _described(slivers.gaps(territories.geometry.to_numpy(), SLIVER_M), None, territories.crs)


def covered_twice(territories: gpd.GeoDataFrame, code: str) -> str:
    """Overlaps of two territories.

    Parameters
    ----------
    territories : GeoDataFrame
        SUBDISTRICTS or COMMUNITIES, in a projected CRS, metres.
    code : str
        The column by which they are named.

    Returns
    -------
    str
        How many, how much ground, and where the largest is, of which two (longitude and latitude in WGS 84);
        "" for none.
    """
    shared, one, other = slivers.overlaps(territories.geometry.to_numpy())
    names = territories[code].to_numpy(dtype=object)
    return _described(
        shared, [f"{names[a]} and {names[b]}, " for a, b in zip(one, other, strict=True)], territories.crs
    )


def _described(shapes: Geometries, whose: list[str] | None, given_crs: pyproj.CRS) -> str:
    if not len(shapes):
        return ""
    size = shapely.area(shapes)
    worst = int(np.argmax(size))
    at = crs.to_wgs84(shapely.point_on_surface(shapes[worst : worst + 1]), given_crs, "wgs84")[0]
    place = f"{whose[worst] if whose else ''}longitude {at.x:.6f}, latitude {at.y:.6f}"
    largest = f"{size[worst]:,.1f} m², about {slivers.width(shapes[worst]):,.1f} m wide, at {place}"
    return f"{len(shapes)}, {size.sum():,.1f} m²; the largest {largest}"
