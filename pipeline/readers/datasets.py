"""The data set behind a path: a file, a folder, or a zip archive, which is unpacked into a temporary folder.

Nothing in RAW is written to, and nothing outside it is read: links that lead out, and members of an archive
that would, are refused. Archives are unpacked here and not by GDAL, so that their limits hold.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from pipeline.config import Limits
from pipeline.georeferencing import crs_definitions
from pipeline.raw import display, scratch, wording
from pipeline.raw.errors import SourceError, about, near
from pipeline.raw.formats import ARCHIVES, TABULAR, VECTOR
from pipeline.readers import dxf, encodings, formats, geopackage, shapefile, transcoding

#: Smaller members of an archive may be packed however tightly.
RATIO_FROM_BYTES = 10_000_000
UTF8_NAME, ENCRYPTED = 0x800, 0x1


@dataclass(frozen=True)
class Dataset:
    """A data set that is to be read."""

    path: Path
    """The file, or the folder of a geodatabase or of parts."""
    driver: str
    """One of `pipeline.raw.formats`."""
    layer: str = ""
    """The layer that is wanted in it."""
    part: str = ""
    """Which data set of its archive or folder it is, where that holds several."""
    notes: tuple[str, ...] = ()
    """What was done that its owner should know."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Settings that GDAL reads it with."""


@contextmanager
def opened(path: Path, root: Path, *, layer: str, limits: Limits) -> Iterator[Dataset]:
    """The data set at a path, there while the block runs.

    Parameters
    ----------
    path : Path
        A file, a folder, or an archive, which is unpacked into a temporary folder.
    root : Path
        The folder outside of which nothing is read.
    layer : str
        Chooses where there are several data sets or layers; "": none.
    limits : Limits

    Yields
    ------
    Dataset
        Its path may be that of a copy that GDAL can read.

    Raises
    ------
    SourceError
        For a path that leads out of `root`, exceeds the limits, or holds no data set or several.
    """
    _stays_within(path, root)
    with scratch.folder() as made:
        if path.suffix.lower() in ARCHIVES and path.is_file():
            folder = Path(made, "unpacked", path.stem)
            _unpack(path, folder, limits)
            found = _chosen(folder, layer, kmz=path.suffix.lower() == ".kmz")
        elif path.is_dir():
            _check_size(path.rglob("*"), root, limits)
            found = _chosen(path, layer)
        else:
            _check_size(_beside(path), root, limits)
            found = Dataset(path, formats.driver_of(path), layer)
        prepared = _prepared(found, Path(made, "prepared"))
        crs_definitions.check(prepared.path, prepared.driver)
        yield prepared


def contents(path: Path, root: Path, *, limits: Limits) -> tuple[str, ...]:
    """The data sets of an archive or folder that holds several, as `layer` names them.

    Parameters
    ----------
    path : Path
    root : Path
        The folder outside of which nothing is read.
    limits : Limits

    Returns
    -------
    tuple of str
        Nothing for any other file, a .kmz, or parts of one GeoParquet.

    Raises
    ------
    SourceError
        As `opened` does.
    """
    _stays_within(path, root)
    archive = path.suffix.lower() in ARCHIVES and path.is_file()
    if path.suffix.lower() == ".kmz" or not (archive or path.is_dir()):
        return ()
    with scratch.folder() as made:
        folder = path
        if archive:
            folder = Path(made, "unpacked", path.stem)
            _unpack(path, folder, limits)
        else:
            _check_size(path.rglob("*"), root, limits)
        found = {} if (folder / formats.GDB_CATALOGUE).is_file() else _candidates(folder)
        parts = all(VECTOR[one.suffix.lower()] == "Parquet" for one in found.values())
        return () if parts or len(found) == 1 else tuple(found)


def _beside(path: Path) -> Iterator[Path]:
    """The file and whatever a reader could take for a part of it: of the same name but for its suffix, in any
    case.
    """
    stem = path.stem.casefold()
    return (
        part
        for part in path.parent.iterdir()
        if part.name.casefold().startswith((f"{stem}.", f"{path.name.casefold()}-"))
    )


def _stays_within(path: Path, root: Path) -> None:
    if not path.resolve().is_relative_to(root.resolve()):
        raise SourceError("a link that leads out of the folder of raw files; copy the file there")


def _check_size(paths: Iterable[Path], root: Path, limits: Limits) -> None:
    count, size = 0, 0
    for path in paths:
        _stays_within(path, root)
        try:
            status = path.stat()
        except OSError as error:
            raise SourceError(
                f"its part {path.name} can't be read: {error.strerror}; copy it again"
            ) from error
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise SourceError(
                f"{path.name} is no file but a pipe, a socket or a device, which is not read; take it"
                " out of the folder"
            )
        count, size = count + 1, size + status.st_size
        if count > limits.unpacked_max_files or size > limits.file_max_bytes:
            raise SourceError(
                f"more than {limits.unpacked_max_files:,} files or {limits.file_max_bytes:,} bytes"
                " (limits.unpacked_max_files, limits.file_max_bytes); is this the right file? Raise the"
                " limit if it is"
            )


def _unpack(path: Path, folder: Path, limits: Limits) -> None:
    """The members of an archive as files in a new folder. zipfile gives no more of a member than the archive
    declares as its size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            check_members(members, limits, path.stat().st_size)
            for member in members:
                target = folder / _safe_name(member)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("xb") as file:
                    shutil.copyfileobj(packed, file, 1 << 20)
    except FileExistsError as error:
        raise SourceError("holds two files of one name; pack it again") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        if isinstance(error, SourceError):
            raise
        reason, remedy = wording.said(error, path)
        raise SourceError(f"a zip archive that can't be unpacked: {reason}; {remedy}") from error


def check_members(members: list[zipfile.ZipInfo], limits: Limits, archive_bytes: int) -> None:
    """Check the members of an archive before they are unpacked.

    Parameters
    ----------
    members : list of zipfile.ZipInfo
    limits : Limits
    archive_bytes : int
        Size of the archive.

    Raises
    ------
    SourceError
        For members that are encrypted, links, or beyond the limits, each and all together.
    """
    if len(members) > limits.unpacked_max_files:
        raise SourceError(
            f"holds {len(members):,} files, more than limits.unpacked_max_files ="
            f" {limits.unpacked_max_files:,}"
        )
    size = sum(member.file_size for member in members)
    if size > limits.unpacked_max_bytes:
        raise SourceError(
            f"unpacks to {size:,} bytes, more than limits.unpacked_max_bytes = {limits.unpacked_max_bytes:,}"
        )
    if size > max(RATIO_FROM_BYTES, limits.unpack_ratio_max * archive_bytes):
        raise SourceError(
            f"its {len(members):,} files unpack to more than limits.unpack_ratio_max ="
            f" {limits.unpack_ratio_max:g} times its size"
        )
    for member in members:
        if member.flag_bits & ENCRYPTED:
            raise SourceError("is encrypted; pack it again without a password")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise SourceError(f"holds a symbolic link ({_text_name(member)}); pack the file itself")
        if member.file_size > max(RATIO_FROM_BYTES, limits.unpack_ratio_max * member.compress_size):
            raise SourceError(
                f"{_text_name(member)} unpacks to more than limits.unpack_ratio_max ="
                f" {limits.unpack_ratio_max:g} times its size"
            )


def _safe_name(member: zipfile.ZipInfo) -> PurePosixPath:
    inside = PurePosixPath(_text_name(member).replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.as_posix() or not inside.name:
        raise SourceError(f"holds a file that would be unpacked elsewhere ({inside}); pack it again")
    return inside


def _text_name(member: zipfile.ZipInfo) -> str:
    """The name of a member; one without the UTF-8 flag is in the code page of whoever packed it."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    packed = member.filename.encode("cp437")
    try:
        return packed.decode(encodings.decide([packed]).encoding)
    except UnicodeDecodeError:
        return member.filename


def _chosen(folder: Path, layer: str, *, kmz: bool = False) -> Dataset:
    """The one data set of a folder, or the one that `layer` names."""
    if (folder / formats.GDB_CATALOGUE).is_file():
        return Dataset(folder, formats.driver_of(folder), layer)
    found = _candidates(folder)
    if kmz:  # doc.kml comes first, but may do no more than name the others
        found = {rel: path for rel, path in found.items() if path.suffix.lower() == ".kml"}
        holds_all = "doc.kml" in found and b"<Placemark" in found["doc.kml"].read_bytes()
        found = {rel: path for rel, path in found.items() if (rel == "doc.kml") == holds_all} or found
    exact = [rel for rel, path in found.items() if layer and layer in (rel, path.stem)]
    inside = [rel for rel in found if layer.startswith(f"{rel}/")]
    several = len(found) > 1
    if len(exact) == 1:
        return _one(found[exact[0]], exact[0], "", several=several)
    if inside:
        return _one(found[inside[0]], inside[0], layer.removeprefix(f"{inside[0]}/"), several=several)
    parts = sorted(rel for rel, path in found.items() if VECTOR[path.suffix.lower()] == "Parquet")
    if len(parts) == len(found) > 1 and not layer:
        return Dataset(
            folder,
            "Parquet",
            notes=(f"{len(parts)} parts, in the order of their names: {parts[0]} to {parts[-1]}",),
        )
    if len(found) == 1:
        rel, path = next(iter(found.items()))
        return _one(path, rel, layer, several=False)
    if not found and folder.suffix.lower() == ".gdb":
        return Dataset(folder, formats.driver_of(folder))
    if not found:
        raise SourceError(f"holds no data set that is read here{_inside(folder)}; {formats.READ_HERE}")
    why = (
        f"no data set {layer!r}; {near(layer, found)}"
        if layer
        else f'say which with layer = "{next(iter(found))}"'
    )
    raise SourceError(f"holds {len(found)} data sets ({', '.join(found)}); {why}")


def _inside(folder: Path) -> str:
    """What a folder holds, for people."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    tables = (
        " (a table is given by itself, not packed)"
        if any(Path(one).suffix.lower() in TABULAR for one in names)
        else ""
    )
    some = ", ".join(display.cut(one, 40) for one in names[:5])
    return f", only {some}{', …' if len(names) > 5 else ''}{tables}" if names else ": it is empty"


def _one(path: Path, rel: str, layer: str, *, several: bool) -> Dataset:
    with about(part=rel):
        driver = formats.driver_of(path)
    return Dataset(
        path,
        driver,
        layer,
        rel if several else "",
        (f"{rel} of it was read",),
    )


def _candidates(folder: Path) -> dict[str, Path]:
    """Files and geodatabases with geometry below a folder, by their path in it; JSON only where there is
    nothing else.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        rel = path.relative_to(folder)
        if any(part.startswith((".", "__MACOSX")) for part in rel.parts) or any(
            p.suffix.lower() == ".gdb" for p in rel.parents
        ):
            continue
        suffix = path.suffix.lower()
        if suffix in VECTOR and path.is_dir() == (suffix == ".gdb"):
            found[rel.as_posix()] = path
    return {rel: path for rel, path in found.items() if path.suffix.lower() != ".json"} or found


def _prepared(found: Dataset, folder: Path) -> Dataset:
    """What GDAL can't read as it lies in RAW, as a copy: a Shapefile without its .shx, text in UTF-16."""
    written = found.path.name.encode("utf-8", "backslashreplace").decode()
    if written != found.path.name:
        raise SourceError(
            f"the name of {written} is not in UTF-8, as names of files have to be here; rename it"
        )
    if found.driver == "DXF":
        dxf.check(found.path)
    if found.driver == "GPKG":
        found = replace(found, path=geopackage.settled(found.path, folder))
        geopackage.check(found.path)
    if found.driver != "ESRI Shapefile":
        path, notes = transcoding.copied(found.path, found.driver, folder)
        if path != found.path and found.driver not in ("GeoJSONSeq", "ESRIJSON"):
            formats.driver_of(path)  # what it begins with may have been hidden by its encoding
        return replace(found, path=path, notes=(*found.notes, *notes))
    shapefile.check(found.path)
    path = shapefile.complete(found.path, folder)
    if ".shx" in shapefile.parts(path):
        return replace(found, path=path)
    note = "its .shx (index) is missing and was made again"
    return replace(found, path=path, notes=(*found.notes, note), options={"SHAPE_RESTORE_SHX": "YES"})
