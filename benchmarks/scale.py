"""How grouping and delineating grow with the number of buildings: `python benchmarks/scale.py [copies …]`.

The sample's district is set side by side so many times, each copy with subdistricts of its own, and every
step runs in a process of its own: seconds, peak memory, and the exponent b of seconds ~ buildings^b against
the line before. Then some copies as one subdistrict without any boundary inside, which is the most that has
to be held at once. For comparison, on the first footprints: momepy's enclosed tessellation (the ground) and
spopt's Skater and Max-p (the groups). What does not finish in its time is said not to.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
import warnings
from math import log
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.cli import main as command  # noqa: E402
from pipeline.config import DelineateRules, GroupRules  # noqa: E402
from pipeline.sample import write_sample  # noqa: E402
from pipeline.stages.adjacency import link_homes  # noqa: E402
from pipeline.stages.blocks import lay_blocks  # noqa: E402
from pipeline.stages.delineate import delineate  # noqa: E402
from pipeline.stages.group import group  # noqa: E402
from pipeline.tables import TABLES, conform, empty  # noqa: E402

COPIES = (2, 36, 360)
"""About 5,000, 100,000 and 1,000,000 residential buildings."""
TOGETHER = 15
"""About 50,000 residential buildings in one subdistrict."""
AREAS = 199
OURS = ("group", "blocks", "delineate")
TIMEOUT_S = 1800
OTHERS_TIMEOUT_S = 120
OTHERS_UP_TO = 2
"""Other people's tools are tried on so many copies: what does not finish there does not finish on more."""
KEYS = {
    "subdistricts": "subdistrict_code",
    "buildings": "building_id",
    "barriers": "barrier_id",
    "land": "land_id",
}
APART_M = 500.0


def copies_of(tables: dict[str, Any], n: int) -> dict[str, Any]:
    """The tables n times side by side, every copy with ids and subdistricts of its own."""
    left, low, right, high = tables["subdistricts"].total_bounds
    columns = int(np.ceil(np.sqrt(n)))
    out: dict[str, list[Any]] = {name: [] for name in tables}
    for i in range(n):
        shift = np.array([(i % columns) * (right - left + APART_M), (i // columns) * (high - low + APART_M)])
        for name, frame in tables.items():
            geometry = shapely.transform(
                np.asarray(frame.geometry.array, dtype=object), lambda xy, by=shift: xy + by
            )
            key = KEYS[name]
            fields: dict[str, Any] = {key: f"{i:04d}-" + frame[key].astype("str")}
            if "subdistrict_code" in frame.columns:
                fields["subdistrict_code"] = f"{i:05d}" + frame["subdistrict_code"].str[-4:]
            out[name].append(pd.DataFrame(frame.drop(columns="geometry")).assign(**fields, geometry=geometry))
    crs = tables["buildings"].crs
    return {
        name: conform(pd.concat(frames, ignore_index=True), TABLES[name], crs) for name, frames in out.items()
    }


def as_one(tables: dict[str, Any]) -> dict[str, Any]:
    """The same, all in one subdistrict."""
    whole = tables["subdistricts"].iloc[:1]
    code = whole["subdistrict_code"].iloc[0]
    outline = shapely.box(*tables["subdistricts"].total_bounds)
    return tables | {
        "subdistricts": whole.set_geometry([outline], crs=whole.crs),
        "buildings": tables["buildings"].assign(subdistrict_code=code),
    }


def run_ours(step: str, at: Path, n: int) -> None:
    """One step of the pipeline; what it makes is kept for the next."""
    tables = {name: gpd.read_parquet(at / f"{name}.parquet") for name in KEYS}
    crs = tables["buildings"].crs
    none = {
        name: empty(TABLES[name], crs)
        for name in ("membership", "register", "released_membership", "compounds", "boundaries")
    }
    started = time.perf_counter()
    if step == "group":
        rules = GroupRules(target_count=AREAS * n)
        links = link_homes(tables["buildings"], tables["barriers"], rules=rules)
        before = (none["membership"], links, tables["barriers"], none["register"])
        made = group(
            tables["buildings"], *before, none["released_membership"], district_code="210203", rules=rules
        )
    elif step == "blocks":
        made = lay_blocks(
            tables["subdistricts"],
            tables["buildings"],
            tables["barriers"],
            tables["land"],
            none["compounds"],
            rules=DelineateRules(),
        )
    else:
        membership, blocks = pd.read_parquet(at / "group.parquet"), gpd.read_parquet(at / "blocks.parquet")
        given = (tables["barriers"], tables["land"], none["boundaries"], none["register"])
        made = delineate(tables["buildings"], membership, blocks, *given, rules=DelineateRules())
    report(started, f"{len(made):,} rows")
    made.to_parquet(at / f"{step}.parquet")


def run_other(name: str, at: Path, n: int) -> None:
    """Somebody else's tool on the residential footprints."""
    buildings, barriers = (gpd.read_parquet(at / f"{table}.parquet") for table in ("buildings", "barriers"))
    homes = buildings[buildings["use"].eq("residential")].reset_index(drop=True)
    started = time.perf_counter()
    if name == "momepy, tessellation":
        import momepy

        limits = gpd.read_parquet(at / "subdistricts.parquet")
        lines = barriers[barriers.geometry.geom_type.str.contains("Line")]
        enclosures = momepy.enclosures(
            lines.explode().reset_index(drop=True), limit=limits.reset_index(drop=True)
        )
        cells = momepy.enclosed_tessellation(homes, enclosures)
        ratio = cells.area.sum() / enclosures.area.sum()
        report(started, f"{len(cells):,} cells, together {ratio:.2f} times the ground")
        return
    import libpysal
    import spopt.region as region

    centres = shapely.get_coordinates(homes.geometry.centroid.array)
    frame = homes[["geometry"]].assign(one=1.0, x=centres[:, 0], y=centres[:, 1])
    w = libpysal.graph.Graph.build_triangulation(homes.set_geometry(homes.centroid)).to_W()
    if name == "spopt, Skater":
        model = region.Skater(frame, w, ["x", "y"], n_clusters=AREAS * n, floor=2)
    else:
        np.random.seed(0)  # noqa: NPY002 - what spopt draws from
        model = region.MaxPHeuristic(
            frame, w, ["x", "y"], "one", max(2, len(frame) // (AREAS * n) // 2), top_n=2
        )
    model.solve()
    report(started, f"{len(set(model.labels_)):,} groups")


def report(started: float, made: str) -> None:
    """One line of JSON for the process that waits."""
    # getrusage would count what the process that started this one had
    status = Path("/proc/self/status").read_text()
    megabytes = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"seconds": time.perf_counter() - started, "megabytes": megabytes, "made": made}))


def measured(step: str, at: Path, n: int) -> dict[str, Any]:
    """A step in a process of its own, or why there is nothing to report."""
    limit = TIMEOUT_S if step in OURS else OTHERS_TIMEOUT_S
    arguments = [sys.executable, __file__, "--step", step, str(at), str(n)]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=limit, check=True)
    except subprocess.TimeoutExpired:
        return {"made": f"not finished in {limit} s"}
    except subprocess.CalledProcessError as error:
        return {"made": f"failed: {error.stderr.strip().splitlines()[-1][:80]}"}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table, row by row."""
    warnings.filterwarnings("ignore")
    if sys.argv[1:2] == ["--step"]:
        _, _, step, at, n = sys.argv
        (run_ours if step in OURS else run_other)(step, Path(at), int(n))
        return
    sizes = [(int(word), False) for word in sys.argv[1:]] or [*((n, False) for n in COPIES), (TOGETHER, True)]
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        at = Path(folder)
        write_sample(at / "raw", seed=210203)
        options = [
            "--config",
            str(ROOT / "district.toml"),
            "--raw",
            str(at / "raw"),
            "--out",
            str(at),
            "--maps",
            str(at),
        ]
        for name in ("subdistricts", "communities", "buildings", "barriers", "land"):
            command(["ingest", name, *options])
        tables = {name: gpd.read_parquet(at / "tables" / f"{name}.parquet") for name in KEYS}
    print("| residential buildings | step | seconds | exponent | peak MB | made |\n|---|---|---|---|---|---|")
    before: dict[str, tuple[int, float]] = {}
    for n, together in sizes:
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            copies = as_one(copies_of(tables, n)) if together else copies_of(tables, n)
            homes = int(copies["buildings"]["use"].eq("residential").sum())
            for name, frame in copies.items():
                frame.to_parquet(at / f"{name}.parquet")
            del copies
            others = ("momepy, tessellation", "spopt, Skater", "spopt, Max-p") if n <= OTHERS_UP_TO else ()
            for step in (*OURS, *others):
                found = measured(step, at, n)
                line = [f"{homes:,}" + " in one subdistrict" * together, step]
                if "seconds" not in found:
                    print("| " + " | ".join([*line, "", "", "", found["made"]]) + " |", flush=True)
                    continue
                seconds, last = found["seconds"], None if together else before.get(step)
                exponent = f"{log(seconds / last[1]) / log(homes / last[0]):.2f}" if last else ""
                before[step] = (homes, seconds)
                print(
                    "| "
                    + " | ".join(
                        [*line, f"{seconds:.1f}", exponent, f"{found['megabytes']:,.0f}", found["made"]]
                    )
                    + " |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
