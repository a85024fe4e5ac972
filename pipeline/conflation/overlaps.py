"""One building drawn more than once: in pieces, twice, or with its parts inside its outline.

Frames have a geometry in metres, use, given_id and whatever columns of the buildings table are known; their
index labels name the rows. What comes out does not depend on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from pipeline.conflation.duplicates import best_first
from pipeline.geometry.arrays import Floats, Geometries, Integers, Mask
from pipeline.geometry.overlay import union_by
from pipeline.tables.schema import rises

#: Pieces of a building that a tile seam cut lie no farther apart than this: tiles are cut and rounded to
#: centimetres.
SEAM_M = 0.10
#: Pieces overlap by the margin of their tiles; versions of one building overlap by more than this share of
#: the smaller one.
PIECE_OVERLAP_MOST = 0.5
#: A file of at least this many rows that all have one id has no ids.
CONSTANT_ROWS = 3
#: Two footprints are one building from this intersection over union on: at 20 m by 12 m that is a shift of 80
#: cm, which two surveys differ by, and no two buildings can stand so.
SAME_BUILDING = 0.9
#: A footprint is a part of a larger one if at least this share of it lies inside; the rest is inaccuracy of
#: drawing.
PART_INSIDE = 0.95
#: This many footprints inside a larger one that cover less than ESTATE_COVER of it are buildings, and the
#: larger one an estate.
ESTATE_PARTS = 3
ESTATE_COVER = 0.5
#: Footprints that share less than this of the smaller one overlap only by inaccuracy of drawing.
OVERLAP_LEAST = 0.05
#: Rows that differ in one of these are different buildings; a value may be missing.
IDENTITY = ("name", "address", "road", "door_number", "door_suffix")
#: What an outline takes from its parts as it is, where it has nothing of its own.
TAKEN_OVER = (*IDENTITY, "owner_unit", "year")


@dataclass(frozen=True)
class Overlaps:
    """Pairs of rows whose footprints overlap: one array an attribute, one value a pair."""

    large: Integers
    """Index label of the row with the larger footprint …"""
    small: Integers
    """… and of that with the smaller one."""
    share: Floats
    """Area that they share, as a share of the smaller footprint."""
    iou: Floats
    """Intersection over union."""

    def __getitem__(self, mask: Mask) -> Overlaps:
        return Overlaps(self.large[mask], self.small[mask], self.share[mask], self.iou[mask])

    def among(self, labels: pd.Index | Integers) -> Overlaps:
        """The pairs of which both rows are among these.

        Parameters
        ----------
        labels : Index or integer array
            Index labels of rows.

        Returns
        -------
        Overlaps
        """
        return self[np.isin(self.large, labels) & np.isin(self.small, labels)]


def seams(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Pieces of buildings that were cut at the seams of tiles.

    Parameters
    ----------
    frame : DataFrame
        Footprints, as the module says, with source_file and source_layer.

    Returns
    -------
    into : Series of int64
        Label of a piece → label of the best of the pieces of its building, which itself is not listed.
    whole : Series of Polygon
        Label of that best piece → the geometry of the whole building.

    Notes
    -----
    Pieces have one given id, hang together within SEAM_M, hardly overlap (PIECE_OVERLAP_MOST), and do not
    differ in IDENTITY. An id whose rows do not all hang together is no id to go by, nor is one that every row
    of a file has (CONSTANT_ROWS).
    """
    nothing = pd.Series(dtype="int64"), pd.Series(dtype=object)
    ids = frame["given_id"]
    if rises(ids) or not (doubled := ids.notna() & ids.duplicated(keep=False)).any():
        return nothing
    by_file = ids.groupby([frame["source_file"], frame["source_layer"]], dropna=False)
    rows = by_file.transform("size")
    constant = (
        (by_file.transform("nunique") == 1) & (by_file.transform("count") == rows) & (rows >= CONSTANT_ROWS)
    )
    pieces = frame[doubled & ~constant]
    if pieces.empty:
        return nothing
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    group, names = pd.factorize(pieces["given_id"], sort=True)
    geometry = np.asarray(pieces["geometry"], dtype=object)
    one, other = _within(geometry, SEAM_M + 0.001)  # and what rounding makes of it
    same = (group[one] == group[other]) & (one < other)
    one, other = one[same], other[same]
    shared = shapely.area(shapely.intersection(geometry[one], geometry[other]))
    versions = shared > PIECE_OVERLAP_MOST * np.minimum(
        shapely.area(geometry[one]), shapely.area(geometry[other])
    )
    _, component = connected_components(
        coo_array((np.ones(len(one)), (one, other)), shape=(len(geometry),) * 2), directed=False
    )
    whole = pd.Series(component).groupby(group).nunique().to_numpy() == 1
    whole[group[one[versions]]] = False
    for name in set(IDENTITY) & set(pieces.columns):
        whole &= pieces[name].groupby(group).nunique().to_numpy() <= 1
    chosen = whole[group]
    if not chosen.any():
        return nothing
    best = pd.Series(group, index=pieces.index).loc[best_first(pieces)].drop_duplicates()
    kept = pd.Series(best.index, index=best.to_numpy()).reindex(range(len(names))).to_numpy()
    into = pd.Series(kept[group], index=pieces.index)[chosen]
    number, groups = np.unique(group[chosen], return_inverse=True)
    joined = _closed_up(geometry[chosen], groups, len(number))
    return into[into.index != into], pd.Series(joined, index=kept[number])


def _within(geometry: Geometries, distance: float) -> Integers:
    """Positions of the geometries that are at most so far apart, shape (2, m): each pair in both orders, and
    each with itself.
    """
    return np.asarray(shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=distance))


def _closed_up(geometry: Geometries, group: Integers, n_groups: int) -> Geometries:
    """The union of each group, cracks up to SEAM_M closed; on a grid of a millimetre, on which the seam's own
    points meet.
    """
    reach = SEAM_M * 0.55
    closed = shapely.buffer(
        union_by(shapely.buffer(geometry, reach, join_style="mitre"), group, n_groups),
        -reach,
        join_style="mitre",
    )
    whole = union_by(
        np.concatenate([geometry, closed]), np.concatenate([group, np.arange(n_groups)]), n_groups
    )
    return np.asarray(shapely.orient_polygons(shapely.normalize(shapely.set_precision(whole, 0.001))))


def overlapping(frame: pd.DataFrame) -> Overlaps:
    """Pairs of footprints that share OVERLAP_LEAST of the smaller one or more.

    Parameters
    ----------
    frame : DataFrame
        Footprints, as the module says.

    Returns
    -------
    Overlaps
        Each pair once.
    """
    geometry = np.asarray(frame["geometry"], dtype=object)
    one, other = shapely.STRtree(geometry).query(geometry)
    one, other = one[one < other], other[one < other]
    area, bounds = shapely.area(geometry), shapely.bounds(geometry)
    low = np.maximum(bounds[one, :2], bounds[other, :2])
    high = np.minimum(bounds[one, 2:], bounds[other, 2:])
    possible = (high - low).clip(0).prod(axis=1) >= OVERLAP_LEAST * np.minimum(area[one], area[other])
    one, other = one[possible], other[possible]
    shared = shapely.area(shapely.intersection(geometry[one], geometry[other]))
    first = area[one] >= area[other]
    large, small = np.where(first, one, other), np.where(first, other, one)
    labels = frame.index.to_numpy()
    found = Overlaps(
        labels[large], labels[small], shared / area[small], shared / (area[one] + area[other] - shared)
    )
    return found[found.share >= OVERLAP_LEAST]


def drawn_twice(frame: pd.DataFrame, pairs: Overlaps) -> pd.Series:
    """Footprints that are one building with a better one (SAME_BUILDING).

    Parameters
    ----------
    frame : DataFrame
        Footprints, as the module says.
    pairs : Overlaps
        As `overlapping` finds them in the frame.

    Returns
    -------
    Series of int64
        Label → label of the one that stays.

    Notes
    -----
    The best of all stays; then the best of those that are not the same as one that stays, and so on: of a
    chain in which only neighbours are the same, the ends can stay.
    """
    same = pairs[pairs.iou >= SAME_BUILDING]
    partners: dict[int, set[int]] = {}
    for one, other in zip(same.large.tolist(), same.small.tolist(), strict=True):
        partners.setdefault(one, set()).add(other)
        partners.setdefault(other, set()).add(one)
    into: dict[int, int] = {}
    stays: dict[int, int] = {}
    for label in best_first(frame.loc[list(partners)]) if partners else ():
        better = [other for other in partners[label] if other in stays]
        if better:
            into[label] = min(better, key=stays.__getitem__)
        else:
            stays[label] = len(stays)
    return pd.Series(into, dtype="int64")


def parts(frame: pd.DataFrame, pairs: Overlaps) -> pd.Series:
    """Parts of buildings that are drawn inside their outline.

    Parameters
    ----------
    frame : DataFrame
        Footprints, as the module says.
    pairs : Overlaps
        As `overlapping` finds them in the frame.

    Returns
    -------
    Series of int64, sorted by label
        Label of a part → label of its outline.

    Notes
    -----
    A part lies inside by PART_INSIDE, has the same use, and no value of IDENTITY that differs from its
    outline's or from those of the other parts. An outline that is an estate's (ESTATE_PARTS, ESTATE_COVER)
    has no parts.
    """
    inside = pairs[pairs.share >= PART_INSIDE]
    inside = inside[(frame.loc[inside.large, "use"].to_numpy() == frame.loc[inside.small, "use"].to_numpy())]
    if not len(inside.small):
        return pd.Series(dtype="int64")
    involved = np.union1d(inside.large, inside.small)
    area = pd.Series(shapely.area(frame.loc[involved, "geometry"].to_numpy()), index=involved)
    rank = pd.Series(np.arange(len(area)), index=best_first(frame.loc[area.index]))
    holders = pd.DataFrame({"small": inside.small, "large": inside.large})
    holders["area"], holders["rank"] = (
        area.loc[holders["large"]].to_numpy(),
        rank.loc[holders["large"]].to_numpy(),
    )
    outline = (
        holders.sort_values(["area", "rank"], ascending=[False, True])
        .drop_duplicates("small")
        .set_index("small")["large"]
    )
    # A part of a part that reaches out of the outline of the whole is a part of it all the same. Outlines
    # grow along the way.
    while (further := outline.isin(outline.index)).any():
        outline = outline.mask(further, outline.map(outline)).astype("int64")
    rows = frame.loc[outline.index]
    cover = pd.Series(rows["geometry"].to_numpy(), index=outline.to_numpy())
    holder, number = np.unique(outline.to_numpy(), return_inverse=True)
    covered = shapely.area(union_by(cover.to_numpy(), number, len(holder))) / area.loc[holder].to_numpy()
    estate = (np.bincount(number) >= ESTATE_PARTS) & (covered < ESTATE_COVER)
    stays = estate[number]
    for name in set(IDENTITY) & set(frame.columns):
        values = pd.concat(
            [rows[name].set_axis(number), frame.loc[holder, name].set_axis(range(len(holder)))]
        )
        several = values.groupby(level=0).nunique().to_numpy() > 1
        stays |= several[number] & rows[name].notna().to_numpy()
    return outline[~stays].sort_index()


def taken_over(frame: pd.DataFrame, into: pd.Series, pairs: Overlaps) -> pd.DataFrame:
    """What outlines get from their parts where they have nothing of their own.

    Parameters
    ----------
    frame : DataFrame
        Footprints, as the module says, with floor_area_m2 and floor_area_source.
    into : Series
        Parts and their outlines, as `parts` finds them.
    pairs : Overlaps
        As `overlapping` finds them in the frame.

    Returns
    -------
    DataFrame
        One row an outline, by its label: the columns that it gets, filled in.

    Notes
    -----
    The most floors; households and floor area in all (a part inside another part is not counted twice); the
    rest (TAKEN_OVER) from the best part that knows it. Floor area of an outline that knows neither it nor its
    floors is that of its parts alone.
    """
    if into.empty:
        return pd.DataFrame(index=into.index)
    part = frame.loc[best_first(frame.loc[into.index])]
    outline = into.loc[part.index].to_numpy()
    nested = pairs.among(into.index)
    counted = part[~part.index.isin(nested.small[nested.share >= PART_INSIDE])]
    sums = counted.groupby(into.loc[counted.index].to_numpy())
    found = {name: part[name].groupby(outline).first() for name in TAKEN_OVER if name in part}
    if "floors" in part:
        found["floors"] = part["floors"].groupby(outline).max()
    if "households" in part:
        found["households"] = sums["households"].sum(min_count=1)
    found["floor_area_m2"] = sums["floor_area_m2"].sum(min_count=1)
    computed = counted["floor_area_source"].eq("floors").groupby(into.loc[counted.index].to_numpy()).any()
    found["floor_area_source"] = computed.map({True: "floors", False: "declared"}).where(
        found["floor_area_m2"].notna()
    )
    given = pd.DataFrame(found)
    own = frame.loc[given.index, given.columns]
    return pd.DataFrame({name: own[name].fillna(given[name]).astype(own[name].dtype) for name in given})
