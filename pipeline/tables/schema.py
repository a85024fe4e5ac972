"""What a table is, and whether a frame is that table: `conform` makes it so, `validate` and `check_reference`
refuse one that is not.

pandas is imported inside the functions, not at the top: Make reads the tables with the bare python3 of the
machine, before anything is installed, to learn which file feeds which target.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Kind = Literal["text", "integer", "number", "flag", "date", "geometry"]

#: pandas dtype of each kind; a date is ISO 8601 text (2026-11-23), so that it sorts and compares as it reads.
DTYPES: dict[Kind, str] = {
    "text": "str",
    "date": "str",
    "integer": "Int64",
    "number": "float64",
    "flag": "boolean",
}


class TableError(ValueError):
    """A frame does not fit its table's schema; the message names the table, the column and the rows."""


#: A number may be out of its range by this much: a share that was added up comes to 1.0000000000000002.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    """Never null. In an input, a row without it is rejected."""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The only values it may have, each with its meaning; empty: any."""
    at_least: float | None = None
    """The lowest number it may have; None: any. In an input, what is lower counts as not readable."""
    at_most: float | None = None
    """The highest number it may have; None: any. In an input, what is higher counts as not readable."""
    references: str = ""
    """The table whose key it names a row of; "": none."""

    @property
    def range(self) -> str:
        """What numbers it may have, in words; "": any."""
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least:g} to {self.at_most:g}"
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "" if self.at_most is None else f"at most {self.at_most:g}"

    def allows(self, number: float) -> bool:
        """Whether the number is within the range.

        Parameters
        ----------
        number : float
            In the column's unit.

        Returns
        -------
        bool
            A number beyond a bound by no more than ROUNDING is within it.
        """
        low = self.at_least is not None and number < self.at_least - ROUNDING
        return not low and not (self.at_most is not None and number > self.at_most + ROUNDING)


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key, and the geometry it may have."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    origin: Literal["input", "computed"] = "computed"
    geometry_types: tuple[str, ...] = ()
    """Shapely type names the geometry may have; empty: the table has no geometry."""
    geometry_required: bool = True

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [c.name for c in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name.

        Parameters
        ----------
        name : str
            One of `column_names`; StopIteration is raised for any other.

        Returns
        -------
        Column
        """
        return next(c for c in self.columns if c.name == name)


#: Columns that many tables have.
GEOMETRY = Column("geometry", "geometry", "its place, in the district's CRS", "m")
SOURCE_LAYER = Column(
    "source_layer", "text", "its layer, sheet or data set there, where the file has several"
)
SOURCE_ROW = Column("source_row", "integer", "its row there, the first being 1", required=True, at_least=1)
PROVENANCE = (
    Column("source_file", "text", "the raw file the row came from", required=True),
    SOURCE_LAYER,
    SOURCE_ROW,
)

POLYGONS = ("Polygon", "MultiPolygon")
LINES_OR_POLYGONS = ("LineString", "MultiLineString", *POLYGONS)


def input_table(
    name: str,
    meaning: str,
    key: tuple[str, ...],
    *columns: Column,
    types: tuple[str, ...] = (),
    geometry_required: bool = True,
) -> Table:
    """A table that is filled from raw files: every row says which one it came from.

    Parameters
    ----------
    name, meaning : str
    key : tuple of str
        The columns that tell its rows apart.
    *columns : Column
        Its own; PROVENANCE is added, and GEOMETRY where it has types.
    types : tuple of str, default ()
        Shapely type names that its geometry may have; empty: it has none.
    geometry_required : bool, default True

    Returns
    -------
    Table
        Of origin "input".
    """
    geometry = (GEOMETRY,) if types else ()
    return Table(name, meaning, key, (*columns, *PROVENANCE, *geometry), "input", types, geometry_required)


def computed_table(
    name: str,
    meaning: str,
    key: tuple[str, ...],
    *columns: Column,
    types: tuple[str, ...] = (),
    geometry_required: bool = True,
) -> Table:
    """A table that a stage makes.

    Parameters
    ----------
    name, meaning : str
    key : tuple of str
        The columns that tell its rows apart.
    *columns : Column
        GEOMETRY is added where it has types.
    types : tuple of str, default ()
        Shapely type names that its geometry may have; empty: it has none.
    geometry_required : bool, default True

    Returns
    -------
    Table
        Of origin "computed".
    """
    geometry = (GEOMETRY,) if types else ()
    return Table(name, meaning, key, (*columns, *geometry), "computed", types, geometry_required)


def empty(table: Table, crs: object = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """A table with no rows: what a stage gets for an optional input that the district does not have.

    Parameters
    ----------
    table : Table
        Its schema.
    crs : CRS or str, default None
        Of its geometry; None where it has none, or nobody asks.

    Returns
    -------
    GeoDataFrame or DataFrame
        Every column of the schema, in order and typed, with no rows.
    """
    import pandas as pd

    return conform(pd.DataFrame({name: [] for name in table.column_names}), table, crs)


def conform(frame: pd.DataFrame, table: Table, crs: object = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """The frame as its table says: every column, in order, typed, sorted by key, and validated.

    Parameters
    ----------
    frame : DataFrame
        Any of the table's columns; those it lacks are added (null), others dropped. It is not changed.
    table : Table
        Its schema.
    crs : CRS or str, default None
        Of the geometry, where the frame is no GeoDataFrame yet; one that is keeps its own.

    Returns
    -------
    GeoDataFrame or DataFrame
        A GeoDataFrame if the schema has geometry.

    Raises
    ------
    TableError
        Where a value does not fit.
    """
    import geopandas as gpd
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        given = column.name in frame.columns
        if column.kind == "geometry":
            values = frame[column.name] if given else pd.Series(None, index=frame.index, dtype=object)
            crs = getattr(values, "crs", None) or crs
            columns[column.name] = gpd.GeoSeries(values, index=frame.index, crs=crs)
        elif not given:
            columns[column.name] = pd.Series(None, index=frame.index, dtype=DTYPES[column.kind])
        else:
            try:
                columns[column.name] = frame[column.name].astype(DTYPES[column.kind])
            except (TypeError, ValueError) as error:
                raise TableError(
                    f"table {table.name}, column {column.name}: a value is no {column.kind} ({error})"
                ) from error
    out = pd.DataFrame(columns, index=frame.index)
    if table.geometry_types:
        out = gpd.GeoDataFrame(out, geometry="geometry", crs=crs)
    out = (
        out.reset_index(drop=True)
        if rises(out[table.key[0]])
        else out.sort_values(list(table.key), kind="stable", ignore_index=True)
    )
    validate(out, table)
    return out


def validate(frame: pd.DataFrame, table: Table) -> None:
    """Refuse a frame that is not what its schema says.

    Parameters
    ----------
    frame : DataFrame
        Typed already (`conform`).
    table : Table
        Its schema: columns and their order, types, what is required, values, ranges, key, geometry.
        References to other tables are looked at by `check_reference`.

    Raises
    ------
    TableError
        For the first fault: the table, the column, the rows, the value, and what is allowed.
    """
    _validate_columns(frame, table)
    for column in table.columns:
        if column.kind == "geometry":
            _validate_geometry(frame[column.name], table)
        else:
            _validate_values(frame[column.name], column, f"table {table.name}, column {column.name}")
    if not rises(frame[table.key[0]]) and (doubled := frame.duplicated(list(table.key))).any():
        raise TableError(
            f"table {table.name}: {_rows(doubled)} with a key ({', '.join(table.key)}) that was there already"
        )


def check_reference(referring: pd.Series, column: Column, table: Table, known: pd.Series) -> None:
    """Refuse a column that names a row which the table it refers to does not have.

    Parameters
    ----------
    referring : Series of text
        The column of the table; null refers to nothing.
    column : Column
    table : Table
        Which column of which table that is.
    known : Series of text
        The key of the table that it refers to.

    Raises
    ------
    TableError
        The table, the column, the rows, the first key that is not there, and where it is not.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    # Arrow's look-up of text takes a sixteenth of the time of pandas'
    keys, ids = (pa.array(values, pa.large_string(), from_pandas=True) for values in (known, referring))
    lost = referring.notna() & ~pc.is_in(ids, keys).to_numpy(zero_copy_only=False)
    if lost.any():
        raise TableError(
            f"table {table.name}, column {column.name}: {_rows(lost)} with {referring[lost].iloc[0]!r}, which"
            f" table {column.references} does not have"
        )


def rises(values: pd.Series) -> bool:
    """Whether each value is larger than the one before: they are sorted, then, and none is there twice.

    Parameters
    ----------
    values : Series

    Returns
    -------
    bool
        False where any is null.
    """
    array = values.array
    return not array.isna().any() and bool((array[1:] > array[:-1]).all())


def _validate_columns(frame: pd.DataFrame, table: Table) -> None:
    if list(frame.columns) == table.column_names:
        return
    lacks = [name for name in table.column_names if name not in frame.columns]
    more = [str(name) for name in frame.columns if name not in table.column_names]
    said = "; ".join(
        f"{what} {', '.join(names)}"
        for what, names in (("it lacks", lacks), ("it has besides", more))
        if names
    )
    raise TableError(
        f"table {table.name}: its columns are not those of this version:"
        f" {said or 'they stand in another order'}"
    )


def _validate_values(values: pd.Series, column: Column, where: str) -> None:
    if str(values.dtype) != DTYPES[column.kind]:
        raise TableError(f"{where}: {values.dtype} where {column.kind} belongs")
    if column.required and values.isna().any():
        raise TableError(f"{where}: {_rows(values.isna())} without a value")
    if column.values:
        wrong = ~values.isin(list(column.values)) & values.notna()
        if wrong.any():
            raise TableError(
                f"{where}: {_rows(wrong)} with {values[wrong].iloc[0]!r},"
                f" not one of {', '.join(column.values)}"
            )
    if column.range and (beyond := out_of_range(values, column)).any():
        raise TableError(f"{where}: {_rows(beyond)} with {values[beyond].iloc[0]}, not {column.range}")


def out_of_range(values: pd.Series, column: Column) -> pd.Series:
    """A mask of the numbers that the column may not have; null is none of them.

    Parameters
    ----------
    values : Series of numbers
        In the column's unit.
    column : Column
        Its range, each bound widened by ROUNDING.

    Returns
    -------
    Series of bool
        With the index of `values`.
    """
    low = values < (-math.inf if column.at_least is None else column.at_least - ROUNDING)
    high = values > (math.inf if column.at_most is None else column.at_most + ROUNDING)
    return (low | high).fillna(False).astype(bool)


def _validate_geometry(geometry: gpd.GeoSeries, table: Table) -> None:
    import numpy as np
    import shapely

    shapes = geometry.to_numpy()
    kind = shapely.get_type_id(shapes)
    missing = (kind == -1) | shapely.is_empty(shapes)
    if table.geometry_required and missing.any():
        raise TableError(f"table {table.name}: {_rows(missing)} without geometry")
    wrong = ~np.isin(kind, [shapely.GeometryType[name.upper()] for name in table.geometry_types]) & ~missing
    if wrong.any():
        raise TableError(f"table {table.name}: {_rows(wrong)} with a {shapes[wrong][0].geom_type}")


def _rows(mask: pd.Series | NDArray[np.bool_]) -> str:
    import numpy as np

    rows = np.flatnonzero(mask)
    shown = ", ".join(str(r + 1) for r in rows[:5]) + (", …" if len(rows) > 5 else "")
    return f"{len(rows)} row{'s' if len(rows) > 1 else ''} ({shown})"
