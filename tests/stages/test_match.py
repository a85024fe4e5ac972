from __future__ import annotations

import shapely

from pipeline.config import GroupRules, MatchRules
from pipeline.stages.match import match


def run(table, *, buildings, **given):
    names = ("register", "entries", "boundaries", "decisions", "compounds", "barriers")
    tables = {name: table(name, given.get(name)) for name in names}
    out = match(table("buildings", buildings), **tables, rules=MatchRules(), group_rules=GroupRules())
    return out.set_index("building_id")


def home(name, x, y=0.0, **more):
    return {"building_id": name, "geometry": shapely.box(x, y, x + 10, y + 10), **more}


REGISTER = [{"area_id": "A", "subdistrict_code": "210203001"}, {"area_id": "B", "subdistrict_code": "210203001"}]


def test_an_address_run_takes_its_own_side_of_the_road(table):
    doors = [home(f"n{n}", 20 * n, road="胜利路", door_number=n) for n in range(10, 16)]
    out = run(table, buildings=doors, register=REGISTER, entries=[{"entry_id": "e", "area_id": "A", "address": "胜利路12-14号(双号)"}])
    assert sorted(out.index) == ["n12", "n14"]
    assert set(out["method"]) == {"address"} and set(out["entry_id"]) == {"e"}


def test_an_address_in_another_subdistrict_is_another_address(table):
    doors = [home("here", 0, road="胜利路", door_number=1), home("there", 90, road="胜利路", door_number=1, subdistrict_code="210203004")]
    out = run(table, buildings=doors, register=REGISTER, entries=[{"entry_id": "e", "area_id": "A", "address": "胜利路1号"}])
    assert list(out.index) == ["here"]


def test_a_decision_beats_the_register_and_names_it_as_runner_up(table):
    out = run(
        table,
        buildings=[home("b1", 0)],
        register=REGISTER,
        entries=[{"entry_id": "e", "area_id": "A", "building_ids": "b1"}],
        decisions=[{"building_id": "b1", "area_id": "B"}],
    )
    row = out.loc["b1"]
    assert (row["area_id"], row["method"], row["confidence"], row["runner_up_area_id"]) == ("B", "decision", 1.0, "A")
    assert not row["contested"]


def test_a_decision_for_no_area_leaves_the_building_uncovered(table):
    out = run(
        table,
        buildings=[home("b1", 0)],
        register=REGISTER,
        entries=[{"entry_id": "e", "area_id": "A", "building_ids": "b1"}],
        decisions=[{"building_id": "b1", "area_id": "none"}],
    )
    assert out.loc["b1", "gap"] == "uncovered_building"
    assert out["area_id"].isna().all()


def test_two_equal_claims_are_contested(table):
    entries = [{"entry_id": "e1", "area_id": "B", "building_ids": "b1"}, {"entry_id": "e2", "area_id": "A", "building_ids": "b1;b2"}]
    out = run(table, buildings=[home("b1", 0), home("b2", 30)], register=REGISTER, entries=entries)
    assert out["contested"].to_dict() == {"b1": True, "b2": False}
    assert (out.loc["b1", "area_id"], out.loc["b1", "runner_up_area_id"]) == ("A", "B")


def test_a_contested_building_goes_to_the_area_whose_own_buildings_are_nearer(table):
    entries = [
        {"entry_id": "e1", "area_id": "A", "building_ids": "far;both"},
        {"entry_id": "e2", "area_id": "B", "building_ids": "both;near"},
    ]
    out = run(table, buildings=[home("far", 0), home("both", 100), home("near", 120)], register=REGISTER, entries=entries)
    assert (out.loc["both", "area_id"], out.loc["both", "runner_up_area_id"], out.loc["both", "contested"]) == ("B", "A", True)


def test_a_drawn_boundary_takes_the_footprints_that_are_mostly_inside(table):
    boundary = [{"area_id": "A", "geometry": shapely.box(-1, -1, 36, 11)}]
    out = run(table, buildings=[home("in", 0), home("mostly", 29), home("barely", 33, 20)], register=REGISTER, boundaries=boundary)
    assert out["confidence"].to_dict() == {"in": 1.0, "mostly": 0.7}


def test_an_entry_inside_a_drawn_boundary_is_found_all_the_same(table):
    boundary = [{"area_id": "A", "geometry": shapely.box(-1, -1, 36, 11)}]
    door = home("b1", 0, road="胜利路", door_number=1)
    entries = [{"entry_id": "e", "area_id": "A", "address": "胜利路1号"}]
    out = run(table, buildings=[door], register=REGISTER, boundaries=boundary, entries=entries)
    assert (out.loc["b1", "method"], out.loc["b1", "entry_id"]) == ("boundary", "e")


def test_a_compound_keeps_its_own_manager_whatever_an_address_says(table):
    out = run(
        table,
        buildings=[home("b1", 0, road="胜利路", door_number=1)],
        register=REGISTER,
        compounds=[{"compound_id": "c", "geometry": shapely.box(-5, -5, 50, 50)}],
        entries=[{"entry_id": "e", "area_id": "A", "address": "胜利路1号"}],
    )
    assert out.loc["b1", "compound_id"] == "c" and out["area_id"].isna().all()


def test_a_point_takes_as_many_connected_buildings_as_declared_and_never_crosses_a_railway(table):
    row = [home(f"b{i}", 20 * i) for i in range(6)]
    railway = [{"barrier_id": "r", "class": "railway", "geometry": shapely.LineString([(55, -50), (55, 60)])}]
    entries = [{"entry_id": "e", "area_id": "A", "n_buildings": 4, "geometry": shapely.Point(45, 5)}]
    out = run(table, buildings=row, register=REGISTER, entries=entries, barriers=railway)
    assert sorted(out.index) == ["b0", "b1", "b2"]
    out = run(table, buildings=row, register=REGISTER, entries=entries)
    assert len(out) == 4 and {"b1", "b2", "b3"} <= set(out.index)


def test_an_entry_or_decision_for_an_unknown_area_makes_no_area(table):
    out = run(
        table,
        buildings=[home("b1", 0), home("b2", 30)],
        register=REGISTER,
        entries=[{"entry_id": "e", "area_id": "a", "building_ids": "b1"}],
        decisions=[{"building_id": "b2", "area_id": "None"}],
    )
    assert out.empty


def test_buildings_that_nobody_lives_in_are_not_placed(table):
    out = run(
        table,
        buildings=[home("school", 0, use="public")],
        register=REGISTER,
        entries=[{"entry_id": "e", "area_id": "A", "building_ids": "school"}],
    )
    assert out.empty
