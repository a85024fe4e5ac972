"""Raw files that have no entry in a configuration yet: only looked into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.run import RefusedError
from pipeline.config import Config, Limits
from pipeline.tables import INPUTS

if TYPE_CHECKING:
    import geopandas as gpd


def inspect(
    path: Path,
    *,
    layer: str,
    sheet: str,
    raw: Path,
    config: Config | None,
    doing: Callable[[str], None] = lambda _: None,
) -> tuple[str, str]:
    """What is in a file that has no entry in a configuration yet.

    Parameters
    ----------
    path : Path
        A file, an archive or a folder.
    layer, sheet : str
        Which of several, as in the configuration; empty: each.
    raw : Path
        The folder that a path in the entry is relative to.
    config : Config or None
        With a configuration its limits hold, and coordinates are held against its district: by its
        subdistricts, if they can be read.
    doing : callable, default nothing
        Is told what is being done.

    Returns
    -------
    report : str
        What was found, with a suggested entry. Each is tried, and the report says what it takes, or why it
        does not.
    summary : str
        One line of what could be read.

    Raises
    ------
    RefusedError
        The report in it, where nothing can be read.
    """
    from pipeline.georeferencing.location import District as Place
    from pipeline.inspect.inspection import inspect_file
    from pipeline.inspect.report import as_text, refusal, summary
    from pipeline.inspect.trial import tried
    from pipeline.stages.ingest import ingest

    inside = path.is_absolute() is raw.is_absolute() and path.is_relative_to(raw)
    name = path.relative_to(raw).as_posix() if inside and path != raw else path.name
    subdistricts = None if config is None else _subdistricts(config, raw)
    place = None if config is None else Place(config.district.crs, subdistricts)
    limits = Limits() if config is None else config.limits
    found = inspect_file(
        path, name=name, layer=layer, sheet=sheet, limits=limits, district=place, doing=doing
    )
    doing(f"trying what is suggested for {name}")
    district = None if config is None else config.district
    parts = (
        tried(part, path, ingest=ingest, district=district, subdistricts=subdistricts, limits=limits)
        for part in found.parts
    )
    found = replace(found, parts=tuple(parts))
    if why := refusal(found):
        raise RefusedError(f"{as_text(found)}\n{why}")
    return as_text(found), summary(found)


def _subdistricts(config: Config, raw: Path) -> gpd.GeoDataFrame | None:
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
