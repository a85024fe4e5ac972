"""One raw file, whatever its format: the only door into the pipeline."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.config import InputFile, Limits
from pipeline.georeferencing import crs
from pipeline.parsing.columns import IDENTIFYING
from pipeline.raw import wording
from pipeline.raw.errors import NoRowsError, SourceError
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.readers import formulas, guarded, tabular, vector
from pipeline.readers.datasets import Dataset, opened
from pipeline.readers.limits import bounded
from pipeline.tables import Table

REMOTE = re.compile(r"^(/vsi|[a-z][a-z0-9+.-]*://|[a-z]{3,}:)", re.IGNORECASE)
#: Formats whose coordinates are longitude and latitude unless they say otherwise.
LONLAT = ("GeoJSON", "GeoJSONSeq", "LIBKML", "OSM")


def read_file(path: Path, file: InputFile, *, name: str, limits: Limits | None = None) -> RawFile:
    """Every row of a file, uninterpreted, with its source row; its geometry in the CRS that the file or
    `file.crs` states.

    `path` ends in `file.path`, and nothing above that is read. `name` is what messages call it (its path in
    RAW). A tabular file with `file.x` and `file.y` gets points. Raises SourceError for a file that is
    missing, of no known format, unreadable, empty, beyond the limits, or whose CRS is missing or does not
    agree with its coordinates.
    """
    limits = limits or Limits()
    root = located(path, file, name)
    try:
        with (
            guarded.reading(path, name, limits),
            opened(path, root, name, layer=file.layer, limits=limits) as data,
        ):
            return bounded(_read(data, file, name, limits), limits)
    except SourceError:
        raise
    except OSError as error:
        raise SourceError(f"{name}: can't be read: {'; '.join(wording.said(error, path))}") from error
    except MemoryError as error:
        raise SourceError(
            f"{name}: its rows do not fit into the memory of this machine; is it damaged? Export it again, or"
            " in parts"
        ) from error
    # a damaged file makes the libraries raise whatever they meet: it must not end in a traceback
    except Exception as error:
        raise SourceError(f"{name}: can't be read: {'; '.join(wording.said(error, path))}") from error


def read_file_or_none(path: Path, file: InputFile, table: Table, *, limits: Limits | None = None) -> RawFile:
    """The same for a table, but a file that has its columns and not one row says what it says: there are none
    (no decisions yet).
    """
    name = Path(file.path).as_posix()
    try:
        return read_file(path, file, name=name, limits=limits)
    except NoRowsError as error:
        if table.name == "buildings":
            raise  # a district without any is a mistake
        # GeoJSON without features has no columns either: then none is missing
        columns = error.columns or {*file.columns.values(), *file.where, *table.column_names} - {"geometry"}
        rows = pd.DataFrame({column: pd.Series(dtype="str") for column in sorted(columns)})
        return RawFile(
            name,
            rows.rename_axis("source_row"),
            pd.DataFrame(columns=list(REFUSED_COLUMNS)),
            0,
            notes=("it has no rows",),
        )


def located(path: Path, file: InputFile, name: str) -> Path:
    """The folder outside of which nothing is read for the file at `path`. Raises SourceError for a name that
    is remote, or of nothing.
    """
    for text in (str(path), file.path, name):
        if REMOTE.match(text):
            raise SourceError(
                f"{name}: names of remote or virtual files are not opened; copy the file into RAW"
            )
    if not (path.is_file() or path.is_dir()):
        raise SourceError(
            f"{name}: {'not a file' if path.exists() else 'no such file'} at {path}; check path in the"
            " configuration, and RAW"
        )
    return path.parents[len(Path(file.path).parts) - 1]


def _read(data: Dataset, file: InputFile, name: str, limits: Limits) -> RawFile:
    if data.driver in ("CSV", "Excel"):
        known = tabular.known_names(file)
        raw = (
            tabular.read_csv(data.path, name, encoding=file.encoding, known=known)
            if data.driver == "CSV"
            else tabular.read_workbook(
                data.path, name, sheet=file.sheet, encoding=file.encoding, known=known, limits=limits
            )
        )
        return (
            crs.stated(crs.points(raw, file), file, standard="EPSG:4326") if file.x else replace(raw, crs="")
        )
    tags = {*file.columns.values(), *file.where}
    raw = vector.read_vector(data, name, encoding=file.encoding, tags=tags, limits=limits)
    named = {source for column, source in file.columns.items() if column.endswith(IDENTIFYING)} & {
        *raw.rows.columns
    }
    ids = named | {column for column in map(str, raw.rows.columns) if column.endswith(IDENTIFYING)}
    raw = replace(raw, rows=formulas.ids_unwrapped(raw.rows, sorted(ids)))
    return crs.stated(raw, file, standard="EPSG:4326" if data.driver in LONLAT else "")
