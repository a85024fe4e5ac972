"""What a suggested entry takes of its file: it is ingested as it stands, and nothing of that is kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd

from pipeline.config import District, InputFile, Limits, entries
from pipeline.georeferencing.location import located, suited_crs
from pipeline.inspect.inspection import Part
from pipeline.raw.errors import SourceError
from pipeline.raw.file import RawFile
from pipeline.readers.read import read_file
from pipeline.tables import INPUTS, Table

#: The suggested entry of a file with more rows is not tried.
TRIED_MOST = 200_000


class Intake(Protocol):
    """What is looked at of a table that was ingested."""

    @property
    def rows(self) -> pd.DataFrame:
        """The table."""
        ...

    @property
    def rejects(self) -> pd.DataFrame:
        """The table `rejects`: rows that were not taken, those that were merged into another included."""
        ...

    @property
    def log(self) -> list[dict[str, Any]]:
        """Per entry, among others: rows_merged, rows_rejected."""
        ...


class Ingest(Protocol):
    """The stage `ingest`, which this room may not import."""

    def __call__(
        self,
        table: Table,
        raw: Sequence[RawFile],
        files: Sequence[InputFile],
        *,
        district: District,
        subdistricts: gpd.GeoDataFrame | None = None,
        trusted: Mapping[str, gpd.GeoDataFrame] | None = None,
    ) -> Intake:
        """Files that were read, as one input table; SourceError for one that is wrong as a whole."""
        ...


def tried(
    part: Part,
    path: Path,
    *,
    ingest: Ingest,
    district: District | None,
    subdistricts: gpd.GeoDataFrame | None,
    limits: Limits,
) -> Part:
    """The part, with what its suggested entry takes of the file, or with why it is refused.

    Parameters
    ----------
    part : Part
        Of the file at `path`. As it is given back where it has no suggestion, something has to be added to
        it first, or it has more than TRIED_MOST rows.
    path : Path
        The file, archive or folder.
    ingest : Ingest
        pipeline.stages.ingest.ingest.
    district : District or None
        None: there is no configuration, and a CRS in metres is taken that suits where the file lies.
    subdistricts : GeoDataFrame or None
        SUBDISTRICTS of the district, in its CRS, against which other inputs are held; None: not known.
    limits : Limits
        What reading the file may cost.

    Returns
    -------
    Part
        With `trial`, or with `refused_as_it_stands`: where ingest refuses the file, or would take no row.
    """
    if not part.suggestion or part.needs or part.raw is None or part.raw.rows_read > TRIED_MOST:
        return part
    files = list(entries(tomllib.loads(part.suggestion)["inputs"])[part.table])
    try:
        read = [read_file(path, file, name=file.path, limits=limits) for file in files]
        intake = ingest(
            INPUTS[part.table],
            read,
            files,
            district=district or _supposed_district(part, read),
            subdistricts=subdistricts if part.table == "buildings" else None,
            trusted={}
            if subdistricts is None or part.table == "subdistricts"
            else {"subdistricts": subdistricts},
        )
    except SourceError as error:
        return replace(part, refused_as_it_stands=str(error))
    rows, counts = read[0].rows_read, _counts(intake, read[0].rows_read)
    if not len(intake.rows):
        return replace(part, refused_as_it_stands=f"none of its {rows:,} rows would be taken{counts}")
    return replace(part, trial=f"it takes {len(intake.rows):,} of {rows:,} rows{counts}")


def _supposed_district(part: Part, read: Sequence[RawFile]) -> District:
    """A district without a configuration: its CRS, in metres, suits where the file lies."""
    lonlat = part.site.lonlat if part.site else None
    return District("000000", "", "", suited_crs(lonlat) if lonlat else _crs_of(read), date.today())


def _crs_of(read: Sequence[RawFile]) -> str:
    """A CRS in metres for where the files lie; for tables without a place any."""
    for one in read:
        site = located(one, InputFile(one.name), "", None)
        if site is not None and site.lonlat is not None:
            return suited_crs(site.lonlat)
    return "EPSG:4550"


def _counts(intake: Intake, rows: int) -> str:
    """What became of the rows that were not taken, in words: how many were merged, rejected, not meant, and
    the reasons.
    """
    counts = {
        "merged": sum(log["rows_merged"] for log in intake.log),
        "rejected": sum(log["rows_rejected"] for log in intake.log),
        "not meant": rows - len(intake.rows) - len(intake.rejects),
    }
    told = "".join(f", {count:,} {what}" for what, count in counts.items() if count)
    reasons = intake.rejects["reason"].value_counts()
    if len(reasons):
        told += f" ({', '.join(f'{reason} {count:,}' for reason, count in reasons.items())})"
    return told
