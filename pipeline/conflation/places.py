"""In which polygon each thing lies."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def within(geometry: Any, polygons: gpd.GeoDataFrame, code: str) -> Any:
    """For each geometry the code of the polygon that holds its representative point, the lowest where several
    do; None: no polygon.

    Both in the same CRS. The answer is an object array.
    """
    geometry, shapes = np.asarray(geometry, dtype=object), np.array(polygons.geometry.array, dtype=object)
    x, y = _representatives(geometry, shapes)
    thing, polygon = shapely.STRtree(shapes).query(geometry)
    shapely.prepare(shapes)
    holds = shapely.intersects_xy(shapes[polygon], x[thing], y[thing])
    names, rank = np.unique(polygons[code].to_numpy(dtype=object), return_inverse=True)
    lowest = np.full(len(geometry), len(names))
    np.minimum.at(lowest, thing[holds], rank[polygon[holds]])
    return np.append(names, np.array([None]))[lowest]


def beside(geometry: Any, polygons: gpd.GeoDataFrame, code: str, *, reach_m: float) -> tuple[Any, Any]:
    """For each geometry that no polygon holds (`within`) the code of the one that has the largest share of
    it, else of the nearest one, and how far off that is (0: they overlap); None and nan where none is as near
    as reach_m.
    """
    geometry, shapes = np.asarray(geometry, dtype=object), polygons.geometry.to_numpy()
    polygon, thing = shapely.STRtree(geometry).query(shapes, predicate="dwithin", distance=reach_m)
    shared = shapely.area(shapely.intersection(geometry[thing], shapes[polygon]))
    away = shapely.distance(geometry[thing], shapes[polygon])
    names = polygons[code].to_numpy(dtype=object)[polygon]
    ranked = pd.DataFrame(
        {
            "thing": thing,
            "shared": -np.round(shared, 3),
            "rank": np.round(away, 3),
            "name": names,
            "away": away,
        }
    )
    best = ranked.sort_values(["thing", "shared", "rank", "name"]).drop_duplicates("thing").set_index("thing")
    found = best.reindex(range(len(geometry)))
    return found["name"].astype(object).where(found["name"].notna(), None).to_numpy(), found[
        "away"
    ].to_numpy()


def codes(values: pd.Series, places: pd.DataFrame, code: str) -> pd.Series:
    """Codes as given, official names replaced by their codes."""
    names = places.dropna(subset=["name"]).drop_duplicates("name").set_index("name")[code]
    return values.map(names).fillna(values).astype("str")


def _representatives(geometry: Any, shapes: Any) -> Any:
    """Where to ask for each geometry: in the middle of its box, if no outline of the shapes comes near that;
    else a point on it.
    """
    west, south, east, north = shapely.bounds(geometry).T
    x, y = (west + east) / 2, (south + north) / 2
    ends, line = shapely.get_coordinates(shapely.get_parts(shapely.boundary(shapes)), return_index=True)
    edges = shapely.linestrings(np.stack([ends[:-1], ends[1:]], axis=1)[line[:-1] == line[1:]])
    near = np.unique(shapely.STRtree(edges).query(geometry)[0])
    x[near], y[near] = shapely.get_coordinates(shapely.point_on_surface(geometry[near])).T
    return x, y
