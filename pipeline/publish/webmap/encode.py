"""Tables to compact JSON: columns of values, and geometry as rings of small whole numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

#: Coordinates are whole millionths of a degree (0.1 m): fine enough to draw, and short to write.
UNITS_PER_DEGREE = 1_000_000

SHAPES = ("point", "line", "polygon")
_POINTS = shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT
_POLYGONS = shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON

#: Characters that could end a script element or a line of JavaScript; in JSON they only occur inside strings.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def to_json(value: Any) -> str:
    """JSON that can stand inside a script element whatever its strings hold."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_UNSAFE)


def column(values: pd.Series) -> list[Any] | dict[str, Any]:
    """One column of a table: a list with null for what is missing, or, for text that repeats, an index into its values.

    Repeated text is {"of": [value, …], "at": [position or null, …]}; `of` is sorted, so rows in another order
    change nothing but their own places.
    """
    missing = values.isna().to_numpy()
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_integer_dtype(values.dtype):
        kind: Any = bool if pd.api.types.is_bool_dtype(values.dtype) else int
        return [None if gone else kind(value) for value, gone in zip(values, missing, strict=True)]
    if pd.api.types.is_float_dtype(values.dtype):
        return [None if gone or not np.isfinite(value) else _number(value) for value, gone in zip(values, missing, strict=True)]
    texts = [None if gone else str(value) for value, gone in zip(values, missing, strict=True)]
    distinct = sorted({text for text in texts if text is not None})
    if len(distinct) > len(texts) / 2:
        return texts
    place = {text: i for i, text in enumerate(distinct)}
    return {"of": distinct, "at": [None if text is None else place[text] for text in texts]}


def columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, Any]:
    """The named columns; one that holds nothing at all is left out, and reads as null."""
    return {name: column(frame[name]) for name in names if frame[name].notna().any()}


def _number(value: float) -> int | float:
    rounded = round(float(value), 3)
    return int(rounded) if rounded.is_integer() else rounded


def rings(geometry: gpd.GeoSeries) -> list[list[list[int]]]:
    """Each geometry as its rings (or lines, or points), each a flat [x, y, dx, dy, …] in millionths of a degree of WGS 84.

    Only the first point is absolute. A ring is not closed by its first point. Missing geometry is an empty list.
    Holes and parts are rings like any other: drawn with the even-odd rule they come out right.
    """
    shapes = geometry.to_crs(4326).to_numpy()
    parts, owner = shapely.get_parts(shapes, return_index=True)
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    outlines, outline_part = shapely.get_rings(parts[polygons], return_index=True)
    paths = np.concatenate([parts[~polygons], outlines])
    path_owner = np.concatenate([owner[~polygons], owner[polygons][outline_part]])
    points, point_path = shapely.get_coordinates(paths, return_index=True)
    units = np.rint(points * UNITS_PER_DEGREE).astype(np.int64)
    steps = np.diff(units, axis=0, prepend=units[:1])
    first = np.searchsorted(point_path, np.arange(len(paths)))
    steps[first] = units[first]
    last = np.searchsorted(point_path, np.arange(len(paths)), side="right")
    closed = np.isin(shapely.get_type_id(paths), [shapely.GeometryType.LINEARRING])
    drawn: list[list[list[int]]] = [[] for _ in range(len(shapes))]
    for at, start, end in zip(path_owner.tolist(), first.tolist(), (last - closed).tolist(), strict=True):
        drawn[at].append(steps[start:end].ravel().tolist())
    return drawn


def shape_kinds(geometry: gpd.GeoSeries) -> list[str | None]:
    """point, line or polygon; null where there is no geometry."""
    types = shapely.get_type_id(geometry.to_numpy())
    kinds = np.select([types < 0, np.isin(types, _POINTS), np.isin(types, _POLYGONS)], [-1, 0, 2], default=1)
    return [None if kind < 0 else SHAPES[kind] for kind in kinds.tolist()]


def label_points(geometry: gpd.GeoSeries) -> list[list[int] | None]:
    """Where to write a name: the centre of the largest circle inside, in millionths of a degree; null without geometry."""
    shapes = geometry.to_numpy()
    largest = np.array([max(shapely.get_parts(s), key=shapely.area, default=None) for s in shapes], dtype=object)
    there = ~(shapely.is_missing(largest) | shapely.is_empty(largest))
    centres = shapely.get_point(shapely.maximum_inscribed_circle(largest[there], tolerance=2.0), 0)
    placed = gpd.GeoSeries(centres, crs=geometry.crs).to_crs(4326)
    units = iter(np.rint(shapely.get_coordinates(placed.to_numpy()) * UNITS_PER_DEGREE).astype(np.int64).tolist())
    return [next(units) if has else None for has in there.tolist()]
