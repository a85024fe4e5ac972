"""What holds for every district: random little ones, through every stage from match to check."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import DelineateRules, GapRules, GroupRules, MatchRules, ServiceRules
from pipeline.stages.addresses import read_addresses
from pipeline.stages.adjacency import link_homes
from pipeline.stages.blocks import lay_blocks
from pipeline.stages.check import check
from pipeline.stages.delineate import delineate
from pipeline.stages.gaps import find_gaps
from pipeline.stages.group import group
from pipeline.stages.match import match
from pipeline.stages.service import assess_service
from pipeline.store import INTAKE_COLUMNS
from tests.conftest import make_table

INPUTS = (
    "subdistricts", "communities", "barriers", "land", "compounds", "register", "entries", "boundaries", "decisions", "contracts",
    "assessments", "released_membership",
)  # fmt: skip


@st.composite
def districts(draw):
    """Raw rows by table: up to 25 buildings on a 40 m raster in two subdistricts, with a street, a park and a
    register.
    """
    places = draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=2, max_size=25, unique=True)
    )
    rows = {"buildings": [], "subdistricts": [
        {"subdistrict_code": "210203001", "geometry": shapely.box(-20, -20, 200, 200)},
        {"subdistrict_code": "210203004", "geometry": shapely.box(200, -20, 420, 200)},
    ]}  # fmt: skip
    for i, (x, y) in enumerate(places):
        width, height = draw(st.integers(8, 30)), draw(st.integers(8, 30))
        rows["buildings"].append({
            "building_id": f"b{i:02d}",
            "source_row": i + 1,
            "use": draw(st.sampled_from(["residential", "residential", "residential", "commercial", "auxiliary"])),
            "subdistrict_code": "210203001" if x < 5 else "210203004",
            "geometry": shapely.box(40 * x + 3, 40 * y + 3, 40 * x + 3 + width, 40 * y + 3 + height),
        })  # fmt: skip
    for one, other in zip(
        rows["buildings"][: draw(st.integers(0, 3))], rows["buildings"][::-1], strict=False
    ):
        if one is not other and one["geometry"].geom_type == other["geometry"].geom_type == "Polygon":
            one["geometry"] = shapely.MultiPolygon([one["geometry"], other["geometry"]])
            rows["buildings"].remove(other)
    if draw(st.booleans()):
        street = shapely.LineString([(-50, 118), (450, 119)])
        rows["barriers"] = [
            {
                "barrier_id": "s",
                "class": draw(st.sampled_from(["local", "arterial"])),
                "name": "胜利路",
                "geometry": street,
            }
        ]
    if draw(st.booleans()):
        rows["land"] = [{"land_id": "p", "kind": "green", "geometry": shapely.box(160, 160, 200, 200)}]
    ids = [row["building_id"] for row in rows["buildings"]]
    rows["register"] = [{"area_id": f"21020300100000{i}"} for i in range(draw(st.integers(0, 3)))]
    if rows["register"]:
        rows["entries"] = [
            {
                "entry_id": f"e{i}",
                "area_id": draw(st.sampled_from(rows["register"]))["area_id"],
                "building_ids": ";".join(chosen),
            }
            for i, chosen in enumerate(draw(st.lists(st.lists(st.sampled_from(ids), max_size=5), max_size=4)))
        ]
        lived_in = [row["building_id"] for row in rows["buildings"] if row["use"] == "residential"]
        decided = draw(st.lists(st.sampled_from(lived_in), max_size=2, unique=True)) if lived_in else []
        rows["decisions"] = [
            {"building_id": b, "area_id": draw(st.sampled_from(["none", "210203001000000"]))} for b in decided
        ]
    return rows, draw(st.integers(1, 6)), draw(st.randoms(use_true_random=False))


def run(rows, target):
    """Every table from match to check."""
    t = {name: make_table(name, rows.get(name)) for name in ("buildings", *INPUTS)}
    rules = GroupRules(target_count=target)

    def given_(*names):
        return {name: t[name] for name in names}

    t["links"] = link_homes(t["buildings"], t["barriers"], rules=rules)
    t["addresses"] = read_addresses(
        **given_("buildings", "entries", "register", "barriers"), rules=MatchRules()
    )
    names = ("buildings", "register", "entries", "boundaries", "decisions", "compounds")
    t["matched"] = match(**given_(*names, "links", "addresses"), rules=MatchRules(), reach_m=rules.reach_m)
    t["membership"] = group(
        **given_("buildings", "links", "barriers", "register", "released_membership"),
        membership=t["matched"],
        district_code="210203",
        rules=rules,
    )
    ground = DelineateRules()
    t["blocks"] = lay_blocks(
        **given_("subdistricts", "buildings", "barriers", "land", "compounds"), rules=ground
    )
    names = ("buildings", "membership", "blocks", "barriers", "land", "boundaries", "register")
    t["areas"] = delineate(**given_(*names), rules=ground)
    as_of = pd.Timestamp("2026-09-30").date()
    t["service"] = assess_service(
        **given_("areas", "register", "contracts", "assessments"), as_of=as_of, rules=ServiceRules()
    )
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
    t["gaps"] = find_gaps(**given_(*names), as_of=as_of, rules=GapRules())
    files = pd.DataFrame(columns=["input", *INTAKE_COLUMNS])
    names = (
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
        "addresses",
    )
    t["checks"] = check(
        files,
        make_table("rejects"),
        **given_(*names),
        target_count=target,
        group_rules=rules,
    )
    return t


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(districts())
def test_whatever_the_district_everything_adds_up(district):
    rows, target, random = district
    t = run(rows, target)
    failed = t["checks"][t["checks"]["verdict"].eq("fail")]
    assert failed.empty, failed[["check", "measured"]].to_string()

    # Every residential building once, with one holder; nothing else placed.
    residential = [row["building_id"] for row in rows["buildings"] if row["use"] == "residential"]
    assert sorted(t["membership"]["building_id"]) == sorted(residential)
    assert (t["membership"][["area_id", "compound_id", "gap"]].notna().sum(axis=1) == 1).all()

    # Exactly as many areas as asked for, as long as there are buildings for them.
    registered = len(rows["register"])
    free = len(residential) - int(t["membership"]["method"].isin(["building_id", "decision"]).sum())
    if target > registered and free >= target - registered:
        assert len(t["areas"]) == target
    elif target <= registered:
        assert len(t["areas"]) == registered

    # Rows in another order change nothing.
    shuffled = {name: random.sample(list(table), len(table)) for name, table in rows.items()}
    again = run(shuffled, target)
    for name in ("membership", "blocks", "areas", "service", "gaps", "checks"):
        assert again[name].equals(t[name]), name


@pytest.mark.parametrize("use", ["commercial", "auxiliary"])
def test_a_district_in_which_nobody_lives_has_no_area_and_no_error(use):
    rows = {"buildings": [{"building_id": "b", "use": use, "geometry": shapely.box(0, 0, 9, 9)}]}
    t = run(rows, 3)
    assert t["membership"].empty and t["areas"].empty and t["gaps"].empty
