from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from pipeline.config import GapRules
from pipeline.stages.gaps import find_gaps

BLOCK = shapely.box(0, 0, 200, 100)


def run(table, **given):
    names = (
        "buildings",
        "membership",
        "matched",
        "areas",
        "service",
        "register",
        "entries",
        "land",
        "blocks",
        "boundaries",
        "assessments",
    )
    out = find_gaps(
        **{name: table(name, given.get(name)) for name in names}, as_of=date(2026, 9, 30), rules=GapRules()
    )
    return out.set_index("gap_id")


def test_no_input_no_gap(table):
    assert run(table).empty


def test_an_uncovered_building_names_the_area_beside_it(table):
    buildings = [
        {"building_id": "b1", "address": "胜利路1号", "households": 12, "geometry": shapely.box(0, 0, 10, 10)}
    ]
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
    assert list(area_gaps(table, service={"manager_kind": "subdistrict"}, register=nos).index) == [
        "three_nos"
    ]
    assert area_gaps(
        table, service={"manager_kind": "company"}, register=nos | {"manager_kind": "company"}
    ).empty
    assert area_gaps(
        table, service={"manager_kind": "subdistrict"}, register=nos | {"owner_unit": "纺织厂"}
    ).empty
    assert area_gaps(
        table, service={"manager_kind": "subdistrict"}, register=nos | {"owners_committee": None}
    ).empty


def test_paper_only_says_what_is_missing(table):
    row = area_gaps(table, service={"status": "paper_only", "missing_services": "cleaning;greening"}).loc[
        "paper_only"
    ]
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
    out = run(
        table,
        entries=entries,
        membership=members,
        buildings=[{"building_id": "b", "geometry": shapely.box(0, 0, 9, 9)}],
    )
    assert list(out.index) == ["unlocated:e1"]
    assert out.iloc[0]["note_zh"] == "石道街9号：未找到对应楼栋"


def unlocated(table, entries, members=(), named=(), **given):
    """Entries that are not located; `named`: entries that lead to each member."""
    rows = [{"building_id": f"b{i}", **member} for i, member in enumerate(members)]
    matched = [row | {"named_by": json.dumps(names)} for row, names in zip(rows, named, strict=False)]
    homes = [
        {"building_id": row["building_id"], "geometry": shapely.box(20 * i, 0, 20 * i + 9, 9)}
        for i, row in enumerate(rows)
    ]
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
    two = [
        {"entry_id": "e1", "area_id": "A"},
        {"entry_id": "e2", "area_id": "A"},
        {"entry_id": "f", "area_id": "B"},
    ]
    by_hand = {"area_id": "A", "method": "decision"}
    found = unlocated(table, two, [by_hand])
    assert (
        set(found) == {"e1", "e2", "f"}
        and found["e1"].endswith("not known: 1")
        and found["f"] == "f: no footprint found"
    )
    assert set(unlocated(table, two, [by_hand, by_hand])) == {"f"}
    assert set(unlocated(table, two, [{**by_hand, "entry_id": "e1"}])) == {"e2", "f"}, (
        "it is e1's, and no other's"
    )
    assert set(unlocated(table, two, [{**by_hand, "entry_id": "e1"}, by_hand])) == {"f"}


def test_a_boundary_with_no_home_in_it_says_so(table):
    drawn = [{"area_id": "A", "geometry": shapely.box(500, 0, 600, 50)}]
    assert unlocated(table, AREA, boundaries=drawn) == {
        "A": "A: no home of its own inside the boundary drawn for its area"
    }


HOME = {"building_id": "b1", "geometry": shapely.box(20, 20, 40, 40)}
OF_KIND = {
    ("uncovered_building", 1): {
        "buildings": [HOME],
        "membership": [{"building_id": "b1", "gap": "uncovered_building"}],
    },
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
    drawn = [
        {"area_id": name, "geometry": shapely.box(x, 0, x + 20, 10)} for name, x in (("A", 0), ("B", 19.5))
    ]
    assert list(run(table, boundaries=drawn)["kind"]) == ["contested"], "5 m²"
    land = [{"land_id": "l", "kind": "residential", "geometry": shapely.box(0, 0, 40, 20)}]
    assert list(run(table, land=land, blocks=[{"block_id": "k", "geometry": BLOCK}])["kind"]) == [
        "uncovered_ground"
    ], "800 m²"
    emergency = {"contract_kind": "emergency", "starts_on": "2026-03-30"}
    assert area_gaps(table, service=emergency).empty
    assert area_gaps(table, service=emergency | {"contract_kind": "full", "starts_on": "2020-01-01"}).empty


def test_only_residential_ground_is_a_gap_and_homes_on_it_do_not_make_it_less(table):
    blocks = [{"block_id": "k", "geometry": BLOCK}]
    assert run(table, land=[{"land_id": "l", "kind": "green", "geometry": BLOCK}], blocks=blocks).empty
    found = run(
        table,
        land=[{"land_id": "l", "kind": "residential", "geometry": BLOCK}],
        blocks=blocks,
        buildings=[HOME],
    )
    assert found["ground_area_m2"].round().tolist() == [20_000] and found["note_en"].iloc[0].endswith(
        "in no area"
    )


def test_a_proposal_is_not_called_unassessed(table):
    areas = [{"area_id": "A", "origin": "proposal", "geometry": BLOCK}]
    others = [{"area_id": "B", "quarter": "2026Q3", "repair": 1}]
    assert run(table, areas=areas, service=[{"area_id": "A", "status": "proposed"}], assessments=others).empty


def notes(found):
    """What each gap says, in both languages."""
    return {gap_id: (row["note_zh"], row["note_en"]) for gap_id, row in found.iterrows()}


def test_what_a_gap_of_a_building_says(table):
    buildings = [
        {
            "building_id": f"b{i}",
            "address": address,
            "households": 10 + i,
            "floor_area_m2": 700.0 + i,
            "geometry": HOME["geometry"],
        }
        for i, address in enumerate(("胜利路1号", None, "胜利路3号", None, "胜利路5号"))
    ]
    two = {"area_id": "A", "runner_up_area_id": "B", "contested": True}
    members = [
        {"building_id": "b0", "gap": "uncovered_building", "runner_up_area_id": "A"},
        {"building_id": "b1", "gap": "uncovered_building"},
        {"building_id": "b2", **two},
        {"building_id": "b3", **two},
        {"building_id": "b4", "area_id": "A", "runner_up_area_id": "B"},
    ]
    out = run(table, buildings=buildings, membership=members)
    assert notes(out) == {
        "uncovered_building:b0": (
            "胜利路1号：不在任何物业管理区域内；相邻区域 A",
            "胜利路1号: in no area; next to A",
        ),
        "uncovered_building:b1": ("b1：不在任何物业管理区域内", "b1: in no area"),
        "contested:b2": ("胜利路3号：A 与 B 同时登记", "胜利路3号: claimed by A and B"),
        "contested:b3": ("b3：A 与 B 同时登记", "b3: claimed by A and B"),
    }
    row = out.loc["contested:b3"]
    assert tuple(row[["area_id", "building_id", "households", "floor_area_m2"]]) == ("A", "b3", 13, 703.0)
    assert row.geometry.equals(HOME["geometry"]) and out["area_id"].filter(like="uncovered").isna().all()


def test_what_a_gap_of_ground_says(table):
    drawn = [
        {"area_id": name, "geometry": shapely.box(x, 500, x + 20, 600)} for name, x in (("A", 0), ("B", 15))
    ]
    homes = [
        {"building_id": f"b{i}", "geometry": shapely.box(x, 20, x + 9, 40)}
        for i, x in enumerate((20, 40, 320, 340))
    ]
    land = [shapely.box(0, 0, 100, 80), shapely.box(300, 0, 400, 100)]
    out = run(
        table,
        boundaries=drawn,
        land=[{"land_id": f"l{i}", "kind": "residential", "geometry": g} for i, g in enumerate(land)],
        blocks=[
            {"block_id": f"k{i}", "subdistrict_code": f"21020300{i + 1}", "geometry": g}
            for i, g in enumerate(land)
        ],
        buildings=homes,
        membership=[
            {"building_id": f"b{i}", "gap": "uncovered_building"} if i < 2 else {"building_id": f"b{i}"}
            for i in range(4)
        ],
    )
    out = out[out["ground_area_m2"].notna()]
    assert notes(out) == {
        "contested:A+B": ("划定边界重叠：A 与 B", "drawn boundaries overlap: A and B"),
        "uncovered_ground:50,40": (
            "居住用地 8,000 m² 不属于任何区域，其上无人管理楼栋 2 栋",
            "8,000 m² of residential ground in no area; unmanaged buildings on it: 2",
        ),
        "uncovered_ground:350,50": (
            "居住用地 10,000 m² 不属于任何区域",
            "10,000 m² of residential ground in no area",
        ),
    }
    assert out["ground_area_m2"].round(6).to_dict() == {
        "contested:A+B": 500,
        "uncovered_ground:50,40": 8_000,
        "uncovered_ground:350,50": 10_000,
    }
    assert out.loc[["uncovered_ground:50,40", "uncovered_ground:350,50"], "subdistrict_code"].tolist() == [
        "210203001",
        "210203002",
    ]


@pytest.mark.parametrize(
    ("width", "found"), [(3, []), (3.9, []), (4.1, ["uncovered_ground"]), (5, ["uncovered_ground"])]
)
def test_a_strip_that_is_no_wider_than_four_metres_is_no_ground_to_manage(table, width, found):
    land = [{"land_id": "l", "kind": "residential", "geometry": shapely.box(0, 0, 300, width)}]
    out = run(table, land=land, blocks=[{"block_id": "k", "geometry": shapely.box(0, 0, 300, 100)}])
    assert out["kind"].tolist() == found and out["ground_area_m2"].round(6).tolist() == [300 * width] * len(
        found
    )


@pytest.mark.parametrize(("height", "found"), [(9.99, []), (10, ["contested"])])
def test_an_overlap_of_drawn_boundaries_counts_from_five_square_metres(table, height, found):
    drawn = [
        {"area_id": name, "geometry": shapely.box(x, 0, x + 20, height)}
        for name, x in (("A", 0), ("B", 19.5))
    ]
    assert run(table, boundaries=drawn)["kind"].tolist() == found


def test_what_a_gap_of_an_area_says(table):
    ended = {"ends_on": "2026-09-29"}
    emergency = {"contract_kind": "emergency", "starts_on": "2025-01-01"}
    units = {
        "A": {"manager_kind": "none"},
        "B": {"status": "paper_only", "missing_services": "repair;order;cleaning;greening;records"},
        "C": {"status": "paper_only"},
        "D": ended,
        "E": emergency,
        "F": emergency | ended,
        "G": {"score": 59.5},
        "H": {"quarter": "2026Q3"},
    }
    out = run(
        table,
        areas=[
            {"area_id": a, "geometry": BLOCK, "households": 100, "floor_area_m2": 9.0, "ground_area_m2": 8.0}
            for a in units
        ],
        service=[
            {"area_id": a, "quarter": None if a == "A" else "2026Q3"} | unit for a, unit in units.items()
        ],
        register=[{"area_id": a, "owners_committee": False} for a in units],
        assessments=[{"area_id": "H", "quarter": quarter, "repair": 1} for quarter in ("2026Q3", "2026Q2")],
    )
    ended = ("合同已于 2026-09-29 到期", "contract ended on 2026-09-29")
    assert notes(out) == {
        "three_nos:A": (
            "无专业物业、无原产权单位、无业主委员会",
            "no professional company, no owner unit, no owners' committee",
        ),
        "paper_only:B": (
            "已签约，未提供：维修、秩序、保洁、绿化、档案与投诉",
            "signed, not delivered: repair, order, cleaning, greening, records",
        ),
        "paper_only:C": ("已签约，未提供：", "signed, not delivered: "),
        "expired:D": ended,
        "expired:E": ("应急托管超过 6 个月", "emergency arrangement older than 6 months"),
        "expired:F": ended,
        "failing:G": ("考核 59.5 分，合格线 60", "scored 59.5, pass mark 60"),
        "unassessed:A": ("2026Q3 未考核", "not assessed in 2026Q3"),
    }
    assert out[["households", "floor_area_m2", "ground_area_m2"]].drop_duplicates().to_numpy().tolist() == [
        [100, 9, 8]
    ]
    assert all(shape.equals(BLOCK) for shape in out.geometry)


def test_what_an_entry_that_leads_nowhere_says(table):
    entries = [
        {"entry_id": f"e{a}", "area_id": a, "address": None if a == "B" else f"{a}街9号"} for a in "ABCD"
    ]
    entries += [{"entry_id": f"d{i}", "area_id": "D"} for i in range(2)]
    members = [{"building_id": f"b{i}", "area_id": "D", "method": "decision"} for i in range(2)]
    out = run(
        table,
        entries=entries,
        membership=members,
        buildings=[
            {"building_id": f"b{i}", "geometry": shapely.box(20 * i, 0, 20 * i + 9, 9)} for i in range(2)
        ],
        register=[{"area_id": a, "subdistrict_code": "210203001"} for a in "ABC"],
        boundaries=[
            {"area_id": a, "geometry": shapely.box(x, 500, x + 90, 590)} for a, x in (("C", 0), ("D", 100))
        ],
    )
    by_hand = "未找到对应楼栋；其区域内人工划入楼栋 2 栋，不知属何条目"
    by_hand_en = "no footprint found; buildings placed in its area by hand, of which entry is not known: 2"
    assert notes(out) == {
        "unlocated:eA": ("A街9号：未找到对应楼栋", "A街9号: no footprint found"),
        "unlocated:eB": ("eB：未找到对应楼栋", "eB: no footprint found"),
        "unlocated:eC": (
            "C街9号：划定边界内无住宅楼",
            "C街9号: no home of its own inside the boundary drawn for its area",
        ),
        "unlocated:eD": (f"D街9号：{by_hand}", f"D街9号: {by_hand_en}"),
        "unlocated:d0": (f"d0：{by_hand}", f"d0: {by_hand_en}"),
        "unlocated:d1": (f"d1：{by_hand}", f"d1: {by_hand_en}"),
    }
    assert out["subdistrict_code"].fillna("").loc[["unlocated:eA", "unlocated:eD"]].tolist() == [
        "210203001",
        "",
    ]
