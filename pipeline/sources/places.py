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
    tree = shapely.STRtree(polygons.geometry.array)
    point, polygon = tree.query(points, predicate="intersects")
    found = pd.DataFrame({"point": point, "code": polygons[code].to_numpy()[polygon]}).groupby("point")["code"].min()
    out = np.full(len(points), None, dtype=object)
    out[found.index.to_numpy()] = found.to_numpy()
    return out


def codes(values: pd.Series, places: pd.DataFrame, code: str) -> pd.Series:
    """Codes as given, official names replaced by their codes."""
    names = places.dropna(subset=["name"]).drop_duplicates("name").set_index("name")[code]
    return values.map(names).fillna(values).astype("str")
