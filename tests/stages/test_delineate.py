from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import DelineateRules
from pipeline.geometry.coverage.partition import CLEARANCE_M
from pipeline.geometry.coverage.snapping import corners_kept
from pipeline.geometry.coverage.topology import defects
from pipeline.stages.blocks import lay_blocks
from pipeline.stages.delineate import delineate

X, Y = 500_000.0, 4_310_000.0  # somewhere in the zone of the tests' CRS


def box(x0, y0, x1, y1):
    return shapely.box(X + x0, Y + y0, X + x1, Y + y1)


def line(*points):
    return shapely.LineString([(X + x, Y + y) for x, y in points])


@pytest.fixture
def run(table):
    def run(homes, *, others=(), **tables):
        """homes: (area or None, shape) or (area, shape, more columns)."""
        rows = [
            {"building_id": f"b{i:03d}", "geometry": row[1], **(row[2] if len(row) > 2 else {})}
            for i, row in enumerate(homes)
        ]
        members = [{"building_id": f"b{i:03d}", "area_id": row[0]} for i, row in enumerate(homes) if row[0]]
        rules = tables.pop("rules", DelineateRules())
        buildings = table("buildings", [*rows, *others])
        land, *around = (
            table(name, list(tables.get(name, ())))
            for name in ("land", "barriers", "compounds", "subdistricts")
        )
        barriers, compounds, subdistricts = around
        blocks = lay_blocks(subdistricts, buildings, barriers, land, compounds, rules=rules)
        drawn, register = (table(name, list(tables.get(name, ()))) for name in ("boundaries", "register"))
        out = delineate(
            buildings, table("membership", members), blocks, barriers, land, drawn, register, rules=rules
        )
        return out.set_index("area_id")

    return run


def test_an_area_is_the_ground_around_its_homes_with_their_sums(run):
    facts = {"households": 12, "floor_area_m2": 600.0, "community_code": "210203001007"}
    out = run([("A", box(0, 0, 40, 10), facts), ("A", box(0, 30, 40, 40), facts), ("B", box(90, 0, 130, 10))])
    a = out.loc["A"]
    assert (a["n_buildings"], a["households"], a["floor_area_m2"], a["community_code"]) == (
        2,
        24,
        1200.0,
        "210203001007",
    )
    assert a["origin"] == "proposal"
    assert a["n_parts"] == 1
    assert a["geometry"].contains(box(0, 10, 40, 30))
    assert pd.isna(out.loc["B", "households"])
    assert a["ground_area_m2"] == pytest.approx(a["geometry"].area, rel=0.002)
    assert a["ground_area_m2"] != a["geometry"].area


def test_a_shop_on_residential_land_lies_in_the_area_around_it_and_elsewhere_keeps_its_ground(run):
    shop = {"building_id": "shop", "use": "commercial", "geometry": box(45, 0, 55, 10)}
    homes = [("A", box(0, 0, 40, 10)), ("A", box(60, 0, 100, 10))]
    courtyard = [{"land_id": "l", "kind": "residential", "geometry": box(-50, -50, 150, 60)}]
    assert run(homes, others=[shop], land=courtyard).loc["A", "geometry"].contains(shop["geometry"])
    assert not run(homes, others=[shop]).loc["A", "geometry"].intersects(shop["geometry"])


def test_a_small_pocket_beyond_reach_goes_to_its_neighbour_and_a_large_one_does_not(run):
    walls = [[(-12, -12), (-12, 52)], [(-12, 52), (82, 52)], [(82, 52), (82, -12)], [(82, -12), (-12, -12)]]
    streets = [
        {"barrier_id": str(i), "class": "local", "geometry": line(*wall)} for i, wall in enumerate(walls)
    ]
    small = DelineateRules(reach_m=15, pocket_max_m2=3000), DelineateRules(reach_m=15, pocket_max_m2=100)
    office = [{"subdistrict_code": "210203001", "geometry": box(-500, -500, 500, 500)}]
    given_, kept = (
        run([("A", box(0, 0, 20, 40))], barriers=streets, subdistricts=office, rules=rules).loc[
            "A", "ground_area_m2"
        ]
        for rules in small
    )
    assert given_ == pytest.approx(82 * 52, rel=0.01)
    assert kept < 0.7 * given_


def test_public_land_roads_and_compounds_are_not_in_it(run):
    out = run(
        [("A", box(0, 0, 40, 10))],
        barriers=[
            {"barrier_id": "r", "class": "local", "name": "石道街", "geometry": line((-99, -12), (99, -12))}
        ],
        land=[
            {"land_id": "park", "kind": "green", "geometry": box(44, -50, 99, 50)},
            {"land_id": "homes", "kind": "residential", "geometry": box(-99, -50, 44, 50)},
        ],
        compounds=[{"compound_id": "c", "geometry": box(-60, 15, 60, 60)}],
    )
    ground = out.loc["A", "geometry"]
    assert np.allclose(ground.bounds, box(-30, -6, 44, 15).bounds, atol=0.1)


def test_the_width_of_a_road_is_taken_where_it_is_known(run):
    road = {"barrier_id": "r", "class": "local", "width_m": 20.0, "geometry": line((-99, -15), (99, -15))}
    assert run([("A", box(0, 0, 40, 10))], barriers=[road]).loc["A", "geometry"].bounds[1] == pytest.approx(
        Y - 5, abs=0.1
    )


BELOW, ABOVE = box(0, 0, 26, 11), box(0, 33, 26, 44)


@pytest.mark.parametrize(
    "what",
    ["local", "collector", "arterial", "railway", "water", "lane", "subdistrict", "compound", "park", "far"],
)
def test_a_building_in_two_parts_lies_whole_in_its_area_whatever_is_between_them(run, what):
    above = shapely.affinity.translate(ABOVE, 0, 500) if what == "far" else ABOVE
    tables = {
        "subdistrict": {
            "subdistricts": [
                {"subdistrict_code": f"21020300{i}", "geometry": box(-99, y, 199, y + 122)}
                for i, y in ((1, -100), (4, 22))
            ]
        },
        "compound": {"compounds": [{"compound_id": "c", "geometry": box(-9, 25, 99, 60)}]},
        "park": {
            "land": [{"land_id": "p", "kind": "green", "name": "公园", "geometry": box(-9, 25, 99, 60)}]
        },
        "far": {},
    }.get(what, {"barriers": [{"barrier_id": "w", "class": what, "geometry": line((-99, 22), (199, 22))}]})
    two = shapely.MultiPolygon([BELOW, above])
    for homes in (
        [("A", two)],
        [("A", two), ("B", box(43, 33, 80, 44)), ("C", box(43, 0, 80, 11))],
        [("A", two), ("A", box(43, 0, 80, 11))],
    ):
        out = run(homes, **tables)
        assert out.loc["A", "geometry"].contains(two)
        assert not defects(out["geometry"].array)
        if what not in ("subdistrict", "compound", "park"):
            assert (
                out.loc["A", "geometry"].intersection(box(-40, 33, 66, 999)).area > 2 * above.area
            )  # ground there, not only the footprint


METRO = {"barrier_id": "m", "class": "railway", "geometry": line((-99, 5), (199, 5))}


@pytest.mark.parametrize("grade", ["underground", "covered", "surface", "elevated", None])
def test_a_tunnel_takes_no_ground_from_the_houses_above_it_and_a_viaduct_does(run, grade):
    homes = [("A", box(0, 0, 40, 10)), ("A", box(60, 0, 100, 10))]
    ground = run(homes, barriers=[METRO | {"grade": grade}]).loc["A", "geometry"]
    between = box(40, 0, 60, 10)
    if grade in ("underground", "covered"):
        assert ground.contains(between) and ground.equals_exact(run(homes).loc["A", "geometry"], 0.1)
    else:
        assert ground.intersection(between).area < 15


@pytest.mark.parametrize(
    ("grade", "where"), [(None, 16), ("elevated", 16), ("covered", 16), ("underground", 25)]
)
def test_areas_meet_on_a_lane_but_not_on_one_that_is_underground(run, grade, where):
    lane = {"barrier_id": "l", "class": "lane", "grade": grade, "geometry": line((-99, 16), (199, 16))}
    out = run([("A", box(0, 0, 40, 10)), ("B", box(0, 40, 40, 50))], barriers=[lane])
    assert out.loc["A", "geometry"].bounds[3] == pytest.approx(Y + where, abs=0.6)


def test_a_shed_makes_no_hole_but_a_school_and_an_uncovered_home_do(run):
    yard = [("A", box(0, 0, 100, 10)), ("A", box(0, 90, 100, 100)), (None, box(70, 45, 80, 55))]
    others = [
        {"building_id": "shed", "use": "auxiliary", "geometry": box(5, 20, 9, 24)},
        {"building_id": "school", "use": "public", "geometry": box(40, 40, 55, 55)},
    ]
    ground = run(yard, others=others).loc["A", "geometry"]
    assert ground.contains(others[0]["geometry"])
    assert not ground.intersects(others[1]["geometry"])
    assert not ground.intersects(yard[2][1])


def test_two_areas_meet_on_the_lane_between_them_and_not_midway(run):
    lane = {"barrier_id": "l", "class": "lane", "geometry": line((-99, 16), (199, 16))}
    out = run([("A", box(0, 0, 40, 10)), ("B", box(0, 40, 40, 50))], barriers=[lane])
    assert out.loc["A", "geometry"].bounds[3] == pytest.approx(Y + 16, abs=0.1)
    assert out.loc["B", "geometry"].bounds[1] == pytest.approx(Y + 16, abs=0.1)


def test_two_areas_meet_on_the_line_of_a_parcel_and_not_midway(run):
    homes = [("A", box(0, 0, 40, 10)), ("B", box(60, 0, 100, 10))]
    parcel = [{"land_id": "l", "kind": "residential", "geometry": box(-80, -80, 45, 80)}]
    out = run(homes, land=parcel)
    border = out.loc["A", "geometry"].intersection(out.loc["B", "geometry"])
    assert border.length > 20
    assert border.bounds[0] == border.bounds[2] == pytest.approx(X + 45, abs=0.05)


def test_an_area_of_the_register_without_homes_has_a_row_and_no_ground(run):
    register = [
        {"area_id": "A", "name": "石道街1号院", "community_code": "210203001009"},
        {"area_id": "Z", "subdistrict_code": "210203004"},
    ]
    out = run([("A", box(0, 0, 10, 10))], register=register)
    assert out.loc["A", ["name", "origin", "community_code"]].tolist() == [
        "石道街1号院",
        "register",
        "210203001009",
    ]
    assert out.loc["Z", "geometry"] is None
    assert out.loc["Z", ["n_buildings", "ground_area_m2", "n_parts", "subdistrict_code"]].tolist() == [
        0,
        0.0,
        0,
        "210203004",
    ]


def hair_beside(drawn, others):
    """Places along a drawn boundary with nobody's ground between it and an area that begins at most CLEARANCE_M
    away: a wider strip is there because the area ends there by its reach, and stays (`snap_to_held`).
    """
    outline = drawn.exterior
    at = np.arange(0.5, outline.length - 0.5, 0.7)
    points, ahead = (shapely.get_coordinates(outline.interpolate(at + by)) for by in (0.0, 0.01))
    along = (ahead - points) / 0.01
    out = np.column_stack([along[:, 1], -along[:, 0]]) * (1 if outline.is_ccw else -1)
    near, far = (
        shapely.points(points + 0.05 * out),
        shapely.buffer(shapely.points(points + 0.5 * out), 0.5 - CLEARANCE_M),
    )
    covered = shapely.union_all(others)
    return points[shapely.contains(covered, far) & ~shapely.contains(covered, near)]


def test_a_hand_drawn_boundary_keeps_its_corners_bit_by_bit_and_others_come_up_to_it(run):
    drawn = shapely.transform(box(0, 0, 50, 50), lambda c: c + np.array([0.1234567, 0.7654321]))
    homes = [
        ("A", box(5, 5, 20, 20)),
        ("B", box(60, 5, 80, 20)),
        ("B", box(45, 30, 58, 40)),
        ("C", box(60, 45, 80, 60)),
    ]
    out = run(homes, boundaries=[{"area_id": "A", "geometry": drawn}])
    assert corners_kept(out.loc[["A"], "geometry"], [drawn]).all()
    assert out.loc["A", "origin"] == "boundary"
    for other in "BC":
        assert out.loc["A", "geometry"].intersection(out.loc[other, "geometry"]).area == 0
        assert out.loc["A", "geometry"].intersection(out.loc[other, "geometry"]).length > 10
    assert not len(hair_beside(drawn, out.loc[["B", "C"], "geometry"]))
    assert not defects(out["geometry"].array)


def test_a_boundary_that_no_line_ends_on_comes_out_as_it_was_drawn(run):
    drawn = shapely.affinity.rotate(box(0.03, 0.04, 50.01, 50.02), 7.3)
    around = [("B", box(x, y, x + 10, y + 10)) for x, y in ((-20, 20), (60, 20), (20, -20), (20, 60))]
    out = run([("A", box(20, 20, 30, 30)), *around], boundaries=[{"area_id": "A", "geometry": drawn}])
    assert out.loc["A", "geometry"].wkb == drawn.wkb
    assert shapely.get_interior_ring(out.loc["B", "geometry"], 0).equals(drawn.exterior)


def test_a_boundary_without_homes_is_an_area_too(run):
    out = run([], boundaries=[{"area_id": "A", "geometry": box(0, 0, 50, 50)}])
    assert out.loc["A", ["origin", "n_buildings", "n_parts"]].tolist() == ["boundary", 0, 1]


def test_ground_stays_in_the_subdistrict_of_most_of_its_homes(run):
    halves = [
        {"subdistrict_code": c, "geometry": g}
        for c, g in (("210203001", box(-300, -300, 25, 300)), ("210203004", box(25, -300, 300, 300)))
    ]
    homes = [
        ("A", box(0, 0, 10, 10)),
        ("A", box(0, 20, 10, 30)),
        ("A", box(40, 0, 50, 10), {"subdistrict_code": "210203004"}),
    ]
    out = run(homes, subdistricts=halves)
    ground = out.loc["A", "geometry"]
    assert out.loc["A", "subdistrict_code"] == "210203001"
    assert ground.contains(homes[2][1])
    assert ground.intersection(halves[1]["geometry"]).area < 105


def test_nothing_gives_nothing(run):
    assert len(run([])) == 0


@st.composite
def towns(draw):
    spot = st.tuples(st.integers(0, 9), st.integers(0, 9))
    spots = draw(st.lists(spot, min_size=1, max_size=20, unique=True))
    size = st.floats(6, 20)
    homes = [
        (
            draw(st.sampled_from(["A", "B", "C", None])),
            box(x * 20, y * 20, x * 20 + draw(size), y * 20 + draw(size)),
        )
        for x, y in spots
    ]
    at = st.integers(-10, 210)
    kinds = draw(st.lists(st.sampled_from(["arterial", "local", "lane"]), max_size=2))
    roads = [
        {"barrier_id": str(i), "class": k, "geometry": line((draw(at), -50), (draw(at), 250))}
        for i, k in enumerate(kinds)
    ]
    drawn = draw(st.one_of(st.none(), st.tuples(at, at, st.floats(20, 90), st.floats(0, 90))))
    return homes, roads, drawn


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(towns(), st.randoms(use_true_random=False))
def test_areas_are_a_coverage_that_holds_every_home_and_the_order_of_rows_means_nothing(run, town, shuffle):
    homes, roads, spot = town
    drawn = (
        None
        if spot is None
        else shapely.affinity.rotate(box(spot[0], spot[1], spot[0] + spot[2], spot[1] + 30), spot[3])
    )
    boundaries = [] if drawn is None else [{"area_id": "D", "geometry": drawn}]
    out = run(homes, barriers=roads, boundaries=boundaries)
    assert not defects(out["geometry"].array)
    wgs84 = out.set_geometry("geometry").to_crs("EPSG:4326")["geometry"].array
    assert not defects(shapely.transform(np.asarray(wgs84), lambda c: np.round(c, 7)))
    assert np.isclose(
        sum(g.area for g in out["geometry"] if g), shapely.union_all([g for g in out["geometry"] if g]).area
    )
    for area, shape in homes:
        if area and (drawn is None or not shape.buffer(1).intersects(drawn)):
            wall_to_wall = any(
                other != area and shape.distance(neighbour) < 0.3 for other, neighbour in homes
            )
            assert out.loc[area, "geometry"].contains(shape.buffer(-0.05) if wall_to_wall else shape)
    assert drawn is None or corners_kept(out.loc[["D"], "geometry"], [drawn]).all()
    assert drawn is None or not len(hair_beside(drawn, out["geometry"].drop("D").dropna()))
    reserve = [
        r["geometry"].buffer(15.9 if r["class"] == "arterial" else 5.9, quad_segs=3)
        for r in roads
        if r["class"] != "lane"
    ]
    whole = shapely.union_all([shape.buffer(0.2) for area, shape in homes if area])
    for area in out.index[out["geometry"].notna()].difference(["D"]):
        assert (
            shapely.difference(out.loc[area, "geometry"].intersection(shapely.union_all(reserve)), whole).area
            < 1.0
        )
    shuffle.shuffle(roads)
    pd.testing.assert_frame_equal(out, run(homes, barriers=roads, boundaries=boundaries))


def test_shuffled_rows_and_the_number_of_processes_change_nothing(table, monkeypatch):
    rng = np.random.default_rng(7)
    rows = [
        {"building_id": f"b{i:02d}", "geometry": box(*(corner := rng.uniform(0, 300, 2)), *(corner + 12))}
        for i in range(40)
    ]
    members = [{"building_id": f"b{i:02d}", "area_id": "ABCD"[i // 10]} for i in range(40)]
    roads = [
        {
            "barrier_id": str(i),
            "class": "local",
            "name": f"{i}路",
            "geometry": line((i * 60, -9), (i * 55, 400)),
        }
        for i in range(6)
    ]
    parks = [
        {"land_id": str(i), "kind": "green", "geometry": box(i * 40, i * 30, i * 40 + 25, i * 30 + 45)}
        for i in range(6)
    ]

    def run(shuffle, jobs=1):
        tables = (
            table("buildings", rows),
            table("membership", members),
            table("barriers", roads),
            table("land", parks),
        )
        buildings, membership, barriers, land = (t.iloc[shuffle(len(t))] for t in tables)
        blocks = lay_blocks(
            table("subdistricts"), buildings, barriers, land, table("compounds"), rules=DelineateRules()
        )
        drawn, register = table("boundaries"), table("register")
        return delineate(
            buildings, membership, blocks, barriers, land, drawn, register, rules=DelineateRules(), jobs=jobs
        )

    pd.testing.assert_frame_equal(run(np.arange), run(rng.permutation))
    assert [g.wkb for g in run(np.arange)["geometry"]] == [g.wkb for g in run(rng.permutation)["geometry"]]
    once = run(np.arange)
    monkeypatch.setattr("pipeline.geometry.coverage.partition.BATCH", 5)
    assert [g.wkb for g in run(np.arange, jobs=2)["geometry"]] == [g.wkb for g in once["geometry"]]
