"""The parts of a Shapefile: whether they belong together, what encoding they state, and an index where it is missing."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from pipeline.sources import encodings
from pipeline.sources.errors import SourceError

#: Code pages of the DBF header (byte 29) that say something; the others are what any program leaves there.
CODE_PAGES = {0x4D: "gb18030", 0x4F: "big5", 0x78: "big5", 0x7A: "gb18030", 0x26: "cp866", 0x65: "cp866", 0xC9: "cp1251"}
HEADER = 100
INDEX_RECORD = 8
#: The parts that are read.
READ = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: Bytes of a .dbf without columns and rows, with the mark at its end.
NO_COLUMNS = 34


def parts(path: Path) -> dict[str, Path]:
    """The files of a Shapefile by suffix in lower case."""
    return {part.suffix.lower(): part for part in sorted(path.parent.iterdir()) if part.stem == path.stem}


def check(path: Path, name: str) -> None:
    """Raise SourceError where a part is cut off, or shapes and attributes are not equally many: GDAL reads what there is, in silence."""
    found = parts(path)
    with path.open("rb") as file:
        header = file.read(HEADER)
    stated = struct.unpack(">i", header[24:28])[0] * 2 if len(header) == HEADER else HEADER
    if path.stat().st_size < stated:
        raise SourceError(f"{name}: its .shp is cut off: {path.stat().st_size:,} of {stated:,} bytes; copy it again")
    if ".dbf" not in found:
        return
    with found[".dbf"].open("rb") as file:
        header = file.read(32)
    if len(header) < 32:
        raise SourceError(f"{name}: its .dbf is cut off; copy it again")
    records, start, width = struct.unpack("<IHH", header[4:12])
    if found[".dbf"].stat().st_size < start + records * width:
        raise SourceError(
            f"{name}: its .dbf is cut off: {found['.dbf'].stat().st_size:,} of {start + records * width:,} bytes; copy it again"
        )
    shapes = (found[".shx"].stat().st_size - HEADER) // INDEX_RECORD if ".shx" in found else records
    if shapes != records:
        raise SourceError(
            f"{name}: its .shx has {shapes:,} shapes and its .dbf {records:,} records: parts of different files? Copy all again"
        )


def check_columns(path: Path, name: str) -> None:
    """Raise SourceError for a .dbf that has columns, of a Shapefile in which GDAL found none."""
    found = parts(path)
    if ".dbf" in found and found[".dbf"].stat().st_size > NO_COLUMNS:
        raise SourceError(f"{name}: the header of its .dbf is damaged, so that no column of it can be read; copy it again")


def complete(path: Path, scratch: Path) -> Path:
    """The path where GDAL finds all its parts, else that of a copy in the new folder `scratch`.

    GDAL makes a missing .shx, but not in RAW; it finds parts in lower and in upper case, but not a .Prj.
    """
    found = parts(path)
    if ".shx" in found and not any(found[suffix].suffix not in (suffix, suffix.upper()) for suffix in READ if suffix in found):
        return path
    scratch.mkdir()
    for suffix in found.keys() & set(READ):
        shutil.copyfile(found[suffix], scratch / f"{path.stem}{suffix}")
    return scratch / f"{path.stem}.shp"


def encoding_hint(path: Path) -> str:
    """The encoding that the .cpg or the header of the .dbf states; "": none."""
    found = parts(path)
    if ".cpg" in found:
        return encodings.known(found[".cpg"].read_text("ascii", "ignore").strip() or "utf-8")
    if ".dbf" not in found:
        return ""
    with found[".dbf"].open("rb") as file:
        header = file.read(32)
    return CODE_PAGES.get(header[29], "") if len(header) == 32 else ""
