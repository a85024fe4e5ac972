"""What the rows of checks say, whole: verdict, what was measured, what had to be, and the note; and the
limits, from both sides.
"""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from pipeline.stages.check import rows as check_rows
from tests.stages.test_check import (
    AREAS,
    ARTERIAL,
    BUILDINGS,
    FILE,
    MEMBERS,
    NORTH,
    REGISTER,
    SOUTH,
    checked,
    not_passed,
    run,
    sided,
)
from tests.stages.test_check_decided import HAND, refused

box = shapely.box
AROUND = {"subdistrict_code": "1", "geometry": box(-99, -99, 399, 199)}
CLEAN = {
    "addresses_read_loosely": ("pass", "0 entries", "0", None),
    "addresses_unread": ("pass", "0 entries", "0", None),
    "areas_conserved": ("pass", "0 lost", "every area that is registered or drawn", None),
    "areas_counted": ("pass", "2", "2", None),
    "areas_coverage": (
        "pass",
        "0 areas with unmatched edges",
        "shared edges identical vertex by vertex",
        None,
    ),
    "areas_disjoint": ("pass", "0 pairs overlap", "none", None),
    "areas_have_ground": ("pass", "0 without", "ground for every area with buildings", None),
    "areas_in_one_subdistrict": (
        "pass",
        "0.0 m² in another subdistrict",
        "0, but for footprints that stand there",
        None,
    ),
    "areas_known": ("pass", "none", "no building in an area that is not there", None),
    "areas_off_public_ground": (
        "pass",
        "0.0 m² on public ground",
        "0, but for footprints that stand there",
        None,
    ),
    "areas_on_one_side": (
        "pass",
        "none",
        "none on both sides of a hard barrier (arterial, railway, water)",
        None,
    ),
    "areas_sum": ("pass", "parts 2125.00 m², union 2125.00 m²", "the same", None),
    "areas_valid": ("pass", "0 invalid", "every area a valid polygon", None),
    "barriers_under_buildings": ("pass", "none", "none that runs under three footprints or more", None),
    "boundaries_in_the_past": ("pass", "none later", "decided by 2026-10-01", None),
    "boundaries_kept": ("pass", "0 changed, 0 not taken", "all 0 drawn boundaries as drawn", None),
    "boundaries_of_known_areas": ("pass", "none unknown", "none unknown", None),
    "boundaries_taken": ("pass", "none rejected", "none rejected", None),
    "buildings_conserved": (
        "pass",
        "0 lost, 0 too many, 0 doubled",
        "each of 4 residential buildings once",
        None,
    ),
    "buildings_in_one_place": (
        "pass",
        "none",
        "none with parts on both sides of a hard barrier, or over 120 m apart",
        None,
    ),
    "decided_on_one_side": (
        "pass",
        "none",
        "none on both sides of a hard barrier (arterial, railway, water)",
        None,
    ),
    "decisions_in_the_past": ("pass", "none later", "decided by 2026-10-01", None),
    "decisions_kept": ("pass", "0 of 0 not carried out", "all that people decided", None),
    "decisions_on_homes": ("pass", "none unknown", "none unknown", None),
    "decisions_on_known_areas": ("pass", "none unknown", "none unknown", None),
    "decisions_on_known_buildings": ("pass", "none unknown", "none unknown", None),
    "decisions_taken": ("pass", "none rejected", "none rejected", None),
    "drawn_disjoint": ("pass", "0 pairs overlap", "none", None),
    "drawn_members_inside": ("pass", "0 footprints reach out of their area: none", "0", None),
    "entries_of_known_areas": ("pass", "none unknown", "none unknown", None),
    "entries_on_known_buildings": ("pass", "none unknown", "none unknown", None),
    "entries_overruled": ("pass", "none unknown", "none unknown", None),
    "members_inside": ("pass", "0 footprints reach out of their area: none", "0", None),
    "one_holder": ("pass", "0 otherwise", "an area, another manager, or a gap reason", None),
    "rows_conserved:buildings:b.geojson": (
        "pass",
        "4 taken, 0 merged, 0 rejected, 0 not meant; 0 in rejects",
        "4 read",
        None,
    ),
    "subdistricts_do_not_overlap": ("pass", "none", "none", None),
    "subdistricts_leave_no_gaps": ("pass", "none", "none", None),
}


def said(table, **changed):
    out = checked(table, **{"target": 2, "as_of": date(2026, 10, 1), "subdistricts": [AROUND]} | changed)
    rows = out.astype(object).where(out.notna(), None).itertuples()
    return {row.check: (row.verdict, row.measured, row.expected, row.note) for row in rows}


def test_every_row_of_a_district_that_adds_up(table):
    assert said(table) == CLEAN


SHOP = {"building_id": "shop", "use": "commercial", "geometry": box(300, 0, 310, 10)}
HOMES = [{"building_id": f"b{i}", "geometry": box(30 * i, 0, 30 * i + 10, 10)} for i in range(6)]
CROSSED = shapely.Polygon([(40, 20), (50, 30), (50, 20), (40, 30)])
#: A, B and E are computed, and C, D, F and H drawn; A overlaps B and C, C overlaps D, the rest only touch.
LAID = [
    {"area_id": name, "geometry": geometry}
    for name, geometry in (
        ("A", box(0, 0, 10, 10)),
        ("B", box(9, 0, 20, 10)),
        ("E", box(20, 0, 30, 10)),
        ("C", box(0, 9, 10, 20)),
        ("D", box(0, 19, 10, 30)),
        ("F", box(0, 30, 10, 40)),
        ("H", CROSSED),
    )
]
BY_ENTRY = [
    FILE | {"rows": "1-9", "rows_read": 9, "rows_merged": 1, "rows_rejected": 1, "rows_not_meant": 3},
    FILE | {"rows": "20", "entry": 2, "rows_read": 9, "rows_taken": 1, "rows_not_meant": 8, "rows_before": 6},
    FILE | {"rows": "21", "entry": 3, "rows_read": 9, "rows_taken": 2, "rows_not_meant": 7, "rows_before": 7},
]
REJECTED = [
    {"input": name, "source_file": "b.geojson", "source_row": row, "reason": reason, "raw": "{}"}
    for row, name, reason in (
        (1, "buildings", "null_geometry"),
        (2, "buildings", "same_building"),
        (3, "register", "null_geometry"),
    )
]
WORTH_A_LOOK = [
    FILE
    | {
        "file": "s",
        "datum_doubt": "gcj02 fits",
        "overlaps": "1 pair",
        "doubts": "doubt",
        "beside": "1 row",
    },
    FILE | {"file": "n", "rows_read": 1, "rows_taken": 0, "rows_not_meant": 1},
    FILE | {"file": "e", "rows_read": 0, "rows_taken": 0, "datum": None},
]
DECISIONS = [
    {"building_id": building, "area_id": area}
    for building, area in (("b9", "A"), ("shop", "A"), ("b0", "B"), ("b1", "none"), ("b2", "B"), ("b3", "A"))
]
LOST = [f"B{i}" for i in range(6)]


def not_built(building, row=1, detail="big", name="buildings"):
    return refused("too_large", {}, row=row, file="b.geojson", detail=detail, name=name) | {
        "record_id": building
    }


#: What is changed of the district, and every row that then says something else.
CASES = {
    "buildings_lost_and_too_many": (
        {
            "buildings": [*BUILDINGS, SHOP],
            "membership": [
                *MEMBERS[1:],
                {"building_id": "shop"},
                {"building_id": "x", "area_id": "A", "gap": "uncovered_building"},
            ],
        },
        {
            "buildings_conserved": (
                "fail",
                "1 lost, 2 too many, 0 doubled",
                "each of 4 residential buildings once",
                "",
            ),
            "one_holder": ("fail", "2 otherwise", "an area, another manager, or a gap reason", ""),
        },
    ),
    "areas_unknown_and_lost": (
        {
            "buildings": HOMES,
            "membership": [{"building_id": f"b{i}", "area_id": f"U{i}"} for i in range(6)],
            "register": [*REGISTER, *({"area_id": f"R{i}"} for i in range(5))],
            "boundaries": [{"area_id": "D", "geometry": box(0, 50, 9, 59)}],
        },
        {
            "areas_conserved": (
                "fail",
                "6 lost: D; R0; R1; R2; R3; and 1 more, 6 in all",
                "every area that is registered or drawn",
                "",
            ),
            "areas_known": ("fail", "U0, U1, U2, U3, U4", "no building in an area that is not there", ""),
            "boundaries_kept": (
                "fail",
                "1 changed, 0 not taken: D (by nobody named, no date; row 1 of boundaries.csv)",
                "all 1 drawn boundaries as drawn",
                "report this as a defect",
            ),
            "buildings_conserved": (
                "pass",
                "0 lost, 0 too many, 0 doubled",
                "each of 6 residential buildings once",
                None,
            ),
        },
    ),
    "no_ground_beside_a_drawn_boundary": (
        {
            "areas": [
                AREAS[0],
                {"area_id": "B"},
                {"area_id": "C"},
                {"area_id": "E", "geometry": shapely.Polygon()},
            ],
            "membership": [*MEMBERS[:3], {"building_id": "b3", "area_id": "E"}],
            "boundaries": [{"area_id": "A", "geometry": AREAS[0]["geometry"]}],
            "target": None,
        },
        {
            "areas_counted": ("pass", "4", "no target set", None),
            "areas_have_ground": (
                "warn",
                "2 without: B; E",
                "ground for every area with buildings",
                "all of it is within another area's boundary",
            ),
            "areas_sum": ("pass", "parts 0.00 m², union 0.00 m²", "the same", None),
            "boundaries_kept": ("pass", "0 changed, 0 not taken", "all 1 drawn boundaries as drawn", None),
        },
    ),
    "no_ground": (
        {"areas": [AREAS[0], {"area_id": "B"}]},
        {
            "areas_have_ground": (
                "fail",
                "1 without: B",
                "ground for every area with buildings",
                "report this as a defect",
            ),
            "areas_sum": ("pass", "parts 1375.00 m², union 1375.00 m²", "the same", None),
        },
    ),
    "areas_that_overlap_or_are_not_valid": (
        {
            "areas": LAID,
            "boundaries": [row for row in LAID if row["area_id"] in "CDFH"],
            "buildings": [],
            "membership": [],
            "register": [],
            "target": None,
        },
        {
            "areas_counted": ("pass", "7", "no target set", None),
            "areas_coverage": (
                "fail",
                "2 areas with unmatched edges",
                "shared edges identical vertex by vertex",
                "",
            ),
            "areas_disjoint": ("fail", "3 pairs overlap", "none", ""),
            "areas_sum": ("fail", "parts 310.00 m², union 300.00 m²", "the same", ""),
            "areas_valid": ("fail", "1 invalid", "every area a valid polygon", ""),
            "boundaries_kept": ("pass", "0 changed, 0 not taken", "all 4 drawn boundaries as drawn", None),
            "buildings_conserved": (
                "pass",
                "0 lost, 0 too many, 0 doubled",
                "each of 0 residential buildings once",
                None,
            ),
            "drawn_disjoint": ("warn", "1 pairs overlap", "none", "see gaps"),
        },
    ),
    "a_building_cut": (
        {
            "areas": [AREAS[0] | {"geometry": box(-5, -5, 35, 20)}, AREAS[1]],
            "membership": [{"building_id": "b3", "area_id": "X"}, *MEMBERS[:3]],
        },
        {
            "areas_known": ("fail", "X", "no building in an area that is not there", ""),
            "areas_sum": ("pass", "parts 1750.00 m², union 1750.00 m²", "the same", None),
            "members_inside": (
                "fail",
                "1 footprints reach out of their area: b1 (buildings.csv, row 2)",
                "0",
                (
                    "a defect of this program: report it with these rows; until then decide on the map which"
                    " area each belongs to, or draw it"
                ),
            ),
        },
    ),
    "rows_by_entry": (
        {"files": BY_ENTRY, "rejects": REJECTED},
        {
            "rows_conserved:buildings:b.geojson (entry 1)": (
                "pass",
                "4 taken, 1 merged, 1 rejected, 3 not meant; 2 in rejects",
                "9 read",
                None,
            ),
            "rows_conserved:buildings:b.geojson (entry 2)": (
                "pass",
                "1 taken, 0 merged, 0 rejected, 8 not meant (6 of them an earlier entry's); 0 in rejects",
                "9 read",
                None,
            ),
            "rows_conserved:buildings:b.geojson (entry 3)": (
                "pass",
                "2 taken, 0 merged, 0 rejected, 7 not meant (7 of them an earlier entry's); 0 in rejects",
                "9 read",
                None,
            ),
            "rows_rejected:buildings:b.geojson (entry 1)": ("warn", "1", "0", "see rejects.csv"),
        },
    ),
    "files_worth_a_look": (
        {"files": WORTH_A_LOOK},
        {
            "datum_doubtful:buildings:s": (
                "warn",
                "gcj02 fits",
                "datum wgs84",
                (
                    "set datum in the configuration, unless it is the other file that is wrong: see"
                    " docs/coordinates.md"
                ),
            ),
            "file_has_rows:buildings:e": (
                "warn",
                "no rows",
                "rows",
                "taken as none: if there are some, export the file again",
            ),
            "footprints_overlap:buildings:s": (
                "warn",
                "1 pair",
                "none",
                (
                    "look at the pair: an old outline, or a roof drawn over its neighbour, is taken out of"
                    " the file; see docs/rejects.md"
                ),
            ),
            "read_with_doubt:buildings:s": (
                "warn",
                "doubt",
                "none",
                (
                    "compare with whoever made the file: state what is right (encoding, values), or mend the"
                    " rows; see docs/formats.md"
                ),
            ),
            "rows_conserved:buildings:e": (
                "pass",
                "0 taken, 0 merged, 0 rejected, 0 not meant; 0 in rejects",
                "0 read",
                None,
            ),
            "rows_conserved:buildings:n": (
                "pass",
                "0 taken, 0 merged, 0 rejected, 1 not meant; 0 in rejects",
                "1 read",
                None,
            ),
            "rows_conserved:buildings:s": (
                "pass",
                "4 taken, 0 merged, 0 rejected, 0 not meant; 0 in rejects",
                "4 read",
                None,
            ),
            "rows_meant:buildings:n": (
                "warn",
                "none of 1 rows",
                "rows",
                (
                    "no row has a value that where asks for: compare them letter by letter (inspect shows "
                    "them), unless the file has none of these"
                ),
            ),
            "stands_beside:buildings:s": (
                "warn",
                "1 row",
                "none",
                (
                    "mend the outlines, or take buildings of other districts out of the file;"
                    " rules.place.beside_m says how far off one may be"
                ),
            ),
        },
    ),
    "entries_six_unknown": (
        {
            "entries": [
                {"entry_id": f"e{i}", "area_id": f"Z{i}", "building_ids": f"b0;x{i};"} for i in range(6)
            ]
        },
        {
            "entries_of_known_areas": (
                "warn",
                "Z0, Z1, Z2, Z3, Z4, …",
                "none unknown",
                "correct the area_id",
            ),
            "entries_on_known_buildings": (
                "warn",
                "x0, x1, x2, x3, x4, …",
                "none unknown",
                "correct the building_ids",
            ),
        },
    ),
    "entries_five_unknown": (
        {
            "entries": [
                {"entry_id": f"e{i}", "area_id": f"Z{i}", "building_ids": f"b0;x{i};"} for i in range(5)
            ]
        },
        {
            "entries_of_known_areas": ("warn", "Z0, Z1, Z2, Z3, Z4", "none unknown", "correct the area_id"),
            "entries_on_known_buildings": (
                "warn",
                "x0, x1, x2, x3, x4",
                "none unknown",
                "correct the building_ids",
            ),
        },
    ),
    "entries_overruled": (
        {
            "entries": [{"entry_id": "e", "area_id": "A", "building_ids": "b2;b3"}],
            "matched": [{"building_id": name, "named_by": '["e"]'} for name in ("b2", "b3")],
        },
        {
            "entries_overruled": (
                "warn",
                "e",
                "none unknown",
                (
                    "look at the buildings it leads to: another area or a compound has them all; correct the"
                    " entry, or decide"
                ),
            )
        },
    ),
    "addresses": (
        {
            "buildings": [home | {"road": "胜利路", "door_number": n} for n, home in enumerate(BUILDINGS)],
            "entries": [
                {"entry_id": f"e{i}", "area_id": "A", "address": address}
                for i, address in enumerate(
                    [
                        "胜利路旁",
                        "胜利街1号",
                        "胜利街2号",
                        "x" * 45,
                        "胜利街3号",
                        "胜利街0号",
                        "胜利街1号",
                        "胜利街2号、胜利街1号",
                    ]
                )
            ],
        },
        {
            "addresses_read_loosely": (
                "warn",
                "6 entries",
                "0",
                (
                    "e1 胜利街1号 read as 胜利路 (0.90); e2 胜利街2号 read as 胜利路 (0.90); e4 胜利街3号"
                    " read as 胜利路 (0.90); e5 胜利街0号 read as 胜利路 (0.90); e6 胜利街1号 read as 胜利路"
                    " (0.90): look at them, and correct the address or give building_ids"
                ),
            ),
            "addresses_unread": (
                "warn",
                "2 entries",
                "0",
                (
                    "e0 胜利路旁: near something, no door; e3 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: no"
                    " door number: correct the address, or give road and door_number, building_ids or a point"
                    " (docs/addresses.md)"
                ),
            ),
        },
    ),
    "decisions_not_carried_out": (
        {
            "buildings": [*BUILDINGS, SHOP],
            "decisions": DECISIONS,
            "rejects": [
                refused("missing_value", HAND | {"area_id": ""}),
                not_built("b50", detail="unrelated"),
                not_built("b9", row=3, detail="other input", name="register"),
                not_built("b9", row=5),
            ],
        },
        {
            "decisions_kept": (
                "fail",
                (
                    "6 of 7 not carried out: b0 → B (by nobody named, no date; row 3 of decisions.csv); b1 →"
                    " none (by nobody named, no date; row 4 of decisions.csv); b3 → A (by nobody named, no"
                    " date; row 6 of decisions.csv)"
                ),
                "all that people decided",
                "a decision is not obeyed: report this as a defect",
            ),
            "decisions_on_homes": (
                "fail",
                "shop → A (by nobody named, no date; row 2 of decisions.csv)",
                "none unknown",
                "not a residential building: correct its use, or take the line out",
            ),
            "decisions_on_known_buildings": (
                "fail",
                "b9 → A (by nobody named, no date; row 1 of decisions.csv)",
                "none unknown",
                (
                    "b9 was not taken: too_large, big; no such building: correct the building_id, or take the"
                    " line out"
                ),
            ),
            "decisions_taken": (
                "fail",
                "b0 → ? (by nobody named, no date; row 2 of d.csv): why",
                "none rejected",
                (
                    "mend these rows and run again; a cut last line means that the file is not whole: copy or"
                    " download it again"
                ),
            ),
            "rows_conserved:buildings:b.geojson": (
                "fail",
                "4 taken, 0 merged, 0 rejected, 0 not meant; 2 in rejects",
                "4 read",
                "rows were lost: report this as a defect",
            ),
        },
    ),
    "decisions_on_six_lost_buildings": (
        {
            "buildings": HOMES,
            "membership": [
                *MEMBERS,
                *({"building_id": name, "gap": "uncovered_building"} for name in ("b4", "b5")),
            ],
            "decisions": [{"building_id": name, "area_id": "A"} for name in LOST],
            "rejects": [not_built(name, row) for row, name in enumerate(LOST, 1)],
        },
        {
            "buildings_conserved": (
                "pass",
                "0 lost, 0 too many, 0 doubled",
                "each of 6 residential buildings once",
                None,
            ),
            "decisions_kept": (
                "fail",
                "6 of 6 not carried out",
                "all that people decided",
                "the rows decisions_on_… and decisions_taken name them",
            ),
            "decisions_on_known_buildings": (
                "fail",
                (
                    "B0 → A (by nobody named, no date; row 1 of decisions.csv); B1 → A (by nobody named, "
                    "no date; row 2 of decisions.csv); B2 → A (by nobody named, no date; row 3 of "
                    "decisions.csv); B3 → A (by nobody named, no date; row 4 of decisions.csv); B4 → A "
                    "(by nobody named, no date; row 5 of decisions.csv); and 1 more, 6 in all"
                ),
                "none unknown",
                (
                    "B0: did you mean b0?; B1: did you mean b1?; B2: did you mean b2?; B3: did you mean "
                    "b3?; B4: did you mean b4?; B0 was not taken: too_large, big; B1 was not taken: "
                    "too_large, big; B2 was not taken: too_large, big; B3 was not taken: too_large, big; "
                    "B4 was not taken: too_large, big; no such building: correct the building_id, or "
                    "take the line out"
                ),
            ),
            "rows_conserved:buildings:b.geojson": (
                "fail",
                "4 taken, 0 merged, 0 rejected, 0 not meant; 6 in rejects",
                "4 read",
                "rows were lost: report this as a defect",
            ),
        },
    ),
    "boundaries_changed_and_not_taken": (
        {
            "boundaries": [
                {"area_id": "A", "geometry": AREAS[0]["geometry"]},
                {"area_id": "B", "geometry": box(50, -5, 80.5, 20)},
            ],
            "rejects": [refused("null_geometry", {"area_id": "C"}, name="boundaries")],
        },
        {
            "areas_sum": ("pass", "parts 0.00 m², union 0.00 m²", "the same", None),
            "boundaries_kept": (
                "fail",
                "1 changed, 1 not taken: B (by nobody named, no date; row 2 of boundaries.csv)",
                "all 3 drawn boundaries as drawn",
                "report this as a defect",
            ),
            "boundaries_taken": (
                "fail",
                "C (by nobody named, no date; row 2 of d.csv): why",
                "none rejected",
                (
                    "mend these rows and run again; a cut last line means that the file is not whole: copy or"
                    " download it again"
                ),
            ),
        },
    ),
    "decisions_that_cannot_be_read": (
        {
            "rejects": [
                refused("ragged_row", ["one word " * 20]),
                refused("missing_value", HAND | {"building_id": "", "decided_by": "李四"}, row=3),
                refused("missing_value", HAND | {"building_id": ""}, row=4),
            ]
        },
        {
            "decisions_kept": (
                "fail",
                "3 of 3 not carried out",
                "all that people decided",
                "the rows decisions_on_… and decisions_taken name them",
            ),
            "decisions_taken": (
                "fail",
                (
                    '? → ? (by nobody named, no date; row 2 of d.csv): why: ["one word one word one word one'
                    " word one word one word one word one word one word one word one word one word one word"
                    " o; ? → A (李四, no date; row 3 of d.csv): why; ? → A (by nobody named, no date; row 4"
                    ' of d.csv): why: {"building_id": "", "area_id": "A", "kind": "", "decided_by": "",'
                    ' "decided_on": "", "note": ""}'
                ),
                "none rejected",
                (
                    "mend these rows and run again; a cut last line means that the file is not whole: copy or"
                    " download it again"
                ),
            ),
        },
    ),
    "one_decision_not_taken": (
        {"rejects": [refused("bad_value", HAND)]},
        {
            "decisions_kept": (
                "fail",
                "1 of 1 not carried out",
                "all that people decided",
                "the rows decisions_on_… and decisions_taken name them",
            ),
            "decisions_taken": (
                "fail",
                "b0 → A (by nobody named, no date; row 2 of d.csv): why",
                "none rejected",
                (
                    "mend these rows and run again; a cut last line means that the file is not whole: copy or"
                    " download it again"
                ),
            ),
        },
    ),
    "a_subdistrict_that_the_areas_name_and_do_not_lie_in": (
        {
            "areas": [row | {"subdistrict_code": "0"} for row in AREAS],
            "subdistricts": [{"subdistrict_code": "0", "geometry": box(399, -99, 499, 199)}, AROUND],
        },
        {
            "areas_in_one_subdistrict": (
                "fail",
                "1780.8 m² in another subdistrict",
                "0, but for footprints that stand there",
                "",
            )
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_row_that_then_says_something_else(table, name):
    changed, expected = CASES[name]
    rows = said(table, **changed)
    assert {check: row for check, row in rows.items() if row != CLEAN.get(check)} == expected


PROPOSAL = {"area_id": "P", "origin": "proposal", "geometry": box(0, 200, 10, 210)}
DECIDED = {"area_id": "D", "origin": "decision", "geometry": box(0, 300, 10, 310)}
GROUPED = [*MEMBERS[:2], {"building_id": "b2", "area_id": "P", "method": "group"}, MEMBERS[3]]
IN_D = [{"building_id": "b0", "area_id": "D"}]
DEFECT, BY_PEOPLE = (
    "more are proposed than wanted: report this as a defect",
    "more areas are registered or drawn than the target",
)
TOO_FEW = "too few buildings are left to make so many areas"


@pytest.mark.parametrize(
    ("areas", "register", "members", "target", "row"),
    [
        ([AREAS[0], PROPOSAL, DECIDED], REGISTER[:1], [], 2, ("warn", "3", "2", BY_PEOPLE)),
        ([AREAS[0], PROPOSAL, DECIDED], REGISTER[:1], [], 1, ("fail", "3", "1", DEFECT)),
        ([PROPOSAL, DECIDED], [], IN_D, 1, ("fail", "2", "1", DEFECT)),
        ([PROPOSAL, DECIDED], [], [], 1, ("warn", "2", "1", BY_PEOPLE)),
        ([*AREAS, PROPOSAL], REGISTER, GROUPED, 1, ("fail", "3", "1", DEFECT)),
        ([*AREAS, PROPOSAL], REGISTER, GROUPED, 3, ("pass", "3", "3", None)),
        ([*AREAS, PROPOSAL], REGISTER, GROUPED, 4, ("fail", "3", "4", TOO_FEW)),
        ([*AREAS, PROPOSAL], REGISTER, GROUPED, 5, ("warn", "3", "5", TOO_FEW)),
        (AREAS, REGISTER, MEMBERS, None, ("pass", "2", "no target set", None)),
    ],
)
def test_the_number_of_areas_is_held_against_the_target(table, areas, register, members, target, row):
    """Two buildings are free to be proposed for: one left over, one in a proposal."""
    assert (
        said(table, areas=areas, register=register, membership=members, target=target)["areas_counted"] == row
    )


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({"rows_before": 4, "rows_taken": 0, "rows_not_meant": 4}, True),
        ({"rows_before": 5, "rows_read": 6, "rows_taken": 0, "rows_not_meant": 6}, False),
        ({"rows_before": 4, "rows_read": 6, "rows_taken": 2, "rows_not_meant": 4}, True),
        ({"rows_before": 3, "rows_taken": 1, "rows_not_meant": 3}, False),
        ({"rows_before": 1, "layer": "other"}, False),
        ({"rows_before": 1, "file": "c.geojson"}, False),
        ({"rows_before": 1, "input": "register"}, False),
    ],
)
def test_what_an_earlier_entry_has_is_only_set_aside_where_it_has_so_many_rows(table, change, passes):
    conserved = {
        name: verdict
        for name, verdict in run(table, files=[FILE, FILE | {"entry": 2} | change]).items()
        if "conserved:" in name
    }
    assert list(conserved.values()).count("fail") == (0 if passes else 1) and len(conserved) == 2


@pytest.mark.parametrize(
    ("shared", "failed"),
    [
        (0.0003, set()),
        (0.0004, set()),
        (0.0007, {"areas_disjoint"}),
        (0.001, {"areas_disjoint", "areas_sum"}),
    ],
)
def test_two_areas_may_share_a_hundredth_of_a_square_metre_and_their_sum_two(table, shared, failed):
    """25 m of a line is what they share, at 0, where so small a width is exact: 0.0004 m make 0.01 m²."""
    areas = [
        {"area_id": "A", "geometry": box(-50, 0, 0, 25)},
        {"area_id": "B", "geometry": box(-shared, 0, 50, 25)},
    ]
    verdicts = not_passed(run(table, areas=areas, buildings=[], membership=[]))
    assert {name for name in ("areas_disjoint", "areas_sum") if name in verdicts} == failed


@pytest.mark.parametrize(
    ("onto", "measured", "verdict"), [(0.111, "0.9 m²", "pass"), (0.113, "1.1 m²", "fail")]
)
def test_a_square_metre_of_other_ground_is_what_rounding_may_leave(table, onto, measured, verdict):
    found = said(table, blocks=[{"block_id": "k", "geometry": box(-20, -20, 200, 20 - onto)}])[
        "areas_off_public_ground"
    ]
    assert found[:2] == (verdict, f"{measured} on public ground")
    short = [{"subdistrict_code": "1", "geometry": box(-99, -99, 399, 20 - onto)}]
    assert said(table, subdistricts=short)["areas_in_one_subdistrict"][:2] == (
        verdict,
        f"{measured} in another subdistrict",
    )


@pytest.mark.parametrize(("around", "verdict"), [(0.2, "pass"), (0.35, "fail")])
def test_a_footprint_on_a_street_has_its_ground_and_the_twenty_centimetres_of_its_walls(
    table, around, verdict
):
    on_street = {"building_id": "b0", "geometry": box(0, 20, 40, 30)}
    reach = shapely.union(AREAS[0]["geometry"], box(-around, 20, 40 + around, 30 + around))
    changed = {"buildings": [on_street, *BUILDINGS[1:]], "areas": [AREAS[0] | {"geometry": reach}, AREAS[1]]}
    assert (
        run(table, blocks=[{"block_id": "k", "geometry": box(-20, -20, 200, 20)}], **changed)[
            "areas_off_public_ground"
        ]
        == verdict
    )


@pytest.mark.parametrize(("short", "failed"), [(0.15, "drawn_members_inside"), (0.25, "members_inside")])
def test_ground_may_end_twenty_centimetres_short_of_a_drawn_boundary(table, short, failed):
    areas = [
        AREAS[0] | {"geometry": box(-5, -5, 35 - short, 20)},
        AREAS[1] | {"geometry": box(35, -5, 80, 20)},
    ]
    found = said(table, areas=areas, boundaries=[{"area_id": "B", "geometry": areas[1]["geometry"]}])
    assert [name for name, row in found.items() if row[1].startswith("1 footprints")] == [failed]
    assert found[failed][1] == "1 footprints reach out of their area: b1 (buildings.csv, row 2)"


def test_areas_on_both_sides_of_a_hard_barrier_are_told_with_what_to_do(table):
    def told(**changed):
        return [
            (row.verdict, row.measured, row.note)
            for row in sided(table, **changed).values()
            if row.verdict != "pass"
        ]

    joined = (
        "so few areas are left by target_count that the nearest are joined: it has to be 1 more to end that"
    )
    assert told() == [("warn", "A", joined)]
    homes = [("b0", NORTH), ("b1", SOUTH), ("b2", {"geometry": box(40, 0, 50, 10)})]
    decide = "decide on the map which area the buildings of one side belong to, or accept the area as it is"
    assert told(homes=homes, areas={"b2": "B"}) == [("fail", "A", decide)]
    meant = "the register, a decision or a drawn boundary has it so: correct it if it is not meant"
    assert told(origin="register") == [("warn", "A", meant)]
    over = [(f"b{i}", {"geometry": box(0, 0, 10, 60), "source_row": i + 1}) for i in range(6)]
    named = ", ".join(f"b{i} (buildings.csv, row {i + 1})" for i in range(5))
    apart = "each counts where most of it stands; if one is several buildings, give each a row of its own"
    assert told(homes=over[:5]) == [("warn", named, apart)] and told(homes=over) == [
        ("warn", f"{named} and 1 more", apart)
    ]
    assert ARTERIAL["class"] in CLEAN["areas_on_one_side"][2]


def test_five_names_are_all_named_and_of_six_the_first_five():
    names = list("abcdef")
    assert (
        check_rows.few(names[:5]) == "a; b; c; d; e"
        and check_rows.few(names) == "a; b; c; d; e; and 1 more, 6 in all"
    )


def test_the_first_name_that_differs_in_capitals_only_was_meant_else_the_nearest(monkeypatch):
    assert check_rows.near("AB1", ["AB12", "Ab1", "aB1"]) == "Ab1"
    assert check_rows.near("AB1", ["XB12", "AB12"]) == "AB12" and check_rows.near("AB1", ["xyz"]) == ""
    assert check_rows.COMPARED == 20_000
    monkeypatch.setattr(check_rows, "COMPARED", 2)
    assert (
        check_rows.near("AB1", ["XB12", "AB12"]) == "AB12"
        and check_rows.near("AB1", ["XB12", "AB12", "x"]) == ""
    )
