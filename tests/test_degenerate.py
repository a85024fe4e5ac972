"""Districts that lack what others have: through every stage, to the map."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import Declared, DelineateRules, District, GroupRules
from pipeline.publish.webmap import build_map
from pipeline.stages.bounds import word_bounds
from pipeline.stages.changes import find_changes
from pipeline.stages.edges import trace_edges
from pipeline.stages.reasons import explain
from pipeline.stages.reconcile import reconcile
from tests.conftest import make_table
from tests.test_invariants import INPUTS, run

DISTRICT = District(
    code="210203", name_zh="测试区", name_en="Test", crs="EPSG:4550", as_of=date(2026, 11, 30)
)
DECLARED = Declared(areas=3, floor_area_m2=0.0, survey_agree=0, survey_refuse=0, survey_no_opinion=0)
ALL = shapely.box(-100, -100, 400, 300)
AREA = "21020300100000{}"


def homes(n, **more):
    """Three in a row, 17 m from the next, 19 m to the next row."""
    corners = [(60 * (i % 3), 30 * (i // 3)) for i in range(n)]
    return [
        {"building_id": f"b{i}", "geometry": shapely.box(x, y, x + 43, y + 11), **more}
        for i, (x, y) in enumerate(corners)
    ]


def each(n, **more):
    """One area a building."""
    return [{"area_id": AREA.format(i), **more} for i in range(n)]


def whole(rows, target=None):
    """Every table from match to changes."""
    t = run(rows, target)
    t |= {name: make_table(name, rows.get(name)) for name in (*INPUTS, "released_areas")}

    def tables(*names):
        return {name: t[name] for name in names}

    t["edges"] = trace_edges(
        **tables("areas", "barriers", "land", "boundaries", "compounds", "subdistricts"),
        rules=DelineateRules(),
    )
    t["bounds"] = word_bounds(**tables("areas", "edges"))
    names = (
        "buildings",
        "membership",
        "links",
        "areas",
        "barriers",
        "land",
        "compounds",
        "communities",
        "subdistricts",
    )
    t["area_reasons"] = explain(**tables(*names), rules=GroupRules())
    names = ("areas", "register", "entries", "contracts", "assessments", "subdistricts")
    t["reconciliation"] = reconcile(**tables(*names), declared=DECLARED)
    t["changes"] = find_changes(**tables("membership", "areas", "released_membership", "released_areas"))
    return t


def adds_up(t):
    failed = t["checks"][t["checks"]["verdict"].eq("fail")]
    assert failed.empty, failed[["check", "measured"]].to_string()
    assert set(t["membership"]["building_id"]) == set(
        t["buildings"]["building_id"][t["buildings"]["use"].eq("residential")]
    )
    reasons = t["area_reasons"]
    assert set(reasons["area_id"][reasons["part"].eq("holds")]) == set(t["areas"]["area_id"]), (
        "each area has a reason"
    )
    for column in ("text_zh", "text_en"):
        assert not reasons[column].str.contains("nan").any()


def drawn(area_id, left=-9, bottom=-9, right=60, top=15):
    return {"area_id": area_id, "geometry": shapely.box(left, bottom, right, top)}


def decided(n, area_id, **more):
    return [{"building_id": f"b{i}", "area_id": area_id.format(i), **more} for i in range(n)]


LISTED = [{"entry_id": f"e{i}", "area_id": AREA.format(i), "building_ids": f"b{i}"} for i in range(3)]
CASES = {
    "one home": ({"buildings": homes(1)}, None),
    "an area each": ({"buildings": homes(4)}, 9),
    "nobody lives there": ({"buildings": homes(3, use="commercial")}, None),
    "a register whose areas hold one building each": (
        {"buildings": homes(3), "register": each(3), "entries": LISTED},
        None,
    ),
    "no building of the register is found": (
        {"buildings": homes(1), "register": each(2), "entries": LISTED[1:2]},
        None,
    ),
    "points of which none is near": (
        {"buildings": homes(2), "register": each(2, geometry=shapely.Point(9e4, 9e4))},
        None,
    ),
    "each decided into an area of its own": (
        {"buildings": homes(3), "decisions": decided(3, "P{}", kind="accept")},
        None,
    ),
    "each decided into none": ({"buildings": homes(3), "decisions": decided(3, "none")}, 2),
    "each in a boundary": (
        {
            "buildings": homes(3),
            "boundaries": [drawn(f"D{i}", 60 * i - 3, -3, 60 * i + 46) for i in range(3)],
        },
        None,
    ),
    "a boundary without a home": (
        {"buildings": homes(1), "boundaries": [drawn("D", 200, 200, 260, 230)]},
        None,
    ),
    "all in one compound": (
        {"buildings": homes(4), "compounds": [{"compound_id": "c", "geometry": ALL}]},
        None,
    ),
}


@pytest.mark.parametrize(("rows", "target"), CASES.values(), ids=CASES.keys())
def test_a_district_that_lacks_something_goes_through_every_stage(rows, target):
    adds_up(whole(rows, target))


@st.composite
def tiny(draw):
    """Up to four buildings, each other table empty, degenerate or usual."""
    n = draw(st.integers(1, 4))
    rows = {"buildings": homes(n)}
    for home in rows["buildings"]:
        home["use"] = draw(st.sampled_from(["residential", "residential", "commercial"]))
        home |= {
            name: draw(st.sampled_from(values))
            for name, values in (
                ("floors", [None, 6]),
                ("year", [None, 1980]),
                ("owner_unit", [None, "甲厂"]),
            )
        }
    lived_in = [home["building_id"] for home in rows["buildings"] if home["use"] == "residential"]
    line = shapely.LineString([(-99, 20), (300, 21)])
    choices = {
        "barriers": [
            [{"barrier_id": "s", "class": c, "geometry": line}]
            for c in ("local", "arterial", "wall", "water")
        ],
        "land": [
            [{"land_id": "l", "kind": kind, "geometry": ALL}] for kind in ("residential", "green", "road")
        ],
        "compounds": [
            [{"compound_id": "c", "geometry": ALL}],
            [{"compound_id": "c", "geometry": shapely.box(-9, -9, 50, 20)}],
        ],
        "register": [each(1), each(n), each(n, geometry=shapely.Point(20, 5), n_buildings=1)],
        "boundaries": [[drawn(AREA.format(0))], [drawn("D", *ALL.bounds)]],
        "decisions": [
            [row for row in rows if row["building_id"] in lived_in]
            for rows in (decided(n, "none"), decided(n, "P{}", kind="accept"), decided(1, "P", kind="accept"))
        ],
        "contracts": [
            [
                {
                    "contract_id": "k",
                    "area_id": AREA.format(0),
                    "starts_on": "2026-01-01",
                    "ends_on": "2026-02-01",
                }
            ]
        ],
        "assessments": [[{"area_id": AREA.format(0), "quarter": "2026Q1", "cleaning": 0.0}]],
        "released_areas": [[{"area_id": "210203000000001", "geometry": ALL}]],
        "released_membership": [[{"building_id": "b0", "area_id": "210203000000001"}]],
    }
    for name, several in choices.items():
        rows[name] = draw(st.sampled_from([[], [], *several]))
    if rows["register"]:
        listed = draw(st.sampled_from([[], [f"b{i}" for i in range(n)], ["b0"], ["b9"]]))
        rows["entries"] = [
            {"entry_id": f"e{b}", "area_id": AREA.format(i % len(rows["register"])), "building_ids": b}
            for i, b in enumerate(listed)
        ]
    return rows, draw(st.sampled_from([None, 1, 2, 5]))


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(tiny())
def test_a_tiny_district_goes_through_every_stage_to_the_map(district):
    t = whole(*district)
    adds_up(t)
    assert build_map(t, district=DISTRICT, declared=DECLARED).endswith("</html>")
