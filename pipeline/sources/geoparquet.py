"""GeoParquet, one file or a folder of parts, without GDAL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely

from pipeline.config import Limits
from pipeline.sources import shown
from pipeline.sources.errors import SourceError, near

#: What GeoParquet takes coordinates for where `crs` is not there (where it is null, they have none).
STANDARD = "OGC:CRS84"
#: A row with a polygon takes no less.
ROW_LEAST_BYTES = 93
#: Smaller tables may be packed however tightly.
RATIO_FROM_BYTES = 10_000_000


def read(path: Path, name: str, *, ratio_max: float = Limits.unpack_ratio_max) -> tuple[Any, Any, Any]:
    """The attributes as an Arrow table, the geometry as WKB, the CRS. Parts follow each other in the order of their names.

    Folders called column=value give a column. Raises SourceError where it can't be read, has no geometry, unpacks to more than
    ratio_max times its size, or its parts differ.
    """
    import pyarrow.parquet as pq

    try:
        data = pq.ParquetDataset(path)
        parts = [Path(file) for file in data.files]
        _check_parts(parts, path, name)
        for part in parts:
            _check_packing(part, name, ratio_max)
        table = data.read(use_pandas_metadata=False)
        geo = _geo(table.schema)
        column = str(geo.get("primary_column", ""))
        meta = geo["columns"].get(column)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        reason = shown.escaped(next(iter(str(error).splitlines()), type(error).__name__).replace(str(path), name))
        raise SourceError(f"{name}: can't be read as GeoParquet: {reason}; export it again with geometry") from error
    if not isinstance(meta, dict) or column not in table.column_names:
        raise SourceError(f"{name}: can't be read as GeoParquet: it states no geometry column; export it again with geometry")
    wkb = _wkb(table, column, meta)
    others = [extra for extra in geo["columns"] if extra in table.column_names]
    index = [c for c in table.column_names if c.startswith("__index_level_")]
    return table.drop_columns([*others, *index]), wkb, _crs(meta, name)


def _check_parts(files: list[Path], folder: Path, name: str) -> None:
    import pyarrow.parquet as pq

    first, *rest = [pq.read_schema(file) for file in files]
    for file, schema in zip(files[1:], rest, strict=True):
        parts = [f.relative_to(folder).as_posix() for f in files]
        if _stated(first) != _stated(schema):
            raise SourceError(
                f"{name}: its parts {parts[0]} and {file.relative_to(folder).as_posix()} differ in their geometry column or its CRS; "
                "export them again in one CRS, or give each an entry of its own with layer"
            )
        if differing := set(first.names) ^ set(schema.names):
            raise SourceError(
                f"{name}: its parts have different columns ({', '.join(sorted(differing)[:5])}), so they are no parts of one table; "
                f"say which is meant with layer; {near('', parts)}"
            )


def _check_packing(file: Path, name: str, ratio_max: float) -> None:
    """Raise SourceError for a file whose rows would take far more memory than it has bytes: one value can stand for millions of rows."""
    import pyarrow.parquet as pq

    footer = pq.read_metadata(file)
    sizes = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    least = max(sizes, footer.num_rows * ROW_LEAST_BYTES)
    if least > max(RATIO_FROM_BYTES, ratio_max * file.stat().st_size):
        raise SourceError(
            f"{name}: {footer.num_rows:,} rows unpack to more than limits.unpack_ratio_max = {ratio_max:g} times the size of the file; "
            "is it damaged? Export it again, or raise the limit"
        )


def _geo(schema: Any) -> dict[str, Any]:
    """What GeoParquet states in the footer: primary_column, and columns by name. Raises ValueError for something else."""
    geo = json.loads((schema.metadata or {}).get(b"geo", b'{"columns": {}}'))
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise ValueError("what it states of its geometry is not GeoParquet")
    return geo


def _stated(schema: Any) -> Any:
    """The geometry column of a part, and its CRS as it is written."""
    geo = _geo(schema)
    column = str(geo.get("primary_column", ""))
    meta = geo["columns"].get(column)
    return column, meta.get("crs", STANDARD) if isinstance(meta, dict) else None


def _wkb(table: Any, column: str, meta: dict[str, Any]) -> Any:
    if meta.get("encoding", "WKB") == "WKB":
        return table.column(column).cast(pa.large_binary()).to_numpy(zero_copy_only=False)
    import geopandas as gpd

    frame = gpd.GeoDataFrame.from_arrow(table.select([column]), geometry=column)
    return np.asarray(shapely.to_wkb(frame.geometry.array))


def _crs(meta: dict[str, Any], name: str) -> Any:
    stated = meta.get("crs", STANDARD)
    try:
        return None if stated is None else pyproj.CRS(stated if isinstance(stated, str) else json.dumps(stated))
    except pyproj.exceptions.CRSError as error:
        raise SourceError(f"{name}: states a CRS that can't be understood; export it again, or as another format") from error
