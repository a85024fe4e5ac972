from __future__ import annotations

import json
from itertools import permutations

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pipeline.config import GroupRules, MatchRules
from pipeline.stages.addresses import read_addresses
from pipeline.stages.adjacency import link_homes
from pipeline.stages.match import match
from tests.conftest import make_table


def run(table, *, buildings, rules=None, **given):
    names = ("register", "entries", "boundaries", "decisions", "compounds")
    tables = {name: table(name, given.get(name)) for name in names}
    homes, barriers = table("buildings", buildings), table("barriers", given.get("barriers"))
    rules, group_rules = rules or MatchRules(), GroupRules()
    known = (homes, tables["entries"], tables["register"], barriers)
    out = match(
        homes,
        **tables,
        links=link_homes(homes, barriers, rules=group_rules),
        addresses=read_addresses(*known, rules=rules),
        rules=rules,
        reach_m=group_rules.reach_m,
    )
    return out.set_index("building_id")


def home(name, x, y=0.0, **more):
    return {"building_id": name, "geometry": shapely.box(x, y, x + 10, y + 10), **more}


REGISTER = [
    {"area_id": "A", "subdistrict_code": "210203001"},
    {"area_id": "B", "subdistrict_code": "210203001"},
]


def test_an_address_run_takes_its_own_side_of_the_road(table):
    doors = [home(f"n{n}", 20 * n, road="胜利路", door_number=n) for n in range(10, 16)]
    out = run(
        table,
        buildings=doors,
        register=REGISTER,
        entries=[{"entry_id": "e", "area_id": "A", "address": "胜利路12-14号(双号)"}],
    )
    assert sorted(out.index) == ["n12", "n14"]
    assert set(out["method"]) == {"address"} and set(out["entry_id"]) == {"e"}


def test_an_address_in_another_subdistrict_is_another_address(table):
    doors = [
        home("here", 0, road="胜利路", door_number=1),
        home("there", 90, road="胜利路", door_number=1, subdistrict_code="210203004"),
    ]
    out = run(
        table,
        buildings=doors,
        register=REGISTER,
        entries=[{"entry_id": "e", "area_id": "A", "address": "胜利路1号"}],
    )
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
    assert (row["area_id"], row["method"], row["confidence"], row["runner_up_area_id"]) == (
        "B",
        "decision",
        1.0,
        "A",
    )
    assert not row["contested"]


def test_accepting_a_proposal_makes_it_an_area_and_a_mistyped_area_makes_none(table):
    accepted = {"building_id": "b1", "area_id": "210203001000007", "kind": "accept"}
    moved = {"building_id": "b2", "area_id": "210203001000007", "kind": "move"}
    mistyped = {"building_id": "b3", "area_id": "21020300100000l", "kind": "move"}
    homes = [home("b1", 0), home("b2", 20), home("b3", 40)]
    out = run(table, buildings=homes, decisions=[accepted, moved, mistyped])
    assert out["area_id"].to_dict() == {"b1": "210203001000007", "b2": "210203001000007"}
    assert set(out["method"]) == {"decision"}


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


def test_none_is_no_area_whatever_is_accepted_for_it(table):
    entries = [{"entry_id": "e", "area_id": "none", "building_ids": "b1"}]
    decisions = [{"building_id": "b2", "area_id": "none", "kind": "accept"}]
    out = run(table, buildings=[home("b1", 0), home("b2", 30)], entries=entries, decisions=decisions)
    assert out["gap"].to_dict() == {"b2": "uncovered_building"}


def test_two_equal_claims_are_contested(table):
    entries = [
        {"entry_id": "e1", "area_id": "B", "building_ids": "b1"},
        {"entry_id": "e2", "area_id": "A", "building_ids": "b1;b2"},
    ]
    out = run(table, buildings=[home("b1", 0), home("b2", 30)], register=REGISTER, entries=entries)
    assert out["contested"].to_dict() == {"b1": True, "b2": False} and (out["confidence"] == 1).all()
    assert (out.loc["b1", "area_id"], out.loc["b1", "runner_up_area_id"]) == ("A", "B")


def test_a_contested_building_goes_to_the_area_whose_own_buildings_are_nearer(table):
    entries = [
        {"entry_id": "e1", "area_id": "A", "building_ids": "far;both"},
        {"entry_id": "e2", "area_id": "B", "building_ids": "both;near"},
    ]
    out = run(
        table,
        buildings=[home("far", 0), home("both", 100), home("near", 120)],
        register=REGISTER,
        entries=entries,
    )
    assert (
        out.loc["both", "area_id"],
        out.loc["both", "runner_up_area_id"],
        out.loc["both", "contested"],
    ) == ("B", "A", True)


def test_a_drawn_boundary_takes_the_footprints_that_are_mostly_inside(table):
    boundary = [{"area_id": "A", "geometry": shapely.box(-1, -1, 36, 11)}]
    out = run(
        table,
        buildings=[home("in", 0), home("mostly", 29), home("barely", 33, 20)],
        register=REGISTER,
        boundaries=boundary,
    )
    assert out["confidence"].to_dict() == {"in": 1.0, "mostly": 0.7}


@pytest.mark.parametrize(("inputs", "key"), [("compounds", "compound_id"), ("boundaries", "area_id")])
def test_how_sure_a_polygon_s_building_is_is_the_share_inside_to_a_thousandth(table, inputs, key):
    polygons = [{key: "A", "geometry": shapely.box(0, 0, 6.6666, 10)}]
    out = run(table, buildings=[home("b", 0)], register=REGISTER, **{inputs: polygons})
    assert out["confidence"].to_dict() == {"b": 0.667}


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


NESTS = [("large", 0, 0, 200, 60), ("medium", 10, 0, 120, 60), ("small", 20, 0, 60, 60)]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
@pytest.mark.parametrize(("inputs", "key"), [("compounds", "compound_id"), ("boundaries", "area_id")])
def test_the_innermost_that_holds_a_building_has_it(table, inputs, key, order):
    drawn = [{key: NESTS[i][0], "geometry": shapely.box(*NESTS[i][1:])} for i in order]
    homes = [
        home("s", 30),
        home("m", 70),
        home("mostly_m", 55),
        home("l", 150),
        home("mostly_s", 14.5),
        home("out", 300),
    ]
    out = run(table, buildings=homes, **{inputs: drawn})
    assert out[key].to_dict() == {
        "s": "small",
        "m": "medium",
        "mostly_m": "small",
        "l": "large",
        "mostly_s": "medium",
    }
    assert out["contested"].any() == (key == "area_id"), "a person drew two: that is worth a look"
    if key == "area_id":
        assert out["runner_up_area_id"].dropna().to_dict() == {
            "s": "medium",
            "m": "large",
            "mostly_m": "medium",
            "mostly_s": "large",
        }


def test_an_inner_compound_need_not_lie_inside_to_the_metre(table):
    def holder(x1):
        inner, outer = (
            {"compound_id": "z", "geometry": shapely.box(0, 0, x1, 60)},
            {"compound_id": "a", "geometry": shapely.box(0, 0, 100, 60)},
        )
        return run(table, buildings=[home("b", 88, 1)], compounds=[inner, outer]).loc["b", "compound_id"]

    assert holder(96) == "z", "four fifths of the house, but the innermost"
    inner = {"compound_id": "z", "geometry": shapely.box(20, 0, 104, 60)}
    outer = {"compound_id": "a", "geometry": shapely.box(0, 0, 100, 60)}
    across = {"compound_id": "a", "geometry": shapely.box(0, 0, 60, 60)}
    assert run(table, buildings=[home("b", 30)], compounds=[inner, outer]).loc["b", "compound_id"] == "z", (
        "95 % of it inside"
    )
    assert run(table, buildings=[home("b", 52)], compounds=[inner, across]).loc["b", "compound_id"] == "z", (
        "the larger share"
    )
    assert run(table, buildings=[home("b", 30)], compounds=[inner, across]).loc["b", "compound_id"] == "a", (
        "as much: the lower id"
    )


def test_two_compounds_drawn_alike_are_told_by_their_ids(table):
    for ids in (["c1", "c2"], ["c2", "c1"]):
        drawn = [{"compound_id": name, "geometry": shapely.box(-5, -5, 50, 50)} for name in ids]
        assert run(table, buildings=[home("b", 0)], compounds=drawn).loc["b", "compound_id"] == "c1"


def test_every_entry_that_leads_to_a_building_is_named_whoever_holds_it(table):
    entries = [
        {"entry_id": "e;1", "area_id": "A", "building_ids": "b1;b2"},
        {"entry_id": "e2", "area_id": "A", "address": "胜利路1号"},
        {"entry_id": "e3", "area_id": "B", "building_ids": "b1"},
    ]
    out = run(
        table,
        buildings=[home("b1", 0, road="胜利路", door_number=1), home("b2", 30), home("b3", 60)],
        register=REGISTER,
        entries=entries,
        decisions=[{"building_id": "b1", "area_id": "B"}, {"building_id": "b3", "area_id": "B"}],
    )
    named = out["named_by"].dropna().map(json.loads).to_dict()
    assert named == {"b1": ["e2", "e3", "e;1"], "b2": ["e;1"]}
    assert out["entry_id"].dropna().to_dict() == {"b1": "e3", "b2": "e;1"}


def test_an_entry_that_only_came_second_to_a_building_does_not_lead_to_it(table):
    out = run(
        table, buildings=rows(10), register=REGISTER, entries=[estate("A", 5, 5, 5), estate("B", 5, 185, 5)]
    )
    assert (out["named_by"].map(json.loads).str.len() == 1).all()


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


def rows(n, columns=10):
    """Buildings in rows, 20 m apart."""
    return [home(f"b{i:03d}", 20 * (i % columns), 20 * (i // columns)) for i in range(n)]


def estate(name, n, x, y, **more):
    return {
        "entry_id": f"e{name}",
        "area_id": name,
        "n_buildings": n,
        "geometry": shapely.Point(x, y),
        **more,
    }


def test_an_estate_in_the_open_gets_exactly_its_count_around_its_point(table):
    out = run(table, buildings=rows(60), register=REGISTER, entries=[estate("A", 9, 105, 45)])
    assert len(out) == 9 and "b025" in out.index
    assert out.loc["b025", "confidence"] == MatchRules().point_confidence
    assert out["confidence"].drop("b025").between(0.3, 0.4).all(), (
        "another building beside it would have done nearly as well"
    )


def test_two_estates_in_one_block_share_it_by_their_counts(table):
    entries = [estate("A", 10, 5, 5), estate("B", 20, 185, 5)]
    out = run(table, buildings=rows(15, 15), register=REGISTER, entries=entries)
    assert out["area_id"].value_counts().to_dict() == {"B": 10, "A": 5}


def test_two_estates_listed_at_one_point_both_get_their_count(table):
    out = run(
        table,
        buildings=rows(30),
        register=REGISTER,
        entries=[estate("A", 4, 105, 25), estate("B", 7, 105, 25)],
    )
    assert out["area_id"].value_counts().to_dict() == {"B": 7, "A": 4}


def test_a_building_that_an_address_has_is_not_taken_by_a_point(table):
    homes = rows(9, 9)
    homes[4] |= {"road": "胜利路", "door_number": 1}
    entries = [{"entry_id": "e", "area_id": "B", "address": "胜利路1号"}, estate("A", 9, 5, 5)]
    out = run(table, buildings=homes, register=REGISTER, entries=entries)
    assert out.loc["b004", "area_id"] == "B" and out.loc["b000", "area_id"] == "A"


def test_an_entry_without_a_count_is_filled_by_households_then_by_floor_area(table):
    homes = [{**h, "households": 12, "floor_area_m2": 500.0} for h in rows(10)]
    entries = [estate("A", None, 5, 5, households=40), estate("B", None, 185, 5, floor_area_m2=1100.0)]
    out = run(table, buildings=homes, register=REGISTER, entries=entries)
    assert out["area_id"].value_counts().to_dict() == {"A": 3, "B": 2}


def test_households_count_only_where_the_buildings_know_theirs(table):
    homes = [{**h, "floor_area_m2": 500.0} for h in rows(10)]
    out = run(
        table,
        buildings=homes,
        register=REGISTER,
        entries=[estate("A", None, 5, 5, households=40, floor_area_m2=1000.0)],
    )
    assert len(out) == 2


def test_a_building_nearer_to_the_rival_is_less_sure_and_names_it(table):
    out = run(
        table, buildings=rows(10), register=REGISTER, entries=[estate("A", 5, 5, 5), estate("B", 5, 185, 5)]
    )
    sure = out["confidence"]
    assert (sure.iloc[:5].diff().dropna() < 0).all() and (sure.iloc[5:].diff().dropna() > 0).all()
    assert set(out["runner_up_area_id"]) == {"A", "B"} and (out["runner_up_area_id"] != out["area_id"]).all()
    assert (out["runner_up_confidence"] <= sure).all() and not out["contested"].any()


def test_two_entries_of_one_area_are_no_rivals(table):
    entries = [estate("A", 5, 5, 5), {**estate("A", 5, 185, 5), "entry_id": "e2"}]
    out = run(table, buildings=rows(10), register=REGISTER, entries=entries)
    assert len(out) == 10 and out["runner_up_area_id"].isna().all()
    assert out["confidence"].between(0.55, 0.6).all(), "whichever has it, it is the same area's"


def test_a_contested_building_stays_on_its_side_of_the_street(table):
    entries = [
        {"entry_id": "e1", "area_id": "A", "building_ids": "same_side;both"},
        {"entry_id": "e2", "area_id": "B", "building_ids": "both;across"},
    ]
    street = [{"barrier_id": "s", "class": "local", "geometry": shapely.LineString([(115, -50), (115, 60)])}]
    homes = [home("same_side", 75), home("both", 100), home("across", 120)]
    out = run(table, buildings=homes, register=REGISTER, entries=entries, barriers=street)
    assert out.loc["both", "area_id"] == "A"


RIGHT = ("decision", "building_id", "boundary", "compound", "address", "number", "point")
#: What gives an area each right to the building b, whose door is 胜利路1-1号.
GIVES = {
    "decision": ("decisions", {"building_id": "b", "area_id": "A0"}),
    "building_id": ("entries", {"entry_id": "e1", "area_id": "A1", "building_ids": "a,b"}),
    "boundary": ("boundaries", {"area_id": "A2", "geometry": shapely.box(-1, -1, 11, 11)}),
    "compound": ("compounds", {"compound_id": "A3", "geometry": shapely.box(-1, -1, 11, 11)}),
    "address": ("entries", {"entry_id": "e4", "area_id": "A4", "address": "胜利路1-1号"}),
    "number": ("entries", {"entry_id": "e5", "area_id": "A5", "address": "胜利路1号"}),
    "point": ("entries", {"entry_id": "e6", "area_id": "A6", "geometry": shapely.Point(5, 5)}),
}


@pytest.mark.parametrize("strongest", range(len(RIGHT)))
def test_the_stronger_right_has_the_building_and_the_next_area_is_the_runner_up(table, strongest):
    given = {
        "register": [{"area_id": f"A{n}"} for n in range(7)],
        "buildings": [home("b", 0, address="胜利路1-1号")],
    }
    for right in RIGHT[strongest:]:
        name, row = GIVES[right]
        given[name] = [*given.get(name, []), row]
    row = run(table, **given).loc["b"]
    assert (row["compound_id"] if RIGHT[strongest] == "compound" else row["area_id"]) == f"A{strongest}"
    assert (
        row["method"] == {"number": "address"}.get(RIGHT[strongest], RIGHT[strongest])
        and not row["contested"]
    )
    entries = {"building_id": "e1", "address": "e4", "number": "e5", "point": "e6"}
    assert (None if pd.isna(row["entry_id"]) else row["entry_id"]) == entries.get(RIGHT[strongest])
    next_area = [f"A{n}" for n in range(strongest + 1, 6) if n != 3]
    assert (None if pd.isna(row["runner_up_area_id"]) else row["runner_up_area_id"]) == (next_area or [None])[
        0
    ]


def test_two_areas_that_name_the_same_door_contest_it_and_the_surer_reading_has_it(table):
    doors = [home("b", 0, road="胜利路", door_number=1), home("c", 30, road="胜利路", door_number=3)]
    entries = [
        {"entry_id": "e1", "area_id": "B", "address": "胜利路1号"},
        {"entry_id": "e2", "area_id": "A", "address": "胜利路1号"},
        {"entry_id": "e3", "area_id": "A", "address": "胜利街3号"},
    ]
    out = run(table, buildings=doors, register=REGISTER, entries=entries)
    assert out["area_id"].to_dict() == {"b": "A", "c": "A"} and out["contested"].to_dict() == {
        "b": True,
        "c": False,
    }
    assert (out.loc["b", "runner_up_area_id"], out.loc["b", "runner_up_confidence"]) == ("B", 0.9)
    assert out["confidence"].to_dict() == {"b": 0.9, "c": 0.81}, (
        "another word for street: nine tenths as sure"
    )
    surer = [
        {"entry_id": "e1", "area_id": "B", "address": "胜利路1-3号"},
        {"entry_id": "e2", "area_id": "A", "address": "胜利街1号"},
    ]
    assert run(table, buildings=doors, register=REGISTER, entries=surer)["area_id"].to_dict() == {
        "b": "B",
        "c": "B",
    }


def test_of_two_entries_the_one_that_names_the_very_door_has_it(table):
    doors = [home("b", 0, address="胜利路1甲号"), home("c", 30, address="胜利路1号")]
    entries = [
        {"entry_id": "e1", "area_id": "A", "address": "胜利路1号"},
        {"entry_id": "e2", "area_id": "B", "address": "胜利路1号甲"},
    ]
    out = run(table, buildings=doors, register=REGISTER, entries=entries)
    assert out["area_id"].to_dict() == {"b": "B", "c": "A"} and not out["contested"].any()


def test_a_footprint_half_inside_is_inside_and_one_a_little_less_is_not(table):
    drawn = [{"area_id": "A", "geometry": shapely.box(0, 0, 100, 10)}]
    out = run(
        table,
        buildings=[home("half", 95, 0), home("more", 40, 4), home("less", 70, 5.1)],
        register=REGISTER,
        boundaries=drawn,
    )
    assert out["confidence"].to_dict() == {"half": 0.5, "more": 0.6}
    odd = [{"area_id": "A", "geometry": shapely.box(0, 0, 100 / 3 + 5, 10)}]
    assert run(table, buildings=[home("b", 30)], register=REGISTER, boundaries=odd)[
        "confidence"
    ].to_dict() == {"b": 0.833}


def test_an_entry_without_a_count_takes_the_one_building_at_its_point(table):
    out = run(table, buildings=rows(9, 3), register=REGISTER, entries=[estate("A", None, 25, 25)])
    assert list(out.index) == ["b004"] and out.loc["b004", "confidence"] == MatchRules().point_confidence


def test_a_point_reaches_as_far_as_the_rule_says(table):
    reach = MatchRules().point_reach_m
    for beyond, found in ((-0.5, ["b000"]), (0.5, [])):
        assert (
            list(
                run(
                    table,
                    buildings=rows(1),
                    register=REGISTER,
                    entries=[estate("A", 1, 10 + reach + beyond, 5)],
                ).index
            )
            == found
        )


def test_an_entry_that_something_else_found_does_not_grow_from_its_point(table):
    homes = rows(9, 3)
    homes[0] |= {"road": "胜利路", "door_number": 1}
    out = run(
        table, buildings=homes, register=REGISTER, entries=[estate("A", 5, 25, 25, address="胜利路1号")]
    )
    assert list(out.index) == ["b000"]


def test_an_entry_without_a_place_finds_nothing(table):
    entries = [
        {"entry_id": "e", "area_id": "A", "n_buildings": 2},
        estate("B", 1, 5, 5) | {"geometry": shapely.Point()},
    ]
    assert run(table, buildings=rows(4), register=REGISTER, entries=entries).empty


def test_an_entry_that_declares_no_buildings_takes_none(table):
    assert run(table, buildings=rows(4), register=REGISTER, entries=[estate("A", 0, 5, 5)]).empty


@pytest.mark.parametrize(("known", "expected"), [(5, 1), (6, 4)])
def test_an_entry_is_filled_by_what_more_than_half_of_the_buildings_about_it_know(table, known, expected):
    homes = [h | ({"households": 10} if i < known else {}) for i, h in enumerate(rows(10))]
    out = run(table, buildings=homes, register=REGISTER, entries=[estate("A", None, 5, 5, households=40)])
    assert len(out) == expected, "else it is one building"


def test_a_building_that_does_not_know_its_households_counts_as_the_median_does(table):
    homes = [h | {"households": n} for h, n in zip(rows(5), [10, None, 10, 30, 10], strict=True)]
    out = run(table, buildings=homes, register=REGISTER, entries=[estate("A", None, 5, 5, households=30)])
    assert list(out.index) == ["b000", "b001", "b002"]


def test_the_count_of_buildings_goes_before_households_and_these_before_floor_area(table):
    homes = [h | {"households": 10, "floor_area_m2": 100.0} for h in rows(10)]
    counts = {"households": 30, "floor_area_m2": 500.0}
    for n, expected in ((2, 2), (None, 3)):
        assert (
            len(run(table, buildings=homes, register=REGISTER, entries=[estate("A", n, 5, 5, **counts)]))
            == expected
        )


def test_how_sure_is_written_to_a_thousandth(table):
    out = run(
        table, buildings=rows(10), register=REGISTER, entries=[estate("A", 5, 5, 5), estate("B", 5, 185, 5)]
    )
    both = pd.concat([out["confidence"], out["runner_up_confidence"]])
    assert (both == both.round(3)).all() and (both != both.round(2)).any() and both.between(0, 1).all()


def test_a_building_two_areas_name_goes_to_the_lower_id_where_neither_has_one_of_its_own(table):
    entries = [{"entry_id": f"e{n}", "area_id": name, "building_ids": "b"} for n, name in enumerate("BA")]
    row = run(table, buildings=[home("b", 0), home("c", 40)], register=REGISTER, entries=entries).loc["b"]
    assert (row["area_id"], row["runner_up_area_id"], row["contested"]) == ("A", "B", True)


def test_of_two_areas_that_name_a_building_the_one_that_can_be_reached_at_all_has_it(table):
    entries = [
        {"entry_id": "e1", "area_id": "A", "building_ids": "both;far"},
        {"entry_id": "e2", "area_id": "B", "building_ids": "both;near"},
    ]
    homes = [home("both", 0), home("near", 40), home("far", 5000)]
    assert run(table, buildings=homes, register=REGISTER, entries=entries).loc["both", "area_id"] == "B"
    entries[0]["area_id"], entries[1]["area_id"] = "B", "A"
    assert run(table, buildings=homes, register=REGISTER, entries=entries).loc["both", "area_id"] == "A"


def test_a_building_that_touches_an_areas_own_is_reached_at_no_cost(table):
    entries = [
        {"entry_id": "e1", "area_id": "B", "building_ids": "both;touching"},
        {"entry_id": "e2", "area_id": "A", "building_ids": "both;apart"},
    ]
    homes = [home("apart", -13), home("both", 0), home("touching", 10)]
    assert run(table, buildings=homes, register=REGISTER, entries=entries).loc["both", "area_id"] == "B"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_has_a_contested_building_does_not_go_by_the_order_of_the_buildings(table, order):
    entries = [
        {"entry_id": "e1", "area_id": "B", "building_ids": "both;near"},
        {"entry_id": "e2", "area_id": "A", "building_ids": "both;far"},
    ]
    homes = [home("both", 0), home("far", 45), home("near", -15)]
    out = run(table, buildings=[homes[i] for i in order], register=REGISTER, entries=entries)
    assert (out.loc["both", "area_id"], out.loc["both", "runner_up_area_id"]) == ("B", "A")


def test_buildings_nobody_lives_in_do_not_shift_which_is_next_to_which(table):
    entries = [
        {"entry_id": "e1", "area_id": "B", "building_ids": "both;near"},
        {"entry_id": "e2", "area_id": "A", "building_ids": "both;far"},
    ]
    homes = [home("both", 0), home("far", 45), home("near", -15)]
    shops = [home(name, x, use="commercial") for name, x in (("a", 200), ("bb", 220), ("c", 240), ("z", 260))]
    for others in ([], shops):
        out = run(table, buildings=[*others, *homes], register=REGISTER, entries=entries)
        assert out.loc["both", "area_id"] == "B" and set(out.index) == {"both", "far", "near"}


def test_of_a_building_between_two_estates_the_second_is_the_less_sure_the_farther_it_is(table):
    entries = [estate("A", 5, 5, 5), estate("B", 5, 185, 5)]
    out = run(table, buildings=rows(10), register=REGISTER, entries=entries)
    sure, second = out["confidence"], out["runner_up_confidence"]
    assert (second.iloc[:4] < sure.iloc[:4]).all() and (second.iloc[6:] < sure.iloc[6:]).all()
    assert second.iloc[0] == second.min() and second.iloc[0] < 0.2
    assert (sure <= MatchRules().point_confidence).all()


def test_a_door_on_a_road_of_another_word_is_less_sure_and_that_to_the_thousandth(table):
    doors = [home("b", 0, road="胜利路", door_number=1), home("c", 30, road="人民路", door_number=3)]
    entries = [
        {"entry_id": "e1", "area_id": "A", "address": "胜利街1号"},
        {"entry_id": "e2", "area_id": "B", "address": "人民路3号"},
    ]
    rules = MatchRules(address_confidence=0.8765)
    sure = run(table, buildings=doors, register=REGISTER, entries=entries, rules=rules)["confidence"]
    assert sure.to_dict() == {"b": 0.789, "c": 0.876}


@pytest.mark.parametrize(("width", "nested"), [(10.0, True), (10.2, False)])
def test_a_compound_is_inside_another_from_nine_tenths_of_its_ground(table, width, nested):
    """The inner one has the building wherever it is nested; else the one with the larger share of it has."""
    compounds = [
        {"compound_id": "outer", "geometry": shapely.box(0, 0, 100, 100)},
        {"compound_id": "inner", "geometry": shapely.box(100 - 9.0, 0, 100 - 9.0 + width, 10)},
    ]
    out = run(table, buildings=[home("b", 93.5)], compounds=compounds)
    assert shapely.area(shapely.box(91, 0, 100, 10)) == 90.0
    shares = {"outer": 6.5 / 10, "inner": min(7.5, width - 2.5) / 10}
    expected = "inner" if nested else max(shares, key=shares.get)
    assert out.loc["b", "compound_id"] == expected


@settings(deadline=None, max_examples=8)
@given(data=st.data())
def test_shuffled_rows_give_the_same(data):
    entries = [estate("A", 7, 45, 25), estate("B", 9, 45, 25), {**estate("A", 3, 130, 70), "entry_id": "e3"}]
    shuffled = {
        "buildings": data.draw(st.permutations(rows(40))),
        "entries": data.draw(st.permutations(entries)),
    }
    expected = run(make_table, buildings=rows(40), entries=entries, register=REGISTER)
    assert_frame_equal(run(make_table, register=REGISTER, **shuffled), expected)
