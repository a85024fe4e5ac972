"""Roads and door numbers in addresses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.addresses import door_number, normalise_road, parse_address, parse_runs


def runs(address: str) -> list[tuple[str, int, int, str]]:
    found = parse_runs(pd.Series([address]))
    return list(found[["road", "first", "last", "parity"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("胜利路12-38号(双号)、石道街5号", [("胜利路", 12, 38, "even"), ("石道街", 5, 5, "all")]),
        ("胜利路１２－３８号（双号），石道街５号", [("胜利路", 12, 38, "even"), ("石道街", 5, 5, "all")]),
        ("胜利路1~99号(单号)", [("胜利路", 1, 99, "odd")]),
        ("胜利路单号1至99号", [("胜利路", 1, 99, "odd")]),
        ("胜利路12号—38号", [("胜利路", 12, 38, "all")]),
        ("黄河路12、14、16号", [("黄河路", 12, 12, "all"), ("黄河路", 14, 14, "all"), ("黄河路", 16, 16, "all")]),
        ("工一巷7-1号", [("工一巷", 7, 7, "all")]),
        ("黄河路12号3栋2单元", [("黄河路", 12, 12, "all")]),
        ("大连市西岗区黄河路12号", [("黄河路", 12, 12, "all")]),
        ("辽宁省大连市西岗区香炉礁街道胜利路7号", [("胜利路", 7, 7, "all")]),
        ("(西岗石道街)石道街5号", [("石道街", 5, 5, "all")]),
        ("市场街8号", [("市场街", 8, 8, "all")]),
        ("西岗-石道街-胜利路8号", [("胜利路", 8, 8, "all")]),
        ("通归桥弄50号, 通归桥弄6号", [("通归桥弄", 50, 50, "all"), ("通归桥弄", 6, 6, "all")]),
        ("小河浜10号", [("小河浜", 10, 10, "all")]),
        ("胜利小区3号楼", [("胜利小区", 3, 3, "all")]),
        ("民权街 12 号", [("民权街", 12, 12, "all")]),
        ("胜利路与新市路旁", []),
        ("三环街", []),
        ("", []),
    ],
)
def test_runs_of_door_numbers(address: str, expected: list[tuple[str, int, int, str]]) -> None:
    assert runs(address) == expected


def test_the_row_is_the_label_of_the_address() -> None:
    found = parse_runs(pd.Series(["胜利路1号、3号", None, "石道街5号"], index=[7, 8, 9]))
    assert found["row"].tolist() == [7, 7, 9]


def test_an_address_gives_its_first_road_and_number() -> None:
    found = parse_address(pd.Series(["胜利路12-38号", "三环街", None, "无", "胜利路12-38号"], index=list("abcde")))
    assert found["road"].fillna("").tolist() == ["胜利路", "三环街", "", "", "胜利路"]
    assert found["door_number"].tolist() == [12, pd.NA, pd.NA, pd.NA, 12]
    assert found.index.tolist() == list("abcde")


def test_roads_given_apart_compare_equal_after_folding() -> None:
    assert normalise_road(pd.Series([" Чкаловская  улица", "胜利路　", ""])).fillna("").tolist() == ["Чкаловская улица", "胜利路", ""]


def test_door_numbers_given_apart_begin_with_a_number() -> None:
    assert door_number(pd.Series(["5", "5号", "12B", "5/7", "", "x", "１２"])).tolist() == [5, 5, 12, 5, pd.NA, pd.NA, 12]


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.text(), st.text(alphabet="胜利路号栋12-至、(双单)市区"))))
def test_any_text_is_parsed_without_complaint(addresses: list[str | None]) -> None:
    series = pd.Series(addresses, dtype="str")
    found = parse_runs(series)
    assert (found["first"] <= found["last"]).all()
    assert found["row"].isin(series.index).all()
    assert len(parse_address(series)) == len(series)


def test_most_of_a_real_listing_is_understood(shared_data: Path) -> None:
    addresses = pd.read_csv(shared_data / "suzhou/estates_2020.csv", dtype=str)["address"]
    assert parse_address(addresses)["door_number"].notna().mean() > 0.85
