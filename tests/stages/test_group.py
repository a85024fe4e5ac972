from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.config import GroupRules
from pipeline.stages.adjacency import link_homes
from pipeline.stages.group import group

CRS_PLACES = ("210203001", "210203004")


def houses(places, **more):
    """Rows of buildings: 10 m squares at the given corners."""
    return [
        {"building_id": f"b{i:03d}", "geometry": shapely.box(x, y, x + 10, y + 10), **more}
        for i, (x, y) in enumerate(places)
    ]


@pytest.fixture
def run(table):
    def run(rows, *, fixed=(), barriers=(), register=(), released=(), target=None, **rules):
        buildings = rows if isinstance(rows, pd.DataFrame) else table("buildings", rows)
        lines, rules = table("barriers", list(barriers)), GroupRules(target_count=target, **rules)
        return group(
            buildings,
            table("membership", list(fixed)),
            link_homes(buildings, lines, rules=rules),
            lines,
            table("register", [{"area_id": a} for a in register]),
            table("released_membership", list(released)),
            district_code="210203",
            rules=rules,
        )

    return run


def road(*points, kind="local"):
    return {"barrier_id": f"r{points}{kind}", "class": kind, "geometry": shapely.LineString(points)}


def together(rows):
    """The sets of buildings that have one area."""
    return {frozenset(g) for _, g in rows.dropna(subset="area_id").groupby("area_id")["building_id"]}


BLOCKS = [(x, y) for x in (0, 15, 60, 75) for y in (0, 15)]  # two blocks of four, 35 m apart


def test_beside_fixed_buildings_the_nearest_pair_is_joined_first_whichever_comes_first(run):
    rows = houses([(0, 0), (12, 0), (100, 0), (118, 0), (300, 0)])
    fixed = [{"building_id": "b004", "area_id": "F"}]
    out = run(rows, fixed=fixed, register=["F"], target=4)
    assert together(out) == {
        frozenset({"b000", "b001"}),
        frozenset({"b002"}),
        frozenset({"b003"}),
        frozenset({"b004"}),
    }


def test_two_blocks_become_two_areas_and_only_homes_are_grouped(run):
    rows = [
        *houses(BLOCKS),
        {"building_id": "shop", "use": "commercial", "geometry": shapely.box(30, 0, 40, 10)},
    ]
    out = run(rows, target=2)
    assert together(out) == {
        frozenset(f"b{i:03d}" for i in range(4)),
        frozenset(f"b{i:03d}" for i in range(4, 8)),
    }
    assert (out["method"] == "group").all()
    assert out["area_id"].drop_duplicates().tolist() == ["210203001000001", "210203001000002"]


def test_every_row_names_the_other_area_and_how_near_a_thing_it_was(run):
    out = run(houses(BLOCKS), target=2)
    assert (out["runner_up_area_id"] != out["area_id"]).all()
    assert out["confidence"].between(0.5, 0.95).all()
    assert np.allclose(out["confidence"] + out["runner_up_confidence"], 1)


def test_a_street_divides_what_is_near_and_a_footpath_does_not(run):
    row = houses([(0, 0), (14, 0), (40, 0), (54, 0)])
    by_street = run(
        row, target=2, barriers=[road((12, -99), (12, 99)), road((32, -99), (32, 99), kind="path")]
    )
    assert together(by_street) == {frozenset({"b000"}), frozenset({"b001", "b002", "b003"})}


NORTH, SOUTH = ([(x, y) for x in (0, 40, 80, 200)] for y in (33, 0))
GATE = {"building_id": "gate", "geometry": shapely.box(120, 0, 133, 45)}


@pytest.mark.parametrize("kind", ["arterial", "railway", "water"])
@pytest.mark.parametrize("target", [2, 3, None])
def test_a_building_over_a_hard_barrier_joins_no_two_sides(run, kind, target):
    gates = [
        GATE,
        {
            "building_id": "gate2",
            "geometry": shapely.MultiPolygon([shapely.box(150, 0, 160, 11), shapely.box(150, 33, 160, 45)]),
        },
    ]
    out = run(
        [*houses(NORTH + SOUTH), *gates], target=target, barriers=[road((-500, 20), (500, 20), kind=kind)]
    )
    south = {f"b{i:03d}" for i in range(4, 8)}
    assert all(not area & south or not area - south for area in together(out))
    assert len(together(out)) == target or target is None


@pytest.mark.parametrize(
    ("grade", "parts"), [(None, True), ("elevated", True), ("covered", True), ("underground", False)]
)
def test_a_tunnel_divides_nothing_and_what_is_above_or_covered_does(run, grade, parts):
    tube = {
        "barrier_id": "m",
        "class": "railway",
        "grade": grade,
        "geometry": shapely.LineString([(-500, 20), (500, 20)]),
    }
    other = {"barrier_id": "a", "class": "lane", "geometry": shapely.LineString([(-500, 300), (500, 300)])}
    out = run([*houses(NORTH[:2] + SOUTH[:2]), GATE], target=2, barriers=[other, tube])
    assert any(area & {"b000", "b001"} and area & {"b002", "b003"} for area in together(out)) != parts


@pytest.mark.parametrize("end", [115, 128])
def test_a_hard_barrier_that_ends_parts_nothing_beyond_its_end_nor_a_building_it_ends_in(run, end):
    out = run(
        [*houses(NORTH + SOUTH), GATE], target=2, barriers=[road((-500, 20), (end, 20), kind="arterial")]
    )
    south = {f"b{i:03d}" for i in range(4, 8)}
    assert any(area & south and area - south for area in together(out))


def test_two_houses_far_apart_in_one_row_do_not_join_what_stands_around_them(run):
    places = [(0, 0), (15, 0), (1000, 0), (1015, 0)]
    both = {
        "building_id": "both",
        "geometry": shapely.MultiPolygon([shapely.box(30, 0, 40, 10), shapely.box(985, 0, 995, 9)]),
    }
    out = run([*houses(places), both], target=2)
    assert together(out) == {frozenset({"b000", "b001", "both"}), frozenset({"b002", "b003"})}


def test_given_the_number_two_estates_far_apart_are_not_joined_for_the_sake_of_one_that_is_scattered(run):
    """Within reach only the two quarters beside each other could merge; the villa park is one area none the less."""
    quarter = [(x, y) for x in (0, 14, 28) for y in (0, 14)]
    beside = [(x + 90, y) for x, y in quarter]
    scattered = [(600 + x, y) for x in (0, 140) for y in (0, 140)]
    homes = houses([*quarter, *beside, *scattered])
    road_between = [road((64, -99), (64, 199), kind="collector")]
    areas = together(run(homes, barriers=road_between, target=3))
    assert sorted(len(area) for area in areas) == [4, 6, 6]


NETWORK = [
    road((0, -300), (0, 300), kind="collector"),
    road((-300, 0), (300, 0), kind="collector"),
    road((0, 40), (30, 40)),
]


@pytest.mark.parametrize(
    ("street", "areas"),
    [
        ([(30, 40), (60, 20), (90, 40), (60, 60), (30, 40)], 1),  # a loop on one stem
        ([(30, 40), (60, 40)], 1),  # a dead end
        ([(-300, 40), (300, 40)], 2),  # leads through
    ],
)
def test_a_street_that_ends_inside_does_not_cut_an_estate_and_one_that_leads_through_does(run, street, areas):
    rows = houses([(x, y) for x in (36, 50) for y in (22, 48)])
    assert len(together(run(rows, barriers=[*NETWORK, road(*street)]))) == areas


def test_buildings_in_line_go_together_before_one_that_stands_aslant_and_a_little_nearer(run):
    first, in_line = shapely.box(0, 0, 40, 10), shapely.box(55, 0, 95, 10)
    aslant = shapely.affinity.rotate(shapely.box(0, 0, 40, 10), 45)
    aslant = shapely.affinity.translate(aslant, -20, 24 - aslant.bounds[1])  # 14 m from the first
    rows = [{"building_id": f"b{i}", "geometry": g} for i, g in enumerate([first, in_line, aslant])]
    assert together(run(rows, target=2)) == {frozenset({"b0", "b1"}), frozenset({"b2"})}


def test_a_hard_barrier_is_never_crossed_while_the_count_allows(run):
    railway = road((12, -99), (12, 99), kind="railway")
    row = houses([(0, 0), (14, 0), (70, 0), (140, 0)])
    assert together(run(row, target=2, barriers=[railway])) == {
        frozenset({"b000"}),
        frozenset({"b001", "b002", "b003"}),
    }
    assert len(together(run(row, target=1, barriers=[railway]))) == 1  # exactness wins at the last


@pytest.mark.parametrize("wall", [10, 14])
@pytest.mark.parametrize("off", [-0.0009, 0.0, 0.0009])
def test_a_hard_barrier_drawn_along_a_wall_parts_what_stands_on_its_two_sides(run, wall, off):
    along = road((wall + off, -99), (wall + off, 99), kind="railway")
    row = houses([(0, 0), (14, 0), (70, 0), (140, 0)])
    assert together(run(row, target=2, barriers=[along])) == {
        frozenset({"b000"}),
        frozenset({"b001", "b002", "b003"}),
    }


def test_a_gap_over_reach_is_crossed_before_a_hard_barrier_is(run):
    row = houses([(0, 0), (14, 0), (300, 0)])
    out = run(row, target=2, barriers=[road((12, -99), (12, 99), kind="railway")], reach_m=50.0)
    assert together(out) == {frozenset({"b000"}), frozenset({"b001", "b002"})}


def test_no_area_crosses_a_subdistrict_line(run):
    rows = [
        {**row, "subdistrict_code": CRS_PLACES[row["geometry"].bounds[0] > 12]}
        for row in houses([(0, 0), (13, 0), (90, 0)])
    ]
    out = run(rows, target=2)
    assert together(out) == {frozenset({"b000"}), frozenset({"b001", "b002"})}
    assert set(out["area_id"].str[6:9]) == {"001", "004"}
    assert len(together(run(rows, target=1))) == 1


def test_with_a_register_that_has_them_all_the_rest_stays_uncovered_and_names_the_best_area(run):
    fixed = [{"building_id": "b000", "area_id": "A"}, {"building_id": "b003", "area_id": "B"}]
    out = run(
        houses([(0, 0), (14, 0), (40, 0), (60, 0)]), fixed=fixed, register=["A", "B"], target=2
    ).set_index("building_id")
    assert out["area_id"].fillna("").to_list() == ["A", "", "", "B"]
    rest = out.loc[["b001", "b002"]]
    assert (rest["gap"] == "uncovered_building").all()
    assert (rest["method"] == "none").all()
    assert rest["runner_up_area_id"].tolist() == ["A", "B"]
    assert rest["runner_up_confidence"].between(0.05, 0.95).all()


def test_where_no_area_is_left_to_make_a_subdistrict_comes_out_as_it_would_alone(run):
    spots = [(x, y) for x in (0, 14, 331, 343, 360) for y in (0, 15, 33)]
    rows = [{**row, "subdistrict_code": CRS_PLACES[row["geometry"].bounds[0] > 20]} for row in houses(spots)]
    fixed = [{"building_id": "b000", "area_id": "A"}, {"building_id": "b014", "area_id": "B"}]
    whole = run(rows, fixed=fixed, register=["A", "B"]).set_index("building_id")
    for code in CRS_PLACES:
        mine = [row for row in rows if row["subdistrict_code"] == code]
        ids = [row["building_id"] for row in mine]
        alone = run(
            mine, fixed=[row for row in fixed if row["building_id"] in ids], register=["A", "B"]
        ).set_index("building_id")
        said = ["area_id", "gap", "method", "runner_up_area_id"]
        pd.testing.assert_frame_equal(whole.loc[ids, said], alone.loc[ids, said])


def test_a_row_of_houses_wall_to_wall_that_a_target_parts_is_as_near_a_thing_as_can_be(run):
    out = run(houses([(0, 0), (10, 0), (20, 0), (30, 0)]), target=2)
    assert out["area_id"].nunique() == 2
    assert out["confidence"].eq(0.5).all()


def test_the_best_area_is_not_looked_for_across_a_railway(run):
    fixed = [{"building_id": "b000", "area_id": "A"}]
    out = run(
        houses([(0, 0), (14, 0)]),
        fixed=fixed,
        register=["A"],
        barriers=[road((12, -99), (12, 99), kind="railway")],
    )
    assert pd.isna(out["runner_up_area_id"]).all()


def test_what_the_register_lacks_of_the_target_is_proposed_without_moving_a_fixed_row(run):
    fixed = [{"building_id": f"b{i:03d}", "area_id": "A", "method": "address"} for i in (0, 1)]
    fixed += [
        {"building_id": "b002", "compound_id": "C", "method": "compound"},
        {"building_id": "b003", "gap": "uncovered_building"},
    ]
    out = run(houses(BLOCKS), fixed=fixed, register=["A", "unlocated"], target=4).set_index("building_id")
    assert out["area_id"].iloc[:4].fillna("").tolist() == ["A", "A", "", ""]
    assert out.loc["b002", "compound_id"] == "C"
    assert out["area_id"].iloc[4:].nunique() == 2
    assert not set(out["area_id"].iloc[4:]) & {"A", "unlocated"}


def test_with_neither_target_nor_register_the_number_is_found(run):
    assert len(together(run(houses(BLOCKS), barriers=[road((42, -99), (42, 99))]))) == 2


def row_of(n, **more):
    return [{**row, **more} for row in houses([(i * 12, 0) for i in range(n)])]


def test_an_area_grows_over_the_largest_floor_area_only_by_as_much_as_the_rule_weighs(run):
    soft = together(run(row_of(9, floor_area_m2=30_000.0)))
    hard = together(
        run(row_of(9, floor_area_m2=30_000.0), size_cost_m={"remnant": 0.0, "oversize": 10_000.0})
    )
    off = together(run(row_of(9, floor_area_m2=30_000.0), size_cost_m={"remnant": 0.0, "oversize": 0.0}))
    assert max(map(len, hard)) == 3
    assert 3 <= max(map(len, soft)) < 9
    assert max(map(len, off)) == 9


def test_a_remnant_goes_to_its_neighbour_inside_the_same_roads_when_the_rule_is_on(run):
    rows = [{**row, "floor_area_m2": 1_000.0} for row in houses([(0, 0), (40, 0), (80, 0)])]
    wall = road((32, -50), (32, 50), kind="wall")
    street = road((70, -50), (70, 50), kind="local")
    on = together(run(rows, barriers=[wall, street], size_cost_m={"remnant": 30.0, "oversize": 0.0}))
    off = together(run(rows, barriers=[wall, street], size_cost_m={"remnant": 0.0, "oversize": 0.0}))
    assert on == {frozenset({"b000", "b001"}), frozenset({"b002"})}
    assert off == {frozenset({"b000"}), frozenset({"b001"}), frozenset({"b002"})}


def test_without_floor_areas_the_size_rules_say_nothing(run):
    assert max(map(len, together(run(row_of(9), size_cost_m={"remnant": 0.0, "oversize": 1e6})))) == 9


@pytest.mark.parametrize(
    ("evidence", "one", "other"),
    [("owner_unit", "机车厂", "造船厂"), ("community", "210203001001", "210203001002"), ("year", 1955, 1998)],
)
def test_unlike_neighbours_part_where_like_ones_would_not(run, evidence, one, other):
    column = "community_code" if evidence == "community" else evidence
    places = [(0, 0), (25, 0), (50, 0), (75, 0)]  # all equally far apart
    rows = [
        {**row, column: value} for row, value in zip(houses(places), (one, other, other, other), strict=True)
    ]
    assert together(run(rows, target=2)) == {frozenset({"b000"}), frozenset({"b001", "b002", "b003"})}
    swapped = [
        {**row, column: value} for row, value in zip(houses(places), (one, one, one, other), strict=True)
    ]
    assert together(run(swapped, target=2)) == {frozenset({"b003"}), frozenset({"b000", "b001", "b002"})}


def test_a_lane_inside_a_courtyard_is_the_area_s_own_way_and_one_outside_is_not(run):
    ring = [(0, 0), (20, 0), (40, 0), (0, 40), (20, 40), (40, 40), (0, 20), (40, 20)]
    # through the court, between its northern and its southern houses
    lane = road((-20, 25), (70, 25), kind="lane")
    apart = [(140, 0), (140, 40)]
    rows = houses([*ring, *apart])
    far = road((120, 25), (170, 25), kind="lane")
    out = together(run(rows, barriers=[lane, far], target=3))
    assert frozenset(f"b{i:03d}" for i in range(8)) in out


@pytest.mark.parametrize("target", [2, None])
def test_accepting_a_proposal_keeps_it_and_leaves_the_others_as_they_were(run, target):
    apart = houses([(x + 200 * (x > 50), y) for x, y in BLOCKS])
    before = run(apart, target=target)
    mine = before[before["area_id"].eq("210203001000001")]
    accepted = [
        {"building_id": b, "area_id": "210203001000001", "method": "decision", "confidence": 1.0}
        for b in mine["building_id"]
    ]
    after = run(apart, fixed=accepted, target=target)
    assert before["area_id"].nunique() == 2
    assert after["area_id"].tolist() == before["area_id"].tolist()


def test_an_area_of_the_last_release_keeps_its_code(run):
    released = [{"building_id": f"b{i:03d}", "area_id": "210203001000007"} for i in range(4, 8)]
    out = run(houses(BLOCKS), released=released, target=2).set_index("building_id")
    assert out["area_id"].iloc[[0, 7]].tolist() == ["210203001000008", "210203001000007"]


def test_no_homes_at_all_is_no_rows(run):
    assert len(run([], target=5)) == 0


@st.composite
def places(draw):
    corner = st.tuples(st.integers(0, 12), st.integers(0, 12))
    corners = draw(st.lists(corner, min_size=1, max_size=30, unique=True))
    rows = houses([(x * 25, y * 25) for x, y in corners])
    split = draw(st.booleans())
    for row in rows:
        row["subdistrict_code"] = CRS_PLACES[split and row["geometry"].bounds[0] > 140]
    kinds = draw(st.lists(st.sampled_from(["railway", "local", "path"]), max_size=3))
    lines = [road((draw(st.integers(0, 300)), -50), (draw(st.integers(0, 300)), 400), kind=k) for k in kinds]
    return rows, list({line["barrier_id"]: line for line in lines}.values()), draw(st.integers(1, 35))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places(), st.randoms(use_true_random=False))
def test_exact_count_every_home_once_connected_and_the_order_of_rows_means_nothing(run, place, shuffle):
    rows, barriers, target = place
    out = run(rows, barriers=barriers, target=target)
    assert out["building_id"].tolist() == [row["building_id"] for row in rows]
    assert out["area_id"].nunique() == min(target, len(rows))
    mixed, order = rows.copy(), barriers.copy()
    shuffle.shuffle(mixed)
    shuffle.shuffle(order)
    pd.testing.assert_frame_equal(out, run(mixed, barriers=order, target=target))
    assert_connected(rows, barriers, out, target)


def assert_connected(rows, barriers, out, target):
    """Unless the count leaves no choice, no area has parts that a hard barrier or a subdistrict line keeps
    asunder.

    Any two homes are joined here by a straight line between their centres: if even that graph, with every
    line that meets a railway taken away, does not connect an area, nothing does.
    """
    shapes = np.array([row["geometry"] for row in rows], dtype=object)
    where = np.array([row["subdistrict_code"] for row in rows])
    hard = [b["geometry"] for b in barriers if b["class"] == "railway"]
    a, b = np.triu_indices(len(rows), 1)
    lines = shapely.shortest_line(shapes[a], shapes[b])
    free = where[a] == where[b]
    for line in hard:
        free &= ~shapely.intersects(lines, line)
    a, b = a[free], b[free]
    n = len(rows)
    if connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(n, n)))[0] > target:
        return
    area = pd.factorize(out["area_id"])[0]
    if (where == where[0]).all() or target >= len(np.unique(where)):
        inside = area[a] == area[b]
        pieces = connected_components(
            coo_matrix((np.ones(inside.sum()), (a[inside], b[inside])), shape=(n, n))
        )[0]
        assert pieces == min(target, n)


def test_real_footprints_of_suzhou_go_into_exactly_199_areas(run, table, shared_data):
    import geopandas as gpd

    raw = gpd.read_file(shared_data / "suzhou" / "buildings.json").to_crs("EPSG:4549")
    rows = [
        {"building_id": f"b{i:05d}", "geometry": g, "subdistrict_code": None}
        for i, g in enumerate(raw.geometry.make_valid())
    ]
    out = run(rows, target=199)
    assert len(out) == 3076
    assert out["area_id"].nunique() == 199


def test_a_fixed_building_lends_none_of_its_links_to_the_free_ones(run):
    """In a row: a free one, 4 m on the fixed one, and three free ones farther on, the last the farthest."""
    first, fixed, *rest = houses([(x, 0) for x in (0, 14, 56, 84, 154)])
    out = run(
        [first, fixed, *rest], fixed=[{"building_id": "b001", "area_id": "A"}], register=["A"], target=3
    )
    assert together(out) == {frozenset({"b000"}), frozenset({"b001"}), frozenset({"b002", "b003", "b004"})}


def test_free_buildings_on_both_sides_of_a_fixed_one_are_joined_only_where_the_count_leaves_no_choice(run):
    rows = [
        *houses([(0, 0), (14, 0), (60, 0), (74, 0)]),
        {"building_id": "fixed", "geometry": shapely.box(27, -40, 57, 50)},
    ]
    fixed = [{"building_id": "fixed", "area_id": "A"}]
    two = {frozenset({"fixed"}), frozenset({"b000", "b001"}), frozenset({"b002", "b003"})}
    assert together(run(rows, fixed=fixed, register=["A"], target=3)) == two
    assert len(together(run(rows, fixed=fixed, register=["A"], target=2))) == 2
    assert len(together(run(rows, fixed=fixed, register=["A"], target=1))) == 1, "none is left to make"


def test_confidence_says_how_near_a_thing_it_was(run):
    """35 m of open ground against 5 m inside: 8 · ln(1 + d / 10) each way."""
    out = run(houses(BLOCKS), target=2).set_index("building_id")
    own, other = 8 * np.log1p(0.5), 8 * np.log1p(3.5)
    inner = out.loc[["b002", "b004"], "confidence"]
    assert np.allclose(inner, 1 - own / (own + other), atol=5e-4)
    alone = run(houses([(0, 0), (100, 0)]), target=2)
    assert alone["confidence"].lt(0.95).all() and alone["confidence"].gt(0.5).all()


def pair(**more):
    """Two houses that touch: their centres are 10 m apart, which counts for 1 m of what parts them."""
    return [
        {**row, "owner_unit": unit, **more}
        for row, unit in zip(houses([(0, 0), (10, 0)]), "甲乙", strict=True)
    ]


@pytest.mark.parametrize(("unlike", "areas"), [(48.9, 1), (49.0, 1), (49.1, 2)])
def test_with_no_number_given_areas_end_where_joining_costs_more_than_50_m(run, unlike, areas):
    assert len(together(run(pair(), unlike_cost_m={"owner_unit": unlike}))) == areas


@pytest.mark.parametrize(("reach", "areas"), [(99.0, 2), (100.0, 1)])
def test_what_stands_just_within_reach_is_a_neighbour(run, reach, areas):
    assert len(together(run(houses([(0, 0), (110, 0)]), reach_m=reach))) == areas


def test_a_subdistrict_line_is_crossed_after_a_hard_barrier_is(run):
    rows = houses([(0, 0), (200, 0), (214, 0), (228, 0)])
    for row, code in zip(rows, ("210203001", "210203001", "210203004", "210203005"), strict=True):
        row["subdistrict_code"] = code
    out = run(rows, target=2, barriers=[road((100, -99), (100, 99), kind="railway")])
    assert frozenset({"b000", "b001"}) in {frozenset(area & {"b000", "b001"}) for area in together(out)}
    assert len(together(out)) == 2


def test_a_subdistrict_that_lies_round_another_is_one_area_when_each_has_one(run):
    rows = [
        *houses([(0, 0), (200, 0)]),
        {"building_id": "within", "geometry": shapely.box(90, -300, 100, 300)},
    ]
    rows = [{**row, "subdistrict_code": CRS_PLACES[row["building_id"] == "within"]} for row in rows]
    assert together(run(rows, target=2)) == {frozenset({"b000", "b001"}), frozenset({"within"})}


def test_what_lies_within_reach_speaks_for_an_area_and_what_lies_beyond_does_not(run):
    """One house, and a row of three across 19 m of which only the middle one, whose owner is not known, is
    within reach.
    """
    rows = houses([(0, 0), (29, 0), (29, 14), (29, -14)])
    for row, unit in zip(rows, ("甲", None, "乙", "乙"), strict=True):
        row["owner_unit"] = unit
    rules = {"unlike_cost_m": {"owner_unit": 1000.0}}
    assert together(run(rows, reach_m=19.2, **rules)) == {frozenset({"b000", "b001", "b002", "b003"})}
    assert together(run(rows, reach_m=30.0, **rules)) == {
        frozenset({"b000"}),
        frozenset({"b001", "b002", "b003"}),
    }


def test_what_lies_beyond_reach_does_not_count_against_the_rest_either(run):
    """The house within reach, 19 m off, has another owner; the one beside it, just beyond reach, has none
    that is known.
    """
    rows = [
        {**row, "owner_unit": unit}
        for row, unit in zip(houses([(0, 0), (29, 0), (29, 14)]), ("甲", "乙", None), strict=True)
    ]
    assert len(together(run(rows, reach_m=19.2, unlike_cost_m={"owner_unit": 30.0}))) == 1


def test_a_link_that_a_fixed_building_hides_says_nothing_beside_one_that_is_seen(run):
    rows = [
        {**row, "owner_unit": unit}
        for row, unit in zip(houses([(0, 0), (29, 0), (29, 14)]), ("甲", None, "乙"), strict=True)
    ]
    rows.append({"building_id": "fixed", "geometry": shapely.box(14, 10.5, 24, 60)})
    out = run(rows, fixed=[{"building_id": "fixed", "area_id": "A"}], unlike_cost_m={"owner_unit": 1000.0})
    assert together(out) == {frozenset({"fixed"}), frozenset({"b000", "b001", "b002"})}


def test_a_near_facade_speaks_louder_than_a_far_one(run):
    """The first house is 5 m from one slab, of its own owner, and 50 m from another, of a strange one; the
    slabs touch.
    """
    shapes = [shapely.box(0, 0, 10, 10), shapely.box(15, 0, 70, 10), shapely.box(60, 10, 70, 70)]
    rows = [{"building_id": f"b{i}", "geometry": shape} for i, shape in enumerate(shapes)]
    for row, unit in zip(rows, ("甲", None, "乙"), strict=True):
        row["owner_unit"] = unit
    assert len(together(run(rows, unlike_cost_m={"owner_unit": 80.0}))) == 1
    assert len(together(run(rows, unlike_cost_m={"owner_unit": 200.0}))) == 2


@pytest.mark.parametrize("first", [True, False])
def test_a_house_beside_a_fixed_one_is_no_neighbour_of_the_last_one(run, first):
    """A fixed house, a free one 4 m on, two more at 60 m and 40 m: the last two go together, whatever the
    order of the ids.
    """
    fixed, beside, *rest = [row["geometry"] for row in houses([(0, 0), (14, 0), (84, 0), (134, 0)])]
    shapes = [fixed, beside, *rest] if first else [beside, *rest, fixed]
    rows = [{"building_id": f"b{i}", "geometry": shape} for i, shape in enumerate(shapes)]
    mine, alone, pair = ("b0", "b1", {"b2", "b3"}) if first else ("b3", "b0", {"b1", "b2"})
    out = run(rows, fixed=[{"building_id": mine, "area_id": "A"}], register=["A"], target=3)
    assert together(out) == {frozenset({mine}), frozenset({alone}), frozenset(pair)}


def test_what_stands_on_both_sides_of_a_fixed_one_is_joined_before_a_railway_is_crossed(run):
    rows = [
        *houses([(0, 0), (60, 0), (74, 0)]),
        {"building_id": "fixed", "geometry": shapely.box(20, -90, 50, 100)},
    ]
    rules = {"crossing_cost_m": {"railway": np.inf, "path": 0.1}}
    railway = road((72, -300), (72, 300), kind="railway")
    out = run(
        rows,
        fixed=[{"building_id": "fixed", "area_id": "A"}],
        register=["A"],
        target=3,
        barriers=[railway],
        **rules,
    )
    assert together(out) == {frozenset({"fixed"}), frozenset({"b000", "b001"}), frozenset({"b002"})}


@pytest.mark.parametrize(("known", "weighs"), [(5, False), (6, True)])
def test_sizes_weigh_where_most_floor_areas_are_known(run, known, weighs):
    rows = row_of(10)
    for row in rows[:known]:
        row["floor_area_m2"] = 90_000.0
    out = together(run(rows, size_cost_m={"remnant": 0.0, "oversize": 1e6}))
    assert (len(out) > 1) == weighs


def test_a_building_whose_floor_area_is_not_known_counts_with_its_footprint(run):
    rows = [
        {**row, "floor_area_m2": area}
        for row, area in zip(houses([(0, 0), (12, 0), (24, 0)]), (99_850.0, None, 100.0), strict=True)
    ]
    out = together(run(rows, size_cost_m={"remnant": 0.0, "oversize": 1e6}))
    assert out == {frozenset({"b000"}), frozenset({"b001", "b002"})} or out == {
        frozenset({"b000", "b001"}),
        frozenset({"b002"}),
    }
    rows[0]["floor_area_m2"] = 99_950.0
    assert together(run(rows, size_cost_m={"remnant": 0.0, "oversize": 1e6})) == {
        frozenset({"b000"}),
        frozenset({"b001", "b002"}),
    }


def sure(out):
    """Of each building: its area, how sure that is, the runner-up and how sure that would be."""
    columns = ["area_id", "confidence", "runner_up_area_id", "runner_up_confidence"]
    return {
        b: tuple(None if pd.isna(v) else v for v in row)
        for b, *row in out[["building_id", *columns]].itertuples(index=False)
    }


def test_a_building_alone_is_as_sure_as_can_be_and_has_no_runner_up(run):
    out = run(houses([(0, 0)]), target=1)
    assert sure(out) == {"b000": ("210203001000001", 0.95, None, None)}
    assert not out["contested"].any() and out["gap"].isna().all()


def test_two_areas_of_one_house_each_are_weighed_against_ten_metres(run):
    """100 m apart: 8 · ln(1 + 100 / 10) + 0.15 · 60 = 28.183 against 10."""
    one, two = "210203001000001", "210203001000002"
    assert sure(run(houses([(0, 0), (110, 0)]), target=2)) == {
        "b000": (one, 0.738, two, 0.262),
        "b001": (two, 0.738, one, 0.262),
    }


@pytest.mark.parametrize(("x", "runner_up"), [(10, 0.95), (14, 0.949), (150, 0.577), (2000, 0.13)])
def test_how_sure_an_uncovered_building_s_best_area_is_goes_by_50_m(run, x, runner_up):
    """50 / (50 + 8 · ln(1 + d / 10) + 0.15 · max(d − 40, 0)), at most 0.95; beyond reach too, there being no
    other.
    """
    fixed = [{"building_id": "b000", "area_id": "A"}]
    out = run(houses([(0, 0), (x, 0)]), fixed=fixed, register=["A"])
    assert sure(out)["b001"] == (None, round(1 - runner_up, 3), "A", runner_up)


def test_an_area_is_never_less_sure_of_its_own_than_of_another(run):
    fixed = [{"building_id": "b000", "area_id": "A"}]
    out = run(houses([(0, 0), (14, 0)]), fixed=fixed, register=["A"], target=2)
    assert sure(out)["b001"][1:] == (0.5, "A", 0.5)


@pytest.mark.parametrize(("target", "areas"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (9, 4)])
def test_what_a_target_leaves_to_make_counts_registered_and_settled_areas_once(run, target, areas):
    """A is registered and has a building, the other is settled: a person accepted it."""
    rows = houses([(60 * i, 0) for i in range(6)])
    fixed = [{"building_id": "b000", "area_id": "A"}, {"building_id": "b001", "area_id": "210203001000009"}]
    out = run(rows, fixed=fixed, register=["A"], target=target).set_index("building_id")
    assert out["area_id"].iloc[2:].nunique() == areas
    assert out["area_id"].iloc[:2].tolist() == ["A", "210203001000009"]
    assert out["gap"].iloc[2:].eq("uncovered_building").all() == (areas == 0)


def test_a_target_of_none_makes_none(run):
    assert run(houses(BLOCKS), target=0)["gap"].eq("uncovered_building").all()


@pytest.mark.parametrize("given", [{"target": 0}, {"register": ["A"]}, {"register": ["A"], "target": 1}])
def test_where_no_area_is_left_to_make_nothing_is_merged(run, monkeypatch, given):
    """Merging is dear, and an operator of a district with a full register has no use for it."""

    def dear(*_, **__):
        raise AssertionError("not needed")

    monkeypatch.setattr("pipeline.stages.group.agglomerate", dear)
    assert run(houses(BLOCKS), **given)["gap"].eq("uncovered_building").all()


def test_a_row_that_says_nothing_leaves_its_building_free(run):
    out = run(
        houses(BLOCKS),
        fixed=[{"building_id": "b000"}, {"building_id": "elsewhere", "area_id": "A"}],
        target=2,
    )
    assert out["building_id"].is_unique and len(out) == 8 and out["area_id"].nunique() == 2
