"""GeoParquet, one file or a folder of parts, without GDAL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely

from pipeline.sources.errors import SourceError, near

#: What GeoParquet takes coordinates for where `crs` is not there (where it is null, they have none).
STANDARD = "OGC:CRS84"


def read(path: Path, name: str) -> tuple[Any, Any, Any]:
    """The attributes as an Arrow table, the geometry as WKB, the CRS. Parts follow each other in the order of their names.

    Folders called column=value give a column. Raises SourceError where it can't be read, has no geometry, or its parts differ.
    """
    import pyarrow.parquet as pq

    try:
        data = pq.ParquetDataset(path)
        _check_parts([Path(file) for file in data.files], path, name)
        table = data.read(use_pandas_metadata=False)
        geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
        column = geo.get("primary_column", "")
        meta = geo.get("columns", {}).get(column)
    except (pa.ArrowException, OSError, ValueError, AttributeError) as error:
        reason = str(error).splitlines()[0].replace(str(path), name)
        raise SourceError(f"{name}: can't be read as GeoParquet: {reason}; export it again with geometry") from error
    if meta is None or column not in table.column_names:
        raise SourceError(f"{name}: can't be read as GeoParquet: it states no geometry column; export it again with geometry")
    wkb = _wkb(table, column, meta)
    others = [extra for extra in geo["columns"] if extra in table.column_names]
    index = [c for c in table.column_names if c.startswith("__index_level_")]
    return table.drop_columns([*others, *index]), wkb, _crs(meta, name)


def _check_parts(files: list[Path], folder: Path, name: str) -> None:
    import pyarrow.parquet as pq

    first, *rest = files
    wanted = set(pq.read_schema(first).names)
    for file in rest:
        if differing := wanted ^ set(pq.read_schema(file).names):
            parts = [f.relative_to(folder).as_posix() for f in files]
            raise SourceError(
                f"{name}: its parts have different columns ({', '.join(sorted(differing)[:5])}), so they are no parts of one table; "
                f"say which is meant with layer; {near('', parts)}"
            )


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
