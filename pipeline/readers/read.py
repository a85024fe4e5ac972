"""One raw file, whatever its format: every file of RAW is read through `read_file`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.config import InputFile, Limits
from pipeline.georeferencing import crs
from pipeline.parsing.columns import IDENTIFYING
from pipeline.raw import wording
from pipeline.raw.errors import NoRowsError, SourceError, about
from pipeline.raw.file import REFUSED_COLUMNS, RawFile
from pipeline.raw.formats import BY_DRIVER
from pipeline.readers import formulas, guarded, tabular, vector
from pipeline.readers.datasets import Dataset, opened
from pipeline.readers.limits import bounded
from pipeline.tables import Table

REMOTE = re.compile(r"^(/vsi|[a-z][a-z0-9+.-]*://|[a-z]{3,}:)", re.IGNORECASE)


def read_file(path: Path, file: InputFile, *, name: str, limits: Limits | None = None) -> RawFile:
    """Every row of a file, uninterpreted, with its source row.

    Parameters
    ----------
    path : Path
        Ends in `file.path`; nothing above that is read.
    file : InputFile
        Its entry in the configuration.
    name : str
        What messages call it (its path in RAW).
    limits : Limits, optional
        None: the defaults.

    Returns
    -------
    RawFile
        Its geometry in the CRS that the file or `file.crs` states; a tabular file with `file.x` and `file.y`
        gets points.

    Raises
    ------
    SourceError
        For a file that is missing, of no known format, unreadable, empty, beyond the limits, or whose CRS
        can't be used.
    """
    limits = limits or Limits()
    with about(name):
        root = located(path, file, name)
        with (
            _errors_as_source_errors(path),
            guarded.reading(path, name, limits),
            opened(path, root, layer=file.layer, limits=limits) as data,
        ):
            rows = _rows(data, file, limits)
            placed = _georeferenced(rows, file, data.driver)
            return replace(bounded(placed, limits), name=name)


@contextmanager
def _errors_as_source_errors(path: Path) -> Iterator[None]:
    """Whatever a library raises while the block runs, as a SourceError: a damaged file must not end in a
    traceback.
    """
    try:
        yield
    except SourceError:
        raise
    except MemoryError as error:
        raise SourceError(
            "its rows do not fit into the memory of this machine; is it damaged? Export it again, or in parts"
        ) from error
    except Exception as error:
        raise SourceError(f"can't be read: {'; '.join(wording.said(error, path))}") from error


def read_file_or_none(path: Path, file: InputFile, table: Table, *, limits: Limits | None = None) -> RawFile:
    """`read_file` for a table, whose file may have its columns and not one row (no decisions yet).

    Parameters
    ----------
    path : Path
        Ends in `file.path`.
    file : InputFile
        Its entry in the configuration.
    table : Table
    limits : Limits, optional
        None: the defaults.

    Returns
    -------
    RawFile
        Without rows where the file has none, and with a note that says so.

    Raises
    ------
    SourceError
        As `read_file` does; for buildings also where there are none: a district without any is a mistake.
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
        nothing = pd.DataFrame(columns=list(REFUSED_COLUMNS))
        return RawFile(rows.rename_axis("source_row"), nothing, 0, notes=("it has no rows",), name=name)


def located(path: Path, file: InputFile, name: str) -> Path:
    """The folder outside of which nothing is read for a file.

    Parameters
    ----------
    path : Path
        Ends in `file.path`.
    file : InputFile
        Its entry in the configuration.
    name : str
        What messages call it.

    Returns
    -------
    Path

    Raises
    ------
    SourceError
        For a name that is remote, or of nothing.
    """
    for text in (str(path), file.path, name):
        if REMOTE.match(text):
            raise SourceError("names of remote or virtual files are not opened; copy the file into RAW")
    if not (path.is_file() or path.is_dir()):
        raise SourceError(
            f"{'not a file' if path.exists() else 'no such file'} at {path}; check path in the"
            " configuration, and RAW"
        )
    return path.parents[len(Path(file.path).parts) - 1]


def _rows(data: Dataset, file: InputFile, limits: Limits) -> RawFile:
    """The rows of an opened data set, uninterpreted, by the reader of its format."""
    known = tabular.known_names(file)
    if data.driver == "CSV":
        return tabular.read_csv(data.path, encoding=file.encoding, known=known)
    if data.driver == "Excel":
        return tabular.read_workbook(
            data.path, sheet=file.sheet, encoding=file.encoding, known=known, limits=limits
        )
    tags = {*file.columns.values(), *file.where}
    raw = vector.read_vector(data, encoding=file.encoding, tags=tags, limits=limits)
    there = [str(column) for column in raw.rows.columns]
    mapped = {source for column, source in file.columns.items() if column.endswith(IDENTIFYING)}
    ids = sorted(column for column in there if column in mapped or column.endswith(IDENTIFYING))
    return replace(raw, rows=formulas.ids_unwrapped(raw.rows, ids))


def _georeferenced(raw: RawFile, file: InputFile, driver: str) -> RawFile:
    """The rows with points, where a table has columns for them, and with the CRS that the file or its entry
    states.
    """
    with about(part=raw.layer):
        read_as = BY_DRIVER[driver]
        if not read_as.table:
            return crs.stated(raw, file, standard=crs.WGS84 if read_as.lonlat else "")
        return crs.stated(crs.points(raw, file), file, standard=crs.WGS84) if file.x else replace(raw, crs="")
