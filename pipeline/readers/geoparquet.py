"""GeoParquet, one file or a folder of parts, without GDAL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from pipeline.config import Limits
from pipeline.raw import display, wording
from pipeline.raw.errors import SourceError, near
from pipeline.readers import nesting

#: What GeoParquet takes coordinates for where `crs` is not there (where it is null, they have none).
STANDARD = "OGC:CRS84"
#: Layouts of Arrow's own.
NATIVE = ("point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon")
#: A row with a polygon takes no less.
ROW_LEAST_BYTES = 93
#: Smaller tables may be packed however tightly.
RATIO_FROM_BYTES = 10_000_000


def read(
    path: Path, *, limits: Limits
) -> tuple[pa.Table, NDArray[np.object_], Mapping[str, object] | str | None]:
    """Attributes, geometry and CRS of a GeoParquet.

    Parameters
    ----------
    path : Path
        A file, or a folder of parts, which follow each other in the order of their names; folders in it that
        are called column=value give a column.
    limits : Limits

    Returns
    -------
    table : pyarrow.Table
        The attributes.
    wkb : object array of bytes, shape (n,)
        None: no geometry; b"": a shape that is none.
    crs : PROJJSON as dict, str or None
        As it is stated, else STANDARD.

    Raises
    ------
    SourceError
        Where it can't be read, has no geometry, has or unpacks to more than the limits, or its parts differ.
    """
    import pyarrow.parquet as pq

    try:
        parts = [Path(file) for file in pq.ParquetDataset(path).files]
        _check_parts(parts, path)
        for part in parts:
            _check_packing(part, limits)
        data = pq.ParquetDataset(
            path, read_dictionary=sorted({column for part in parts for column in _repeating(part)})
        )
        table = _spelled_out(
            data.read(use_pandas_metadata=False), sum(part.stat().st_size for part in parts), limits
        )
        geo = _geo(table.schema)
        column = str(geo.get("primary_column", ""))
        meta = geo["columns"].get(column)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        reason, remedy = wording.said(error, path)
        raise SourceError(f"can't be read as GeoParquet: {reason}; {remedy}") from error
    if not isinstance(meta, dict) or column not in table.column_names:
        raise SourceError(
            "can't be read as GeoParquet: it states no geometry column; export it again with geometry"
        )
    wkb = _wkb(table, column, meta)
    others = [extra for extra in geo["columns"] if extra in table.column_names]
    index = [c for c in table.column_names if c.startswith("__index_level_")]
    return table.drop_columns([*others, *index]), wkb, meta.get("crs", STANDARD)


def _check_parts(files: list[Path], folder: Path) -> None:
    import pyarrow.parquet as pq

    first, *rest = [pq.read_schema(file) for file in files]
    for file, schema in zip(files[1:], rest, strict=True):
        parts = [f.relative_to(folder).as_posix() for f in files]
        if _stated(first) != _stated(schema):
            raise SourceError(
                f"its parts {parts[0]} and {file.relative_to(folder).as_posix()} differ in their"
                " geometry column or its CRS; export them again in one CRS, or give each an entry of its own"
                " with layer"
            )
        if differing := set(first.names) ^ set(schema.names):
            raise SourceError(
                f"its parts have different columns ({', '.join(sorted(differing)[:5])}), so they are"
                f" no parts of one table; say which is meant with layer; {near('', parts)}"
            )


def _check_packing(file: Path, limits: Limits) -> None:
    """Raise SourceError for a file whose rows would take far more memory than it has bytes: one value can
    stand for millions of rows.
    """
    import pyarrow.parquet as pq

    footer = pq.read_metadata(file)
    if footer.num_rows > limits.rows_max:
        raise SourceError(
            f"{footer.num_rows:,} rows, more than limits.rows_max = {limits.rows_max:,}; give it in parts"
        )
    sizes = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    least = max(sizes, footer.num_rows * ROW_LEAST_BYTES)
    _check_ratio(least, file.stat().st_size, footer.num_rows, limits)


def _check_ratio(unpacked: int, packed: int, rows: int, limits: Limits) -> None:
    if unpacked > max(RATIO_FROM_BYTES, limits.unpack_ratio_max * packed):
        raise SourceError(
            f"{rows:,} rows unpack to more than limits.unpack_ratio_max = {limits.unpack_ratio_max:g}"
            " times the size of the file; is it damaged? Export it again, or raise the limit"
        )


def _repeating(file: Path) -> set[str]:
    """Columns of text or bytes whose rows may all point to a few values: these are read as they are kept."""
    import pyarrow.parquet as pq

    footer = pq.read_metadata(file)
    groups = (footer.row_group(i) for i in range(footer.num_row_groups))
    columns = (group.column(j) for group in groups for j in range(group.num_columns))
    return {
        column.path_in_schema
        for column in columns
        if column.physical_type == "BYTE_ARRAY"
        and "RLE_DICTIONARY" in column.encodings
        and "." not in column.path_in_schema
    }


def _spelled_out(table: pa.Table, packed: int, limits: Limits) -> pa.Table:
    """The table with each value where it belongs. Raises SourceError where that takes far more memory than
    the file has bytes.
    """
    total = 0
    for i, field in enumerate(table.schema):
        if not pa.types.is_dictionary(field.type):
            continue
        column = table.column(i)
        if any(
            is_long(field.type.value_type)
            for is_long in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary)
        ):
            for chunk in column.chunks:
                lengths = pc.fill_null(pc.binary_length(chunk.dictionary), 0).to_numpy(zero_copy_only=False)
                used = np.bincount(chunk.indices.drop_null().to_numpy(), minlength=len(lengths))
                total += int(used @ lengths)
            _check_ratio(total, packed, table.num_rows, limits)
        table = table.set_column(
            i, field.with_type(field.type.value_type), column.cast(field.type.value_type)
        )
    return table


def _geo(schema: pa.Schema) -> dict[str, Any]:
    """What GeoParquet states in the footer: primary_column, and columns by name. Raises ValueError for
    something else.
    """
    try:
        geo = json.loads((schema.metadata or {}).get(b"geo", b'{"columns": {}}'))
    except (ValueError, RecursionError) as error:
        raise ValueError("what it states of its geometry can't be understood") from error
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise ValueError("what it states of its geometry is not GeoParquet")
    return geo


def _stated(schema: pa.Schema) -> tuple[str, object]:
    """The geometry column of a part, and its CRS as it is written."""
    geo = _geo(schema)
    column = str(geo.get("primary_column", ""))
    meta = geo["columns"].get(column)
    return column, meta.get("crs", STANDARD) if isinstance(meta, dict) else None


def _wkb(table: pa.Table, column: str, meta: dict[str, Any]) -> NDArray[np.object_]:
    """The geometry as WKB, whatever it is encoded in: WKB, WKT or a layout of Arrow's own; b"" for a shape
    that is none.
    """
    values, kind = table.column(column), table.schema.field(column).type
    if isinstance(kind, pa.BaseExtensionType):
        values, kind = values.cast(kind.storage_type), kind.storage_type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        wkb: NDArray[np.object_] = values.cast(pa.large_binary()).to_numpy(zero_copy_only=False)
        return wkb
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _of_wkt(values.cast(pa.large_string()).to_numpy(zero_copy_only=False))
    encoding = str(meta.get("encoding") or "").lower().removeprefix("geoarrow.")
    if encoding not in NATIVE:
        raise SourceError(
            f"its geometry is in the encoding {display.escaped(encoding)!r}, which is not read here;"
            " export it as WKB"
        )
    field = pa.field(column, kind, metadata={b"ARROW:extension:name": f"geoarrow.{encoding}".encode()})
    return _of_native(pa.table([values], schema=pa.schema([field])))


def _of_wkt(texts: NDArray[np.object_]) -> NDArray[np.object_]:
    """WKB of WKT; b"" for a text that is none, or nests too deep."""
    there = np.array([text is not None for text in texts], dtype=bool)
    deep = np.array(
        [
            text is not None and text.count("(") > nesting.DEEPEST and _depth(text) > nesting.DEEPEST
            for text in texts
        ],
        dtype=bool,
    )
    with np.errstate(invalid="ignore"):
        shallow = np.where(deep, np.array(None, dtype=object), texts)
        wkb = shapely.to_wkb(shapely.from_wkt(shallow, on_invalid="ignore"))
    out = np.full(len(texts), None, dtype=object)
    out[there] = [b"" if one is None else one for one in wkb[there]]
    return out


def _depth(text: str) -> int:
    """How deep the brackets of a text are nested."""
    steps = np.zeros(128, dtype=np.int32)
    steps[[ord("("), ord(")")]] = 1, -1
    return int(
        np.cumsum(steps[np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)]).max(initial=0)
    )


def _of_native(table: pa.Table) -> NDArray[np.object_]:
    """WKB of a column in a layout of Arrow's; of all rows at once, or one by one where one of them can't be
    made into a shape.
    """
    import geopandas as gpd

    try:
        return np.asarray(shapely.to_wkb(gpd.GeoDataFrame.from_arrow(table).geometry.array))
    except Exception:  # GEOS and Arrow have errors of their own
        if table.num_rows < 2:
            return np.array([b""] * table.num_rows, dtype=object)
    half = table.num_rows // 2
    return np.concatenate(
        [_of_native(part.combine_chunks()) for part in (table.slice(0, half), table.slice(half))]
    )
