"""In which polygon each thing lies."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def within(geometry: Any, polygons: gpd.GeoDataFrame, code: str) -> Any:
    """For each geometry the code of the polygon that holds its representative point, the lowest where several do; None: no polygon.

    Both in the same CRS. The answer is an object array.
    """
    points = shapely.point_on_surface(np.asarray(geometry, dtype=object))
    polygon, point = shapely.STRtree(points).query(polygons.geometry.array, predicate="intersects")  # prepares the polygons
    names, rank = np.unique(polygons[code].to_numpy(dtype=object), return_inverse=True)
    lowest = np.full(len(points), len(names))
    np.minimum.at(lowest, point, rank[polygon])
    return np.append(names, np.array([None]))[lowest]


def codes(values: pd.Series, places: pd.DataFrame, code: str) -> pd.Series:
    """Codes as given, official names replaced by their codes."""
    names = places.dropna(subset=["name"]).drop_duplicates("name").set_index("name")[code]
    return values.map(names).fillna(values).astype("str")
