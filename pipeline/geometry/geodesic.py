"""Areas on the ellipsoid, of many polygons at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import shapely


def geodesic_area(geometry: Any, crs: Any) -> Any:
    """Area in m² of each polygon on the ellipsoid of its CRS, its corners joined by geodesics; nan for None.

    A ring is taken as a fan of triangles about its middle, with two sides and the angle between them measured on the
    ellipsoid. What the curvature adds to a triangle is left out: 1e-8 of the area of a ring 1 km across.
    """
    crs = pyproj.CRS(crs)
    polygons, row = shapely.get_parts(geometry, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    n = np.maximum(np.bincount(ring, minlength=len(rings)), 1)
    middle = np.column_stack([np.bincount(ring, values, len(rings)) / n for values in xy.T])
    to_degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform
    azimuth, _, distance = crs.get_geod().inv(*(column[ring] for column in to_degrees(*middle.T)), *to_degrees(*xy.T))
    turn = np.radians(np.diff(azimuth))
    triangle = np.where(ring[1:] == ring[:-1], distance[1:] * distance[:-1] * np.sin(turn) / 2, 0.0)
    size = np.abs(np.bincount(ring[1:], triangle, len(rings)))
    outer = np.append(True, polygon[1:] != polygon[:-1])[: len(polygon)]  # the first ring of each polygon is its outline
    area = np.bincount(row[polygon], np.where(outer, size, -size), len(geometry)).astype(float)
    area[shapely.is_missing(geometry)] = np.nan
    return area
