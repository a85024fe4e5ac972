"""Rows within the limits of the configuration: how long a text and how complex a shape may be."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from pipeline.config import Limits
from pipeline.geometry.arrays import Geometries, Mask
from pipeline.raw import records
from pipeline.raw.errors import SourceError, rows_text
from pipeline.raw.file import REFUSED_COLUMNS, Doubt, RawFile
from pipeline.readers.transcoding import NUL_MARK

#: A refused record may hold this many times the text of one cell, its geometry included.
CELLS_A_RECORD = 100
#: Outlines with so few vertices can cross themselves as often as they like.
SIMPLE_VERTICES = 16
CROSSINGS_MOST = 50
#: A NUL, at which most programs end a text, and what stands for it until here.
NUL = f"[\x00{NUL_MARK}]"
EDGES_AT_ONCE = 32


def bounded(raw: RawFile, limits: Limits) -> RawFile:
    """The file within the limits.

    Parameters
    ----------
    raw : RawFile
    limits : Limits

    Returns
    -------
    RawFile
        Text beyond limits.text_max_characters is cut, and NUL characters are taken out; shapes beyond
        limits.vertices_max are refused (`too_many_vertices`), and outlines that cross themselves more than
        CROSSINGS_MOST times (`self_crossing`), because untangling them takes for ever.

    Raises
    ------
    SourceError
        For a table of more than limits.columns_max columns.
    """
    if len(raw.rows.columns) > limits.columns_max:
        raise SourceError(
            f"{len(raw.rows.columns):,} columns, more than limits.columns_max ="
            f" {limits.columns_max:,}; leave some out"
        )
    if isinstance(raw.rows, gpd.GeoDataFrame):
        vertices = shapely.get_num_coordinates(raw.rows.geometry.array)
        giant = vertices > limits.vertices_max
        details = [
            f"{count:,} vertices, more than limits.vertices_max = {limits.vertices_max:,}"
            for count in vertices[giant]
        ]
        raw = _refused(raw, giant, "too_many_vertices", details, with_geometry=False)
        tangled = _tangled(raw.rows.geometry.to_numpy())
        details = [f"crosses itself more than {CROSSINGS_MOST} times"] * int(tangled.sum())
        raw = _refused(raw, tangled, "self_crossing", details, with_geometry=True)
    return _with_short_text(raw, limits.text_max_characters)


def _tangled(geometry: Geometries) -> Mask:
    """A mask of the polygons that cross themselves more than CROSSINGS_MOST times."""
    out: Mask = shapely.get_num_coordinates(geometry) > SIMPLE_VERTICES
    out[out] = (shapely.get_dimensions(geometry[out]) == 2) & np.isfinite(shapely.bounds(geometry[out])).all(
        axis=1
    )
    out[out] = ~shapely.is_valid(geometry[out])
    for i in np.flatnonzero(out):
        out[i] = _crosses_often(geometry[i])
    return out


def _crosses_often(polygon: shapely.Geometry) -> bool:
    """Whether a polygon crosses itself more than CROSSINGS_MOST times."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygon)), return_index=True)
    edges = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[ring[:-1] == ring[1:]])
    tree, found = shapely.STRtree(edges), 0
    # in pieces: all crossings of an outline made to do harm would not fit into memory
    for start in range(0, len(edges), EDGES_AT_ONCE):
        found += tree.query(edges[start : start + EDGES_AT_ONCE], predicate="crosses").shape[1]
        if found > 2 * CROSSINGS_MOST:
            return True
    return False


def _with_short_text(raw: RawFile, most: int) -> RawFile:
    rows, notes = raw.rows, list(raw.notes)
    for column in rows.columns[[pd.api.types.is_string_dtype(dtype) for dtype in rows.dtypes]]:
        texts = pa.array(rows[column].astype("str"))
        if pc.any(pc.match_substring_regex(texts, NUL)).as_py():
            holds = pc.match_substring_regex(texts, NUL).to_numpy(zero_copy_only=False).astype(bool)
            rows = rows.assign(
                **{column: rows[column].where(~holds, rows[column].str.replace(NUL, "", regex=True))}
            )
            notes.append(
                Doubt(f"{column}: NUL characters in the text of {rows_text(rows.index[holds])} taken out")
            )
        if (pc.max(pc.binary_length(texts)).as_py() or 0) <= most:  # a character is a byte or more
            continue
        long = (rows[column].str.len() > most).fillna(False).to_numpy(dtype=bool)
        if long.any():
            rows = rows.assign(**{column: rows[column].where(~long, rows[column].str.slice(0, most))})
            notes.append(
                f"{column}: text of {rows_text(rows.index[long])} cut to {most:,} characters"
                " (limits.text_max_characters)"
            )
    kept = raw.refused["raw"].str.len() <= most * CELLS_A_RECORD
    refused = raw.refused
    if not kept.all():
        cut = refused["raw"].str.slice(0, most).map(lambda text: json.dumps(text, ensure_ascii=False))
        refused = refused.assign(raw=refused["raw"].where(kept, cut))
    return replace(raw, rows=rows, refused=refused, notes=tuple(notes))


def _refused(raw: RawFile, mask: Mask, reason: str, details: list[str], *, with_geometry: bool) -> RawFile:
    if not mask.any():
        return raw
    texts = records.as_json(raw.rows[mask], with_geometry=with_geometry)
    refused = pd.DataFrame(
        {"source_row": raw.rows.index[mask], "reason": reason, "detail": details, "raw": texts}
    )
    both = (
        pd.concat([raw.refused, refused[list(REFUSED_COLUMNS)]], ignore_index=True)
        if len(raw.refused)
        else refused
    )
    return replace(raw, rows=raw.rows[~mask], refused=both.sort_values("source_row", ignore_index=True))
