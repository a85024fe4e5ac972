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


def cut_texts(path: Path, layer: str) -> tuple[str, ...]:
    """A note where texts of a layer hold a NUL, at which GDAL ends them without a word."""
    table = '"' + layer.replace('"', '""') + '"'
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as database:
            columns = database.execute(f"PRAGMA table_xinfo({table})").fetchall()
            texts = [
                '"' + name.replace('"', '""') + '"' for _, name, kind, _, _, _, hidden in columns if "TEXT" in kind.upper() and not hidden
            ]
            holds = " OR ".join(f"instr({name}, char(0))" for name in texts) or "0"
            count = database.execute(f"SELECT count(*) FROM {table} WHERE {holds}").fetchone()[0]  # noqa: S608  of quoted names
    except sqlite3.Error:
        return ()  # a damaged one: reading it says what is wrong
    rows = f"{count:,} row{'' if count == 1 else 's'}"
    return (f"texts of {rows} hold a NUL character, and are read up to it: mend them",) if count else ()
