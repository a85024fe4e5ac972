"""What ingest makes of every file of ../shared/data/messy, as the table of docs/messy.md.

python benchmarks/messy.py [FOLDER]    (default: ../shared/data/messy)

Each file gets the least configuration that is sensible for it: the input it can be, and a CRS where it states
none or a wrong one. A file that no configuration can save is shown as it is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Attempt:
    """One file with one entry of the configuration."""

    path: str
    table: str
    crs: str
    """CRS of the district that the file would belong to."""
    entry: dict[str, Any] = field(default_factory=dict)


NAME = {"columns": {"name": "name"}}
STATED = {"crs": "EPSG:4326"}
ATTEMPTS = (
    Attempt("laura76/china.shp", "land", "EPSG:4490", {"constants": {"kind": "other"}}),
    Attempt("laura76/china.shp", "land", "EPSG:4490", {"constants": {"kind": "other"}, **STATED}),
    Attempt("laura76/poi.shp", "register", "EPSG:4490", {**NAME}),
    Attempt("laura76/poi.shp", "register", "EPSG:4490", {**NAME, **STATED}),
    Attempt("tianjin/河西站点.shp", "register", "EPSG:4548", NAME),
    Attempt("yanzhe/china.shp", "barriers", "EPSG:4490", {"constants": {"class": "water"}}),
    Attempt("yanzhe/china.shp", "barriers", "EPSG:4490", {"constants": {"class": "water"}, **STATED}),
    Attempt(
        "yanzhe/面84.shp",
        "subdistricts",
        "EPSG:4547",
        {"columns": {"subdistrict_code": "ADMINCODE", "name": "NAME"}},
    ),
    Attempt(
        "yanzhe/面albers.shp",
        "land",
        "EPSG:4551",
        {"constants": {"kind": "other"}, "columns": {"name": "措施名"}},
    ),
    Attempt(
        "wrong_crs/DERIVED_wuhan_buildings_esri.json",
        "buildings",
        "EPSG:4547",
        {"columns": {"building_id": "OBJECTID"}},
    ),
    Attempt("wrong_crs/SAMPLE_chengdu_compounds_closed_linestrings.geojson", "compounds", "EPSG:4543", NAME),
    Attempt("wrong_crs/dhm.geojson", "barriers", "EPSG:4547", {"constants": {"class": "local"}}),
    Attempt(
        "wrong_crs/zeph_buildingGeoJSON.geojson",
        "buildings",
        "EPSG:4547",
        {"columns": {"name": "name", "floors": "layer"}},
    ),
    Attempt(
        "wrong_crs/zeph_buildingGeoJSON.geojson",
        "buildings",
        "EPSG:4547",
        {"columns": {"name": "name", "floors": "layer"}, "crs": "EPSG:3857"},
    ),
    Attempt(
        "wrong_crs/zeph_entranceGeoJSON.geojson",
        "register",
        "EPSG:4547",
        {"columns": {"area_id": "id"}, "crs": "EPSG:3857"},
    ),
    Attempt(
        "wrong_crs/zeph_roadGeoJSON.geojson",
        "barriers",
        "EPSG:4547",
        {"constants": {"class": "local"}, "crs": "EPSG:3857"},
    ),
)


def table(folder: Path) -> Iterator[str]:
    """The lines of the table."""
    yield "| file | as | configuration | read | taken | merged | rejected | encoding | CRS | notes |"
    yield "|---|---|---|---:|---:|---:|---:|---|---|---|"
    for attempt in ATTEMPTS:
        yield (
            "| "
            + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in _row(folder, attempt))
            + " |"
        )


def _row(folder: Path, attempt: Attempt) -> tuple[str, ...]:
    from pipeline.config import District, InputFile
    from pipeline.raw.errors import SourceError
    from pipeline.readers.read import read_file
    from pipeline.stages.ingest import ingest
    from pipeline.tables import INPUTS

    file = InputFile(attempt.path, **attempt.entry)
    said = ", ".join(
        [
            *(f"{k} = {v}" for k, v in attempt.entry.get("columns", {}).items()),
            f"crs = {file.crs}" if file.crs else "",
        ]
    ).strip(", ")
    begin = (f"`{attempt.path}`", attempt.table, said or "none")
    district = District("000000", "区", "District", attempt.crs, date(2026, 9, 30))
    rows = ""
    try:
        raw = read_file(folder / attempt.path, file, name=attempt.path)
        rows = f"{raw.rows_read:,}"
        intake = ingest(INPUTS[attempt.table], [raw], [file], district=district)
    except SourceError as error:
        return (
            *begin,
            rows,
            "0",
            "",
            "",
            "",
            "",
            f"**refused**: {str(error).removeprefix(f'{attempt.path}: ')}",
        )
    log = intake.log[0]
    counts = intake.rejects["reason"].value_counts()
    reasons = [f"{n} {reason}" for reason, n in counts.items()]
    repairs = [f"{n} {repair}" for repair, n in intake.repairs["repair"].value_counts().items()]
    numbers = (f"{log[f'rows_{what}']:,}" for what in ("read", "taken", "merged", "rejected"))
    return (
        *begin,
        *numbers,
        log["encoding"],
        log["crs"],
        "; ".join([*reasons, *repairs, *log["notes"], *filter(None, [log["overlaps"]])]),
    )


def main() -> None:
    """Print the table."""
    sys.path.insert(0, str(ROOT))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "messy"
    listed = {attempt.path for attempt in ATTEMPTS}
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in (".shp", ".json", ".geojson")
    }
    if missing := sorted(there ^ listed):
        sys.exit(f"not in both the folder and this script: {', '.join(missing)}")
    print("\n".join(table(folder)))


if __name__ == "__main__":
    main()
