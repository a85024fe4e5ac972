"""How fast the map opens, pans and zooms, how large it is, and the same of Folium's own GeoJSON layer with
the same buildings.

python benchmarks/webmap.py [--tables FOLDER] [--runs N] [--plain] [BUILDINGS …]    (default: 5000 50000)

The tables of a run (FOLDER, data/processed/tables) are laid side by side until there are so many buildings:
areas, gaps, roads, land and reasons too, so that the page is the real page; ids differ from copy to copy,
names do not. --plain leaves out everything but buildings, their areas and the subdistricts. Folium's page has
the buildings, with tooltips of the same facts, and Leaflet inside, as there is no network.

ready: from opening the file to the first complete picture. all: until search and popups know everything.
frames: the median and the longest time between two frames while the mouse drags and the wheel turns; task:
the processor time of the page's longest task meanwhile, which other work on the machine does not lengthen.
heap: JavaScript's memory, arrays included, after a collection. search, click, filter: the longest of a few.
Times are medians of the runs, in a headless Chromium without GPU; other work on the machine shows, so the
load is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Error, sync_playwright

from pipeline.config import Config
from pipeline.publish.webmap import build_map
from pipeline.publish.webmap.page import asset
from pipeline.publish.webmap.payload import FACTS, OPTIONAL, PICTURE, REQUIRED
from pipeline.publish.webmap.picture import QUIET_FLAGS, find_browser
from pipeline.tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
PLAIN = ("buildings", "membership", "areas", "service", "subdistricts", "gaps")
IDS = re.compile(r"(.*_id|.*_code)$")
TIME_LIMIT_S = 90

#: Says when the page is ready: ours by its marks, which it sets in the second frame after the drawing;
#: another one two frames after its scripts have run, if they drew anything.
WATCH = """
new MutationObserver(() => {
  const { ready, complete } = document.documentElement.dataset;
  if (ready) window.readyAt ??= performance.now();
  if (complete) window.allAt ??= performance.now();
}).observe(document, {attributes: true, attributeFilter: ["data-ready", "data-complete"], subtree: true});
const frames = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
addEventListener("load", () => {
  if (!document.querySelector("path.leaflet-interactive")) return;
  frames(() => (window.readyAt = window.allAt = performance.now()));
});
"""
WAIT = """limit => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("not ready in time")), limit);
  const look = () => (window.allAt ? resolve() : setTimeout(look, 50));
  look();
})"""
COUNT_FRAMES = """() => {
  window.frameTimes = [];
  let last = performance.now();
  const tick = (now) => {
    window.frameTimes.push(now - last);
    last = now;
    window.ticking = requestAnimationFrame(tick);
  };
  window.ticking = requestAnimationFrame((now) => { last = now; tick(now); });
}"""
TIMED = """() => {
  const time = (act) => { const t = performance.now(); act(); return performance.now() - t; };
  const longest = (acts) => Math.max(...acts.map(time));
  let popups;
  map_1.eachLayer((layer) => { if (layer.find) popups = layer; });
  const input = document.getElementById("search");
  const type = (text) => () => { input.value = text; input.dispatchEvent(new Event("input")); };
  const search = longest(["胜", "胜利", "胜利路", "胜利路2", "胜利路26", "B00", "B0012", "物业"].map(type));
  document.querySelector(".search .clear").click();
  const {x, y} = map_1.getSize();
  const place = (i) => [(x * (i % 8 + 1)) / 9, (y * (Math.floor(i / 8) + 1)) / 6];
  const points = Array.from({length: 40}, (_, i) => map_1.containerPointToLatLng(place(i)));
  const click = longest(points.map((point) => () => popups.find(point)));
  const filter = longest([() => PM.store.toggle("served"), () => PM.store.toggle("served")]);
  return {search, click, filter};
}"""


def read(folder: Path) -> dict[str, Any]:
    """The tables of a run that the map reads."""
    found = {}
    for name in (*REQUIRED, *OPTIONAL):
        path = folder / f"{name}.parquet"
        if path.is_file():
            found[name] = gpd.read_parquet(path) if TABLES[name].geometry_types else pd.read_parquet(path)
    return found


def side_by_side(tables: dict[str, Any], buildings: int) -> dict[str, Any]:
    """The tables so many times beside each other that there are so many buildings; the last copy has only as
    many as are needed.
    """
    times = -(-buildings // len(tables["buildings"]))
    across = int(np.ceil(np.sqrt(times)))
    left, bottom, right, top = tables["subdistricts"].total_bounds
    wide, tall = right - left + 200, top - bottom + 200
    made: dict[str, list[Any]] = {name: [] for name in tables}
    for k in range(times):
        kept = tables["buildings"]["building_id"].iloc[: buildings - k * len(tables["buildings"])]
        for name, frame in tables.items():
            copy = frame
            if "building_id" in frame:
                copy = frame[frame["building_id"].isna() | frame["building_id"].isin(kept)]
            copy = copy.copy()
            for column in (c for c in copy.columns if IDS.fullmatch(c)):
                copy[column] = copy[column].str.replace(r"210203(?=\d)", f"{210203 + k}", regex=True)
                copy[column] = copy[column].str.replace(r"\b([A-Z]+)(?=-?\d)", rf"\g<1>{k:03d}", regex=True)
            if isinstance(copy, gpd.GeoDataFrame):
                copy["geometry"] = copy.geometry.translate((k % across) * wide, -(k // across) * tall)
            made[name].append(copy)
    single = ("reconciliation",)
    return {
        name: copies[0] if name in single else pd.concat(copies, ignore_index=True)
        for name, copies in made.items()
    }


def folium_page(tables: dict[str, Any]) -> str:
    """Folium's map of the buildings with tooltips of the facts that our page has, all its defaults, and no
    network.
    """
    named = [
        name.replace("door_beyond_address", "door_number")
        for name in [*PICTURE["buildings"], *FACTS["buildings"]]
    ]
    membership = tables["membership"].drop(columns="subdistrict_code")
    frame = tables["buildings"].merge(membership, on="building_id", how="left").to_crs(4326)
    frame = frame[[*named, "geometry"]].copy()
    for name in named:
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    page = folium.Map(
        tiles=None, location=[frame.total_bounds[[1, 3]].mean(), frame.total_bounds[[0, 2]].mean()]
    )
    page.default_js, page.default_css = [], []
    layer = folium.GeoJson(
        json.loads(frame.to_json(drop_id=True)), tooltip=folium.GeoJsonTooltip(fields=named), name="buildings"
    )
    layer.add_to(page)
    west, south, east, north = frame.total_bounds
    page.fit_bounds([[south, west], [north, east]])
    html: str = page.get_root().render()
    inside = f"<style>{asset('vendor/leaflet.css')}</style><script>{asset('vendor/leaflet.js')}</script>"
    return re.sub(r'<(script|link)[^>]*(src|href)="https[^>]*>(</script>)?', "", html).replace(
        "<head>", f"<head>{inside}", 1
    )


def measure(browser: Browser, path: Path) -> dict[str, float]:
    """One opening of a page: seconds to ready, frame times, heap, and, of our own page, search, click and
    filter.
    """
    context = browser.new_context(viewport={"width": 1600, "height": 950}, offline=True)
    page = context.new_page()
    page.set_default_timeout(TIME_LIMIT_S * 1000)
    page.add_init_script(WATCH)
    try:
        page.goto(path.as_uri(), wait_until="commit")
        page.evaluate(WAIT, TIME_LIMIT_S * 1000)
        measured = {"ready": page.evaluate("readyAt") / 1000, "all": page.evaluate("allAt") / 1000}
        session = context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        measured["heap"] = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        browser.start_tracing(page=page, categories=["toplevel"])
        measured |= frames(page)
        measured["longest task"] = longest_task(browser.stop_tracing())
        if page.evaluate("Boolean(window.PM?.store)"):
            measured |= page.evaluate(TIMED)
        return measured
    except Error as error:
        print(f"  {path.name}: {str(error).splitlines()[0]}")
        return {}
    finally:
        context.close()


def longest_task(trace: bytes) -> float:
    """Milliseconds of processor time of the longest task of a page's main thread."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return (
        max(
            event.get("tdur", 0)
            for event in events
            if (event["pid"], event["tid"]) in mains and event["ph"] == "X"
        )
        / 1000
    )


def frames(page: Any) -> dict[str, float]:
    """Milliseconds between two frames while the page is dragged, zoomed in, dragged, and zoomed out again."""
    page.evaluate(COUNT_FRAMES)
    for turn in (-1, -1, 1):
        page.mouse.move(1000, 500)
        page.mouse.down()
        for step in range(45):
            page.mouse.move(1000 - 9 * step, 500 - 5 * step)
            page.wait_for_timeout(12)
        page.mouse.up()
        page.wait_for_timeout(300)
        for _ in range(6):
            page.mouse.wheel(0, 100 * turn)
            page.wait_for_timeout(120)
        page.wait_for_timeout(400)
    times = page.evaluate("() => { cancelAnimationFrame(ticking); return frameTimes; }")
    return {"median frame": statistics.median(times), "longest frame": max(times)}


def main() -> None:
    """Print one row for each page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("buildings", nargs="*", type=int, default=[5000, 50000])
    parser.add_argument("--tables", type=Path, default=ROOT / "data/processed/tables")
    parser.add_argument("--config", type=Path, default=ROOT / "district.toml")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--plain", action="store_true", help="only buildings, their areas, gaps and subdistricts"
    )
    parser.add_argument("--no-folium", action="store_true", help="only our own page")
    parser.add_argument("--keep", type=Path, help="keep the pages in this folder")
    args = parser.parse_args()
    tables = read(args.tables)
    config = Config.load(args.config)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = args.keep or Path(scratch)
        executable = find_browser()
        flags = [*QUIET_FLAGS, "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=os.geteuid() != 0, args=flags
        )
        for n in args.buildings:
            chosen = {name: frame for name, frame in tables.items() if not args.plain or name in PLAIN}
            data = side_by_side(chosen, n)
            began = time.perf_counter()
            ours = folder / f"map-{n}.html"
            ours.write_text(
                build_map(data, district=config.district, declared=config.declared), encoding="utf-8"
            )
            print(
                f"\n{n:,} buildings, {len(data['areas']):,} areas; map built in"
                f" {time.perf_counter() - began:.1f} s",
                flush=True,
            )
            pages = {"map": ours}
            if not args.no_folium:
                pages["folium"] = folder / f"folium-{n}.html"
                pages["folium"].write_text(folium_page(data), encoding="utf-8")
            del data
            runs: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
            for _ in range(args.runs):
                for name, path in pages.items():
                    if not runs[name] or runs[name][-1]:  # what did not open once is not tried again
                        runs[name].append(measure(browser, path))
            report(pages, runs)
        browser.close()


def report(pages: dict[str, Path], runs: dict[str, list[dict[str, float]]]) -> None:
    """A column for each page and, of time, size and memory, how many times as much Folium's is."""
    units = {"file": "MB", "ready": "s", "all": "s", "heap": "MB"}
    middle: dict[str, dict[str, float]] = {}
    for name, path in pages.items():
        done = [run for run in runs[name] if run]
        middle[name] = {"file": path.stat().st_size / 1e6}
        middle[name] |= {
            key: statistics.median(run[key] for run in done) for key in (done[0] if done else {})
        }
    for key in middle["map"]:
        cells = [
            f"{middle[name][key]:>9.2f} {units.get(key, 'ms'):<2}" if key in middle[name] else f"{'–':>12}"
            for name in pages
        ]
        other = middle.get("folium", {}).get(key)
        times = f"{other / middle['map'][key]:>8.1f} ×" if other else ""
        print(f"  {key:<14}" + "  ".join(cells) + times, flush=True)
    print(
        f"  load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {max(map(len, runs.values()))}"
        " runs",
        flush=True,
    )


if __name__ == "__main__":
    main()
