"""One thing drawn in several rows: which of them are its parts, which only draw it again, and which are older
versions of it.

Frames have source_file, source_layer, a geometry in metres and the columns of their table; their index labels
name the rows. What comes out does not depend on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.conflation.duplicates import best_first
from pipeline.conflation.overlaps import CONSTANT_ROWS, OVERLAP_LEAST, SAME_BUILDING
from pipeline.geometry.arrays import Geometries, Integers
from pipeline.geometry.overlay import union_by
from pipeline.tables import PROVENANCE, REGISTER
from pipeline.tables.schema import rises

#: Tables whose things may be drawn in several rows, and the columns in which the rows of one thing do not
#: differ (a value may be missing): of two names for one subdistrict code, one has the wrong code. Two parts
#: of an area may well have been decided apart.
IDENTITY = {
    "subdistricts": ("name",),
    "communities": ("name",),
    "boundaries": (),
    "barriers": ("class", "name", "width_m", "grade"),
    "land": ("kind", "name"),
    "compounds": ("name", "manager"),
    "register": tuple(
        c.name for c in REGISTER.columns if c not in PROVENANCE and c.name not in ("area_id", "geometry")
    ),
}
#: Of these the id may come from any column of the file, and one that all rows of a file have is none.
ANY_ID = ("barriers", "land", "compounds")
#: Rows of one file that agree in these are one drawing of the thing.
DRAWN_BY = ("decided_on", "decided_by")


@dataclass(frozen=True)
class Drawn:
    """What rows with one id are to one another, by their index labels."""

    parts: pd.Series
    """Label of a part → label of the row that stands for the thing; its ground is in the whole."""
    again: pd.Series
    """Label of another drawing of the same ground → label of the row that stands for the thing."""
    replaced: pd.Series
    """Label of a drawing of other ground → label of the row that was drawn in its place."""
    whole: pd.Series
    """Label of a row that stands for several parts → their union."""
    known: pd.DataFrame
    """For the rows of `whole`, each column as the best of the parts that knows it has it."""


def drawn(frame: pd.DataFrame, table: str, key: str) -> Drawn:
    """What the rows of a table that share a key are to one another.

    Parameters
    ----------
    frame : DataFrame
        Candidates of the table, as the module says, with source_row, given_id and made.
    table : str
        Name of the table; one that is not in IDENTITY has no such rows.
    key : str
        Its column of ids.

    Returns
    -------
    Drawn

    Notes
    -----
    Rows of one file that were decided on one day by one person are one drawing, and its parts. Of several
    drawings of a thing the one decided last counts. Another one is more of the thing if it shares no ground
    with it (OVERLAP_LEAST of the smaller) and is in the same file or of the same day. A newer one in another
    file replaces it wherever it lies.
    """
    rows = frame[_comparable(frame, table, key)] if table in IDENTITY else frame[:0]
    if rows.empty:
        none = pd.Series(dtype="int64")
        return Drawn(none, none, none, pd.Series(dtype=object), rows[[]])
    rows = rows.loc[best_first(rows)]
    agree = [
        rows[name].astype("str").fillna("")
        for name in (key, "source_file", "source_layer", *DRAWN_BY)
        if name in rows
    ]
    drawing = rows.groupby(agree, sort=False).ngroup().to_numpy()
    first = np.unique(drawing, return_index=True)[1]  # numbered as they come: the best first
    shapes = _joined(rows["geometry"].to_numpy(), drawing, len(first))
    stands, how = _settled(rows.iloc[first], key, shapes)
    into, kind = pd.Series(rows.index.to_numpy()[first[stands[drawing]]], index=rows.index), how[drawing]
    itself = (into == into.index).to_numpy()
    parts = into[(kind == "part") & ~itself]
    member = into[(kind == "part") & into.isin(parts).to_numpy()]
    holders, group = np.unique(member.to_numpy(), return_inverse=True)
    whole = pd.Series(
        _joined(rows.loc[member.index, "geometry"].to_numpy(), group, len(holders)),
        index=holders,
        dtype=object,
    )
    known = rows.loc[member.index].drop(
        columns=["geometry", "source_file", "source_layer", "source_row", "given_id", "made"]
    )
    return Drawn(
        parts,
        into[kind == "again"],
        into[kind == "replaced"],
        whole,
        known.groupby(member.to_numpy()).first(),
    )


def _comparable(frame: pd.DataFrame, table: str, key: str) -> pd.Series:
    """A mask of the rows that share their key with others, and may be one thing with them."""
    ids = frame[key]
    none = pd.Series(False, index=frame.index)
    if rises(ids) or not (mask := ids.notna() & ids.duplicated(keep=False)).any():
        return none
    dimension = pd.Series(shapely.get_dimensions(frame["geometry"].to_numpy()), index=frame.index)
    mask &= dimension >= 0
    if table in ANY_ID:
        by_layer = ids.groupby([frame["source_file"], frame["source_layer"]], dropna=False)
        mask &= ~frame["made"] & ~(
            (by_layer.transform("nunique") == 1) & (by_layer.transform("size") >= CONSTANT_ROWS)
        )
    for values in (dimension, *(frame[name] for name in IDENTITY[table] if name in frame)):
        mask &= values.groupby(ids).transform("nunique") <= 1
    return mask


def _settled(drawings: pd.DataFrame, key: str, shapes: Geometries) -> tuple[Integers, NDArray[np.object_]]:
    """For each drawing, which come the best first, the position of the one that stands for its thing, and
    what it is to that: part, again or replaced.
    """
    stands, how = np.arange(len(drawings)), np.full(len(drawings), "part", dtype=object)
    several = drawings[key].duplicated(keep=False).to_numpy()
    file = drawings.groupby(["source_file", "source_layer"], dropna=False).ngroup().to_numpy()
    day = (
        drawings["decided_on"].fillna("").to_numpy()
        if "decided_on" in drawings
        else np.full(len(drawings), "")
    )
    for places in pd.Series(np.flatnonzero(several)).groupby(drawings[key].to_numpy()[several]):
        best, *others = places[1].to_list()
        ground, files = shapes[best], {file[best]}
        for one in others:
            size, own = _size(ground), _size(shapes[one])
            shared = _size(shapely.intersection(ground, shapes[one]))
            stands[one] = best
            if shared < OVERLAP_LEAST * min(size, own) and (file[one] in files or day[one] == day[best]):
                ground, files = shapely.union(ground, shapes[one]), files | {file[one]}
            else:
                how[one] = "again" if shared >= SAME_BUILDING * (size + own - shared) else "replaced"
    return stands, how


def _size(shape: shapely.Geometry) -> float:
    """Area, of a line its length."""
    return float(shapely.area(shape) or shapely.length(shape))


def _joined(geometry: Geometries, group: Integers, n_groups: int) -> Geometries:
    """The shapes of each group, which are of one dimension, as one: the union of polygons, lines put
    together, of points the first.
    """
    out = geometry[np.unique(group, return_index=True)[1]]
    dimension, several = shapely.get_dimensions(out), np.bincount(group, minlength=n_groups) > 1
    for kind, join in ((2, _union), (1, _put_together)):
        chosen = np.flatnonzero(several & (dimension == kind))
        member = np.isin(group, chosen)
        if len(chosen):
            out[chosen] = join(geometry[member], np.searchsorted(chosen, group[member]), len(chosen))
    return out


def _union(polygons: Geometries, group: Integers, n_groups: int) -> Geometries:
    return np.asarray(shapely.orient_polygons(shapely.normalize(union_by(polygons, group, n_groups))))


def _put_together(lines: Geometries, group: Integers, n_groups: int) -> Geometries:
    parts, line = shapely.get_parts(lines, return_index=True)
    order = np.argsort(group[line], kind="stable")
    return np.asarray(
        shapely.normalize(
            shapely.multilinestrings(
                parts[order], indices=group[line][order], out=np.full(n_groups, None, dtype=object)
            )
        )
    )
