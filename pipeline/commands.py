"""What each command does: read tables, call the stage, write what it gives. One function a command.

Libraries and stages are imported inside the commands: Make runs one process a stage, and loading what a stage
does not use would cost more than most stages do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.config import Config, trusted_inputs
from pipeline.tables import INPUTS

if TYPE_CHECKING:
    import pandas as pd

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
RELEASE_HINT = """
To have the next run read it, add to the configuration:

[[inputs.released_areas]]
path = "release/areas.geojson"
optional = true

[[inputs.released_membership]]
path = "release/membership.csv"
optional = true"""
SYNTHETIC_LABEL = "合成样例 / synthetic sample"


class RefusedError(Exception):
    """The data was read and refused: exit code 1."""


@dataclass(frozen=True)
class Run:
    """One run: the configuration, where its raw files, tables and maps are, and the input or file it is about."""

    config: Config
    raw: Path
    out: Path
    maps: Path
    subject: str = ""
    jobs: int = 1

    def read(self, *names: str) -> dict[str, Any]:
        """The tables of these names; an input that the configuration does not list is empty, whatever lies in OUT.

        A register without entries stands for its own: one entry a row.
        """
        return {name: self._read(name) for name in names}

    def _read(self, name: str) -> Any:
        from pipeline import store
        from pipeline.entries import stand_ins
        from pipeline.tables import empty

        if name not in INPUTS or self.config.inputs[name]:
            return store.read_table(self.out, name)
        if name == "entries" and self.config.inputs["register"]:
            return stand_ins(store.read_table(self.out, "register"))
        return empty(INPUTS[name], self.config.district.crs)

    def write(self, frame: pd.DataFrame, name: str) -> None:
        """Write a table."""
        from pipeline import store

        store.write_table(frame, self.out, name)

    @property
    def ingested(self) -> list[str]:
        """The inputs that this district has."""
        return [name for name, files in self.config.inputs.items() if files]


def ingest(run: Run) -> str:
    """Read the raw files of one input into its table, every row that is not taken into the rejects."""
    from pipeline import store
    from pipeline.sources.read import read_file
    from pipeline.stages.ingest import ingest

    name = run.subject
    files = [f for f in run.config.inputs[name] if not (f.optional and not (run.raw / f.path).exists())]
    raw = [read_file(run.raw / file.path, file, name=file.path, limits=run.config.limits) for file in files]
    context = run.read("subdistricts", "communities") if name == "buildings" else {}
    trusted = run.read(*trusted_inputs(name, run.config.inputs))
    intake = ingest(INPUTS[name], raw, files, district=run.config.district, trusted=trusted, **context)
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
    from pipeline.config import Limits
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


def match(run: Run) -> str:
    """Find the footprints of each register entry: by decision, id, boundary, address, point."""
    from pipeline.stages.match import match

    tables = run.read("buildings", "register", "entries", "boundaries", "decisions", "compounds", "barriers")
    matched = match(**tables, rules=run.config.rules.match, group_rules=run.config.rules.group)
    run.write(matched, "matched")
    return f"{len(matched):,} buildings placed, {matched['area_id'].nunique()} areas found"


def group(run: Run) -> str:
    """Group the buildings that are left into the areas that are left, or call them uncovered."""
    from pipeline.stages.group import group

    tables = run.read("buildings", "matched", "barriers", "register", "released_membership")
    tables["membership"] = tables.pop("matched")
    released = run.read("released_areas")["released_areas"]["area_id"]
    # A released area that still has buildings may be carried over by a proposal; the code of any other is never given again.
    retired = released[~released.isin(tables["released_membership"]["area_id"])]
    membership = group(**tables, district_code=run.config.district.code, retired=retired, rules=run.config.rules.group, jobs=run.jobs)
    run.write(membership, "membership")
    uncovered = int(membership["gap"].notna().sum())
    return f"{len(membership):,} residential buildings in {membership['area_id'].nunique()} areas, {uncovered} uncovered"


def blocks(run: Run) -> str:
    """Lay out the ground that areas may own: between streets, water, public land and compounds."""
    from pipeline.stages.blocks import lay_blocks

    tables = run.read("subdistricts", "buildings", "barriers", "land", "compounds")
    laid = lay_blocks(**tables, rules=run.config.rules.delineate)
    run.write(laid, "blocks")
    return f"{len(laid):,} blocks"


def delineate(run: Run) -> str:
    """Draw the ground each area owns."""
    from pipeline.stages.delineate import delineate

    names = ("buildings", "membership", "blocks", "barriers", "land", "boundaries", "register")
    areas = delineate(**run.read(*names), rules=run.config.rules.delineate, jobs=run.jobs)
    run.write(areas, "areas")
    return f"{len(areas)} areas, {areas['ground_area_m2'].sum() / 1e4:,.1f} ha"


def reasons(run: Run) -> str:
    """Say why each area is one: what holds it together, what cuts it off from each neighbour, and how sure."""
    from pipeline.stages.reasons import explain

    names = ("buildings", "membership", "areas", "barriers", "land", "compounds", "communities", "subdistricts")
    found = explain(**run.read(*names), rules=run.config.rules.group)
    run.write(found, "area_reasons")
    return f"{len(found):,} reasons for {found['area_id'].nunique()} areas"


def edges(run: Run) -> str:
    """Cut the boundary of each area into pieces: what each piece follows, and what lies beyond it."""
    from pipeline.stages.edges import trace_edges

    tables = run.read("areas", "barriers", "land", "boundaries", "compounds", "subdistricts")
    traced = trace_edges(**tables, rules=run.config.rules.delineate)
    run.write(traced, "edges")
    length = traced.groupby("follows")["length_m"].sum().sort_values(ascending=False)
    shares = [f"{follows} {share:.0%}" for follows, share in (length / length.sum()).items() if share >= 0.005]
    return f"{len(traced):,} pieces: " + ", ".join(shares)


def bounds(run: Run) -> str:
    """Put the four bounds of each area into words (四至), and find the ten oddest shapes."""
    from pipeline.stages.bounds import word_bounds

    worded = word_bounds(**run.read("areas", "edges"))
    run.write(worded, "bounds")
    oddest = worded[worded["oddity_rank"] <= 10].sort_values("oddity_rank")["area_id"]
    return f"{worded['bounds_zh'].notna().sum()} areas in words; the oddest shapes, to be looked at: {', '.join(oddest)}"


def service(run: Run) -> str:
    """Set contract against delivery, and find the mode each area is eligible for."""
    from pipeline.stages.service import assess_service

    tables = run.read("areas", "register", "contracts", "assessments")
    found = assess_service(**tables, as_of=run.config.district.as_of, rules=run.config.rules.service)
    run.write(found, "service")
    return ", ".join(f"{count} {status}" for status, count in found["status"].value_counts().items())


def gaps(run: Run) -> str:
    """Find what nobody owns, what two own, and what is owned on paper only."""
    from pipeline.stages.gaps import find_gaps

    names = ("buildings", "membership", "areas", "service", "register", "entries", "land", "blocks", "boundaries", "assessments")
    found = find_gaps(**run.read(*names), as_of=run.config.district.as_of, rules=run.config.rules.gaps)
    run.write(found, "gaps")
    return ", ".join(f"{count} {kind}" for kind, count in sorted(found["kind"].value_counts().items())) or "no gaps"


def check(run: Run) -> str:
    """Check conservation, topology and decisions; the report is written whatever it says."""
    from pipeline import store
    from pipeline.stages.check import check

    intakes, rejects = store.read_intakes(run.out, run.ingested)
    names = ("buildings", "membership", "blocks", "areas", "register", "entries", "boundaries", "decisions", "subdistricts", "barriers")
    tables = run.read(*names)
    placed = run.read("communities", "barriers", "land", "compounds", "register", "entries", "boundaries")
    rules = run.config.rules
    found = check(intakes, rejects, **tables, placed=placed, target_count=rules.group.target_count, match_rules=rules.match)
    run.write(found, "checks")
    return ", ".join(f"{count} {verdict}" for verdict, count in found["verdict"].value_counts().items())


def reconcile(run: Run) -> str:
    """Set the declared totals against the computed ones."""
    from pipeline.stages.reconcile import reconcile

    tables = run.read("areas", "register", "entries", "contracts", "assessments", "subdistricts")
    found = reconcile(**tables, declared=run.config.declared)
    run.write(found, "reconciliation")
    return ", ".join(f"{count} {verdict}" for verdict, count in found["verdict"].value_counts().items()) or "nothing declared"


def changes(run: Run) -> str:
    """List what differs from the last release."""
    from pipeline.stages.changes import find_changes

    found = find_changes(**run.read("membership", "areas", "released_membership", "released_areas"))
    run.write(found, "changes")
    return ", ".join(f"{count} {change}" for change, count in sorted(found["change"].value_counts().items())) or "none, or no release yet"


def publish(run: Run) -> str:
    """Write one file of the hand-off. A failed check stops all but the reports that say why."""
    from pipeline import store

    name = run.subject
    if name not in ("checks.csv", "reconciliation.csv", "rejects.csv", "repairs.csv"):
        _gate(run)
    with store.whole(run.out / name) as part:
        rows = _write_published(run, name, part)
    return f"{name}: {rows:,} rows"


def _gate(run: Run) -> None:
    checks = run.read("checks")["checks"]
    failed = checks[checks["verdict"].eq("fail")]
    if len(failed):
        lines = [f"  {row.check}: {row.measured}; expected {row.expected}" for row in failed.itertuples()]
        raise RefusedError("\n".join([f"{len(failed)} checks failed, nothing is handed off (see checks.csv):", *lines]))


def _write_published(run: Run, name: str, path: Path) -> int:
    from pipeline import store
    from pipeline.publish.handoff import write_csv, write_geojson, write_geopackage
    from pipeline.publish.views import areas_view, buildings_view, labelled

    synthetic = run.config.district.synthetic
    description = SYNTHETIC_LABEL if synthetic else run.config.district.source
    if name == "areas.gpkg":
        as_they_are = ("subdistricts", "blocks", "barriers", "compounds", "gaps", "membership", "edges")
        tables = run.read(*as_they_are, "buildings", "areas", "bounds", "service")
        layers = {name: tables[name] for name in as_they_are}
        layers["buildings"] = buildings_view(tables["buildings"], tables["membership"])
        layers["areas"] = areas_view(tables["areas"], tables["bounds"], tables["service"])
        labels = {layer: labelled(frame, synthetic=synthetic) for layer, frame in layers.items() if len(frame)}
        write_geopackage(labels, path, as_of=run.config.district.as_of)
        return sum(len(frame) for frame in labels.values())
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
    frame = labelled(frame, synthetic=synthetic)
    if name.endswith(".geojson"):
        write_geojson(frame, path, layer=name.removesuffix(".geojson"), description=description)
    else:
        write_csv(frame, path)
    return len(frame)


def manifest(run: Run) -> str:
    """Write what the hand-off consists of: inputs, outputs, SHA-256, versions, configuration."""
    from pipeline import store
    from pipeline.publish.manifest import build_manifest

    _gate(run)
    paths = [file.path for files in run.config.inputs.values() for file in files]
    files = {path: sorted((run.raw / path).rglob("*")) if (run.raw / path).is_dir() else [run.raw / path] for path in paths}
    inputs = {file.relative_to(run.raw).as_posix(): file for found in files.values() for file in found if file.is_file()}
    outputs = {name: run.out / name for name in PUBLISHED} | {"index.html": run.maps / "index.html"}
    missing = [name for name, path in outputs.items() if not path.exists()]
    if missing:
        raise RefusedError(f"not there yet: {', '.join(missing)}; run `make`")
    tables = run.read("buildings", "membership", "areas", "gaps")
    counts = {name: len(frame) for name, frame in tables.items()}
    with store.whole(run.out / "manifest.json") as part:
        part.write_text(build_manifest(run.config, inputs=inputs, outputs=outputs, counts=counts), encoding="utf-8")
    return f"{len(inputs)} inputs, {len(outputs)} outputs"


def map_(run: Run) -> str:
    """Write the interactive map: one file that opens without a network."""
    from pipeline import store
    from pipeline.publish.webmap import build_map

    names = ("buildings", "membership", "areas", "bounds", "service", "gaps", "subdistricts", "communities", "barriers", "land")
    decided = ("boundaries", "decisions", "released_areas", "released_membership", "changes")
    tables = run.read(*names, *decided, "compounds", "register", "contracts", "reconciliation", "area_reasons")
    html = build_map(tables, district=run.config.district, declared=run.config.declared, options=run.config.map)
    with store.whole(run.maps / "index.html") as part:
        part.write_text(html, encoding="utf-8")
    return f"{run.maps / 'index.html'}: {len(html.encode()) / 1e6:.1f} MB"


def release(run: Run) -> str:
    """Keep today's areas and membership in RAW/release, so that codes carry over and the next run lists what changed."""
    import pandas as pd

    from pipeline import store
    from pipeline.publish.handoff import write_csv, write_geojson

    _gate(run)
    tables = run.read("areas", "membership", "released_areas")
    columns = ["area_id", "name", "origin", "retired", "geometry"]
    before, now = tables["released_areas"][columns], tables["areas"].assign(retired=False)[columns]
    retired = before[~before["area_id"].isin(now["area_id"])].assign(retired=True)
    areas = pd.concat([now, retired]).sort_values("area_id")
    with store.whole(run.raw / "release" / "membership.csv") as part:
        write_csv(tables["membership"][["building_id", "area_id"]], part)
    with store.whole(run.raw / "release" / "areas.geojson") as part:
        write_geojson(areas, part, layer="areas", description=SYNTHETIC_LABEL if run.config.district.synthetic else "")
    said = f"{len(now)} areas kept in {run.raw / 'release'}, {len(retired)} codes retired"
    return said if run.config.inputs["released_areas"] else said + RELEASE_HINT


STAGES: dict[str, Callable[[Run], str]] = {
    "ingest": ingest,
    "match": match,
    "group": group,
    "blocks": blocks,
    "delineate": delineate,
    "edges": edges,
    "bounds": bounds,
    "reasons": reasons,
    "service": service,
    "gaps": gaps,
    "check": check,
    "reconcile": reconcile,
    "changes": changes,
    "publish": publish,
    "map": map_,
    "manifest": manifest,
    "release": release,
}
