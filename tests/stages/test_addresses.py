from __future__ import annotations

from pipeline.config import MatchRules
from pipeline.stages.addresses import read_addresses, summary
from tests.conftest import square


def test_an_entry_has_a_row_for_each_building_it_names_and_for_each_piece_in_doubt(table):
    doors = [
        {"building_id": f"b{n}", "geometry": square(30 * n, 0), "road": "胜利路", "door_number": n}
        for n in (3, 1)
    ]
    entry = {"entry_id": "e", "area_id": "A", "address": "胜利路1号、3号、7号"}
    tables = (table("buildings", doors), table("entries", [entry]), table("register", [{"area_id": "A"}]))
    out = read_addresses(*tables, table("barriers"), rules=MatchRules())
    assert out["building_id"].fillna("").tolist() == ["b1", "b3", ""]
    assert out["doubt"].fillna("").tolist() == ["", "", "no_such_door"]
    assert "7" in out["piece"].iloc[2]
    assert summary(out) == "1 entries lead to a building by address, 1 have a piece in doubt"


def test_entries_without_an_address_have_no_row(table):
    entries = table("entries", [{"entry_id": "e", "area_id": "A", "building_ids": "b"}])
    tables = (
        table("buildings", [{"building_id": "b", "geometry": square(0, 0)}]),
        entries,
        table("register", [{"area_id": "A"}]),
    )
    assert read_addresses(*tables, table("barriers"), rules=MatchRules()).empty
