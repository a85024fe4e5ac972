"""In which polygon each thing lies."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.geometry.arrays import Floats, Geometries


def within(geometry: Geometries, polygons: gpd.GeoDataFrame, code: str) -> NDArray[np.object_]:
    """For each geometry the code of the polygon that holds its representative point.

    Parameters
    ----------
    geometry : object array, shape (n,)
    polygons : GeoDataFrame
        In the same CRS.
    code : str
        The column of polygons that has their codes.

    Returns
    -------
    object array of str, shape (n,)
        The lowest code where several polygons hold it; None: no polygon does.
    """
    geometry, shapes = np.asarray(geometry, dtype=object), np.array(polygons.geometry.array, dtype=object)
    x, y = _representatives(geometry, shapes)
    thing, polygon = shapely.STRtree(shapes).query(geometry)
    shapely.prepare(shapes)
    holds = shapely.intersects_xy(shapes[polygon], x[thing], y[thing])
    names, rank = np.unique(polygons[code].to_numpy(dtype=object), return_inverse=True)
    lowest = np.full(len(geometry), len(names))
    np.minimum.at(lowest, thing[holds], rank[polygon[holds]])
    return np.asarray(np.append(names, np.array([None]))[lowest])


def beside(
    geometry: Geometries, polygons: gpd.GeoDataFrame, code: str, *, reach_m: float
) -> tuple[NDArray[np.object_], Floats]:
    """For each geometry that no polygon holds (`within`) the code of the nearest one.

    Parameters
    ----------
    geometry : object array, shape (n,)
        In a projected CRS, metres.
    polygons : GeoDataFrame
        In the same CRS.
    code : str
        The column of polygons that has their codes.
    reach_m : float
        The farthest that a polygon may be off, metres.

    Returns
    -------
    codes : object array of str, shape (n,)
        Of the polygon that has the largest share of the geometry, else of the nearest one; None where none is
        as near as reach_m.
    away : float array, shape (n,)
        How far off it is, metres; 0: they overlap; nan: none.
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
    """Codes as given, official names replaced by their codes.

    Parameters
    ----------
    values : Series
        Codes or names.
    places : DataFrame
        With name and `code`.
    code : str
        The column of places that has their codes.

    Returns
    -------
    Series of str, index of values
    """
    names = places.dropna(subset=["name"]).drop_duplicates("name").set_index("name")[code]
    return values.map(names).fillna(values).astype("str")


def _representatives(geometry: Geometries, shapes: Geometries) -> tuple[Floats, Floats]:
    """x and y of the representative point of each geometry: the middle of its box, or a point on it where an
    outline of the shapes meets that box.
    """
    west, south, east, north = shapely.bounds(geometry).T
    x, y = (west + east) / 2, (south + north) / 2
    ends, line = shapely.get_coordinates(shapely.get_parts(shapely.boundary(shapes)), return_index=True)
    edges = shapely.linestrings(np.stack([ends[:-1], ends[1:]], axis=1)[line[:-1] == line[1:]])
    near = np.unique(shapely.STRtree(edges).query(geometry)[0])
    x[near], y[near] = shapely.get_coordinates(shapely.point_on_surface(geometry[near])).T
    return x, y
