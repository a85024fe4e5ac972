"""The raw files of one input, taken into its table."""

from __future__ import annotations

import difflib
from datetime import date

from pipeline.commands.run import RefusedError, Run
from pipeline.config import District, InputFile, trusted_inputs
from pipeline.tables import INPUTS


def ingest(run: Run) -> str:
    """Read the raw files of one input into its table, every row that is not taken into the rejects.

    Parameters
    ----------
    run : Run
        Its subject is the input.

    Returns
    -------
    str
        Rows taken, rejected, merged and repaired, in one line.

    Raises
    ------
    RefusedError
        A raw file that is not optional is not there.
    SourceError
        A raw file cannot be read, or is wrong as a whole (`stages.ingest.ingest`); or the district's CRS is
        not a projected one in metres.
    """
    from pipeline import store
    from pipeline.georeferencing.crs import check_district
    from pipeline.readers.read import read_file_or_none
    from pipeline.stages.ingest import ingest

    name = run.subject
    check_district(run.config.district.crs)
    there = {
        n: f
        for n, f in enumerate(run.config.inputs[name], start=1)
        if not (f.optional and not (run.raw / f.path).exists())
    }
    files = list(there.values())
    if missing := [
        _missing_message(run, n, file) for n, file in there.items() if not (run.raw / file.path).exists()
    ]:
        raise RefusedError("\n".join(missing))
    raw = [
        read_file_or_none(run.raw / file.path, file, INPUTS[name], limits=run.config.limits) for file in files
    ]
    context = run.read("subdistricts", "communities") if name == "buildings" else {}
    trusted = run.read(*trusted_inputs(name, run.config.inputs))
    district = run.config.district
    intake = ingest(
        INPUTS[name],
        raw,
        files,
        # only what registry.INGEST_SETTINGS declares: the district's name or date makes no input out of date
        district=District(district.code, "", "", district.crs, date.min),
        trusted=trusted,
        entries=list(there),
        rules=run.config.rules.place,
        **context,
    )
    run.write(intake.rows, name)
    store.write_intake(intake.log, intake.rejects, intake.repairs, run.out, name)
    merged = sum(file["rows_merged"] for file in intake.log)
    counts = {"rejected": len(intake.rejects) - merged, "merged": merged, "repairs": len(intake.repairs)}
    said = "".join(f", {count:,} {what}" for what, count in counts.items() if count)
    return f"{name}: {len(intake.rows):,} rows{said}"


def _missing_message(run: Run, number: int, file: InputFile) -> str:
    """The message for a raw file that is not there.

    It names the entry that asks for it, where it was looked for, and a file of a similar name.
    """
    path, entry = run.raw / file.path, f"[[inputs.{run.subject}]]"
    which = entry if len(run.config.inputs[run.subject]) == 1 else f"entry {number} of {entry}"
    why = f"is a link to {path.readlink()}, which is not there" if path.is_symlink() else "is not there"
    said = f"{path} {why}; {which} in {run.config_path} asks for it (looked for in {run.raw.resolve()})."
    if not run.raw.is_dir():
        return f"{said} There is no such folder: pass the right one with RAW=…"
    beside = [found.name for found in path.parent.glob("*")] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name.lower(), [name.lower() for name in beside], n=1, cutoff=0.75)
    meant = next((f" Was {name} meant?" for name in sorted(beside) if near == [name.lower()]), "")
    return f"{said}{meant} Put it there, or correct `path`; if there is none yet: optional = true"
