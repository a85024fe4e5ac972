from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import DelineateRules
from pipeline.stages.edges import trace_edges

X, Y = 500_000.0, 4_310_000.0  # somewhere in the zone of the tests' CRS
AREA = shapely.box(0, 0, 100, 60)


def moved(shape):
    return shapely.transform(shape, lambda xy: xy + np.array([X, Y]))


def line(*points):
    return shapely.LineString(points)


@pytest.fixture
def trace(table):
    def trace(areas, *, order=slice(None), **tables):
        """areas: shapes, or (shape, more columns); they are called A, B, …"""
        rows = [row if isinstance(row, tuple) else (row, {}) for row in areas]
        ids = [
            {"area_id": chr(65 + i), "geometry": moved(shape), **more} for i, (shape, more) in enumerate(rows)
        ]
        around = {
            name: table(
                name, [{**row, "geometry": moved(row["geometry"])} for row in tables.get(name, [])]
            ).iloc[order]
            for name in ("barriers", "land", "boundaries", "compounds", "subdistricts")
        }
        return trace_edges(table("areas", ids).iloc[order], **around, rules=DelineateRules())

    return trace


def told(edges, area="A", **where):
    """What the pieces of an area say, each thing once: side, follows, faces, name, neighbour."""
    rows = edges[edges["area_id"] == area]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    columns = ["side", "follows", "faces", "name", "neighbour_area_id"]
    return {tuple(None if pd.isna(v) else v for v in row) for row in rows[columns].itertuples(index=False)}


def barrier(kind, geometry, name=None, **more):
    return {"barrier_id": f"{kind}{name}", "class": kind, "name": name, "geometry": geometry, **more}


def test_along_a_street_an_area_follows_its_reserve_as_wide_as_it_is(trace):
    roads = [
        barrier("local", line((106, -50), (106, 90)), "东街"),
        barrier("local", line((-50, -10), (150, -10)), "南街", width_m=20.0),
        barrier("railway", line((-12, -50), (-12, 90)), "铁道"),
        barrier("water", shapely.box(-50, 62, 150, 80), "北河"),
    ]
    assert told(trace([AREA], barriers=roads)) == {
        ("east", "road", "road", "东街", None),
        ("south", "road", "road", "南街", None),
        ("west", "railway", "railway", "铁道", None),
        ("north", "water", "water", "北河", None),
    }


def test_a_street_in_sight_is_faced_but_not_followed_and_beyond_sight_is_nothing(trace):
    edges = trace(
        [AREA],
        barriers=[
            barrier("local", line((126, -50), (126, 90)), "东街"),
            barrier("local", line((-50, 0), (-50, 60)), "西街"),
        ],
    )
    assert ("east", "open_ground", "road", "东街", None) in told(edges)
    assert told(edges, side="west") == {("west", "open_ground", "open_ground", None, None)}


def test_a_nameless_strip_of_public_land_is_followed_but_the_street_behind_it_is_faced(trace):
    street = [barrier("local", line((112, -50), (112, 90)), "东街")]
    strip = {"land_id": "1", "kind": "green", "geometry": shapely.box(100, -50, 106, 90)}
    assert told(trace([AREA], barriers=street, land=[strip]), side="east") == {
        ("east", "public_land", "road", "东街", None)
    }
    park = {**strip, "name": "劳动公园"}
    assert told(trace([AREA], barriers=street, land=[park]), side="east") == {
        ("east", "public_land", "green", "劳动公园", None)
    }


def test_the_green_of_a_courtyard_is_no_public_land(trace):
    lawn = {"land_id": "1", "kind": "green", "geometry": shapely.box(20, 10, 102, 50)}
    assert told(trace([AREA], land=[lawn]), side="east") == {
        ("east", "open_ground", "open_ground", None, None)
    }


def test_a_compound_is_followed_and_faced(trace):
    edges = trace(
        [AREA], compounds=[{"compound_id": "c", "name": "新世界", "geometry": shapely.box(100, -50, 150, 90)}]
    )
    assert told(edges, side="east") == {("east", "compound", "compound", "新世界", None)}


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (None, None, ("midline", "area", None)),
        ("wall", None, ("wall", "area", None)),
        ("lane", None, ("lane", "area", None)),
        ("path", None, ("lane", "area", None)),
        ("lane", "一巷", ("lane", "lane", "一巷")),
    ],
)
def test_between_two_areas_a_boundary_is_what_it_lies_on_or_a_midline_and_the_same_from_both(
    trace, kind, name, expected
):
    between = [barrier(kind, line((100.4, -50), (100.4, 90)), name)] if kind else []
    edges = trace([AREA, shapely.box(100, 0, 200, 60)], barriers=between)
    assert told(edges, "A", side="east") == {("east", *expected, "B")}
    assert told(edges, "B", side="west") == {("west", *expected, "A")}


def test_a_lane_that_only_crosses_a_boundary_is_not_followed(trace):
    edges = trace(
        [AREA, shapely.box(100, 0, 200, 60)], barriers=[barrier("lane", line((50, 30), (150, 30)), "一巷")]
    )
    assert told(edges, side="east") == {("east", "midline", "area", None, "B")}


def test_a_subdistrict_line_and_a_parcel_are_on_record(trace):
    two = [AREA, shapely.box(100, 0, 200, 60)]
    codes = [
        {"subdistrict_code": "210203001", "name": "甲街道", "geometry": shapely.box(-90, -90, 100, 150)},
        {"subdistrict_code": "210203004", "name": "乙街道", "geometry": shapely.box(100, -90, 290, 150)},
    ]
    assert told(trace(two, subdistricts=codes), side="east") == {
        ("east", "subdistrict_line", "area", None, "B")
    }
    assert told(trace([AREA], subdistricts=codes), side="east") == {
        ("east", "subdistrict_line", "subdistrict", "乙街道", None)
    }
    homes = [{"land_id": "1", "kind": "residential", "geometry": AREA}]
    assert told(trace(two, land=homes), side="east") == {("east", "parcel", "area", None, "B")}


def test_a_drawn_boundary_follows_what_was_drawn_on_both_sides_and_says_what_lies_there(trace):
    street = [barrier("local", line((-6, -50), (-6, 90)), "西街")]
    for kind, follows in (("hand_drawn", "drawn"), ("red_line", "parcel")):
        drawn = [{"area_id": "A", "kind": kind, "geometry": AREA}]
        edges = trace(
            [(AREA, {"origin": "boundary"}), shapely.box(100.15, 0, 200, 60)],
            barriers=street,
            boundaries=drawn,
        )
        assert set(edges.loc[edges["area_id"] == "A", "follows"]) == {follows}
        assert told(edges, side="west") == {("west", follows, "road", "西街", None)}
        assert told(edges, side="east") == {("east", follows, "area", None, "B")}
        assert told(edges, "B", side="west") == {("west", follows, "area", None, "A")}


def test_an_area_across_open_ground_is_seen_but_the_line_is_not_shared(trace):
    edges = trace([AREA, shapely.box(110, -20, 200, 80)])
    assert told(edges, side="east") == {("east", "open_ground", "area_beyond", None, "B")}


def test_an_area_does_not_see_past_itself(trace):
    u = shapely.difference(shapely.box(0, 0, 100, 60), shapely.box(45, 20, 55, 60))
    edges = trace([u], barriers=[barrier("local", line((106, -50), (106, 90)), "东街")])
    assert all(name is None for side, _, _, name, _ in told(edges) if side is None)


def test_an_area_without_ground_has_no_edges_and_nothing_gives_nothing(trace, table):
    none = table("areas", [{"area_id": "Z", "n_parts": 0, "geometry": None}])
    others = [table(name) for name in ("barriers", "land", "boundaries", "compounds", "subdistricts")]
    assert len(trace_edges(none, *others, rules=DelineateRules())) == len(trace([])) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 360), st.sampled_from(["box", "L", "U"]))
def test_however_an_area_is_turned_each_side_names_its_own_road(trace, angle, form):
    cut = {"box": shapely.Polygon(), "L": shapely.box(50, 30, 101, 61), "U": shapely.box(40, 30, 60, 61)}[
        form
    ]

    def turn(shape):
        return shapely.affinity.rotate(shape, angle, origin=(50, 30))

    ways = {
        "东路": ((106, -6), (106, 66)),
        "南路": ((-6, -6), (106, -6)),
        "西路": ((-6, -6), (-6, 66)),
        "北路": ((-6, 66), (106, 66)),
    }
    roads = [barrier("local", turn(line(*ends)), name) for name, ends in ways.items()]
    edges = trace([turn(shapely.difference(AREA, cut))], barriers=roads)
    following = edges[edges["follows"] == "road"]
    named = following.groupby("name")["side"].agg(set)
    assert all(len(sides) == 1 for sides in named)
    order = ["east", "south", "west", "north"]
    first = order.index(next(iter(named["东路"])))
    assert [next(iter(named[name])) for name in ways] == [order[(first + k) % 4] for k in range(4)]
    assert abs((angle + 90 * first + 180) % 360 - 180) <= 45 + 1e-6


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1))
def test_the_pieces_of_an_area_are_its_boundary_and_the_order_of_rows_means_nothing(trace, seed):
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.uniform(0, 200, 3))
    cells = [shapely.box(x0, 0, x1, 80) for x0, x1 in zip([0, *cuts], [*cuts, 200], strict=True)]
    hole = shapely.Point(*rng.uniform([0, 0], [200, 80])).buffer(rng.uniform(2, 20))
    areas = [shapely.difference(cell, hole) for cell in cells]
    roads = [
        barrier(kind, line(*rng.uniform([-20, -20], [220, 100], (3, 2))), f"{i}路")
        for i, kind in enumerate(["local", "lane", "wall", "water"])
    ]
    parks = [
        {
            "land_id": str(i),
            "kind": "green",
            "geometry": shapely.Point(*rng.uniform([-20, -20], [220, 100])).buffer(15),
        }
        for i in range(3)
    ]
    edges = trace(areas, barriers=roads, land=parks)
    for i, shape in enumerate(areas):
        pieces = edges[edges["area_id"] == chr(65 + i)]
        assert pieces["edge"].tolist() == list(range(1, len(pieces) + 1))
        assert pieces["length_m"].sum() == pytest.approx(shape.length, abs=1e-6)
        assert (
            shapely.hausdorff_distance(shapely.union_all(pieces.geometry.array), moved(shape).boundary) < 1e-6
        )
    pd.testing.assert_frame_equal(
        edges, trace(areas, barriers=roads, land=parks, order=slice(None, None, -1))
    )
