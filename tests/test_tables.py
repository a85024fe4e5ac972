from __future__ import annotations

import pandas as pd
import pytest
import shapely

from pipeline.tables import BUILDINGS, DECISIONS, TABLES, TableError, conform, empty, validate

ROW = {
    "building_id": "b",
    "use": "residential",
    "footprint_area_m2": 100.0,
    "source_file": "f",
    "source_row": 1,
    "geometry": shapely.box(0, 0, 10, 10),
}


def conformed(*rows):
    return conform(pd.DataFrame([ROW | row for row in rows]), BUILDINGS, "EPSG:4550")


def refusal(*rows):
    with pytest.raises(TableError) as caught:
        conformed(*rows)
    assert "table buildings" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_is_a_valid_table(name):
    frame = empty(TABLES[name], "EPSG:4550")
    validate(frame, TABLES[name])
    assert len(frame) == 0


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means_and_keys_are_columns(name):
    table = TABLES[name]
    assert set(table.key) <= set(table.column_names)
    assert all(column.meaning for column in table.columns)
    units = {"_m2": "m²", "_m": "m"}
    for column in table.columns:
        for suffix, unit in units.items():
            if column.name.endswith(suffix):
                assert column.unit == unit


def test_a_table_is_sorted_by_its_key_and_has_every_column_in_order():
    frame = conformed({"building_id": "b2", "extra": 1}, {"building_id": "b1"})
    assert list(frame["building_id"]) == ["b1", "b2"]
    assert list(frame.columns) == BUILDINGS.column_names
    assert str(frame["floors"].dtype) == "Int64" and frame.crs.to_epsg() == 4550


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([{"use": "palace"}], "column use: 1 row (1) with 'palace', not one of residential"),
        ([{"use": None}], "column use: 1 row (1) without a value"),
        ([{}, {}], "1 row (2) with a key (building_id) that was there already"),
        ([{"geometry": None}], "1 row (1) without geometry"),
        ([{"geometry": shapely.Point(0, 0)}], "1 row (1) with a Point"),
        ([{"floors": "six"}], "column floors"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_row(rows, named):
    assert named in refusal(*rows)


def test_missing_or_foreign_columns_are_refused():
    with pytest.raises(TableError, match="columns are"):
        validate(empty(DECISIONS).drop(columns="note"), DECISIONS)
