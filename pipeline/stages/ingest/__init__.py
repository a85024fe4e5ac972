"""Raw rows to one input table: typed, cleaned, placed, each row either taken or rejected with its reason.

One file comes in as `pipeline.readers.read` gives it, its rows uninterpreted. Each entry's rows are claimed,
parsed, georeferenced and given ids (`entry`); then those of all entries are located in the district and
conflated; then it is accounted for every row (`accounts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.config import District, InputFile, PlaceRules
from pipeline.conflation import merging
from pipeline.raw.errors import about
from pipeline.raw.file import RawFile
from pipeline.stages.ingest import accounts
from pipeline.stages.ingest.entry import Entry, read_entry
from pipeline.stages.ingest.locate import locate
from pipeline.tables import REJECTS, REPAIRS, Table, conform, empty


@dataclass(frozen=True)
class Intake:
    """One input table, and what became of every row read for it."""

    rows: pd.DataFrame
    """The table (`pipeline.tables`), in the district's CRS."""
    rejects: pd.DataFrame
    """Table `rejects`: the rows that were not taken, those that were merged into another included."""
    repairs: pd.DataFrame
    """Table `repairs`: what was mended in the rows that were taken."""
    log: list[dict[str, Any]]
    """Per entry: file, layer (None: it has one), entry (its place in the configuration), rows_read =
    rows_taken + rows_rejected + rows_merged + rows_not_meant, rows_before (of those not meant: meant, but an
    earlier entry has them), rows (which are its own, where another entry reads the same layer; else None),
    encoding, crs, datum, datum_doubt, notes, doubts (those of them that want a look), and of buildings
    overlaps and beside (which overlap, and which count to a subdistrict or community beside them; None:
    none)."""


def ingest(
    table: Table,
    raw: Sequence[RawFile],
    files: Sequence[InputFile],
    *,
    district: District,
    subdistricts: gpd.GeoDataFrame | None = None,
    communities: gpd.GeoDataFrame | None = None,
    trusted: Mapping[str, gpd.GeoDataFrame] | None = None,
    entries: Sequence[int] | None = None,
    rules: PlaceRules | None = None,
) -> Intake:
    """Files read by `pipeline.readers.read.read_file` as one input table.

    Parameters
    ----------
    table : Table
        The table that comes out.
    raw : sequence of RawFile
        The files.
    files : sequence of InputFile
        The entry of the configuration by which each was read.
    district : District
        Geometry comes out in its CRS (projected, metres), its datum shift undone.
    subdistricts, communities : GeoDataFrame, optional
        Tables in that CRS: their codes are filled in; buildings that stand neither in a subdistrict nor
        within rules.beside_m of one are rejected.
    trusted : mapping of str to GeoDataFrame, optional
        Tables of other inputs by name, against which CRS (`pipeline.georeferencing.plausibility`) and datum
        (`pipeline.georeferencing.datum_detection`) are held; subdistricts are among them.
    entries : sequence of int, optional
        The places of the entries in the configuration, from 1, where some of it is not there.
    rules : PlaceRules, optional
        Rules of the place of a building.

    Returns
    -------
    Intake
        The table, and what became of every row.

    Raises
    ------
    SourceError
        A file is wrong as a whole: a column missing, no geometry, a CRS that can't be, a datum that is to be
        found and can't be, or more than half of its rows rejected for one reason.

    Notes
    -----
    A row of one layer or sheet belongs to the first entry that means it. A building that is drawn more than
    once, or in pieces, is one row (`pipeline.conflation.overlaps`), and so are the parts of an area or a road
    (`pipeline.conflation.parts`).
    """
    trusted = {**(trusted or {}), **({} if subdistricts is None else {"subdistricts": subdistricts})}
    read: list[Entry] = []
    for one, file, number in zip(raw, files, entries or range(1, len(files) + 1), strict=True):
        known = {**trusted, table.name: _shapes_so_far(read, district)}
        with about(one.title):
            read.append(read_entry(table, one, file, number, earlier=read, district=district, trusted=known))
    if not read:
        return Intake(empty(table, district.crs), empty(REJECTS), empty(REPAIRS), [])
    frame = pd.concat([entry.frame.assign(entry=i) for i, entry in enumerate(read)], ignore_index=True)
    mended = [pd.concat([entry.repairs.assign(entry=i) for i, entry in enumerate(read)])]
    if table.name == "buildings":
        mended.append(merging.join_pieces(frame))
    beside = _locate_all(frame, table, subdistricts, communities, rules or PlaceRules())
    mended.append(merging.join_parts(frame, table))
    merging.reject_duplicates(frame, table)
    overlaps: dict[int, str] = {}
    if table.name == "buildings":
        taken_in, overlaps = merging.merge_overlapping(frame)
        mended.append(taken_in)
    taken = frame["reason"] == ""
    rejects = [
        accounts.rejects(frame[~taken & (frame["entry"] == i)], table, entry) for i, entry in enumerate(read)
    ]
    accounts.check_whole(table, read, rejects, nothing_taken=not taken.any())
    log = [
        entry_log | {"overlaps": overlaps.get(i), "beside": beside.get(i)}
        for i, entry_log in enumerate(accounts.log(read, rejects))
    ]
    return Intake(
        conform(frame[taken], table, district.crs),
        conform(pd.concat(rejects, ignore_index=True), REJECTS),
        conform(accounts.repairs(pd.concat(mended, ignore_index=True), frame[taken], table), REPAIRS),
        log,
    )


def _shapes_so_far(read: Sequence[Entry], district: District) -> gpd.GeoDataFrame:
    """The shapes of the rows that stand, of all entries read so far."""
    geometry = [
        entry.frame.loc[entry.frame["reason"] == "", "geometry"]
        for entry in read
        if "geometry" in entry.frame
    ]
    return gpd.GeoDataFrame(geometry=np.concatenate(geometry) if geometry else [], crs=district.crs)


def _locate_all(
    frame: pd.DataFrame,
    table: Table,
    subdistricts: gpd.GeoDataFrame | None,
    communities: gpd.GeoDataFrame | None,
    rules: PlaceRules,
) -> dict[int, str]:
    """Fill in the codes of subdistricts and communities, in place; by entry, which buildings lie beside."""
    beside: dict[int, str] = {}
    for polygons, code in ((subdistricts, "subdistrict_code"), (communities, "community_code")):
        if polygons is not None and len(polygons):
            for i, said in locate(frame, table, polygons, code, rules).items():
                beside[i] = "; ".join(filter(None, (beside.get(i), said)))
    return beside
