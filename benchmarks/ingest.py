"""How fast raw files become the buildings table, against pyogrio's bare read of the same file in the same
run.

python benchmarks/ingest.py [ROWS]…    (default: 100000)

The footprints are invented, from a fixed seed: rectangles turned at random on a grid, with eight attributes,
half of them Chinese text. Each format is measured in processes of its own: the bare `pyogrio.read_dataframe`
(GeoParquet: `geopandas.read_parquet`), what `pipeline.readers` makes of it (read), and the whole of ingest
with everything switched on: subdistricts, repairs, duplicates, ids. Seconds are the best of three (from
500,000 rows on: of one), without imports: on the clock, and of processor time, which means something on a
busy machine too (it counts both cores where both work).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20211
CRS = "EPSG:4550"
FORMATS = {
    "footprints.geojson": "GeoJSON",
    "footprints.gpkg": "GPKG",
    "footprints.shp": "ESRI Shapefile",
    "footprints.fgb": "FlatGeobuf",
    "footprints.parquet": "Parquet",
}
COLUMNS = {"building_id": "id", "name": "title", "address": "addr", "floors": "levels", "use": "kind"}
ONCE_FROM_ROWS = 500_000
ROADS = ("胜利路", "石道街", "学苑路", "长江路", "中山路", "白云街")


def footprints(rows: int) -> Any:
    """A GeoDataFrame of rectangles about Xigang, WGS 84."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    rng = np.random.default_rng(SEED)
    side = int(np.ceil(np.sqrt(rows)))
    at = np.arange(rows)
    middle = np.column_stack([500_000 + 40 * (at % side), 4_300_000 + 40 * (at // side)]) + rng.uniform(
        -5, 5, (rows, 2)
    )
    half, turn = rng.uniform(4, 11, (rows, 2)), rng.uniform(0, np.pi, rows)
    corners = half[:, None, :] * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    turned = np.stack(
        [corners[..., 0] * cos - corners[..., 1] * sin, corners[..., 0] * sin + corners[..., 1] * cos],
        axis=-1,
    )
    xy = turned + middle[:, None, :]
    road = np.array(ROADS)[rng.integers(len(ROADS), size=rows)]
    number = rng.integers(1, 400, rows).astype(str)
    frame = pd.DataFrame(
        {
            "id": np.char.add("B", np.char.zfill(at.astype(str), 7)),
            "title": np.char.add(np.char.add(road, number), "号楼"),
            "addr": np.char.add(np.char.add(np.char.add("大连市西岗区", road), number), "号"),
            "levels": rng.integers(1, 30, rows),
            "year": rng.integers(1950, 2020, rows),
            "kind": np.array(["residential", "commercial", "public"])[rng.integers(3, size=rows)],
            "length": np.round(half[:, 0] * 2, 2),
            "note": np.where(rng.random(rows) < 0.1, "无电梯", None),
        }
    )
    shapes = shapely.polygons(shapely.linearrings(xy.reshape(-1, 2), indices=np.repeat(at, 5)))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS).to_crs("EPSG:4326")


def write(frame: Any, folder: Path) -> None:
    """The footprints in every format, and a subdistrict around them."""
    import shapely

    frame.iloc[:1].assign(geometry=[shapely.box(*frame.total_bounds).buffer(0.01)]).to_file(
        folder / "district.geojson", engine="pyogrio"
    )
    for name, driver in FORMATS.items():
        if driver == "Parquet":
            frame.to_parquet(folder / name)
        else:
            extra = {"RFC7946": "NO"} if driver == "GeoJSON" else {}
            frame.to_file(folder / name, driver=driver, engine="pyogrio", **extra)


def bare(path: Path) -> int:
    """Rows of the bare read."""
    import geopandas as gpd
    import pyogrio

    return len(gpd.read_parquet(path) if path.suffix == ".parquet" else pyogrio.read_dataframe(path))


def read(path: Path) -> int:
    """Rows that `pipeline.readers` gives."""
    from pipeline.config import InputFile
    from pipeline.readers.read import read_file

    return len(read_file(path, InputFile(path.name), name=path.name).rows)


def ingest(path: Path) -> int:
    """Rows of the buildings table."""
    from pipeline.config import District, InputFile
    from pipeline.readers.read import read_file
    from pipeline.stages import ingest as stage
    from pipeline.tables import INPUTS

    district = District(code="210203", name_zh="西岗区", name_en="Xigang", crs=CRS, as_of=date(2021, 12, 31))
    around = InputFile("district.geojson", constants={"subdistrict_code": "210203001", "name": "白云街道"})
    raw = read_file(path.parent / around.path, around, name=around.path)
    subdistricts = stage.ingest(INPUTS["subdistricts"], [raw], [around], district=district).rows
    file = InputFile(path.name, columns=COLUMNS)
    raw = read_file(path, file, name=path.name)
    taken = stage.ingest(INPUTS["buildings"], [raw], [file], district=district, subdistricts=subdistricts)
    return len(taken.rows)


TASKS = {"bare": bare, "read": read, "ingest": ingest}


def measured(task: str, path: Path, times: int) -> dict[str, float]:
    """Seconds on the clock and of the processor, rows and peak memory (MB) of a task in a process of its
    own.
    """
    done = subprocess.run(
        [sys.executable, __file__, "--task", task, str(path), str(times)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_task(task: str, path: Path, times: int) -> None:
    """Measure a task here and print what `measured` reads; a first run on a few rows loads the libraries."""
    TASKS[task](path.parent / "few" / path.name)
    clock, processor = [], []
    for _ in range(times):
        begun, busy = time.perf_counter(), time.process_time()
        rows = TASKS[task](path)
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - busy)
    # ru_maxrss would include the parent's peak
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"clock": min(clock), "processor": min(processor), "rows": rows, "mb": peak / 1024}))


def main() -> None:
    """Print one line for each format and task."""
    print(
        f"{'rows':>9} {'format':<14} {'task':<6} {'seconds':>7} {'rows/s':>9} {'× bare':>6} {'cpu s':>7}"
        f" {'× bare':>6} {'peak MB':>7}"
    )
    for rows in [int(given) for given in sys.argv[1:]] or [100_000]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "few").mkdir()
            frame = footprints(rows)
            write(frame, folder)
            write(frame.iloc[:100], folder / "few")
            del frame
            for name, driver in FORMATS.items():
                base: dict[str, float] = {}
                for task in TASKS:
                    found = measured(task, folder / name, 1 if rows >= ONCE_FROM_ROWS else 3)
                    base = base or found
                    if found["rows"] != rows:
                        sys.exit(f"{name}: {task} gives {found['rows']} rows of {rows}")
                    clock, busy = found["clock"], found["processor"]
                    print(
                        f"{rows:>9} {driver:<14} {task:<6} {clock:>7.2f} {rows / clock:>9,.0f}"
                        f" {clock / base['clock']:>6.2f} {busy:>7.2f} {busy / base['processor']:>6.2f}"
                        f" {found['mb']:>7.0f}",
                        flush=True,
                    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        run_task(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
