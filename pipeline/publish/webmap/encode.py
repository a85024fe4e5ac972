"""JSON that can stand in a page; the kind of a shape, and where its name is written."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import shapely

SHAPES = ("point", "line", "polygon")
_POINTS = shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT
_POLYGONS = shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON

#: Characters that could end a script element or a line of JavaScript; in JSON they only occur inside strings.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def to_json(value: object) -> str:
    """JSON that can stand inside a script element whatever its strings hold.

    Parameters
    ----------
    value : object
        Anything JSON can hold; ValueError is raised for nan and infinity.

    Returns
    -------
    str
        On one line, without blanks.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_UNSAFE)


def shape_kinds(geometry: gpd.GeoSeries) -> list[str | None]:
    """The kind of each shape: point, line or polygon.

    Parameters
    ----------
    geometry : GeoSeries, shape (n,)

    Returns
    -------
    list of str or None, length n
        None where there is no geometry.
    """
    types = shapely.get_type_id(geometry.to_numpy())
    kinds = np.select([types < 0, np.isin(types, _POINTS), np.isin(types, _POLYGONS)], [-1, 0, 2], default=1)
    return [None if kind < 0 else SHAPES[kind] for kind in kinds.tolist()]


def label_points(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Where to write a name: the centre of the largest circle inside the largest part.

    Parameters
    ----------
    geometry : GeoSeries, shape (n,)
        In a projected CRS, metres.

    Returns
    -------
    GeoSeries, shape (n,)
        Points in the same CRS, found to within 2 m; none without geometry.
    """
    shapes = geometry.to_numpy()
    parts, owner = shapely.get_parts(shapes, return_index=True)
    largest = np.full(len(shapes), None, dtype=object)
    order = np.argsort(shapely.area(parts), kind="stable")
    largest[owner[order]] = parts[order]  # the last one given is the one that stays
    there = ~(shapely.is_missing(largest) | shapely.is_empty(largest))
    largest[there] = shapely.get_point(shapely.maximum_inscribed_circle(largest[there], tolerance=2.0), 0)
    return gpd.GeoSeries(largest, crs=geometry.crs)
