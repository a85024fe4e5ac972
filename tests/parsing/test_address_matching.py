"""Which buildings addresses name, and what is said of those that could not be read."""

from __future__ import annotations

import pytest
import shapely

from pipeline.config import MatchRules
from pipeline.parsing.address_matching import find_doors

HOMES = [("胜利路", n) for n in range(10, 16)] + [("石道街", n) for n in range(1, 4)]


def home(building_id, /, **more):
    return {"building_id": building_id, "geometry": shapely.box(0, 0, 1, 1), **more}


def doors(table, *addresses, homes=None, roads=(), **declared):
    """Building ids of each address, and the doubts, as (why, read as)."""
    homes = (
        [home(f"{road}{door}", road=road, door_number=door) for road, door in HOMES]
        if homes is None
        else homes
    )
    entries = [
        {"entry_id": f"e{n}", "area_id": "A", "address": address, **declared}
        for n, address in enumerate(addresses)
    ]
    barriers = [
        {"barrier_id": name, "class": "local", "name": name, "geometry": shapely.LineString([(0, 0), (1, 1)])}
        for name in roads
    ]
    tables = {"buildings": homes, "entries": entries, "register": [{"area_id": "A"}], "barriers": barriers}
    found = find_doors(**{name: table(name, rows) for name, rows in tables.items()}, rules=MatchRules())
    ids = [
        sorted(found.found["building_id"][found.found["entry_id"].eq(entry["entry_id"])]) for entry in entries
    ]
    doubts = found.doubts[["doubt", "read_as"]].astype(object)
    return ids, list(doubts.where(doubts.notna(), None).itertuples(index=False, name=None))


def test_a_run_finds_its_side_of_the_road_and_nothing_is_in_doubt(table):
    assert doors(table, "大连市西岗区胜利路十二～１４号（双号）") == ([["胜利路12", "胜利路14"]], [])


def test_a_number_within_a_number_finds_only_that_where_buildings_know_theirs(table):
    homes = [home(f"b{n}", address=f"胜利路12-{n}号") for n in (1, 2)] + [
        home("bare", road="胜利路", door_number=12)
    ]
    assert doors(table, "胜利路12-1号", "胜利路12号", homes=homes)[0] == [
        ["b1", "bare"],
        ["b1", "b2", "bare"],
    ]


@pytest.mark.parametrize(
    "address", ["民运小区3号楼", "民运小区3#", "民运小区三号楼", "民运小区３栋", "西岗民运小区3幢2单元"]
)
def test_a_building_of_a_named_estate_is_found_by_its_name_or_its_address(table, address):
    homes = [
        home("named", name="民运小区3号楼"),
        home("other", name="民运小区4号楼"),
        home("addressed", address="民运小区3栋"),
    ]
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
    assert doors(table, "胜力路10-15号", n_buildings=6) == (
        [[f"胜利路{n}" for n in range(10, 16)]],
        [("loose", "胜利路")],
    )
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


def found(table, entry, *homes, areas=(), rules=None):
    """Building ids that one entry finds."""
    tables = {
        "entries": [{"entry_id": "e", "area_id": "A", **entry}],
        "register": list(areas) or [{"area_id": "A"}],
        "buildings": homes,
    }
    given = {name: table(name, rows) for name, rows in (tables | {"barriers": []}).items()}
    return sorted(find_doors(**given, rules=rules or MatchRules()).found["building_id"])


def test_an_address_is_that_of_its_own_subdistrict_where_both_are_known(table):
    homes = [
        home(code or "none", road="胜利路", door_number=1, subdistrict_code=code)
        for code in ("210203001", "210203004", None)
    ]
    areas = [
        {"area_id": "A", "subdistrict_code": "210203004"},
        {"area_id": "B", "subdistrict_code": "210203001"},
    ]
    assert found(table, {"address": "胜利路1号"}, *homes, areas=areas) == ["210203004", "none"]
    assert found(table, {"address": "胜利路1号"}, *homes) == ["210203001", "210203004", "none"], (
        "nobody knows which"
    )


def test_a_building_with_a_run_of_doors_is_found_by_each_that_is_surely_in_it(table):
    runs = {
        "12-16号": [12, 14, 16],
        "12-15号": [12, 13, 14, 15],
        "12-17号(单号)": [13, 15, 17],
        "1-999号": [1, 999],
    }
    homes = [home(run, address=f"胜利路{run}") for run in runs]
    asked = [*range(1, 20), 401, 999, 1000]
    ids, _ = doors(table, *(f"胜利路{door}号" for door in asked), homes=homes)
    assert {
        run: [door for door, those in zip(asked, ids, strict=True) if run in those] for run in runs
    } == runs


@pytest.mark.parametrize("address", ["胜利路12-1号", "胜利路12号甲", "胜利路12号3栋"])
def test_number_12_is_read_for_a_door_within_it_that_no_building_has_and_that_is_said(table, address):
    homes = [home("b", address="胜利路12号"), home("c", address="胜利路14号")]
    assert doors(table, address, homes=homes) == ([["b"]], [("loose", "胜利路12号")])
    assert doors(table, address, "胜利路12号", homes=homes)[0] == [[], ["b"]], "it is the other's"
    assert doors(table, address, homes=homes, n_buildings=3)[0] == [[]], "it declares more"
    assert doors(table, address, homes=[home("b", road="胜利路", door_number=12)]) == ([["b"]], []), (
        "a bare number may be any door of it"
    )
    assert doors(table, address, homes=[*homes, home("d", address=address)]) == ([["d"]], [])


def test_a_run_of_letters_or_buildings_finds_each_once(table):
    homes = [home(f"b{n}", address=f"胜利路88号{n}") for n in ("A座", "B座", "C座", "1栋", "2栋", "3栋")]
    assert found(table, {"address": "胜利路88号A-B座、88号2、3栋、88号A座"}, *homes) == [
        "b2栋",
        "b3栋",
        "bA座",
        "bB座",
    ]


def test_what_stands_in_columns_is_never_read_loosely_and_goes_before_the_address(table):
    homes = [home(f"b{n}", road="Main Street", door_number=n) for n in (1, 2, 3)]
    for road, ids in (("main street", ["b1", "b2", "b3"]), ("Maine Street", []), ("Main St.", [])):
        assert (
            found(
                table,
                {"road": road, "door_number": "1-3", "n_buildings": 3, "address": "Main Street 9"},
                *homes,
            )
            == ids
        )
    assert found(
        table, {"road": "Main Street", "address": "胜利路1号"}, *homes, home("c", address="胜利路1号")
    ) == ["c"], "no number"


def test_a_road_in_columns_that_there_is_not_and_a_door_are_said(table):
    def doubts(road, number):
        entries = [{"entry_id": "e", "area_id": "A", "road": road, "door_number": number}]
        tables = {
            "entries": entries,
            "register": [{"area_id": "A"}],
            "buildings": [home("b", road="Main Street", door_number=1)],
            "barriers": [],
        }
        said = find_doors(
            **{name: table(name, rows) for name, rows in tables.items()}, rules=MatchRules()
        ).doubts
        return said[["piece", "doubt"]].to_numpy().tolist()

    assert doubts("Maine Street", "1") == [["Maine Street 1", "unknown_road"]]
    assert doubts("Main Street", "2, x") == [
        ["Main Street 2", "no_such_door"],
        ["Main Street x", "no_number"],
    ]
    assert doubts("Main Street", "1") == []


@pytest.mark.parametrize(("declared", "read"), [(1, True), (2, True), (4, True), (5, False), (None, True)])
def test_a_road_by_another_word_is_believed_up_to_half_or_twice_what_is_declared(table, declared, read):
    homes = [home(f"b{n}", road="胜利路", door_number=n) for n in (1, 2)]
    assert found(table, {"address": "胜利街1-2号", "n_buildings": declared}, *homes) == (
        ["b1", "b2"] if read else []
    )


@pytest.mark.parametrize(("doors", "read"), [(2, False), (3, True)])
def test_a_letter_off_takes_three_doors_to_believe(table, doors, read):
    homes = [home(f"b{n}", road="胜利路", door_number=n + 1) for n in range(doors)]
    assert bool(found(table, {"address": f"胜力路1-{doors}号", "n_buildings": doors}, *homes)) == read
    unlike = MatchRules(road_likeness_min=0.7)
    assert not found(table, {"address": f"胜力路1-{doors}号", "n_buildings": doors}, *homes, rules=unlike)


def test_nothing_to_read_gives_nothing(table):
    assert (
        found(table, {}, home("b", address="胜利路1号")) == []
        and found(table, {"address": "胜利路1号"}) == []
    )
