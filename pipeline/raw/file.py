"""One raw file as it was read: every row of it, nothing interpreted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.geometry.arrays import Integers

REFUSED_COLUMNS = ("source_row", "reason", "detail", "raw")


class Doubt(str):
    """A note on something that was read in one of several ways, or not at all, and wants a look: it is also
    in checks.csv.
    """

    __slots__ = ()


@dataclass(frozen=True)
class RawFile:
    """The rows of one file, nothing interpreted yet."""

    rows: pd.DataFrame | gpd.GeoDataFrame
    """Every row the reader took, with the file's own columns; the index is the row's number in the file, the
    first being 1.
    """
    refused: pd.DataFrame
    """Rows the reader could not take: source_row, reason (a code of docs/rejects.md), detail, raw (the record
    as JSON).
    """
    rows_read: int
    """len(rows) + len(refused)."""
    encoding: str = ""
    """Encoding of the text, and why it was chosen."""
    crs: str = ""
    """CRS of the coordinates, and who says so; empty for a file without coordinates."""
    notes: tuple[str, ...] = ()
    """What was done to the file that its owner should know."""
    mended: Mapping[int, str] = field(default_factory=dict)
    """Source row → the repair (a code of docs/rejects.md) without which its geometry could not have been read
    at all.
    """
    name: str = ""
    """File name relative to RAW, as printed; `pipeline.readers.read.read_file` knows it, no reader does."""
    layer: str = ""
    """The layer, sheet or data set that was read, as the file calls it; empty where the file has only one."""

    @property
    def title(self) -> str:
        """What messages call it: the file, and the layer where it has several."""
        return f"{self.name}, {self.layer}" if self.layer else self.name


@dataclass(frozen=True)
class Layer:
    """What a driver gave for one layer, geometry not decoded yet; one row a feature in each attribute."""

    attributes: pd.DataFrame
    """The layer's own columns."""
    wkb: NDArray[np.object_]
    """Geometry as WKB, shape (n,); None: none."""
    crs: Mapping[str, object] | str | None
    """What the file states, as `pipeline.georeferencing.crs.known` takes it."""
    notes: tuple[str, ...] = ()
    """What was done to the file that its owner should know."""
    encoding: str = "utf-8"
    """Encoding of the text, and why it was chosen."""
    failed: Mapping[int, str] = field(default_factory=dict)
    """Places (from 1) of rows that could not be read at all, and why."""
    curved: tuple[int, ...] = ()
    """Places (from 1) of rows whose curves were made into short straight lines."""
    wound: tuple[int, ...] = ()
    """Places (from 1) of rows in which rings inside others, wound like them, were made holes."""
    numbers: Integers | None = None
    """The number of each row in the file, where the file numbers them itself; shape (n,)."""
    name: str = ""
    """The layer's name, where the file has several."""
