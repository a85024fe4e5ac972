"""Geometry as a table can use it: checked, repaired where that is sure, otherwise named with what is
wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.geometry.arrays import Floats, Geometries, Integers, Mask
from pipeline.geometry.coverage.spikes import ROUNDING, convex_turns, without_spikes
from pipeline.raw import wording

#: A repair that changes the area by this share or more is not a repair but a guess.
REPAIR_LIMIT = 0.01
#: A ring left open is closed by its missing last edge. One longer than every other edge (and 5 %) cuts a
#: corner off: points are missing.
CLOSING_EDGE_MOST = 1.05
#: Names of shapely's type ids, which begin at -1.
KINDS = np.array(
    [
        "nothing",
        "Point",
        "LineString",
        "LinearRing",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    ]
)
POLYGONAL = ("Polygon", "MultiPolygon")
LINEAR = ("LineString", "LinearRing", "MultiLineString")


@dataclass(frozen=True)
class Shapes:
    """What came out, and where nothing did, why: one value a shape in each array."""

    geometry: Any
    """Shapely geometries, shape (n,): two-dimensional, polygons valid and counter-clockwise; None where the
    reason is set or none was needed.
    """
    reason: NDArray[np.object_]
    """A code of docs/rejects.md, or "", shape (n,)."""
    detail: NDArray[np.object_]
    """The same in words, shape (n,)."""
    repairs: pd.DataFrame
    """position (in the arrays), repair (a code of docs/rejects.md), area_before and area_after (in the unit
    of the coordinates, squared; nan where the shape had none), detail: in the order in which they were
    made."""
    notes: tuple[str, ...] = ()
    """What was dropped of the shapes."""


class _Work:
    """The shapes on their way through `clean`; nothing is done to a row once it has a reason."""

    def __init__(self, geometry: Geometries) -> None:
        self.out = geometry
        self.reason = np.full(len(geometry), "", dtype=object)
        self.detail = np.full(len(geometry), "", dtype=object)
        self.repairs: list[pd.DataFrame] = []

    def refuse(self, mask: Mask, code: str, text: NDArray[np.object_] | str) -> None:
        """Give the rows of the mask that have no reason yet this one."""
        free = mask & (self.reason == "")
        self.reason[free] = code
        self.detail[free] = text[free] if isinstance(text, np.ndarray) else text
        self.out[free] = None

    def repair(
        self,
        where: Integers,
        shapes: Geometries,
        code: NDArray[np.object_] | str,
        detail: NDArray[np.object_] | str,
        *,
        had_area: bool = True,
    ) -> None:
        """Put these shapes at these positions, and record it."""
        if not len(where):
            return
        before = np.abs(shapely.area(self.out[where])) if had_area else np.full(len(where), np.nan)
        record = {
            "position": where,
            "repair": code,
            "area_before": before,
            "area_after": np.abs(shapely.area(shapes)),
            "detail": detail,
        }
        self.repairs.append(pd.DataFrame(record))
        self.out[where] = shapes


def clean(geometry: Geometries, types: tuple[str, ...], *, required: bool, spikes: bool = False) -> Shapes:
    """Geometries of any kind, in any CRS, as a table with these geometry types takes them.

    Parameters
    ----------
    geometry : object array, shape (n,)
    types : tuple of str
        Names of KINDS.
    required : bool
        Whether a missing or empty geometry is a fault (`null_geometry`).
    spikes : bool, default False
        Whether spikes are taken off outlines: less than REPAIR_LIMIT of the area.

    Returns
    -------
    Shapes

    Notes
    -----
    Each shape is judged by itself, by its own kind. Z and M are dropped, polygons oriented. Repaired, each
    with its record: repeated points; for a table of polygons closed lines; the polygons of a collection, or
    its lines in a table that has lines; for a table of points the inner point of any other shape; with
    `spikes` the spikes of an outline; a hole listed before its outline; a polygon that crosses or overlaps
    itself, unless its area would change by REPAIR_LIMIT. Each row gets at most one reason.
    """
    given = np.asarray(geometry, dtype=object)
    absent = shapely.is_missing(given) | shapely.is_empty(given)
    high = shapely.get_coordinate_dimension(given) > 2
    work = _Work(np.array(shapely.force_2d(given) if high.any() else given, dtype=object))
    work.out[absent] = None
    work.out = _without_empty_parts(work.out)
    notes = (
        (f"heights or measures of {int((high & ~absent).sum())} shapes dropped",)
        if (high & ~absent).any()
        else ()
    )
    if required:
        work.refuse(
            absent, "null_geometry", "without geometry, or with coordinates the reader could not take"
        )
    if not np.isfinite(shapely.get_coordinates(work.out)).all():
        xy, at = shapely.get_coordinates(work.out, return_index=True)
        infinite = np.zeros(len(given), dtype=bool)
        infinite[at[~np.isfinite(xy).all(axis=1)]] = True
        work.refuse(infinite, "bad_coordinates", "a coordinate is not a finite number")
    _as_kinds(work, types)
    wrong = ~_is_any(work.out, (*types, "nothing"))
    if wrong.any():
        texts = np.array([f"a {kind} where a {' or '.join(types)} belongs" for kind in KINDS], dtype=object)
        work.refuse(wrong, "wrong_geometry_type", texts[shapely.get_type_id(work.out) + 1])
    if "LineString" in types:
        point = (shapely.get_dimensions(work.out) == 1) & (shapely.length(work.out) == 0)
        work.refuse(point, "zero_area", "a line without length")
    _mend(work, np.flatnonzero(_is_any(work.out, POLYGONAL)), REPAIR_LIMIT if spikes else 0.0)
    listed = (
        pd.concat(work.repairs)
        if work.repairs
        else pd.DataFrame(columns=["position", "repair", "area_before", "area_after", "detail"])
    )
    return Shapes(
        work.out,
        work.reason,
        work.detail,
        listed[(work.reason == "")[listed["position"].to_numpy(dtype=int)]],
        notes,
    )


def closed(shape: Mapping[str, Any]) -> shapely.Geometry | None:
    """The polygon that a GeoJSON geometry with unclosed rings means.

    Parameters
    ----------
    shape : mapping
        As JSON has it.

    Returns
    -------
    Polygon, MultiPolygon or None
        None: no polygon, or a last edge longer than CLOSING_EDGE_MOST times all others, which is no likely
        wall.
    """
    if shape["type"] not in POLYGONAL:
        return None
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    for ring in (
        np.array([point[:2] for point in ring], dtype=float) for polygon in polygons for ring in polygon
    ):
        edges = np.hypot(*np.diff(ring, axis=0).T)
        # nan is no number to trust
        if len(ring) < 3 or not np.hypot(*(ring[0] - ring[-1])) <= edges.max() * CLOSING_EDGE_MOST:
            return None
    return shapely.geometry.shape(shape)


def _is_any(geometry: Geometries, kinds: tuple[str, ...]) -> Mask:
    """Which shapes are of one of these KINDS."""
    return np.asarray(np.isin(KINDS, kinds)[shapely.get_type_id(geometry) + 1])


def _as_kinds(work: _Work, types: tuple[str, ...]) -> None:
    """What a shape of another kind stands for in a table of these kinds, where that is sure."""
    if "Point" in types:
        other = np.flatnonzero(~_is_any(work.out, ("Point", "nothing")))
        inner = shapely.point_on_surface(shapely.make_valid(work.out[other]))
        work.repair(other, inner, "inner_point", "a point inside its shape")
        return
    collection = np.flatnonzero(_is_any(work.out, ("GeometryCollection",)))
    polygons, lines = (_parts_of(work.out[collection], dimension) for dimension in (2, 1))
    areal, linear = ~shapely.is_empty(polygons), shapely.is_empty(polygons) & ~shapely.is_empty(lines)
    if set(types) & set(POLYGONAL):
        work.repair(
            collection[areal],
            polygons[areal],
            "collection",
            "the polygons of a collection; its points and lines are dropped",
        )
    if "LineString" in types:
        work.repair(
            collection[linear],
            lines[linear],
            "collection",
            "the lines of a collection; its points are dropped",
            had_area=False,
        )
        return
    alone = np.flatnonzero(_is_any(work.out, LINEAR))
    line, bounded = (
        np.concatenate([alone, collection[linear]]),
        _bounded(np.concatenate([work.out[alone], lines[linear]])),
    )
    ring = ~shapely.is_missing(bounded)
    work.repair(line[ring], bounded[ring], "closed_line", "a line that ends where it begins", had_area=False)


def _bounded(lines: Geometries) -> Geometries:
    """The polygons that lines bound, None where one of their ends is loose."""
    out = np.full(len(lines), None, dtype=object)
    several = shapely.get_num_geometries(lines) > 1
    lines = np.where(several, shapely.line_merge(lines), lines)
    parts, index = shapely.get_parts(lines, return_index=True)
    loose = np.unique(index[~(shapely.is_ring(parts) & (shapely.get_num_coordinates(parts) > 3))])
    whole = ~np.isin(index, loose)
    count = np.bincount(index[whole], minlength=len(lines))
    xy, at = shapely.get_coordinates(parts[whole & (count == 1)[index]], return_index=True)
    out[count == 1] = shapely.polygons(shapely.linearrings(xy, indices=at))
    out[count > 1] = shapely.build_area(lines[count > 1])  # a ring inside a ring is a hole
    out[shapely.is_empty(out)] = None
    return out


def _mend(work: _Work, polygon: Integers, needle_limit: float) -> None:
    """Make the polygons at these positions valid and counter-clockwise, and refuse those that can't be."""
    if not len(polygon):
        return
    turns = convex_turns(work.out[polygon])
    backwards, polygon = polygon[turns < 0], polygon[turns == 0]
    work.out[backwards] = shapely.orient_polygons(work.out[backwards])
    thinned, pointed, repeated = without_spikes(work.out[polygon], needle_limit)
    work.repair(polygon[pointed], thinned[pointed], "needle", "its outline ran out and back on one line")
    work.repair(
        polygon[repeated], thinned[repeated], "repeated_points", "points that repeat the one before them"
    )
    where = polygon[~shapely.is_valid(work.out[polygon])]
    if len(where):
        crossing = work.out[where]
        why = shapely.is_valid_reason(crossing)
        valid, share = _untangle(crossing)
        sure = share < REPAIR_LIMIT
        code = np.where(
            np.char.startswith(why.astype(str), "Hole lies outside shell"), "ring_order", "untangled"
        ).astype(object)
        work.repair(where[sure], valid[sure], code[sure], why[sure])
        flat, failed = np.zeros_like(work.reason, dtype=bool), np.zeros_like(work.reason, dtype=bool)
        flat[where] = np.nan_to_num(shapely.area(valid)) == 0
        work.refuse(flat, "zero_area", "a polygon without area")
        failed[where[~sure]] = True
        texts = np.full(len(work.out), "", dtype=object)
        texts[where] = [
            f"{wording.outline(reason)}; {_change(by)}" for reason, by in zip(why, share, strict=True)
        ]
        work.refuse(failed, "self_crossing", texts)
    work.refuse(
        _is_any(work.out, POLYGONAL) & (shapely.area(work.out) == 0), "zero_area", "a polygon without area"
    )
    backwards = polygon[_may_be_clockwise(work.out[polygon])]
    work.out[backwards] = shapely.orient_polygons(work.out[backwards])


def _may_be_clockwise(polygons: Geometries) -> Mask:
    """A mask of polygons that may have to be oriented: all but those of one ring that is surely
    counter-clockwise; None is none.
    """
    mask: Mask = ~shapely.is_missing(polygons)
    plain = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    alone = np.flatnonzero(plain & (shapely.get_num_interior_rings(polygons) == 0))
    xy, at = shapely.get_coordinates(polygons[alone], return_index=True)
    first = np.searchsorted(at, np.arange(len(alone)))
    # far from the origin the products would drown the area
    x, y = (values - values[first][at] for values in xy.T)
    cross = np.where(at[1:] == at[:-1], x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
    area, most = (np.bincount(at[1:], values, len(alone)) for values in (cross, np.abs(cross)))
    mask[alone] = area <= ROUNDING * most
    return mask


def _untangle(geometry: Geometries) -> tuple[Geometries, Floats]:
    """The polygon parts of the valid geometry, and the share by which the area changed."""
    out = _parts_of(shapely.make_valid(geometry), 2)
    # A hole that is larger than its outline makes the area negative.
    before, after = np.abs(shapely.area(geometry)), shapely.area(out)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.abs(after - before) / before
    return out, np.where(before > 0, share, np.inf)


def _parts_of(geometry: Geometries, dimension: int) -> Geometries:
    """The lines (dimension 1) or polygons (2) in each geometry, as one shape of one or several parts, empty
    where there are none.
    """
    parts, index = shapely.get_parts(geometry, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():  # collections in collections
        parts, inner = shapely.get_parts(parts, return_index=True)
        index = index[inner]
    wanted = (shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)
    nothing, collect = {
        1: (shapely.MultiLineString(), shapely.multilinestrings),
        2: (shapely.MultiPolygon(), shapely.multipolygons),
    }[dimension]
    out = np.full(len(geometry), nothing, dtype=object)
    if wanted.any():
        collect(parts[wanted], indices=index[wanted], out=out)
    single = shapely.get_num_geometries(out) == 1
    return np.where(single, shapely.get_geometry(out, 0), out)


def _without_empty_parts(geometry: Geometries) -> Geometries:
    """The shapes without parts and holes that have no points; a collection is left to whoever takes it to
    pieces.
    """
    several = np.flatnonzero(
        (shapely.get_num_geometries(geometry) > 1)
        | (shapely.get_num_interior_rings(shapely.get_geometry(geometry, 0)) > 0)
    )
    parts, at = shapely.get_parts(geometry[several], return_index=True)
    at = several[at]
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    some = np.unique(np.concatenate([at[shapely.is_empty(parts)], at[ring_part[shapely.is_empty(rings)]]]))
    some = some[_is_any(geometry[some], (*POLYGONAL, "MultiPoint", "MultiLineString"))]
    for i in some:
        filled = [_without_empty_holes(part) for part in shapely.get_parts(geometry[i]) if not part.is_empty]
        geometry[i] = filled[0] if geometry[i].geom_type == "Polygon" else type(geometry[i])(filled)
    return geometry


def _without_empty_holes(part: shapely.Geometry) -> shapely.Geometry:
    if part.geom_type != "Polygon":
        return part
    return shapely.Polygon(part.exterior, [hole for hole in part.interiors if not hole.is_empty])


def _change(share: float) -> str:
    return (
        f"untangling would change its area by {share:.0%}"
        if share <= 1
        else "its loops cancel each other out"
    )
