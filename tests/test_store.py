from __future__ import annotations

import pytest
import shapely

from pipeline import store
from pipeline.paths import table_path
from pipeline.tables import TableError


def test_a_table_comes_back_as_it_was_and_the_same_bytes_each_time(tmp_path, table):
    frame = table("buildings", [{"building_id": "b", "name": "甲", "geometry": shapely.box(0, 0, 9, 9)}])
    store.write_table(frame, tmp_path, "buildings")
    first = table_path(tmp_path, "buildings").read_bytes()
    back = store.read_table(tmp_path, "buildings")
    assert back.equals(frame) and back.crs == frame.crs
    store.write_table(back, tmp_path, "buildings")
    assert table_path(tmp_path, "buildings").read_bytes() == first


def test_a_table_never_written_is_refused_and_not_taken_for_empty(tmp_path):
    with pytest.raises(TableError, match="run `make`"):
        store.read_table(tmp_path, "decisions")


def test_a_table_that_does_not_fit_is_not_written(tmp_path, table):
    with pytest.raises(TableError):
        store.write_table(table("decisions").drop(columns="note"), tmp_path, "decisions")
    assert not table_path(tmp_path, "decisions").exists()


def test_a_table_of_another_version_says_what_to_do(tmp_path, table):
    path = table_path(tmp_path, "buildings")
    path.parent.mkdir(parents=True)
    frame = table("buildings", [{"building_id": "b", "geometry": shapely.box(0, 0, 9, 9)}]).assign(
        use="palace"
    )
    frame.to_parquet(path)
    with pytest.raises(TableError, match="make clean"):
        store.read_table(tmp_path, "buildings")


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), store.whole(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_temporary_file_keeps_the_suffix_that_drivers_go_by(tmp_path):
    with store.whole(tmp_path / "x.geojson") as part:
        assert part.suffix == ".geojson"
        part.write_text("{}")


def test_intakes_come_back_with_their_rejects(tmp_path, table):
    log = [
        {
            "file": "b.geojson",
            "rows_read": 2,
            "rows_taken": 1,
            "rows_rejected": 1,
            "rows_merged": 0,
            "rows_not_meant": 0,
        }
    ]
    reject = {
        "input": "buildings",
        "source_file": "b.geojson",
        "source_row": 2,
        "reason": "null_geometry",
        "raw": '{"a": "甲"}',
    }
    repair = {
        "input": "buildings",
        "source_file": "b.geojson",
        "source_row": 1,
        "repair": "closed_ring",
        "area_after_m2": 9.0,
    }
    store.write_intake(log, table("rejects", [reject]), table("repairs", [repair]), tmp_path, "buildings")
    files, rejects = store.read_intakes(tmp_path, ["buildings"])
    assert list(files["input"]) == ["buildings"] and files["rows_read"].sum() == 2
    assert rejects.equals(table("rejects", [reject]))
    assert store.read_repairs(tmp_path, ["buildings"]).equals(table("repairs", [repair]))


# ---- references between tables


@pytest.fixture
def kept(tmp_path, table):
    """A folder with a building, an entry and a compound."""
    building = {"building_id": "b", "geometry": shapely.box(0, 0, 9, 9)}
    compound = {"compound_id": "c", "geometry": shapely.box(0, 0, 9, 9)}
    for name, row in (
        ("buildings", building),
        ("entries", {"entry_id": "e", "area_id": "a"}),
        ("compounds", compound),
    ):
        store.write_table(table(name, [row]), tmp_path, name)
    return tmp_path


def member(table, **row):
    return table("membership", [{"building_id": "b", **row}])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"building_id": "b9"},
            "column building_id: 1 row (1) with 'b9', which table buildings does not have",
        ),
        ({"entry_id": "e9"}, "column entry_id: 1 row (1) with 'e9', which table entries does not have"),
        ({"compound_id": "c9"}, "column compound_id: 1 row (1) with 'c9', which table compounds"),
    ],
)
def test_a_table_that_names_a_row_which_is_not_there_is_not_written(kept, table, row, said):
    with pytest.raises(TableError) as caught:
        store.write_table(member(table, **row), kept, "membership")
    assert f"table membership, {said}" in str(caught.value)
    assert not table_path(kept, "membership").exists()


def test_what_refers_to_a_table_that_is_made_later_is_looked_at_then(kept, table):
    store.write_table(member(table, area_id="a"), kept, "membership")
    with pytest.raises(
        TableError, match=r"table membership, column area_id: 1 row .1. with 'a', which table areas"
    ):
        store.write_table(table("areas", [{"area_id": "other"}]), kept, "areas")
    store.write_table(table("areas", [{"area_id": "a"}]), kept, "areas")


def test_an_input_that_the_district_lacks_is_not_asked_whatever_an_earlier_run_left(kept, table):
    stand_in = member(table, entry_id="a")
    with pytest.raises(TableError):
        store.write_table(stand_in, kept, "membership")
    store.write_table(stand_in, kept, "membership", without=["entries"])


def test_a_table_without_rows_is_not_asked(kept, table):
    store.write_table(table("entries"), kept, "entries")
    store.write_table(member(table, entry_id="a"), kept, "membership")
