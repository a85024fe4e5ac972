from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from pipeline.config import GapRules
from pipeline.stages.gaps import find_gaps

BLOCK = shapely.box(0, 0, 200, 100)


def run(table, **given):
    names = ("buildings", "membership", "matched", "areas", "service", "register", "entries", "land", "blocks", "boundaries", "assessments")
    out = find_gaps(**{name: table(name, given.get(name)) for name in names}, as_of=date(2026, 9, 30), rules=GapRules())
    return out.set_index("gap_id")


def test_no_input_no_gap(table):
    assert run(table).empty


def test_an_uncovered_building_names_the_area_beside_it(table):
    buildings = [{"building_id": "b1", "address": "胜利路1号", "households": 12, "geometry": shapely.box(0, 0, 10, 10)}]
    members = [{"building_id": "b1", "gap": "uncovered_building", "method": "none", "runner_up_area_id": "A"}]
    row = run(table, buildings=buildings, membership=members).loc["uncovered_building:b1"]
    assert (row["priority"], row["households"]) == (1, 12)
    assert "胜利路1号" in row["note_zh"] and row["note_en"].endswith("next to A")


def test_a_contested_building_names_both_areas(table):
    buildings = [{"building_id": "b1", "geometry": shapely.box(0, 0, 10, 10)}]
    members = [{"building_id": "b1", "area_id": "A", "runner_up_area_id": "B", "contested": True}]
    row = run(table, buildings=buildings, membership=members).loc["contested:b1"]
    assert "A" in row["note_en"] and "B" in row["note_en"]


def test_drawn_boundaries_that_overlap_are_contested_ground_but_a_shared_line_is_not(table):
    drawn = [("A", 0, 100), ("B", 90, 150), ("C", 150, 200)]
    boundaries = [{"area_id": name, "geometry": shapely.box(x0, 0, x1, 50)} for name, x0, x1 in drawn]
    out = run(table, boundaries=boundaries)
    assert list(out.index) == ["contested:A+B"]
    assert out.iloc[0]["ground_area_m2"] == 500


def test_residential_ground_that_no_area_covers_is_found_and_its_edges_are_right(table):
    out = run(
        table,
        land=[{"land_id": "l", "kind": "residential", "geometry": shapely.box(0, 0, 200, 100)}],
        blocks=[{"block_id": "k", "subdistrict_code": "210203001", "geometry": shapely.box(0, 10, 200, 90)}],
        areas=[{"area_id": "A", "geometry": shapely.box(0, 0, 120, 100)}],
        service=[{"area_id": "A"}],
        buildings=[{"building_id": "shop", "use": "commercial", "geometry": shapely.box(180, 70, 200, 90)}],
    )
    assert list(out["kind"]) == ["uncovered_ground"]
    assert round(out.iloc[0]["ground_area_m2"]) == 80 * 80 - 20 * 20
    assert out.iloc[0]["subdistrict_code"] == "210203001"


def test_uncovered_ground_says_what_stands_on_it(table):
    out = run(
        table,
        land=[{"land_id": "l", "kind": "residential", "geometry": BLOCK}],
        blocks=[{"block_id": "k", "geometry": BLOCK}],
        buildings=[{"building_id": "b1", "geometry": shapely.box(20, 20, 40, 40)}],
        membership=[{"building_id": "b1", "gap": "uncovered_building", "method": "none"}],
    )
    note = out.loc[out["kind"].eq("uncovered_ground"), "note_en"].iloc[0]
    assert note == "20,000 m² of residential ground in no area; unmanaged buildings on it: 1"


def test_uncovered_ground_below_the_limit_is_not_reported(table):
    land = [{"land_id": "l", "kind": "residential", "geometry": shapely.box(0, 0, 20, 20)}]
    assert run(table, land=land, blocks=[{"block_id": "k", "geometry": BLOCK}]).empty


def area_gaps(table, *, service=None, register=None, assessments=None):
    out = run(
        table,
        areas=[{"area_id": "A", "geometry": BLOCK, "households": 100}],
        service=[{"area_id": "A", **(service or {})}],
        register=[{"area_id": "A", **(register or {})}],
        assessments=assessments,
    )
    return out.reset_index().set_index("kind")


def test_three_nos_needs_all_three_to_be_known(table):
    nos = {"manager_kind": "subdistrict", "owner_unit": None, "owners_committee": False}
    # what a service unit is comes with the service table, which takes it from the register
    assert list(area_gaps(table, service={"manager_kind": "subdistrict"}, register=nos).index) == ["three_nos"]
    assert area_gaps(table, service={"manager_kind": "company"}, register=nos | {"manager_kind": "company"}).empty
    assert area_gaps(table, service={"manager_kind": "subdistrict"}, register=nos | {"owner_unit": "纺织厂"}).empty
    assert area_gaps(table, service={"manager_kind": "subdistrict"}, register=nos | {"owners_committee": None}).empty


def test_paper_only_says_what_is_missing(table):
    row = area_gaps(table, service={"status": "paper_only", "missing_services": "cleaning;greening"}).loc["paper_only"]
    assert row["note_zh"].endswith("保洁、绿化") and row["note_en"].endswith("cleaning, greening")


def test_a_contract_is_expired_when_over_and_an_emergency_arrangement_after_six_months(table):
    assert list(area_gaps(table, service={"ends_on": "2026-09-29"}).index) == ["expired"]
    assert area_gaps(table, service={"ends_on": "2026-09-30"}).empty
    emergency = {"contract_kind": "emergency", "ends_on": "2027-12-31"}
    assert list(area_gaps(table, service=emergency | {"starts_on": "2026-03-29"}).index) == ["expired"]
    assert area_gaps(table, service=emergency | {"starts_on": "2026-04-01"}).empty


def test_an_area_without_this_quarters_assessment_is_unassessed(table):
    others = [{"area_id": "B", "quarter": "2026Q3", "repair": 1}]
    assert list(area_gaps(table, service={"quarter": "2026Q2"}, assessments=others).index) == ["unassessed"]
    assert area_gaps(table, service={"quarter": "2026Q3"}, assessments=others).empty
    assert area_gaps(table, service={}).empty


def test_a_score_under_the_pass_mark_fails(table):
    assert list(area_gaps(table, service={"score": 59.5}).index) == ["failing"]
    assert area_gaps(table, service={"score": 60}).empty


def test_an_entry_without_a_footprint_is_unlocated(table):
    entries = [{"entry_id": "e1", "area_id": "A", "address": "石道街9号"}, {"entry_id": "e2", "area_id": "A"}]
    members = [{"building_id": "b", "area_id": "A", "entry_id": "e2"}]
    out = run(table, entries=entries, membership=members, buildings=[{"building_id": "b", "geometry": shapely.box(0, 0, 9, 9)}])
    assert list(out.index) == ["unlocated:e1"]
    assert out.iloc[0]["note_zh"] == "石道街9号：未找到对应楼栋"


def unlocated(table, entries, members=(), named=(), **given):
    """Entries that are not located; `named`: entries that lead to each member."""
    rows = [{"building_id": f"b{i}", **member} for i, member in enumerate(members)]
    matched = [row | {"named_by": json.dumps(names)} for row, names in zip(rows, named, strict=False)]
    homes = [{"building_id": row["building_id"], "geometry": shapely.box(20 * i, 0, 20 * i + 9, 9)} for i, row in enumerate(rows)]
    out = run(table, entries=entries, membership=rows, matched=matched, buildings=homes, **given)
    return out[out["kind"].eq("unlocated")].set_index("entry_id")["note_en"].to_dict()


AREA = [{"entry_id": "A", "area_id": "A"}]  # what a register without entries stands for itself with


@pytest.mark.parametrize("method", ["decision", "boundary"])
def test_a_registered_area_that_a_person_filled_is_located(table, method):
    assert unlocated(table, AREA, [{"area_id": "A", "method": method}]) == {}
    assert set(unlocated(table, AREA, [{"area_id": "B", "method": method}])) == {"A"}
    assert set(unlocated(table, AREA, [{"compound_id": "A"}])) == {"A"}


def test_an_entry_whose_buildings_others_hold_is_found_all_the_same(table):
    others = [{"area_id": "B", "method": "decision"}, {"compound_id": "C", "method": "compound"}]
    assert unlocated(table, [{"entry_id": "e", "area_id": "A"}], others, named=[["e", "f"], ["e"]]) == {}


def test_a_building_placed_by_hand_stands_for_one_entry_that_leads_nowhere(table):
    two = [{"entry_id": "e1", "area_id": "A"}, {"entry_id": "e2", "area_id": "A"}, {"entry_id": "f", "area_id": "B"}]
    by_hand = {"area_id": "A", "method": "decision"}
    found = unlocated(table, two, [by_hand])
    assert set(found) == {"e1", "e2", "f"} and found["e1"].endswith("not known: 1") and found["f"] == "f: no footprint found"
    assert set(unlocated(table, two, [by_hand, by_hand])) == {"f"}
    assert set(unlocated(table, two, [{**by_hand, "entry_id": "e1"}])) == {"e2", "f"}, "it is e1's, and no other's"
    assert set(unlocated(table, two, [{**by_hand, "entry_id": "e1"}, by_hand])) == {"f"}


def test_a_boundary_with_no_home_in_it_says_so(table):
    drawn = [{"area_id": "A", "geometry": shapely.box(500, 0, 600, 50)}]
    assert unlocated(table, AREA, boundaries=drawn) == {"A": "A: no home of its own inside the boundary drawn for its area"}


HOME = {"building_id": "b1", "geometry": shapely.box(20, 20, 40, 40)}
OF_KIND = {
    ("uncovered_building", 1): {"buildings": [HOME], "membership": [{"building_id": "b1", "gap": "uncovered_building"}]},
    ("contested", 1): {
        "buildings": [HOME],
        "membership": [{"building_id": "b1", "area_id": "A", "runner_up_area_id": "B", "contested": True}],
    },
    ("three_nos", 1): {"service": {"manager_kind": "none"}, "register": {"owners_committee": False}},
    ("paper_only", 2): {"service": {"status": "paper_only", "missing_services": "cleaning"}},
    ("expired", 2): {"service": {"ends_on": "2026-09-29"}},
    ("failing", 2): {"service": {"score": 10.0}},
    ("uncovered_ground", 2): {
        "land": [{"land_id": "l", "kind": "residential", "geometry": BLOCK}],
        "blocks": [{"block_id": "k", "geometry": BLOCK}],
    },
    ("unassessed", 3): {"assessments": [{"area_id": "B", "quarter": "2026Q3", "repair": 1}]},
    ("unlocated", 3): {"entries": [{"entry_id": "e1", "area_id": "A"}]},
}


@pytest.mark.parametrize(("kind", "priority"), OF_KIND, ids=[kind for kind, _ in OF_KIND])
def test_how_urgent_a_gap_is_goes_by_its_kind(table, kind, priority):
    given = OF_KIND[kind, priority]
    if {"service", "assessments"} & set(given):
        found = area_gaps(table, **given)
        assert found["priority"].to_dict() == {kind: priority} and found.loc[kind, "area_id"] == "A"
    else:
        assert run(table, **given).set_index("kind")["priority"].to_dict() == {kind: priority}


def test_at_the_limit_ground_is_a_gap_and_an_arrangement_is_not_over(table):
    drawn = [{"area_id": name, "geometry": shapely.box(x, 0, x + 20, 10)} for name, x in (("A", 0), ("B", 19.5))]
    assert list(run(table, boundaries=drawn)["kind"]) == ["contested"], "5 m²"
    land = [{"land_id": "l", "kind": "residential", "geometry": shapely.box(0, 0, 40, 20)}]
    assert list(run(table, land=land, blocks=[{"block_id": "k", "geometry": BLOCK}])["kind"]) == ["uncovered_ground"], "800 m²"
    emergency = {"contract_kind": "emergency", "starts_on": "2026-03-30"}
    assert area_gaps(table, service=emergency).empty
    assert area_gaps(table, service=emergency | {"contract_kind": "full", "starts_on": "2020-01-01"}).empty


def test_only_residential_ground_is_a_gap_and_homes_on_it_do_not_make_it_less(table):
    blocks = [{"block_id": "k", "geometry": BLOCK}]
    assert run(table, land=[{"land_id": "l", "kind": "green", "geometry": BLOCK}], blocks=blocks).empty
    found = run(table, land=[{"land_id": "l", "kind": "residential", "geometry": BLOCK}], blocks=blocks, buildings=[HOME])
    assert found["ground_area_m2"].round().tolist() == [20_000] and found["note_en"].iloc[0].endswith("in no area")


def test_a_proposal_is_not_called_unassessed(table):
    areas = [{"area_id": "A", "origin": "proposal", "geometry": BLOCK}]
    others = [{"area_id": "B", "quarter": "2026Q3", "repair": 1}]
    assert run(table, areas=areas, service=[{"area_id": "A", "status": "proposed"}], assessments=others).empty
