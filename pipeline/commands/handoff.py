"""What leaves the pipeline: the files of the hand-off, the map, the manifest, and the release that the next
run compares with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.commands import marks
from pipeline.commands.run import RefusedError, Run

PUBLISHED = (
    "buildings.geojson",
    "areas.geojson",
    "edges.geojson",
    "gaps.geojson",
    "membership.csv",
    "area_reasons.csv",
    "rejects.csv",
    "repairs.csv",
    "checks.csv",
    "reconciliation.csv",
    "changes.csv",
    "areas.gpkg",
)
#: What the map draws and says.
MAPPED = (
    *(
        "buildings",
        "membership",
        "areas",
        "bounds",
        "service",
        "gaps",
        "subdistricts",
        "communities",
        "barriers",
        "land",
    ),
    *("boundaries", "decisions", "released_areas", "released_membership", "changes"),
    *("compounds", "register", "contracts", "reconciliation", "area_reasons"),
)
RELEASE_HINT = """
To have the next run read it, add to the configuration:

[[inputs.released_areas]]
path = "release/areas.geojson"
optional = true

[[inputs.released_membership]]
path = "release/membership.csv"
optional = true"""
SYNTHETIC_LABEL = "合成样例 / synthetic sample"


def publish(run: Run) -> str:
    """Write one file of the hand-off. A failed check stops all but the reports that say why."""
    from pipeline.publish.files.handoff import write_csv, write_geojson, write_geopackage

    name = run.subject
    if name not in ("checks.csv", "reconciliation.csv", "rejects.csv", "repairs.csv"):
        _gate(run)
    frames = _published(run, name)
    if name == "areas.gpkg":
        write_geopackage(frames, run.out / name, as_of=run.config.district.as_of)
    elif name.endswith(".geojson"):
        layer = name.removesuffix(".geojson")
        description = SYNTHETIC_LABEL if run.config.district.synthetic else run.config.district.source
        write_geojson(frames[layer], run.out / name, layer=layer, description=description)
    else:
        write_csv(frames[Path(name).stem], run.out / name)
    marks.remove(run.out / name)
    return f"{name}: {sum(len(frame) for frame in frames.values()):,} rows"


def _gate(run: Run) -> None:
    checks = run.read("checks")["checks"]
    failed = checks[checks["verdict"].eq("fail")]
    if len(failed):
        told = failed.assign(note=("; " + failed["note"]).fillna("")).itertuples()
        lines = [f"  {row.check}: {row.measured}; expected {row.expected}{row.note}" for row in told]
        raise RefusedError(
            "\n".join([f"{len(failed)} checks failed, nothing is handed off (see checks.csv):", *lines])
        )


def _published(run: Run, name: str) -> dict[str, Any]:
    """What goes into one file of the hand-off: layer → its rows."""
    from pipeline import store
    from pipeline.publish.files.views import areas_view, buildings_view, labelled

    synthetic = run.config.district.synthetic
    if name == "areas.gpkg":
        as_they_are = ("subdistricts", "blocks", "barriers", "compounds", "gaps", "membership", "edges")
        tables = run.read(*as_they_are, "buildings", "areas", "bounds", "service")
        layers = {name: tables[name] for name in as_they_are}
        layers["buildings"] = buildings_view(tables["buildings"], tables["membership"])
        layers["areas"] = areas_view(tables["areas"], tables["bounds"], tables["service"])
        return {layer: labelled(frame, synthetic=synthetic) for layer, frame in layers.items() if len(frame)}
    if name == "rejects.csv":
        frame = store.read_intakes(run.out, run.ingested)[1]
    elif name == "repairs.csv":
        frame = store.read_repairs(run.out, run.ingested)
    elif name == "buildings.geojson":
        frame = buildings_view(**run.read("buildings", "membership"))
    elif name == "areas.geojson":
        frame = areas_view(**run.read("areas", "bounds", "service"))
    else:
        table = name.removesuffix(".geojson").removesuffix(".csv")
        frame = run.read(table)[table]
    return {Path(name).stem: labelled(frame, synthetic=synthetic)}


def manifest(run: Run) -> str:
    """Write what the hand-off consists of: inputs, outputs, SHA-256, versions, configuration."""
    from pipeline.files import write
    from pipeline.publish.files.manifest import build_manifest, cut

    _gate(run)
    paths = [file.path for files in run.config.inputs.values() for file in files]
    files = {
        path: sorted((run.raw / path).rglob("*")) if (run.raw / path).is_dir() else [run.raw / path]
        for path in paths
    }
    inputs = {
        file.relative_to(run.raw).as_posix(): file
        for found in files.values()
        for file in found
        if file.is_file()
    }
    outputs = {name: run.out / name for name in PUBLISHED} | {"index.html": run.maps / "index.html"}
    missing = [name for name, path in outputs.items() if not path.exists()]
    if missing:
        raise RefusedError(f"not there yet: {', '.join(missing)}; run `make`")
    if broken := [f"{path} {why}" for path in outputs.values() if (why := cut(path))]:
        raise RefusedError(
            "\n".join(
                [
                    "a file is not as it was written, nothing is signed:",
                    *broken,
                    "Remove it, then run `make`.",
                ]
            )
        )
    tables = run.read("buildings", "membership", "areas", "gaps")
    counts = {name: len(frame) for name, frame in tables.items()}
    write(
        run.out / "manifest.json",
        build_manifest(run.config, inputs=inputs, outputs=outputs, counts=counts).encode(),
    )
    return f"{len(inputs)} inputs, {len(outputs)} outputs"


def map_(run: Run) -> str:
    """Write the interactive map: one file that opens without a network."""
    from pipeline.files import write
    from pipeline.publish.webmap import build_map

    tables = run.read(*MAPPED)
    html = build_map(
        tables, district=run.config.district, declared=run.config.declared, options=run.config.map
    ).encode()
    write(run.maps / "index.html", html)
    marks.remove(run.maps / "index.html")
    return f"{run.maps / 'index.html'}: {len(html) / 1e6:.1f} MB"


def release(run: Run) -> str:
    """Keep today's areas and membership in RAW/release, so that codes carry over and the next run lists what
    changed.
    """
    import pandas as pd

    from pipeline.files import write_all
    from pipeline.publish.files.handoff import as_csv, as_geojson

    _gate(run)
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
