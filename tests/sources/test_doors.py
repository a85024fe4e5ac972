"""Which buildings addresses name, and what is said of those that could not be read."""

from __future__ import annotations

import pytest
import shapely

from pipeline.config import MatchRules
from pipeline.sources.doors import find_doors

HOMES = [("胜利路", n) for n in range(10, 16)] + [("石道街", n) for n in range(1, 4)]


def home(building_id, /, **more):
    return {"building_id": building_id, "geometry": shapely.box(0, 0, 1, 1), **more}


def doors(table, *addresses, homes=None, roads=(), **declared):
    """Building ids of each address, and the doubts, as (why, read as)."""
    homes = [home(f"{road}{door}", road=road, door_number=door) for road, door in HOMES] if homes is None else homes
    entries = [{"entry_id": f"e{n}", "area_id": "A", "address": address, **declared} for n, address in enumerate(addresses)]
    barriers = [{"barrier_id": name, "class": "local", "name": name, "geometry": shapely.LineString([(0, 0), (1, 1)])} for name in roads]
    tables = {"buildings": homes, "entries": entries, "register": [{"area_id": "A"}], "barriers": barriers}
    found = find_doors(**{name: table(name, rows) for name, rows in tables.items()}, rules=MatchRules())
    ids = [sorted(found.found["building_id"][found.found["entry_id"].eq(entry["entry_id"])]) for entry in entries]
    doubts = found.doubts[["why", "read_as"]].astype(object)
    return ids, list(doubts.where(doubts.notna(), None).itertuples(index=False, name=None))


def test_a_run_finds_its_side_of_the_road_and_nothing_is_in_doubt(table):
    assert doors(table, "大连市西岗区胜利路十二～１４号（双号）") == ([["胜利路12", "胜利路14"]], [])


def test_a_number_within_a_number_finds_only_that_where_buildings_know_theirs(table):
    homes = [home(f"b{n}", address=f"胜利路12-{n}号") for n in (1, 2)] + [home("bare", road="胜利路", door_number=12)]
    assert doors(table, "胜利路12-1号", "胜利路12号", homes=homes)[0] == [["b1", "bare"], ["b1", "b2", "bare"]]


@pytest.mark.parametrize("address", ["民运小区3号楼", "民运小区3#", "民运小区三号楼", "民运小区３栋", "西岗民运小区3幢2单元"])
def test_a_building_of_a_named_estate_is_found_by_its_name_or_its_address(table, address):
    homes = [home("named", name="民运小区3号楼"), home("other", name="民运小区4号楼"), home("addressed", address="民运小区3栋")]
    assert doors(table, address, homes=homes)[0] == [["addressed", "named"]]


def test_an_estate_or_lane_without_a_number_is_all_of_it_but_a_road_is_not(table):
    homes = [
        home("e1", name="民运小区1号楼"),
        home("e2", name="民运小区2号楼"),
        home("l5", address="胜利路23弄5号"),
        home("x", address="胜利路1号"),
    ]
    found, doubts = doors(table, "民运小区", "胜利路23弄", "胜利路", homes=homes)
    assert found == [["e1", "e2"], ["l5"], []]
    assert doubts == [("no_number", None)]


def test_another_word_for_street_is_read_and_said(table):
    assert doors(table, "胜利街12号") == ([["胜利路12"]], [("loose", "胜利路")])


def test_a_road_that_there_is_is_never_read_as_another(table):
    assert doors(table, "胜利街12号", roads=["胜利街"]) == ([[]], [("no_such_door", None)])


def test_a_letter_off_is_read_only_where_the_declared_number_confirms_it(table):
    assert doors(table, "胜力路10-15号", n_buildings=6) == ([[f"胜利路{n}" for n in range(10, 16)]], [("loose", "胜利路")])
    assert doors(table, "胜力路10-15号", n_buildings=5) == ([[]], [("unknown_road", "胜利路")])
    assert doors(table, "胜力路10-15号") == ([[]], [("unknown_road", "胜利路")])


def test_what_contradicts_the_declared_number_is_not_read_loosely(table):
    assert doors(table, "胜利街10-15号", n_buildings=20) == ([[]], [("unknown_road", "胜利路")])


def test_a_loose_reading_never_takes_what_an_address_names_outright(table):
    assert doors(table, "胜利街12-13号", "胜利路12号")[0] == [["胜利路13"], ["胜利路12"]]


def test_what_cannot_be_read_is_said_of_each_piece(table):
    found, doubts = doors(table, "胜利路12号、地铁站旁、石道街99号、胜利路与石道街交叉口")
    assert found == [["胜利路12"]]
    assert sorted(doubts) == [("crossing", None), ("near", None), ("no_such_door", None)]


def test_an_entry_that_names_its_buildings_is_not_doubted(table):
    assert doors(table, "地铁站旁", building_ids="胜利路12")[1] == []
