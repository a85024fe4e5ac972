"""Columns of a raw file as the columns of a table."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.config import InputFile
from pipeline.parsing import columns
from pipeline.tables import INPUTS


def typed(table: str, **values: list[str]) -> columns.Typed:
    """One file with these columns as the table types them."""
    rows = pd.DataFrame(values, dtype="str")
    rows.index = pd.RangeIndex(1, len(rows) + 1, name="source_row")
    return columns.typed(
        rows, InputFile("a.csv"), INPUTS[table], made=("area_id", "contract_id"), defaults={}
    )


@pytest.mark.parametrize(
    ("written", "meant"), [("53%", 0.53), ("0.53", 0.53), ("百分之一百", 1.0), ("101%", None), ("1", 1.0)]
)
def test_a_share_is_between_nothing_and_one(written: str, meant: float | None) -> None:
    share = typed("register", privatised_share=[written]).frame["privatised_share"].iloc[0]
    assert (None if pd.isna(share) else share) == meant


def test_a_share_that_can_not_be_is_left_out_and_its_row_is_named() -> None:
    found = typed("register", privatised_share=["0.5", "53", "x"])
    assert found.frame["privatised_share"].isna().tolist() == [False, True, True]
    assert found.notes == (
        "privatised_share: values of 2 rows (2, 3) left out, such as '53': not a number that can be",
    )


def test_quarters_come_out_in_one_way_of_writing() -> None:
    found = typed("assessments", area_id=["a", "b"], quarter=["2020年第3季度", "秋天"])
    assert found.frame["quarter"].iloc[0] == "2020Q3"
    assert found.reason.tolist() == ["", "bad_value"]
    assert "秋天" in found.detail.iloc[1]


def test_a_month_is_its_first_day_and_the_last_where_something_ends() -> None:
    found = typed(
        "contracts", contract_id=["1"], area_id=["a"], starts_on=["2019年6月"], ends_on=["2020年6月"]
    ).frame
    assert found[["starts_on", "ends_on"]].iloc[0].tolist() == ["2019-06-01", "2020-06-30"]


def test_storeys_from_three_to_five_are_no_number() -> None:
    found = typed("register", n_buildings=["3-5", "五十一栋"])
    assert found.frame["n_buildings"].fillna(0).tolist() == [0, 51]


def test_more_storeys_than_any_building_has_stand_for_not_known() -> None:
    found = typed(
        "buildings",
        building_id=list("abcd"),
        use=["residential"] * 4,
        footprint_area_m2=["9"] * 4,
        floors=["163", "999", "99999", "1e3"],
    )
    assert found.frame["floors"].fillna(0).tolist() == [163, 0, 0, 0]
    assert found.notes == (
        "floors: values of 3 rows (2, 3, 4) left out, such as '999': not a whole number that can be",
    )
