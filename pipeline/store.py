"""Reading and writing the stage tables, each as one GeoParquet file; a file is whole or not there.

Only the commands use this module: stages get tables and give tables.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from pipeline.files import whole, write
from pipeline.paths import intake_path, table_path
from pipeline.tables import TABLES, Table, TableError, check_reference, conform, references, validate

#: What the log of one raw file must say.
INTAKE_COLUMNS = (
    *(
        "file",
        "layer",
        "entry",
        "rows",
        "rows_read",
        "rows_taken",
        "rows_merged",
        "rows_rejected",
        "rows_not_meant",
        "rows_before",
    ),
    *("datum", "datum_doubt", "overlaps", "beside", "doubts"),
)


def write_table(frame: pd.DataFrame, folder: Path, name: str, *, without: Collection[str] = ()) -> None:
    """Validate a table and write it.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
    folder : Path
        Where tables are kept; those that it refers to are looked at there.
    name : str
        Of its schema.
    without : collection of str, default ()
        Inputs that this district lacks, whatever lies in the folder.

    Raises
    ------
    TableError
        If it is not what its schema says, or a reference from or to it leads nowhere.
    WriteError
        If the disk does not take it.
    """
    table = TABLES[name]
    validate(frame, table)
    _check_references(frame, table, folder, without)
    with whole(table_path(folder, name)) as part:
        frame.to_parquet(part, index=False)
        if pq.read_metadata(part).num_rows != len(frame):
            raise OSError(errno.EIO, "fewer rows than were written")


def _check_references(frame: pd.DataFrame, table: Table, folder: Path, without: Collection[str]) -> None:
    """Raises TableError for a reference from or to the table that leads nowhere, the other table being there.

    A table that is not there, or has no rows, is an optional input that the district lacks.
    """
    for referring, column, referred in references(table):
        if referring.name in without or referred.name in without:
            continue
        given = _column_of(frame, table, folder, referring, column.name)
        known = _column_of(frame, table, folder, referred, referred.key[0])
        if given is not None and known is not None and len(known):
            check_reference(given, column, referring, known)


def _column_of(frame: pd.DataFrame, table: Table, folder: Path, wanted: Table, name: str) -> pd.Series | None:
    """A column of the table about to be written, or of one that is there; None: it is not."""
    if wanted == table:
        return frame[name]
    path = table_path(folder, wanted.name)
    # not pandas' reader, which takes ten times as long for a column
    return pq.ParquetFile(path).read(columns=[name])[name].to_pandas() if path.exists() else None


def read_table(folder: Path, name: str) -> gpd.GeoDataFrame | pd.DataFrame:
    """Read and validate a table.

    Parameters
    ----------
    folder : Path
        Where tables are kept.
    name : str
        Of its schema.

    Returns
    -------
    GeoDataFrame or DataFrame
        GeoDataFrame if the schema has a geometry, in the CRS that it was written in.

    Raises
    ------
    TableError
        If it is not there, or was written by another version.
    """
    table = TABLES[name]
    path = table_path(folder, name)
    if not path.exists():
        raise TableError(f"{path} is not there yet: run `make`, which makes it first")
    frame = gpd.read_parquet(path) if table.geometry_types else pd.read_parquet(path)
    return _conformed(frame, table, path)


def _conformed(frame: pd.DataFrame, table: Table, path: Path) -> pd.DataFrame:
    try:
        return conform(frame, table)
    except TableError as error:
        raise TableError(
            f"{path}: {error}; it was written by another version: run `make clean`, then `make`"
        ) from error


def write_intake(
    log: Sequence[Mapping[str, object]],
    rejects: pd.DataFrame,
    repairs: pd.DataFrame,
    folder: Path,
    name: str,
) -> None:
    """Write what became of every row of an input, beside the input's table.

    Parameters
    ----------
    log : sequence of mapping
        One for each entry of the configuration (`stages.ingest.Intake.log`).
    rejects : DataFrame
        REJECTS of this input.
    repairs : DataFrame
        REPAIRS of this input.
    folder : Path
        Where tables are kept.
    name : str
        Of the input.

    Raises
    ------
    WriteError
        If the disk does not take it.
    """
    record = {"files": log, "rejects": rejects.to_dict("records"), "repairs": repairs.to_dict("records")}
    write(
        intake_path(folder, name),
        (json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n").encode(),
    )


def read_repairs(folder: Path, names: list[str]) -> pd.DataFrame:
    """The repairs of these inputs.

    Parameters
    ----------
    folder : Path
        Where tables are kept.
    names : list of str
        Inputs that were ingested.

    Returns
    -------
    DataFrame
        REPAIRS.
    """
    table = TABLES["repairs"]
    records = [json.loads(intake_path(folder, name).read_text(encoding="utf-8")) for name in names]
    repairs = [row for record in records for row in record["repairs"]]
    return conform(pd.DataFrame(repairs, columns=table.column_names), table)


def read_intakes(folder: Path, names: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The logs and the rejects of these inputs.

    Parameters
    ----------
    folder : Path
        Where tables are kept.
    names : list of str
        Inputs that were ingested.

    Returns
    -------
    logs : DataFrame
        One row an entry of the configuration; columns `input` and INTAKE_COLUMNS.
    rejects : DataFrame
        REJECTS.
    """
    files: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    for name in names:
        record = json.loads(intake_path(folder, name).read_text(encoding="utf-8"))
        files += [{"input": name, **file} for file in record["files"]]
        rejects += record["rejects"]
    table = TABLES["rejects"]
    return pd.DataFrame(files, columns=["input", *INTAKE_COLUMNS]), conform(
        pd.DataFrame(rejects, columns=table.column_names), table
    )
