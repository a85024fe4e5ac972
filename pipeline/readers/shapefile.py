"""The parts of a Shapefile: whether they belong together, what encoding they state, and an index where it is
missing.
"""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from pipeline.geometry.arrays import Mask
from pipeline.raw.errors import SourceError, rows_text
from pipeline.raw.file import Doubt
from pipeline.readers import codepages, encodings

HEADER = 100
INDEX_RECORD = 8
#: A .cpg holds one word or two.
CPG_MOST = 200
ROWS_AT_ONCE = 100_000
#: The second byte of little-endian WKB of a multipolygon (plain, Z, M, ZM).
MULTIPOLYGONS = frozenset((dimensions + 6) & 255 for dimensions in (0, 1000, 2000, 3000))
#: The parts that are read.
READ = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: Bytes of a .dbf without columns and rows, with the mark at its end.
NO_COLUMNS = 34


def parts(path: Path) -> dict[str, Path]:
    """The files of a Shapefile.

    Parameters
    ----------
    path : Path
        The .shp.

    Returns
    -------
    dict of str to Path
        By suffix in lower case.
    """
    return {part.suffix.lower(): part for part in sorted(path.parent.iterdir()) if part.stem == path.stem}


def check(path: Path) -> None:
    """Check that the parts of a Shapefile are whole and belong together: GDAL reads what there is.

    Parameters
    ----------
    path : Path
        The .shp.

    Raises
    ------
    SourceError
        Where a part is cut off, or shapes and attributes are not equally many.
    """
    found = parts(path)
    with path.open("rb") as file:
        header = file.read(HEADER)
    stated = struct.unpack(">i", header[24:28])[0] * 2 if len(header) == HEADER else HEADER
    if path.stat().st_size < stated:
        raise SourceError(f"its .shp is cut off: {path.stat().st_size:,} of {stated:,} bytes; copy it again")
    if ".dbf" not in found:
        return
    with found[".dbf"].open("rb") as file:
        header = file.read(32)
    if len(header) < 32:
        raise SourceError("its .dbf is cut off; copy it again")
    records, start, width = struct.unpack("<IHH", header[4:12])
    if found[".dbf"].stat().st_size < start + records * width:
        raise SourceError(
            f"its .dbf is cut off: {found['.dbf'].stat().st_size:,} of {start + records * width:,}"
            " bytes; copy it again"
        )
    index = found[".shx"].stat().st_size if ".shx" in found else HEADER + INDEX_RECORD * records
    if index < HEADER:
        raise SourceError(
            f"its index (.shx) is cut off: {index:,} bytes; copy it again, or delete it: then it is"
            " made again"
        )
    shapes = (index - HEADER) // INDEX_RECORD
    if shapes != records:
        raise SourceError(
            f"its index (.shx) lists {shapes:,} shapes, and its table (.dbf) has {records:,} rows:"
            " are they parts of different files? Copy all parts again, or delete the .shx, if it is that"
            " which is wrong: then it is made again"
        )


def check_columns(path: Path) -> None:
    """Check a Shapefile in which GDAL found no columns.

    Parameters
    ----------
    path : Path
        The .shp.

    Raises
    ------
    SourceError
        Where its .dbf has columns.
    """
    found = parts(path)
    if ".dbf" in found and found[".dbf"].stat().st_size > NO_COLUMNS:
        raise SourceError(
            "the header of its .dbf is damaged, so that no column of it can be read; copy it again"
        )


def complete(path: Path, scratch: Path) -> Path:
    """The path of a Shapefile where GDAL finds all its parts.

    Parameters
    ----------
    path : Path
        The .shp.
    scratch : Path
        A new folder, not made yet.

    Returns
    -------
    Path
        The path itself, else that of a copy in `scratch`.

    Notes
    -----
    GDAL makes a missing .shx, but not in RAW; it finds parts in lower and in upper case, but not a .Prj.
    """
    found = parts(path)
    if ".shx" in found and not any(
        found[suffix].suffix not in (suffix, suffix.upper()) for suffix in READ if suffix in found
    ):
        return path
    scratch.mkdir()
    for suffix in found.keys() & set(READ):
        shutil.copyfile(found[suffix], scratch / f"{path.stem}{suffix}")
    return scratch / f"{path.stem}.shp"


def label(path: Path) -> tuple[encodings.Label, tuple[str, ...]]:
    """What the .cpg, or else the header of the .dbf, says of the encoding.

    Parameters
    ----------
    path : Path
        The .shp.

    Returns
    -------
    label : Label
    notes : tuple of str
        One where a .cpg names no encoding that is known.
    """
    found = parts(path)
    notes: tuple[str, ...] = ()
    if ".cpg" in found:
        text = found[".cpg"].read_bytes()[:CPG_MOST].decode("utf-8-sig", "ignore").strip(" \t\r\n\x00")
        codec = codepages.known(text or "utf-8")
        if codec and codepages.keeps_ascii(codec):
            return encodings.Label(codec), ()
        notes = (
            (
                f"its .cpg says {text[:40]!r}, which is no encoding of a .dbf that is known here; it was left"
                " aside"
            ),
        )
    if ".dbf" not in found:
        return encodings.Label(), notes
    with found[".dbf"].open("rb") as file:
        header = file.read(32)
    driver = header[29] if len(header) == 32 else 0
    odds = encodings.VAGUE_ODDS if driver in codepages.VAGUE_DRIVERS else encodings.LABEL_ODDS
    return encodings.Label(codepages.LANGUAGE_DRIVERS.get(driver, ""), odds), notes


def cut_texts(path: Path) -> tuple[str, ...]:
    """A note where texts of the .dbf hold a NUL with more behind it: GDAL ends them there without a message.

    Parameters
    ----------
    path : Path
        The .shp.

    Returns
    -------
    tuple of str
        One Doubt, or nothing.
    """
    found = parts(path)
    if ".dbf" not in found:
        return ()
    with found[".dbf"].open("rb") as file:
        header = file.read(struct.unpack("<H", file.read(32)[8:10].ljust(2, b"\0"))[0] - 32)
        width = 1 + sum(header[at + 16] for at in range(0, len(header) - 31, 32))
        rows, first = list[int](), 1
        while piece := file.read(width * ROWS_AT_ONCE):
            block = np.frombuffer(piece, dtype=np.uint8)[: len(piece) // width * width].reshape(-1, width)
            rows += (first + np.flatnonzero(_hides_text(block, header))).tolist() if b"\0" in piece else []
            first += len(block)
    if not rows:
        return ()
    return (
        Doubt(
            f"texts of {rows_text(rows)} hold a NUL character, and are read up to it: mend them if what is"
            " behind it is meant"
        ),
    )


def _hides_text(block: NDArray[np.uint8], header: bytes) -> Mask:
    """Which records of a .dbf have something behind a NUL in a field of text."""
    out, at = np.zeros(len(block), dtype=bool), 1
    for place in range(0, len(header) - 31, 32):
        length = header[place + 16]
        if header[place + 11 : place + 12] == b"C":
            field = block[:, at : at + length]
            behind = np.maximum.accumulate(field == 0, axis=1) & (field != 0) & (field != ord(" "))
            out |= behind.any(axis=1)
        at += length
    return out


def with_holes(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], tuple[int, ...]]:
    """Shapes in which rings lie inside others and are wound like them, with these made holes.

    Parameters
    ----------
    wkb : object array of bytes, shape (n,)
        None: no geometry.

    Returns
    -------
    wkb : object array of bytes, shape (n,)
    places : tuple of int
        Places (from 1) of the shapes that were changed.

    Notes
    -----
    A Shapefile tells holes from outlines by their direction only, and many a program does not keep to it;
    GDAL then takes each ring for an outline. What lies in a hole is an outline again.
    """
    several = [i for i, one in enumerate(wkb) if one is not None and one[1] in MULTIPOLYGONS]
    shapes = shapely.force_2d(shapely.from_wkb([wkb[i] for i in several], on_invalid="ignore"))
    nested = np.array(
        [str(why).startswith("Nested shells") for why in shapely.is_valid_reason(shapes)], dtype=bool
    )
    if not nested.any():
        return wkb, ()
    places = np.array(several)[nested]
    areas = np.array(
        [
            shapely.build_area(shapely.multilinestrings(shapely.get_rings(shapely.get_parts(shape))))
            for shape in shapes[nested]
        ]
    )
    out = np.array(wkb, dtype=object)
    out[places] = shapely.to_wkb(areas)
    return out, tuple((places + 1).tolist())
