"""Text files that GDAL can't read as they lie, or reads cut: JSON and XML in UTF-16 or UTF-32, XML in GBK and
the like, NUL in JSON.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.readers import codepages, encodings

CHUNK = 1 << 24
JSON, XML = ("GeoJSON", "GeoJSONSeq", "ESRIJSON"), ("LIBKML", "OSM")
#: What stands for a NUL, which ends a text for GDAL, until the rows are read: one of Unicode's noncharacters,
#: which no text has.
NUL_MARK = "\ufdd0"
_ESCAPED_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_DECLARATION = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"'][^>]*\?>")
#: What the readers of XML know by themselves.
KNOWN_TO_XML = frozenset(("utf-8", "iso8859-1", "ascii"))
BOM = b"\xef\xbb\xbf"


def plain(head: bytes) -> bytes:
    """The beginning of a file in UTF-8, where it is in UTF-16 or UTF-32.

    Parameters
    ----------
    head : bytes

    Returns
    -------
    bytes
        Of any other file as it is.
    """
    codec = encodings.wide(head)
    return head[: len(head) // 4 * 4].decode(codec, "replace").lstrip("\ufeff").encode() if codec else head


def copied(path: Path, driver: str, scratch: Path) -> tuple[Path, tuple[str, ...]]:
    """A file as GDAL can read it.

    Parameters
    ----------
    path : Path
    driver : str
        One of `pipeline.raw.formats`; only those of JSON and XML may need it.
    scratch : Path
        A new folder, not made yet.

    Returns
    -------
    path : Path
        Of the file itself, or of a copy in `scratch`.
    notes : tuple of str
        What was changed.
    """
    if driver not in (*JSON, *XML) or path.suffix.lower() == ".pbf":
        return path, ()
    with path.open("rb") as file:
        head = file.read(4096)
    codec = encodings.wide(head) or (_declared(head) if driver in XML else "")
    marked = driver in ("GeoJSONSeq", "ESRIJSON") and head.startswith(BOM)
    if not (codec or marked or (driver in JSON and _has_nul(path))):
        return path, ()
    scratch.mkdir()
    target = scratch / path.name
    with path.open("rb") as source, target.open("wb") as file:
        for piece in _pieces(source, codec or "utf-8", keep=not codec):
            file.write(_without_nul(piece) if driver in JSON else piece)
    return target, ((f"its text is in {codepages.printed(codec)}, and was read as that",) if codec else ())


def _declared(head: bytes) -> str:
    """The codec that XML declares, where its readers need help with it."""
    found = _DECLARATION.match(head.removeprefix(BOM).decode("latin-1").lstrip())
    if found is None or found[1].lower() in ("utf-8", "utf8", "us-ascii", "iso-8859-1"):
        return ""
    codec = codepages.known(found[1])
    return (
        codec
        if codec and codecs.lookup(codec).name not in KNOWN_TO_XML and codepages.keeps_ascii(codec)
        else ""
    )


def _has_nul(path: Path) -> bool:
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            if b"\0" in piece or b"\\u0000" in kept + piece:
                return True
            kept = piece[-6:]
    return False


def _pieces(source: BinaryIO, codec: str, *, keep: bool) -> Iterator[bytes]:
    """The file in UTF-8, piece by piece, none of which ends inside an escape; `keep`: it is that already, or
    means to be.
    """
    decoder = None if keep else codecs.getincrementaldecoder(codec)("replace")
    rest, first = b"", True
    while piece := source.read(CHUNK):
        text = piece if decoder is None else decoder.decode(piece).encode("utf-8", "replace")
        if first:
            text, first = _begun(text, declared=decoder is not None), False
        whole = rest + text
        cut = whole.rfind(b'"') + 1 or len(whole)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest + (b"" if decoder is None else decoder.decode(b"", True).encode("utf-8", "replace"))


def _begun(text: bytes, *, declared: bool) -> bytes:
    out = text.removeprefix(BOM)
    if declared and out.lstrip().startswith(b"<?xml"):
        return b'<?xml version="1.0" encoding="UTF-8"?>' + out.partition(b"?>")[2]
    return out


def _without_nul(piece: bytes) -> bytes:
    return _ESCAPED_NUL.sub(rb"\1\\ufdd0", piece).replace(b"\0", NUL_MARK.encode())
