from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tables import (
    BUILDINGS,
    DECISIONS,
    INPUTS,
    MATCHED,
    TABLES,
    Column,
    Table,
    TableError,
    check_reference,
    conform,
    empty,
    validate,
)

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
        ([{"floors": 0}], "column floors: 1 row (1) with 0, not 1 to 200"),
        ([{}, {"building_id": "c", "floors": 201}], "column floors: 1 row (2) with 201, not 1 to 200"),
        ([{"households": -1}], "column households: 1 row (1) with -1, not at least 0"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_row(rows, named):
    assert named in refusal(*rows)


def test_missing_or_foreign_columns_are_refused():
    with pytest.raises(TableError, match="columns are"):
        validate(empty(DECISIONS).drop(columns="note"), DECISIONS)


# ---- ranges

SHAPES = {
    "Point": shapely.Point(1, 1),
    "LineString": shapely.LineString([(0, 0), (1, 1)]),
    "Polygon": shapely.box(0, 0, 1, 1),
}


def values(column: Column, table: Table) -> st.SearchStrategy[Any]:
    """Anything that the column may hold."""
    low, high = column.at_least, column.at_most
    some: st.SearchStrategy[Any]
    if column.kind == "geometry":
        some = st.just(SHAPES[next(name for name in table.geometry_types if name in SHAPES)])
    elif column.values:
        some = st.sampled_from(list(column.values))
    elif column.kind == "integer":
        some = st.integers(-1000 if low is None else int(low), 10**9 if high is None else int(high))
    elif column.kind == "number":
        some = st.floats(low, high, allow_nan=False)
    elif column.kind == "flag":
        some = st.booleans()
    else:
        some = st.text("甲a1-", min_size=1, max_size=3)
    needed = column.required or column.name in table.key or column.kind == "geometry"
    return some if needed else st.none() | some


def rows(table: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A few rows of which no two have the same key."""
    row = st.fixed_dictionaries({column.name: values(column, table) for column in table.columns})
    return st.lists(row, min_size=1, max_size=4, unique_by=lambda row: tuple(row[name] for name in table.key))


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_the_schema_allows_is_a_table_and_one_number_out_of_its_range_is_refused_by_name(name, data):
    table = TABLES[name]
    frame = conform(pd.DataFrame(data.draw(rows(table)), dtype=object), table, "EPSG:4550")
    ranged = [column for column in table.columns if column.range]
    if not ranged:
        return
    column = data.draw(st.sampled_from(ranged))
    row = data.draw(st.integers(0, len(frame) - 1))
    beyond = [column.at_least - 1] if column.at_least is not None else []
    beyond += [column.at_most + 1] if column.at_most is not None else []
    value = data.draw(st.sampled_from(beyond))
    frame.loc[row, column.name] = value
    with pytest.raises(TableError) as caught:
        validate(frame, table)
    assert f"table {name}, column {column.name}: 1 row ({row + 1}) with {value:g}" in str(caught.value)
    assert str(caught.value).endswith(f"not {column.range}")


def test_a_share_that_was_added_up_may_be_over_one_by_what_rounding_leaves():
    bounds = TABLES["bounds"]
    row = {"area_id": "a", "followed_share": 1.0 + 2**-52}
    validate(conform(pd.DataFrame([row]), bounds), bounds)
    with pytest.raises(TableError, match="followed_share"):
        conform(pd.DataFrame([row | {"followed_share": 1.000001}]), bounds)


def test_an_infinite_number_is_out_of_a_range_that_ends():
    with pytest.raises(TableError, match="oddity"):
        conform(pd.DataFrame([{"area_id": "a", "oddity": math.inf}]), TABLES["bounds"])


@pytest.mark.parametrize("name", INPUTS)
def test_every_number_of_an_input_has_a_lowest_value_so_that_no_raw_file_sets_one(name):
    numbers = [c for c in TABLES[name].columns if c.kind in ("integer", "number")]
    assert all(column.at_least is not None for column in numbers)


# ---- references


def test_a_key_that_the_other_table_does_not_have_is_refused_with_its_row():
    column = MATCHED.column("compound_id")
    given_ids = pd.Series(["c1", None, "c9"], dtype="str")
    with pytest.raises(TableError) as caught:
        check_reference(given_ids, column, MATCHED, pd.Series(["c1", "c2"], dtype="str"))
    assert str(caught.value) == (
        "table matched, column compound_id: 1 row (3) with 'c9', which table compounds does not have"
    )
    check_reference(given_ids, column, MATCHED, pd.Series(["c1", "c9"], dtype="str"))


@pytest.mark.parametrize("name", TABLES)
def test_a_reference_is_to_a_table_whose_key_is_one_column_of_the_same_kind(name):
    for column in TABLES[name].columns:
        if column.references:
            other = TABLES[column.references]
            assert len(other.key) == 1 and other.column(other.key[0]).kind == column.kind


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_refers_to_nothing_that_could_be_missing(name):
    assert not [column.name for column in TABLES[name].columns if column.references]
