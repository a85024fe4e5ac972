"""What a table is, and whether a frame is that table: `conform` makes it so, `validate` refuses one that is
not.

pandas is imported inside the functions, not at the top: Make reads the tables with the bare python3 of the
machine, before anything is installed, to learn which file feeds which target.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

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


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    """Never null. In an input, a row without it is rejected."""
    values: tuple[str, ...] = ()
    """The only values it may have; empty: any."""


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
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


def empty(table: Table, crs: Any = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """A table with no rows: what a stage gets for an optional input that the district does not have."""
    import pandas as pd

    return conform(pd.DataFrame({name: [] for name in table.column_names}), table, crs)


def conform(frame: pd.DataFrame, table: Table, crs: Any = None) -> gpd.GeoDataFrame | pd.DataFrame:
    """The frame as its table says: columns added (null) or dropped, in order, typed, sorted by key,
    validated.

    crs is set on a frame that is not yet a GeoDataFrame; one that is keeps its own.
    Raises TableError where a value does not fit.
    """
    import geopandas as gpd
    import pandas as pd

    columns: dict[str, Any] = {}
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
    """Raise TableError unless the frame is what its schema says: columns, types, required, values, key,
    geometry.
    """
    if list(frame.columns) != table.column_names:
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
    for column in table.columns:
        values = frame[column.name]
        if column.kind == "geometry":
            _validate_geometry(values, table)
            continue
        if str(values.dtype) != DTYPES[column.kind]:
            raise TableError(
                f"table {table.name}, column {column.name}: {values.dtype} where {column.kind} belongs"
            )
        if column.required and values.isna().any():
            raise TableError(
                f"table {table.name}, column {column.name}: {_rows(values.isna())} without a value"
            )
        if column.values:
            wrong = ~values.isin(column.values) & values.notna()
            if wrong.any():
                raise TableError(
                    f"table {table.name}, column {column.name}: {_rows(wrong)} with"
                    f" {values[wrong].iloc[0]!r}, not one of {', '.join(column.values)}"
                )
    if not rises(frame[table.key[0]]) and (doubled := frame.duplicated(list(table.key))).any():
        raise TableError(
            f"table {table.name}: {_rows(doubled)} with a key ({', '.join(table.key)}) that was there already"
        )


def rises(values: pd.Series) -> bool:
    """Whether each value is larger than the one before: they are sorted, then, and none is there twice."""
    array = values.array
    return not array.isna().any() and bool((array[1:] > array[:-1]).all())


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


def _rows(mask: Any) -> str:
    import numpy as np

    rows = np.flatnonzero(mask)
    shown = ", ".join(str(r + 1) for r in rows[:5]) + (", …" if len(rows) > 5 else "")
    return f"{len(rows)} row{'s' if len(rows) > 1 else ''} ({shown})"
