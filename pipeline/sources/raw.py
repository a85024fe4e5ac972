"""One raw file as it was read: every row of it, nothing interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

REFUSED_COLUMNS = ("source_row", "reason", "detail", "raw")


@dataclass(frozen=True)
class RawFile:
    """The rows of one file."""

    name: str
    """File name relative to RAW, as printed."""
    rows: pd.DataFrame | gpd.GeoDataFrame
    """Every row the reader took, with the file's own columns; the index is the row's number in the file, the first being 1."""
    refused: pd.DataFrame
    """Rows the reader could not take: source_row, reason (a code of docs/rejects.md), detail, raw (the record as JSON)."""
    rows_read: int
    """len(rows) + len(refused)."""
    encoding: str = ""
    """Encoding of the text, and why it was chosen."""
    crs: str = ""
    """CRS of the coordinates, and who says so; empty for a file without coordinates."""
    notes: tuple[str, ...] = ()
    """What was done to the file that its owner should know."""
