"""Areas on the ellipsoid, of many polygons at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyproj
import shapely

from pipeline.geometry.arrays import Floats, Geometries
from pipeline.geometry.rings import rings_of

LOCAL_M = 200.0
"""Across a polygon no larger than this the scale of a projection changes evenly: at its centroid it is that
of the whole.
"""
STEP_M = 10.0
BLOCK = 4_096
"""Polygons measured at a time: what is needed for so few fits into memory that is there already."""


def geodesic_area(geometry: Geometries, crs: pyproj.CRS | str | int) -> Floats:
    """Area of each polygon on the ellipsoid of its CRS, its corners joined by geodesics.

    Parameters
    ----------
    geometry : object array of Polygon and MultiPolygon, shape (n,)
        None where one is missing.
    crs : pyproj.CRS or what makes one
        A projected CRS in metres.

    Returns
    -------
    float array, shape (n,)
        Square metres; nan for None.

    Notes
    -----
    Polygons of up to LOCAL_M are measured in the plane and multiplied by the areal scale of the projection at
    their centroid (Snyder, *Map Projections: A Working Manual*, 1987, eq. 4-11); larger ones are summed up
    from triangles about the middle of each ring. In transverse Mercator both are within 1e-6 of the area;
    where a CRS bends geodesics more, as web Mercator does, small ones are within 1e-5.
    """
    crs, geometry = pyproj.CRS(crs), np.asarray(geometry, dtype=object)
    to_degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform
    west, south, east, north = shapely.bounds(geometry).T
    small = (east - west <= LOCAL_M) & (north - south <= LOCAL_M)
    area = np.empty(len(geometry))
    at = np.flatnonzero(small)
    for block in (at[start : start + BLOCK] for start in range(0, len(at), BLOCK)):
        area[block] = _scaled(geometry[block], to_degrees, crs.get_geod())
    area[~small] = _of_triangles(geometry[~small], to_degrees, crs.get_geod())
    return area


def _scaled(geometry: Geometries, to_degrees: Callable[..., Any], geod: pyproj.Geod) -> Floats:
    """The area in the plane of the CRS, times what a square metre of that plane is on the ellipsoid at the
    centroid.
    """
    x, y = shapely.get_coordinates(shapely.centroid(geometry)).T
    east, west = to_degrees(x + STEP_M, y), to_degrees(x - STEP_M, y)
    north, south = to_degrees(x, y + STEP_M), to_degrees(x, y - STEP_M)
    lon_by_x, lat_by_x, lon_by_y, lat_by_y = np.radians(
        [east[0] - west[0], east[1] - west[1], north[0] - south[0], north[1] - south[1]]
    )
    square_radians = np.abs(lon_by_x * lat_by_y - lat_by_x * lon_by_y) / (2 * STEP_M) ** 2
    lat = np.radians(north[1] + south[1]) / 2
    square_metres = geod.a**2 * (1 - geod.es) * np.cos(lat) / (1 - geod.es * np.sin(lat) ** 2) ** 2
    area: Floats = shapely.area(geometry) * square_radians * square_metres
    return area


def _of_triangles(geometry: Geometries, to_degrees: Callable[..., Any], geod: pyproj.Geod) -> Floats:
    """The area of each ring as a fan of triangles about its middle, two sides and the angle between them
    measured on the ellipsoid.

    What the curvature adds to a triangle is left out: 1e-8 of the area of a ring 1 km across.
    """
    polygons, row = shapely.get_parts(geometry, return_index=True)
    rings, polygon, is_shell = rings_of(polygons)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    n = np.maximum(np.bincount(ring, minlength=len(rings)), 1)
    middle = np.column_stack([np.bincount(ring, values, len(rings)) / n for values in xy.T])
    azimuth, _, distance = geod.inv(*(column[ring] for column in to_degrees(*middle.T)), *to_degrees(*xy.T))
    turn = np.radians(np.diff(azimuth))
    triangle = np.where(ring[1:] == ring[:-1], distance[1:] * distance[:-1] * np.sin(turn) / 2, 0.0)
    size = np.abs(np.bincount(ring[1:], triangle, len(rings)))
    area = np.bincount(row[polygon], np.where(is_shell, size, -size), len(geometry)).astype(float)
    area[shapely.is_missing(geometry)] = np.nan
    return area
