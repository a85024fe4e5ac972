"""Four bounds in words: what is said of pieces, and of whole scenes whose right answer is known."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate

from pipeline.config import DelineateRules
from pipeline.stages.bounds import word_bounds
from pipeline.stages.edges import trace_edges
from tests.conftest import make_table

SQUARE = shapely.box(0, 0, 100, 100)
LINES = {
    "east": ((100, 0), (100, 100)),
    "south": ((0, 0), (100, 0)),
    "west": ((0, 100), (0, 0)),
    "north": ((100, 100), (0, 100)),
}


def piece(side, follows="road", faces=None, name=None, neighbour=None, of=(0.0, 1.0), area="A", line=None):
    """A piece of that side, from one share of its length to another."""
    geometry = shapely.ops.substring(shapely.LineString(line or LINES[side]), *of, normalized=True)
    facts = {
        "side": side,
        "follows": follows,
        "faces": faces or follows,
        "name": name,
        "neighbour_area_id": neighbour,
    }
    return {"area_id": area, **facts, "length_m": geometry.length, "geometry": geometry}


EAST, SOUTH, WEST, NORTH = (
    piece(side, name=name)
    for side, name in (("east", "胜利路"), ("south", "石道街"), ("west", "长江路"), ("north", "黄河路"))
)


@pytest.fixture
def bounds(table):
    def bounds(pieces, areas=None, order=slice(None)):
        rows = areas or [{"area_id": "A", "geometry": SQUARE}]
        edges = [{**row, "edge": i} for i, row in enumerate(pieces, start=1)]
        return word_bounds(table("areas", rows).iloc[order], table("edges", edges).iloc[order]).set_index(
            "area_id"
        )

    return bounds


def test_the_four_bounds_are_in_words_in_both_languages(bounds):
    out = bounds([NORTH, EAST, SOUTH, WEST]).loc["A"]
    assert out["bounds_zh"] == "东至胜利路，南至石道街，西至长江路，北至黄河路"
    assert (
        out["bounds_en"]
        == "bounded on the east by Shengli Road (胜利路), on the south by Shidao Street (石道街), "
        "on the west by Changjiang Road (长江路), on the north by Huanghe Road (黄河路)"
    )


def test_a_side_names_all_that_makes_up_a_substantial_share_of_it_the_most_first(bounds):
    shares = (("石道街", (0.0, 0.35)), ("小巷", (0.35, 0.5)), ("胜利路", (0.5, 1.0)))
    out = bounds([*(piece("east", name=name, of=of) for name, of in shares), SOUTH, WEST, NORTH]).loc["A"]
    assert out["bounds_zh"].startswith("东至胜利路、石道街，南")
    assert out["bounds_en"].startswith(
        "bounded on the east by Shengli Road (胜利路) and Shidao Street (石道街), on"
    )


def test_where_footprints_are_all_there_is_nobody_says_that_ground_is_open(bounds):
    around = [piece(side, "open_ground") for side in ("north", "south", "west")]
    alone = bounds([*around, piece("east", "midline", "area", None, "B")]).loc["A"]
    assert alone["bounds_zh"].startswith("东至与B号区域楼栋之间的中线，南至资料未载明处，")
    assert "on the south by ground of which nothing is mapped" in alone["bounds_en"]
    assert "南至空地" in bounds([*around, EAST]).loc["A", "bounds_zh"], "roads are mapped"


def test_pieces_of_one_road_count_together(bounds):
    parts = [piece("east", name="石道街", of=of) for of in ((0.0, 0.25), (0.5, 0.75), (0.85, 1.0))]
    park = [piece("east", "public_land", "green", "劳动公园", of=of) for of in ((0.25, 0.5), (0.75, 0.8))]
    rest = piece("east", "open_ground", of=(0.8, 0.85))
    assert (
        bounds([*park, *parts, rest, SOUTH, WEST, NORTH]).loc["A", "bounds_zh"].startswith("东至石道街，南")
    )


@pytest.mark.parametrize(
    ("pieces", "zh", "en"),
    [
        ([("midline", "area", None, "B")], "与东院楼栋之间的中线", "the line midway to the buildings of Dongyuan (东院)"),
        ([("drawn", "area", None, "B")], "与东院的分界线", "the boundary with Dongyuan (东院)"),
        ([("wall", "area", None, "B")], "与东院之间的围墙", "the wall shared with Dongyuan (东院)"),
        ([("lane", "area", None, "B")], "与东院之间的小路", "the lane shared with Dongyuan (东院)"),
        ([("lane", "lane", "一巷", "B")], "一巷", "Lane 1 (一巷)"),
        ([("midline", "area", None, "C")], "与C号区域楼栋之间的中线", "the line midway to the buildings of area C"),
        ([("open_ground", "area_beyond", None, "B")], "东院", "Dongyuan (东院)"),
        ([("midline", "area", None, "B"), ("midline", "area", None, "C")],
         "与东院、C号区域楼栋之间的中线", "the line midway to the buildings of Dongyuan (东院) and area C"),
        ([("midline", "area", None, "B"), ("wall", "area", None, "C")],
         "与东院楼栋之间的中线、与C号区域之间的围墙",
         "the line midway to the buildings of Dongyuan (东院) and the wall shared with area C"),
        ([("midline", "area", None, "B"), ("road", "road", "胜利路", None)],
         "胜利路、与东院楼栋之间的中线", "Shengli Road (胜利路) and the line midway to the buildings of Dongyuan (东院)"),
        ([("lane", "lane", None, None), ("lane", "area", None, "B")], "与东院之间的小路", "the lane shared with Dongyuan (东院)"),
        ([("open_ground", "area_beyond", None, "B"), ("wall", "area", None, "B")],
         "与东院之间的围墙", "the wall shared with Dongyuan (东院)"),
        ([("road", "road", None, None)], "道路", "a road"),
        ([("road", "road", "улица Ленина", None)], "улица Ленина", "улица Ленина"),
        ([("public_land", "green", None, None)], "绿地", "a green"),
        ([("subdistrict_line", "subdistrict", "乙街道", None)], "乙街道", "Yi Subdistrict (乙街道)"),
        ([("open_ground", "open_ground", None, None)], "空地", "open ground"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_neighbour_of_what_lies_between_and_of_things_without_a_name(
    bounds, pieces, zh, en
):
    areas = [
        {"area_id": "A", "geometry": SQUARE},
        {"area_id": "B", "name": "东院", "n_parts": 0},
        {"area_id": "C", "n_parts": 0},
    ]
    shares = [(0.0, 0.6), (0.6, 1.0)] if len(pieces) == 2 else [(0.0, 1.0)]
    east = [piece("east", *facts, of=of) for facts, of in zip(pieces, shares, strict=True)]
    out = bounds([*east, SOUTH, WEST, NORTH], [{"geometry": None, **area} for area in areas]).loc["A"]
    assert out["bounds_zh"].split("，南")[0] == "东至" + zh
    assert out["bounds_en"].split(", on the south")[0] == "bounded on the east by " + en


def test_pieces_in_a_notch_or_a_hole_are_not_in_the_words_but_count_for_the_shape(bounds):
    ring = ((40, 40), (40, 60), (60, 60), (60, 40), (40, 40))
    hole = {**piece("east", "open_ground", line=ring), "side": None, "length_m": 500.0}
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
    pieces += [
        {**p, "area_id": "B", "length_m": length}
        for p, length in zip(pieces[:4], (25, 400, 25, 400), strict=True)
    ]
    pieces += [{**p, "area_id": "C"} for p in pieces[:4]]
    pieces += [
        {**p, "area_id": "D", "follows": follows}
        for p, follows in zip(pieces[:4], ("midline", "open_ground", "road", "wall"), strict=True)
    ]
    out = bounds(pieces, rows)
    assert out.loc["A", ["compactness", "followed_share", "oddity"]].tolist() == pytest.approx(
        [np.pi / 4, 1.0, 0.0]
    )
    assert out.loc["B", "compactness"] == pytest.approx(4 * np.pi * 10_000 / 850**2)
    assert out.loc["C", "oddity"] == pytest.approx(0.5 / 3)
    assert out.loc["D", ["followed_share", "oddity"]].tolist() == pytest.approx([0.5, 0.5 / 3])
    assert out["oddity_rank"].tolist()[:4] == [4, 1, 2, 3]
    assert out.loc["E"].isna().all()


def test_the_order_of_rows_means_nothing_and_nothing_gives_nothing(bounds, table):
    pieces = [
        piece("east", name="胜利路", of=(0.0, 0.5)),
        piece("east", name="石道街", of=(0.5, 1.0)),
        SOUTH,
        WEST,
        NORTH,
    ]
    pd.testing.assert_frame_equal(bounds(pieces), bounds(pieces, order=slice(None, None, -1)))
    assert len(word_bounds(table("areas"), table("edges"))) == 0


# --- scenes: an area, streets and neighbours about it, and the right answer ---

ORIGIN = np.array([500_000.0, 4_310_000.0])  # somewhere in the zone of the tests' CRS
SIDES_ZH = "东南西北"


def at(shape, turn=0.0):
    return shapely.transform(rotate(shape, turn, origin=(0, 0)), lambda xy: xy + ORIGIN)


def told(area, *, streets=(), neighbours=(), walls=(), turn=0.0):
    """The four bounds of an area in words: what is said of each side, and what is said behind. Neighbours are
    called B, C, …
    """
    areas = [
        {"area_id": chr(65 + i), "geometry": at(shape, turn)} for i, shape in enumerate([area, *neighbours])
    ]
    for row in areas:
        row["n_parts"] = shapely.get_num_geometries(row["geometry"])
    barriers = [{"class": "local", "name": name, "geometry": at(shape, turn)} for name, shape in streets]
    barriers += [{"class": "wall", "geometry": at(shape, turn)} for shape in walls]
    barriers = [{"barrier_id": str(i), **row} for i, row in enumerate(barriers)]
    areas, lines = make_table("areas", areas), make_table("barriers", barriers)
    nothing = (make_table(name) for name in ("land", "boundaries", "compounds", "subdistricts"))
    out = word_bounds(areas, trace_edges(areas, lines, *nothing, rules=DelineateRules())).set_index("area_id")
    found = re.fullmatch("东至(.+)，南至(.+)，西至(.+)，北至([^；]+)(；.+)?", out.loc["A", "bounds_zh"])
    assert found, out.loc["A", "bounds_zh"]
    return list(found.groups()[:4]), found[5]


def along(*points):
    return shapely.LineString(points)


def street_about(width, height):
    """The four streets about a box of that size with its lower left corner at the origin."""
    east, north = width + 8, height + 8
    return [
        ("东街", along((east, -60), (east, north + 60))),
        ("南街", along((-60, -8), (east + 60, -8))),
        ("西街", along((-8, -60), (-8, north + 60))),
        ("北街", along((-60, north), (east + 60, north))),
    ]


@pytest.mark.parametrize("turn", [-44, -30, -10, 0, 5, 20, 40, 44])
@pytest.mark.parametrize("size", [(100, 100), (160, 60), (240, 18), (20, 150)])
def test_a_box_turned_by_less_than_half_a_right_angle_keeps_its_four_sides(turn, size):
    assert told(shapely.box(0, 0, *size), streets=street_about(*size), turn=turn) == (
        ["东街", "南街", "西街", "北街"],
        None,
    )


@pytest.mark.parametrize("turn", [46, 60, 75, 90])
def test_a_box_turned_farther_has_its_next_side_in_the_east(turn):
    assert told(shapely.box(0, 0, 120, 80), streets=street_about(120, 80), turn=turn)[0] == [
        "南街",
        "西街",
        "北街",
        "东街",
    ]


def test_an_l_reaches_on_each_side_what_bounds_either_arm():
    arms = shapely.box(0, 0, 100, 100) - shapely.box(40, 40, 100, 100)
    inner = shapely.box(40, 40, 100, 100)
    sides, _ = told(
        arms, streets=street_about(100, 100), neighbours=[inner], walls=[along((40, 40), (40, 100))]
    )
    assert sides == ["东街、与B号区域之间的围墙", "南街", "西街", "北街、与B号区域楼栋之间的中线"]


def test_a_u_does_not_name_what_it_embraces_on_the_sides_that_look_into_it():
    u = shapely.box(0, 0, 200, 100) - shapely.box(60, 40, 140, 100)
    sides, _ = told(u, streets=street_about(200, 100), neighbours=[shapely.box(60, 40, 140, 100)])
    assert sides == ["东街", "南街", "西街", "北街、与B号区域楼栋之间的中线"]


def test_the_long_side_of_a_right_triangle_closes_it_off_both_ways():
    streets = [street for street in street_about(100, 100) if street[0] in ("南街", "西街")]
    slope = ("斜街", along((160, -50), (-50, 160)))
    assert told(shapely.Polygon([(0, 0), (100, 0), (0, 100)]), streets=[*streets, slope])[0] == [
        "斜街",
        "南街",
        "西街",
        "斜街",
    ]


def test_where_an_area_comes_to_a_tip_it_reaches_the_corner_of_the_streets_on_its_flanks():
    left, right = ("左街", along((-40, 112), (56, -208))), ("右街", along((140, 112), (44, -208)))
    wedge = shapely.Polygon([(-25, 90), (125, 90), (50, -160)])
    sides, _ = told(wedge, streets=[left, right, ("北街", along((-90, 98), (190, 98)))])
    assert sides == ["右街", "右街与左街交汇处", "左街", "北街"]


def test_what_runs_between_two_parts_is_said_behind_and_bounds_no_side():
    two = shapely.MultiPolygon([shapely.box(0, 0, 80, 100), shapely.box(96, 15, 180, 100)])
    sides, behind = told(two, streets=[*street_about(180, 100), ("中街", along((88, -60), (88, 160)))])
    assert (sides, behind) == (["东街", "南街", "西街", "北街"], "；共2块，其间为中街")


def test_what_runs_between_two_parts_bounds_the_side_that_nothing_else_does():
    two = shapely.MultiPolygon([shapely.box(0, 0, 200, 80), shapely.box(0, 96, 40, 130)])
    sides, behind = told(two, streets=[*street_about(200, 130), ("中街", along((-60, 88), (260, 88)))])
    assert sides[1:] == ["南街", "西街", "中街"]
    assert behind == "；共2块，其间为中街"


def test_what_lies_in_a_hole_is_no_bound():
    ring = shapely.box(0, 0, 120, 100) - shapely.box(40, 30, 80, 70)
    assert told(ring, streets=street_about(120, 100), neighbours=[shapely.box(40, 30, 80, 70)])[0] == [
        "东街",
        "南街",
        "西街",
        "北街",
    ]


def test_along_a_street_that_bends_an_area_has_it_on_both_sides_of_the_bend_and_on_no_other():
    bend = [(200 * np.cos(t), 200 * np.sin(t)) for t in np.radians(np.arange(0, 91, 3))]
    inner = [(150 * np.cos(t), 150 * np.sin(t)) for t in np.radians(np.arange(0, 91, 3))]
    streets = [("弯街", along(*((x * 1.03, y * 1.03) for x, y in bend))), ("南街", along((0, -8), (300, -8)))]
    sides, _ = told(
        shapely.Polygon([*bend, *inner[::-1]]),
        streets=[*streets, ("内街", along(*((x * 0.95, y * 0.95) for x, y in inner)))],
    )
    assert sides[0] == sides[3] == "弯街"
    assert "弯街" not in sides[1] + sides[2]
    assert "内街" in sides[1] + sides[2]


@st.composite
def scenes(draw):
    """A shape of some squares that hang together, and four streets about it."""
    cells = {(0, 0)}
    for _ in range(draw(st.integers(0, 7))):
        x, y = draw(st.sampled_from(sorted(cells)))
        dx, dy = draw(st.sampled_from([(0, 1), (1, 0), (0, -1), (-1, 0)]))
        cells.add((x + dx, y + dy))
    size = draw(st.sampled_from([23.0, 40.0, 71.0]))
    shape = shapely.union_all(
        [shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size) for x, y in sorted(cells)]
    )
    left, low, right, high = shape.bounds
    streets = street_about(right - left, high - low)
    return shape, [(name, shapely.affinity.translate(street, left, low)) for name, street in streets]


@settings(max_examples=15)
@given(scenes(), st.floats(-40, 40), st.integers(1, 3))
def test_a_quarter_turn_of_the_whole_scene_turns_the_sides(scene, turn, quarters):
    shape, streets = scene
    before, after = (
        told(shape, streets=streets, turn=turn)[0],
        told(shape, streets=streets, turn=turn + 90 * quarters)[0],
    )
    assert [set(side.split("、")) for side in after] == [
        set(before[(k + quarters) % 4].split("、")) for k in range(4)
    ]


@settings(max_examples=25)
@given(scenes())
def test_every_side_is_named_and_a_street_only_on_the_side_where_it_runs(scene):
    shape, streets = scene
    for side, words in zip(SIDES_ZH, told(shape, streets=streets)[0], strict=True):
        assert {word for word in words.split("、") if word.endswith("街")} <= {side + "街"}
