"""GeoPackages: what SQLite would work out without end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from pipeline.sources.errors import SourceError

#: Views that a GeoPackage may have for readers of older standards.
OF_THE_STANDARD = ("geometry_columns", "spatial_ref_sys", "st_geometry_columns", "st_spatial_ref_sys")


def check(path: Path, name: str) -> None:
    """Raise SourceError for a GeoPackage with views: a view is a query that runs when it is read, and may never end."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as database:
            views = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name").fetchall()
    except sqlite3.Error:
        return  # a damaged one: reading it says what is wrong
    found = [str(view) for view, sql in views if view not in OF_THE_STANDARD or "recursive" in str(sql).lower()]
    if found:
        listed = ", ".join(repr(view) for view in found[:5])
        raise SourceError(f"{name}: holds {listed}, a view (a query and no rows); export its layers into a new GeoPackage")
