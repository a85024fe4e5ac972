"""Raw rows to one input table: typed, cleaned, placed, each row either taken or rejected with its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import District, InputFile, PlaceRules
from pipeline.conflation import footprints, ids, merging, places
from pipeline.georeferencing import datum_detection, plausibility
from pipeline.parsing import columns, grades
from pipeline.raw import intake_log, records
from pipeline.raw.errors import SourceError, rows_text
from pipeline.raw.file import Doubt, RawFile
from pipeline.raw.reasons import MERGED, REASONS, REMEDIES
from pipeline.readers import shapes
from pipeline.tables import REJECTS, REPAIRS, Table, conform, empty

DEFAULTS: dict[str, dict[str, Any]] = {"buildings": {"use": "residential"}}
#: A file with at least this many rows rejected for one reason, and more than half of its rows, is wrong as a
#: whole.
SUSPICIOUS_ROWS = 3
#: Rows that are no damage but other things: only a file of nothing else is wrong.
OTHER_THINGS = ("outside_district", "wrong_geometry_type")
#: What is known of a repair on its way to the repairs table.
MENDED = ("source_row", "repair", "area_before_m2", "area_after_m2", "detail")


@dataclass(frozen=True)
class Intake:
    """One input table, and what became of every row read for it."""

    rows: Any
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


@dataclass(frozen=True)
class _Batch:
    """One entry on its way: candidates with reason and detail ("" while they stand), and what was set
    aside.
    """

    raw: RawFile
    file: InputFile
    entry: int
    refused: pd.DataFrame
    frame: pd.DataFrame
    repairs: pd.DataFrame
    """Of candidates, by source_row: what was mended in their geometry."""
    notes: tuple[str, ...]
    placed: datum_detection.Placed | None
    """Its geometry and datum; None: it has no geometry."""
    before: int
    """Rows that are meant, but that an earlier entry has."""

    @property
    def rows(self) -> list[int]:
        """The rows of the file that are this entry's."""
        return [*self.frame["source_row"], *self.refused["source_row"]]


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
    """Files read by `pipeline.readers.read.read_file`, with their entries of the configuration, as one input
    table.

    entries: their places in the configuration, from 1, where some of it is not there. A row of one layer or
    sheet belongs to the first entry that means it. Geometry comes out in district.crs, its datum shift
    undone. With subdistricts and communities (tables in that CRS) their codes are filled in; buildings that
    stand neither in a subdistrict nor beside one (rules) are rejected. A building that is drawn more than
    once, or in pieces, is one row (`pipeline.conflation.overlaps`), and so are the parts of an area or a road
    (`pipeline.conflation.parts`). trusted: tables of other inputs by name, against which CRS
    (`pipeline.georeferencing.plausibility`) and datum (`pipeline.georeferencing.datum_detection`) are held;
    subdistricts are among them. Raises SourceError for a file that is wrong as a whole: a column missing, no
    geometry, a CRS that can't be, a datum that is to be found and can't be, or more than half of its rows
    rejected for one reason.
    """
    tables = {**(trusted or {}), **({} if subdistricts is None else {"subdistricts": subdistricts})}
    batches: list[_Batch] = []
    for one, file, entry in zip(raw, files, entries or range(1, len(files) + 1), strict=True):
        claimed = [row for batch in batches if _place_of(batch.raw) == _place_of(one) for row in batch.rows]
        batches.append(
            _batch(
                table, one, file, entry, district, claimed, {**tables, table.name: _above(batches, district)}
            )
        )
    if not batches:
        return Intake(empty(table, district.crs), empty(REJECTS), empty(REPAIRS), [])
    frame = pd.concat([batch.frame.assign(batch=i) for i, batch in enumerate(batches)], ignore_index=True)
    mended = [pd.concat([batch.repairs.assign(batch=i) for i, batch in enumerate(batches)])]
    if table.name == "buildings":
        mended.append(merging.join_pieces(frame))
    beside: dict[int, str] = {}
    for polygons, code in ((subdistricts, "subdistrict_code"), (communities, "community_code")):
        if polygons is not None and len(polygons):
            beside |= {
                i: "; ".join(filter(None, (beside.get(i), said)))
                for i, said in _place(frame, table, polygons, code, rules or PlaceRules()).items()
            }
    mended.append(merging.join_parts(frame, table))
    merging.reject_duplicates(frame, table)
    overlap_notes: dict[int, str] = {}
    if table.name == "buildings":
        taken_in, overlap_notes = merging.merge_overlapping(frame)
        mended.append(taken_in)
    taken = frame["reason"] == ""
    rejects = [
        _rejects(frame[~taken & (frame["batch"] == i)], table, batch) for i, batch in enumerate(batches)
    ]
    for batch, rejected in zip(batches, rejects, strict=True):
        _refuse_whole(table, batch, rejected)
    if table.name == "buildings" and not taken.any():
        raise SourceError(
            "; ".join(
                _none_left(batch, rejected, table) for batch, rejected in zip(batches, rejects, strict=True)
            )
        )
    read = [_place_of(batch.raw) for batch in batches]
    log = [
        _log(batch, rejected, shared=read.count(read[i]) > 1)
        | {
            "overlaps": overlap_notes.get(i),
            "beside": beside.get(i),
        }
        for i, (batch, rejected) in enumerate(zip(batches, rejects, strict=True))
    ]
    return Intake(
        conform(frame[taken], table, district.crs),
        conform(pd.concat(rejects, ignore_index=True), REJECTS),
        conform(_repairs(pd.concat(mended, ignore_index=True), frame[taken], table), REPAIRS),
        log,
    )


def _place_of(raw: RawFile) -> tuple[str, str]:
    return raw.name, raw.layer


def _above(batches: Sequence[_Batch], district: District) -> gpd.GeoDataFrame:
    """What the files listed so far gave."""
    geometry = [
        batch.frame.loc[batch.frame["reason"] == "", "geometry"]
        for batch in batches
        if "geometry" in batch.frame
    ]
    return gpd.GeoDataFrame(geometry=np.concatenate(geometry) if geometry else [], crs=district.crs)


def _batch(
    table: Table,
    raw: RawFile,
    file: InputFile,
    entry: int,
    district: District,
    claimed: Sequence[int],
    trusted: Mapping[str, gpd.GeoDataFrame],
) -> _Batch:
    """One file typed and placed; rows that an earlier entry for the same layer has are not meant a second
    time.
    """
    meant, had = columns.meant(raw.rows, file, raw.title), raw.rows.index.isin(claimed)
    refused = _meant_refused(raw, file)
    refused_before = refused["source_row"].isin(claimed)
    before = [*raw.rows.index[meant & had], *refused["source_row"][refused_before]]
    rows = raw.rows[meant & ~had]
    made = tuple(
        name for name in (table.key[0],) if table.name in ids.SHAPE_IDS or table.name in ids.TEXT_IDS
    )
    made += ("footprint_area_m2",) if table.name == "buildings" else ()
    typed = columns.typed(raw, rows, file, table, made=made, defaults=DEFAULTS.get(table.name, {}))
    frame = typed.frame.reset_index(drop=True)
    frame["source_file"], frame["source_layer"], frame["source_row"] = (
        raw.name,
        raw.layer or None,
        rows.index.to_numpy(),
    )
    frame["reason"], frame["detail"] = "", ""
    if (typed.reason != "").any():
        frame["reason"], frame["detail"] = typed.reason.to_numpy(), typed.detail.to_numpy()
    notes = typed.notes
    if before:
        notes += (
            f"{rows_text(sorted(before))} not taken again: an earlier entry for the same rows has them",
        )
    placed, repairs = None, pd.DataFrame(columns=list(MENDED))
    if table.geometry_types:
        placed, repairs, shape_notes = _add_geometry(
            frame, table, replace(raw, rows=rows), file, district, trusted
        )
        notes += shape_notes
    if table.name == "buildings":
        frame = footprints.completed(frame, frame["geometry"].to_numpy(), district.crs)
        _refuse(
            frame,
            footprints.collapsed(frame["geometry"].to_numpy()),
            "zero_area",
            "a footprint thinner than 1 cm",
        )
        vast = frame["footprint_area_m2"] > footprints.LARGEST_M2
        large = (
            f"a footprint of {{:,.0f}} m², more than the {footprints.LARGEST_M2:,.0f} m² that a building may"
            " have"
        )
        _refuse(frame, vast, "too_large", frame.loc[vast, "footprint_area_m2"].map(large.format))
    elif table.name == "barriers":
        frame = grades.completed(frame)
    frame = _with_ids(frame, table, placed, district)
    return _Batch(raw, file, entry, refused[~refused_before], frame, repairs, notes, placed, len(before))


def _add_geometry(
    frame: pd.DataFrame,
    table: Table,
    raw: RawFile,
    file: InputFile,
    district: District,
    trusted: Mapping[str, gpd.GeoDataFrame],
) -> tuple[datum_detection.Placed | None, pd.DataFrame, tuple[str, ...]]:
    """Sets the frame's geometry and geometry reasons in place of others; gives back the placed geometry,
    repairs and notes.
    """
    rows = raw.rows
    if not isinstance(rows, gpd.GeoDataFrame) or rows.geometry.isna().all():
        if table.geometry_required and len(rows):
            remedy = (
                "give its coordinate columns with x and y, or export it with geometry"
                if len(table.geometry_types) == 1
                else "export it with geometry"
            )
            raise SourceError(
                f"{raw.title}: without geometry in all of its {rows_text(rows.index)}, and {table.name} need"
                f" one; {remedy}"
            )
        frame["geometry"] = np.full(len(frame), None, dtype=object)
        return None, pd.DataFrame(columns=list(MENDED)), ()
    subdistricts = trusted.get("subdistricts")
    extent = plausibility.extent(subdistricts) if subdistricts is not None and len(subdistricts) else None
    far = plausibility.misplaced(raw, district.crs, extent)
    # Only footprints lose needles: other polygons may share their edges with neighbours, and what a person
    # drew stays as it is.
    is_building = table.name == "buildings"
    clean = shapes.clean(
        rows.geometry.array, table.geometry_types, required=table.geometry_required, needles=is_building
    )
    reason, detail = clean.reason, clean.detail
    reason[far & (reason == "")] = "bad_coordinates"
    detail[far & (detail == "")] = "lies far outside the region of the district"
    geometry = np.where(reason == "", clean.geometry, None)
    inner = clean.repairs["repair"].eq("inner_point").sum()
    notes = clean.notes
    if inner:
        notes += (
            (
                f"{inner} shapes taken as a point inside each; where they are outlines of areas, list the"
                " file under boundaries too"
            ),
        )
    placed = datum_detection.place(
        geometry, rows.crs, file, table.name, district.crs, trusted.get(datum_detection.reference_of(file))
    )
    frame["geometry"] = placed.geometry
    repairs = _in_square_metres(clean.repairs, raw, clean.geometry, frame["geometry"].to_numpy())
    faulty = reason != ""
    if table.geometry_required:
        if faulty.any():
            frame.loc[faulty, "reason"], frame.loc[faulty, "detail"] = reason[faulty], detail[faulty]
        return placed, repairs, notes + placed.notes
    dropped = (
        (f"{rows_text(rows.index[faulty])} taken without their geometry: {detail[faulty][0]}",)
        if faulty.any()
        else ()
    )
    return placed, repairs, notes + dropped + placed.notes


def _in_square_metres(repairs: pd.DataFrame, raw: RawFile, given: Any, placed: Any) -> pd.DataFrame:
    """Repairs with areas in m²: those of the file's coordinates, at the scale that the finished shape has in
    the district's CRS.
    """
    row_numbers = raw.rows.index.to_numpy()
    read = np.flatnonzero(np.isin(row_numbers, list(raw.mended)))
    of_reader = pd.DataFrame(
        {
            "position": read,
            "repair": [raw.mended[row] for row in row_numbers[read]],
            "detail": "as it was read",
        }
    )
    of_reader["area_after"] = shapely.area(given[read])
    out = pd.concat([part for part in (of_reader, repairs) if len(part)] or [repairs]).reset_index(drop=True)
    where = out["position"].to_numpy(dtype=int)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = shapely.area(placed[where]) / shapely.area(given[where])
    for name in ("area_before", "area_after"):
        out[f"{name}_m2"] = (out[name].to_numpy(dtype=float) if name in out else np.nan) * scale
    return out.assign(source_row=row_numbers[where])[list(MENDED)]


def _with_ids(
    frame: pd.DataFrame, table: Table, placed: datum_detection.Placed | None, district: District
) -> pd.DataFrame:
    """Ids made where the file gives none; `made` tells which."""
    out = frame.copy(deep=False)
    key = table.key[0]
    given = out[key] if key in out else pd.Series(None, index=out.index, dtype="str")
    out["given_id"], out["made"] = given, given.isna()
    if table.name in ids.SHAPE_IDS:
        made = out["made"].to_numpy()
        out[key] = given.astype("str")
        if placed is not None and made.any():
            out.loc[made, key] = ids.from_shapes(placed.lonlat[made], ids.SHAPE_IDS[table.name])
    elif table.name in ids.TEXT_IDS:
        parts = [
            out[name].fillna("") if name in out else pd.Series("", index=out.index)
            for name in ids.TEXT_IDS[table.name]
        ]
        texts = parts[0].str.cat(parts[1:], sep="|")
        made = (
            ids.from_texts(texts, f"{district.code}-", 8)
            if table.name == "register"
            else ids.from_texts(texts, "e")
        )
        out[key] = given.fillna(pd.Series(made, index=out.index))
        nameless = out["made"] & (texts.str.strip("|") == "")
        _refuse(
            out,
            nameless,
            "missing_value",
            f"no {key}, and no {' or '.join(ids.TEXT_IDS[table.name])} to make one from",
        )
    return out


def _place(
    frame: pd.DataFrame, table: Table, polygons: gpd.GeoDataFrame, code: str, rules: PlaceRules
) -> dict[int, str]:
    """Fills the code column in place: where the shape lies; for a register what it says itself, by code or
    name, goes first.

    Gives back, by batch, which buildings lie in no polygon and count to one beside them.
    """
    if code not in table.column_names or code in table.key:
        return {}
    located = pd.Series(None, index=frame.index, dtype="str")
    if "geometry" in frame:
        located = pd.Series(
            places.within(frame["geometry"].to_numpy(), polygons, code), index=frame.index, dtype="str"
        )
    given = places.codes(frame[code], polygons, code) if code in frame else located
    if table.name != "buildings":
        frame[code] = given.fillna(located)
        return {}
    loose = frame.index[located.isna() & (frame["reason"] == "")]
    near, away = places.beside(
        frame.loc[loose, "geometry"].to_numpy(), polygons, code, reach_m=rules.beside_m
    )
    located.loc[loose] = near
    if code == "subdistrict_code":
        detail = f"in none of the subdistricts, nor within {rules.beside_m:g} m of one (rules.place.beside_m)"
        _refuse(frame, located.isna(), "outside_district", detail)
        ground = (
            pd.Series(shapely.area(polygons.geometry.array), index=polygons[code].to_numpy())
            .groupby(level=0)
            .sum()
        )
        if (frame["footprint_area_m2"] > ground.min()).any():
            vast = shapely.area(frame["geometry"].to_numpy()) > located.map(ground)
            _refuse(frame, vast, "too_large", "a footprint larger than its subdistrict")
    frame[code] = located.fillna(given)
    taken = pd.Series(away, index=loose)[located[loose].notna()].sort_values(ascending=False)
    of_batch = taken.groupby(frame.loc[taken.index, "batch"])
    what = code.removesuffix("_code")
    return {
        int(batch): (
            f"{rows_text(sorted(frame.loc[some.index, 'source_row']))} in no {what}: counted to the one with"
            " the largest share of each, or the nearest; farthest off is row"
            f" {frame.loc[some.index[0], 'source_row']}, {some.iloc[0]:.1f} m from {located[some.index[0]]}"
        )
        for batch, some in of_batch
    }


def _refuse(frame: pd.DataFrame, mask: Any, reason: str, detail: Any) -> None:
    """Sets, in place, the reason and detail of those rows of the mask that have none; a detail is text, or a
    Series with theirs.
    """
    free = mask & (frame["reason"] == "")
    if free.any():
        frame.loc[free, "reason"], frame.loc[free, "detail"] = reason, detail


def _repairs(mended: pd.DataFrame, taken: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The repairs of rows that were taken, as the repairs table has them."""
    rows = taken.loc[
        taken["source_row"].isin(mended["source_row"]),
        ["batch", "source_row", "source_file", "source_layer", table.key[0]],
    ]
    rows = rows.rename(columns={table.key[0]: "record_id"}).assign(input=table.name)
    return mended.astype({"batch": int, "source_row": int}).merge(rows, on=["batch", "source_row"])


def _meant_refused(raw: RawFile, file: InputFile) -> pd.DataFrame:
    """Of the rows the reader refused those that `where` means; a record that can't be asked counts as
    meant.
    """
    if not file.where or not len(raw.refused):
        return raw.refused
    parsed = [json.loads(text) for text in raw.refused["raw"]]
    known = pd.Series(
        [isinstance(p, Mapping) and all(c in p for c in file.where) for p in parsed], index=raw.refused.index
    )
    attributes = pd.DataFrame(
        [
            {c: p[c] for c in file.where} if k else dict.fromkeys(file.where)
            for p, k in zip(parsed, known, strict=True)
        ],
        index=raw.refused.index,
    )
    return raw.refused[columns.meant(attributes, file, raw.title) | ~known]


def _rejects(frame: pd.DataFrame, table: Table, batch: _Batch) -> pd.DataFrame:
    """The file's rejected rows, those the reader refused included, as the rejects table has them."""
    source = batch.raw.rows.loc[frame["source_row"]] if len(frame) else batch.raw.rows[:0]
    of_stage = pd.DataFrame({name: frame[name].to_numpy() for name in ("source_row", "reason", "detail")})
    of_stage["record_id"] = frame["given_id"].to_numpy()
    of_stage["raw"] = records.as_json(source, with_geometry=not batch.file.x)
    of_reader = batch.refused.assign(
        record_id=[_id_of(text, table, batch.file) for text in batch.refused["raw"]]
    )
    out = pd.concat([part for part in (of_stage, of_reader) if len(part)] or [of_stage], ignore_index=True)
    return out.assign(input=table.name, source_file=batch.raw.name, source_layer=batch.raw.layer or None)


def _id_of(record: str, table: Table, file: InputFile) -> str | None:
    """The id in a record that the reader refused."""
    fields = json.loads(record)
    value = fields.get(file.columns.get(table.key[0], table.key[0])) if isinstance(fields, Mapping) else None
    return None if value is None else str(value)


def _refuse_whole(table: Table, batch: _Batch, rejected: pd.DataFrame) -> None:
    """Raise SourceError where one reason takes more than half of the file: then the file or its mapping is
    wrong, not the rows.
    """
    everything = len(batch.rows)
    of_its_kinds = everything - int(rejected["reason"].eq("wrong_geometry_type").sum())
    for reason, part in rejected.groupby("reason"):
        rows = everything if reason in OTHER_THINGS else of_its_kinds
        most = rows - 1 if reason in OTHER_THINGS else rows // 2
        if reason in (*MERGED, "replaced") or len(part) < SUSPICIOUS_ROWS or len(part) <= most:
            continue
        numbers = part["source_row"].sort_values()
        raise SourceError(
            f"{batch.raw.title}: {rows_text(numbers)} of {rows} rejected as {reason} for {table.name}, the"
            f" first because: {part.loc[numbers.index[0], 'detail']}; {_remedy(str(reason), table)}"
        )


def _remedy(reason: str, table: Table) -> str:
    return REMEDIES.get(reason, f"{REASONS[reason].rpartition(': ')[2]}").format(key=table.key[0])


def _none_left(batch: _Batch, rejected: pd.DataFrame, table: Table) -> str:
    """Why nothing of a file is taken: for each reason how many rows, which, the first in full, and what to
    do.
    """
    said = []
    for reason, part in rejected.groupby("reason"):
        numbers = part["source_row"].sort_values()
        first = part.loc[numbers.index[0], "detail"]
        said.append(
            f"{rows_text(numbers)} rejected as {reason}, the first because: {first};"
            f" {_remedy(str(reason), table)}"
        )
    if not said:
        wanted = " and ".join(
            f"{column} = {', '.join(map(str, columns.listed(words)))}"
            for column, words in batch.file.where.items()
        )
        there = [
            f"{column} has {columns.most_frequent(batch.raw.rows[column])}"
            for column in batch.file.where
            if len(batch.raw.rows)
        ]
        said.append(
            f"where asks for {wanted}, and none of its {batch.raw.rows_read:,} rows is so; {'; '.join(there)}"
        )
    return f"{batch.raw.title}: no building is left: {'; '.join(said)}"


def _log(batch: _Batch, rejected: pd.DataFrame, *, shared: bool) -> dict[str, Any]:
    merged = int(rejected["reason"].isin(MERGED).sum())
    read = batch.raw.rows_read
    not_meant = read - len(batch.frame) - len(batch.refused)
    return {
        "file": batch.raw.name,
        "layer": batch.raw.layer or None,
        "entry": batch.entry,
        "rows": intake_log.spans(batch.rows) if shared else None,
        "rows_read": read,
        "rows_taken": read - not_meant - len(rejected),
        "rows_rejected": len(rejected) - merged,
        "rows_merged": merged,
        "rows_not_meant": not_meant,
        "rows_before": batch.before,
        "encoding": batch.raw.encoding,
        "crs": batch.raw.crs,
        "datum": batch.placed.datum if batch.placed else None,
        "datum_doubt": batch.placed.doubt if batch.placed else "",
        "notes": [*batch.raw.notes, *batch.notes],
        "doubts": (
            "; ".join(note for note in (*batch.raw.notes, *batch.notes) if isinstance(note, Doubt)) or None
        ),
    }
