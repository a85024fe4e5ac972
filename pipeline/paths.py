"""Where tables and logs are kept in OUT."""

from __future__ import annotations

from pathlib import Path


def table_path(out: Path, name: str) -> Path:
    """Where the table of that name is kept.

    Parameters
    ----------
    out : Path
        OUT, the district's folder.
    name : str
        Of the table's schema.

    Returns
    -------
    Path
        A GeoParquet or Parquet file.
    """
    return out / "tables" / f"{name}.parquet"


def intake_path(out: Path, name: str) -> Path:
    """Where is kept what became of an input's rows.

    Parameters
    ----------
    out : Path
        OUT, the district's folder.
    name : str
        Of the input.

    Returns
    -------
    Path
        A JSON file.
    """
    return out / "tables" / f"{name}.intake.json"
