"""GeoPackages: queries and programs that SQLite would run as it is read, and changes that are not yet in the
file itself.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from pipeline.raw.errors import SourceError
from pipeline.raw.file import Doubt
from pipeline.raw.formats import UNWRITTEN

#: Views that a GeoPackage may have for readers of older standards, over these tables of the standard and
#: nothing else.
OF_THE_STANDARD = ("geometry_columns", "spatial_ref_sys", "st_geometry_columns", "st_spatial_ref_sys")
STANDARD_TABLES = {"gpkg_geometry_columns", "gpkg_spatial_ref_sys"}
SOURCES = re.compile(r'\b(?:from|join)\s+["\'`\[]?(\w+)', re.IGNORECASE)
#: The spatial index; any other virtual table is a program.
INDEX = re.compile(r"using\s+rtree\s*\(", re.IGNORECASE)


def check(path: Path) -> None:
    """Check that nothing in a GeoPackage runs when it is read: that may never end or fill the memory.

    Parameters
    ----------
    path : Path

    Raises
    ------
    SourceError
        For a GeoPackage with views, generated columns or virtual tables (queries, formulas or programs), and
        for one that SQLite can't open.
    """
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        ) as database:
            database.text_factory = lambda text: text.decode("utf-8", "replace")
            things = database.execute(
                "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY name"
            ).fetchall()
            registered = {
                str(row[0]).lower()
                for table in ("gpkg_contents", "gpkg_geometry_columns")
                for row in _named(database, table)
            }
            tables = [thing for kind, thing, _ in things if kind == "table"]
            formulas = [f"{table}.{column}" for table in tables for column in _generated(database, table)]
    except sqlite3.Error as error:
        raise SourceError(f"can't be read as GeoPackage: {error}; is it damaged? Export it again") from error
    views = [
        thing
        for kind, thing, sql in things
        if kind == "view" and (thing.lower() in registered or not _of_the_standard(thing, sql))
    ]
    programs = [
        thing
        for kind, thing, sql in things
        if kind == "table" and sql.lower().startswith("create virtual") and not INDEX.search(sql)
    ]
    for found, what in (
        (views, "a view (a query and no rows)"),
        (formulas, "a column that is worked out by a formula as it is read"),
        (programs, "a virtual table (a program and no rows)"),
    ):
        if found:
            raise SourceError(
                f"holds {', '.join(map(repr, found[:5]))}, {what}; export its layers into a new GeoPackage"
            )


def cut_texts(path: Path, layer: str) -> tuple[str, ...]:
    """A note where texts of a layer hold a NUL, at which GDAL ends them without a message.

    Parameters
    ----------
    path : Path
    layer : str

    Returns
    -------
    tuple of str
        One Doubt, or nothing.
    """
    table = '"' + layer.replace('"', '""') + '"'
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        ) as database:
            columns = database.execute(f"PRAGMA table_xinfo({table})").fetchall()
            texts = [
                '"' + name.replace('"', '""') + '"'
                for _, name, kind, _, _, _, hidden in columns
                if "TEXT" in kind.upper() and not hidden
            ]
            holds = " OR ".join(f"instr({name}, char(0))" for name in texts) or "0"
            count = database.execute(f"SELECT count(*) FROM {table} WHERE {holds}").fetchone()[0]  # noqa: S608 (quoted above)
    except sqlite3.Error:
        return ()  # a damaged one: reading it says what is wrong
    rows = f"{count:,} row{'' if count == 1 else 's'}"
    return (
        (Doubt(f"texts of {rows} hold a NUL character, and are read up to it: mend them"),) if count else ()
    )


def settled(path: Path, scratch: Path) -> Path:
    """A GeoPackage with what another program had not written into the file yet.

    Parameters
    ----------
    path : Path
    scratch : Path
        A new folder, not made yet.

    Returns
    -------
    Path
        The path itself where nothing is left to write, else that of a copy in `scratch`.

    Raises
    ------
    SourceError
        Where what was not written does not fit the file.
    """
    unwritten = [
        part
        for part in (path.with_name(path.name + end) for end in UNWRITTEN)
        if part.is_file() and part.stat().st_size
    ]
    if not unwritten:
        return path
    scratch.mkdir()
    for part in (path, *unwritten):
        shutil.copyfile(part, scratch / part.name)
    try:
        with closing(sqlite3.connect(scratch / path.name)) as database:
            database.execute("PRAGMA journal_mode = DELETE").fetchall()
            database.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except sqlite3.Error as error:
        raise SourceError(
            f"what {unwritten[0].name} holds can't be taken in: {error}; close the program that has it open"
        ) from error
    return scratch / path.name


def _of_the_standard(view: str, sql: str) -> bool:
    """Whether a view has one of the standard's names and reads its tables, each once."""
    sources = [source.lower() for source in SOURCES.findall(sql)]
    plain = (
        sql.lower().count("select") == 1
        and len(set(sources)) == len(sources)
        and set(sources) <= STANDARD_TABLES
    )
    return (
        view.lower() in OF_THE_STANDARD
        and plain
        and "," not in re.split(r"\bfrom\b", sql, flags=re.IGNORECASE)[-1]
    )


def _named(database: sqlite3.Connection, table: str) -> list[tuple[str]]:
    known = database.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND lower(name) = ?", (table,)
    ).fetchall()
    return database.execute(f"SELECT table_name FROM {table}").fetchall() if known else []  # noqa: S608


def _generated(database: sqlite3.Connection, table: str) -> list[str]:
    rows = database.execute(
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (2, 3)", (table,)
    ).fetchall()
    return [str(row[0]) for row in rows]
