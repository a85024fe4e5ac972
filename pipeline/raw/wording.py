"""What libraries say of a broken file, in a clerk's words: no path, no name of a library, a class or a
function, no line of its code.
"""

# ruff: noqa: E501  what is known of a message is a line, however long

from __future__ import annotations

import errno
import re
import tempfile
from pathlib import Path

from pipeline.files import WriteError
from pipeline.raw import scratch
from pipeline.raw.display import escaped

AGAIN = "copy it again, or export it again"
EXPORT = "export it again"
#: What libraries say (patterns; the first that is found counts), what it means ("{0}", "{1}": the groups of
#: the pattern), and what to do.
KNOWN: tuple[tuple[str, str, str], ...] = (
    (r"what it states of its geometry", "what it states of its geometry is no GeoParquet", EXPORT),
    # JSON
    (r"^GeoJSON\w*:.*No such file", "its lines are no features, one each", "export it as a FeatureCollection (.geojson)"),
    (r"Too many characters in (?:number|string)", "a text in it is longer than 10 MB", "mend that feature, and leave out what is no text"),
    (r"Too many nested objects", "its brackets are nested more than a thousand deep, which no map needs", EXPORT),
    (r"[Ll]ine (\d+),? (?:character|column) (\d+)\b.*?(?:Untermi?nated|end of file)", "it ends in the middle of line {0}", AGAIN),
    (r"line (\d+), character (\d+): ([^;(\n]+)", "line {0}, character {1} is no JSON ({2})", "mend it there, or export it again"),
    (r"JSON parsing error: .*\(at offset (\d+)\)", "it breaks off, or is no JSON any more, near its character {0}", AGAIN),
    (r"line (\d+) column (\d+) \(char \d+\)", "what it says of itself is no JSON (line {0}, character {1})", EXPORT),
    (r"Missing 'features' member", 'its "features" are no list', EXPORT),
    (r"recursion|nested too deep|maximum depth", "it is nested deeper than anything that is read here", EXPORT),
    # databases
    (r"disk image is malformed|not a database|database corruption", "its database is damaged, or part of it is missing", AGAIN),
    (r"database is locked", "another program has it open and is writing to it", "close it there, and run this again"),
    (r"no such (?:table|column): *([\w.]+)", "its table or column {0}, which its contents list, is missing", EXPORT),
    (r"gpkg_|application_id", "its list of contents is damaged", EXPORT),
    # XML
    (r"no element found on line (\d+)", "it ends too early, in line {0}", AGAIN),
    (r"(?:unclosed token|not well-formed|mismatched tag|duplicate attribute|invalid token)[^\d]*(?:on|at)? ?line (\d+)", "line {0} is no XML: a tag is cut off or not closed", AGAIN),
    (r"parsing of data around byte (\d+)", "it can't be read beyond byte {0}", AGAIN),
    (r"parsing kml", "it is no KML from some place on", AGAIN),
    # archives and workbooks
    (r"not a zip file|Bad magic number|Invalid Zip|InvalidArchive|EOCD|end of central directory", "it is no zip archive, or its end is missing", "copy it again, or pack it again"),
    (r"Error -[35] while decompressing|invalid (?:distance|block|stored|code|literal|bit length)|incorrect data check|Bad CRC|deflate|[Cc]orrupt (?:deflate|input)", "part of what is packed in it is damaged", "copy it again, or pack it again"),
    (r"compression (?:type|method)", "it is packed in a way that is not read here", "pack it again as an ordinary .zip"),
    (r"Cannot detect file format|unsupported format", "it is no workbook of Excel", "save it again as .xlsx or .csv"),
    (r"^XML error|xml|Xml|tag not closed|before end of input", "one of the pages inside it is damaged", "open it in Excel, and save it again"),
    (r"\bSheet\b|worksheet|workbook|sheet", "one of its sheets is damaged or missing", "open it in Excel, and save it again"),
    # FlatGeobuf, Parquet
    (r"Buffer verification failed|Unexpected I/O failure|Invalid (?:number of|feature) ?|Header failed|magic bytes mismatch", "it is damaged, or cut off", AGAIN),
    (r"magic bytes not found", "its end, where it says what is in it, is missing", AGAIN),
    (r"[Pp]arquet|[Tt]hrift|Snappy|[Zz]std|Brotli|decompress|page header|dictionary|Couldn't deserialize|metadata", "part of it is damaged", AGAIN),
    # MapInfo, Shapefile, geodatabases, drawings
    (r"COLUMNS keyword not found|invalid number of columns", "its list of columns is missing or damaged", AGAIN),
    (r"\.(?:dat|map|id|mid)\b", "a part that belongs to it (.dat, .map, .id or .mid) is missing or damaged", "copy all its parts again"),
    (r"\.(?:shp|shx|dbf)\b", "a part that belongs to it (.shp, .shx or .dbf) is missing or damaged", "copy all its parts again"),
    (r"gdbtable|gdbtablx", "a table in it is damaged or missing", "copy the whole folder again"),
    (r"not recognized as being in a supported|not recognized as a supported", "it is not what its name says, or its beginning is damaged", AGAIN),
    # text
    (r"field larger than field limit", "a cell in it holds more text than a table can", "is a quotation mark left open above it? Mend it there"),
    (r"new-line character|line contains NUL", "it is no text, or its lines are mixed up", "save it again as CSV"),
    # memory and the machine
    (r"[Mm]emory|alloc|out of range|out of bounds|too large|overflow|negative", "the sizes it states can't be: it is damaged", AGAIN),
    (r"No space left|disk is full", "no room is left on the disk where files are unpacked (TMPDIR)", "make room, and run this again"),
    (r"No such file or directory|does not exist", "a part of it is missing", AGAIN),
    (r"[Pp]ermission denied", "you may not read it", "ask whoever may, or copy it"),
)  # fmt: skip

#: Why the machine does not let a file be read.
MACHINE = {
    errno.ENAMETOOLONG: (
        "its name, or one packed in it, is too long for this disk",
        "give it a shorter name",
    ),
    errno.EACCES: ("you may not read it", "ask whoever may, or copy it"),
    errno.EPERM: ("you may not read it", "ask whoever may, or copy it"),
    errno.ENOENT: ("it was there, and is gone", "copy it again, and run this again"),
    errno.EISDIR: ("a folder stands where a file should be", "give the file in it"),
    errno.ENOTDIR: ("a file stands where a folder should be", "check the path"),
    errno.ELOOP: ("it is a link that leads in a circle", "copy the file itself"),
    errno.EIO: ("the disk reports a fault", "copy it from another disk"),
    errno.ESTALE: ("the network drive is gone", "connect it, and run this again"),
    errno.ENOSPC: (
        "no room is left on the disk where files are unpacked (TMPDIR)",
        "make room, and run this again",
    ),
    errno.EDQUOT: (
        "your quota on the disk where files are unpacked (TMPDIR) is used up",
        "make room, and run this again",
    ),
    errno.EMFILE: ("too many files are open at once", "close other programs, and run this again"),
    errno.ENOMEM: ("the memory of this machine is used up", "close other programs, and run this again"),
}


def said(error: BaseException | str, path: Path | None = None) -> tuple[str, str]:
    """What is wrong with a file whose reader raised this, and what to do.

    Parameters
    ----------
    error : BaseException or str
        What the library raised, or its text.
    path : Path, optional
        The file; its name is taken out of the text, because it says nothing of what is wrong.

    Returns
    -------
    reason : str
        From MACHINE or KNOWN, in a clerk's words.
    remedy : str
    """
    if isinstance(error, OSError) and error.errno in MACHINE:
        return MACHINE[error.errno]
    if isinstance(error, UnicodeError):
        return "some of its text is in no encoding that its format may have", EXPORT
    if isinstance(error, MemoryError):
        return "it asks for more memory than this machine has", "give it in parts"
    text = str(error)
    for part in () if path is None else (str(path.resolve()), str(path), path.name):
        text = text.replace(part, "it")
    for pattern, means, remedy in KNOWN:
        if found := re.search(pattern, text):
            return escaped(means.format(*(group.strip(" .") for group in found.groups()))), remedy
    return "it is damaged, or not what its name says", AGAIN


def told(error: BaseException) -> str:
    """What an error says to a user.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    str
        An error of the machine in words (`said`), with the file, unless that is a temporary one; of any other
        its message.
    """
    if not isinstance(error, OSError) or isinstance(error, WriteError) or error.errno is None:
        return str(error)
    name = without_scratch(str(error.filename or ""))
    return f"{name}{': ' if name else ''}{'; '.join(said(error))}"


#: What is wrong with an outline, as GEOS has it, in other words.
OUTLINES = {
    "Self-intersection": "its outline crosses itself",
    "Ring Self-intersection": "its outline touches itself",
    "Hole lies outside shell": "a hole lies outside of its outline",
    "Nested shells": "one of its parts lies inside another",
    "Holes are nested": "one of its holes lies inside another",
    "Interior is disconnected": "its holes cut it in two",
    "Duplicate Rings": "it has one outline twice",
    "Too few points in geometry component": "an outline of fewer than three different points",
    "Invalid Coordinate": "a coordinate is no number",
}


def outline(reason: str) -> str:
    """What is wrong with an outline, and where.

    Parameters
    ----------
    reason : str
        As GEOS says it: "Self-intersection[121.61 38.9]".

    Returns
    -------
    str
        From OUTLINES, with x and y.
    """
    what, _, place = reason.partition("[")
    x, _, y = place.rstrip("]").partition(" ")
    return f"{OUTLINES.get(what, what)}{f' at x {x}, y {y}' if y else ''}"


def without_scratch(text: str) -> str:
    """The text without the temporary folder that an archive was unpacked into.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        What is left of a path is that in the archive.
    """
    place = re.escape(f"{tempfile.gettempdir().rstrip('/')}/{scratch.PREFIX}")
    return re.sub(rf"{place}[^/\s'\"]*/(?:unpacked/[^/\s'\"]+/|prepared/)?", "", text)
