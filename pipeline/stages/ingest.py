"""Raw rows to one input table: typed, cleaned, placed, each row either taken or rejected with its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.config import District, InputFile
from pipeline.sources import buildings as footprints
from pipeline.sources import columns, crs, duplicates, ids, places, records, shapes
from pipeline.sources.errors import SourceError, rows_text
from pipeline.sources.raw import RawFile
from pipeline.tables import REJECTS, Table, conform, empty

#: Ids that are made from the shape where the file gives none, with their prefix.
SHAPE_IDS = {"buildings": "b", "barriers": "w", "land": "l", "compounds": "c"}
#: Ids that are made from these columns where the file gives none.
TEXT_IDS = {"register": ("name", "address"), "entries": ("area_id", "address", "building_ids")}
DEFAULTS: dict[str, dict[str, Any]] = {"buildings": {"use": "residential"}}
#: A file with at least this many rows rejected for one reason, and more than half of its rows, is wrong as a whole.
SUSPICIOUS_ROWS = 3
REMEDIES = {
    "duplicate_id": "if {key} is mapped, that column is no id: take it out of columns, and ids are made where they can be",
    "null_geometry": "is this the right file or layer? Export it again with geometry",
    "wrong_geometry_type": "is this the right file or layer?",
    "bad_value": "map the file's values under values",
    "missing_value": "is this the right column? Map another one, or set a constant",
    "outside_district": "is this the right file, and are crs and datum right?",
}


@dataclass(frozen=True)
class Intake:
    """One input table, and what became of every row read for it."""

    rows: Any
    """The table (`pipeline.tables`), in the district's CRS."""
    rejects: pd.DataFrame
    """Table `rejects`: the rows that were not taken."""
    log: list[dict[str, Any]]
    """Per file: file, rows_read = rows_taken + rows_rejected + rows_merged + rows_not_meant, encoding, crs, datum, notes."""


@dataclass(frozen=True)
class _Batch:
    """One file on its way: candidates with reason and detail ("" while they stand), and what was set aside."""

    raw: RawFile
    file: InputFile
    refused: pd.DataFrame
    frame: pd.DataFrame
    notes: tuple[str, ...]


def ingest(
    table: Table,
    raw: Sequence[RawFile],
    files: Sequence[InputFile],
    *,
    district: District,
    subdistricts: gpd.GeoDataFrame | None = None,
    communities: gpd.GeoDataFrame | None = None,
) -> Intake:
    """Files read by `pipeline.sources.read.read_file`, with their entries of the configuration, as one input table.

    Geometry comes out in district.crs, its datum shift undone. With subdistricts and communities (tables in that CRS)
    their codes are filled in, and buildings that stand in no subdistrict are rejected.
    Raises SourceError for a file that is wrong as a whole: a column missing, no geometry, a CRS that can't be, or more
    than half of its rows rejected for one reason.
    """
    batches: list[_Batch] = []
    for one, file in zip(raw, files, strict=True):
        claimed = [
            row for batch in batches if batch.raw.name == one.name for row in (*batch.frame["source_row"], *batch.refused["source_row"])
        ]
        batches.append(_batch(table, one, file, district, claimed))
    if not batches:
        return Intake(empty(table, district.crs), empty(REJECTS), [])
    frame = pd.concat([batch.frame.assign(batch=i) for i, batch in enumerate(batches)], ignore_index=True)
    if subdistricts is not None and len(subdistricts):
        _place(frame, table, subdistricts, "subdistrict_code")
    if communities is not None and len(communities):
        _place(frame, table, communities, "community_code")
    _reject_duplicates(frame, table)
    taken = frame["reason"] == ""
    rejects = [_rejects(frame[~taken & (frame["batch"] == i)], table, batch) for i, batch in enumerate(batches)]
    for batch, rejected in zip(batches, rejects, strict=True):
        _refuse_whole(table, batch, rejected)
    if table.name == "buildings" and not taken.any():
        counts = ", ".join(f"{n} {reason}" for reason, n in pd.concat(rejects)["reason"].value_counts().sort_index().items())
        names = ", ".join(batch.raw.name for batch in batches)
        raise SourceError(f"{names}: no building is left ({counts or 'no row is meant by where'}); mend the rows, or give another file")
    log = [_log(batch, rejected) for batch, rejected in zip(batches, rejects, strict=True)]
    return Intake(conform(frame[taken], table, district.crs), conform(pd.concat(rejects, ignore_index=True), REJECTS), log)


def _batch(table: Table, raw: RawFile, file: InputFile, district: District, claimed: Sequence[int]) -> _Batch:
    """One file typed and placed; rows that an earlier entry for the same file claimed are not meant a second time."""
    meant = columns.meant(raw.rows, file, raw.name) & ~raw.rows.index.isin(claimed)
    rows = raw.rows[meant]
    made = tuple(name for name in (table.key[0],) if table.name in SHAPE_IDS or table.name in TEXT_IDS)
    made += ("footprint_area_m2",) if table.name == "buildings" else ()
    typed = columns.typed(raw, rows, file, table, made=made, defaults=DEFAULTS.get(table.name, {}))
    frame = typed.frame.reset_index(drop=True)
    frame["source_file"], frame["source_row"] = raw.name, rows.index.to_numpy()
    frame["reason"], frame["detail"] = typed.reason.to_numpy(), typed.detail.to_numpy()
    notes = typed.notes
    lonlat = None
    if table.geometry_types:
        lonlat, shape_notes = _add_geometry(frame, table, replace(raw, rows=rows), file, district)
        notes += shape_notes
    if table.name == "buildings":
        frame = footprints.completed(frame, frame["geometry"].to_numpy(), lonlat, district.crs)
        collapsed = footprints.collapsed(frame["geometry"].to_numpy()) & (frame["reason"] == "")
        frame.loc[collapsed, ["reason", "detail"]] = ["zero_area", "a footprint thinner than 1 cm"]
    frame = _with_ids(frame, table, lonlat, district)
    refused = _meant_refused(raw, file)
    return _Batch(raw, file, refused[~refused["source_row"].isin(claimed)], frame, notes)


def _add_geometry(frame: pd.DataFrame, table: Table, raw: RawFile, file: InputFile, district: District) -> tuple[Any, tuple[str, ...]]:
    """Sets the frame's geometry and geometry reasons in place of others; gives back the WGS 84 geometry, and notes."""
    rows = raw.rows
    if not isinstance(rows, gpd.GeoDataFrame) or rows.geometry.isna().all():
        if table.geometry_required and len(rows):
            remedy = (
                "give its coordinate columns with x and y, or export it with geometry"
                if len(table.geometry_types) == 1
                else "export it with geometry"
            )
            raise SourceError(f"{raw.name}: without geometry in all of its {rows_text(rows.index)}, and {table.name} need one; {remedy}")
        frame["geometry"] = np.full(len(frame), None, dtype=object)
        return frame["geometry"].to_numpy(), ()
    far = crs.misplaced(raw, district.crs)
    clean = shapes.clean(rows.geometry.array, table.geometry_types, required=table.geometry_required)
    reason, detail = clean.reason, clean.detail
    reason[far & (reason == "")] = "bad_coordinates"
    detail[far & (detail == "")] = "lies far outside the region of the district"
    geometry = np.where(reason == "", clean.geometry, None)
    lonlat = crs.to_wgs84(geometry, rows.crs, file.datum)
    frame["geometry"] = crs.from_wgs84(lonlat, district.crs)
    faulty = reason != ""
    if table.geometry_required:
        frame.loc[faulty, "reason"], frame.loc[faulty, "detail"] = reason[faulty], detail[faulty]
        return lonlat, clean.notes
    dropped = (f"{rows_text(rows.index[faulty])} taken without their geometry: {detail[faulty][0]}",) if faulty.any() else ()
    return lonlat, clean.notes + dropped


def _with_ids(frame: pd.DataFrame, table: Table, lonlat: Any, district: District) -> pd.DataFrame:
    """Ids made where the file gives none; `made` tells which, `shape` is the id of the shape."""
    out = frame.copy()
    key = table.key[0]
    given = out[key] if key in out else pd.Series(None, index=out.index, dtype="str")
    out["given_id"], out["made"] = given, given.isna()
    if table.name in SHAPE_IDS:
        out["shape"] = ids.from_shapes(lonlat, SHAPE_IDS[table.name])
        out[key] = given.fillna(pd.Series(out["shape"].to_numpy(), index=out.index))
    elif table.name in TEXT_IDS:
        parts = [out[name].fillna("") if name in out else pd.Series("", index=out.index) for name in TEXT_IDS[table.name]]
        texts = parts[0].str.cat(parts[1:], sep="|")
        made = ids.from_texts(texts, f"{district.code}-", 8) if table.name == "register" else ids.from_texts(texts, "e")
        out[key] = given.fillna(pd.Series(made, index=out.index))
        nameless = out["made"] & (texts.str.strip("|") == "") & (out["reason"] == "")
        out.loc[nameless, ["reason", "detail"]] = [
            "missing_value",
            f"no {key}, and no {' or '.join(TEXT_IDS[table.name])} to make one from",
        ]
    return out


def _place(frame: pd.DataFrame, table: Table, polygons: gpd.GeoDataFrame, code: str) -> None:
    """Fills the code column in place: where the shape lies; for a register what it says itself, by code or name, goes first."""
    if code not in table.column_names or code in table.key:
        return
    located = pd.Series(None, index=frame.index, dtype="str")
    if "geometry" in frame:
        located = pd.Series(places.within(frame["geometry"].to_numpy(), polygons, code), index=frame.index, dtype="str")
    given = places.codes(frame[code], polygons, code) if code in frame else located
    first, second = (located, given) if table.name == "buildings" else (given, located)
    frame[code] = first.fillna(second)
    if table.name == "buildings" and code == "subdistrict_code":
        outside = located.isna() & (frame["reason"] == "")
        frame.loc[outside, ["reason", "detail"]] = ["outside_district", "its representative point is in none of the subdistricts"]


def _reject_duplicates(frame: pd.DataFrame, table: Table) -> None:
    """Rejects, in place, all but the best of rows with one key, and of buildings with one footprint."""
    by_shape = [("duplicate_geometry", ("shape",))] if table.name == "buildings" else []
    for code, key in (("duplicate_id", table.key), *by_shape):
        standing = frame[frame["reason"] == ""]
        better = duplicates.superseded(standing.drop(columns=["reason", "detail", "batch"]), key).dropna()
        if not len(better):
            continue
        kept = frame.loc[better.to_numpy(dtype=int), ["source_file", "source_row"]]
        made = frame.loc[better.index, "made"].to_numpy(dtype=bool)
        shape = (table.name in SHAPE_IDS) & made | (code == "duplicate_geometry")
        frame.loc[better.index, "reason"] = np.where(shape, "duplicate_geometry", "duplicate_id")
        same = frame.loc[better.index, list(key)].astype("str").agg(", ".join, axis=1).to_numpy()
        what = np.where(
            shape, "the same shape", np.where(made, "the same " + " and ".join(TEXT_IDS.get(table.name, key)), f"{', '.join(key)} " + same)
        )
        frame.loc[better.index, "detail"] = (
            what + " as row " + kept["source_row"].astype("str").to_numpy() + " of " + kept["source_file"].to_numpy()
        )


def _meant_refused(raw: RawFile, file: InputFile) -> pd.DataFrame:
    """Of the rows the reader refused those that `where` means; a record that can't be asked counts as meant."""
    if not file.where or not len(raw.refused):
        return raw.refused
    parsed = [json.loads(text) for text in raw.refused["raw"]]
    known = pd.Series([isinstance(p, Mapping) and all(c in p for c in file.where) for p in parsed], index=raw.refused.index)
    attributes = pd.DataFrame(
        [{c: p[c] for c in file.where} if k else dict.fromkeys(file.where) for p, k in zip(parsed, known, strict=True)],
        index=raw.refused.index,
    )
    return raw.refused[columns.meant(attributes, file, raw.name) | ~known]


def _rejects(frame: pd.DataFrame, table: Table, batch: _Batch) -> pd.DataFrame:
    """The file's rejected rows, those the reader refused included, as the rejects table has them."""
    source = batch.raw.rows.loc[frame["source_row"]]
    of_stage = pd.DataFrame({name: frame[name].to_numpy() for name in ("source_row", "reason", "detail")})
    of_stage["record_id"] = frame["given_id"].to_numpy()
    of_stage["raw"] = records.as_json(source, with_geometry=not batch.file.x)
    of_reader = batch.refused.assign(record_id=[_id_of(text, table, batch.file) for text in batch.refused["raw"]])
    out = pd.concat([part for part in (of_stage, of_reader) if len(part)] or [of_stage], ignore_index=True)
    return out.assign(input=table.name, source_file=batch.raw.name)


def _id_of(record: str, table: Table, file: InputFile) -> str | None:
    """The id in a record that the reader refused."""
    fields = json.loads(record)
    value = fields.get(file.columns.get(table.key[0], table.key[0])) if isinstance(fields, Mapping) else None
    return None if value is None else str(value)


def _refuse_whole(table: Table, batch: _Batch, rejected: pd.DataFrame) -> None:
    """Raise SourceError where one reason takes more than half of the file: then the file or its mapping is wrong, not the rows."""
    rows = len(batch.frame) + len(batch.refused)
    for reason, part in rejected.groupby("reason"):
        whole = len(part) == rows
        if len(part) < SUSPICIOUS_ROWS or (not whole and (len(part) * 2 <= rows or reason == "outside_district")):
            continue
        numbers = part["source_row"].sort_values()
        remedy = REMEDIES.get(str(reason), "mend the file").format(key=table.key[0])
        raise SourceError(
            f"{batch.raw.name}: {rows_text(numbers)} of {rows} rejected as {reason} for {table.name}, the first because: "
            f"{part.loc[numbers.index[0], 'detail']}; {remedy}"
        )


def _log(batch: _Batch, rejected: pd.DataFrame) -> dict[str, Any]:
    read = batch.raw.rows_read
    not_meant = read - len(batch.frame) - len(batch.refused)
    return {
        "file": batch.raw.name,
        "rows_read": read,
        "rows_taken": read - not_meant - len(rejected),
        "rows_rejected": len(rejected),
        "rows_merged": 0,
        "rows_not_meant": not_meant,
        "encoding": batch.raw.encoding,
        "crs": batch.raw.crs,
        "datum": batch.file.datum,
        "notes": [*batch.raw.notes, *batch.notes],
    }
