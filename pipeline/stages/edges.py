"""Edges: the boundary of every area, piece by piece: what each piece follows, and what lies beyond it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.config import DelineateRules
from pipeline.domain.barriers import at_grade
from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers, Mask
from pipeline.geometry.boundary.four_sides import SIDES, assign_sides
from pipeline.geometry.boundary.ray_casting import Outlines, containing_polygons
from pipeline.geometry.boundary.segments import BoundarySegments, boundary_segments
from pipeline.geometry.grouped import best_rows
from pipeline.tables import EDGES, conform

SEGMENT_MAX_M = 3.0
"""Boundaries are examined in segments no longer than this."""
SMOOTHING_M = 15.0
"""Outward normals are those of the boundary smoothed over this to both sides: about the depth of a building,
the size of the notches in a boundary.
"""
RAY_M = 30.0
"""A piece faces what lies within this of it."""
SHARED_M = 0.5
"""Areas nearer than this touch: beside two hand-drawn boundaries that overlap others keep 0.15 m clear."""
ON_M = 1.0
"""A boundary this near a line that runs its way follows it."""
VERGE_M = 3.0
"""A boundary follows public ground this near: narrower strips are left out of the blocks; metres."""
SCREEN_DEPTH_M = 10.0
"""A nameless lane or strip of public land is named by what lies up to this far behind it."""
RUN_MIN_M = 8.0
"""Shorter pieces between two longer ones of the same kind belong to them."""

KINDS = {
    **dict.fromkeys(("arterial", "collector", "local"), "road"),
    **dict.fromkeys(("lane", "path"), "lane"),
    **{kind: kind for kind in ("railway", "water", "wall")},
}
LINES = ("wall", "railway", "water", "road", "lane", "subdistrict_line", "parcel")
"""What a boundary may lie on, by priority."""
SCREENS = ("lane", "green", "public", "other")
"""What a ray passes through if it has no name, for SCREEN_DEPTH_M."""


def trace_edges(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
    *,
    rules: DelineateRules,
) -> gpd.GeoDataFrame:
    """Cut the boundary of each area into pieces: what each follows, and what lies beyond it.

    The pieces of an area are its boundary, outer rings and holes, and their lengths add up to its perimeter.
    It is cut where what it follows, what it faces or the side changes. Along another area a piece follows the
    wall, road, lane, subdistrict line or parcel (of residential LAND) that it lies on, and else is a midline;
    elsewhere it follows the road reserve, railway, water, public land or compound beside it, and else ends in
    open ground. All of a hand-drawn boundary is `drawn`, or `parcel` where it is a red line or a parcel; so
    is what would be a midline on its other side. Reserves are as wide as in the blocks (width_m, else
    `rules.road_half_width_m` to each side).

    Parameters
    ----------
    areas, barriers, land, boundaries, compounds, subdistricts : GeoDataFrame
        Tables of those schemas, in one projected CRS, metres.
    rules : DelineateRules
        road_half_width_m: by class of barrier.

    Returns
    -------
    GeoDataFrame
        EDGES: the rings of every area with ground in pieces, numbered by area, in the CRS of the areas.
    """
    areas, barriers, land, compounds, subdistricts = (
        frame.sort_values(key, ignore_index=True)
        for frame, key in (
            (areas[areas.geometry.notna()], "area_id"),
            (barriers[at_grade(barriers)], "barrier_id"),
            (land, "land_id"),
            (compounds, "compound_id"),
            (subdistricts, "subdistrict_code"),
        )
    )
    things = _candidates(areas, barriers, land, compounds, rules)
    shapes = np.asarray(areas.geometry.array, dtype=object)
    segments = boundary_segments(shapes, SEGMENT_MAX_M)
    outward = segments.outward_normals(SMOOTHING_M)
    neighbour = _touching_area(segments, shapes)
    line, lane = _lies_on(segments, things, land, subdistricts)
    touched, ahead = _cast_rays(segments, outward, things)
    named = _take(things["name"].notna(), lane, False).astype(bool)
    # A named lane comes before the neighbour beyond it, a nameless one after everything else.
    faced = np.select([named, neighbour >= 0, ahead >= 0], [lane, neighbour, ahead], lane)
    facts = pd.DataFrame(
        {
            "follows": _follows(things, neighbour, touched, line),
            "faces": np.where(
                (faced == neighbour) & (faced >= 0), "area", _take(things["faces"], faced, "open_ground")
            ),
            "name": _take(things["name"], faced, None),
            "area": np.where(neighbour >= 0, neighbour, np.where(faced < len(areas), faced, -1)),
        }
    )
    _face_subdistricts(facts, segments, outward, subdistricts)
    _follow_drawn_lines(facts, segments, areas, boundaries)

    codes = np.column_stack([pd.factorize(facts[column])[0] for column in facts])
    _, example, combination = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    kind = segments.without_short_runs(combination.reshape(-1), RUN_MIN_M)
    side = segments.snap_changes(
        segments.without_short_runs(assign_sides(segments, outward, shapes), RUN_MIN_M), kind, SMOOTHING_M
    )
    lines, first = segments.lines(kind * (len(SIDES) + 1) + side)
    told = facts.iloc[example[kind[first]]].reset_index(drop=True)
    area = segments.shape[first]
    out = {
        "area_id": _take(areas["area_id"], area, None),
        "edge": pd.Series(area).groupby(area).cumcount() + 1,
        "side": _take(pd.Series(SIDES), side[first], None),
        **{column: told[column] for column in ("follows", "faces", "name")},
        "neighbour_area_id": _take(areas["area_id"], told["area"].to_numpy(), None),
        "length_m": shapely.length(lines),
        "geometry": lines,
    }
    return conform(pd.DataFrame(out), EDGES, areas.crs)


def _candidates(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    rules: DelineateRules,
) -> pd.DataFrame:
    """What areas may face, the areas themselves first: shape, name, and `faces`, its kind if it lies beyond.

    half_width_m: how far a line reaches to both sides; follows: what a boundary beside it follows, null where
    it has no ground of its own; lies_on: what a boundary that lies on it follows.
    """
    kind = barriers["class"].map(KINDS)
    is_line = shapely.get_dimensions(barriers.geometry.to_numpy()) == 1
    reserve = (
        barriers["width_m"].div(2).fillna(barriers["class"].map(rules.road_half_width_m)).where(is_line, 0.0)
    )
    bare = is_line & reserve.eq(0)
    public = land[land["kind"].ne("residential") & ~_owned(land, areas)]
    frames = [
        pd.DataFrame({"shape": areas.geometry.to_numpy(), "faces": "area_beyond"}),
        pd.DataFrame(
            {
                "shape": barriers.geometry.to_numpy(),
                "faces": kind,
                "name": barriers["name"],
                "half_width_m": reserve,
                "follows": kind.where(~bare),
                "lies_on": kind.where(bare),
            }
        ),
        pd.DataFrame(
            {
                "shape": public.geometry.to_numpy(),
                "faces": public["kind"],
                "name": public["name"],
                "follows": public["kind"].where(public["kind"].isin(["road", "water"]), "public_land"),
            }
        ),
        pd.DataFrame(
            {
                "shape": compounds.geometry.to_numpy(),
                "faces": "compound",
                "name": compounds["name"],
                "follows": "compound",
            }
        ),
    ]
    things = pd.concat([f.astype(object) for f in frames], ignore_index=True)
    return things.assign(half_width_m=things["half_width_m"].fillna(0.0).astype(float))


def _owned(land: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> Mask:
    """Whether most of a piece of land lies in areas: it is not public, like a courtyard's green."""
    shapes, ground = (np.asarray(frame.geometry.array, dtype=object) for frame in (land, areas))
    piece, area = shapely.STRtree(ground).query(shapes, predicate="intersects")
    within = shapely.area(shapely.intersection(shapes[piece], ground[area]))
    return np.asarray(np.bincount(piece, weights=within, minlength=len(land)) > shapely.area(shapes) / 2)


def _touching_area(segments: BoundarySegments, shapes: Geometries) -> Integers:
    """The area that touches each segment from outside; −1: none."""
    segment, area = containing_polygons(segments.middle + SHARED_M * segments.outward_normals(0.0), shapes)
    other = area != segments.shape[segment]
    segment, area = segment[other], area[other]
    return np.asarray(_take(area, best_rows(segment, len(segments.shape), area), -1))


def _lies_on(
    segments: BoundarySegments, things: pd.DataFrame, land: gpd.GeoDataFrame, subdistricts: gpd.GeoDataFrame
) -> tuple[NDArray[np.object_], Integers]:
    """The line that each segment lies on.

    The kind of line, one of LINES or None, and the position in `things` of the way that it is (−1: none).
    """
    bare = np.flatnonzero(things["lies_on"].notna())
    parcels = land[land["kind"] == "residential"]
    shapes = np.concatenate(
        [things["shape"].to_numpy()[bare], subdistricts.geometry.to_numpy(), parcels.geometry.to_numpy()]
    )
    kinds = [
        *things["lies_on"].iloc[bare],
        *["subdistrict_line"] * len(subdistricts),
        *["parcel"] * len(parcels),
    ]
    rank = np.array([LINES.index(kind) for kind in kinds], dtype=np.int64)
    segment, shape, distance = Outlines(shapes).near(segments.middle, ON_M, segments.direction)
    lain_on = _take(shape, best_rows(segment, len(segments.shape), rank[shape], distance, shape), -1)
    line = _take(pd.Series(kinds, dtype=object), lain_on, None)
    way = np.isin(line, LINES[1:5])
    return line, np.where(way, _take(bare, np.where(way, lain_on, -1), -1), -1)


def _cast_rays(
    segments: BoundarySegments, outward: Coordinates, things: pd.DataFrame
) -> tuple[Integers, Integers]:
    """The public ground or compound beside each segment, and what is beside it or ahead of it.

    Both as positions in `things` (−1: none).
    """
    shapes = things["shape"].to_numpy()
    outlines = Outlines(shapes, things["half_width_m"].to_numpy())
    ground = things["follows"].notna().to_numpy()
    segment, thing, distance = outlines.near(segments.middle, VERGE_M)
    within, ground_within = containing_polygons(
        segments.middle, np.asarray(np.where(ground, shapes, None), dtype=object)
    )
    segment, thing = np.append(segment, within), np.append(thing, ground_within)
    distance = np.append(distance, np.zeros(len(within)))
    segment, thing, distance = (values[ground[thing]] for values in (segment, thing, distance))
    touched = _take(thing, best_rows(segment, len(outward), distance, thing), -1)

    everywhere = np.arange(len(outward))
    *straight, blocked = _visible(segments, everywhere, segments.outward_normals(0.0), outlines)
    # From a segment whose own normal meets the area itself the smoothed normal is cast.
    notched = np.setdiff1d(np.flatnonzero(blocked), straight[0])
    *round_, _ = _visible(segments, notched, outward, outlines)
    segment, thing, distance = (
        np.concatenate(values) for values in zip((segment, thing, distance), straight, round_, strict=True)
    )
    screen = (things["faces"].isin(SCREENS) & things["name"].isna()).to_numpy()
    beyond = things["faces"].ne("wall").to_numpy()[thing]
    segment, thing, distance = (values[beyond] for values in (segment, thing, distance))
    return touched, _take(
        thing, best_rows(segment, len(outward), distance + SCREEN_DEPTH_M * screen[thing], thing), -1
    )


def _visible(
    segments: BoundarySegments, looking: Integers, direction: Coordinates, outlines: Outlines
) -> tuple[Integers, Integers, Floats, Mask]:
    """What rays from these segments meet before the area itself.

    Segment, thing and distance of each meeting; and a mask of the segments whose ray meets the area itself.
    """
    view, thing, far = outlines.cast_rays(segments.middle[looking], direction[looking], RAY_M)
    segment = looking[view]
    own = thing == segments.shape[segment]
    end = np.full(len(direction), np.inf)
    returns = own & (far > 0.02)  # the segment itself is at 0
    np.minimum.at(end, segment[returns], far[returns])
    visible = ~own & (far <= end[segment])
    return segment[visible], thing[visible], far[visible], np.isfinite(end)


def _follows(
    things: pd.DataFrame, neighbour: Integers, touched: Integers, line: NDArray[np.object_]
) -> NDArray[np.object_]:
    """What each segment follows, one of FOLLOWS."""
    shared, on, beside = neighbour >= 0, pd.notna(line), touched >= 0
    return np.select(
        [shared & on, shared, beside, on],
        [line, np.full(len(line), "midline", dtype=object), _take(things["follows"], touched, None), line],
        "open_ground",
    )


def _face_subdistricts(
    facts: pd.DataFrame, segments: BoundarySegments, outward: Coordinates, subdistricts: gpd.GeoDataFrame
) -> None:
    """Let segments on a subdistrict line that face open ground face the subdistrict beyond, in place."""
    at = np.flatnonzero(facts["follows"].eq("subdistrict_line") & facts["faces"].eq("open_ground"))
    segment, beyond = containing_polygons(
        segments.middle[at] + 2 * ON_M * outward[at], subdistricts.geometry.to_numpy()
    )
    facts.loc[at, "faces"] = "subdistrict"
    facts.loc[at[segment], "name"] = subdistricts["name"].to_numpy(dtype=object)[beyond]


def _follow_drawn_lines(
    facts: pd.DataFrame, segments: BoundarySegments, areas: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame
) -> None:
    """Let hand-drawn boundaries follow what was drawn, and midlines on their other side too, in place."""
    drawn = (
        boundaries.set_index("area_id")["kind"]
        .isin(["red_line", "parcel"])
        .map({True: "parcel", False: "drawn"})
    )
    of_area = areas["area_id"].map(drawn)
    own, other = _take(of_area, segments.shape, None), _take(of_area, facts["area"].to_numpy(), None)
    facts["follows"] = facts["follows"].mask(
        facts["follows"].eq("midline") & pd.notna(other), pd.Series(other)
    )
    facts["follows"] = facts["follows"].mask(pd.notna(own), pd.Series(own))


def _take(values: pd.Series | NDArray[Any], at: pd.Series | Integers, default: object) -> Any:
    """The values at these positions; the default where the position is −1."""
    values = np.asarray(values, dtype=object) if isinstance(values, pd.Series) else np.asarray(values)
    return np.append(values, [default])[at]


def summary(edges: pd.DataFrame) -> str:
    """The table in a line."""
    length = edges.groupby("follows")["length_m"].sum().sort_values(ascending=False)
    shares = [
        f"{follows} {share:.0%}" for follows, share in (length / length.sum()).items() if share >= 0.005
    ]
    return f"{len(edges):,} pieces: " + ", ".join(shares)
