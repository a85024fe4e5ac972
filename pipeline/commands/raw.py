"""Raw files: taken into tables, or only looked into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.commands.run import RefusedError, Run
from pipeline.config import Config, Limits, trusted_inputs
from pipeline.tables import INPUTS


def ingest(run: Run) -> str:
    """Read the raw files of one input into its table, every row that is not taken into the rejects."""
    from pipeline import store
    from pipeline.sources.read import read_file_or_none
    from pipeline.stages.ingest import ingest

    name = run.subject
    there = {n: f for n, f in enumerate(run.config.inputs[name], start=1) if not (f.optional and not (run.raw / f.path).exists())}
    files = list(there.values())
    raw = [read_file_or_none(run.raw / file.path, file, INPUTS[name], limits=run.config.limits) for file in files]
    context = run.read("subdistricts", "communities") if name == "buildings" else {}
    trusted = run.read(*trusted_inputs(name, run.config.inputs))
    intake = ingest(INPUTS[name], raw, files, district=run.config.district, trusted=trusted, entries=list(there), **context)
    run.write(intake.rows, name)
    store.write_intake(intake.log, intake.rejects, intake.repairs, run.out, name)
    merged = sum(file["rows_merged"] for file in intake.log)
    counts = {"rejected": len(intake.rejects) - merged, "merged": merged, "repairs": len(intake.repairs)}
    said = "".join(f", {count:,} {what}" for what, count in counts.items() if count)
    return f"{name}: {len(intake.rows):,} rows{said}"


def inspect(path: Path, *, layer: str, sheet: str, raw: Path, config: Config | None) -> tuple[str, str]:
    """What is in a file that has no entry in a configuration yet: a report with a suggested entry, and one line of what could be read.

    `raw` is the folder that a path in the entry is relative to. With a configuration its limits hold, and coordinates are held
    against its district: by its subdistricts, if they can be read. Raises RefusedError, the report in it, where nothing can be read.
    """
    from pipeline.publish.inspection import as_text, refusal, summary
    from pipeline.sources.inspecting import inspect_file
    from pipeline.sources.siting import District

    inside = path.is_absolute() is raw.is_absolute() and path.is_relative_to(raw)
    name = path.relative_to(raw).as_posix() if inside and path != raw else path.name
    district = None if config is None else District(config.district.crs, _subdistricts(config, raw))
    limits = Limits() if config is None else config.limits
    found = inspect_file(path, name=name, layer=layer, sheet=sheet, limits=limits, district=district)
    if why := refusal(found):
        raise RefusedError(f"{as_text(found)}\n{why}")
    return as_text(found), summary(found)


def _subdistricts(config: Config, raw: Path) -> Any:
    """The subdistricts of a district as ingest would have them; None: it has none, or they are refused."""
    from pipeline.sources.errors import SourceError
    from pipeline.sources.read import read_file
    from pipeline.stages.ingest import ingest

    files = config.inputs["subdistricts"]
    try:
        read = [read_file(raw / file.path, file, name=file.path, limits=config.limits) for file in files]
        return ingest(INPUTS["subdistricts"], read, files, district=config.district).rows if files else None
    except SourceError:
        return None
