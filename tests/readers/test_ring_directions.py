"""Holes of a Shapefile, whichever way its rings run."""

from __future__ import annotations

import struct
from itertools import accumulate
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point

from pipeline.config import InputFile
from pipeline.raw.file import RawFile
from pipeline.readers.read import read_file

Ring = list[tuple[float, float]]


def square(x: float, y: float, size: float, *, clockwise: bool = True) -> Ring:
    """In thousandths of a degree."""
    corners = [(0, 0), (0, size), (size, size), (size, 0), (0, 0)]
    return [
        (121.6 + (x + dx) / 1000, 38.9 + (y + dy) / 1000)
        for dx, dy in (corners if clockwise else corners[::-1])
    ]


def shapefile(folder: Path, *rings: Ring) -> RawFile:
    """One polygon of these rings, as they are, and read."""
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(121.6, 38.9)], crs=4326).to_file(
        folder / "a.shp", engine="pyogrio"
    )
    points = [point for ring in rings for point in ring]
    box = (
        *(min(values) for values in zip(*points, strict=True)),
        *(max(values) for values in zip(*points, strict=True)),
    )
    starts = [0, *accumulate(len(ring) for ring in rings)][:-1]
    record = struct.pack(f"<i4d2i{len(starts)}i", 5, *box, len(rings), len(points), *starts) + b"".join(
        struct.pack("<2d", *point) for point in points
    )
    for suffix, body in (
        (".shp", struct.pack(">2i", 1, len(record) // 2) + record),
        (".shx", struct.pack(">2i", 50, len(record) // 2)),
    ):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(body) // 2) + struct.pack(
            "<2i4d32x", 1000, 5, *box
        )
        (folder / f"a{suffix}").write_bytes(head + body)
    return read_file(folder / "a.shp", InputFile("a.shp"), name="a.shp")


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([square(0, 0, 10), square(3, 3, 3)], 91),
        ([square(3, 3, 3), square(0, 0, 10)], 91),
        ([square(0, 0, 10, clockwise=False), square(3, 3, 3, clockwise=False)], 91),
        ([square(0, 0, 10), square(1, 1, 3), square(6, 6, 3)], 82),
        ([square(0, 0, 10), square(2, 2, 6), square(4, 4, 2)], 68),
        ([square(0, 0, 10), square(3, 3, 3), square(20, 0, 10), square(23, 3, 3)], 182),
    ],
)
def test_a_ring_inside_another_is_a_hole_though_it_runs_the_same_way(
    tmp_path: Path, rings: list[Ring], area: float
) -> None:
    raw = shapefile(tmp_path, *rings)
    shape = raw.rows.geometry.iloc[0]
    assert shape.is_valid
    assert shape.area * 1e6 == pytest.approx(area)
    assert raw.mended == {1: "ring_direction"}


def test_rings_that_run_as_they_should_are_left_alone(tmp_path: Path) -> None:
    raw = shapefile(tmp_path, square(0, 0, 10), square(3, 3, 3, clockwise=False), square(20, 0, 10))
    assert raw.rows.geometry.iloc[0].area * 1e6 == pytest.approx(191)
    assert raw.mended == {}
