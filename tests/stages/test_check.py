from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.config import GroupRules, MatchRules
from pipeline.conflation import coverage_faults
from pipeline.domain.barriers import under_buildings
from pipeline.georeferencing import datum
from pipeline.stages.addresses import read_addresses
from pipeline.stages.check import check

BUILDINGS = [{"building_id": f"b{i}", "geometry": shapely.box(30 * i, 0, 30 * i + 10, 10)} for i in range(4)]
MEMBERS = [
    {"building_id": "b0", "area_id": "A"},
    {"building_id": "b1", "area_id": "A"},
    {"building_id": "b2", "area_id": "B"},
    {"building_id": "b3", "gap": "uncovered_building", "method": "none"},
]
AREAS = [
    {"area_id": "A", "geometry": shapely.box(-5, -5, 50, 20)},
    {"area_id": "B", "geometry": shapely.box(50, -5, 80, 20)},
]
REGISTER = [{"area_id": "A"}, {"area_id": "B"}]
BLOCKS = [{"block_id": "k", "geometry": shapely.box(-20, -20, 200, 40)}]
FILE = {
    "input": "buildings",
    "file": "b.geojson",
    "layer": None,
    "entry": 1,
    "rows": None,
    "rows_read": 4,
    "rows_taken": 4,
    "rows_merged": 0,
    "rows_rejected": 0,
    "rows_not_meant": 0,
    "rows_before": 0,
    "datum": "wgs84",
    "datum_doubt": "",
    "overlaps": None,
    "beside": None,
    "doubts": None,
}


TABLES = (
    "buildings",
    "membership",
    "matched",
    "blocks",
    "areas",
    "register",
    "entries",
    "boundaries",
    "decisions",
    "subdistricts",
    "barriers",
)


def checked(
    table,
    *,
    files=(FILE,),
    rejects=(),
    target=None,
    placed=None,
    of_areas=None,
    configured=None,
    as_of=None,
    **changed,
):
    """The rows that check gives of the small district, but for what is changed of it."""
    given = {
        "buildings": BUILDINGS,
        "membership": MEMBERS,
        "blocks": BLOCKS,
        "areas": AREAS,
        "register": REGISTER,
    } | changed
    tables = {name: table(name, given.get(name)) for name in TABLES}
    known = (tables[name] for name in ("buildings", "entries", "register", "barriers"))
    return check(
        pd.DataFrame(list(files)),
        table("rejects", list(rejects)),
        **tables,
        addresses=read_addresses(*known, rules=MatchRules()),
        target_count=target,
        placed=placed,
        of_areas=of_areas,
        files=configured,
        as_of=as_of,
        group_rules=GroupRules(),
    )


def run(table, **changed):
    return checked(table, **changed).set_index("check")["verdict"].to_dict()


def not_passed(verdicts):
    return {name: verdict for name, verdict in verdicts.items() if verdict != "pass"}


def test_a_district_that_adds_up_passes_every_check(table):
    assert not_passed(run(table, target=2)) == {}


def test_a_row_that_is_neither_taken_nor_rejected_fails(table):
    assert not_passed(run(table, files=[FILE | {"rows_read": 5}])) == {
        "rows_conserved:buildings:b.geojson": "fail"
    }


def test_a_rejected_row_has_to_be_listed_and_is_worth_a_look(table):
    file = FILE | {"rows_read": 5, "rows_rejected": 1}
    assert not_passed(run(table, files=[file])) == {"rows_conserved:buildings:b.geojson": "fail"}
    listed = [
        {
            "input": "buildings",
            "source_file": "b.geojson",
            "source_row": 5,
            "reason": "null_geometry",
            "raw": "{}",
        }
    ]
    assert not_passed(run(table, files=[file], rejects=listed)) == {
        "rows_rejected:buildings:b.geojson": "warn"
    }


def test_a_file_whose_datum_was_doubted_when_it_was_read_is_worth_a_look(table):
    file = FILE | {"datum_doubt": "gcj02 would fit clearly better than wgs84: …"}
    assert not_passed(run(table, files=[file])) == {"datum_doubtful:buildings:b.geojson": "warn"}


def test_footprints_that_overlap_and_were_both_taken_are_worth_a_look(table):
    file = FILE | {"overlaps": "1 pairs of footprints overlap and are both kept, such as …"}
    assert not_passed(run(table, files=[file])) == {"footprints_overlap:buildings:b.geojson": "warn"}


def test_a_file_that_would_lie_on_the_buildings_in_another_datum_is_worth_a_look(table):
    at = np.random.default_rng(3).uniform([380_000, 4_310_000], [383_000, 4_313_000], (400, 2))
    houses = [
        {"building_id": f"b{i}", "geometry": shapely.box(x, y, x + 10, y + 10)} for i, (x, y) in enumerate(at)
    ]
    lonlat = gpd.GeoSeries(shapely.points(at + 5), crs="EPSG:4550").to_crs(4326)
    shifted = shapely.points(*datum.from_wgs84(lonlat.x, lonlat.y, "bd09"))
    file = FILE | {"input": "register", "file": "register.csv", "rows_read": 400, "rows_taken": 400}
    for points, said, verdict in (
        (shifted, "wgs84", "warn"),
        (lonlat, "wgs84", None),
        (shifted, "gcj02", "warn"),
    ):
        placed = gpd.GeoSeries(points, crs=4326)
        if said != "wgs84":
            placed = gpd.GeoSeries(datum.geometry_to_wgs84(placed.to_numpy(), said), crs=4326)
        rows = [{"area_id": f"A{i}", "geometry": point} for i, point in enumerate(placed.to_crs("EPSG:4550"))]
        register = {"register": table("register", rows)}
        verdicts = run(table, files=[file | {"datum": said}], placed=register, buildings=houses)
        assert verdicts.get("datum_doubtful:register:register.csv") == verdict


def test_a_lost_building_fails(table):
    assert not_passed(run(table, membership=MEMBERS[:3])) == {"buildings_conserved": "fail"}


def test_a_building_with_two_holders_fails(table):
    both = [*MEMBERS[:3], {"building_id": "b3", "area_id": "B", "compound_id": "c"}]
    assert "one_holder" in not_passed(run(table, membership=both))


def test_a_building_in_an_unknown_area_fails(table):
    assert not_passed(run(table, areas=AREAS[:1], register=REGISTER[:1])) == {"areas_known": "fail"}


def test_fewer_areas_than_the_target_fail_and_more_are_worth_a_look(table):
    assert not_passed(run(table, target=3)) == {"areas_counted": "fail"}
    assert not_passed(run(table, target=9)) == {"areas_counted": "warn"}, "there are not so many buildings"
    assert not_passed(run(table, target=1)) == {"areas_counted": "warn"}


def test_overlapping_areas_fail(table):
    overlapping = [AREAS[0], {"area_id": "B", "geometry": shapely.box(45, -5, 80, 20)}]
    found = not_passed(run(table, areas=overlapping))
    assert found["areas_disjoint"] == found["areas_sum"] == "fail"


def test_a_drawn_boundary_excuses_only_itself(table):
    far = {"area_id": "C", "geometry": shapely.box(100, -5, 120, 20)}
    overlapping = [AREAS[0], {"area_id": "B", "geometry": shapely.box(45, -5, 80, 20)}, far]
    drawn = [{"area_id": "C", "geometry": far["geometry"]}]
    assert not_passed(run(table, areas=overlapping, boundaries=drawn))["areas_disjoint"] == "fail"
    both = [{"area_id": row["area_id"], "geometry": row["geometry"]} for row in overlapping]
    assert not_passed(run(table, areas=overlapping, boundaries=both)) == {"drawn_disjoint": "warn"}


def test_an_area_that_cuts_its_building_fails(table):
    cut = [{"area_id": "A", "geometry": shapely.box(-5, -5, 35, 20)}, AREAS[1]]
    assert not_passed(run(table, areas=cut)) == {"members_inside": "fail"}


def test_a_building_that_a_drawn_boundary_cuts_off_from_its_area_is_worth_a_look(table):
    """Decided into A, or at the rim of it, but B's boundary was drawn around it: nobody's ground but the
    drawn one is at fault.
    """
    held = [
        {"area_id": "A", "geometry": shapely.box(-5, -5, 34.85, 20)},
        {"area_id": "B", "geometry": shapely.box(35, -5, 80, 20)},
    ]
    drawn = [{"area_id": "B", "geometry": held[1]["geometry"]}]
    assert not_passed(run(table, areas=held, boundaries=drawn)) == {"drawn_members_inside": "warn"}
    short = [held[0] | {"geometry": shapely.box(-5, -5, 25, 20)}, held[1]]
    assert not_passed(run(table, areas=short, boundaries=drawn)) == {"members_inside": "fail"}


def test_footprints_of_two_areas_that_overlap_can_only_be_in_one(table):
    buildings = [*BUILDINGS[:2], BUILDINGS[2] | {"geometry": shapely.box(36, 0, 60, 10)}, BUILDINGS[3]]
    areas = [
        AREAS[0] | {"geometry": shapely.box(-5, -5, 40, 20)},
        AREAS[1] | {"geometry": shapely.box(40, -5, 80, 20)},
    ]
    assert not_passed(run(table, buildings=buildings, areas=areas)) == {}
    further = [
        AREAS[0] | {"geometry": shapely.box(-5, -5, 42, 20)},
        AREAS[1] | {"geometry": shapely.box(42, -5, 80, 20)},
    ]
    assert not_passed(run(table, buildings=buildings, areas=further)) == {"members_inside": "fail"}


def test_an_area_in_two_subdistricts_fails(table):
    offices = [
        {"subdistrict_code": "1", "geometry": shapely.box(-99, -99, 45, 99)},
        {"subdistrict_code": "2", "geometry": shapely.box(45, -99, 99, 99)},
    ]
    areas = [AREAS[0] | {"subdistrict_code": "1"}, AREAS[1] | {"subdistrict_code": "2"}]
    assert not_passed(run(table, areas=areas, subdistricts=offices)) == {"areas_in_one_subdistrict": "fail"}


def test_an_unmatched_vertex_on_a_shared_edge_fails(table):
    tee = shapely.Polygon([(50, -5), (80, -5), (80, 20), (50, 20), (50, 7)])
    assert not_passed(run(table, areas=[AREAS[0], {"area_id": "B", "geometry": tee}])) == {
        "areas_coverage": "fail"
    }


def test_an_area_on_a_street_fails(table):
    street = [
        {"block_id": "k", "geometry": shapely.box(-20, -20, 40, 40)},
        {"block_id": "l", "geometry": shapely.box(45, -20, 200, 40)},
    ]
    assert not_passed(run(table, blocks=street)) == {"areas_off_public_ground": "fail"}


@pytest.mark.parametrize(("area_id", "now"), [("B", "A"), ("none", "A"), ("A", None)])
def test_a_decision_that_was_not_kept_fails(table, area_id, now):
    member = (
        {"building_id": "b0", "area_id": now} if now else {"building_id": "b0", "gap": "uncovered_building"}
    )
    found = not_passed(
        run(table, membership=[member, *MEMBERS[1:]], decisions=[{"building_id": "b0", "area_id": area_id}])
    )
    assert found["decisions_kept"] == "fail"


def test_a_decision_that_accepts_a_proposal_makes_its_area_known_and_a_mistyped_one_does_not(table):
    accepted = {"building_id": "b2", "area_id": "P", "kind": "accept"}
    moved, mistyped = (
        {"building_id": b, "area_id": a, "kind": "move"} for b, a in (("b3", "P"), ("b0", "Q"))
    )
    members = [*MEMBERS[:2], *({"building_id": b, "area_id": "P"} for b in ("b2", "b3"))]
    areas = [AREAS[0], {"area_id": "P", "geometry": shapely.box(50, -5, 105, 20)}]
    assert (
        not_passed(
            run(table, decisions=[accepted, moved], membership=members, areas=areas, register=REGISTER[:1])
        )
        == {}
    )
    found = not_passed(
        run(table, decisions=[accepted, mistyped], membership=members, areas=areas, register=REGISTER[:1])
    )
    assert found == {"decisions_kept": "fail", "decisions_on_known_areas": "fail"}


def test_a_decision_on_an_unknown_building_fails(table):
    found = not_passed(run(table, decisions=[{"building_id": "b9", "area_id": "A"}]))
    assert found == {"decisions_kept": "fail", "decisions_on_known_buildings": "fail"}


def test_a_decision_for_an_area_that_is_not_there_fails_and_names_what_was_meant(table):
    found = not_passed(run(table, decisions=[{"building_id": "b0", "area_id": "None"}]))
    assert found == {"decisions_kept": "fail", "decisions_on_known_areas": "fail"}


def test_a_decision_on_a_building_that_nobody_lives_in_fails(table):
    shop = {"building_id": "shop", "use": "commercial", "geometry": shapely.box(300, 0, 310, 10)}
    found = not_passed(
        run(table, buildings=[*BUILDINGS, shop], decisions=[{"building_id": "shop", "area_id": "A"}])
    )
    assert found == {"decisions_kept": "fail", "decisions_on_homes": "fail"}


def test_addresses_that_lead_nowhere_or_were_read_loosely_are_worth_a_look(table):
    doors = [home | {"road": "胜利路", "door_number": n} for n, home in enumerate(BUILDINGS)]
    near = {"entry_id": "e1", "area_id": "A", "address": "胜利路旁"}
    assert not_passed(run(table, buildings=doors, entries=[near])) == {"addresses_unread": "warn"}
    assert not_passed(run(table, buildings=doors, entries=[near | {"address": "胜利街1号"}])) == {
        "addresses_read_loosely": "warn"
    }
    assert not_passed(run(table, buildings=doors, entries=[near | {"address": "胜利路1号"}])) == {}
    assert not_passed(run(table, buildings=doors, entries=[near | {"building_ids": "b0"}])) == {}


def test_entries_of_unknown_areas_or_buildings_are_worth_a_look(table):
    entries = [
        {"entry_id": "e1", "area_id": "Z"},
        {"entry_id": "e2", "area_id": "A", "building_ids": "b0;b77"},
    ]
    assert not_passed(run(table, entries=entries)) == {
        "entries_of_known_areas": "warn",
        "entries_on_known_buildings": "warn",
    }


def test_an_entry_whose_where_no_row_answers_to_is_worth_a_look_but_not_one_whose_rows_another_has(table):
    none = {"rows_taken": 0, "rows_merged": 0, "rows_rejected": 0, "rows_not_meant": 4}
    roads = FILE | none | {"input": "barriers", "file": "r.geojson"}
    assert not_passed(run(table, files=[FILE, roads])) == {"rows_meant:barriers:r.geojson": "warn"}
    again = FILE | none | {"entry": 2, "rows_before": FILE["rows_taken"]}
    assert not_passed(run(table, files=[FILE, again])) == {}


def test_a_drawn_boundary_that_comes_out_otherwise_fails(table):
    kept = [{"area_id": "B", "geometry": AREAS[1]["geometry"]}]
    assert not_passed(run(table, boundaries=kept)) == {}
    moved = [{"area_id": "B", "geometry": shapely.box(50, -5, 80.001, 20)}]
    assert not_passed(run(table, boundaries=moved)) == {"boundaries_kept": "fail"}


def test_an_entry_whose_buildings_others_hold_is_worth_a_look(table):
    def overruled(named_by):
        entries = [{"entry_id": "e", "area_id": "A", "building_ids": "b1;b2"}]
        matched = [{"building_id": name, "named_by": '["e"]'} for name in named_by]
        return not_passed(run(table, entries=entries, matched=matched))

    assert overruled(["b2", "b3"]) == {"entries_overruled": "warn"}, "B has one, nobody the other"
    assert overruled(["b1", "b2"]) == {} and overruled([]) == {}


NORTH, SOUTH = ({"geometry": shapely.box(x, y, x + 10, y + 10)} for x, y in ((0, 40), (0, 0)))
ARTERIAL = {"barrier_id": "w", "class": "arterial", "geometry": shapely.LineString([(-500, 25), (500, 25)])}


def sided(
    table,
    *,
    barriers=(ARTERIAL,),
    target=None,
    method="group",
    origin="proposal",
    homes=(("b0", NORTH), ("b1", SOUTH)),
    areas=None,
):
    """What the checks of sides say of one area, by default with a home on each side of an arterial road."""
    buildings = table("buildings", [{"building_id": name, **place} for name, place in homes])
    names = (
        "matched",
        "blocks",
        "register",
        "entries",
        "boundaries",
        "decisions",
        "subdistricts",
        "addresses",
    )
    out = check(
        pd.DataFrame(columns=list(FILE)),
        table("rejects"),
        buildings,
        table(
            "membership",
            [
                {"building_id": name, "area_id": (areas or {}).get(name, "A"), "method": method}
                for name, _ in homes
            ],
        ),
        areas=table(
            "areas",
            [
                {"area_id": a, "origin": origin, "geometry": shapely.box(-5, -5, 60, 60)}
                for a in sorted({"A", *(areas or {}).values()})
            ],
        ),
        barriers=table("barriers", list(barriers)),
        target_count=target,
        group_rules=GroupRules(target_count=target),
        **{name: table(name) for name in names},
    )
    return {
        row.check: row
        for row in out.itertuples()
        if row.check in ("areas_on_one_side", "decided_on_one_side", "buildings_in_one_place")
    }


def test_an_area_on_both_sides_of_a_hard_barrier_is_named_with_what_to_do(table):
    found = sided(table)
    assert [row.verdict for row in found.values()] == ["warn", "pass", "pass"]
    assert found["areas_on_one_side"].measured == "A"
    assert "1 more" in found["areas_on_one_side"].note


def test_an_area_on_both_sides_that_no_target_explains_stops_the_hand_off(table):
    homes = [("b0", NORTH), ("b1", SOUTH), ("b2", {"geometry": shapely.box(40, 0, 50, 10)})]
    two = sided(table, target=2, homes=homes, areas={"b2": "B"})["areas_on_one_side"]
    assert (two.verdict, two.measured) == ("fail", "A")
    assert "accept" in two.note


@pytest.mark.parametrize(
    "change", [{"class": "local"}, {"geometry": shapely.LineString([(-500, 25), (30, 25)])}]
)
def test_a_street_or_an_arterial_that_ends_nearby_is_no_hard_barrier(table, change):
    assert {row.verdict for row in sided(table, barriers=[ARTERIAL | change]).values()} == {"pass"}


@pytest.mark.parametrize("origin", ["register", "boundary", "decision"])
def test_an_area_that_a_person_put_on_both_sides_is_worth_a_look(table, origin):
    found = sided(table, origin=origin)
    assert [row.verdict for row in found.values()] == ["pass", "pass", "warn"]
    assert found["decided_on_one_side"].measured == "A"


def test_a_building_on_both_sides_or_far_apart_from_itself_is_named_by_file_and_row(table):
    two = shapely.MultiPolygon([NORTH["geometry"], SOUTH["geometry"]])
    over = {"geometry": shapely.box(0, 0, 10, 60)}
    far = {"geometry": shapely.MultiPolygon([SOUTH["geometry"], shapely.box(135, 0, 145, 10)])}
    near = {"geometry": shapely.MultiPolygon([SOUTH["geometry"], shapely.box(125, 0, 135, 10)])}
    for place, verdict in (
        ({"geometry": two}, "warn"),
        (over, "warn"),
        (far, "warn"),
        (near, "pass"),
        (NORTH, "pass"),
    ):
        found = sided(table, homes=[("b0", place)])
        assert [row.verdict for row in found.values()] == ["pass", verdict, "pass"]
        assert verdict == "pass" or found["buildings_in_one_place"].measured == "b0 (buildings.csv, row 1)"
    many = sided(table, homes=[(f"b{i}", over | {"source_row": i + 1}) for i in range(7)])[
        "buildings_in_one_place"
    ].measured
    assert many.endswith("b4 (buildings.csv, row 5) and 2 more")


def named_under(table, barriers, buildings=None):
    homes = buildings or [
        {"building_id": f"b{i}", "use": use, "geometry": shapely.box(30 * i, 0, 30 * i + 10, 10)}
        for i, use in enumerate(("residential", "public", "residential", "auxiliary"))
    ]
    return sorted(under_buildings(table("barriers", barriers), table("buildings", homes)))


def test_a_line_under_many_footprints_is_probably_a_tunnel(table):
    def metro(x=500, **more):
        return {
            "barrier_id": "m",
            "class": "railway",
            "geometry": shapely.LineString([(-50, 5), (x, 5)]),
            **more,
        }

    assert named_under(table, [metro()]) == ["m"]
    assert named_under(table, [metro(x=71)]) == ["m"] and named_under(table, [metro(x=62)]) == []
    for grade in ("underground", "covered", "elevated"):
        assert named_under(table, [metro(grade=grade)]) == []
    assert named_under(table, [metro(grade="surface")]) == ["m"]
    assert named_under(table, [metro() | {"class": "lane"}]) == []
    grazing = metro() | {
        "geometry": shapely.LineString(
            [(x, y) for i in range(4) for x, y in ((30 * i - 9, -9), (30 * i + 1, 1), (30 * i + 2, -9))]
        )
    }
    assert named_under(table, [grazing]) == []
    assert named_under(table, [metro() | {"class": "water", "geometry": shapely.box(-50, 3, 500, 12)}]) == [
        "m"
    ]
    assert named_under(table, [metro() | {"class": "water", "geometry": shapely.box(-50, 7, 500, 12)}]) == []


def test_a_line_drawn_in_pieces_is_one(table):
    pieces = [
        {
            "barrier_id": f"m{i}",
            "class": "railway",
            "geometry": shapely.LineString([(30 * i - 5, 5), (30 * i + 25, 5)]),
        }
        for i in range(4)
    ]
    assert named_under(table, pieces) == ["m0", "m1", "m2", "m3"]
    assert named_under(table, [*pieces[:2], pieces[2] | {"class": "local"}]) == []
    assert named_under(table, [pieces[0], pieces[1], pieces[3]]) == []
    doubled = [pieces[0], pieces[0] | {"barrier_id": "again"}, pieces[1]]
    assert named_under(table, doubled) == []


def test_a_probable_tunnel_is_worth_a_look_and_named(table):
    metro = {"barrier_id": "m", "class": "railway", "geometry": shapely.LineString([(-50, 5), (500, 5)])}
    assert run(table, barriers=[metro])["barriers_under_buildings"] == "warn"
    assert run(table, barriers=[metro | {"grade": "underground"}])["barriers_under_buildings"] == "pass"


def test_subdistricts_that_leave_ground_open_or_cover_it_twice_are_said_once_with_place_and_size(table):
    x, y = 380_000, 4_310_000
    strip = [
        {"subdistrict_code": str(i), "geometry": shapely.box(x + west, y, x + east, y + 100)}
        for i, west, east in ((1, 0, 50), (2, 53, 99))
    ]
    verdicts = run(
        table,
        subdistricts=[
            *strip,
            {"subdistrict_code": "3", "geometry": shapely.box(x + 97, y, x + 200, y + 100)},
        ],
    )
    assert (
        not_passed(verdicts).items()
        >= {"subdistricts_leave_no_gaps": "warn", "subdistricts_do_not_overlap": "warn"}.items()
    )
    polygons = table(
        "subdistricts",
        [*strip, {"subdistrict_code": "3", "geometry": shapely.box(x + 97, y, x + 200, y + 100)}],
    )
    assert coverage_faults.left_open(polygons).startswith(
        "1, 300.0 m²; the largest 300.0 m², about 2.9 m wide, at longitude 121.6"
    )
    assert "200.0 m², about 2.0 m wide, at 2 and 3, longitude 121.6" in coverage_faults.covered_twice(
        polygons, "subdistrict_code"
    )
    assert run(table, subdistricts=strip[:1])["subdistricts_leave_no_gaps"] == "pass"
    assert "subdistricts_leave_no_gaps" not in run(table)


def test_a_file_that_was_read_with_doubt_is_worth_a_look(table):
    assert not_passed(run(table, files=[FILE | {"doubts": "its encoding …"}])) == {
        "read_with_doubt:buildings:b.geojson": "warn"
    }


def test_a_file_with_buildings_beside_their_subdistrict_is_worth_a_look(table):
    assert not_passed(run(table, files=[FILE | {"beside": "1 row (3) …"}])) == {
        "stands_beside:buildings:b.geojson": "warn"
    }


@pytest.mark.parametrize("beside", [0, 150])
def test_a_computed_area_that_is_no_valid_polygon_fails_in_its_own_row_and_stops_no_other(table, beside):
    twisted = shapely.Polygon([(-5 + beside, -5), (50 + beside, 20), (50 + beside, -5), (-5 + beside, 20)])
    offices = [{"subdistrict_code": "210203001", "geometry": shapely.box(-50, -50, 250, 50)}]
    areas = [{"area_id": "A", "geometry": twisted, "subdistrict_code": "210203001"}, AREAS[1]]
    found = checked(table, areas=areas, subdistricts=offices).set_index("check")["verdict"]
    assert found["areas_valid"] == "fail" and {"areas_off_public_ground", "areas_in_one_subdistrict"} <= set(
        found.index
    )
