from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.stages.bounds import word_bounds

SQUARE = shapely.box(0, 0, 100, 100)
LINES = {
    "east": ((100, 0), (100, 100)),
    "south": ((0, 0), (100, 0)),
    "west": ((0, 100), (0, 0)),
    "north": ((100, 100), (0, 100)),
}


def piece(side, follows="road", faces=None, name=None, neighbour=None, length=100.0, area="A", line=None):
    geometry = shapely.LineString(line or LINES[side])
    facts = {"side": side, "follows": follows, "faces": faces or follows, "name": name, "neighbour_area_id": neighbour}
    return {"area_id": area, **facts, "length_m": length, "geometry": geometry}


EAST, SOUTH, WEST, NORTH = (
    piece(side, name=name) for side, name in (("east", "胜利路"), ("south", "石道街"), ("west", "长江路"), ("north", "黄河路"))
)


@pytest.fixture
def bounds(table):
    def bounds(pieces, areas=None, order=slice(None)):
        rows = areas or [{"area_id": "A", "geometry": SQUARE}]
        edges = [{**row, "edge": i} for i, row in enumerate(pieces, start=1)]
        return word_bounds(table("areas", rows).iloc[order], table("edges", edges).iloc[order]).set_index("area_id")

    return bounds


def test_the_four_bounds_are_in_words_in_both_languages(bounds):
    out = bounds([NORTH, EAST, SOUTH, WEST]).loc["A"]
    assert out["bounds_zh"] == "东至胜利路，南至石道街，西至长江路，北至黄河路"
    assert out["bounds_en"] == "east to 胜利路, south to 石道街, west to 长江路, north to 黄河路"


def test_a_side_names_all_that_covers_a_substantial_share_of_it(bounds):
    half, little = piece("east", name="石道街", length=60.0), piece("east", name="小巷", length=20.0)
    out = bounds([EAST, half, little, SOUTH, WEST, NORTH]).loc["A"]
    assert out["bounds_zh"].startswith("东至胜利路、石道街，南")
    assert "小巷" not in out["bounds_zh"]
    assert out["bounds_en"].startswith("east to 胜利路 and 石道街, south")


def test_pieces_of_one_road_count_together(bounds):
    parts = [piece("east", name="石道街", length=45.0) for _ in range(3)]
    park = piece("east", "public_land", "green", "劳动公园", length=50.0)
    assert bounds([park, *parts, SOUTH, WEST, NORTH]).loc["A", "bounds_zh"].startswith("东至石道街，南")


@pytest.mark.parametrize(
    ("pieces", "zh", "en"),
    [
        ([piece("east", "midline", "area", neighbour="B")], "东与东院分界", "east to the line with 东院"),
        ([piece("east", "wall", "area", neighbour="B")], "东以围墙与东院分界", "east to the wall with 东院"),
        ([piece("east", "lane", "area", neighbour="B")], "东以小路与东院分界", "east to a lane with 东院"),
        ([piece("east", "lane", "lane", "一巷", "B")], "东至一巷", "east to 一巷"),
        ([piece("east", "midline", "area", neighbour="C")], "东与C号区域分界", "east to the line with area C"),
        ([piece("east", "open_ground", "area_beyond", neighbour="B")], "东至东院", "east to 东院"),
        ([piece("east", "midline", "area", neighbour=n, length=m) for n, m in (("B", 60), ("C", 50))],
         "东与东院、C号区域分界", "east to the line with 东院 and area C"),
        ([piece("east", "midline", "area", neighbour="B"), piece("east", name="胜利路")],
         "东至胜利路、与东院分界", "east to 胜利路 and the line with 东院"),
        ([piece("east")], "东至道路", "east to a road"),
        ([piece("east", "public_land", "green")], "东至绿地", "east to a green"),
        ([piece("east", "subdistrict_line", "subdistrict", "乙街道")], "东至乙街道", "east to 乙街道"),
        ([piece("east", "open_ground")], "东至空地", "east to open ground"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_neighbour_of_what_lies_between_and_of_things_without_a_name(bounds, pieces, zh, en):
    areas = [
        {"area_id": "A", "geometry": SQUARE},
        {"area_id": "B", "name": "东院", "n_parts": 0},
        {"area_id": "C", "n_parts": 0},
    ]
    out = bounds([*pieces, SOUTH, WEST, NORTH], [{"geometry": None, **area} for area in areas]).loc["A"]
    assert out["bounds_zh"].split("，")[0] == zh
    assert out["bounds_en"].split(", ")[0] == en


def test_no_side_is_left_blank_even_in_a_triangle(bounds):
    slope = piece("north", name="新开路", line=((100, 0), (0, 100)))
    triangle = [{"area_id": "A", "geometry": shapely.Polygon([(0, 0), (100, 0), (0, 100)])}]
    assert bounds([SOUTH, slope, WEST], triangle).loc["A", "bounds_zh"] == "东至石道街，南至石道街，西至长江路，北至新开路"


def test_pieces_in_a_notch_or_a_hole_are_not_in_the_words_but_count_for_the_shape(bounds):
    hole = {**piece("east", "open_ground", length=500.0), "side": None}
    out = bounds([hole, EAST, SOUTH, WEST, NORTH]).loc["A"]
    assert "空地" not in out["bounds_zh"]
    assert out["perimeter_m"] == 900.0
    assert out["followed_share"] == pytest.approx(4 / 9)


def test_a_square_between_four_roads_is_not_odd_and_each_shortfall_counts(bounds):
    strip = shapely.box(0, 200, 400, 225)
    rows = [
        {"area_id": "A", "geometry": SQUARE},
        {"area_id": "B", "geometry": strip},
        {"area_id": "C", "geometry": SQUARE, "n_parts": 2},
        {"area_id": "D", "geometry": SQUARE},
        {"area_id": "E", "geometry": None, "n_parts": 0},
    ]
    pieces = [EAST, SOUTH, WEST, NORTH]
    pieces += [{**p, "area_id": "B", "length_m": length} for p, length in zip(pieces[:4], (25, 400, 25, 400), strict=True)]
    pieces += [{**p, "area_id": "C"} for p in pieces[:4]]
    pieces += [
        {**p, "area_id": "D", "follows": follows} for p, follows in zip(pieces[:4], ("midline", "open_ground", "road", "wall"), strict=True)
    ]
    out = bounds(pieces, rows)
    assert out.loc["A", ["compactness", "followed_share", "oddity"]].tolist() == pytest.approx([np.pi / 4, 1.0, 0.0])
    assert out.loc["B", "compactness"] == pytest.approx(4 * np.pi * 10_000 / 850**2)
    assert out.loc["C", "oddity"] == pytest.approx(0.5 / 3)
    assert out.loc["D", ["followed_share", "oddity"]].tolist() == pytest.approx([0.5, 0.5 / 3])
    assert out["oddity_rank"].tolist()[:4] == [4, 1, 2, 3]
    assert out.loc["E"].isna().all()


def test_the_order_of_rows_means_nothing_and_nothing_gives_nothing(bounds, table):
    pieces = [EAST, piece("east", name="石道街"), SOUTH, WEST, NORTH]
    pd.testing.assert_frame_equal(bounds(pieces), bounds(pieces, order=slice(None, None, -1)))
    assert len(word_bounds(table("areas"), table("edges"))) == 0
