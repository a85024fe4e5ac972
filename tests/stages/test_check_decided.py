"""Checks of what people decided, and that a check passes only what it looked at."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import shapely

from pipeline.config import InputFile
from tests.stages.test_check import AREAS, FILE, REGISTER, checked, not_passed, run


def notes(table, **changed):
    """Each check that did not pass, with what it measured and notes."""
    out = checked(table, **changed)
    return {row.check: f"{row.measured} | {row.note}" for row in out[out["verdict"].ne("pass")].itertuples()}


BY = {"decided_by": "张三", "decided_on": "2026-10-01"}
HAND = {"building_id": "b0", "area_id": "A", "kind": "", "decided_by": "", "decided_on": "", "note": ""}


def refused(reason, raw, row=2, file="d.csv", detail="why", name="decisions"):
    return {
        "input": name,
        "source_file": file,
        "source_row": row,
        "reason": reason,
        "detail": detail,
        "raw": json.dumps(raw, ensure_ascii=False),
    }


def test_a_decision_whose_building_is_gone_is_named_with_who_took_it_and_what_was_probably_meant(table):
    gone = [{"building_id": b, "area_id": "A"} | BY for b in ("B0", "x1", "x2", "x3", "x4", "x5", "x6")]
    said = notes(table, decisions=gone)
    assert said["decisions_kept"].startswith("7 of 7 not carried out")
    named = said["decisions_on_known_buildings"]
    assert "B0 → A (张三, 2026-10-01; row 1 of decisions.csv)" in named and "B0: did you mean b0?" in named
    assert "x4" in named and "x5" not in named and "7 in all" in named


def test_a_decision_on_a_building_that_was_rejected_says_why(table):
    rejected = refused("too_large", {}, file="b.geojson", name="buildings", detail="a footprint of 1 km²") | {
        "record_id": "b9"
    }
    said = notes(table, decisions=[{"building_id": "b9", "area_id": "A"}], rejects=[rejected])
    assert "b9 was not taken: too_large, a footprint of 1 km²" in said["decisions_on_known_buildings"]


def test_a_code_that_a_spreadsheet_shortened_is_told(table):
    register = [*REGISTER, {"area_id": "210203001001002"}]
    said = notes(table, register=register, decisions=[{"building_id": "b0", "area_id": "210203001001000"}])[
        "decisions_on_known_areas"
    ]
    assert "spreadsheet" in said and "did you mean 210203001001002?" in said
    lost = refused(
        "bad_value", HAND | {"area_id": "2.10203E+14"}, detail="area_id: '2.10203E+14' is not a usable text"
    )
    assert "spreadsheet" in notes(table, rejects=[lost])["decisions_taken"]
    drawn = [{"area_id": "210203001001000", "geometry": AREAS[0]["geometry"]}]
    assert "spreadsheet" in notes(table, register=register, boundaries=drawn)["boundaries_of_known_areas"]


@pytest.mark.parametrize("code", ["a-1", "A -1", "210203000000000"])
def test_a_code_that_is_a_registered_one_but_for_capitals_and_spaces_or_that_a_spreadsheet_made_is_no_new_area(
    table, code
):
    register = [{"area_id": "A-1"}, *REGISTER]
    said = notes(
        table, register=register, boundaries=[{"area_id": code, "geometry": shapely.box(0, 0, 9, 9)} | BY]
    )
    assert said["boundaries_of_known_areas"].startswith(f"{code} (张三") and said[
        "boundaries_of_known_areas"
    ].endswith("write it so, in full")
    accepted = [{"building_id": b, "area_id": code, "kind": "accept"} | BY for b in ("b0", "b1")]
    assert notes(table, register=register, decisions=accepted)["decisions_kept"].startswith(
        "2 of 2 not carried out"
    )


def test_an_entry_s_code_but_for_capitals_is_said_to_be_the_one_that_was_meant(table):
    said = notes(table, entries=[{"entry_id": "e1", "area_id": "a", "building_ids": "B0"}])
    assert "a: did you mean A?" in said["entries_of_known_areas"]
    assert "B0: did you mean b0?" in said["entries_on_known_buildings"]


@pytest.mark.parametrize(("name", "key"), [("contracts", "contract_id"), ("assessments", "quarter")])
def test_what_is_said_of_an_area_that_is_not_there_is_worth_a_look(table, name, key):
    said = notes(
        table,
        of_areas={name: table(name, [{"area_id": "A", key: "2026Q3"}, {"area_id": "b", key: "2026Q4"}])},
    )
    assert list(said) == [f"{name}_of_known_areas"] and "b: did you mean B?" in said[f"{name}_of_known_areas"]


@pytest.mark.parametrize("code", ["A-1", "B-1", "210203000000007", "2102030000001000"])
def test_a_new_code_is_a_new_area(table, code):
    drawn = [{"area_id": code, "geometry": shapely.box(0, 0, 9, 9)} | BY]
    assert "boundaries_of_known_areas" not in notes(
        table, register=[{"area_id": "A-1"}, *REGISTER], boundaries=drawn
    )


@pytest.mark.parametrize(
    ("reason", "raw", "named"),
    [
        ("missing_value", HAND | {"building_id": "b1", "area_id": ""}, "b1 → ?"),
        (
            "bad_value",
            HAND | {"building_id": "", "decided_by": "李四", "decided_on": "2026年10月2日"},
            "? → A (李四, 2026-10-02; row 2 of d.csv)",
        ),
        ("ragged_row", ["b1", "A", "", "", "", "a", "b"], '["b1", "A"'),
        ("unreadable_row", "cut", "cut"),
    ],
)
def test_a_decision_whose_row_was_not_taken_fails_and_is_told(table, reason, raw, named):
    said = notes(table, rejects=[refused(reason, raw)])
    assert said["decisions_kept"].startswith("1 of 1 not carried out")
    assert named in said["decisions_taken"] and "why" in said["decisions_taken"]


def test_columns_of_a_rejected_decision_are_read_as_the_configuration_maps_them(table):
    files = {
        "decisions": [InputFile("d.csv", columns={"building_id": "楼", "area_id": "区", "decided_by": "人"})]
    }
    said = notes(
        table, configured=files, rejects=[refused("missing_value", {"楼": "b1", "区": None, "人": "李四"})]
    )
    assert "b1 → ? (李四, no date" in said["decisions_taken"]


def test_rows_that_are_no_decisions_or_are_in_the_table_in_another_row_are_none_that_is_lost(table):
    rows = [refused("total_row", {"building_id": "合计"}), refused("repeated_row", HAND)]
    assert notes(table, rejects=rows) == {}


KEPT = {"building_id": "b0", "area_id": "A"}


@pytest.mark.parametrize(
    ("reason", "of_loser", "on_loser", "on_winner", "carried_out"),
    [
        ("duplicate_id", "B", "2026-09-30", "2026-10-01", True),
        ("replaced", "B", "2026-09-30", "2026-10-01", True),
        ("replaced", "B", "", "2026-10-01", True),
        ("duplicate_id", "A", "", "", True),
        ("duplicate_id", "A", "2026-10-01", "2026-10-01", True),
        ("duplicate_id", "B", "2026-10-01", "2026-10-01", False),
        ("replaced", "B", "2026-10-01", "2026-10-01", False),
        ("duplicate_id", "B", "", "2026-10-01", False),
        ("replaced", "B", "", "", False),
        ("replaced", "B", "2026-10-02", "2026-10-01", False),
    ],
)
def test_of_two_decisions_the_later_counts_and_two_of_one_day_contradict_each_other(
    table, reason, of_loser, on_loser, on_winner, carried_out
):
    loser = refused(reason, HAND | {"area_id": of_loser, "decided_on": on_loser, "decided_by": "李四"})
    said = notes(table, decisions=[KEPT | {"decided_on": on_winner or None}], rejects=[loser])
    assert ("decisions_kept" not in said) is carried_out
    if not carried_out:
        assert (
            said["decisions_kept"].startswith("1 of 2")
            and "another row decides otherwise" in said["decisions_taken"]
        )
        assert "李四" in said["decisions_taken"]


@pytest.mark.parametrize(
    ("on_loser", "on_winner", "carried_out"),
    [("2026-09-30", "2026-10-01", True), ("", "2026-10-01", True), ("", "", False)],
)
def test_of_two_drawings_of_an_area_the_later_counts(table, on_loser, on_winner, carried_out):
    loser = refused("replaced", {"area_id": "B", "decided_on": on_loser}, name="boundaries")
    drawn = [{"area_id": "B", "geometry": AREAS[1]["geometry"], "decided_on": on_winner or None}]
    said = notes(table, boundaries=drawn, rejects=[loser])
    assert ("boundaries_kept" not in said) is carried_out and ("boundaries_taken" not in said) is carried_out


def test_a_boundary_whose_row_was_not_taken_or_whose_area_is_gone_fails(table):
    said = notes(
        table, rejects=[refused("null_geometry", {"area_id": "B", "decided_by": "张三"}, name="boundaries")]
    )
    assert "1 not taken" in said["boundaries_kept"] and "B (张三" in said["boundaries_taken"]
    lost = notes(table, boundaries=[{"area_id": "C", "geometry": AREAS[1]["geometry"], **BY}])
    assert "C (张三, 2026-10-01" in lost["boundaries_kept"] and "C" in lost["areas_conserved"]


def test_a_decision_dated_after_the_day_of_the_data_is_worth_a_look(table):
    day = pd.Timestamp("2026-10-01").date()
    decision = {"building_id": "b0", "area_id": "A", "decided_by": "张三"}
    assert notes(table, decisions=[decision | {"decided_on": "2026-10-01"}], as_of=day) == {}
    said = notes(table, decisions=[decision | {"decided_on": "2026-10-02"}], as_of=day)
    assert set(said) == {"decisions_in_the_past"} and "张三, 2026-10-02" in said["decisions_in_the_past"]
    drawn = [{"area_id": "B", "geometry": AREAS[1]["geometry"], "decided_on": "2027-01-01"}]
    assert set(notes(table, boundaries=drawn, as_of=day)) == {"boundaries_in_the_past"}


def test_a_file_without_rows_is_worth_a_look_unless_people_decide_in_it(table):
    nothing = FILE | {"rows_read": 0, "rows_taken": 0}
    assert set(notes(table, files=[nothing | {"input": "contracts"}])) == {
        "file_has_rows:contracts:b.geojson"
    }
    assert notes(table, files=[nothing | {"input": "decisions"}]) == {}


def test_a_registered_area_that_is_gone_fails(table):
    assert not_passed(run(table, register=[*REGISTER, {"area_id": "C"}])) == {"areas_conserved": "fail"}


def test_an_area_with_buildings_and_no_ground_fails(table):
    assert not_passed(run(table, areas=[AREAS[0], {"area_id": "B"}])) == {"areas_have_ground": "fail"}


def test_more_proposals_than_wanted_fail(table):
    areas = [row | {"origin": "proposal"} for row in AREAS]
    assert not_passed(run(table, areas=areas, register=[], target=1)) == {"areas_counted": "fail"}
    assert not_passed(run(table, areas=[areas[0], AREAS[1]], register=REGISTER[1:], target=1)) == {
        "areas_counted": "fail"
    }


def test_an_area_that_names_no_subdistrict_has_to_be_in_one(table):
    offices = [
        {"subdistrict_code": "1", "geometry": shapely.box(-99, -99, 45, 99)},
        {"subdistrict_code": "2", "geometry": shapely.box(45, -99, 99, 99)},
    ]
    assert not_passed(run(table, areas=AREAS, subdistricts=offices)) == {"areas_in_one_subdistrict": "fail"}
    around = [{"subdistrict_code": "1", "geometry": shapely.box(-99, -99, 199, 99)}]
    assert not_passed(run(table, areas=AREAS, subdistricts=around)) == {}


def test_rows_that_are_not_meant_belong_to_the_sum(table):
    assert not_passed(run(table, files=[FILE | {"rows_read": 7, "rows_not_meant": 3}])) == {}
    assert not_passed(run(table, files=[FILE | {"rows_read": 7, "rows_not_meant": 2}])) == {
        "rows_conserved:buildings:b.geojson": "fail"
    }


@pytest.mark.parametrize(("beyond", "passes"), [(0.0, True), (0.04, True), (0.06, False)])
def test_a_footprint_may_reach_out_of_its_area_by_the_five_centimetres_of_the_grid(table, beyond, passes):
    """A's second building ends at 40."""
    areas = [{"area_id": "A", "geometry": shapely.box(-5, -5, 40 - beyond, 20)}, AREAS[1]]
    assert not_passed(run(table, areas=areas)) == ({} if passes else {"members_inside": "fail"})


@pytest.mark.parametrize(("onto", "passes"), [(0.0, True), (0.08, True), (0.5, False)])
def test_ground_may_lie_on_a_street_by_what_rounding_leaves(table, onto, passes):
    street = [{"block_id": "k", "geometry": shapely.box(-20, -20, 200, 20 - onto)}]
    assert not_passed(run(table, blocks=street)) == ({} if passes else {"areas_off_public_ground": "fail"})


def test_areas_may_share_what_rounding_leaves_and_no_more(table):
    for shared, passes in ((0.0003, True), (0.001, False)):
        areas = [AREAS[0], {"area_id": "B", "geometry": shapely.box(50 - shared, -5, 80, 20)}]
        assert ("areas_disjoint" not in not_passed(run(table, areas=areas))) is passes
