"""One entry of the configuration on its way: the rows of its file that it means, parsed and georeferenced."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from pipeline.config import District, InputFile
from pipeline.conflation import footprints, ids
from pipeline.georeferencing import datum_detection
from pipeline.parsing import columns, grades
from pipeline.raw.errors import rows_text
from pipeline.raw.file import RawFile
from pipeline.stages.ingest.georeference import MENDED, georeference
from pipeline.stages.ingest.identify import identify
from pipeline.stages.ingest.refusing import refuse
from pipeline.tables import Table

#: What a required column has where a file says nothing.
DEFAULTS: dict[str, dict[str, object]] = {"buildings": {"use": "residential"}}


@dataclass(frozen=True)
class Entry:
    """The rows of one entry: candidates with reason and detail ("" while they stand), and what was set
    aside.
    """

    raw: RawFile
    file: InputFile
    number: int
    """Its place in the configuration, from 1."""
    refused: pd.DataFrame
    """The rows that the reader refused."""
    frame: pd.DataFrame
    """The candidates."""
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

    @property
    def layer(self) -> tuple[str, str]:
        """The file and layer that it reads."""
        return self.raw.name, self.raw.layer


@dataclass(frozen=True)
class _Claim:
    """The rows of a layer that an entry has."""

    rows: pd.DataFrame
    refused: pd.DataFrame
    before: list[int]
    """Rows that it means too, but that an earlier entry has."""

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.before:
            return ()
        said = rows_text(sorted(self.before))
        return (f"{said} not taken again: an earlier entry for the same rows has them",)


def read_entry(
    table: Table,
    raw: RawFile,
    file: InputFile,
    number: int,
    *,
    earlier: Sequence[Entry],
    district: District,
    trusted: Mapping[str, gpd.GeoDataFrame],
) -> Entry:
    """One file parsed and georeferenced, each row with an id, or a reason why it is not taken.

    Parameters
    ----------
    table : Table
        The table that the rows are for.
    raw : RawFile
    file : InputFile
        Its entry in the configuration.
    number : int
        That entry's place there, from 1.
    earlier : sequence of Entry
        The entries above this one: a row of a layer belongs to the first that means it.
    district : District
        Its CRS is the one that geometry comes out in.
    trusted : mapping of str to GeoDataFrame
        Inputs by name, against which CRS and datum are held.

    Returns
    -------
    Entry

    Raises
    ------
    SourceError
        The file is wrong as a whole: a column missing, no geometry, a CRS or datum that can't be.
    """
    claim = _claim(raw, file, earlier)
    frame, parsing_notes = _parse(claim.rows, raw, file, table)
    placed, repairs = None, pd.DataFrame(columns=list(MENDED))
    shape_notes: tuple[str, ...] = ()
    if table.geometry_types:
        placed, repairs, shape_notes = georeference(
            frame, table, replace(raw, rows=claim.rows), file, district_crs=district.crs, trusted=trusted
        )
    notes = parsing_notes + claim.notes + shape_notes
    frame = identify(_complete(frame, table, district), table, placed, district)
    return Entry(raw, file, number, claim.refused, frame, repairs, notes, placed, len(claim.before))


def _claim(raw: RawFile, file: InputFile, earlier: Sequence[Entry]) -> _Claim:
    """The rows that `where` means, without those that an earlier entry for the same layer has."""
    claimed = [row for entry in earlier if entry.layer == (raw.name, raw.layer) for row in entry.rows]
    meant, had = columns.meant(raw.rows, file), raw.rows.index.isin(claimed)
    refused = _meant_refused(raw, file)
    refused_before = refused["source_row"].isin(claimed)
    before = [*raw.rows.index[meant & had], *refused["source_row"][refused_before]]
    return _Claim(raw.rows[meant & ~had], refused[~refused_before], before)


def _meant_refused(raw: RawFile, file: InputFile) -> pd.DataFrame:
    """Of the rows the reader refused those that `where` means.

    A record that does not have the columns of `where` counts as meant.
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
    return raw.refused[columns.meant(attributes, file) | ~known]


def _parse(
    rows: pd.DataFrame, raw: RawFile, file: InputFile, table: Table
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """These rows in the columns of the table, with source, reason and detail; and notes."""
    made = tuple(
        name for name in (table.key[0],) if table.name in ids.SHAPE_IDS or table.name in ids.TEXT_IDS
    )
    made += ("footprint_area_m2",) if table.name == "buildings" else ()
    typed = columns.typed(rows, file, table, made=made, defaults=DEFAULTS.get(table.name, {}))
    frame = typed.frame.reset_index(drop=True)
    frame["source_file"], frame["source_layer"] = raw.name, raw.layer or None
    frame["source_row"] = rows.index.to_numpy()
    frame["reason"], frame["detail"] = "", ""
    if (typed.reason != "").any():
        frame["reason"], frame["detail"] = typed.reason.to_numpy(), typed.detail.to_numpy()
    return frame, typed.notes


def _complete(frame: pd.DataFrame, table: Table, district: District) -> pd.DataFrame:
    """Set the columns that follow from others: footprints of buildings, grades of barriers.

    Refuses footprints that are too thin or too large.
    """
    if table.name == "barriers":
        return grades.completed(frame)
    if table.name != "buildings":
        return frame
    shapes = frame["geometry"].to_numpy()
    frame = footprints.completed(frame, shapes, district.crs)
    refuse(frame, footprints.collapsed(shapes), "zero_area", "a footprint thinner than 1 cm")
    vast = frame["footprint_area_m2"] > footprints.LARGEST_M2
    large = (
        f"a footprint of {{:,.0f}} m², more than the {footprints.LARGEST_M2:,.0f} m² that a building may have"
    )
    refuse(frame, vast, "too_large", frame.loc[vast, "footprint_area_m2"].map(large.format))
    return frame
