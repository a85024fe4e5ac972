"""Rows that are one thing: in a frame of candidates all but one of them get a reason, and a detail that names
the one that stands.

A frame has, besides the columns of its table, entry (which entry of the configuration a row is of), given_id,
made (its id is not the file's), reason and detail ("" while a row stands). Repairs that come out have entry,
source_row, repair, area_before_m2, area_after_m2, detail.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.conflation import duplicates, ids, overlaps, parts
from pipeline.geometry.arrays import Floats, Mask
from pipeline.tables import Table


def reject_duplicates(frame: pd.DataFrame, table: Table) -> None:
    """Rejects, in place, all but the best of rows with one key.

    Parameters
    ----------
    frame : DataFrame
        Candidates, as the module says; geometry in metres.
    table : Table
        The table they are for.

    Notes
    -----
    A shape drawn twice is `duplicate_geometry`, other rows of one key `duplicate_id`. Of decisions a later
    one of another entry makes the earlier `replaced`, and the same area and kind make it a `repeated_row`:
    two planners' downloads each have what had been decided before.
    """
    standing = _standing(frame)
    better = duplicates.superseded(standing, table.key).dropna()
    if not len(better):
        return
    made = frame.loc[better.index, "made"].to_numpy(dtype=bool)
    shape = np.full(len(better), table.name in ids.SHAPE_IDS) & made
    same = frame.loc[better.index, list(table.key)].astype("str").agg(", ".join, axis=1).to_numpy()
    what = np.where(
        made,
        "the same " + " and ".join(ids.TEXT_IDS.get(table.name, table.key)),
        f"{', '.join(table.key)} " + same,
    )
    reason = np.where(shape, "duplicate_geometry", "duplicate_id").astype(object)
    if table.name == "decisions":  # two planners' downloads each have what had been decided before
        one, other = frame.loc[better.index], frame.loc[better.to_numpy(dtype=int)]
        reason[one["entry"].to_numpy() != other["entry"].to_numpy()] = "replaced"
        reason[np.all([_same(one, other, name) for name in ("area_id", "kind")], axis=0)] = "repeated_row"
    frame.loc[better.index, "reason"] = reason
    frame.loc[better.index, "detail"] = (
        np.where(shape, "the same shape", what) + " as " + _rows(frame, better)
    )


def _same(one: pd.DataFrame, other: pd.DataFrame, name: str) -> Mask:
    if name not in one:
        return np.full(len(one), True)
    return np.asarray(one[name].fillna("").to_numpy() == other[name].fillna("").to_numpy())


def join_parts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Joins, in place, the rows that are parts of one thing, and sets aside other drawings of it.

    Parameters
    ----------
    frame : DataFrame
        Candidates, as the module says; geometry in metres.
    table : Table
        The table they are for.

    Returns
    -------
    DataFrame
        The repairs, as the module says: `joined`, one for each row that stands for several parts.
    """
    found = parts.drawn(_standing(frame), table.name, table.key[0])
    frame.loc[found.parts.index, "reason"] = "joined_part"
    frame.loc[found.parts.index, "detail"] = "joined to " + _rows(frame, found.parts)
    frame.loc[found.again.index, "reason"] = "duplicate_geometry"
    frame.loc[found.again.index, "detail"] = "drawn again as " + _rows(frame, found.again)
    # elsewhere nothing says which is the newer one: it is a second row with the id
    if table.name == "boundaries":
        frame.loc[found.replaced.index, "reason"] = "replaced"
        frame.loc[found.replaced.index, "detail"] = "another drawing of this area counts: " + _rows(
            frame, found.replaced
        )
    if found.whole.empty:
        return _repairs(frame, [], "joined", np.nan, np.nan, "")
    joined = found.whole.index
    before = shapely.area(frame.loc[joined, "geometry"].to_numpy())
    frame.loc[joined, "geometry"] = found.whole
    for name in found.known:
        frame.loc[joined, name] = frame.loc[joined, name].fillna(found.known[name])
    detail = "joined with " + _rows(
        frame, pd.Series(found.parts.index, index=found.parts.to_numpy())
    ).groupby(level=0).agg(", ".join)
    return _repairs(
        frame,
        joined,
        "joined",
        before,
        shapely.area(found.whole.to_numpy()),
        detail.reindex(joined).to_numpy(),
    )


def join_pieces(frame: pd.DataFrame) -> pd.DataFrame:
    """Joins, in place, the pieces of buildings that were cut by the seams of tiles.

    Parameters
    ----------
    frame : DataFrame
        Candidates for BUILDINGS, as the module says; geometry in metres.

    Returns
    -------
    DataFrame
        The repairs, as the module says: `joined`, one for each building. Its footprint area, and its floor
        area where that was computed from the floors, grow in proportion.
    """
    into, whole = overlaps.seams(_standing(frame))
    if into.empty:
        return _repairs(frame, [], "joined", np.nan, np.nan, "")
    before, after = (
        shapely.area(frame.loc[whole.index, "geometry"].to_numpy()),
        shapely.area(whole.to_numpy()),
    )
    frame.loc[whole.index, "geometry"] = whole
    grown = frame.loc[whole.index, "floor_area_source"].eq("floors").to_numpy()
    frame.loc[whole.index, "footprint_area_m2"] *= after / before
    frame.loc[whole.index[grown], "floor_area_m2"] *= (after / before)[grown]
    frame.loc[into.index, "reason"] = "seam_piece"
    frame.loc[into.index, "detail"] = "joined to " + _rows(frame, into)
    detail = "joined with " + _rows(frame, pd.Series(into.index, index=into.to_numpy())).groupby(level=0).agg(
        ", ".join
    )
    return _repairs(frame, whole.index, "joined", before, after, detail.reindex(whole.index).to_numpy())


def merge_overlapping(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, str]]:
    """Merges, in place, footprints of one building into the best of them.

    Parameters
    ----------
    frame : DataFrame
        Candidates for BUILDINGS, as the module says; geometry in metres.

    Returns
    -------
    repairs : DataFrame
        As the module says: `part_taken_in`, one for each outline that got attributes from its parts.
    notes : dict of int to str
        By entry, a note on footprints that overlap and are both kept.
    """
    standing = _standing(frame)
    pairs = overlaps.overlapping(standing)
    twice = overlaps.drawn_twice(standing, pairs)
    if len(twice):
        frame.loc[twice.index, "reason"] = "duplicate_geometry"
        frame.loc[twice.index, "detail"] = "drawn again as " + _rows(frame, twice)
        standing = standing.drop(index=twice.index)
        pairs = pairs.among(standing.index)
    parts = overlaps.parts(standing, pairs)
    given = overlaps.taken_over(standing, parts, pairs)
    richer = given.index[
        given.notna().sum(axis=1) > standing.loc[given.index, given.columns].notna().sum(axis=1)
    ]
    for name in given:
        frame.loc[given.index, name] = given[name]
    if len(parts):
        frame.loc[parts.index, "reason"] = "building_part"
        frame.loc[parts.index, "detail"] = "stands inside " + _rows(frame, parts)
    area = shapely.area(frame.loc[richer, "geometry"].to_numpy())
    names = standing.loc[richer, given.columns].isna() & given.loc[richer].notna()
    detail = names.apply(lambda row: ", ".join(names.columns[row]), axis=1).to_numpy() if len(richer) else ""
    pairs = pairs.among(standing.index.difference(parts.index))
    notes = {}
    for i in frame["entry"].unique():
        here = pairs[
            (frame.loc[pairs.large, "entry"] == i).to_numpy()
            | (frame.loc[pairs.small, "entry"] == i).to_numpy()
        ]
        if len(here.share):
            worst = int(np.argmax(here.share))
            couple = _rows(frame, pd.Series(sorted([here.large[worst], here.small[worst]]))).to_list()
            example = f"{' and '.join(couple)} ({here.share[worst]:.0%} of the smaller)"
            notes[int(i)] = (
                f"{len(here.share)} pairs of footprints overlap and are both kept, such as {example}"
            )
    return _repairs(frame, richer, "part_taken_in", area, area, detail), notes


def _standing(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["reason"] == ""].drop(columns=["reason", "detail", "entry"])


def _rows(frame: pd.DataFrame, labels: pd.Series) -> pd.Series:
    """'row 5 of a.geojson' for the rows with these labels, with the layer where the file has several."""
    rows = frame.loc[labels.to_numpy(dtype=int)]
    layer = (", " + rows["source_layer"].astype("str")).fillna("")
    return (
        "row " + rows["source_row"].astype("str") + " of " + rows["source_file"].astype("str") + layer
    ).set_axis(labels.index)


def _repairs(
    frame: pd.DataFrame,
    labels: pd.Index | list[int],
    repair: str,
    before: Floats | float,
    after: Floats | float,
    detail: NDArray[np.object_] | str,
) -> pd.DataFrame:
    """Repairs, as the module says, of the rows with these labels."""
    rows = frame.loc[labels, ["source_row", "entry"]]
    return rows.assign(repair=repair, area_before_m2=before, area_after_m2=after, detail=detail)
