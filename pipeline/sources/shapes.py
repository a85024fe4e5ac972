"""Geometry as a table can use it: checked, repaired where that is sure, otherwise named with what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

#: A repair that changes the area by this share or more is not a repair but a guess.
REPAIR_LIMIT = 0.01
#: Names of shapely's type ids, which begin at -1.
KINDS = np.array(
    ["nothing", "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"]
)


@dataclass(frozen=True)
class Shapes:
    """Arrays of the same length: what came out, and where nothing did, why."""

    geometry: Any
    """Shapely geometries, two-dimensional, polygons valid and counter-clockwise; None where the reason is set or none was needed."""
    reason: Any
    """A code of docs/rejects.md, or ""."""
    detail: Any
    notes: tuple[str, ...] = ()


def clean(geometry: Any, types: tuple[str, ...], *, required: bool) -> Shapes:
    """Geometries of any kind, in any CRS, as a table with these geometry types takes them.

    Z and M are dropped, repeated points removed, polygons oriented; a polygon that crosses itself is made valid only if
    its area changes by less than REPAIR_LIMIT. Each row gets at most one reason.
    """
    given = np.asarray(geometry, dtype=object)
    reason, detail = np.full(len(given), "", dtype=object), np.full(len(given), "", dtype=object)
    notes: list[str] = []

    def refuse(mask: Any, code: str, text: Any) -> None:
        free = mask & (reason == "")
        reason[free] = code
        detail[free] = text[free] if isinstance(text, np.ndarray) else text
        out[free] = None

    absent = shapely.is_missing(given) | shapely.is_empty(given)
    out: Any = shapely.force_2d(given)
    out[absent] = None
    if required:
        refuse(absent, "null_geometry", "without geometry, or with coordinates the reader could not take")
    refuse(~np.isfinite(shapely.bounds(out)).all(axis=1) & ~absent, "bad_coordinates", "a coordinate is not a finite number")
    kinds = KINDS[shapely.get_type_id(out) + 1]
    wrong = ~np.isin(kinds, types) & ~absent
    refuse(wrong, "wrong_geometry_type", _wrong_type(out, kinds, wrong, types))
    polygon = np.isin(kinds, ["Polygon", "MultiPolygon"]) & (reason == "")
    if polygon.any():
        crossing = np.zeros(len(out), dtype=bool)
        crossing[polygon] = ~shapely.is_valid(out[polygon])
        if crossing.any():
            where = np.flatnonzero(crossing)
            repaired, share = _untangle(out[where])
            sure = share < REPAIR_LIMIT
            out[where[sure]] = repaired[sure]
            if sure.any():
                notes.append(f"{int(sure.sum())} outlines that cross themselves untangled, area changed by at most {share[sure].max():.2%}")
            flat = crossing.copy()
            flat[where] = np.nan_to_num(shapely.area(repaired)) == 0
            refuse(flat, "zero_area", "a polygon without area")
            failed, texts = crossing.copy(), np.full(len(out), "", dtype=object)
            failed[where[sure]] = False
            texts[where] = [f"{why}; {_change(by)}" for why, by in zip(shapely.is_valid_reason(out[where]), share, strict=True)]
            refuse(failed, "self_crossing", texts)
        refuse(polygon & (shapely.area(out) == 0), "zero_area", "a polygon without area")
        # Only now: GEOS can't drop repeated points from a ring that collapses without them.
        out[polygon] = shapely.orient_polygons(shapely.remove_repeated_points(out[polygon]))
    return Shapes(out, reason, detail, tuple(notes))


def _wrong_type(geometry: Any, kinds: Any, wrong: Any, types: tuple[str, ...]) -> Any:
    texts = np.full(len(geometry), "", dtype=object)
    wanted = " or ".join(types)
    for i in np.flatnonzero(wrong):
        closed = kinds[i] == "LineString" and "Polygon" in types and shapely.is_closed(geometry[i])
        hint = " (a closed line: convert it to a polygon)" if closed else ""
        texts[i] = f"a {kinds[i]} where a {wanted} belongs{hint}"
    return texts


def _untangle(geometry: Any) -> tuple[Any, Any]:
    """The polygon parts of the valid geometry, and the share by which the area changed."""
    valid = shapely.make_valid(geometry)
    parts, index = shapely.get_parts(valid, return_index=True)
    inner, inner_index = shapely.get_parts(parts, return_index=True)
    index, parts = index[inner_index], inner
    areal = shapely.get_dimensions(parts) == 2
    out = (
        shapely.multipolygons(parts[areal], indices=index[areal], out=np.full(len(geometry), None, dtype=object)) if areal.any() else valid
    )
    single = shapely.get_num_geometries(out) == 1
    out = np.where(single, shapely.get_geometry(out, 0), out)
    before, after = shapely.area(geometry), shapely.area(out)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.abs(np.nan_to_num(after) - before) / before
    return out, np.where(before > 0, share, np.inf)


def _change(share: float) -> str:
    return f"untangling would change its area by {share:.0%}" if share <= 1 else "its loops cancel each other out"
