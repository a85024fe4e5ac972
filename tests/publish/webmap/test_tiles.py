"""Online tiles: asked for in the TOML or not there at all, and moved to where they belong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import TILES, Config, ConfigError, MapOptions
from pipeline.georeferencing import datum
from pipeline.publish.webmap import build_map
from pipeline.publish.webmap.tiles import PROVIDERS, image_host, shift_grid
from tests.publish.webmap.little_district import DECLARED, DISTRICT, tables

DISTRICT_TOML = """
[district]
code = "210203"
name_zh = "区"
name_en = "District"
crs = "EPSG:4550"
as_of = 2026-09-30
[[inputs.buildings]]
path = "b.geojson"
"""


def interpolated(grid: dict[str, Any], lng: Any, lat: Any) -> Any:
    """What js/tools/tiles.js makes of the grid."""
    columns, rows = grid["corners"]
    add = np.array(grid["add"]).reshape(rows, columns, 2) / 1e9
    east, north = (lng - grid["lng"]) / grid["step"][0], (lat - grid["lat"]) / grid["step"][1]
    c, r = east.astype(int), north.astype(int)
    east, north = (east - c)[:, None], (north - r)[:, None]
    south = add[r, c] * (1 - east) + add[r, c + 1] * east
    return south * (1 - north) + (add[r + 1, c] * (1 - east) + add[r + 1, c + 1] * east) * north


@settings(max_examples=30, deadline=None)
@given(st.floats(76, 130), st.floats(20, 50), st.floats(0.01, 0.12))
def test_shift_of_a_district_is_right_to_a_metre_wherever_it_lies(
    west: float, south: float, size: float
) -> None:
    grid = shift_grid("gcj02", (west, south, west + size, south + size))
    lng, lat = np.meshgrid(
        np.linspace(west - size / 2, west + 1.5 * size, 23),
        np.linspace(south - size / 2, south + 1.5 * size, 23),
    )
    moved = interpolated(grid, lng.ravel(), lat.ravel())
    true_lng, true_lat = datum.to_wgs84(lng.ravel(), lat.ravel(), "gcj02")
    off = np.hypot(
        (lng.ravel() + moved[:, 0] - true_lng) * np.cos(np.radians(lat.ravel())),
        lat.ravel() + moved[:, 1] - true_lat,
    )
    assert off.max() * 111_320 < 1


def test_grid_of_a_province_stays_small() -> None:
    assert shift_grid("gcj02", (118.0, 38.0, 126.0, 43.0))["corners"] == [65, 65]


def test_page_without_the_option_is_the_page_there_was() -> None:
    plain = build_map(tables(), district=DISTRICT, declared=DECLARED)
    assert plain == build_map(tables(), district=DISTRICT, declared=DECLARED, options=MapOptions())
    assert "img-src data: blob:;" in plain
    assert '"tiles":null' in plain
    for provider in PROVIDERS.values():
        assert provider.host not in plain


@pytest.mark.parametrize("name", TILES)
def test_policy_admits_images_of_the_chosen_host_and_nothing_more(name: str) -> None:
    options = MapOptions(tiles=name, tiles_key="k" if name == "tianditu" else "")
    html = build_map(tables(), district=DISTRICT, declared=DECLARED, options=options)
    assert f"img-src data: blob: {image_host(options)}; connect-src 'none'" in html
    assert image_host(options).startswith("https://")


def load(tmp_path: Path, more: str) -> Config:
    (tmp_path / "d.toml").write_text(DISTRICT_TOML + more, encoding="utf-8")
    return Config.load(tmp_path / "d.toml")


def test_toml_chooses_tiles_and_by_default_none(tmp_path: Path) -> None:
    assert load(tmp_path, "").map == MapOptions()
    assert load(tmp_path, '[map]\ntiles = "amap"\n').map.tiles == "amap"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('tiles = "google"', "'google' is not one of openstreetmap, tianditu, amap"),
        ('tiles = "tianditu"', "map.tiles_key is missing"),
        ('tiles = "tianditu"\ntiles_key = "a&b"', "more than letters, digits"),
        ('tile = "amap"', "did you mean 'tiles'"),
    ],
)
def test_toml_says_what_is_wrong_with_tiles(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(tmp_path, f"[map]\n{more}\n")
