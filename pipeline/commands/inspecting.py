"""Raw files that have no entry in a configuration yet: only looked into."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.run import RefusedError
from pipeline.config import Config, District, InputFile, Limits, entries
from pipeline.tables import INPUTS

if TYPE_CHECKING:
    from pipeline.inspect.inspection import Part
    from pipeline.raw.file import RawFile


#: The suggested entry of a file with more rows is not tried.
TRIED_MOST = 200_000


def inspect(
    path: Path,
    *,
    layer: str,
    sheet: str,
    raw: Path,
    config: Config | None,
    doing: Callable[[str], None] = lambda _: None,
) -> tuple[str, str]:
    """What is in a file that has no entry in a configuration yet: a report with a suggested entry, and one
    line of what could be read.

    `raw` is the folder that a path in the entry is relative to. With a configuration its limits hold, and
    coordinates are held against its district: by its subdistricts, if they can be read. Each suggested entry
    is tried, and the report says what it takes, or why it does not. `doing` is told what is being done.
    Raises RefusedError, the report in it, where nothing can be read.
    """
    from pipeline.georeferencing.location import District as Place
    from pipeline.inspect.inspection import inspect_file
    from pipeline.inspect.report import as_text, refusal, summary

    inside = path.is_absolute() is raw.is_absolute() and path.is_relative_to(raw)
    name = path.relative_to(raw).as_posix() if inside and path != raw else path.name
    subdistricts = None if config is None else _subdistricts(config, raw)
    district = None if config is None else Place(config.district.crs, subdistricts)
    limits = Limits() if config is None else config.limits
    found = inspect_file(
        path, name=name, layer=layer, sheet=sheet, limits=limits, district=district, doing=doing
    )
    doing(f"trying what is suggested for {name}")
    found = replace(
        found, parts=tuple(_tried(part, path, config, subdistricts, limits) for part in found.parts)
    )
    if why := refusal(found):
        raise RefusedError(f"{as_text(found)}\n{why}")
    return as_text(found), summary(found)


def _tried(part: Part, path: Path, config: Config | None, subdistricts: Any, limits: Limits) -> Part:
    """The part, with what its suggested entry takes of the file, or with why it is refused."""
    if not part.suggestion or part.needs or part.raw is None or part.raw.rows_read > TRIED_MOST:
        return part
    from pipeline.georeferencing.location import suited_crs
    from pipeline.raw.errors import SourceError
    from pipeline.readers.read import read_file
    from pipeline.stages.ingest import ingest

    files = list(entries(tomllib.loads(part.suggestion)["inputs"])[part.table])
    try:
        read = [read_file(path, file, name=file.path, limits=limits) for file in files]
        if config is None:
            lonlat = part.site.lonlat if part.site else None
            here = suited_crs(lonlat) if lonlat else _crs_of(read)
            district = District("000000", "", "", here, date.today())
        else:
            district = config.district
        known = {} if subdistricts is None or part.table == "subdistricts" else {"subdistricts": subdistricts}
        intake = ingest(
            INPUTS[part.table],
            read,
            files,
            district=district,
            **known if part.table == "buildings" else {},
            trusted=known,
        )
    except SourceError as error:
        return replace(part, refused_as_it_stands=str(error))
    taken, rows = len(intake.rows), read[0].rows_read
    counts = {
        "merged": sum(log["rows_merged"] for log in intake.log),
        "rejected": sum(log["rows_rejected"] for log in intake.log),
        "not meant": rows - taken - len(intake.rejects),
    }
    said = "".join(f", {count:,} {what}" for what, count in counts.items() if count)
    reasons = intake.rejects["reason"].value_counts()
    said += (
        f" ({', '.join(f'{reason} {count:,}' for reason, count in reasons.items())})" if len(reasons) else ""
    )
    if not taken:
        return replace(part, refused_as_it_stands=f"none of its {rows:,} rows would be taken{said}")
    return replace(part, trial=f"it takes {taken:,} of {rows:,} rows{said}")


def _crs_of(read: Sequence[RawFile]) -> str:
    """A CRS in metres for where the files lie; for tables without a place any."""
    from pipeline.georeferencing.location import located, suited_crs

    for one in read:
        site = located(one, InputFile(one.name), "", None)
        if site is not None and site.lonlat is not None:
            return suited_crs(site.lonlat)
    return "EPSG:4550"


def _subdistricts(config: Config, raw: Path) -> Any:
    """The subdistricts of a district as ingest would have them; None: it has none, or they are refused."""
    from pipeline.raw.errors import SourceError
    from pipeline.readers.read import read_file
    from pipeline.stages.ingest import ingest

    files = config.inputs["subdistricts"]
    try:
        read = [read_file(raw / file.path, file, name=file.path, limits=config.limits) for file in files]
        return ingest(INPUTS["subdistricts"], read, files, district=config.district).rows if files else None
    except SourceError:
        return None
