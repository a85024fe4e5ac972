"""The release: what the next run compares with, and takes the codes of proposals from."""

from __future__ import annotations

from pipeline.commands.gate import SYNTHETIC_LABEL, pass_gate
from pipeline.commands.run import Run

RELEASE_HINT = """
To have the next run read it, add to the configuration:

[[inputs.released_areas]]
path = "release/areas.geojson"
optional = true

[[inputs.released_membership]]
path = "release/membership.csv"
optional = true"""


def release(run: Run) -> str:
    """Keep today's areas and membership in RAW/release, so that codes carry over and the next run lists what
    changed.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        What was kept, and what to add to a configuration that does not read it yet.

    Raises
    ------
    RefusedError
        A check failed.
    WriteError
        The disk does not take both files; those of the release before are kept.
    """
    import pandas as pd

    from pipeline.files import write_all
    from pipeline.publish.files.handoff import as_csv, as_geojson

    pass_gate(run)
    tables = run.read("areas", "membership", "released_areas")
    columns = ["area_id", "name", "origin", "retired", "released_on", "geometry"]
    before = tables["released_areas"][columns]
    now = tables["areas"].assign(retired=False, released_on=run.config.district.as_of.isoformat())[columns]
    retired = before[~before["area_id"].isin(now["area_id"])].assign(retired=True)
    areas = pd.concat([now, retired]).sort_values("area_id")
    files = {
        "membership.csv": as_csv(tables["membership"][["building_id", "area_id"]]),
        "areas.geojson": as_geojson(
            areas, layer="areas", description=SYNTHETIC_LABEL if run.config.district.synthetic else ""
        ),
    }
    # Both or neither: codes of one release beside the buildings of another would carry over wrongly.
    write_all(run.raw / "release", files)
    said = f"{len(now)} areas kept in {run.raw / 'release'}, {len(retired)} codes retired"
    return said if run.config.inputs["released_areas"] else said + RELEASE_HINT
