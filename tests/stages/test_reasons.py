from __future__ import annotations

import pytest
import shapely

from pipeline.config import GroupRules
from pipeline.stages.adjacency import link_homes
from pipeline.stages.reasons import explain
from tests.conftest import square

NAMES = ("buildings", "membership", "areas", "barriers", "land", "compounds", "communities", "subdistricts")
#: Three courtyards in a row: two rows of two buildings 10 m apart in each, 40 m from one courtyard to the
#: next.
PLACES = {
    f"{area}{i}{j}": (x + 20 * i, 20.0 * j)
    for area, x in (("A", 0), ("B", 70), ("C", 140))
    for i in (0, 1)
    for j in (0, 1)
}


def courtyards(**known):
    """The twelve buildings, with attributes by area; the first letter of an id is its area."""
    return [
        {"building_id": b, "geometry": square(*xy), **{column: by.get(b[0]) for column, by in known.items()}}
        for b, xy in PLACES.items()
    ]


def members(method="group", confidence=0.8, **other):
    return [
        {"building_id": b, "area_id": b[0], "method": method, "confidence": confidence, **other.get(b, {})}
        for b in PLACES
    ]


def areas(origin="proposal", names="ABC", **other):
    return [{"area_id": a, "origin": other.get(a, origin)} for a in names]


def road(y_from=-50, y_to=100, x=50, **given):
    return {
        "barrier_id": "r",
        "class": "arterial",
        "name": "胜利路",
        "geometry": shapely.LineString([(x, y_from), (x, y_to)]),
        **given,
    }


def run(table, **given):
    tables = {"buildings": courtyards(), "membership": members(), "areas": areas()} | given
    return explained({name: table(name, tables.get(name)) for name in NAMES})


def explained(tables):
    """The reasons, with the links that follow from the buildings and barriers."""
    links = link_homes(tables["buildings"], tables["barriers"], rules=GroupRules())
    return explain(**tables, links=links, rules=GroupRules())


def one(out, area, part, reason, subject=None):
    """The row of that reason."""
    found = out[
        out["area_id"].eq(area)
        & out["part"].eq(part)
        & out["reason"].eq(reason)
        & out["subject_id"].eq(subject or area)
    ]
    assert len(found) == 1, out[out["area_id"].eq(area)][["part", "subject_id", "reason"]]
    return found.iloc[0]


def reasons_of(out, area, part, subject=None):
    return set(
        out["reason"][out["area_id"].eq(area) & out["part"].eq(part) & out["subject_id"].eq(subject or area)]
    )


def test_no_areas_no_reasons(table):
    assert run(table, buildings=None, membership=None, areas=None).empty


def test_a_road_between_two_areas_is_named_on_both_sides(table):
    out = run(table, barriers=[road()])
    for area, neighbour in (("A", "B"), ("B", "A")):
        row = one(out, area, "cuts", "barrier", neighbour)
        assert (row["name"], row["value"]) == ("胜利路", 1.0)
        assert (
            "胜利路（主干路）" in row["text_zh"] and "Shengli Road (胜利路, arterial road)" in row["text_en"]
        )
    assert "barrier" not in reasons_of(out, "B", "cuts", "C")


def test_a_road_along_part_of_the_border_has_its_share_and_the_open_rest_its_distance(table):
    out = run(table, barriers=[road(y_to=14)])
    row = one(out, "A", "cuts", "barrier", "B")
    assert 0 < row["value"] < 1
    assert f"{row['value']:.0%}" in row["text_zh"] and f"{row['value']:.0%}" in row["text_en"]
    assert one(out, "A", "cuts", "distance", "B")["text_zh"].startswith("其余")


def test_a_footpath_is_open_ground(table):
    out = run(table, barriers=[road(**{"class": "path"})])
    assert reasons_of(out, "A", "cuts", "B") == {"distance"}


def test_nothing_is_said_of_roads_where_none_are_known(table):
    assert "barrier" not in reasons_of(run(table), "A", "holds")
    far = road(x=-500)
    row = one(run(table, barriers=[far]), "A", "holds", "barrier")
    assert row["value"] == 1.0


def test_a_road_through_an_area_is_told(table):
    row = one(run(table, barriers=[road(x=15)]), "A", "holds", "barrier")
    assert row["value"] < 0.5
    assert "胜利路" in row["text_zh"]


def test_a_dearer_crossing_is_a_surer_cut(table):
    sure = [
        one(run(table, barriers=[road(**{"class": kind})]), "A", "cuts", "barrier", "B")["confidence"]
        for kind in ("lane", "arterial")
    ]
    assert 0.5 < sure[0] < sure[1] <= 0.95


def test_the_park_or_compound_between_two_areas_is_named(table):
    park = {"land_id": "p", "kind": "green", "name": "劳动公园", "geometry": shapely.box(35, -50, 60, 100)}
    estate = {"compound_id": "e", "name": "新世界", "geometry": shapely.box(105, -50, 130, 100)}
    out = run(table, land=[park], compounds=[estate])
    assert "劳动公园" in one(out, "A", "cuts", "public_land", "B")["text_en"]
    assert "新世界" in one(out, "C", "cuts", "compound", "B")["text_zh"]


def test_a_common_owner_unit_holds_and_different_ones_cut(table):
    out = run(table, buildings=courtyards(owner_unit={"A": "造船厂", "B": "机床厂"}))
    row = one(out, "A", "holds", "owner_unit")
    assert (row["name"], row["value"], row["confidence"]) == ("造船厂", 1.0, 0.8)
    text = one(out, "A", "cuts", "owner_unit", "B")["text_zh"]
    assert "造船厂" in text and "机床厂" in text
    assert "owner_unit" not in reasons_of(out, "C", "holds") | reasons_of(out, "C", "cuts", "B")


def test_communities_and_subdistricts_go_by_their_names(table):
    communities = [
        {"community_code": c, "name": n, "geometry": square(0, 0)}
        for c, n in (("1", "团结社区"), ("2", "民运社区"))
    ]
    offices = [
        {"subdistrict_code": c, "name": n, "geometry": square(0, 0)}
        for c, n in (("7", "日新街道"), ("8", "白云街道"))
    ]
    buildings = courtyards(
        community_code={"A": "1", "B": "2", "C": "2"}, subdistrict_code={"A": "7", "B": "7", "C": "8"}
    )
    out = run(table, buildings=buildings, communities=communities, subdistricts=offices)
    assert "团结社区" in one(out, "A", "holds", "community")["text_en"]
    assert "民运社区" in one(out, "A", "cuts", "community", "B")["text_zh"]
    assert one(out, "B", "cuts", "subdistrict", "C")["confidence"] == 0.95
    assert "subdistrict" not in reasons_of(out, "A", "cuts", "B")


def test_a_decided_area_says_decision_with_confidence_1(table):
    decided = {b: {"method": "decision", "confidence": 1.0} for b in PLACES if b[0] == "A"}
    out = run(table, membership=members(**decided))
    row = one(out, "A", "holds", "decision")
    assert (row["confidence"], row["value"], row["rank"]) == (1.0, 1.0, 1)
    assert one(out, "A", "cuts", "decision", "B")["confidence"] == 1.0
    assert "decision" not in reasons_of(out, "B", "holds")


def test_a_drawn_boundary_holds_and_cuts_surely(table):
    out = run(table, membership=members("boundary", 0.97), areas=areas(A="boundary"))
    assert one(out, "A", "holds", "boundary")["confidence"] == 0.97
    assert one(out, "A", "cuts", "boundary", "B")["confidence"] == 1.0
    assert "boundary" not in reasons_of(out, "B", "cuts", "C")


def test_the_register_is_as_sure_as_it_placed_the_buildings(table):
    by_id = {"A00": {"method": "building_id", "confidence": 1.0}}
    out = run(table, membership=members("address", 0.9, **by_id), areas=areas("register", C="proposal"))
    row = one(out, "A", "holds", "register")
    assert (row["value"], row["confidence"]) == (1.0, 0.925)
    assert row["text_en"] == "in the register: all its buildings (4), by address 3, building id 1"
    assert 0.9 <= one(out, "A", "cuts", "register", "B")["confidence"] <= 0.95
    assert one(out, "C", "cuts", "register", "B")["text_en"] == "one of the two is as the register has it"


def test_an_area_without_buildings_says_where_it_is_from(table):
    out = run(table, areas=areas(names="ABCD", D="register"))
    assert one(out, "D", "holds", "register")["confidence"] == 0


def test_every_area_has_a_reason_and_every_neighbour_one_told_of_both_alike(table):
    out = run(table)
    assert set(out["area_id"][out["part"].eq("holds")]) == {"A", "B", "C"}
    cuts = out[out["part"].eq("cuts")]
    assert set(zip(cuts["area_id"], cuts["subject_id"], strict=True)) == {
        ("A", "B"),
        ("B", "A"),
        ("B", "C"),
        ("C", "B"),
    }
    told = cuts.set_index(["area_id", "subject_id", "reason"])["text_zh"]
    assert all(told[a, b, r] == told[b, a, r] for a, b, r in told.index)


def test_an_area_beyond_everybodys_reach_is_told_apart_from_the_nearest(table):
    far = [{"building_id": "D", "geometry": square(600, 0)}]
    member = [{"building_id": "D", "area_id": "D", "method": "group", "confidence": 0.7}]
    out = run(table, buildings=courtyards() + far, membership=members() + member, areas=areas(names="ABCD"))
    assert one(out, "D", "cuts", "distance", "C")["value"] == 430
    assert reasons_of(out, "D", "holds") == {"size"}


@pytest.mark.parametrize(
    ("floor_area_m2", "zh", "en"),
    [
        (2_000.0, "不足 10,000 m²", "under 10,000 m²"),
        (5_000.0, "小于一般", "less than the usual"),
        (20_000.0, "之内", "within the usual"),
        (30_000.0, "超过 100,000 m²", "over 100,000 m²"),
    ],
)
def test_the_size_is_set_against_the_limits(table, floor_area_m2, zh, en):
    out = run(table, buildings=courtyards(floor_area_m2={"A": floor_area_m2}))
    row = one(out, "A", "holds", "size")
    assert row["value"] == 4 * floor_area_m2
    assert zh in row["text_zh"] and en in row["text_en"]


def test_two_areas_that_would_be_too_large_together_say_so(table):
    out = run(table, buildings=courtyards(floor_area_m2={"A": 15_000.0, "B": 15_000.0, "C": 100.0}))
    assert one(out, "A", "cuts", "size", "B")["value"] == 120_000
    assert "size" not in reasons_of(out, "B", "cuts", "C")


def test_reasons_are_ranked_by_neighbour_and_without_gaps(table):
    out = run(table, barriers=[road()], areas=areas("register"))
    for _, rows in out.groupby(["area_id", "part"]):
        assert sorted(rows["rank"]) == list(range(1, len(rows) + 1))
    of_b = out[out["area_id"].eq("B") & out["part"].eq("cuts")].sort_values("rank")
    assert of_b["subject_id"].ne(of_b["subject_id"].shift()).sum() == 2


def test_shuffled_rows_change_nothing(table):
    barriers = [road(), road(barrier_id="q", name="解放路")]
    given = {
        "buildings": courtyards(owner_unit={"A": "造船厂"}),
        "membership": members("address", 0.9),
        "areas": areas("register"),
        "barriers": barriers,
    }
    tables = {name: table(name, given.get(name)) for name in NAMES}
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in tables.items()}
    assert explained(shuffled).equals(explained(tables))


def test_a_name_that_looks_like_a_template_stays_text(table):
    hostile = "{confidence.__class__}{0}%s<b>`${1}`"
    buildings = courtyards(owner_unit={"A": hostile, "B": "机床厂"}, road={"A": hostile, "B": "胜利路"})
    out = run(table, buildings=buildings, barriers=[road(name=hostile)])
    for reason in ("barrier", "owner_unit", "road"):
        row = one(out, "A", "cuts", reason, "B")
        assert hostile in row["text_zh"] and hostile in row["text_en"]
